"""Whole reports in text, kept beside the tests and reviewed as diffs."""

from pathlib import Path

import pytest

from multifocal.knowledge.load import Knowledge
from multifocal.report import terminal

GOLDEN = Path(__file__).parents[2] / "golden" / "report"


@pytest.mark.parametrize("which", ["child", "flagged", "empty", "unread"])
def test_the_report_in_text_is_the_one_that_was_reviewed(
    which: str, knowledge: Knowledge, request: pytest.FixtureRequest
) -> None:
    text = terminal.render(
        request.getfixturevalue(which), knowledge=knowledge, colour=False, shown=()
    )
    assert text == (GOLDEN / f"{which}.txt").read_text(encoding="utf-8")
