"""The terminal's text fits 80 columns, works without colour and lets no control code through."""

import re

import msgspec
import pytest
from rich.cells import cell_len

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment
from multifocal.report import terminal


@pytest.mark.parametrize("which", ["child", "flagged", "empty", "unread"])
def test_no_line_is_wider_than_eighty_columns(
    which: str, knowledge: Knowledge, request: pytest.FixtureRequest
) -> None:
    given = request.getfixturevalue(which)
    text = terminal.render(given, knowledge=knowledge, colour=False, shown=())
    assert max(map(cell_len, text.splitlines())) <= 80


def test_without_colour_there_is_no_escape_code(child: Assessment, knowledge: Knowledge) -> None:
    assert "\x1b" not in terminal.render(child, knowledge=knowledge, colour=False)


def test_colour_changes_no_word(flagged: Assessment, knowledge: Knowledge) -> None:
    plain = terminal.render(flagged, knowledge=knowledge, colour=False)
    coloured = terminal.render(flagged, knowledge=knowledge, colour=True)
    assert "\x1b" in coloured
    bare = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in bare.splitlines()] == plain.splitlines()


def test_markup_and_control_codes_in_a_name_do_nothing(
    child: Assessment, knowledge: Knowledge
) -> None:
    patient = msgspec.structs.replace(child.patient, name="[red]:boom:[/]\x1b[31m\x07")
    hostile = msgspec.structs.replace(child, patient=patient)
    text = terminal.render(hostile, knowledge=knowledge, colour=False)
    assert "[red]:boom:[/][31m  " in text


def test_every_number_in_brackets_is_a_listed_source(
    child: Assessment, knowledge: Knowledge
) -> None:
    text = terminal.render(child, knowledge=knowledge, colour=False, shown=())
    before, _, listed = text.partition("5. SOURCES")
    cited = {int(number) for number in re.findall(r"\[(\d+)[djm]?\]", before)}
    assert cited == {int(n) for n in re.findall(r"^(\d+) +\S", listed, flags=re.MULTILINE)}
    assert cited == {1, 2, 3}  # the paper, the book, our own


def test_a_page_is_printed_by_its_number(child: Assessment, knowledge: Knowledge) -> None:
    second = terminal.render(child, knowledge=knowledge, colour=False, shown=(2,))
    assert "Laboratory" in second
    assert "NEXT STEPS" not in second
    assert "Back now" in terminal.render(child, knowledge=knowledge, colour=False)
