"""The symptom checker: a family's answers in, what to do and how soon out.

The answers become facts and go the way of a record, so that a red flag here is the red flag of the
work-up. A rule counts as soon as it may hold: what is not known never lowers the haste.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version

import msgspec

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
from multifocal.rules.nodes import names
from multifocal.rules.score import Pair
from multifocal.workup.age import MONTHS_A_YEAR
from multifocal.workup.find import Found, decisive, find
from multifocal.workup.ready import ready

TODAY = date(2020, 1, 1)
"""Stands for the day of the answers: they hold no dates, and no clock is read."""
FORM = Origin("checker")
LABELS: Mapping[str, str] = {YES: "Yes", NO: "No", UNKNOWN: "Not known"}
NOWHERE = (Site(),)
CONTRADICTED = (
    "a place was marked, and all that could be there was answered no: whether it hurts counts as "
    "not known"
)


class _Rule(msgspec.Struct, frozen=True):
    """A red flag or a rule of the checker."""

    id: str
    how_soon: HowSoon
    when: str
    plain: str
    source: Citation


def check(answers: Answers, *, knowledge: Knowledge) -> CheckResult:
    """Say what to do and how soon: the most urgent that the answers leave possible.

    What can't be understood counts as not known, and an issue tells how much it was.
    """
    answers, issues = understood(answers, knowledge)
    told = {question.id: _told(question, answers) for question in knowledge.questions}
    reasons = tuple(_reasons(_found(answers, knowledge), told, knowledge))
    how_soon = reasons[0].how_soon if reasons else HOW_SOON[-1]
    sure = not reasons or reasons[0].sure
    advice = _advice(knowledge)[how_soon]
    opened = not sure and bool(advice.open_title)
    return CheckResult(
        how_soon=how_soon,
        sure=sure,
        title=advice.open_title if opened else advice.title,
        within=advice.within,
        do=advice.open_do if opened else advice.do,
        meanwhile=advice.meanwhile,
        come_back=advice.come_back,
        source=advice.source,
        reasons=reasons,
        answers=tuple(told.values()),
        sites=answers.sites,
        issues=issues,
        knowledge_version=knowledge.version,
        software_version=version("multifocal"),
    )


def understood(answers: Answers, knowledge: Knowledge) -> tuple[Answers, tuple[Issue, ...]]:
    """Keep what the questions and the skeleton know, each place once; tell what was not kept.

    A place that is marked, and no to all that could be there, contradict each other: then the first
    of these questions counts as not known.
    """
    known = {question.id: choices(question) for question in knowledge.questions}
    given = {
        question: answer
        for question, answer in answers.given.items()
        if answer in known.get(question, ())
    }
    sites = tuple(dict.fromkeys(site for site in answers.sites if _is_place(site, knowledge)))
    lost = len(answers.given) - len(given) + len(set(answers.sites)) - len(sites)
    message = "an answer was not understood and counts as not known"
    issues = [Issue(Level.WARNING, "answers", message, lost)] if lost else []
    local = [question.id for question in knowledge.questions if question.at_site]
    if sites and all(given.get(question) == NO for question in local):
        del given[local[0]]
        issues.append(Issue(Level.WARNING, "places", CONTRADICTED))
    return Answers(given, sites), tuple(issues)


def choices(question: QuestionEntry, *, unknown: str = LABELS[UNKNOWN]) -> Mapping[str, str]:
    """Give every answer to a question with its words, that it is not known at the end."""
    own = {choice.id: choice.label for choice in question.choices} or {
        YES: LABELS[YES],
        NO: LABELS[NO],
    }
    return {**own, UNKNOWN: unknown}


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


def _found(answers: Answers, knowledge: Knowledge) -> Found:
    record = record_of(answers, knowledge)
    return find(record.facts, record.patient, as_of=TODAY, knowledge=knowledge)


def _told(question: QuestionEntry, answers: Answers) -> Told:
    answer = answers.given.get(question.id, UNKNOWN)
    words = choices(question)[answer]
    return Told(question.id, question.short, words, known=answer != UNKNOWN)


def _reasons(found: Found, told: Mapping[str, Told], knowledge: Knowledge) -> list[Reason]:
    """Give every rule that may hold, the most urgent first, what is sure before what is open."""
    scorers = ready(knowledge).scorers
    words = _as_asked(found.words, knowledge)
    standing = [
        _reason(rule, found, told, knowledge, sure=bool(scorers[rule.when](found.words)[0]))
        for rule in _rules(knowledge)
        if scorers[rule.when](words)[1]
    ]
    return sorted(standing, key=lambda one: (HOW_SOON.index(one.how_soon), not one.sure))


def _as_asked(words: Mapping[str, Pair], knowledge: Knowledge) -> dict[str, Pair]:
    """Turn round what nobody was asked, so that of it only what surely holds may hold."""
    asked = {word for question in knowledge.questions for word in question.asks}
    return {name: pair if name in asked else (pair[1], pair[0]) for name, pair in words.items()}


def _reason(
    rule: _Rule, found: Found, told: Mapping[str, Told], knowledge: Knowledge, *, sure: bool
) -> Reason:
    spoken = decisive(rule.when, found, knowledge) if sure else names(knowledge.rules[rule.when])
    because = tuple(
        told[question.id]
        for question in knowledge.questions
        if spoken & set(question.asks) and told[question.id].known is sure
    )
    return Reason(rule.id, rule.how_soon, sure, rule.plain, because, rule.source)


@lru_cache(maxsize=1)
def _rules(knowledge: Knowledge) -> tuple[_Rule, ...]:
    return (
        *(
            _Rule(flag.id, flag.urgency, flag.when, flag.plain, flag.source)
            for flag in knowledge.red_flags
        ),
        *(
            _Rule(rule.id, rule.how_soon, rule.when, rule.plain, rule.source)
            for rule in knowledge.check_rules
        ),
    )


def _advice(knowledge: Knowledge) -> Mapping[HowSoon, AdviceEntry]:
    return {advice.id: advice for advice in knowledge.advice}
