"""The first page: its limits, what it says first, and what it never leaves out."""

import io
import re
from datetime import date
from functools import cache

import msgspec
import pytest
from pypdf import PdfReader

from multifocal.examples import names, path
from multifocal.exchange.read import read
from multifocal.knowledge.load import Knowledge, load
from multifocal.model.assessment import Assessment, Step
from multifocal.model.differential import Counterfactual
from multifocal.model.finding import FindingId
from multifocal.model.issue import Issue, Level
from multifocal.report import page, pdf, terminal
from multifocal.workup.assess import assess, latest_day

LINES, SHEETS = 60, 4
"""What a clinician reads without asking for more."""


@cache
def shipped() -> Knowledge:
    return load()


@cache
def example(name: str, setting: str = "paediatric_rheumatology_referral") -> Assessment:
    record = read(path(name), knowledge=shipped())
    day = latest_day(record) or date(2026, 11, 1)
    return assess(record, as_of=day, knowledge=shipped(), setting=setting, thorough=True)


def first(assessment: Assessment, knowledge: Knowledge) -> str:
    """Give the first page as one line."""
    shown = terminal.render(assessment, knowledge=knowledge, colour=False)
    return " ".join(shown.split())


@pytest.mark.parametrize("name", names())
def test_the_terminal_gives_one_screen_of_an_example(name: str) -> None:
    shown = terminal.render(example(name), knowledge=shipped(), colour=False)
    assert len(shown.splitlines()) <= LINES


@pytest.mark.parametrize("name", names())
def test_the_pdf_is_a_sheet_and_what_stands_behind_it(name: str) -> None:
    reader = PdfReader(io.BytesIO(pdf.render(example(name), knowledge=shipped())))
    assert len(reader.pages) <= SHEETS
    letter = " ".join(reader.pages[0].extract_text().split())
    assert "Back now" in letter  # the end of the letter is on its first sheet
    assert "Laboratory" not in letter


@pytest.mark.parametrize("name", names())
def test_the_first_page_has_no_mark_of_a_source_and_no_decibans(name: str) -> None:
    html = page.render(example(name), knowledge=shipped())
    letter = html.partition('<div id="letter"')[2].partition("<nav")[0]
    assert letter
    assert "<sup" not in letter
    assert "deciban" not in letter
    assert "Still possible" not in letter


@pytest.mark.parametrize("name", names())
def test_whatever_the_first_page_rests_on_is_two_clicks_away(name: str) -> None:
    html = page.render(example(name), knowledge=shipped())
    ids = set(re.findall(r' id="([^"]+)"', html))
    letter = html.partition('<div id="letter"')[2].partition("<nav")[0]
    linked = set(re.findall(r'href="#([^"]+)"', letter))
    assert linked <= ids
    assert any(one.startswith("fact-") for one in linked)


def test_the_answer_stands_in_the_first_sentence(child: Assessment, knowledge: Knowledge) -> None:
    text = first(example("right-hand"), shipped())
    said = text.partition("How sure")[0]
    assert "Chronic multifocal osteomyelitis leads: 2 bones of the right hand" in said
    assert "no fever" in said
    assert "Open: " in said
    assert "can\N{RIGHT SINGLE QUOTATION MARK}t be said yet" in first(
        child, knowledge
    )  # where nothing was ranked


def test_what_must_be_done_now_stands_before_what_was_found() -> None:
    text = first(example("leukaemia-like"), shipped())
    assert text.index("EMERGENCY: ACT NOW") < text.index("Course") < text.index("TO BE ANSWERED")
    assert "Criteria Paused while a red flag stands" in text
    for flag in example("leukaemia-like").red_flags:
        assert flag.label.lower() in text.lower()


def test_every_value_outside_its_interval_is_told() -> None:
    # The leukaemia-like boy: CRP 38, ESR 92, Hb 82, LDH 940, platelets 95, WBC 3.2.
    text = first(example("leukaemia-like"), shipped())
    for value in ("38 mg/L", "92 mm/h", "82 g/L", "940 U/L", "0.6", "95", "3.2"):
        assert value in text.replace("\N{NO-BREAK SPACE}", " "), value


def test_where_no_flag_stands_what_was_looked_for_is_said_and_no_more(
    child: Assessment, knowledge: Knowledge
) -> None:
    assert "none is ruled out" in first(child, knowledge)
    assert "Absent:" not in first(child, knowledge)
    # The girl is recorded without fever, weight loss and a mass.
    said = first(example("right-hand"), shipped()).partition("Absent:")[2]
    for sign in ("fever", "weight loss", "mass"):
        assert sign in said.partition("Course")[0]


def test_a_test_that_answers_several_is_named_once() -> None:
    text = first(example("right-hand"), shipped())
    rows = text.partition("TO BE ANSWERED")[2].partition("Considered")[0]
    assert rows.count("Bone biopsy") == 1
    assert rows.count("the same") == 3  # two infections of germs, one of fungi, Langerhans cells


def test_a_contradiction_is_never_folded(child: Assessment, knowledge: Knowledge) -> None:
    issue = Issue(Level.ERROR, "Condition 3", "Is said to be there and not to be there.")
    both = msgspec.structs.replace(child, issues=(issue,))
    assert "Is said to be there and not to be there." in first(both, knowledge)
    letter = page.render(both, knowledge=knowledge).partition("<details")[0]
    assert "Is said to be there and not to be there." in letter


def test_a_step_says_what_comes_before_it_who_and_when(
    child: Assessment, knowledge: Knowledge
) -> None:
    step = Step("Bone biopsy", ("A sample.",), "", "orthopaedics", "soon", ("clotting",), ("x",))
    text = first(msgspec.structs.replace(child, steps=(step,)), knowledge)
    assert "1 Bone biopsy First: clotting. orthopaedics, within 2 weeks" in text


def test_what_would_change_the_answer_names_every_finding_that_it_needs() -> None:
    change = Counterfactual(
        answers=((FindingId("fever"), True), (FindingId("limp"), False)),
        changes="leading",
        to="scurvy",
        name="Scurvy (vitamin C deficiency)",
    )
    assessment = msgspec.structs.replace(example("right-hand"), would_change=(change,))
    assert "Changes Fever and no limp: scurvy." in first(assessment, shipped())


def test_an_assessment_of_nothing_says_so_in_a_few_lines(
    empty: Assessment, knowledge: Knowledge
) -> None:
    shown = terminal.render(empty, knowledge=knowledge, colour=False)
    assert len(shown.splitlines()) <= 15
    assert "nothing was read of this child" in shown.lower()


def test_a_flag_pauses_the_criteria_on_the_first_page(
    child: Assessment, flagged: Assessment, knowledge: Knowledge
) -> None:
    assert "not decided: one item is not recorded" in first(child, knowledge)
    assert "not decided: one item is not recorded" not in first(flagged, knowledge)
