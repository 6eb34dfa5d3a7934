"""The symptom checker: a family's answers in, what to do and how soon out.

The answers become facts and go the way of a record, so that a red flag here is the red flag of the
work-up. Beside the red flags stand rules over the answers themselves. A sign of danger that is not
known counts as one that is there; what else is not known changes nothing.
"""

from collections.abc import Container, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version

import msgspec

from multifocal.knowledge.check_checker import (
    AT,
    BOTH_LEGS,
    EVERYWHERE,
    ONE_PLACE,
    PLACE,
    PLACE_TOLD,
    answer_ids,
    listened,
)
from multifocal.knowledge.entries_checker import AdviceEntry, AnswerChoice, QuestionEntry
from multifocal.knowledge.load import Knowledge
from multifocal.model.anatomy import Site
from multifocal.model.checker import (
    HOW_SOON,
    NO,
    UNKNOWN,
    YES,
    Answers,
    CheckResult,
    HowSoon,
    Reason,
    Told,
)
from multifocal.model.day import Day
from multifocal.model.issue import Issue, Level
from multifocal.model.record import ConceptId, Fact, FactId, Origin, Patient, Record
from multifocal.model.source import Citation
from multifocal.rules.explain import reasons
from multifocal.rules.nodes import names
from multifocal.rules.score import Pair
from multifocal.workup.age import MONTHS_A_YEAR
from multifocal.workup.find import find
from multifocal.workup.ready import ready

TODAY = date(2020, 1, 1)
"""Stands for the day of the answers: they hold no dates, and no clock is read."""
FORM = Origin("checker")
LABELS: Mapping[str, str] = {YES: "Yes", NO: "No", UNKNOWN: "Not known"}
NOWHERE = (Site(),)
IN_DOUBT = frozenset({PLACE, "age"})
"""Earlier questions whose missing answer hides nothing."""
SURE, ABSENT, OPEN = (True, True), (False, False), (False, True)
"""A truth that holds, one that doesn't, and one that may."""


class _Rule(msgspec.Struct, frozen=True):
    """A red flag or a rule of the checker."""

    id: str
    how_soon: HowSoon
    when: str
    plain: str
    source: Citation
    flag: bool = False
    """Whether it is a red flag, and speaks of findings; a rule of the checker of answers."""


def check(answers: Answers, *, knowledge: Knowledge) -> CheckResult:
    """Say what to do and how soon: the most urgent that the answers ask for.

    What can't be understood counts as not answered, and an issue tells how much it was. Answers
    that do not fit together are issues too; the more urgent of them counts.
    """
    answers, issues = understood(answers, knowledge)
    opened = open_dangers(answers, knowledge)
    told = {one.id: _told(one, answers, opened) for one in knowledge.questions}
    words = answer_pairs(answers, knowledge)
    issues += tuple(
        Issue(Level.WARNING, contradiction.id, contradiction.plain)
        for contradiction in knowledge.check_contradictions
        if ready(knowledge).scorers[contradiction.when](words)[0]
    )
    standing = tuple(_reasons(answers, words, told, knowledge))
    how_soon = standing[0].how_soon if standing else HOW_SOON[-1]
    sure = not standing or standing[0].sure
    advice = _advice(knowledge)[how_soon]
    unsure = not sure and bool(advice.open_title)
    return CheckResult(
        how_soon=how_soon,
        sure=sure,
        title=advice.open_title if unsure else advice.title,
        within=advice.within,
        do=advice.open_do if unsure else advice.do,
        meanwhile=advice.meanwhile,
        come_back=advice.come_back,
        source=advice.source,
        reasons=standing,
        answers=tuple(told.values()),
        sites=answers.sites,
        issues=issues,
        knowledge_version=knowledge.version,
        software_version=version("multifocal"),
    )


def understood(answers: Answers, knowledge: Knowledge) -> tuple[Answers, tuple[Issue, ...]]:
    """Keep what the questions and the skeleton know, each place once; tell what was not kept."""
    known = {question.id: choices(question) for question in knowledge.questions}
    given = {
        question: answer
        for question, answer in answers.given.items()
        if answer in known.get(question, ())
    }
    sites = tuple(dict.fromkeys(site for site in answers.sites if _is_place(site, knowledge)))
    lost = len(answers.given) - len(given) + len(set(answers.sites)) - len(sites)
    message = "an answer was not understood and counts as not answered"
    issues = (Issue(Level.WARNING, "answers", message, lost),) if lost else ()
    return Answers(given, sites), issues


