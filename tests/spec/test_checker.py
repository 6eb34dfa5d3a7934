"""The rules of the symptom checker, each on both sides, and children from the sources.

All are TOML files in `checker`, for a paediatrician to read and correct.
"""

import tomllib
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from bench.checker import Child, bullets, children, off_by, quiet, sites_of
from multifocal.knowledge.check_checker import listened
from multifocal.knowledge.load import load
from multifocal.model.checker import HOW_SOON, UNKNOWN, Answers, CheckResult, HowSoon
from multifocal.workup.checker import check, choices

KNOWLEDGE = load()
FOLDER = Path(__file__).parent / "checker"
QUIET = quiet(KNOWLEDGE) | {"age": "y6", "since": "days"}
CHILDREN = children(FOLDER)


class RuleCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    how_soon: HowSoon
    basis: str
    holds: dict[str, str]
    fails: dict[str, str]
    open: dict[str, str] = {}


RULES = msgspec.convert(
    tomllib.loads((FOLDER / "rules.toml").read_text(encoding="utf-8"))["rule"],
    tuple[RuleCase, ...],
)


def checked(given: dict[str, str]) -> CheckResult:
    told = QUIET | {name: answer for name, answer in given.items() if name != "place"}
    places = tuple(filter(None, given.get("place", "").split("+")))
    return check(Answers(told, sites_of(places, KNOWLEDGE)), knowledge=KNOWLEDGE)


def reason(rule: RuleCase, given: dict[str, str]) -> bool | None:
    """Whether the rule stands: True for sure, False when open, None when it doesn't."""
    return next((one.sure for one in checked(given).reasons if one.id == rule.id), None)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_holds_fails_and_is_left_open(rule: RuleCase) -> None:
    assert reason(rule, rule.holds) is True
    assert reason(rule, rule.fails) is None
    assert not rule.open or reason(rule, rule.open) is False
    assert rule.basis


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_an_open_rule_asks_for_as_much_haste_as_one_that_holds(rule: RuleCase) -> None:
    for given in filter(None, (rule.holds, rule.open)):
        [found] = [one for one in checked(given).reasons if one.id == rule.id]
        assert found.how_soon == rule.how_soon
        assert HOW_SOON.index(checked(given).how_soon) <= HOW_SOON.index(rule.how_soon)


def test_every_rule_has_its_case_and_every_red_flag_that_answers_reach() -> None:
    cased = {rule.id for rule in RULES}
    flags = {flag.id for flag in listened(KNOWLEDGE)}
    assert cased - flags == {rule.id for rule in KNOWLEDGE.check_rules}
    open_to_all = check(Answers({"age": "m3", "pain": "yes"}), knowledge=KNOWLEDGE).reasons
    assert {one.id for one in open_to_all} & flags <= cased


def test_a_rule_that_a_danger_decides_has_a_case_for_those_who_can_not_tell() -> None:
    dangers = {question.id for question in KNOWLEDGE.questions if question.danger}
    for rule in RULES:
        if set(rule.holds) - set(rule.fails) & dangers and not rule.open:
            told = [name for name in rule.holds if name in dangers]
            assert told == [], rule.id


@pytest.mark.parametrize("child", CHILDREN, ids=lambda child: child.id)
def test_a_child_of_the_sources_is_seen_when_they_say(child: Child) -> None:
    told = Answers(quiet(KNOWLEDGE) | child.given, sites_of(child.places, KNOWLEDGE))
    found = check(told, knowledge=KNOWLEDGE).how_soon
    assert found == child.how_soon, child.shows


def test_there_are_as_many_of_each_answer_and_half_are_held_back() -> None:
    assert Counter(child.how_soon for child in CHILDREN) == dict.fromkeys(HOW_SOON, 40)
    held = Counter(child.how_soon for child in CHILDREN if child.held)
    assert held == dict.fromkeys(HOW_SOON, 20)


def test_every_age_is_among_them_and_nobody_twice() -> None:
    ages = Counter(child.given["age"] for child in CHILDREN)
    assert set(ages) == {"m0", "m3", "y1", "y2", "y3", "y6", "y12"}
    assert min(ages.values()) >= 10
    assert len({child.id for child in CHILDREN}) == len(CHILDREN)
    assert all(child.basis and child.shows for child in CHILDREN)


def test_no_line_of_a_list_is_told_two_steps_later_than_its_source_says() -> None:
    assert [line.id for line in bullets(FOLDER) if off_by(line, KNOWLEDGE) > 1] == []


def test_cases_speak_of_the_questions_and_their_answers() -> None:
    questions = KNOWLEDGE.questions_by_id
    given = [child.given for child in CHILDREN]
    given += [one for rule in RULES for one in (rule.holds, rule.fails, rule.open)]
    for one in given:
        for name, answer in one.items():
            assert name == "place" or answer in choices(questions[name])
    assert UNKNOWN not in {answer for child in CHILDREN for answer in child.given.values()}
