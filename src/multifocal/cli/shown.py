"""Entries of the knowledge as text for a terminal or a pipe, and as plain values for JSON."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from multifocal.knowledge.article import CERTAINTY, address
from multifocal.knowledge.catalogue import Listed, Number, cited, is_ours, key_of, numbers, told
from multifocal.knowledge.entries import Figure
from multifocal.knowledge.figures import said
from multifocal.knowledge.load import Knowledge
from multifocal.knowledge.wording import phrases
from multifocal.model.source import Citation, Source

WIDTH = 80
LONGEST = 100_000
"""Columns of a pipe, where a table is not wrapped: each row stays one line."""

USERS_SHOWN = 12
HEAD, QUIET = "bold", "dim"


def console(*, is_wrapped: bool = True) -> Console:
    """Give the terminal, or a pipe of 80 columns; a pipe may keep each row in one line."""
    is_terminal = sys.stdout.isatty()
    width = None if is_terminal else WIDTH if is_wrapped else LONGEST
    return Console(width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def grid(*columns: str, right: Iterable[str] = (), gap: int = 2) -> Table:
    """Give a table without lines; the columns named in ``right`` hold numbers."""
    table = Table(box=None, pad_edge=False, padding=(0, gap, 0, 0), header_style=HEAD)
    for column in columns:
        justify: Any = "right" if column in right else "left"
        table.add_column(column, justify=justify, overflow="fold")
    return table


def print_parts(parts: Iterable[RenderableType], to: Console) -> None:
    """Print without the blanks that a pipe would carry at each line's end."""
    with to.capture() as caught:
        for part in parts:
            to.print(part)
    for line in caught.get().splitlines():
        to.file.write(f"{line.rstrip()}\n")


def entries(
    found: tuple[Listed, ...], knowledge: Knowledge, users: Mapping[str, tuple[Listed, ...]]
) -> Iterator[RenderableType]:
    """Give entries of one name, each with its rules and numbers; then their sources and users."""
    by_kind: dict[str, list[Listed]] = {}
    for one in found:
        by_kind.setdefault(one.kind, []).append(one)
    for kind, several in by_kind.items():
        title = f"{kind.replace('_', ' ')} {several[0].id}"
        yield Text.assemble((title, HEAD), (f"  {several[0].file}", QUIET))
        if len(several) == 1:
            yield from _detailed(several[0], knowledge)
        else:
            yield from (_indented(Text(f"- {compact(one.entry)}")) for one in several)
        yield Text()
    yield from _sources(found, knowledge)
    yield from _used(dict.fromkeys(user for one in found for user in users.get(one.id, ())))


def plain(
    one: Listed, knowledge: Knowledge, users: Mapping[str, tuple[Listed, ...]]
) -> Mapping[str, Any]:
    """Give an entry with all that `entries` shows, as plain values."""
    return {
        **named(one),
        "entry": msgspec.to_builtins(one.entry),
        "rules": msgspec.to_builtins(phrases(one.entry, knowledge)),
        "numbers": msgspec.to_builtins(numbers(one)),
        "sources": [_source(citation, knowledge) for citation in cited(one.entry)],
        "used_by": [named(user) for user in users.get(one.id, ())],
    }


def named(one: Listed) -> Mapping[str, str]:
    """Give what an entry goes by."""
    return {"kind": one.kind, "id": one.id, "label": one.label, "file": one.file}


def compact(value: Any) -> str:
    """Say a value in one line: what is empty is left out."""
    match value:
        case Citation():
            at = f", {value.at}" if value.at else ""
            note = f"; {value.note}" if value.note else ""
            return f"[{value.id}{at}: {value.certainty}{note}]"
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return f"{value:g}"
        case tuple():
            parts = (
                f"({compact(part)})" if isinstance(part, msgspec.Struct) else compact(part)
                for part in value
            )
            return ", ".join(parts)
        case Figure():
            return said(value)
        case Mapping():
            return "; ".join(f"{key}: {compact(part)}" for key, part in value.items())
        case msgspec.Struct():
            return _compact(value)
        case _:
            return str(value)