def choices(question: QuestionEntry, *, unknown: str = LABELS[UNKNOWN]) -> Mapping[str, str]:
    """Give every answer to a question with its words, that it is not known at the end."""
    own = {choice.id: choice.label for choice in question.choices} or {
        YES: LABELS[YES],
        NO: LABELS[NO],
    }
    return {**own, UNKNOWN: unknown}


def is_asked(question: QuestionEntry, answers: Answers, knowledge: Knowledge) -> bool:
    """Tell whether this child is asked: the questions before hide what doesn't concern it.

    Where the age or the place is not known, what hangs on it is asked.
    """
    for one in question.asked_of:
        if one.question == PLACE:
            told = set(places_of(answers.sites, knowledge))
        else:
            told = {answers.given[one.question]} if one.question in answers.given else set()
        in_doubt = not told and one.question in IN_DOUBT
        if not in_doubt and not told & set(one.answers):
            return False
    return True


def places_of(sites: tuple[Site, ...], knowledge: Knowledge) -> tuple[str, ...]:
    """Give the places of the questionnaire in which these sites are."""
    around = {
        name for site in sites for name in knowledge.places.get(site.bone or site.region or "", ())
    }
    marked = {site.region for site in sites if site.bone is None}
    return tuple(
        place.id
        for place in knowledge.check_places
        if (around if place.id not in EVERYWHERE else marked) & {place.region, *place.holds}
    )


def answer_pairs(answers: Answers, knowledge: Knowledge) -> Mapping[str, Pair]:
    """Give every word of the checker's rules as the answers have it."""
    opened = open_dangers(answers, knowledge)
    words: dict[str, Pair] = {}
    for question in knowledge.questions:
        given = answers.given.get(question.id)
        for answer in answer_ids(question):
            held = SURE if given == answer else ABSENT
            calm = answer == NO or question.id not in opened
            words[f"{question.id}_{answer}"] = held if calm else OPEN
        there = given is not None and given not in {NO, UNKNOWN}
        words[question.id] = OPEN if question.id in opened else SURE if there else ABSENT
    return words | _place_words(answers.sites, knowledge)


def _place_words(sites: tuple[Site, ...], knowledge: Knowledge) -> dict[str, Pair]:
    places = set(places_of(sites, knowledge))
    legs = {place.id for place in knowledge.check_places if place.leg}
    sides = {site.laterality for site in sites}
    both = "bilateral" in sides or sides >= {"left", "right"}
    told = {f"{AT}{place.id}": place.id in places for place in knowledge.check_places}
    told |= {
        PLACE_TOLD: bool(sites),
        BOTH_LEGS: bool(places) and places <= legs and both,
        ONE_PLACE: len(places) == 1 and places.isdisjoint(EVERYWHERE) and not both,
    }
    return {word: SURE if holds else ABSENT for word, holds in told.items()}


def open_dangers(answers: Answers, knowledge: Knowledge) -> frozenset[str]:
    """Give the signs of danger that count as there because nobody could tell.

    Those answered "don't know"; and those of a list of which nothing was answered at all. What is
    left out of a list that was answered is a box without a tick, and not there.
    """
    answered = {
        knowledge.questions_by_id[question].part
        for question in answers.given
        if question in knowledge.questions_by_id
    }
    return frozenset(
        question.id
        for question in knowledge.questions
        if question.danger
        and (
            answers.given.get(question.id) == UNKNOWN
            or (question.part not in answered and is_asked(question, answers, knowledge))
        )
    )


def record_of(answers: Answers, knowledge: Knowledge) -> Record:
    """Give the answers as a record, as of `TODAY`. They must have been `understood`."""
    facts: list[Fact] = []
    birth = None
    for question in knowledge.questions:
        choice = _chosen(question, answers.given.get(question.id, UNKNOWN))
        if choice is None:
            continue
        if choice.age_months is not None:
            birth = _born(*choice.age_months)
        facts += _facts(question, choice, answers.sites)
    return Record(Patient("child", birth=birth), tuple(facts))


def _is_place(site: Site, knowledge: Knowledge) -> bool:
    if site.bone is not None:
        return site.bone in knowledge.bones_by_id
    return site.region in knowledge.regions_by_id


def _chosen(question: QuestionEntry, answer: str) -> AnswerChoice | None:
    """Give what an answer stands for; None for one that says nothing."""
    if question.choices:
        return next((choice for choice in question.choices if choice.id == answer), None)
    match answer:
        case "yes":
            return AnswerChoice(YES, LABELS[YES], present=question.concepts)
        case "no":
            return AnswerChoice(NO, LABELS[NO], absent=question.concepts)
        case _:
            return None


