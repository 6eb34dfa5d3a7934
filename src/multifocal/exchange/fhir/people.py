"""Whose resources these are: those of one file at once, or line by line of a whole export."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Protocol

from multifocal.exchange.fhir.bundle import Item, line_of, owner_in
from multifocal.exchange.fhir.views import DECODERS
from multifocal.exchange.issue_log import IssueLog

OTHERS = "is about another patient or none, and was left out"
SHARED = ("Medication", "Specimen")
"""What resources of a child refer to, and which may name no child themselves."""


PLACE = 3
"""Numbers that say where a line stands: of which file, which line, from which byte."""


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
        self._lines: dict[str, array[int]] = {}
        self._shared: list[Item] = []
        patients: dict[str, None] = {}
        for name, file in files:
            start = 0
            for number, line in enumerate(file, start=1):
                kind, owner = owner_in(line, f"{name} line {number}", log)
                if kind == "Patient" and owner:
                    patients[owner] = None
                elif kind in SHARED:
                    item = line_of(line, f"{name} line {number}", log)
                    self._shared += [item] if item is not None else []
                    owner = ""
                if owner:
                    place = (len(self._files), number, start)
                    self._lines.setdefault(owner, array("Q")).extend(place)
                start += len(line)
            self._files.append((name, file))
        self.people = list(patients) or [one for one in self._lines if is_person(one)]
        for owner in self._lines.keys() - set(self.people):
            log.warning("resource", OTHERS, count=len(self._lines[owner]) // PLACE)

    def of(self, person: str, log: IssueLog) -> list[Item]:
        """Read the resources of a person from their lines, with those that all share."""
        return [*self._own(person, log), *self._shared]

    def _own(self, person: str, log: IssueLog) -> Iterator[Item]:
        places = self._lines.get(person, array("Q"))
        for at in range(0, len(places), PLACE):
            name, file = self._files[places[at]]
            file.seek(places[at + 2])
            item = line_of(file.readline(), f"{name} line {places[at + 1]}", log)
            if item is not None:
                yield item


def people_of(items: Iterable[Item]) -> list[str]:
    """Give whose resources these are: every Patient, or whoever is named if there is none."""
    items = tuple(items)
    patients = dict.fromkeys(item.keys[0] for item in items if item.kind == "Patient" and item.keys)
    if patients:
        return list(patients)
    if any(item.kind == "Patient" for item in items):
        return [""]
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