def citation_words(citation: Citation | None) -> str:
    """Say where a number stands and how sure it is."""
    if citation is None:
        return "no source"
    at = f", {citation.at}" if citation.at else ""
    return f"{citation.id}{at}"


def _compact(part: msgspec.Struct) -> str:
    first = key_of(part)
    words = [first] if first else []
    for key, value in told(part).items():
        if isinstance(value, Citation):
            words.append(compact(value))
        elif value != first:
            words.append(f"{key} {compact(value)}")
    return ", ".join(words)


def _detailed(one: Listed, knowledge: Knowledge) -> Iterator[RenderableType]:
    fields = Table.grid(padding=(0, 2, 0, 0))
    fields.add_column(style=QUIET, min_width=10)
    fields.add_column(overflow="fold")
    for key, value in told(one.entry).items():
        if key == "id":
            continue
        if isinstance(value, tuple) and isinstance(value[0], msgspec.Struct):
            for place, part in enumerate(value):
                fields.add_row("" if place else key, f"- {compact(part)}")
        else:
            fields.add_row(key, Text(compact(value)))
    yield _indented(fields)
    if rules := phrases(one.entry, knowledge):
        yield _heading("Rules in words")
        for phrase in rules:
            yield _indented(Text(phrase.rule, style=QUIET))
            yield _indented(Text(phrase.words), by=4)
    if found := numbers(one):
        yield _heading("Numbers")
        yield _indented(_numbers(found))


def _numbers(found: Iterable[Number]) -> Table:
    table = grid("value", "certainty", "source", "where", right=("value",))
    for number in found:
        sure = "" if number.source is None else number.source.certainty.value
        where = f"{number.path}, in words" if number.in_words else number.path
        table.add_row(f"{number.value:.10g}", sure, citation_words(number.source), where)
    return table


def _sources(found: tuple[Listed, ...], knowledge: Knowledge) -> Iterator[RenderableType]:
    places: dict[str, list[str]] = {}
    for one in found:
        for citation in cited(one.entry):
            at = f"{citation.at}: " if citation.at else ""
            places.setdefault(citation.id, []).append(f"{at}{CERTAINTY[citation.certainty]}")
    shown = [one.entry for one in found if isinstance(one.entry, Source)]
    listed = [knowledge.sources_by_id[id_] for id_ in sorted(places)]
    if shown or listed:
        yield _heading("Sources")
    for source in (*shown, *listed):
        yield _indented(Text(source.id, style=HEAD))
        yield _indented(Text(source_words(source)), by=4)
        for place in dict.fromkeys(places.get(source.id, ())):
            yield _indented(Text(f"- {place}"), by=4)


def source_words(source: Source) -> str:
    """Say what a source is, where it can be found, and how much of it was read."""
    year = "" if source.year is None else f" ({source.year})"
    unknown = "Ours: nothing to look up." if is_ours(source) else "No address known."
    return f"{source.title.rstrip('.')}{year}. Read: {source.read}. {address(source) or unknown}"


def _source(citation: Citation, knowledge: Knowledge) -> Mapping[str, Any]:
    source = knowledge.sources_by_id[citation.id]
    return {
        **msgspec.to_builtins(citation),
        "title": source.title,
        "year": source.year,
        "doi": source.doi,
        "address": address(source),
        "ours": is_ours(source),
        "read": source.read,
    }


def _used(users: Iterable[Listed]) -> Iterator[RenderableType]:
    by_kind: dict[str, list[str]] = {}
    for user in users:
        by_kind.setdefault(user.kind.replace("_", " "), []).append(user.id)
    if not by_kind:
        return
    yield _heading("Used by")
    for kind, ids in by_kind.items():
        unique = list(dict.fromkeys(ids))
        more = len(unique) - USERS_SHOWN
        names = ", ".join(unique[:USERS_SHOWN]) + (f" and {more} more" if more > 0 else "")
        yield _indented(Text.assemble((f"{kind}: ", QUIET), names))


def _heading(text: str) -> Text:
    return Text(text, style=HEAD)


def _indented(part: RenderableType, *, by: int = 2) -> Padding:
    return Padding(part, (0, 0, 0, by))
