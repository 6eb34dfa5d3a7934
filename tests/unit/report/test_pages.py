"""The pages behind the letter: what was seen, how it was weighed, everything on record."""

from datetime import date
from functools import cache

import msgspec
import pytest

from multifocal.examples import path
from multifocal.exchange.read import read
from multifocal.knowledge.load import Knowledge, load
from multifocal.model.assessment import Assessment
from multifocal.model.differential import Outcome
from multifocal.model.finding import FindingId
from multifocal.model.record import FactId, Patient, Record
from multifocal.report import page, terminal
from multifocal.report.case import Case
from multifocal.report.document import ranges
from multifocal.report.pages import limits, outcomes
from multifocal.report.plots import Threshold
from multifocal.report.words import MINUS
from multifocal.workup.assess import assess

AS_OF = date(2026, 10, 20)


@cache
def shipped() -> Knowledge:
    return load()


@cache
def example(name: str) -> Assessment:
    record = read(path(name), knowledge=shipped())
    return assess(record, as_of=AS_OF, knowledge=shipped(), thorough=True)


def text(assessment: Assessment, knowledge: Knowledge, *shown: int) -> str:
    """Give pages as one line, all without a number."""
    whole = terminal.render(assessment, knowledge=knowledge, colour=False, shown=shown)
    return " ".join(whole.split())


def weighed(assessment: Assessment) -> str:
    shown = text(assessment, shipped(), 3)
    return shown.partition("What it could be")[2].partition("Criteria and scores")[0]


def test_neighbouring_facts_are_gathered_into_ranges() -> None:
    assert ranges((9, 2, 1, 3, 11)) == "1\N{EN DASH}3, 9, 11"
    assert ranges((4, 5)) == "4, 5"


def test_a_reason_that_is_no_longer_a_fact_is_left_out(
    child: Assessment, knowledge: Knowledge
) -> None:
    assert Case(child, knowledge).facts_of((FactId("gone"), FactId("Observation/2"))) == (2,)


def test_thresholds_are_read_from_the_rules_of_the_set(
    child: Assessment, knowledge: Knowledge
) -> None:
    assert limits(knowledge.criteria[0], Case(child, knowledge)) == (Threshold(17, ">"),)
    assert "12 to 39 of 39 points" in text(child, knowledge, 3)


def test_the_absence_of_a_finding_that_argues_is_called_absence(
    child: Assessment, knowledge: Knowledge
) -> None:
    assert "Not present: lytic lesion on X-ray" in text(child, knowledge)


def test_questions_that_begin_alike_are_gathered(child: Assessment, knowledge: Knowledge) -> None:
    gap = msgspec.structs.replace(
        child.missing[0],
        settles=("can exclude: A (in a finger: B)", "Example score: one", "can exclude: C"),
    )
    shown = text(msgspec.structs.replace(child, missing=(gap,)), knowledge)
    assert "Can exclude: A (in a finger: B); C. Example score: one" in shown


def test_values_outside_their_interval_come_first(child: Assessment, knowledge: Knowledge) -> None:
    swapped = msgspec.structs.replace(child, labs=child.labs[::-1])
    shown = text(swapped, knowledge, 2)
    assert shown.index("C-reactive protein") < shown.index("Platelets")


def test_a_fallback_interval_names_itself_and_its_certainty(
    child: Assessment, knowledge: Knowledge
) -> None:
    shown = page.render(child, knowledge=knowledge)
    assert "the laboratory\N{RIGHT SINGLE QUOTATION MARK}s own" in shown
    assert "our fallback for age and sex, from memory, not read yet" in shown


def test_a_burden_at_its_lightest_step_is_not_listed(
    child: Assessment, knowledge: Knowledge
) -> None:
    light = msgspec.structs.replace(child.next_tests[0], burden={"needle": "no"})
    both = msgspec.structs.replace(child, next_tests=(*child.next_tests, light))
    shown = text(both, knowledge, 3)
    assert shown.count("Burden: Needle: yes.") == 1
    assert shown.count("Burden: light.") == 1


