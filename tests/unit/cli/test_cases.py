"""Synthetic cases turned into records, and those records read by every command that takes one."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from multifocal.cli import app, main

CASES: list[dict[str, Any]] = [
    {
        "id": "made-up-1",
        "age_years": 9,
        "sex": "F",
        "presenting": {"pain": True, "duration_months": 8, "sites": [{"site": "clavicle"}]},
        "labs": [{"name": "CRP", "value": 12, "unit": "mg/L", "flag": "high"}],
        "imaging": [{"modality": "MRI", "site": "tibia", "side": "left", "finding": "oedema"}],
        "biopsy": "sterile inflammation",
        "timeline": [{"month": 0, "event": "pain"}, {"month": 14, "event": "fever"}],
        "timeline_zero": "first event",
        "final_diagnosis": "Chronic recurrent multifocal osteomyelitis",
        "is_cno": True,
    },
    {"id": "made-up-2", "age_years": 5, "sex": "M", "presenting": {"fever": True, "pallor": True}},
]


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    file = tmp_path / "cases.json"
    file.write_text(json.dumps(CASES), encoding="utf-8")
    return file


@pytest.fixture
def written(cases: Path) -> Path:
    out = cases.parent / "records"
    done(["cases", str(cases), "-o", str(out)])
    return out


def done(arguments: list[str]) -> Result:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    return result


def assessed(*arguments: str) -> Any:
    return json.loads(done(["assess", *arguments, "--format", "json"]).stdout)


def test_a_written_record_is_assessed_like_the_case_itself(cases: Path, written: Path) -> None:
    direct = assessed(str(cases), "--patient", "made-up-1")
    assert direct == assessed(str(written / "case-001.json"))
    assert {fact["concept"] for fact in direct["facts"]} >= {"bone_pain", "crp", "biopsy"}
    assert "recurrent multifocal" not in json.dumps(direct["facts"])


def test_as_of_the_visit_nothing_later_is_known(written: Path) -> None:
    record = str(written / "case-001.json")
    then = {fact["concept"] for fact in assessed(record, "--as-of", "2020-01-01")["facts"]}
    assert {fact["concept"] for fact in assessed(record)["facts"]} - then == {"fever"}


def test_written_records_are_validated_like_the_cases_themselves(
    cases: Path, written: Path
) -> None:
    for more in ([], ["--mask", "labs"]):
        figures = [done(["validate", str(path), *more]).stdout for path in (cases, written)]
        assert figures[0] == figures[1]


def test_a_case_is_replayed_over_its_time_line(written: Path) -> None:
    seen = json.loads(done(["replay", str(written / "case-001.json"), "--json"]).stdout)
    assert len(seen["visits"]) == 2
    assert seen["visits"][0]["day"] == "2020-01-01"


def test_masks_with_commas_and_masks_repeated_are_the_same(cases: Path) -> None:
    said = [["--mask", "imaging,labs"], ["--mask", "labs", "--mask", "imaging"]]
    for command in (["validate", str(cases)], ["cases", str(cases), "-o", str(cases.parent / "x")]):
        first, second = (done([*command, *mask]).stdout for mask in said)
        assert first == second
        assert first != done(command).stdout


@pytest.mark.parametrize("command", ["validate", "cases"])
def test_a_mask_that_there_is_not_is_wrong_use(command: str, cases: Path) -> None:
    arguments = [command, str(cases), "-o", str(cases.parent / "x"), "--mask", "labs,genes"]
    assert CliRunner().invoke(app, arguments).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [([], "holds 2 cases"), (["--patient", "nobody"], "holds no case of the id given")],
)
def test_which_case_must_be_clear(
    arguments: list[str],
    said: str,
    cases: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["multifocal", "assess", str(cases), *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 3
    printed = capsys.readouterr().err
    assert said in printed
    assert printed.count("\n") == 1
