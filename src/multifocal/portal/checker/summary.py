"""What was answered, step by step, to be checked and changed."""

from typing import NamedTuple

from multifocal.knowledge.load import Knowledge
from multifocal.model.checker import NO, UNKNOWN, YES
from multifocal.portal.checker.steps import RESULT, SELF, Step, Told, answers_of, steps
from multifocal.report import checker as report
from multifocal.workup.checker import check, choices

NONE = "None of these"


class Row(NamedTuple):
    """One step with its answers in words, and its number."""

    title: str
    answers: tuple[str, ...]
    number: int


def rows_of(told: Told, knowledge: Knowledge) -> tuple[Row, ...]:
    """Give every step before the summary, and what was told of questions no longer asked."""
    path = steps(told, knowledge)
    rows = [
        Row(_title(step, told), _answers(step, told, knowledge), number)
        for number, step in enumerate(path, 1)
        if step.kind not in {"summary", "again"}
    ]
    asked = {question.id for step in path for question in step.questions}
    hidden = tuple(
        f"{_sentence(question.short)}: {choices(question)[answer]}"
        for question in knowledge.questions
        if question.id not in asked
        and question.part != "tests"
        and (answer := told.given.get(question.id, NO)) != NO
        and answer in choices(question)
    )
    if hidden:
        rows.append(Row("Told before, and still counted", hidden, 1))
    return tuple(rows)


def _title(step: Step, told: Told) -> str:
    match step.kind:
        case "speaker":
            return "Who answers"
        case "place":
            return "Where"
        case "list":
            assert step.part is not None  # noqa: S101 # a list is a part
            return step.part.you if told.speaks else step.part.title
        case _:
            return _sentence(step.questions[0].short)


def _answers(step: Step, told: Told, knowledge: Knowledge) -> tuple[str, ...]:
    match step.kind:
        case "speaker":
            return ("The one it is about",) if told.speaker == SELF else ("Somebody for a child",)
        case "place":
            result = check(answers_of(told, knowledge), knowledge=knowledge)
            return tuple(report.places(result, knowledge)) or ("No place",)
        case "list":
            there = [one for one in step.questions if told.given.get(one.id, NO) != NO]
            return tuple(
                _sentence(one.short)
                + (" (we can't tell)" if told.given[one.id] == UNKNOWN and not one.choices else "")
                for one in there
            ) or (NONE,)
        case _:
            question = step.questions[0]
            answer = told.given.get(question.id, UNKNOWN)
            return (choices(question, unknown="Don't know")[answer],)


def tests_told(told: Told, knowledge: Knowledge) -> tuple[str, ...]:
    """Give what was told of tests, in words."""
    said = []
    for question in knowledge.questions:
        if question.part != "tests" or question.choices or told.given.get(question.id) != YES:
            continue
        result = knowledge.questions_by_id[f"{question.id}{RESULT}"]
        answer = told.given.get(result.id, "")
        words = {choice.id: choice.label for choice in result.choices}.get(answer, "no result told")
        said.append(f"{_sentence(question.short)}: {words}")
    return tuple(said)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
