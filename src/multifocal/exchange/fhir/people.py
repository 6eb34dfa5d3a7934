"""Whose resources these are: those of one file at once, or line by line of a whole export."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Protocol

from multifocal.exchange.fhir.bundle import (
    DECODING_FAULTS,
    Item,
    left_out,
    lines_of,
    owner_in,
)
from multifocal.exchange.fhir.views import DECODERS
from multifocal.exchange.issue_log import IssueLog

OTHERS = "is about another patient or none, and was left out"
SHARED = ("Medication", "Specimen")
"""What resources of a child refer to, and which may name no child themselves."""


class Held(Protocol):
    """The resources of many people."""

    @property
    def people(self) -> Sequence[str]:
        """Give whose resources are held."""

    def of(self, person: str, log: IssueLog) -> list[Item]:
        """Give the resources of one of them, with those that all share."""


class Pile:
    """Resources that are in memory."""

    def __init__(self, items: Sequence[Item], log: IssueLog) -> None:
        """Part them by person; those of nobody are noted."""
        self.people = people_of(items)
        aliases = aliases_of(items)
        self._own: dict[str, list[Item]] = {person: [] for person in self.people}
        self._shared: list[Item] = []
        for item in items:
            owner = owner_of(item, aliases)
            if owner in self._own:
                self._own[owner].append(item)
            elif item.kind in SHARED:
                self._shared.append(item)
            elif item.kind in DECODERS:
                log.warning(item.where, OTHERS)

    def of(self, person: str, log: IssueLog) -> list[Item]:  # nothing is read here
        """Give the resources of a person, with those that all share."""
        return [*self._own[person], *self._shared]


class Shelves:
    """Resources that stay in their files, one a line; only where they stand is in memory."""

    def __init__(self, files: Iterable[tuple[str, IO[bytes]]], log: IssueLog) -> None:
        """Go through files, each with its name, once; broken lines are noted."""
        self._files: list[tuple[str, IO[bytes]]] = []
        self._runs: dict[str, array[int]] = {}
        """By owner, runs of lines: of which file, from which line, how many; from and to where."""
        self._shared: list[Item] = []
        patients: dict[str, None] = {}
        for name, file in files:
            start, end, last, run = 0, 0, "", array("Q")
            for number, line in enumerate(file, start=1):
                start, end = end, end + len(line)
                try:
                    kind, owner = owner_in(line)
                except DECODING_FAULTS as fault:
                    if not line.isspace():
                        log.warning(f"{name} line {number}", left_out(fault))
                    continue
                if kind in SHARED:
                    self._shared += lines_of(line, name, log, first=number)
                    last = ""
                elif owner and owner == last and run[-1] == start:
                    run[-1], run[-3] = end, run[-3] + 1
                elif owner:
                    run = self._runs.setdefault(owner, array("Q"))
                    run.extend((len(self._files), number, 1, start, end))
                    last = owner
                if kind == "Patient" and owner:
                    patients[owner] = None
            self._files.append((name, file))
        self.people = list(patients) or [one for one in self._runs if is_person(one)]
        for owner in self._runs.keys() - set(self.people):
            log.warning("resource", OTHERS, count=sum(self._runs[owner][2::5]))

    def of(self, person: str, log: IssueLog) -> list[Item]:
        """Read the resources of a person from their lines, with those that all share."""
        return [*self._own(person, log), *self._shared]

    def _own(self, person: str, log: IssueLog) -> Iterator[Item]:
        runs = iter(self._runs.get(person, ()))
        for place, number, _, start, end in zip(runs, runs, runs, runs, runs, strict=True):
            name, file = self._files[place]
            file.seek(start)
            yield from lines_of(file.read(end - start), name, log, first=number)


def people_of(items: Iterable[Item]) -> list[str]:
    """Give whose resources these are: every Patient, or whoever is named if there is none."""
    items = tuple(items)
    if patients := [item for item in items if item.kind == "Patient"]:
        return list(dict.fromkeys(item.keys[0] for item in patients if item.keys)) or [""]
    named = (item.subject for item in items if item.kind in DECODERS)
    return list(dict.fromkeys(one for one in named if is_person(one)))


def is_person(subject: str) -> bool:
    """Tell whether a reference is to a patient."""
    return subject.startswith(("Patient/", "urn:"))


def aliases_of(items: Iterable[Item]) -> dict[str, str]:
    """Give what references to patients may say, to the first of it."""
    return {key: item.keys[0] for item in items if item.kind == "Patient" for key in item.keys}


def owner_of(item: Item, aliases: Mapping[str, str]) -> str:
    """Give whose a resource is; empty when it names nobody."""
    if item.kind == "Patient":
        return item.keys[0] if item.keys else ""
    return aliases.get(item.subject, item.subject)
