"""The first page names what was not read, the worst first, and lets no name of it do anything."""

import io
import re

import msgspec
import pytest
from pypdf import PdfReader

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment
from multifocal.model.record import NotRead, Resources
from multifocal.report import page, pdf, terminal
from multifocal.report.reading import FIRST, reading


def with_counts(assessment: Assessment, read: int, partly: int, unread: int) -> Assessment:
    return msgspec.structs.replace(assessment, resources=Resources(read, partly, unread))


def test_the_counts_add_up_to_all_that_was_given(unread: Assessment) -> None:
    counts = reading(unread).counts
    total, *parts = map(int, re.findall(r"\d+", counts))
    assert total == sum(parts) == 39


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((40, 0, 0), "All 40 resources of the record were read."),
        ((39, 0, 1), "Of 40 resources of the record 39 were read and 1 not at all."),
        ((0, 2, 0), "Of 2 resources of the record 0 were read and 2 in part."),
    ],
)
def test_the_counts_are_one_sentence(
    counts: tuple[int, int, int], said: str, child: Assessment
) -> None:
    assert reading(with_counts(child, *counts)).counts == said


def test_where_nobody_counted_what_was_not_read_is_counted(unread: Assessment) -> None:
    assert reading(with_counts(unread, 0, 0, 0)).counts == "18 things in the record were not read."


def test_the_first_page_names_five_and_counts_the_rest(unread: Assessment) -> None:
    given = reading(unread)
    assert len(given.first) == FIRST
    assert given.more == "and 13 more: 12 other entries and 1 medicine"
    assert len(given.every) == len(unread.not_read)


def test_one_more_than_five_needs_no_second_list(unread: Assessment) -> None:
    given = reading(msgspec.structs.replace(unread, not_read=unread.not_read[: FIRST + 1]))
    assert (len(given.first), given.more) == (FIRST + 1, "")


def test_what_has_no_name_is_said_to_have_none(unread: Assessment) -> None:
    assert reading(unread).first[2].name == "without a name"


def test_a_name_is_one_line_without_control_codes_and_not_too_long(unread: Assessment) -> None:
    name = reading(unread).first[1].name
    assert name.isprintable()
    assert len(name) <= 120


def test_the_text_says_it_before_anything_that_was_found(
    unread: Assessment, knowledge: Knowledge
) -> None:
    text = terminal.render(unread, knowledge=knowledge, colour=False)
    first = text.partition("Course")[0]
    assert "Report: Surgical pathology (DiagnosticReport 2, a picture)" in first
    assert "May matter: odd cells" in " ".join(first.split())
    assert "No code is suggested until what may decide against it is read." in first
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_the_page_says_it_unfolded(unread: Assessment, knowledge: Knowledge) -> None:
    html = page.render(unread, knowledge=knowledge)
    first = html.partition("<details")[0]
    assert "<bdi>Surgical pathology</bdi>" in first
    assert "May matter: odd cells" in first
    assert "&lt;i&gt;" in first
    assert "<i>" not in html
    assert "\u202e" not in html
    assert "Plasma viscosity" in html  # what may not matter is in the whole list


def test_the_first_page_of_the_pdf_says_it(unread: Assessment, knowledge: Knowledge) -> None:
    first = PdfReader(io.BytesIO(pdf.render(unread, knowledge=knowledge))).pages[0].extract_text()
    flat = " ".join(first.split())
    assert "Surgical pathology" in flat
    assert "#let" in flat
    assert "No code is suggested" in flat


def test_a_red_flag_still_comes_first(flagged: Assessment, knowledge: Knowledge) -> None:
    both = with_counts(flagged, 3, 0, 1)
    text = " ".join(terminal.render(both, knowledge=knowledge, colour=False).split())
    assert text.index("ACT NOW") < text.index("resources of the record")


def test_an_image_that_was_not_read_is_never_called_imaged(
    unread: Assessment, knowledge: Knowledge
) -> None:
    shown = terminal.render(unread, knowledge=knowledge, colour=False, shown=())
    text = " ".join(shown.split())
    assert "Imaged: right hand." in text
    assert "Imaged, result not read: left hand. What these images show is not known here." in text
    assert "MRI, result not read" in text


def test_a_problem_names_what_was_not_read_there(unread: Assessment, knowledge: Knowledge) -> None:
    html = page.render(unread, knowledge=knowledge)
    row = html.partition("Observation 17 (Plasma viscosity)")[2].partition("</tr>")[0]
    assert "Has a code that is not known." in row


def test_every_kind_has_its_words(child: Assessment) -> None:
    kinds = msgspec.inspect.type_info(NotRead).fields[0].type.values  # type: ignore[attr-defined]
    for kind in kinds:
        one = NotRead(kind, "x", "y", count=2)
        assert reading(msgspec.structs.replace(child, not_read=(one,))).first[0].kind
        more = reading(msgspec.structs.replace(child, not_read=(one,) * 9)).more
        assert more.startswith("and 8 more: 8 ")


def test_a_reason_for_a_visit_and_an_illness_of_kin_are_no_diagnosis(
    child: Assessment, knowledge: Knowledge
) -> None:
    not_read = (
        NotRead("diagnosis", "Check of the ears", "Encounter 3"),
        NotRead("diagnosis", "Hay fever", "FamilyMemberHistory 1"),
        NotRead("result", "Tonsils taken out", "Procedure 1"),
    )
    shown = terminal.render(
        msgspec.structs.replace(child, not_read=not_read),
        knowledge=knowledge,
        colour=False,
        shown=(),
    )
    assert "Reason for a visit: Check of the ears" in shown
    assert "Illness in the family: Hay fever" in shown
    assert "Procedure: Tonsils taken out" in shown
