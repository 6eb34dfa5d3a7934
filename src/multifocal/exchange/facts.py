"""What is told in words to facts, and what is said about what is none."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

import msgspec

from multifocal.exchange.fhir.observations import numeric_facts
from multifocal.exchange.fhir.reading import Reading, Setting
from multifocal.exchange.fhir.resources import Quantity, ReferenceRange, Valued
from multifocal.exchange.site_lexicon import SiteLexicon
from multifocal.exchange.text import ONSET, Statement, text_reader
from multifocal.exchange.vocabulary import Match
from multifocal.model.anatomy import Laterality, Site
from multifocal.model.day import Day
from multifocal.model.record import Fact, FactId, Origin

MARK = "#text-"
"""Stands in the id of every fact that was read from words."""
BOTH: tuple[Laterality, ...] = ("left", "right")
NOWHERE = (Site(),)
UNSURE = {
    "uncertain": "says something only as possible; it was not counted",
    "asked": "asks whether something is there; it was not counted",
    "past": "says that something was there before; it was not counted",
    "family": "speaks of a relative; what the work-up has no use for was not counted",
}
LONGEST = 300


def told_facts(
    statements: Iterable[Statement], setting: Setting, reading: Reading, *, absences: bool = True
) -> Iterator[Fact]:
    """Give the facts that a text states; the rest is counted in the issue_log.

    ``absences`` is false for a text that is not final: what it does not find may still come.
    """
    number = 0
    for statement in statements:
        for fact in _facts(statement, setting, reading):
            if not fact.present and not absences:
                continue
            number += 1
            origin = Origin(fact.origin.resource, statement.text[:LONGEST])
            identity = FactId(f"{setting.resource}{MARK}{number}")
            yield msgspec.structs.replace(fact, id=identity, origin=origin)


def _facts(statement: Statement, setting: Setting, reading: Reading) -> Iterator[Fact]:
    concept = reading.vocabulary.concepts[statement.concept]
    kind = setting.where.split(" ", maxsplit=1)[0]
    if statement.value is not None:
        yield from _measured(statement, setting, reading)
        return
    if statement.state == "family":
        relatives = reading.vocabulary.in_relative(concept.id)
        if relatives:
            placed = msgspec.structs.replace(setting, sites=NOWHERE)
            for relative in relatives:
                yield from reading.facts(Match(relative), placed, present=True)
            return
    if statement.state not in ("present", "absent"):
        reading.issue_log.info(kind, UNSURE[statement.state])
        return
    sites = statement.sites
    if sites and setting.sites != NOWHERE:
        sites = at_home(sites, setting.sites, text_reader(reading.knowledge).site_lexicon)
    if not sites:
        sites = setting.sites if concept.kind in ("image", "study") else NOWHERE
    placed = msgspec.structs.replace(
        setting,
        sites=sites,
        modality=statement.modality or (setting.modality if concept.kind == "image" else None),
    )
    if statement.days_ago is not None:
        day = _counted_back(setting.day, statement.days_ago, statement.give_or_take)
        if day is None:
            return
        placed = msgspec.structs.replace(
            placed, day=day, onset=concept.id == ONSET, recorded=setting.recorded or setting.day
        )
    yield from reading.facts(Match(concept), placed, present=statement.state == "present")


def _measured(statement: Statement, setting: Setting, reading: Reading) -> Iterator[Fact]:
    """Give a value with its unit; one without a unit is left out, and said so."""
    value = statement.value
    if value is None:
        return
    concept = reading.vocabulary.concepts[statement.concept]
    quantity = Quantity(value=value.number, comparator=value.comparator, unit=value.unit or None)
    ranges = (ReferenceRange(text=value.interval),) if value.interval else None
    placed = msgspec.structs.replace(setting, sites=NOWHERE, modality=None)
    for fact in numeric_facts(quantity, Valued(reference_range=ranges), concept, placed, reading):
        if fact.flag is None and value.level is not None:
            fact = msgspec.structs.replace(fact, flag=value.level, interval="laboratory")
        yield fact


def _counted_back(day: Day | None, days: float, give_or_take: float) -> Day | None:
    """Give the day so long ago, as exactly as people count."""
    if day is None:
        return None
    back, about = timedelta(days=days), timedelta(days=min(give_or_take, days))
    try:
        return Day(day.earliest - back - about, day.latest - back + about)
    except OverflowError:
        return None


def at_home(
    sites: Sequence[Site], homes: Sequence[Site], site_lexicon: SiteLexicon
) -> tuple[Site, ...]:
    """Give the places that a text names, completed by where the whole text is about.

    In a report of the right hand "the third metacarpal" is the right one; "the vertebrae" in one of
    the thoracic spine are thoracic.
    """
    found: list[Site] = []
    for site in sites:
        inner = [home for home in homes if _holds(site, home, site_lexicon)]
        if site.bone is None and inner and site.laterality is None:
            found += inner
            continue
        outer = [home for home in homes if _holds(home, site, site_lexicon)]
        sides = {home.laterality for home in outer}
        is_paired = site.bone is not None and {home.bone for home in outer} == {site.bone}
        if site.laterality is None and is_paired and sides == {"left", "right"}:
            found += [msgspec.structs.replace(site, laterality=side) for side in BOTH]
            continue
        side = sides.pop() if len(sides) == 1 else None
        if site.laterality is None and side in ("left", "right"):
            site = msgspec.structs.replace(site, laterality=side)
        found.append(site)
    return tuple(dict.fromkeys(found))


def _holds(outer: Site, inner: Site, site_lexicon: SiteLexicon) -> bool:
    """Whether one place is the other, or a region around it."""
    if outer.bone is not None:
        return outer.bone == inner.bone
    place = inner.bone or inner.region
    return (
        outer.region is not None
        and place is not None
        and outer.region in (place, *site_lexicon.around[place])
    )


def once(facts: Sequence[Fact], reading: Reading) -> list[Fact]:
    """Leave out what words say of something that is coded for the same day and place."""
    coded = [fact for fact in facts if MARK not in fact.id]
    if len(coded) == len(facts):
        return list(facts)
    by_concept: dict[str, list[Fact]] = {}
    for fact in coded:
        by_concept.setdefault(fact.concept, []).append(fact)
    kept: list[Fact] = []
    counts: Counter[str] = Counter()
    for fact in facts:
        parts = reading.vocabulary.concepts[fact.concept].combines
        whole = [other for other in by_concept.get(fact.concept, ()) if _same(fact, other)]
        halves = [
            [other for other in by_concept.get(part, ()) if _same(fact, other)] for part in parts
        ]
        same = whole or [one for half in halves for one in half if all(halves)]
        if MARK not in fact.id or not same:
            kept.append(fact)
        elif all(other.present != fact.present for other in same):
            counts["contradicted"] += 1
        else:
            counts["repeated"] += 1
    if counts["contradicted"]:
        reading.issue_log.warning(
            "record",
            "a text and a code of one day contradict each other; the code was kept. Check both.",
            count=counts["contradicted"],
        )
    return kept


def _same(told: Fact, coded: Fact) -> bool:
    """Whether both speak of one thing; what is told without a place is of any place."""
    if told.day != coded.day:
        return False
    if told.bone is not None and coded.bone is not None:
        if told.bone != coded.bone:
            return False
    elif (
        told.region is not None
        and coded.region is not None
        and told.bone is None
        and coded.bone is None
    ):
        if told.region != coded.region:
            return False
    return told.laterality in (None, coded.laterality) or coded.laterality is None