def test_the_timeline_keeps_absent_symptoms_out(child: Assessment, knowledge: Knowledge) -> None:
    # The pain at night is recorded from 15 August to 20 September, and denied on 6 October.
    row = text(child, knowledge, 2).partition("Timeline")[2]
    assert "Pain at night 15 Aug 2026 to 20 Sep 2026" in row


def test_a_study_that_was_not_done_is_not_on_the_timeline(
    child: Assessment, knowledge: Knowledge
) -> None:
    undone = msgspec.structs.replace(child.facts[10], present=False)
    facts = (*child.facts[:10], undone, *child.facts[13:])
    shown = text(msgspec.structs.replace(child, facts=facts), knowledge, 2)
    assert undone.concept == "mri_study"
    assert "MRI" not in shown.partition("Timeline")[2]


# What it could be


def test_every_ranked_condition_is_named_once() -> None:
    assessment = example("right-hand")
    shown = weighed(assessment)
    assert assessment.differential is not None
    for one in assessment.differential.ranked:
        assert one.name in shown, one.name


def test_no_percentage_of_a_condition_is_printed() -> None:
    # The only percentage is the share of published evidence; probabilities stay in the JSON.
    assert weighed(example("right-hand")).count("%") == 1


def test_where_it_abstains_nothing_leads_and_the_reason_is_given() -> None:
    shown = weighed(example("nearly-empty"))
    assert "Too few findings" in shown
    assert "Leading" not in shown


def test_each_number_says_whether_it_was_published() -> None:
    shown = weighed(example("right-hand"))
    assert ", published)" in shown
    assert ", judgement)" in shown


def test_what_moved_a_condition_is_printed_in_tenths_of_a_decade() -> None:
    # Half a decade is five of them.
    assessment = example("right-hand")
    assert assessment.differential is not None
    [top, *others] = assessment.differential.ranked
    part = msgspec.structs.replace(top.contributions[0], log10=-0.5)
    top = msgspec.structs.replace(top, contributions=(part,))
    ranked = msgspec.structs.replace(assessment.differential, ranked=(top, *others))
    changed = msgspec.structs.replace(assessment, differential=ranked)
    assert f"({MINUS}5.0, " in weighed(changed)
    assert f"({MINUS}5.0, " in page.render(changed, knowledge=shipped())


def test_with_nothing_known_nothing_is_said_to_have_moved() -> None:
    nobody = assess(Record(Patient("synthetic")), as_of=AS_OF, knowledge=shipped(), thorough=True)
    shown = weighed(nobody)
    assert "No finding that counts is known, so nothing moved the ranking." in shown
    assert "%" not in shown
    assert "Nothing is known of this child" in shown


@pytest.mark.parametrize("name", ["right-hand", "leukaemia-like", "nearly-empty"])
def test_every_danger_that_is_not_excluded_is_named_on_the_third_page(name: str) -> None:
    shown = text(example(name), shipped(), 3).partition("What it could be")[0]
    for danger in example(name).dangers:
        assert danger.name in shown


def outcome(leading: str, *, truth: bool) -> Outcome:
    return Outcome(FindingId("fever"), truth, leading, leading, 0.5, "", "")


def test_a_result_that_changes_nothing_is_said_to_change_nothing() -> None:
    same = (outcome("scurvy", truth=True), outcome("scurvy", truth=False))
    told = outcomes(same, Case(example("right-hand"), shipped()))
    assert told == ("Most telling: fever. Either way first is scurvy (vitamin C deficiency).",)


def test_two_results_that_lead_apart_are_told_apart() -> None:
    apart = (outcome("scurvy", truth=True), outcome("nothing_found", truth=False))
    question, present, absent = outcomes(apart, Case(example("right-hand"), shipped()))
    assert question == "Most telling: fever."
    assert present == "If present, first is scurvy (vitamin C deficiency)."
    assert absent.endswith("(which excludes no danger).")
