"""The page of figures from made-up outcomes: it shows what was counted and hides nothing."""

import html
import re
from typing import Any

import msgspec
import pytest

from multifocal.model.issue import Issue, Level
from multifocal.model.validation import (
    Baseline,
    BaselineRank,
    CaseResult,
    Paired,
    Validation,
)
from multifocal.report import validation as report
from multifocal.workup.statistics import proportion
from multifocal.workup.validate import validation
from tests.unit.workup.children import knowledge
from tests.unit.workup.test_validate import outcome

OUTCOMES = (
    outcome("case-a", "cmo", "cmo", "lch", hand=True),
    outcome("case-b", "lch", "cmo", "rickets", "scurvy", "lch", dangerous=True),
    outcome("case-c", "rickets", "rickets", "cmo", issues=(Issue(Level.WARNING, "x", "odd"),)),
    outcome("case-d", None, "rickets", is_cmo=None, abstained=True),
)

BASELINE = Baseline(
    name="made-up engine",
    method="made-up method",
    diseases=4321,
    conditions=17,
    nameable=3,
    cmo_rank_open=(120.0, 250.0, 400.0),
    cmo_top10_open=proportion(0, 3),
    ranks=(BaselineRank("case-a", 2, 250.0, 4.0, 1),),
    paired=(Paired("truth first", 0, 2, 1, 0, proportion(2, 3), proportion(1, 3), 1.0),),
)


def found(*outcomes: CaseResult, **columns: Any) -> Validation:
    return validation(
        outcomes or OUTCOMES,
        knowledge=knowledge(),
        setting="paediatric_rheumatology_referral",
        **columns,
    )


def page(validation: Validation) -> str:
    return report.render(validation, knowledge=knowledge())


def plain(page_: str) -> str:
    """Give what a reader sees, on one line."""
    body = page_.partition("<body>")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_every_figure_stands_with_its_counts_and_interval() -> None:
    shown = plain(page(found()))
    # one of one with it was called; one of the two others was not
    assert "Sensitivity for CMO children who had it and in whom it was called 100% 1 of 1" in shown
    assert "50% 1 of 2" in shown
    for row in report.rows(found()):
        assert row.label in shown
        assert row.counts in shown


def test_a_goal_that_is_missed_is_called_missed() -> None:
    [row] = [row for row in report.rows(found()) if row.label.startswith("Specificity")]
    assert (row.share, row.goal, row.met) == ("50%", "≥ 98%", "missed")


def test_a_goal_is_met_only_where_the_whole_interval_reaches_it() -> None:
    # 20 of 20: Wilson low 1 / (1 + 1.96**2 / 20) = 0.839; 500 of 500: 0.992
    few = found(*(outcome(f"a{n}", "cmo", "cmo") for n in range(20)))
    many = found(*(outcome(f"a{n}", "cmo", "cmo") for n in range(500)))
    assert report.rows(few)[0].met == "reached, not shown"
    assert report.rows(many)[0].met == "met"


def test_what_could_not_be_counted_has_no_goal_met() -> None:
    rows = {row.label: row for row in report.rows(found())}
    row = rows["Red flag where one is due"]
    assert (row.share, row.interval, row.met) == ("nobody", "", "")


def test_how_many_truths_were_guessed_is_told() -> None:
    assert "none was guessed from wording" in plain(page(found()))
    shown = plain(page(found(outcome("a", "cmo", "cmo", guessed=True))))
    assert "guessed from the wording of the published diagnosis: 1" in shown


def test_what_answers_without_findings_stands_beside() -> None:
    shown = plain(page(found(bare=OUTCOMES)))
    assert "On the same 4 children" in shown
    assert "CMO, always" in shown
    assert "CMO, always" in report.text(found(), knowledge=knowledge())


def test_unsafe_results_are_named_at_the_top_and_below() -> None:
    text = page(found())
    assert "1 unsafe result<" in text
    assert re.search(r'<a href="#case-2"><strong>case-b</strong></a>', text)


def test_a_page_without_unsafe_results_sounds_no_alarm() -> None:
    assert 'class="alarm"' not in page(found(outcome("a", "cmo", "cmo")))


def test_every_case_stands_with_its_truth_and_first_three() -> None:
    shown = plain(page(found()))
    for one in OUTCOMES:
        assert one.id in shown
    assert "none of our conditions" in shown


def test_the_page_says_that_development_cases_flatter() -> None:
    shown = plain(page(found()))
    assert "development cases" in shown
    assert "too good" in shown


def test_the_page_says_that_one_child_with_a_hand_shows_nothing_of_hands() -> None:
    assert "1 child with the disease had a hand involved" in plain(page(found()))


def test_hidden_parts_have_a_table_only_where_they_were_tried() -> None:
    assert 'id="hidden"' not in page(found())
    shown = page(found(others={"": OUTCOMES, "imaging": OUTCOMES[:1]}))
    assert "images hidden" in plain(shown)


def test_the_generic_engine_stands_beside_with_its_counts() -> None:
    shown = plain(page(found(baseline=BASELINE)))
    assert "made-up engine ranks 4321 diseases" in shown
    assert "median rank of 250" in shown
    assert "truth first 66.7% 2 of 3;" in shown


def test_each_red_flag_is_counted_where_one_is_due_and_elsewhere() -> None:
    first = knowledge().red_flags[0]
    stood = (
        outcome("a", "acute_leukaemia", "cmo", flag_due=True, red_flags=(first.id,)),
        outcome("b", "cmo", "cmo", red_flags=(first.id,)),
        outcome("c", "lch", "cmo", red_flags=(first.id,)),
    )
    assert f"Of 1 where one is due Of 2 others {html.escape(first.label)} 1 2" in plain(
        page(found(*stood))
    )


def test_issues_of_all_cases_are_told() -> None:
    shown = plain(page(found()))
    assert "Problems of the input, all cases together" in shown
    assert "odd" in shown


def test_the_page_needs_no_network_and_no_script() -> None:
    text = page(found(baseline=BASELINE))
    assert "<script" not in text
    assert not re.search(r'(?:src|href)="(?!#)', text)


def test_ids_of_links_and_sections_are_there_once() -> None:
    text = page(found(baseline=BASELINE))
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)


def test_a_case_id_is_escaped() -> None:
    text = page(found(outcome("<b>x</b>", "lch", "cmo", dangerous=True)))
    assert "<b>x</b>" not in text
    assert "&lt;b&gt;x&lt;/b&gt;" in text


@pytest.mark.parametrize("baseline", [None, BASELINE])
def test_the_terminal_shows_the_same_figures(baseline: Baseline | None) -> None:
    text = report.text(found(baseline=baseline), knowledge=knowledge())
    assert "Unsafe: case-b" in text
    assert re.search(r"Sensitivity for CMO +100% +1 of 1", text)
    assert ("made-up engine" in text) is (baseline is not None)


def test_nobody_at_all_makes_a_page_too() -> None:
    empty = msgspec.structs.replace(
        found(outcome("a", None, is_cmo=None)), outcomes=(), unsafe=(), quiet=(), reassured=()
    )
    assert "calibration can&#39;t be seen" in page(empty)
