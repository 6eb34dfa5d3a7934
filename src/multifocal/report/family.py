"""The page of a family: this child, in short words, with what to do and when to get help."""

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

import msgspec

from multifocal.model.assessment import Lesion, Urgency
from multifocal.model.issue import Level
from multifocal.report.case import Case
from multifocal.report.document import Alarm, Block, Heading, Items, Page, Text, say
from multifocal.report.words import in_family_words, listed, region, words

TOLD = 3
"""Symptoms and signs that are named beside those of the place."""
PLACES = 3
TESTS = 3
SAID = 1
URGENCIES: tuple[Urgency, ...] = ("emergency", "urgent", "soon")
TOLD_KINDS = ("symptom", "sign")


@cache
def _plain() -> dict[str, dict[str, object]]:
    text = (files("multifocal.report") / "templates" / "plain.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _say(section: str, key: str, **filled: object) -> str:
    return str(_plain()[section][key]).format(**filled)


def _many(section: str, key: str) -> tuple[str, ...]:
    return msgspec.convert(_plain()[section][key], tuple[str, ...])


def family(case: Case) -> Page:
    """Compose the page; what must be done at once comes first."""
    return Page("family", words().say["title_family"], tuple(_blocks(case)))


def _blocks(case: Case) -> Iterator[Block]:
    flags = case.given.red_flags
    if flags:
        yield Alarm("act", _say("now", "heading"), (Text(say(" ".join(_now(case))), "lead"),))
    yield Heading(say(_say("found", "heading")), 2)
    yield Text(say(" ".join(_found(case))), "lead")
    if not flags:
        yield Heading(say(_say("unknown", "heading")), 2)
        yield Text(say(" ".join(_unknown(case))), "lead")
    yield from _next(case)
    first, *rest = _many("help", "text")
    inside = (Text(say(first)), Items(tuple(map(say, rest))), Text(say(_say("help", "later"))))
    yield Alarm("check", _say("help", "heading"), inside)
    yield Text(say(_say("about", "text")), "fine")


def _now(case: Case) -> Iterator[str]:
    """Say what the most urgent red flags mean, and that there are others."""
    flags = case.given.red_flags
    most = min((flag.urgency for flag in flags), key=URGENCIES.index)
    first = list(dict.fromkeys(flag.plain for flag in flags if flag.urgency == most))
    yield _say("now", most)
    yield from first[:SAID]
    if others := sum(flag.plain not in first[:SAID] for flag in flags):
        yield _say("now", "other_one" if others == 1 else "other_many", number=others)


def _found(case: Case) -> Iterator[str]:
    given = case.given
    verbs, signs = tuple(_said("verbs", case)), tuple(_said("signs", case))
    told = tuple(_phrases(case, placed=False))
    places = tuple(_places(given.lesions, case))
    whole = [place.removeprefix("the ") for place in places]
    placed = len(whole) == 1 and "(" not in whole[0]
    if placed and verbs:
        yield _say("found", "place", place=whole[0], verbs=listed(verbs))
    if placed and signs:
        key = "place_is" if verbs else "place_only"
        yield _say("found", key, place=whole[0], signs=listed(signs))
    if not placed:
        told = (*_phrases(case, placed=True), *told)
    if told:
        key = "told" if placed and (verbs or signs) else "told_first"
        yield _say("found", key, things=listed(told[:TOLD]))
    outside = _outside(case)
    if given.lesions:
        count = len({(lesion.bone, lesion.laterality) for lesion in given.lesions})
        key = "lesions_one" if count == 1 else "lesions_many"
        yield _say("found", key, number=count, places=listed(places[:PLACES]))
    elif _shows_something(case):
        yield _say("found", "lesions_other")
    elif (told or outside) and not given.regions_unread:
        yield _say("found", "lesions_none")
    if given.regions_unread:
        yield _say("found", "lesions_unread")
    if outside:
        yield _say("found", "blood_one" if outside == 1 else "blood_many", number=outside)
    if not (given.lesions or told or outside or given.regions_unread):
        yield _say("found", "nothing")


def _said(section: str, case: Case) -> Iterator[str]:
    there = {finding.id for finding in case.known(TOLD_KINDS, truth=True)}
    return (str(word) for id_, word in _plain()[section].items() if id_ in there)


def _phrases(case: Case, *, placed: bool) -> Iterator[str]:
    """Give the findings of the child in a family's words, those of a place or the others."""
    there = case.known(TOLD_KINDS, truth=True)
    of_places = {*_plain()["verbs"], *_plain()["signs"]}
    named = [one.id for one in there if (one.id in of_places) is placed]
    phrases = (in_family_words(id_, case.knowledge) for id_ in named)
    return iter(dict.fromkeys(phrase for phrase in phrases if phrase))


def _shows_something(case: Case) -> bool:
    """Whether an image shows what is no lesion of ours, such as a line beside a growth plate."""
    clear = set(_many("found", "clear"))
    return any(
        fact.present
        and fact.concept not in clear
        and (concept := case.knowledge.concepts_by_id.get(fact.concept)) is not None
        and concept.kind == "image"
        for fact in case.given.facts
    )


def _outside(case: Case) -> int:
    """Count the analytes whose latest value is outside its interval."""
    latest = (case.facts.get(lab.facts[-1]) for lab in case.given.labs if lab.facts)
    return sum(fact is not None and fact.flag in ("low", "high") for fact in latest)


def _places(lesions: Iterable[Lesion], case: Case) -> Iterator[str]:
    wide, knowledge = frozenset(words().wide), case.knowledge
    sides: dict[str, set[str]] = {}
    for lesion in lesions:
        chain = knowledge.places.get(lesion.bone, (lesion.bone,))
        place = next((id_ for id_ in reversed(chain) if id_ not in wide), lesion.bone)
        known = knowledge.bones_by_id.get(lesion.bone)
        unpaired = known is not None and not known.paired
        sides.setdefault(place, set()).add("midline" if unpaired else lesion.laterality or "")
    for id_, found in sides.items():
        named = knowledge.regions_by_id.get(id_)
        name = id_ if named is None else region(named.id, knowledge)
        both = "bilateral" in found or {"left", "right"} <= found
        yield from (_place(name, side) for side in (("both",) if both else sorted(found)))


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


def _unknown(case: Case) -> Iterator[str]:
    given = case.given
    unread = sum(one.count for one in given.not_read if one.level is not Level.INFO)
    if unread:
        yield _say("unknown", "not_read_one" if unread == 1 else "not_read_many", number=unread)
    if dangers := sum(danger.tier == "answer" for danger in given.dangers):
        yield _say("unknown", "dangers_one" if dangers == 1 else "dangers_many", number=dangers)
    if dangers < len(given.dangers):
        yield _say("unknown", "dangers_then")
    if given.differential is None or given.differential.abstained:
        yield _say("unknown", "words")


def _next(case: Case) -> Iterator[Block]:
    steps = case.given.steps
    yield Heading(say(_say("next", "heading")), 2)
    if not steps:
        yield Text(say(_say("next", "none")), "lead")
        return
    told = dict.fromkeys(sentence for step in steps for sentence in step.plain)
    yield Text(say(_say("next", steps[0].when)), "lead")
    yield Items(tuple(say(sentence) for sentence in list(told)[:TESTS]))


def sentences(page: Page) -> tuple[str, ...]:
    """Give every text of a page, for whoever counts its words."""
    return tuple(_sentences(page.blocks))


def _sentences(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading(line=line) | Text(line=line):
                yield "".join(run.text for run in line)
            case Items(items=items):
                yield from ("".join(run.text for run in item) for item in items)
            case Alarm(heading=heading, blocks=inside):
                yield heading
                yield from _sentences(inside)
            case _:
                pass
