"""Synthetic cases in the case format, tried through the command."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from multifocal.cli import app, main

CASES: list[dict[str, Any]] = [
    {
        "id": "made-up-1",
        "age_years": 9,
        "sex": "F",
        "presenting": {"pain": True, "duration_months": 8, "sites": [{"site": "clavicle"}]},
        "exam": {},
        "history": {},
        "labs": [{"name": "CRP", "value": 12, "unit": "mg/L", "flag": "high"}],
        "imaging": [
            {
                "modality": "MRI",
                "site": "tibia",
                "side": "left",
                "finding": "bone marrow oedema in both tibial metaphyses",
            }
        ],
        "biopsy": "sterile inflammation, cultures negative",
        "final_diagnosis": "Chronic recurrent multifocal osteomyelitis",
        "is_cno": True,
        "category": "cno",
        "hand_involved": False,
        "source_depth": "abstract",
    },
    {
        "id": "made-up-2",
        "age_years": 5,
        "sex": "M",
        "presenting": {"pain": True, "fever": True, "pallor": True},
        "exam": {},
        "history": {},
        "labs": [],
        "imaging": [],
        "biopsy": None,
        "final_diagnosis": "Acute lymphoblastic leukaemia",
        "is_cno": False,
        "category": "leukaemia",
        "hand_involved": False,
        "source_depth": "abstract",
    },
]
SHARES = ("top1", "top3", "top5", "top10", "sensitivity", "specificity", "red_flag_recall")


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    file = tmp_path / "cases.json"
    file.write_text(json.dumps(CASES), encoding="utf-8")
    return file


def tried(cases: Path, *arguments: str) -> dict[str, Any]:
    out = cases.parent / "out.json"
    result = CliRunner().invoke(app, ["validate", str(cases), "--json", str(out), *arguments])
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(out.read_bytes())
    return found


def test_the_json_holds_every_figure_and_every_case(cases: Path) -> None:
    found = tried(cases)
    assert (found["n"], found["n_cmo"], found["n_mimic"]) == (2, 1, 1)
    for name in SHARES:
        assert {"value", "low", "high", "k", "n"} <= found[name].keys()
    assert found["red_flag_recall"]["n"] == 1
    assert isinstance(found["unsafe"], list)
    assert 0 <= found["ece"] <= 1
    assert [case["id"] for case in found["cases"]] == ["made-up-1", "made-up-2"]
    for case in found["cases"]:
        assert {"condition", "probability", "low", "high"} <= case["ranked"][0].keys()
        assert abs(sum(one["probability"] for one in case["ranked"]) - 1) < 1e-6
    assert [case["truth"] for case in found["cases"]] == ["cmo", "acute_leukaemia"]


def test_a_mask_hides_its_part_and_no_other(cases: Path) -> None:
    whole = tried(cases)["cases"]
    blind = tried(cases, "--mask", "imaging", "--mask", "biopsy", "--mask", "labs")
    assert blind["masked"] == ["imaging", "biopsy", "labs"]
    assert blind["cases"][0]["known"] < whole[0]["known"]
    assert blind["cases"][1]["ranked"] == whole[1]["ranked"]


def test_the_page_and_the_figures_are_given(cases: Path, tmp_path: Path) -> None:
    page = tmp_path / "new" / "page.html"
    result = CliRunner().invoke(app, ["validate", str(cases), "-o", str(page)])
    assert result.exit_code == 0, result.output
    assert "2 children whose diagnosis is known" in result.output
    assert "made-up-2" in page.read_text(encoding="utf-8")


def test_a_key_that_the_format_does_not_have_is_told(cases: Path, tmp_path: Path) -> None:
    cases.write_text(json.dumps([{**CASES[0], "colour": "SECRET"}]), encoding="utf-8")
    page = tmp_path / "page.html"
    result = CliRunner().invoke(app, ["validate", str(cases), "-o", str(page)])
    assert result.exit_code == 0, result.output
    assert "colour" in page.read_text(encoding="utf-8")
    assert "SECRET" not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments", [["--mask", "genes"], ["--setting", "moon"], ["--baseline", "oracle"]]
)
def test_wrong_use_ends_with_2(cases: Path, arguments: list[str]) -> None:
    assert CliRunner().invoke(app, ["validate", str(cases), *arguments]).exit_code == 2


@pytest.mark.parametrize("content", ["", "not json", '{"cases": 3}', "[3]", '[{"age_years": 3}]'])
def test_a_file_that_is_no_list_of_cases_ends_with_3_and_one_line(
    content: str, cases: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cases.write_text(content, encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["multifocal", "validate", str(cases)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 3
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    assert "cases.json" in printed


def test_a_file_that_is_not_there_ends_with_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["multifocal", "validate", str(tmp_path / "gone.json")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 3
