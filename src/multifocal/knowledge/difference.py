"""What changed between two versions of the data files: entries added, removed, changed, by key.

The files are compared as they are written, so that a version which this code can't load any more
can still be compared. The order of entries in a file is no difference; that of the parts of an
entry is.
"""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Literal

import msgspec

from multifocal.model.issue import KnowledgeError

KEYS = ("id", "code", "name", "item", "finding", "analyte", "word", "text", "unit")
"""What a part of a file goes by: the first of these keys that it has."""

Raw = Mapping[str, Any]
"""An entry as written: its keys, and whatever stands under them."""


class Field(msgspec.Struct, frozen=True):
    """One key whose value differs; None on the side where it isn't there."""

    path: str
    before: str | None
    after: str | None


class Change(msgspec.Struct, frozen=True):
    """One entry that differs."""

    what: Literal["added", "removed", "changed"]
    file: str
    id: str
    fields: tuple[Field, ...]


def differences(old: Path, new: Path) -> tuple[Change, ...]:
    """Give every entry that differs between two folders of data files, in the order of files.

    Raises `KnowledgeError` when a file can't be parsed at all.
    """
    before, after = _files(old), _files(new)
    return tuple(
        change
        for file in sorted(before.keys() | after.keys())
        for change in _changes(file, before.get(file, ()), after.get(file, ()))
    )


def _files(folder: Path) -> Mapping[str, tuple[Raw, ...]]:
    """Read every file whose form is known, as its entries."""
    readers = {".toml": _toml, ".csv": _csv, ".md": _markdown}
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in readers and path.is_file():
            file = path.relative_to(folder).as_posix()
            try:
                found[file] = tuple(readers[path.suffix](path))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError, csv.Error) as fault:
                raise KnowledgeError(f"{file}: can't be read: {fault}") from None
    return found


def _toml(path: Path) -> Iterator[Raw]:
    """Give the tables of a file as entries; all the rest of it is one entry more."""
    parsed = tomllib.loads(path.read_text(encoding="utf-8"))
    if "id" in parsed or not any(_is_table(value) for value in parsed.values()):
        yield {"id": path.stem} | parsed
        return
    rest = {key: value for key, value in parsed.items() if not _is_table(value)}
    if rest:
        yield {"id": path.stem} | rest
    for value in parsed.values():
        if _is_table(value):
            yield from value


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, dict) for part in value)


def _csv(path: Path) -> Iterator[Raw]:
    with path.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            yield {str(key): cell for key, cell in row.items() if cell}


def _markdown(path: Path) -> Iterator[Raw]:
    paragraphs = path.read_text(encoding="utf-8").split("\n\n")
    yield {"id": path.stem, "paragraph": [part.strip() for part in paragraphs]}


def _changes(file: str, old: tuple[Raw, ...], new: tuple[Raw, ...]) -> Iterator[Change]:
    for before, after in _paired(old, new):
        if before == after:
            continue
        either: Raw = after if after is not None else before or {}
        what: Literal["added", "removed", "changed"] = (
            "added" if before is None else "removed" if after is None else "changed"
        )
        id_ = _key(either)
        twins = max(
            ([entry for entry in side if _key(entry) == id_] for side in (old, new)), key=len
        )
        if len(twins) > 1:
            id_ = _told_apart(either, twins)
        yield Change(what, file, id_, tuple(_fields(before or {}, after or {}, "")))


def _told_apart(entry: Raw, twins: list[Raw]) -> str:
    """Give the key of an entry that shares it, with the first cells in which the others differ."""
    differing = [
        str(value)
        for key, value in entry.items()
        if str(value) != _key(entry) and any(twin.get(key) != value for twin in twins)
    ]
    return f"{_key(entry)} ({', '.join(differing[:3])})"


def _paired(old: tuple[Raw, ...], new: tuple[Raw, ...]) -> Iterator[tuple[Raw | None, Raw | None]]:
    """Put each old entry beside the new one of the same key; of several, the one most alike."""
    waiting: dict[str, list[Raw]] = {}
    for entry in old:
        waiting.setdefault(_key(entry), []).append(entry)
    left = []
    for entry in new:
        same = waiting.get(_key(entry), [])
        if entry in same:
            same.remove(entry)
        else:
            left.append(entry)
    for entry in left:
        same = waiting.get(_key(entry), [])
        best = max(same, key=lambda each: len(_plain(each) & _plain(entry)), default=None)
        if best is not None:
            same.remove(best)
        yield best, entry
    for several in waiting.values():
        for entry in several:
            yield entry, None


def _plain(entry: Raw) -> set[tuple[str, Any]]:
    return {pair for pair in entry.items() if isinstance(pair[1], str | int | float)}


def _key(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return ""
    return next((str(entry[key]) for key in KEYS if isinstance(entry.get(key), str | int)), "")


def _fields(before: Any, after: Any, path: str) -> Iterator[Field]:
    """Give every key below a path whose value differs."""
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in (*before, *(key for key in after if key not in before)):
            inside = f"{path}.{key}".lstrip(".")
            yield from _fields(before.get(key), after.get(key), inside)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _listed(before, after, path)
    else:
        yield Field(path, _said(before), _said(after))


def _listed(before: list[Any], after: list[Any], path: str) -> Iterator[Field]:
    """Compare two lists: parts with a key by their keys, all others by their order."""
    old, new = [_key(part) for part in before], [_key(part) for part in after]
    if all(old) and all(new) and len(set(old)) == len(old) and len(set(new)) == len(new):
        left, right = dict(zip(old, before, strict=True)), dict(zip(new, after, strict=True))
        for key in (*left, *(key for key in right if key not in left)):
            yield from _fields(left.get(key), right.get(key), f"{path}[{key}]")
        old, new = [key for key in old if key in right], [key for key in new if key in left]
        if old != new:
            yield Field(f"{path}, order", ", ".join(old), ", ".join(new))
        return
    left_said, right_said = [[str(_said(part)) for part in parts] for parts in (before, after)]
    for what, i, j, k, m in SequenceMatcher(
        None, left_said, right_said, autojunk=False
    ).get_opcodes():
        if what == "equal":
            continue
        if j - i == m - k:
            for place in range(j - i):
                where = f"{path}[{i + place + 1}]"
                yield from _fields(before[i + place], after[k + place], where)
            continue
        yield from (
            Field(f"{path}[{place + 1}]", _said(before[place]), None) for place in range(i, j)
        )
        yield from (
            Field(f"{path}[{place + 1}]", None, _said(after[place])) for place in range(k, m)
        )


def _said(value: Any) -> str | None:
    """Write a value as one line of TOML would."""
    match value:
        case None:
            return None
        case str():
            return value
        case bool():
            return str(value).lower()
        case list():
            return f"[{', '.join(str(_said(part)) for part in value)}]"
        case Mapping():
            inside = ", ".join(f"{key} = {_said(part)}" for key, part in value.items())
            return f"{{ {inside} }}"
        case _:
            return str(value)
