import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from multifocal.cli import app
from multifocal.knowledge.load import load

MADE_UP = Path(__file__).parents[2] / "data" / "weights" / "made_up.toml"
"""Invented numbers; the weights of no publication."""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def runner(*arguments: str, typed: str = "") -> Any:
        return CliRunner().invoke(app, [*arguments], input=typed)

    return runner


def test_every_set_is_listed(run: Any) -> None:
    told = run("score").output
    assert {entry.id for entry in load().criteria} <= set(told.split())
    rows = json.loads(run("score", "--json").stdout)
    assert [row["id"] for row in rows] == [entry.id for entry in load().criteria]


def test_an_answer_in_json_has_what_a_program_needs(run: Any) -> None:
    result = run("score", "nbods_2023", "crp_mg_per_l=<5 mg/L", "femur=no", "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    wanted = {"id", "state", "value", "low", "high", "unknown", "label", "source", "certainty"}
    assert wanted <= found.keys()
    assert (found["state"], found["value"]) == ("NBO more likely than BO", None)
    assert (found["low"], found["high"]) == (56, 98)
    assert found["unknown"] == ["multifocal", "neutrophil_bands_per_ul"]


def test_a_unit_is_converted_and_a_missing_one_refused(run: Any) -> None:
    found = json.loads(run("score", "lab_fever_thresholds", "crp=3mg/dL", "--json").stdout)
    words = {word["name"]: word for word in found["words"]}
    assert words["mg_per_l"]["low"] == 30
    assert words["bristol_low_crp"]["truth"] is False
    bare = run("score", "lab_fever_thresholds", "crp=30", "--json")
    assert (bare.exit_code, json.loads(bare.stdout)["state"]) == (0, "refused:unit_missing")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("nbods", "cpr=3"), "crp_mg_per_l"),
        (("nbodz",), "nbods_2023"),
        (("jansson",), "jansson_2009_score"),
        (("nbods", "femur"), "name=value"),
        (("nbods", "femur=perhaps"), "yes, no or unknown"),
        (("cromris", "request=sing"), "no such request"),
        (("no-such-thing-at-all",), "lists them"),
    ],
)
def test_wrong_use_ends_with_code_2_and_a_hint(
    run: Any, arguments: tuple[str, ...], hint: str
) -> None:
    result = run("score", *arguments)
    assert result.exit_code == 2
    assert hint in " ".join(result.output.replace("│", " ").split())


def test_without_answers_a_set_tells_its_items(run: Any) -> None:
    assert "femur=yes|no" in run("score", "nbods").output


def test_what_is_asked_of_a_set_without_items_is_answered(run: Any) -> None:
    assert "have not been verified" in run("score", "cromris").output


def test_weights_are_checked_kept_and_named_by_every_result(run: Any, tmp_path: Path) -> None:
    kept = run("knowledge", "unlock", "EULAR_ACR", str(MADE_UP))
    assert kept.exit_code == 0, kept.output
    assert (tmp_path / "data" / "multifocal" / "weights" / "eular_acr_2025_cno.toml").is_file()
    found = json.loads(run("score", "eular", "fever=no_fever", "--json").stdout)
    assert "A made-up document for tests" in found["label"]
    # 5 for no fever; the rest from 5 (hand or skull), 0, 0, 0, 0, 0, 0, -2 to the maxima: 8 to 90.
    assert (found["low"], found["high"]) == (8, 90)
    work_up = json.loads(run("assess", "example:right-hand", "--format", "json").stdout)
    criteria = {one["id"]: one for one in work_up["criteria"]}
    eular = criteria["eular_acr_2025_cno"]
    assert "Invented Person" in eular["label"]
    assert "+weights." in work_up["knowledge_version"]
    assert eular["maximum"] == 90
    assert "Invented Person" in run("assess", "example:right-hand", "--page", "3").output


def test_weights_that_break_a_rule_are_not_kept(run: Any, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    text = MADE_UP.read_text(encoding="utf-8")
    broken.write_text(text.replace("threshold = 55", "threshold = 5").replace("= 17", "= 1"))
    result = run("knowledge", "unlock", "EULAR_ACR", str(broken))
    assert result.exit_code == 2
    told = " ".join(result.output.replace("│", " ").split())
    assert "the threshold is 55" in told
    assert "the greatest weight of the biopsy is 17" in told
    assert not (tmp_path / "data").exists()


def test_what_looks_unusual_is_kept_only_after_a_yes(run: Any, tmp_path: Path) -> None:
    unusual = tmp_path / "unusual.toml"
    text = MADE_UP.read_text(encoding="utf-8")
    unusual.write_text(text.replace('label = "Hand", points = 5', 'label = "Hand", points = 12'))
    assert run("knowledge", "unlock", "EULAR_ACR", str(unusual), typed="n\n").exit_code == 1
    assert not (tmp_path / "data").exists()
    assert run("knowledge", "unlock", "EULAR_ACR", str(unusual), "--yes").exit_code == 0


def test_the_empty_template_is_printed(run: Any) -> None:
    assert 'set = "eular_acr_2025_cno"' in run("knowledge", "unlock", "EULAR_ACR").output
    assert run("knowledge", "unlock", "NBODS").exit_code == 2
    assert run("knowledge", "unlock", "EULAR_ACR", "no-such-file.toml").exit_code == 2
