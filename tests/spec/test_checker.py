"""The cases of the symptom checker: TOML files in `checker`, for a paediatrician to read."""

import tomllib
from pathlib import Path

import msgspec
import pytest

from multifocal.knowledge.load import load
from multifocal.model.checker import HOW_SOON, Answers, CheckResult, HowSoon
from multifocal.workup.checker import check, choices

KNOWLEDGE = load()
FOLDER = Path(__file__).parent / "checker"
QUIET = {
    question.id: next(iter(choices(question))) if question.choices else "no"
    for question in KNOWLEDGE.questions
} | {"age": "y6", "since": "days", "pattern": "none", "lump": "no", "nights": "no"}
"""The answers of a child with nothing."""


class RuleCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    how_soon: HowSoon
    basis: str
    holds: dict[str, str]
    fails: dict[str, str]
    open: dict[str, str]


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    shows: str
    basis: str
    given: dict[str, str]
    at_least: HowSoon
    how_soon: HowSoon


def read(name: str) -> dict[str, object]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


RULES = msgspec.convert(read("rules.toml")["rule"], tuple[RuleCase, ...])
CASES = msgspec.convert(read("checker.toml")["case"], tuple[Case, ...])


def checked(given: dict[str, str]) -> CheckResult:
    result = check(Answers(QUIET | given), knowledge=KNOWLEDGE)
    assert result.issues == ()
    return result


def reason(rule: RuleCase, given: dict[str, str]) -> bool | None:
    """Whether the rule stands: True for sure, False when open, None when it doesn't."""
    return next((one.sure for one in checked(given).reasons if one.id == rule.id), None)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_holds_fails_and_is_left_open(rule: RuleCase) -> None:
    assert reason(rule, rule.holds) is True
    assert reason(rule, rule.fails) is None
    assert reason(rule, rule.open) is False
    assert rule.basis


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_an_open_rule_asks_for_as_much_haste_as_one_that_holds(rule: RuleCase) -> None:
    for given in (rule.holds, rule.open):
        [found] = [one for one in checked(given).reasons if one.id == rule.id]
        assert found.how_soon == rule.how_soon
        assert HOW_SOON.index(checked(given).how_soon) <= HOW_SOON.index(rule.how_soon)


def test_every_rule_that_answers_can_reach_has_its_case() -> None:
    reached = {one.id for one in check(Answers(), knowledge=KNOWLEDGE).reasons}
    assert {rule.id for rule in RULES} == reached
    assert reached >= {rule.id for rule in KNOWLEDGE.check_rules}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_child_of_the_sources_is_seen_as_soon_as_they_ask(case: Case) -> None:
    found = checked(case.given).how_soon
    assert found == case.how_soon
    assert HOW_SOON.index(found) <= HOW_SOON.index(case.at_least)


def test_cases_speak_of_the_questions_and_are_used_once() -> None:
    questions = KNOWLEDGE.questions_by_id
    given = [case.given for case in CASES]
    given += [one for rule in RULES for one in (rule.holds, rule.fails, rule.open)]
    assert all(answer in choices(questions[name]) for one in given for name, answer in one.items())
    assert len({case.id for case in CASES}) == len(CASES)