def _facts(
    question: QuestionEntry, choice: AnswerChoice, sites: tuple[Site, ...]
) -> Iterator[Fact]:
    today = Day(TODAY, TODAY)
    if choice.began_days is not None:
        least, most = choice.began_days
        began = Day(TODAY - timedelta(days=most), TODAY - timedelta(days=least))
        yield Fact(FactId(question.id), ConceptId("symptom_onset"), FORM, day=began, onset=True)
    for concept in choice.absent:
        yield Fact(FactId(f"{question.id} {concept}"), concept, FORM, present=False, day=today)
    for concept in choice.present:
        for place, site in enumerate((sites if question.at_site else ()) or NOWHERE):
            yield Fact(
                FactId(f"{question.id} {concept} {place}"),
                concept,
                FORM,
                day=today,
                bone=site.bone,
                region=site.region,
                laterality=site.laterality,
                part=site.part,
                end=site.end,
            )


def _born(least: int, most: int) -> Day:
    """Give the days on which a child of so many completed months may have been born."""
    return Day(_months_ago(most + 1) + timedelta(days=1), _months_ago(least))


def _months_ago(count: int) -> date:
    years, month = divmod(TODAY.month - 1 - count, MONTHS_A_YEAR)
    return date(TODAY.year + years, month + 1, TODAY.day)


def _told(question: QuestionEntry, answers: Answers, opened: Container[str]) -> Told:
    answer = answers.given.get(question.id, UNKNOWN)
    words = choices(question)[answer]
    known = answer != UNKNOWN
    return Told(question.id, question.short, words, known=known, open=question.id in opened)


def _reasons(
    answers: Answers,
    words: Mapping[str, Pair],
    told: Mapping[str, Told],
    knowledge: Knowledge,
) -> list[Reason]:
    """Give every rule that stands, the most urgent first, what is sure before what is open."""
    scorers = ready(knowledge).scorers
    findings = _findings(answers, knowledge)
    aside = {one.id for one in knowledge.set_aside if scorers[one.when](words)[0]}
    standing = []
    for rule in _rules(knowledge):
        spoken = findings if rule.flag else words
        sure, may_be = scorers[rule.when](spoken)
        if may_be and rule.id not in aside:
            standing.append(_reason(rule, spoken, told, knowledge, sure=bool(sure)))
    return sorted(standing, key=lambda one: (HOW_SOON.index(one.how_soon), not one.sure))


def _findings(answers: Answers, knowledge: Knowledge) -> Mapping[str, Pair]:
    """Give the words of red flags: open are those of an open danger, and nothing else."""
    record = record_of(answers, knowledge)
    found = find(record.facts, record.patient, as_of=TODAY, knowledge=knowledge).words
    opened = open_dangers(answers, knowledge)
    asked = {word: question.id for question in knowledge.questions for word in question.asks}
    return {
        name: pair if asked.get(name) in opened or pair[0] == pair[1] else _closed(pair)
        for name, pair in found.items()
    }


def _closed(pair: Pair) -> Pair:
    """Give what is not known as something that can't hold: no truth, and a number beyond all."""
    return ABSENT if pair == OPEN else (pair[1], pair[0])


def _reason(
    rule: _Rule,
    words: Mapping[str, Pair],
    told: Mapping[str, Told],
    knowledge: Knowledge,
    *,
    sure: bool,
) -> Reason:
    node = knowledge.rules[rule.when]
    spoken = reasons(node, words) if sure else names(node)
    because = tuple(
        told[question.id]
        for question in knowledge.questions
        if spoken & {question.id, *question.asks, *_choice_words(question)}
        and (told[question.id].known if sure else _is_open(question, words))
    )
    return Reason(rule.id, rule.how_soon, sure, rule.plain, because, rule.source)


def _choice_words(question: QuestionEntry) -> Iterator[str]:
    return (f"{question.id}_{answer}" for answer in answer_ids(question))


def _is_open(question: QuestionEntry, words: Mapping[str, Pair]) -> bool:
    return any(words.get(word) == OPEN for word in (question.id, *question.asks))


@lru_cache(maxsize=1)
def _rules(knowledge: Knowledge) -> tuple[_Rule, ...]:
    return (
        *(
            _Rule(flag.id, flag.urgency, flag.when, flag.plain, flag.source, flag=True)
            for flag in listened(knowledge)
        ),
        *(
            _Rule(rule.id, rule.how_soon, rule.when, rule.plain, rule.source)
            for rule in knowledge.check_rules
        ),
    )


def _advice(knowledge: Knowledge) -> Mapping[HowSoon, AdviceEntry]:
    return {advice.id: advice for advice in knowledge.advice}
