"""The cases of how a named disease counts: the TOML file beside this one."""

import tomllib
from pathlib import Path

import msgspec
import pytest

from multifocal.exchange.vocabulary import Code, vocabulary_of
from multifocal.exchange.words import Words
from multifocal.knowledge.entries import ConditionEntry
from multifocal.model.assessment import Assessment
from multifocal.model.day import Day
from multifocal.model.record import Fact
from tests.unit.workup.children import assessed, fact, hand_child, knowledge

STATES = {
    "confirmed": "present",
    "tissue": "present",
    "suspected": "uncertain",
    "refuted": "absent",
    "past": "past",
    "relative": "family",
}
CODE = "M86.341"


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    shows: str
    how: str
    code: bool
    why: str
    codes: tuple[str, ...] = ()
    text: str = ""
    flags: tuple[str, ...] = ()
    no_flags: tuple[str, ...] = ()


CASES = msgspec.convert(
    tomllib.loads((Path(__file__).parent / "diseases" / "named.toml").read_text(encoding="utf-8")),
    dict[str, tuple[Case, ...]],
)["case"]


def facts(words: Words, how: str) -> list[Fact]:
    vocabulary = vocabulary_of(knowledge())
    match = vocabulary.match(words)
    assert match is not None
    told = vocabulary.counted(match, STATES[how], in_tissue=how == "tissue")
    return [fact(one.concept.id, present=one.present) for one in told]


def stands(assessment: Assessment) -> set[str]:
    return {flag.id for flag in assessment.red_flags}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_named_disease_counts_as_the_case_says(case: Case) -> None:
    codes = tuple(Code(*code.split(" ", maxsplit=1)) for code in case.codes)
    words = Words(codes=codes, said=(case.text,) if case.text else ())
    found = assessed(hand_child("right", *facts(words, case.how)))
    assert found.coding.code == (CODE if case.code else None)
    assert set(case.flags) <= stands(found)
    assert set(case.no_flags).isdisjoint(stands(found))


every_condition = pytest.mark.parametrize(
    "condition", knowledge().conditions, ids=lambda condition: condition.id
)


@every_condition
def test_what_explains_the_bones_holds_the_code_back(condition: ConditionEntry) -> None:
    found = assessed(hand_child("right", fact(condition.id)))
    assert (found.coding.code is None) == (condition.named == "explains")


@every_condition
def test_what_is_over_for_long_holds_no_code_back(condition: ConditionEntry) -> None:
    then = Day.parse("2024-01-01")
    over = fact(condition.id, days_ago=1500, ended=then)
    assert assessed(hand_child("right", over)).coding.code == CODE


@every_condition
def test_what_can_not_wait_raises_a_flag(condition: ConditionEntry) -> None:
    raised = stands(assessed(hand_child("right", fact(condition.id)))) - stands(
        assessed(hand_child("right"))
    )
    urgent = condition.category == "malignancy" or condition.urgency in ("emergency", "urgent")
    assert bool(raised) == (urgent and condition.named == "explains")
