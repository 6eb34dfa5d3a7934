"""Value sets: what codes and names of open terminologies mean, as one block that is read when met.

There are too many rows for a type each: they are read, checked and packed once, with the knowledge.
"""

import csv
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, get_args

import msgspec

from multifocal.knowledge.entries import Entries
from multifocal.knowledge.fold import folded_name
from multifocal.model.record import ConceptId

Relation = Literal["exact", "narrower", "absent", "history", "broader", "percent", "other"]
"""How a code stands to a concept: it means it; a kind of it; that it is not there; that it was; it
may be it or not; a share that needs its whole; another thing that looks like it."""

PROVEN: tuple[Relation, ...] = ("exact", "narrower", "absent")
"""Relations that make facts."""

NAMING: tuple[Relation, ...] = (*PROVEN, "history", "percent", "other")
"""Relations whose rows are known by their label too."""

NAMES_ONLY = "name"
"""Coding system of rows that are names alone."""

BELOW = ("icd10", "icd10cm", "icd10gm")
"""Classifications in which a longer code is a kind of the shorter."""

FALLS_BACK: Mapping[str, str] = {"icd10gm": "icd10"}
"""A national edition, and what it is made from."""

SHORTEST = 4
"""Shorter names are looked up only where a concept gives them: they mean too much."""

Meaning = tuple[tuple[ConceptId, Relation], ...]
"""The concepts that a code or name speaks of, what it surely means first."""


class ValueSetRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one code of a public terminology means."""

    system: str
    code: str
    means: ConceptId
    label: str
    source: str
    relation: Relation = "exact"


class Synonym(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another name that a terminology gives for one of its codes."""

    system: str
    code: str
    name: str
    source: str


class DangerWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that name something behind a red flag; an empty label is a harmless use of such words.

    A ``*`` stands for the rest of a word.
    """

    words: str
    label: str = ""


class Spelling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a word as British and as American English write it."""

    british: str
    american: str


FILES: Mapping[str, type[msgspec.Struct]] = {
    **dict.fromkeys(("names", "diseases", "findings", "tests", "drugs"), ValueSetRow),
    "synonyms": Synonym,
    "dangers": DangerWords,
    "spellings": Spelling,
}
"""Files of the folder ``terms`` and what a row of each is."""


class ValueSets(msgspec.Struct, frozen=True):
    """Codes and names by what they mean; numbers are places in `meanings`."""

    meanings: tuple[Meaning, ...] = ()
    codes: dict[str, int] = {}
    """By system and code with a space between; a code that ends in ``*`` stands for all below."""
    beginnings: dict[str, tuple[int, ...]] = {}
    """By system, how long the codes are that stand for all below them, the longest first."""
    names: dict[str, int] = {}
    """By folded name."""
    dangers: tuple[tuple[str, str], ...] = ()
    spellings: tuple[tuple[str, str], ...] = ()

    def coded(self, system: str, code: str) -> Meaning:
        """Give what a code means: as listed, else as a kind of what is listed above it."""
        at = self.codes.get(f"{system} {code}")
        found = [] if at is None else list(self.meanings[at])
        if at is None and system in BELOW:
            found += [(name, _below(relation)) for name, relation in self._above(system, code)]
        for length in self.beginnings.get(system, ()):
            at = self.codes.get(f"{system} {code[:length]}*") if length <= len(code) else None
            told = {name for name, _ in found}
            found += [pair for pair in self.meanings[at or 0] if pair[0] not in told]
        if not found and system in FALLS_BACK:
            return self.coded(FALLS_BACK[system], code)
        return surest(found)

    def _above(self, system: str, code: str) -> Iterator[tuple[ConceptId, Relation]]:
        while len(code := code[:-1].rstrip(".")) > 2:
            if (at := self.codes.get(f"{system} {code}")) is not None:
                yield from self.meanings[at]
                return

    def named(self, name: str) -> Meaning:
        """Give what a folded name means, whichever way it is spelled."""
        at = self.names.get(name)
        if at is None:
            for british, american in self.spellings:
                name = name.replace(british, american)
            at = self.names.get(name)
        return () if at is None else self.meanings[at]

    def synonyms(self) -> Iterator[tuple[ConceptId, str, Relation]]:
        """Give every name that surely means a concept or a kind of it, folded, for texts."""
        for name, at in self.names.items():
            for concept, relation in self.meanings[at]:
                if relation in ("exact", "narrower"):
                    yield concept, name, relation


