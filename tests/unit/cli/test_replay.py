import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from multifocal.cli import app, main


def test_the_visits_are_printed_and_the_page_is_written(tmp_path: Path) -> None:
    page = tmp_path / "new" / "replay.html"
    result = CliRunner().invoke(app, ["replay", "example:leukaemia-like", "-o", str(page)])
    assert result.exit_code == 0, result.output
    assert "RED FLAG from" in result.output
    assert "What was known, visit by visit" in page.read_text(encoding="utf-8")


def test_the_json_holds_visits_in_the_order_of_time() -> None:
    result = CliRunner().invoke(app, ["replay", "example:right-hand", "--json"])
    assert result.exit_code == 0, result.output
    replay = json.loads(result.output)
    days = [visit["day"] for visit in replay["visits"]]
    assert len(days) > 1
    assert days == sorted(days)
    assert replay["schema"] == "multifocal.replay/1"


@pytest.mark.parametrize(
    "arguments",
    [["example:right-hand", "--setting", "moon"], ["example:nobody"], []],
    ids=["setting", "example", "nothing"],
)
def test_wrong_use_ends_with_2(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, ["replay", *arguments]).exit_code == 2


def test_a_file_that_is_no_record_ends_with_3_and_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "broken.json"
    file.write_text("not a record", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["multifocal", "replay", str(file)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 3
    assert capsys.readouterr().err.count("\n") == 1
