"""Entries as Markdown, whatever their kind: a heading and a list for each, or a row of a table."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from multifocal.knowledge.catalogue import OWN_WORDS, Listed, is_named, key_of, rule_of, told
from multifocal.knowledge.entries import Figure
from multifocal.knowledge.figures import said
from multifocal.knowledge.load import Knowledge
from multifocal.knowledge.pages.markdown import cite, code, safe, table
from multifocal.knowledge.pages.plan import UNWRITTEN
from multifocal.knowledge.wording import phrases
from multifocal.model.source import Citation

MEANT: Mapping[str, tuple[str, ...]] = {
    "concepts": ("concept",),
    "family_of": ("concept",),
    "combines": ("concept",),
    "means": ("concept",),
    "sets": ("set",),
    "analyte": ("analyte", "concept"),
    "topic": ("topic",),
    "derived_from": ("statement",),
}
"""By key: the kinds that its ids mean, where several kinds share an id."""

FIRST = ("finding", "measure", "concept")
"""Otherwise the first of these that there is."""


UNLINKED = OWN_WORDS | {"id", "when", "where", "rule"}
"""Keys whose text is never an id: in a rule even a lone name may be one of the set's own."""


class Links:
    """Where each entry stands: made once, asked for every id."""

    def __init__(
        self, places: Mapping[tuple[str, str], str], titles: Mapping[tuple[str, str], str]
    ) -> None:
        """Keep the address of each kind and id, and the heading that it has there."""
        self._places, self._titles = places, titles
        self._by_id: dict[str, list[str]] = {}
        for kind, id_ in places:
            self._by_id.setdefault(id_, []).append(kind)

    def to(self, id_: str, *kinds: str) -> str:
        """Give a link to an entry; the id alone when it stands on no page."""
        there = self._by_id.get(id_, [])
        chosen = next((kind for kind in (*kinds, *FIRST, *there) if kind in there), None)
        return code(id_) if chosen is None else f"[{id_}]({self._places[chosen, id_]})"

    def title(self, kind: str, id_: str) -> str:
        """Give the heading of an entry."""
        return self._titles[kind, id_]

    def has(self, id_: str) -> bool:
        """Whether an entry of this id stands on some page."""
        return id_ in self._by_id


def blocks(
    listed: Iterable[Listed],
    knowledge: Knowledge,
    links: Links,
    users: Mapping[str, tuple[Listed, ...]],
) -> Iterator[str]:
    """Give a heading and a list for each entry."""
    for one in listed:
        yield f"### {links.title(one.kind, one.id)}"
        lines = [] if one.label == one.id else [f"**{safe(one.label)}**", ""]
        lines += _lines(one.entry, links, {one.id, one.label})
        for phrase in phrases(one.entry, knowledge):
            lines.append(f"- {code(phrase.rule)} means: {safe(phrase.words)}")
        if used := _used(users.get(one.id, ()), links):
            lines.append(f"- used by: {used}")
        yield "\n".join(lines)


def rows(listed: Iterable[Listed], links: Links) -> str:
    """Give a table of entries that are flat: one column for each key that any of them has."""
    listed = tuple(listed)
    present = [told(one.entry) for one in listed]
    every = listed[0].entry.__struct_fields__
    columns = [key for key in every if any(key in entry for entry in present)]
    return table(
        (column.replace("_", " ") for column in columns),
        ([_value(column, entry.get(column), links) for column in columns] for entry in present),
    )


def _lines(entry: msgspec.Struct, links: Links, shown: set[str]) -> Iterator[str]:
    for key, value in told(entry).items():
        if key == "id" or (isinstance(value, str) and value in shown):
            continue
        if isinstance(value, str) and rule_of(key, value) is not None:
            continue
        if key == "select" or key in UNWRITTEN:
            continue
        word = key.replace("_", " ")
        if _are_parts(value):
            yield f"- {word}:"
            for part in value:
                yield from _part_lines(part, links)
        elif isinstance(value, Mapping):
            yield f"- {word}:"
            for name, part in value.items():
                yield f"  - {safe(str(name))}: {_value(key, part, links)}"
        else:
            yield f"- {word}: {_value(key, value, links)}"


def _value(key: str, value: Any, links: Links) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return f"{value:.10g}"
        case Citation():
            return cite(value)
        case Figure():
            return safe(said(value))
        case msgspec.Struct():
            return _part(value, links)
        case tuple():
            return ", ".join(_value(key, part, links) for part in value)
        case Mapping():
            return "; ".join(f"{safe(str(k))} {_value(key, v, links)}" for k, v in value.items())
        case _:
            return _text(key, str(value), links)


def _text(key: str, text: str, links: Links) -> str:
    if key not in UNLINKED and links.has(text):
        return links.to(text, *MEANT.get(key, ()))
    return code(text) if key in {"id", "unit", "to", "rule", "when", "of"} else safe(text)


def _part_lines(part: msgspec.Struct, links: Links) -> Iterator[str]:
    """Give a part of an entry in one line, and one more for each part of its own."""
    yield f"  - {_part(part, links)}"
    for key, value in told(part).items():
        if _are_parts(value):
            yield f"    - {key.replace('_', ' ')}:"
            yield from (f"      - {_part(each, links)}" for each in value)


def _part(part: msgspec.Struct, links: Links) -> str:
    name = key_of(part)
    words = [f"**{safe(name.rstrip('.'))}**"] if name else []
    sources = []
    for key, value in told(part).items():
        if isinstance(value, Citation):
            sources.append(cite(value))
        elif value != name and not _are_parts(value):
            words.append(f"{key.replace('_', ' ')} {_value(key, value, links)}")
    return ", ".join(words) + (f" — {'; '.join(sources)}" if sources else "")


def _are_parts(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], msgspec.Struct)


def _used(users: Iterable[Listed], links: Links) -> str:
    unique = dict.fromkeys(
        (user.kind, user.id) for user in users if is_named(user) and links.has(user.id)
    )
    return ", ".join(f"{links.to(id_, kind)}" for kind, id_ in unique)
