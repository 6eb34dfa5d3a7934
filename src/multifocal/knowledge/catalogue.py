"""All entries of the knowledge seen alike: kind, id, label, file, numbers, sources, who uses them.

Nothing here names a kind of entry: what `load` reads appears by itself. An entry's kind is the name
of its table in a TOML file, or of its CSV file in the singular.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import msgspec

from multifocal.knowledge.article import address
from multifocal.knowledge.entries import PageEntry
from multifocal.knowledge.load import CSV, TOML, Knowledge
from multifocal.knowledge.references import PATTERN, references
from multifocal.model.issue import MultifocalError
from multifocal.model.source import Citation, Source
from multifocal.rules.nodes import Node, Text, Within, children, names
from multifocal.rules.parse import RuleError, parse

IDS = ("id", "code", "analyte", "word", "name", "text", "unit")
"""What an entry goes by: the first of these keys that it has."""

LABELS = ("label", "title", "name", "where", "text", "question", "gives")
"""What an entry is called: the first of these keys that it has."""

OWN_WORDS = frozenset(
    "label names absent_names plain kind group category name modality part word".split()
)
"""Keys whose text may look like the id of another entry and isn't meant as one."""

LOOKED_UP = frozenset("names absent_names value word name code system unit to source".split())
"""Keys whose text is no sentence: it is met in records, or stands for something."""

LIST_NUMBER = re.compile(r"^\d+\. ", re.MULTILINE)

NUMBER = re.compile(r"(?<![\w.{:/-])\d+(?:[.,]\d+)*(?![\w}:/-])")
"""A number in a sentence; not a part of a name such as T1, M86.341 or CRMO-2."""


class Number(msgspec.Struct, frozen=True):
    """One number of an entry, and the citation nearest to it."""

    path: str
    """The keys that lead to it."""
    value: float
    source: Citation | None
    """That of the key itself (`enough_source`), else of the innermost part that has one."""
    in_words: bool = False
    """It stands in a sentence: it is shown, and nothing is worked out with it."""


class Listed(msgspec.Struct, frozen=True, eq=False):
    """One entry as the catalogue has it."""

    kind: str
    id: str
    label: str
    file: str
    entry: msgspec.Struct


def catalogue(knowledge: Knowledge) -> tuple[Listed, ...]:
    """Give every entry, in the order of the files; parts with a code of their own stand alone."""
    return tuple(
        listed
        for field in knowledge.__struct_fields__
        for kind, file, entry in _entries(field, getattr(knowledge, field))
        for listed in _listed(kind, file, entry)
    )


def kinds(listed: Iterable[Listed]) -> Mapping[str, tuple[Listed, ...]]:
    """Part entries by their kind."""
    found: dict[str, list[Listed]] = {}
    for one in listed:
        found.setdefault(one.kind, []).append(one)
    return {kind: tuple(entries) for kind, entries in found.items()}


def find(wanted: str, listed: Iterable[Listed]) -> tuple[Listed, ...]:
    """Give all entries that go by this id; else those with a part or a code of that name.

    Raises `MultifocalError` with what may have been meant.
    """
    listed = tuple(listed)
    if exact := tuple(one for one in listed if one.id == wanted):
        return exact
    if parts := tuple(one for one in listed if wanted in _parts(one.entry)):
        return parts
    known = {one.id for one in listed}
    lower = {name.lower(): name for name in known}
    close = get_close_matches(wanted.lower(), lower, n=3)
    hint = ", ".join(repr(lower[name]) for name in close)
    meant = f" Did you mean {hint}?" if hint else " `multifocal knowledge list` tells what there is."
    raise MultifocalError(f"nothing here goes by the id {wanted!r}.{meant}")


def numbers(listed: Listed) -> tuple[Number, ...]:
    """Give every number of an entry: values, constants of rules, and figures in sentences.

    A source has none: it is what numbers are cited from.
    """
    if isinstance(listed.entry, Source):
        return ()
    return tuple(_numbers(listed.entry, "", None))


def cited(entry: Any) -> tuple[Citation, ...]:
    """Give every citation of an entry once, in its order."""
    return tuple(dict.fromkeys(_cited(entry)))


def users(listed: Iterable[Listed]) -> Mapping[str, tuple[Listed, ...]]:
    """Give for each id the entries that speak of it."""
    listed = tuple(listed)
    known = {one.id for one in listed}
    found: dict[str, dict[Listed, None]] = defaultdict(dict)
    for one in listed:
        for name in _mentions(one.entry) & known - {one.id}:
            found[name][one] = None
    return {name: tuple(entries) for name, entries in found.items()}


def rule_of(key: str, text: str) -> Node | None:
    """Give the rule that stands under a key; None for any other text."""
    if key not in {"when", "where", "rule", "of", "enough"}:
        return None
    try:
        return parse(text)
    except RuleError:
        return None


def is_ours(source: Source) -> bool:
    """Whether a source is this project's own text, so that there is nothing to look up."""
    return source.id.startswith("multifocal-")


def can_be_found(source: Source) -> bool:
    """Whether a reader gets to the source itself: it has an address, or it is ours."""
    return bool(address(source)) or is_ours(source)


def key_of(part: Any) -> str:
    """Give what a part goes by; empty when it has no name."""
    return _first(part, IDS)


def _first(part: Any, keys: Iterable[str]) -> str:
    """Give the first of these keys that holds a text."""
    values = (getattr(part, key, "") for key in keys)
    return next((value for value in values if isinstance(value, str) and value), "")


