"""One child's FHIR resources: how they refer to one another, and on which days they were."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from multifocal.exchange.dates import between, born_and_aged, day_of
from multifocal.exchange.fhir.bundle import Item, key_of
from multifocal.exchange.fhir.coded import each_of, words_of
from multifocal.exchange.fhir.elements import (
    ABSENT,
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
LINKS = ("report", "study")
"""Names that stand for the day of what a resource hangs together with."""


class Study(NamedTuple):
    """An imaging study, for the things seen on it."""

    modality: Modality | None
    sites: tuple[Site, ...]
    day: Day | None


class Chart(msgspec.Struct):
    """One child's resources, and how they refer to one another."""

    child: Patient
    reader: Reader
    log: IssueLog
    items: dict[str, Item] = {}
    """By path; each has been decoded."""
    paths: dict[str, str] = {}
    """What references may say, to paths."""
    studies: dict[str, Study] = {}
    """By path: the studies, and the observations that were made on them."""
    reports: dict[str, str] = {}
    """By path of a result: the path of the report that gives it."""
    withdrawn: set[str] = set()
    """Paths of results that only a withdrawn report gives."""
    told: set[str] = set()
    """Paths of resources of which it was said that they were not read."""
    refused: set[str] = set()
    """Paths of resources that an issue says were left out."""
    asked: frozenset[str] = frozenset()
    """Paths of resources whose day is being asked for: none has its day from itself."""
    seen: set[str] = set()
    """Paths of studies of which something was read."""

    def add(self, item: Item, path: str) -> None:
        """Put a resource that was decoded on the chart, under a path of its own."""
        self.items[path] = item if item.path == path else msgspec.structs.replace(item, path=path)

    def quiet(self, asked: str = "") -> "Chart":
        """Give the same chart with an issue log that nobody reads, to ask it for another day."""
        return msgspec.structs.replace(self, log=IssueLog(), asked=self.asked | {asked})

    def path_of(self, reference: Reference, container: str) -> str:
        """Give the path of what a resource refers to; ``#id`` is something that it contains."""
        named = reference.reference or ""
        return f"{container}{named}" if named.startswith("#") else self.paths.get(key_of(named), "")

    def referred(self, element: Any, path: str) -> Iterator[Item]:
        """Give the resources that one reference or several of a resource refer to."""
        for reference in element if isinstance(element, tuple) else (element,):
            if isinstance(reference, Reference):
                there = self.items.get(self.path_of(reference, path))
                if there is not None:
                    yield there

    def study_path(self, element: Any, path: str) -> str:
        """Give the path of the first imaging study that a resource refers to; empty if of none."""
        return next(
            (one.path for one in self.referred(element, path) if one.path in self.studies), ""
        )

    def day(self, text: str | None, where: str, element: str) -> Day | None:
        """Give a day, or note that there can be no such day."""
        if text is None:
            return None
        try:
            return day_of(text)
        except ValueError:
            self.log.warning(
                where, f"{element} is no possible date; it was taken as not known. Mend it."
            )
            return None

    def when(self, names: Iterable[str], item: Item) -> Days:
        """Give when it was, and when it ended: the first of some elements that says so."""
        for name in names:
            value = None if name in LINKS else getattr(item.resource, name)
            if type(value) is str:
                held: Days = self.day(value, item.where, name), None
            elif value is None and name not in LINKS:
                continue
            else:
                held = self._held(name, value, item)
            if held[0] is not None or held[1] is not None:
                return held
        return UNDATED

    def _held(self, name: str, value: Any, item: Item) -> Days:
        where = item.where
        if name == "report":
            return self._of_other(self.items.get(self.reports.get(item.path, "")))
        if name == "study":
            study = self.studies.get(item.path)
            return (study.day if study else None), None
        match value:
            case Period() as period:
                return self._period(period, where, name)
            case Quantity() as age:
                return self._aged(age, where, name), None
            case Range(low=Quantity() as low, high=Quantity() as high):
                ends = self._aged(low, where, name), self._aged(high, where, name)
                return _between(*ends), None
            case Collection() as collection:
                day = self.day(collection.collected_date_time, where, "collected")
                return (
                    (day, None) if day else self._period(collection.collected_period, where, name)
                )
            case (Dosage(), *_) as doses:
                bounds = (dose.timing and dose.timing.repeat for dose in doses)
                bound = next((one.bounds_period for one in bounds if one), None)
                return self._period(bound, where, "boundsPeriod")
            case Reference() | (Reference(), *_) as reference:
                return self._of_other(next(self.referred(reference, item.path), None))
            case _:
                return UNDATED

    def _of_other(self, item: Item | None) -> Days:
        """Give the day on which another resource was; its faults are told where it is read."""
        if item is None or item.path in self.asked:
            return UNDATED
        view = VIEWS[item.kind]
        names = [name for name in (*view.onset, *view.day) if name != "report"]
        return self.quiet(item.path).when(names, item)[0], None

    def _period(self, period: Period | None, where: str, element: str) -> Days:
        if period is None:
            return UNDATED
        start = self.day(period.start, where, f"{element}.start")
        end = self.day(period.end, where, f"{element}.end")
        if start and end and end.latest < start.earliest:
            self.log.warning(
                where, f"{element} ends before it starts; both were taken as not known. Mend it."
            )
            return UNDATED
        return start, end

    def _aged(self, age: Quantity, where: str, element: str) -> Day | None:
        """Give the days on which the child had this age."""
        if self.child.birth is None or age.value is None or age.value < 0:
            self.log.info(where, f"{element} gives no day: the birth date is not known")
            return None
        try:
            return born_and_aged(self.child.birth, age.value, age.code or age.unit or "")
        except (ValueError, OverflowError):
            self.log.warning(
                where, f"{element} is no possible age; it was taken as not known. Mend it."
            )
            return None

    def sites(self, bodies: msgspec.Raw, thing: Words, where: str) -> tuple[Site, ...]:
        """Give where something is, noting what is wrong about that."""
        each = () if bodies is ABSENT else tuple(words_of(one) for one in each_of(bodies))
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
