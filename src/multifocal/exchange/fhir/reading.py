"""What reading one child's resources needs at hand: words, units, places, and the issue_log."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache

import msgspec

from multifocal.exchange.dates import between, born_and_aged, day_of
from multifocal.exchange.fhir.body_sites import NOWHERE, Places
from multifocal.exchange.fhir.bundle import Item, key_of
from multifocal.exchange.fhir.resources import (
    CodeableConcept,
    Period,
    Quantity,
    Range,
    Read,
    Reference,
)
from multifocal.exchange.issue_log import IssueLog
from multifocal.exchange.site_lexicon import SiteLexicon, site_lexicon_of
from multifocal.exchange.units import Units
from multifocal.exchange.vocabulary import (
    Match,
    Vocabulary,
    vocabulary_of,
)
from multifocal.exchange.words import LONGEST, Words
from multifocal.knowledge.load import Knowledge
from multifocal.model.anatomy import Site
from multifocal.model.day import Day
from multifocal.model.record import Fact, FactId, Modality, Origin, Sex

END_OF_RECORD = date.max
"""Stands for the last day of the record while that is not known yet."""


class Study(msgspec.Struct, frozen=True):
    """An imaging study, for the things seen on it."""

    modality: Modality | None
    sites: tuple[Site, ...]
    day: Day | None


class Setting(msgspec.Struct, frozen=True):
    """What all facts read from one resource have in common."""

    resource: str
    """Resource type and id."""
    where: str
    """Its place in the input, for issues."""
    day: Day | None = None
    onset: bool = False
    """Whether `day` is when it began."""
    ended: Day | None = None
    recorded: Day | None = None
    sites: tuple[Site, ...] = NOWHERE
    modality: Modality | None = None
    text: str = ""


class Tools(msgspec.Struct, frozen=True):
    """What the knowledge gives to reading, built once."""

    vocabulary: Vocabulary
    units: Units
    site_lexicon: SiteLexicon
    knowledge: Knowledge


@lru_cache(maxsize=4)
def tools_of(knowledge: Knowledge) -> Tools:
    """Give the tools for this knowledge, built once."""
    return Tools(
        vocabulary=vocabulary_of(knowledge),
        units=Units(knowledge.units),
        site_lexicon=site_lexicon_of(knowledge),
        knowledge=knowledge,
    )


class Reading:
    """One child's record while it is read."""

    def __init__(self, tools: Tools, issue_log: IssueLog) -> None:
        """Begin with an empty record."""
        self.vocabulary = tools.vocabulary
        self.units = tools.units
        self.places = Places(tools.site_lexicon)
        self.knowledge = tools.knowledge
        self.issue_log = issue_log
        self.birth: Day | None = None
        self.sex: Sex | None = None
        self.paths: Mapping[str, str] = {}
        """What references may say, to the paths of resources."""
        self.resources: dict[str, tuple[Item, Read]] = {}
        """By path."""
        self.studies: dict[str, Study] = {}
        """By path: the studies, and the observations that were made on them."""

    def known(self, match: Match | None, words: Words, where: str) -> Match | None:
        """Give the match, or note that the words are none of ours."""
        if match is None:
            self.unknown(words, where)
        return match

    def unknown(self, words: Words, where: str) -> None:
        """Note a code that the work-up doesn't use, by its coding system."""
        kind = where.split(" ", maxsplit=1)[0]
        if words.systems:
            systems = ", ".join(words.systems)
            self.issue_log.info(
                kind, f"has no code that the work-up uses (coding system: {systems})"
            )
        else:
            self.issue_log.info(kind, "has only words that the work-up doesn't know")

    def match(self, words: Words, where: str) -> Match | None:
        """Give what the words mean, or `None`; doubtful ones are noted and left out."""
        coded = self.vocabulary.coded(words.codes)
        named = self.vocabulary.named(words.texts)
        if coded is None:
            if named and named.concept.kind == "lab" and "loinc" in words.systems:
                self.issue_log.warning(
                    where,
                    f"its text says {named.concept.label}, but its LOINC code is another; it was "
                    "left out. Check the code.",
                )
                return None
            return named
        if named and named.concept is coded.concept and named.present != coded.present:
            self.issue_log.warning(
                where,
                f"code and text contradict each other about {coded.concept.label}; it was left "
                "out. Mend code or text.",
            )
            return None
        return coded if not named or named.concept is not coded.concept else _wider(coded, named)

    def day(self, text: str | None, where: str, element: str) -> Day | None:
        """Give a day, or note that there can be no such day."""
        if text is None:
            return None
        try:
            return day_of(text)
        except ValueError:
            self.issue_log.warning(
                where, f"{element} is no possible date; it was taken as not known. Mend it."
            )
            return None

    def period(
        self, period: Period | None, where: str, element: str
    ) -> tuple[Day | None, Day | None]:
        """Give the days on which a period starts and ends."""
        if period is None:
            return None, None
        start = self.day(period.start, where, f"{element}.start")
        end = self.day(period.end, where, f"{element}.end")
        if start and end and end.latest < start.earliest:
            self.issue_log.warning(
                where, f"{element} ends before it starts; both were taken as not known. Mend it."
            )
            return None, None
        return start, end

    def moment(
        self,
        where: str,
        element: str,
        *,
        date_time: str | None,
        age: Quantity | None,
        period: Period | None,
        ages: Range | None,
    ) -> Day | None:
        """Give the day of an onset or abatement, however it is written."""
        if date_time is not None:
            return self.day(date_time, where, f"{element}DateTime")
        if age is not None:
            return self.aged(age, where, f"{element}Age")
        if ages is not None and ages.low and ages.high:
            low = self.aged(ages.low, where, f"{element}Range")
            high = self.aged(ages.high, where, f"{element}Range")
            return _between(low, high)
        start, end = self.period(period, where, f"{element}Period")
        return _between(start, end) if start and end else start

    def aged(self, age: Quantity, where: str, element: str) -> Day | None:
        """Give the days on which the child had this age."""
        unit = age.code or age.unit or ""
        if self.birth is None or age.value is None or age.value < 0:
            self.issue_log.info(where, f"{element} gives no day: the birth date is not known")
            return None
        try:
            return born_and_aged(self.birth, age.value, unit)
        except (ValueError, OverflowError):
            self.issue_log.warning(
                where, f"{element} is no possible age; it was taken as not known. Mend it."
            )
            return None

    def some_day_after(self, start: Day | None) -> Day | None:
        """Give the end of what is over, without a date: from its start to the end of the record."""
        return None if start is None else Day(start.earliest, END_OF_RECORD)

    def quiet_day(self, text: str | None) -> Day | None:
        """Give a day whose faults are noted where its own resource is read."""
        try:
            return None if text is None else day_of(text)
        except ValueError:
            return None

    def sites(
        self, bodies: Iterable[CodeableConcept | None], thing: Words, where: str
    ) -> tuple[Site, ...]:
        """Give where something is, noting what is wrong about that."""
        placed = self.places.placed(bodies, thing)
        for fault in placed.faults:
            self.issue_log.warning(where, fault)
        return placed.sites

    def facts(
        self,
        match: Match,
        setting: Setting,
        *,
        present: bool,
        text: str = "",
        **columns: object,
    ) -> Iterator[Fact]:
        """Give the fact, once for each site.

        Where the code means only one form of the concept, its absence says nothing of the others.
        """
        concept = match.concept
        if not present and not match.is_whole:
            kind = setting.where.split(" ", maxsplit=1)[0]
            self.issue_log.info(
                kind,
                f"says that one form of this is absent, which is not all of it: {concept.label}",
            )
            return
        for site in setting.sites:
            region = site.region or (None if site.bone else concept.region)
            fact = Fact(
                id=FactId(setting.resource),
                concept=concept.id,
                origin=Origin(setting.resource, (text or setting.text)[:LONGEST]),
                present=present,
                day=setting.day,
                onset=setting.onset and setting.day is not None,
                recorded=setting.recorded,
                ended=setting.ended,
                bone=site.bone,
                region=region,
                laterality=site.laterality,
                part=site.part,
                end=site.end,
                modality=setting.modality or concept.modality,
            )
            yield msgspec.structs.replace(fact, **columns) if columns else fact

    def resolved(self, reference: Reference | None, setting: Setting) -> tuple[Item, Read] | None:
        """Give the resource that is referred to, if the record holds it."""
        if reference is None or not reference.reference:
            return None
        path = self.path_of(reference, setting.resource)
        return None if path is None else self.resources.get(path)

    def path_of(self, reference: Reference, container: str) -> str | None:
        """Give the path of what a resource refers to; ``#id`` is something that it contains."""
        if reference.reference is None:
            return None
        if reference.reference.startswith("#"):
            return f"{container}{reference.reference}"
        return self.paths.get(key_of(reference.reference))


def _wider(coded: Match, named: Match) -> Match:
    """Give the match of code and text: what either calls by the concept's own name is all of it."""
    return coded if coded.is_whole else named


def _between(start: Day | None, end: Day | None) -> Day | None:
    if start is None or end is None:
        return start or end
    try:
        return between(start, end)
    except ValueError:
        return None


MODALITIES: Mapping[str, Modality] = {
    "CR": "xray",
    "DX": "xray",
    "RG": "xray",
    "MR": "mri",
    "CT": "ct",
    "US": "ultrasound",
    "NM": "scintigraphy",
    "PT": "pet",
}
"""DICOM's words for kinds of imaging to ours."""
