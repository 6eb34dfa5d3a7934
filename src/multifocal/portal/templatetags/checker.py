"""What the pages of the symptom checker offer to choose from."""

from django import template

from multifocal.knowledge.entries_checker import QuestionEntry
from multifocal.model.checker import NO, UNKNOWN
from multifocal.portal.checker.steps import AGE, RESULT, Told
from multifocal.portal.checker.summary import tests_told
from multifocal.portal.checker.views import CHANGE, address
from multifocal.portal.engine import knowledge
from multifocal.workup.checker import choices

register = template.Library()

Choice = tuple[str, str, bool]
"""What is sent, what is said, whether it is the answer now."""


@register.filter
def offered(question: QuestionEntry, told: Told) -> list[Choice]:
    """Give the answers to choose from; one whose sign was ticked can't be no any more."""
    own = choices(question, unknown="I don't know")
    given = told.given.get(question.id)
    listed = question.danger and question.choices
    left = {NO} if listed else {UNKNOWN} if question.id == AGE else set()
    seen = question.id in told.seen
    return [(one, label, seen and one == given) for one, label in own.items() if one not in left]


@register.filter
def results(question: QuestionEntry, told: Told) -> list[Choice]:
    """Give what can be said of a test."""
    result = knowledge().questions_by_id[f"{question.id}{RESULT}"]
    now = told.given.get(result.id, told.given.get(question.id))
    offers = {NO: "Not done", **{choice.id: choice.label for choice in result.choices}}
    return [(one, label, one == now) for one, label in offers.items()]


@register.filter
def tests(told: Told) -> tuple[str, ...]:
    """Give what was told of tests."""
    return tests_told(told, knowledge())


@register.filter
def change_url(number: int) -> str:
    """Give the address of a step that leads back to the summary."""
    return f"{address(number)}?{CHANGE}"
