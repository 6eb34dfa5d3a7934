"""`assess --strict` tells a script that something that may decide was not read."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from multifocal.cli import app
from multifocal.cli import main as command_line

UNREADABLE = {
    "resourceType": "DiagnosticReport",
    "id": "d1",
    "status": "final",
    "code": {"text": "Surgical pathology"},
    "subject": {"reference": "Patient/p"},
    "effectiveDateTime": "2026-03-01",
    "presentedForm": [{"contentType": "image/tiff", "data": "SUkqAA=="}],
}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["assess", *arguments])


def written(folder: Path, *resources: object) -> str:
    patient = {"resourceType": "Patient", "id": "p", "birthDate": "2017-03-14", "gender": "female"}
    file = folder / "record.json"
    entry = [{"resource": one} for one in (patient, *resources)]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entry}
    file.write_text(json.dumps(bundle), encoding="utf-8")
    return str(file)


def test_a_record_that_was_read_ends_with_0(tmp_path: Path) -> None:
    crp = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "1988-5"}]},
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": "2026-03-01",
        "valueQuantity": {"value": 12, "system": "http://unitsofmeasure.org", "code": "mg/L"},
    }
    assert run(written(tmp_path, crp), "--strict").exit_code == 0


def test_a_pathology_report_that_can_not_be_read_ends_a_strict_run_with_4(tmp_path: Path) -> None:
    file, out = written(tmp_path, UNREADABLE), tmp_path / "out.json"
    assert run(file, "--format", "json", "-o", str(out)).exit_code == 0
    assert run(file, "--format", "json", "-o", str(out), "--strict").exit_code == 4
    work_up = json.loads(out.read_bytes())
    assert [one["name"] for one in work_up["not_read"]] == ["Surgical pathology"]
    assert work_up["coding"]["held"]


def test_a_broken_file_ends_a_strict_run_as_it_ends_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "record.json"
    file.write_text('{"resourceType": "Bundle", "entry": [', encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["multifocal", "assess", str(file), "--strict"])
    with pytest.raises(SystemExit) as end:
        command_line()
    assert end.value.code == 3
