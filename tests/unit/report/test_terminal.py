"""The terminal's text fits 80 columns, works without colour and lets no control code through."""

import io
import re

import msgspec
import pytest
from rich.cells import cell_len
from rich.console import Console

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment
from multifocal.report import terminal


@pytest.mark.parametrize("which", ["child", "flagged", "empty", "unread"])
def test_no_line_is_wider_than_eighty_columns(
    which: str, knowledge: Knowledge, request: pytest.FixtureRequest
) -> None:
    text = terminal.render(request.getfixturevalue(which), knowledge=knowledge, colour=False)
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
    assert "[red]:boom:[/][31m\n" in text


def test_a_red_flag_pauses_code_and_criteria(
    child: Assessment, flagged: Assessment, knowledge: Knowledge
) -> None:
    assert "X00.1" in terminal.render(child, knowledge=knowledge, colour=False)
    text = terminal.render(flagged, knowledge=knowledge, colour=False)
    assert "RED FLAGS" in text
    assert "X00.1" not in text
    assert "12 to 39" not in text


def test_every_number_in_brackets_is_a_listed_source(
    child: Assessment, knowledge: Knowledge
) -> None:
    text = terminal.render(child, knowledge=knowledge, colour=False)
    cited = {int(number) for number in re.findall(r"\[(\d+)[djm]?\]", text)}
    listed = {int(number) for number in re.findall(r"^ +\[(\d+)\] ", text, flags=re.MULTILINE)}
    assert cited == listed == {1, 2, 3, 4}


def test_printing_to_a_console_gives_the_same_text(child: Assessment, knowledge: Knowledge) -> None:
    console = Console(file=io.StringIO(), width=80)
    terminal.print_assessment(child, console, knowledge=knowledge)
    assert isinstance(console.file, io.StringIO)
    printed = [line.rstrip() for line in console.file.getvalue().splitlines()]
    assert printed == terminal.render(child, knowledge=knowledge, colour=False).splitlines()