def _below(relation: Relation) -> Relation:
    return "narrower" if relation == "exact" else relation


def surest(found: Iterable[tuple[ConceptId, Relation]]) -> Meaning:
    """Give each concept once, what is surely meant first; without the rest where some is."""
    order = get_args(Relation)
    best: dict[ConceptId, Relation] = {}
    for concept, relation in found:
        if concept not in best or order.index(relation) < order.index(best[concept]):
            best[concept] = relation
    meaning = tuple(sorted(best.items(), key=lambda pair: order.index(pair[1])))
    proven = tuple(pair for pair in meaning if pair[1] in PROVEN)
    return proven or meaning


def value_sets_of(entries: Entries) -> ValueSets:
    """Unpack the value sets of the knowledge."""
    return msgspec.msgpack.decode(entries.value_sets, type=ValueSets)


def read_rows(folder: Path) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Give every row with its file and line; the files are parted by tabs, nothing is quoted."""
    for name in FILES:
        path = folder / f"{name}.tsv"
        with path.open(encoding="utf-8", newline="") as opened:
            rows = csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE)
            for line, row in enumerate(rows, start=2):
                yield name, f"line {line}", {key: cell for key, cell in row.items() if cell}


def packed(rows: Iterable[msgspec.Struct], taken: Container[str] = ()) -> ValueSets:
    """Put all rows together; a label that is ``taken`` is the name of a finding, and of no disease.

    "Osteolysis" on an image is no syndrome of that name.
    """
    several = tuple(rows)
    codes: dict[str, list[tuple[ConceptId, Relation]]] = {}
    names: dict[str, list[tuple[ConceptId, Relation]]] = {}
    for row in several:
        if isinstance(row, ValueSetRow):
            key, one = f"{row.system} {row.code}", (row.means, row.relation)
            is_name = row.system == NAMES_ONLY
            if not is_name:
                codes.setdefault(key, []).append(one)
            name = folded_name(row.code if is_name else row.label)
            told = row.relation in NAMING and len(name) >= SHORTEST and "*" not in key
            if is_name or (told and name not in taken):
                names.setdefault(name, []).append(one)
    for row in several:
        if isinstance(row, Synonym) and len(name := folded_name(row.name)) >= SHORTEST:
            if name in taken:
                continue
            meant = surest(codes.get(f"{row.system} {row.code}", ()))
            names.setdefault(name, []).extend(one for one in meant if one[1] in PROVEN)
    meanings: dict[Meaning, int] = {(): 0}
    return ValueSets(
        beginnings=_beginnings(codes),
        codes={key: _place(surest(all_), meanings) for key, all_ in codes.items()},
        names={name: _place(surest(all_), meanings) for name, all_ in names.items() if all_},
        meanings=tuple(meanings),
        dangers=tuple((row.words, row.label) for row in several if isinstance(row, DangerWords)),
        spellings=tuple(
            (row.british, row.american) for row in several if isinstance(row, Spelling)
        ),
    )


def _beginnings(codes: Iterable[str]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = {}
    for key in codes:
        if key.endswith("*"):
            system, _, code = key.partition(" ")
            lengths.setdefault(system, set()).add(len(code) - 1)
    return {system: tuple(sorted(found, reverse=True)) for system, found in lengths.items()}


def _place(meaning: Meaning, meanings: dict[Meaning, int]) -> int:
    return meanings.setdefault(meaning, len(meanings))
