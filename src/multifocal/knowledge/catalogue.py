"""All entries of the knowledge seen alike: kind, id, label, file, numbers, sources, who uses them.

Nothing here names a kind of entry: what `load` reads appears by itself. An entry's kind is the name
of its type without its ending: `FindingEntry` is a ``finding``, `SiteCode` a ``site_code``; a
second file of one type is a kind of its own.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

import msgspec

from multifocal.knowledge.article import address
from multifocal.knowledge.entries import PageEntry
from multifocal.knowledge.load import CSV, DATA, DIFFERENTIAL, TOML, Knowledge
from multifocal.knowledge.references import PATTERN, references
from multifocal.model.issue import MultifocalError
from multifocal.model.source import Citation, Source
from multifocal.rules.nodes import Node, Text, Within, children, names
from multifocal.rules.parse import RuleError, parse

NAMED = ("id", "code", "analyte")
"""Keys by which entries speak of each other."""

IDS = ("id", "code", "name", "analyte", "word", "text", "unit", "condition", "setting", "present")
"""What an entry goes by: the first of these keys that it has."""

LABELS = ("name", "label", "title", "where", "text", "question", "gives")
"""What an entry is called: the first of these keys that it has."""

OWN_WORDS = frozenset(
    "label names absent_names plain kind group category item name modality part word type computes"
    " shown how urgency danger level about reach who effect role says system language".split()
)
"""Keys whose text may look like the id of another entry and isn't meant as one."""

TABLES: Mapping[str, tuple[str, type[Any]]] = {
    **{field: (file, type_) for field, (file, _, type_) in TOML.items()},
    **CSV,
}
"""By field of the knowledge: its file and the type of its entries."""

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
    is_row: bool = False
    """It is a row of a CSV file: flat, and one of many."""


def catalogue(knowledge: Knowledge) -> tuple[Listed, ...]:
    """Give every entry, in the order of the files; parts with a code of their own stand alone."""
    fields = knowledge.__struct_fields__
    found = [one for field in fields for one in _listed(field, getattr(knowledge, field))]
    return tuple(found)


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
    meant = (
        f" Did you mean {hint}?" if hint else " `multifocal knowledge list` tells what there is."
    )
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
    known = {one.id for one in listed if is_named(one)}
    found: dict[str, dict[Listed, None]] = defaultdict(dict)
    for one in listed:
        for name in _mentions(one.entry) & known - {one.id}:
            found[name][one] = None
    return {name: tuple(entries) for name, entries in found.items()}


def is_named(listed: Listed) -> bool:
    """Whether an entry has an id or a code, so that others can speak of it; words have none."""
    return any(getattr(listed.entry, key, None) == listed.id for key in NAMED)


def told(entry: msgspec.Struct) -> Mapping[str, Any]:
    """Give the keys of an entry that say something: not those left empty or at their default."""
    fields = _fields(entry).items()
    usual = _defaults(type(entry))
    return {
        key: value
        for key, value in fields
        if value not in ("", (), None, {}) and not (key in usual and usual[key] == value)
    }


@cache
def _defaults(kind: type[msgspec.Struct]) -> Mapping[str, Any]:
    return {
        field.name: field.default
        for field in msgspec.structs.fields(kind)
        if field.default is not msgspec.NODEFAULT
    }


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


def _listed(field: str, value: Any, folder: str = "") -> Iterator[Listed]:
    """Give all entries that stand in one field of the knowledge."""
    if not folder and field in TABLES:
        file, type_ = TABLES[field]
        first = next(name for name, (_, each) in TABLES.items() if each is type_)
        kind = _kind(type_) if first == field else field.removesuffix("s")
        is_row = True if file.endswith(".csv") else None
        yield from (_one(entry, file, kind, is_row=is_row) for entry in value)
    elif isinstance(value, msgspec.Struct):
        yield from _struct(field, value, folder)
    elif isinstance(value, tuple):
        yield from _tuple(field, value, folder)


def _struct(field: str, value: msgspec.Struct, folder: str) -> Iterator[Listed]:
    """Give an entry that is a whole file; or the fields of what only holds entries together."""
    parts = _fields(value)
    if not any(isinstance(part, str) for part in parts.values()):
        for name, part in parts.items():
            yield from _listed(name, part, f"{folder}{field}/")
        return
    yield _one(value, f"{folder}{field}.toml", is_row=False)
    if key_of(value):
        return
    for part in parts.values():
        for each in part if isinstance(part, tuple) else (part,):
            if isinstance(each, msgspec.Struct) and hasattr(each, "code"):
                yield _one(each, f"{folder}{field}.toml")


def _tuple(field: str, entries: tuple[Any, ...], folder: str) -> Iterator[Listed]:
    """Give entries with a file each, or of a file in a folder of their own."""
    places: dict[str, int] = defaultdict(int)
    for entry in entries:
        if isinstance(entry, PageEntry):
            places[entry.audience] += 1
            name = f"{places[entry.audience]:02}-{entry.id}.md"
            yield _one(entry, f"{field}/{entry.audience}/{name}")
        elif isinstance(entry, msgspec.Struct) and folder:
            yield _one(entry, _inside(field, entry, folder))
        elif isinstance(entry, msgspec.Struct):
            yield _one(entry, f"{field}/{key_of(entry)}.toml")


def _inside(field: str, entry: msgspec.Struct, folder: str) -> str:
    """Give the file of an entry in a folder of several kinds; the folder, when it isn't known."""
    if field in DIFFERENTIAL:
        return f"{folder}{DIFFERENTIAL[field][0]}"
    likely = (f"{folder}{field}.csv", f"{folder}{field}/{key_of(entry)}.csv")
    return next((file for file in likely if (DATA / file).exists()), folder.rstrip("/"))


def _one(entry: msgspec.Struct, file: str, kind: str = "", *, is_row: bool | None = None) -> Listed:
    kind = kind or _kind(type(entry))
    id_ = key_of(entry) or kind
    if not is_row:
        is_row = is_row is None and not any(hasattr(entry, key) for key in NAMED)
    return Listed(kind, id_, _first(entry, LABELS) or id_, file, entry, is_row)


def _kind(type_: type[Any]) -> str:
    name = type_.__name__.removesuffix("Entry")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


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
        case _:
            return


def _in_text(key: str, text: str, path: str, source: Citation | None) -> Iterator[Number]:
    """Give the numbers of a rule, or those that a sentence says."""
    if rule_of(key, text) is not None:
        for part in ast.walk(ast.parse(text.strip(), mode="eval")):
            if isinstance(part, ast.Constant) and isinstance(part.value, int | float):
                if not isinstance(part.value, bool):
                    yield Number(path, part.value, source)
    elif " " in text and key not in LOOKED_UP:
        for found in NUMBER.findall(LIST_NUMBER.sub("", PATTERN.sub("", text))):
            value = float(re.sub(r",(?=\d{3})", "", found).replace(",", "."))
            yield Number(path, value, source, in_words=True)


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
        case _:
            return


def _mentions(entry: Any) -> set[str]:
    """Give every word of an entry that may be the id of another."""
    local = {part for part in _parts(entry) if part != key_of(entry)}
    return set(_words(entry, "", local))


def _words(value: Any, key: str, local: set[str]) -> Iterator[str]:
    match value:
        case Citation(id=source):
            yield source
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
        case _:
            return


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
