"""One child's FHIR resources: how they refer to one another, and on which days they were."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from multifocal.exchange.dates import between, born_and_aged, day_of
from multifocal.exchange.fhir.bundle import Item, key_of
from multifocal.exchange.fhir.coded import each_of, words_of
from multifocal.exchange.fhir.elements import (
    Collection,
    Dosage,
    Period,
    Quantity,
    Range,
    Reference,
)
from multifocal.exchange.fhir.views import VIEWS
from multifocal.exchange.issue_log import IssueLog
from multifocal.exchange.reader import Reader
from multifocal.exchange.words import Words
from multifocal.model.anatomy import Site
from multifocal.model.day import Day
from multifocal.model.record import Modality, Patient

Days = tuple[Day | None, Day | None]
"""When something was or began, and when it ended."""
UNDATED: Days = (None, None)


class Study(NamedTuple):
    """An imaging study, for the things seen on it."""

    modality: Modality | None
    sites: tuple[Site, ...]
    day: Day | None


class Place(NamedTuple):
    """Which resource is read: its path, for facts, and its place in the input, for issues."""

    kind: str
    path: str
    where: str


class Chart:
    """One child's resources, and how they refer to one another."""

    def __init__(self, child: Patient, reader: Reader, log: IssueLog) -> None:
        """Begin with nothing."""
        self.child = child
        self.reader = reader
        self.log = log
        self.resources: dict[str, tuple[Item, Any]] = {}
        """By path."""
        self.paths: dict[str, str] = {}
        """What references may say, to paths."""
        self.studies: dict[str, Study] = {}
        """By path: the studies, and the observations that were made on them."""
        self.reports: dict[str, str] = {}
        """By path of a result: the path of the report that gives it."""
        self.withdrawn: set[str] = set()
        """Paths of results that only a withdrawn report gives."""
        self.told: set[str] = set()
        """Paths of resources of which it was said that they were not read."""
        self.refused: set[str] = set()
        """Paths of resources that an issue says were left out."""
        self.seen: set[str] = set()
        """Paths of studies of which something was read."""

    def path_of(self, reference: Reference, container: str) -> str | None:
        """Give the path of what a resource refers to; ``#id`` is something that it contains."""
        if not reference.reference:
            return None
        if reference.reference.startswith("#"):
            return f"{container}{reference.reference}"
        return self.paths.get(key_of(reference.reference))

    def referred(self, element: Any, path: str) -> Iterator[tuple[str, Any]]:
        """Give the resources, with their paths, that one reference or several refer to."""
        for reference in element if isinstance(element, tuple) else (element,):
            if isinstance(reference, Reference):
                there = self.path_of(reference, path)
                if there is not None and there in self.resources:
                    yield there, self.resources[there][1]

    def day(
        self, text: str | None, where: str, element: str, log: IssueLog | None = None
    ) -> Day | None:
        """Give a day, or note that there can be no such day."""
        if text is None:
            return None
        try:
            return day_of(text)
        except ValueError:
            (log or self.log).warning(
                where, f"{element} is no possible date; it was taken as not known. Mend it."
            )
            return None

    def when(
        self, names: Iterable[str], resource: Any, place: Place, log: IssueLog | None = None
    ) -> Days:
        """Give when it was, and when it ended: the first of some elements that says so."""
        for name in names:
            held = self._held(name, resource, place, log or self.log)
            if held != UNDATED:
                return held
        return UNDATED

    def _held(self, name: str, resource: Any, place: Place, log: IssueLog) -> Days:
        where = place.where
        if name == "report":
            return self._of_other(self.reports.get(place.path))
        if name == "study":
            study = self.studies.get(place.path)
            return (study.day if study else None), None
        value = getattr(resource, name, None)
        if value is None:
            return UNDATED
        if type(value) is str:
            return self.day(value, where, name, log), None
        match value:
            case Period() as period:
                return self._period(period, where, name, log)
            case Quantity() as age:
                return self._aged(age, where, name, log), None
            case Range(low=Quantity() as low, high=Quantity() as high):
                ends = self._aged(low, where, name, log), self._aged(high, where, name, log)
                return _between(*ends), None
            case Collection() as collection:
                day = self.day(collection.collected_date_time, where, "collected", log)
                return (
                    (day, None)
                    if day
                    else self._period(collection.collected_period, where, name, log)
                )
            case (Dosage(), *_) as doses:
                bounds = (
                    dose.timing and dose.timing.repeat and dose.timing.repeat for dose in doses
                )
                bound = next((one.bounds_period for one in bounds if one), None)
                return self._period(bound, where, "boundsPeriod", log)
            case Reference() | (Reference(), *_) as reference:
                path = next((path for path, _ in self.referred(reference, place.path)), None)
                return self._of_other(path)
            case _:
                return UNDATED

    def _of_other(self, path: str | None) -> Days:
        """Give the day on which another resource was; its faults are told where it is read."""
        if path is None or path not in self.resources:
            return UNDATED
        item, resource = self.resources[path]
        views = VIEWS.get(item.kind, ())
        names = [name for view in views for name in (*view.onset, *view.day) if name != "report"]
        start, _ = self.when(names, resource, Place(item.kind, path, item.where), IssueLog())
        return start, None

    def _period(self, period: Period | None, where: str, element: str, log: IssueLog) -> Days:
        if period is None:
            return UNDATED
        start = self.day(period.start, where, f"{element}.start", log)
        end = self.day(period.end, where, f"{element}.end", log)
        if start and end and end.latest < start.earliest:
            log.warning(
                where, f"{element} ends before it starts; both were taken as not known. Mend it."
            )
            return UNDATED
        return start, end

    def _aged(self, age: Quantity, where: str, element: str, log: IssueLog) -> Day | None:
        """Give the days on which the child had this age."""
        if self.child.birth is None or age.value is None or age.value < 0:
            log.info(where, f"{element} gives no day: the birth date is not known")
            return None
        try:
            return born_and_aged(self.child.birth, age.value, age.code or age.unit or "")
        except (ValueError, OverflowError):
            log.warning(where, f"{element} is no possible age; it was taken as not known. Mend it.")
            return None

    def sites(self, bodies: msgspec.Raw, thing: Words, where: str) -> tuple[Site, ...]:
        """Give where something is, noting what is wrong about that."""
        each = tuple(words_of(one) for one in each_of(bodies))
        placed = self.reader.places.placed(each, thing)
        for fault in placed.faults:
            self.log.warning(where, fault)
        return placed.sites


def _between(start: Day | None, end: Day | None) -> Day | None:
    if start is None or end is None:
        return start or end
    try:
        return between(start, end)
    except ValueError:
        return None
