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
from multifocal.report import page, pdf, terminal
from multifocal.report.arrange import arrange
from multifocal.report.differential import outcomes
from multifocal.report.sheet import DifferentialView
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


def test_two_results_that_change_nothing_are_one_sentence() -> None:
    same = tuple(
        Outcome(FindingId("fever"), truth, "scurvy", "Scurvy", 0.5) for truth in (True, False)
    )
    [told] = outcomes(same, shipped())
    assert told.startswith("Neither answer")


def test_two_results_that_lead_apart_are_told_apart() -> None:
    apart = (
        Outcome(FindingId("fever"), truth=True, leading="scurvy", name="Scurvy", probability=0.5),
        Outcome(FindingId("fever"), truth=False, leading="lch", name="Langerhans", probability=0.5),
    )
    assert len(outcomes(apart, shipped())) == 2
