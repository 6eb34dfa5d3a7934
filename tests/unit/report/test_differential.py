"""The section on what it could be, on the shipped examples and on a made-up ranking."""

from datetime import date
from functools import cache

import msgspec
import pytest

from multifocal.examples import path
from multifocal.exchange.read import read
from multifocal.knowledge.load import Knowledge, load
from multifocal.model.assessment import Assessment
from multifocal.model.differential import Counterfactual, Outcome
from multifocal.model.finding import FindingId
from multifocal.model.record import Patient, Record
from multifocal.report import page, pdf, terminal
from multifocal.report.arrange import arrange
from multifocal.report.differential import outcomes
from multifocal.report.sheet import DifferentialView
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


def section(assessment: Assessment) -> DifferentialView:
    view = arrange(assessment, knowledge=shipped()).differential
    assert view is not None
    return view


def text(assessment: Assessment) -> str:
    shown = terminal.render(assessment, knowledge=shipped(), colour=False)
    return shown.partition("What it could be")[2].partition("Code (ICD")[0]


def test_every_ranked_condition_is_named_once() -> None:
    assessment = example("right-hand")
    view = section(assessment)
    named = [one.name for one in view.conditions]
    named += [name for band in view.bands for name in band.names]
    assert assessment.differential is not None
    assert sorted(named) == sorted(one.name for one in assessment.differential.ranked)


def test_no_percentage_of_a_condition_is_printed() -> None:
    # The only percentages are shares of published evidence; probabilities stay in the JSON.
    lines = text(example("right-hand")).splitlines()
    assert all("publish" in line or "%" not in line for line in lines)


@pytest.mark.parametrize("name", ["right-hand", "left-hand", "nearly-empty"])
def test_while_a_danger_is_open_the_section_says_that_no_band_excludes_it(name: str) -> None:
    assessment = example(name)
    assert str(len(assessment.dangers)) in section(assessment).caution
    assert "not excluded" in section(assessment).caution


def test_where_it_abstains_nothing_leads_and_the_reason_is_given() -> None:
    view = section(example("nearly-empty"))
    assert view.conditions == ()
    assert "Too few findings" in view.why
    assert "Leading" not in {band.label for band in view.bands}


def test_each_bar_says_whether_its_number_was_published() -> None:
    shown = page.render(example("right-hand"), knowledge=shipped())
    assert "decades, published" in shown
    assert "decades, judgement" in shown


def test_while_a_red_flag_stands_the_section_is_paused() -> None:
    shown = page.render(example("leukaemia-like"), knowledge=shipped())
    assert shown.index('<details class="paused">') < shown.index('id="differential"')


def test_all_forms_of_the_report_hold_the_section() -> None:
    assessment = example("right-hand")
    assert 'id="differential"' in page.render(assessment, knowledge=shipped())
    assert "What would change this" in text(assessment)
    assert pdf.render(assessment, knowledge=shipped()).startswith(b"%PDF")


def test_a_change_names_every_answer_that_it_needs() -> None:
    change = Counterfactual(
        answers=((FindingId("fever"), True), (FindingId("limp"), False)),
        changes="leading",
        to="scurvy",
        name="Scurvy (vitamin C deficiency)",
    )
    assessment = msgspec.structs.replace(example("right-hand"), would_change=(change,))
    [told] = section(assessment).changes
    assert told == (
        "If fever was found and limp was looked for and not there: "
        "scurvy (vitamin C deficiency) would lead."
    )


def outcome(leading: str, gains: str, loses: str, *, truth: bool) -> Outcome:
    return Outcome(FindingId("fever"), truth, leading, leading, 0.5, gains, loses)


def test_two_results_with_the_same_condition_first_tell_which_gain_and_lose() -> None:
    same = (
        outcome("scurvy", "lch", "ewing_sarcoma", truth=True),
        outcome("scurvy", "ewing_sarcoma", "lch", truth=False),
    )
    assert outcomes(same, shipped()) == (
        "Most telling: fever. Either way first is scurvy (vitamin C deficiency).",
        "If present: Langerhans cell histiocytosis gains most; Ewing sarcoma loses most.",
        "If absent: Ewing sarcoma gains most; Langerhans cell histiocytosis loses most.",
    )


def test_two_results_that_lead_apart_are_told_apart() -> None:
    apart = (
        outcome("scurvy", "", "", truth=True),
        outcome("nothing_found", "", "", truth=False),
    )
    question, present, absent = outcomes(apart, shipped())
    assert question == "Most telling: fever."
    assert present == "If present: first would be scurvy (vitamin C deficiency)."
    assert absent.endswith("(which excludes no danger).")


def test_each_next_test_has_a_reason_in_every_form() -> None:
    for name in ("right-hand", "leukaemia-like", "nearly-empty"):
        tests = arrange(example(name), knowledge=shipped()).next_tests
        assert all(test.settles or test.reason for test in tests)
        telling = [test for test in tests if test.outcomes]
        assert len(telling) == 5
        assert all(len(test.outcomes) == 3 for test in telling)


def test_while_a_red_flag_stands_its_action_stands_before_the_next_tests() -> None:
    assessment = example("leukaemia-like")
    action, first = assessment.red_flags[0].action, assessment.next_tests[0].label
    tests = "First what the red flags ask for."
    shown = terminal.render(assessment, knowledge=shipped(), colour=False)
    joined = " ".join(shown.split())
    assert joined.index(action) < joined.index(tests) < joined.index(f"1. {first}")
    html = page.render(assessment, knowledge=shipped())
    assert html.index(action) < html.index(tests) < html.index(f"<h3>{first}")
    assert tests not in page.render(example("right-hand"), knowledge=shipped())


def test_what_moved_a_condition_is_printed_in_decibans() -> None:
    # 0.5 decades are five decibans.
    assessment = example("right-hand")
    assert assessment.differential is not None
    [first, *others] = assessment.differential.ranked
    part = msgspec.structs.replace(first.contributions[0], log10=-0.5)
    first = msgspec.structs.replace(first, contributions=(part,))
    ranked = msgspec.structs.replace(assessment.differential, ranked=(first, *others))
    changed = msgspec.structs.replace(assessment, differential=ranked)
    for shown in (text(changed), page.render(changed, knowledge=shipped())):
        assert f"{MINUS}5.0" in shown


def test_with_nothing_known_nothing_is_said_to_have_moved() -> None:
    nobody = assess(Record(Patient("synthetic")), as_of=AS_OF, knowledge=shipped(), thorough=True)
    view = section(nobody)
    assert "No finding that counts is known, so nothing moved the ranking." in view.intro
    assert "%" not in view.intro
    assert "Nothing is known of this child" in view.why
    assert len([name for band in view.bands for name in band.names]) > 40


def test_what_is_dangerous_stands_in_a_box_before_the_ranking() -> None:
    shown = page.render(example("right-hand"), knowledge=shipped())
    box = shown.index('<div class="boxed">')
    assert box < shown.index('id="differential"')
    for danger in example("right-hand").dangers:
        assert (
            box
            < shown.index(danger.name.replace("'", "&#39;"), box)
            < shown.index('id="differential"')
        )
