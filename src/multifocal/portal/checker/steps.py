"""The steps of the symptom checker for one child: what is asked, and what an answer does.

Everything here takes what was told so far and gives values. Nothing is kept.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

import msgspec

from multifocal.knowledge.entries_checker import CheckPart, QuestionEntry
from multifocal.knowledge.load import Knowledge
from multifocal.model.checker import NO, UNKNOWN, YES, Answers
from multifocal.model.place import read_site
from multifocal.workup.checker import check, choices, is_asked

Kind = Literal["choice", "speaker", "place", "list", "again", "tests", "summary"]

SELF, PARENT = "self", "parent"
"""Who answers: a teenager, or somebody for a child."""
AGE, TEENAGER = "age", "y12"
"""The question of the age, and its answer from which on somebody may answer for themselves."""
RESULT = "_result"
"""Ends the id of the question for the result of a test."""


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was told so far: the answers, and how far the steps are."""

    given: dict[str, str] = {}
    sites: tuple[str, ...] = ()
    speaker: str = ""
    seen: tuple[str, ...] = ()
    """Steps that have their answer."""
    unsure: tuple[str, ...] = ()
    """Questions to be asked once more in other words."""
    country: str = ""

    @property
    def speaks(self) -> bool:
        """Whether a teenager answers."""
        return self.speaker == SELF and self.given.get(AGE) == TEENAGER


class Step(NamedTuple):
    """One page: one question, or one list."""

    id: str
    kind: Kind
    questions: tuple[QuestionEntry, ...] = ()
    part: CheckPart | None = None


def answers_of(told: Told, knowledge: Knowledge) -> Answers:
    """Give what was told as the answers that are checked."""
    sites = (
        read_site(text, bones=knowledge.bones_by_id, regions=knowledge.regions_by_id)
        for text in told.sites
    )
    return Answers(told.given, tuple(site for site in sites if site is not None))


def steps(told: Told, knowledge: Knowledge) -> tuple[Step, ...]:
    """Give every step for this child, as far as can be said from what was told."""
    return tuple(_steps(told, knowledge))


def _steps(told: Told, knowledge: Knowledge) -> Iterator[Step]:
    answers = answers_of(told, knowledge)
    for part in knowledge.check_parts:
        questions = tuple(
            question
            for question in knowledge.questions
            if question.part == part.id and is_asked(question, answers, knowledge)
        )
        if part.listed:
            yield Step(part.id, "list", questions, part)
            again = tuple(question for question in questions if question.id in told.unsure)
            if again:
                yield Step(f"{part.id}-again", "again", again, part)
            yield from (_choice(one, part) for one in questions if _needs_choice(one, told))
        elif part.id != "tests":
            for question in questions:
                yield _choice(question, part)
                if question.id == AGE and told.given.get(AGE) == TEENAGER:
                    yield Step("speaker", "speaker")
                if question.id == AGE:
                    yield Step("place", "place")
    yield Step("summary", "summary")


def _choice(question: QuestionEntry, part: CheckPart) -> Step:
    return Step(question.id, "choice", (question,), part)


def _needs_choice(question: QuestionEntry, told: Told) -> bool:
    """Tell whether a ticked question of a list has choices that are still to be made."""
    return bool(question.choices) and told.given.get(question.id, NO) != NO


def tests_step(knowledge: Knowledge) -> Step:
    """Give the step of the tests, which is asked on request only."""
    part = next(part for part in knowledge.check_parts if part.id == "tests")
    asked = (one for one in knowledge.questions if one.part == part.id and not one.choices)
    return Step(part.id, "tests", tuple(asked), part)


def first_open(told: Told, knowledge: Knowledge) -> int:
    """Give the number of the first step without its answer; else that of the summary."""
    path = steps(told, knowledge)
    return next(
        (number for number, step in enumerate(path, 1) if step.id not in told.seen), len(path)
    )


def is_emergency(told: Told, knowledge: Knowledge) -> bool:
    """Tell whether what was told so far asks for help now, whatever is still to come."""
    found = check(answers_of(told, knowledge), knowledge=knowledge)
    return any(one.sure and one.how_soon == "emergency" for one in found.reasons)


# --- what an answer does ---


def chosen(told: Told, step: Step, answer: str) -> Told | None:
    """Take one answer to one question; None where there is no such answer."""
    if step.kind == "speaker":
        return _done(told, step, speaker=answer) if answer in {SELF, PARENT} else None
    [question] = step.questions
    if answer not in choices(question):
        return None
    return _done(told, step, given={**told.given, question.id: answer})


def placed(told: Told, step: Step, sites: Iterable[str]) -> Told:
    """Take the places that were marked; none of them is an answer too."""
    return _done(told, step, sites=tuple(dict.fromkeys(sites)))


def ticked(told: Told, step: Step, marks: Iterable[str], *, unsure: bool = False) -> Told:
    """Take the marks of a list: what has none is not there, or to be asked once more.

    In a list that asks once more a mark says that it can't be told.
    """
    marked = frozenset(marks)
    given, open_ = dict(told.given), set(told.unsure)
    for question in step.questions:
        if step.kind == "again":
            given[question.id] = UNKNOWN if question.id in marked else NO
        elif question.id not in marked:
            given[question.id] = NO
            (open_.add if unsure and question.danger else open_.discard)(question.id)
        else:
            open_.discard(question.id)
            if not question.choices:
                given[question.id] = YES
            elif given.get(question.id, NO) == NO:
                given[question.id] = UNKNOWN
    ids = tuple(question.id for question in step.questions)
    fresh = {f"{step.id}-again", *ids} if step.kind == "list" else set(ids)
    kept = tuple(one for one in told.seen if one not in fresh)
    return _done(
        msgspec.structs.replace(told, seen=kept), step, given=given, unsure=tuple(sorted(open_))
    )


def tested(told: Told, step: Step, results: Mapping[str, str]) -> Told:
    """Take what is known of each test: that it was not done, its result, or none."""
    given = dict(told.given)
    for question in step.questions:
        result = results.get(question.id, "")
        given.pop(f"{question.id}{RESULT}", None)
        given.pop(question.id, None)
        if result == NO:
            given[question.id] = NO
        elif result:
            given |= {question.id: YES, f"{question.id}{RESULT}": result}
    return _done(told, step, given=given)


def _done(told: Told, step: Step, **changed: object) -> Told:
    seen = tuple(dict.fromkeys((*told.seen, step.id)))
    return msgspec.structs.replace(told, seen=seen, **changed)