def _entries(field: str, value: Any) -> Iterator[tuple[str, str, Any]]:
    """Give kind, file and entry of all that stands in one field of the knowledge."""
    if field in TOML:
        file, kind, _ = TOML[field]
        yield from ((kind, file, entry) for entry in value)
    elif field in CSV:
        yield from ((field.removesuffix("s"), CSV[field][0], entry) for entry in value)
    elif isinstance(value, msgspec.Struct):
        yield field, f"{field}.toml", value
    elif isinstance(value, tuple):
        places: dict[str, int] = defaultdict(int)
        for entry in value:
            if isinstance(entry, PageEntry):
                places[entry.audience] += 1
                name = f"{places[entry.audience]:02}-{entry.id}.md"
                yield field, f"{field}/{entry.audience}/{name}", entry
            elif isinstance(entry, msgspec.Struct):
                yield field, f"{field}/{key_of(entry)}.toml", entry


def _listed(kind: str, file: str, entry: Any) -> Iterator[Listed]:
    id_ = key_of(entry) or kind
    yield Listed(kind, id_, _first(entry, LABELS) or id_, file, entry)
    if key_of(entry):
        return
    for value in _fields(entry).values():
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, msgspec.Struct) and hasattr(part, "code"):
                yield from _listed("code", file, part)


def _fields(entry: msgspec.Struct) -> Mapping[str, Any]:
    return {field: getattr(entry, field) for field in entry.__struct_fields__}


def _parts(entry: Any) -> frozenset[str]:
    """Give the names of all parts of an entry, and every code that it holds."""
    if isinstance(entry, tuple):
        return frozenset().union(*map(_parts, entry))
    if not isinstance(entry, msgspec.Struct) or isinstance(entry, Citation):
        return frozenset()
    inside = frozenset().union(*map(_parts, _fields(entry).values()))
    codes = getattr(entry, "codes", {})
    if isinstance(codes, Mapping):
        inside |= {code for several in codes.values() for code in several if code}
    hidden = {value for key in ("uberon", "fma", "hpo") if (value := getattr(entry, key, ""))}
    return inside | hidden | {key_of(entry)}


def _numbers(entry: Any, path: str, nearest: Citation | None) -> Iterator[Number]:
    fields = _fields(entry)
    own = fields.get("source")
    nearest = own if isinstance(own, Citation) else nearest
    for key, value in fields.items():
        special = fields.get(f"{key}_source")
        source = special if isinstance(special, Citation) else nearest
        yield from _in_value(key, value, f"{path}.{key}".lstrip("."), source)


def _in_value(key: str, value: Any, path: str, source: Citation | None) -> Iterator[Number]:
    match value:
        case bool() | None | Citation():
            return
        case int() | float():
            yield Number(path, value, source)
        case str():
            yield from _in_text(key, value, path, source)
        case tuple():
            for place, part in enumerate(value):
                name = key_of(part) or getattr(part, "finding", "") or str(place + 1)
                yield from _in_value(key, part, f"{path}[{name}]", source)
        case Mapping():
            for name, part in value.items():
                yield from _in_value(key, part, f"{path}.{name}", source)
        case msgspec.Struct():
            yield from _numbers(value, path, source)


def _in_text(key: str, text: str, path: str, source: Citation | None) -> Iterator[Number]:
    """Give the numbers of a rule, or those that a sentence says."""
    if rule_of(key, text) is not None:
        for part in ast.walk(ast.parse(text.strip(), mode="eval")):
            if isinstance(part, ast.Constant) and isinstance(part.value, int | float):
                if not isinstance(part.value, bool):
                    yield Number(path, part.value, source)
    elif " " in text and key not in LOOKED_UP:
        for found in NUMBER.findall(LIST_NUMBER.sub("", PATTERN.sub("", text))):
            yield Number(path, float(re.sub(r",(?=\d{3})", "", found).replace(",", ".")), source, True)


def _cited(entry: Any) -> Iterator[Citation]:
    match entry:
        case Citation():
            yield entry
        case msgspec.Struct():
            for value in _fields(entry).values():
                yield from _cited(value)
        case tuple():
            for part in entry:
                yield from _cited(part)


def _mentions(entry: Any) -> set[str]:
    """Give every word of an entry that may be the id of another."""
    local = {part for part in _parts(entry) if part != key_of(entry)}
    return set(_words(entry, "", local))


def _words(value: Any, key: str, local: set[str]) -> Iterator[str]:
    match value:
        case Citation(id=name):
            yield name
        case str():
            yield from _in_rule_or_id(value, key, local)
        case tuple():
            for part in value:
                yield from _words(part, key, local)
        case Mapping():
            for part in value.values():
                yield from _words(part, key, local)
        case PageEntry(text=text):
            yield from (one.name.rpartition(":")[2] for one in references(text))
        case msgspec.Struct():
            for name, part in _fields(value).items():
                yield from _words(part, name, local)


def _in_rule_or_id(text: str, key: str, local: set[str]) -> Iterator[str]:
    """Give the names of a rule, or an id. In a set, only `of` speaks of what is outside it."""
    rule = rule_of(key, text)
    if rule is None:
        if key not in OWN_WORDS:
            yield text
        return
    said = names(rule) | _texts(rule)
    yield from said if key == "of" else said - local


def _texts(rule: Node) -> frozenset[str]:
    match rule:
        case Text(value=value):
            return frozenset({value})
        case Within(group=tuple() as group):
            return frozenset(group).union(*map(_texts, children(rule)))
        case _:
            return frozenset().union(*map(_texts, children(rule)))
