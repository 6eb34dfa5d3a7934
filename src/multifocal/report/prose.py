"""The summary in plain words: for a child of eleven, and never a word that calms too early."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

import msgspec

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment, Lesion, Urgency
from multifocal.model.issue import Level
from multifocal.model.source import Citation
from multifocal.report.words import in_family_words, inside, listed, region

TOLD = 6
"""Symptoms and signs that the summary names; the page has the rest."""
IN_A_SENTENCE = 2
PLACES = 3
MISSING = 2
TESTS = 2
SENTENCE_END = re.compile(r"(?<=[.?!]) ")
URGENCIES: tuple[Urgency, ...] = ("emergency", "urgent", "soon")
TOLD_KINDS = frozenset({"symptom", "sign"})
ASKED_KINDS = frozenset({"symptom", "sign", "history", "lab"})
"""Kinds of missing findings that a family can ask about; a bone sample is its doctor's to raise."""


class Passage(msgspec.Struct, frozen=True):
    """A few plain sentences under one heading."""

    id: str
    heading: str
    sentences: tuple[str, ...]
    source: Citation | None = None


class Section(msgspec.Struct, frozen=True):
    """A section of plain.toml: its heading, whole sentences, and sentences to fill in."""

    heading: str
    text: tuple[str, ...] = ()
    source: Citation | None = None


@cache
def _plain() -> dict[str, dict[str, object]]:
    text = (files("multifocal.report") / "templates" / "plain.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _section(id_: str) -> Section:
    return msgspec.convert(_plain()[id_], Section)


def _say(section: str, key: str, **filled: object) -> str:
    return str(_plain()[section][key]).format(**filled)


def _many(section: str, key: str) -> tuple[str, ...]:
    return msgspec.convert(_plain()[section][key], tuple[str, ...])


def summary(assessment: Assessment, knowledge: Knowledge) -> tuple[str, ...]:
    """Give the plain-words summary, one sentence each."""
    return tuple(
        sentence
        for passage in passages(assessment, knowledge)
        for text in passage.sentences
        for sentence in SENTENCE_END.split(text)
    )


def passages(assessment: Assessment, knowledge: Knowledge) -> tuple[Passage, ...]:
    """Give the plain-words summary by heading; a red flag comes first and ends the questions."""
    about, help_ = _section("about"), _section("help")
    parts = [
        Passage("found", _section("found").heading, tuple(_found(assessment, knowledge))),
        Passage("unknown", _section("unknown").heading, tuple(_unknown(assessment, knowledge))),
    ]
    if not assessment.red_flags:
        parts.append(Passage("ask", _section("ask").heading, tuple(_ask(assessment))))
    whole = (
        Passage("about", about.heading, about.text),
        *parts,
        Passage("help", help_.heading, help_.text, help_.source),
    )
    if not assessment.red_flags:
        return whole
    return (Passage("now", _section("now").heading, tuple(_now(assessment))), *whole)


def _now(assessment: Assessment) -> Iterator[str]:
    """Say what the most urgent red flags mean, and that there are others."""
    most = min((flag.urgency for flag in assessment.red_flags), key=URGENCIES.index)
    first = dict.fromkeys(flag.plain for flag in assessment.red_flags if flag.urgency == most)
    yield _say("now", most)
    yield from first
    if others := sum(flag.urgency != most for flag in assessment.red_flags):
        yield _say("now", "other_one" if others == 1 else "other_many", number=others)
    yield _say("now", "first")


def _found(assessment: Assessment, knowledge: Knowledge) -> Iterator[str]:
    told = tuple(_told(assessment, knowledge))
    outside = _outside(assessment)
    if assessment.lesions:
        places = tuple(_places(assessment.lesions, knowledge))
        count = len({(lesion.bone, lesion.laterality) for lesion in assessment.lesions})
        key = "lesions_one" if count == 1 else "lesions_many"
        yield _say("found", key, number=count, places=listed(places[:PLACES]))
        if more := places[PLACES:]:
            yield _say("found", "places_more", places=listed(more))
    elif _shows_something(assessment, knowledge):
        yield _say("found", "lesions_other")
    elif (told or outside) and not assessment.regions_unread:
        yield _say("found", "lesions_none")
    if assessment.regions_unread:
        yield _say("found", "lesions_unread")
    for start in range(0, len(told), IN_A_SENTENCE):
        things = listed(told[start : start + IN_A_SENTENCE])
        yield _say("found", "told_more" if start else "told", things=things)
    if outside:
        yield _say("found", "blood_one" if outside == 1 else "blood_many", number=outside)
    if not (assessment.lesions or told or outside or assessment.regions_unread):
        yield _say("found", "nothing")


def _shows_something(assessment: Assessment, knowledge: Knowledge) -> bool:
    """Whether an image shows what is no lesion of ours, such as a line beside a growth plate."""
    clear = set(_many("found", "clear"))
    return any(
        fact.present
        and fact.concept not in clear
        and (concept := knowledge.concepts_by_id.get(fact.concept)) is not None
        and concept.kind == "image"
        for fact in assessment.facts
    )


def _told(assessment: Assessment, knowledge: Knowledge) -> Iterable[str]:
    present = (
        in_family_words(finding.id, knowledge)
        for finding in assessment.findings
        if finding.truth is True
        and (entry := knowledge.findings_by_id.get(finding.id)) is not None
        and entry.kind in TOLD_KINDS
    )
    return list(dict.fromkeys(phrase for phrase in present if phrase))[:TOLD]


def _outside(assessment: Assessment) -> int:
    """Count the analytes whose latest value is outside its interval."""
    flags = {fact.id: fact.flag for fact in assessment.facts}
    latest = (flags.get(lab.facts[-1]) for lab in assessment.labs if lab.facts)
    return sum(flag in ("low", "high") for flag in latest)


def _places(lesions: Iterable[Lesion], knowledge: Knowledge) -> Iterator[str]:
    wide = frozenset(_many("found", "wide"))
    sides: dict[str, set[str]] = {}
    for lesion in lesions:
        chain = knowledge.places.get(lesion.bone, (lesion.bone,))
        place = next((id_ for id_ in reversed(chain) if id_ not in wide), lesion.bone)
        known = knowledge.bones_by_id.get(lesion.bone)
        unpaired = known is not None and not known.paired
        side: str = "midline" if unpaired else lesion.laterality or ""
        sides.setdefault(place, set()).add(side)
    for id_, found in sides.items():
        name = (
            region(knowledge.regions_by_id[id_].id, knowledge)
            if id_ in knowledge.regions_by_id
            else id_
        )
        for side in (
            ("both",) if "bilateral" in found or {"left", "right"} <= found else sorted(found)
        ):
            yield _place(name, side)


def _place(name: str, side: str) -> str:
    match side:
        case "":
            return _say("found", "side_unknown", place=name)
        case "midline":
            return _say("found", "side_none", place=name)
        case "both":
            return _say("found", "side_known", side=_say("found", "both"), place=name)
        case _:
            return _say("found", "side_known", side=side, place=name)


def _unknown(assessment: Assessment, knowledge: Knowledge) -> Iterator[str]:
    unread = sum(one.count for one in assessment.not_read if one.level is not Level.INFO)
    if unread:
        yield _say("unknown", "not_read_one" if unread == 1 else "not_read_many", number=unread)
    if dangers := sum(danger.tier == "answer" for danger in assessment.dangers):
        yield _say("unknown", "dangers_one" if dangers == 1 else "dangers_many", number=dangers)
    if dangers < len(assessment.dangers):
        yield _say("unknown", "dangers_then")
    phrases = (
        in_family_words(missing.finding, knowledge)
        for missing in assessment.missing
        if (entry := knowledge.findings_by_id.get(missing.finding)) is not None
        and entry.kind in ASKED_KINDS
    )
    named = list(dict.fromkeys(phrase for phrase in phrases if phrase))[:MISSING]
    if named:
        yield _say("unknown", "missing", things=listed(named, last="or"))
    if (rest := len(assessment.missing) - len(named)) > 1 and named:
        yield _say("unknown", "missing_many", number=rest)
    yield _say("unknown", "words")


def _ask(assessment: Assessment) -> Iterator[str]:
    for test in [test for test in assessment.next_tests if test.answers][:TESTS]:
        short = test.label.partition(":")[0].partition(",")[0]
        yield _say("ask", "test", test=inside(short))
    if assessment.next_tests:
        yield _say("ask", "about_it")
    yield from _many("ask", "always")
