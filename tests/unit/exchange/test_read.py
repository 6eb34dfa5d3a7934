"""Finding out what a path holds: a record, or one line that says what to do."""

import bz2
import gzip
import io
import json
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from multifocal.exchange.read import read, read_many
from multifocal.knowledge.load import load
from multifocal.model.issue import Level, RecordError

KNOWLEDGE = load()
DATA = Path(__file__).parents[2] / "data"
BULK = DATA / "fhir" / "bulk"
BAD = DATA / "bad"
CRP = {
    "resourceType": "Observation",
    "id": "o",
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "1988-5"}]},
    "valueQuantity": {"value": 12, "code": "mg/L"},
    "subject": {"reference": "Patient/p"},
}
CHILD = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "2017-03-10"}
LINES = "\n".join(json.dumps(resource) for resource in (CHILD, CRP)).encode()
BUNDLE = json.dumps(
    {"resourceType": "Bundle", "entry": [{"resource": CHILD}, {"resource": CRP}]}
).encode()


def zipped() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("bundle.json", BUNDLE)
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (zipped(), "is a zip archive: unpack it first"),
        (gzip.compress(BUNDLE)[:-20], "can't be unpacked"),
        (b"BZh" + BUNDLE, "can't be unpacked"),
        (b"\x28\xb5\x2f\xfd" + BUNDLE, "can't be unpacked"),
        (b"%PDF-1.7\n", "is a PDF"),
        (BUNDLE.decode().encode("utf-16"), "save it as UTF-8"),
        (BUNDLE.decode().encode("utf-16-le"), "not text in UTF-8"),
        (b"", "is empty"),
        (b" \n\t ", "is empty"),
        (BUNDLE[:-40], "cut off"),
        (BUNDLE[: len(BUNDLE) // 2], "cut off"),
        (b"<html>Sign in</html>", "is not JSON but XML or HTML"),
        (b"hello", "this is not JSON"),
        (b"[]", "no resourceType"),
        (b'{"resourceType": 5}', "no resourceType"),
        (b'{"resourceType": "Observatoin"}', "none that says something"),
        (b'{"resourceType": "Bundle", "entry": {}}', "can't be read at entry"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (bytes(range(256)) * 4, "not text in UTF-8"),
    ],
)
def test_what_can_not_be_read_is_refused_in_one_line_with_advice(
    tmp_path: Path, content: bytes, advice: str
) -> None:
    path = tmp_path / "child.json"
    path.write_bytes(content)
    with pytest.raises(RecordError) as fault:
        read(path, knowledge=KNOWLEDGE)
    message = str(fault.value)
    assert message.startswith("child.json: ")
    assert advice in message
    assert "\n" not in message
    assert str(tmp_path) not in message
    assert fault.value.__cause__ is None


def test_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="is not there"):
        read(tmp_path / "none.json", knowledge=KNOWLEDGE)


def test_byte_order_mark_of_utf_8_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "child.json"
    path.write_bytes(b"\xef\xbb\xbf" + BUNDLE)
    assert [fact.concept for fact in read(path, knowledge=KNOWLEDGE).facts] == ["crp"]


def test_folder_of_ndjson_is_read_as_one_record(tmp_path: Path) -> None:
    (tmp_path / "Patient.ndjson").write_text(json.dumps(CHILD))
    (tmp_path / "Observation.ndjson").write_text(json.dumps(CRP) + "\n\n")
    record = read(tmp_path, knowledge=KNOWLEDGE)
    assert record.patient.id == "p"
    assert [fact.concept for fact in record.facts] == ["crp"]


def test_ndjson_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "child.ndjson"
    path.write_bytes(LINES)
    assert [fact.concept for fact in read(path, knowledge=KNOWLEDGE).facts] == ["crp"]


def test_bad_line_is_told_by_its_number_and_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "Observation.ndjson"
    path.write_bytes(b"{not json\n" + LINES)
    record = read(path, knowledge=KNOWLEDGE)
    assert [fact.concept for fact in record.facts] == ["crp"]
    told = [one for one in record.issues if one.where == "Observation.ndjson line 1"]
    assert [one.level for one in told] == [Level.WARNING]


@pytest.mark.parametrize(
    ("ending", "packed"),
    [
        ("gz", gzip.compress),
        ("bz2", bz2.compress),
        ("xz", lzma.compress),
        ("zst", zstandard.ZstdCompressor().compress),
    ],
)
def test_packed_files_are_read(
    tmp_path: Path, ending: str, packed: Callable[[bytes], bytes]
) -> None:
    (tmp_path / f"child.json.{ending}").write_bytes(packed(BUNDLE))
    (tmp_path / f"lines.ndjson.{ending}").write_bytes(packed(LINES))
    for path in (tmp_path / f"child.json.{ending}", tmp_path / f"lines.ndjson.{ending}", tmp_path):
        assert [fact.concept for fact in read(path, knowledge=KNOWLEDGE).facts] == ["crp"]
    [record] = read_many(tmp_path, knowledge=KNOWLEDGE)
    assert [fact.concept for fact in record.facts] == ["crp"]


def test_broken_packed_file_in_a_folder_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "Observation.ndjson").write_bytes(LINES)
    (tmp_path / "Condition.ndjson.gz").write_bytes(gzip.compress(LINES)[:-20])
    record = read(tmp_path, knowledge=KNOWLEDGE)
    assert [fact.concept for fact in record.facts] == ["crp"]
    assert any(one.where == "Condition.ndjson.gz" for one in record.issues)


def test_folder_without_ndjson_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"holds no \.ndjson file"):
        read(tmp_path, knowledge=KNOWLEDGE)


def test_folder_of_several_patients_needs_an_id() -> None:
    with pytest.raises(RecordError, match="holds 3 patients"):
        read(BULK, knowledge=KNOWLEDGE)


def test_every_patient_of_an_export_is_read_as_if_alone() -> None:
    records = list(read_many(BULK, knowledge=KNOWLEDGE))
    assert len(records) == 3
    for record in records:
        alone = read(BULK, knowledge=KNOWLEDGE, patient=record.patient.id)
        assert alone.patient == record.patient
        assert alone.facts == record.facts


def test_blood_counts_of_an_export_are_read_in_our_units() -> None:
    records = read_many(BULK, knowledge=KNOWLEDGE)
    counts = [fact for record in records for fact in record.facts if fact.concept == "wbc"]
    lines = (BULK / "Observation.ndjson").read_text().splitlines()
    written = [
        resource["valueQuantity"]["value"]
        for resource in map(json.loads, lines)
        if resource["code"]["coding"][0]["code"] == "6690-2"
    ]
    assert sorted(fact.value or 0 for fact in counts) == pytest.approx(sorted(written))
    assert {fact.unit for fact in counts} == {"10*9/L"}


REFUSED = {
    "array.json",
    "bundle.json",
    "empty.json",
    "not-json.json",
    "truncated.json",
    "two-patients.json",
    "utf-16.json",
    "wrong-resource-type.json",
}


@pytest.mark.parametrize("path", sorted(BAD.glob("*.json")), ids=lambda path: path.stem)
def test_bad_input_is_refused_in_one_line_or_read_with_issues(path: Path) -> None:
    if path.name in REFUSED:
        with pytest.raises(RecordError, match=rf"^{path.name}: [^\n]+$"):
            read(path, knowledge=KNOWLEDGE)
        return
    assert read(path, knowledge=KNOWLEDGE).facts


@pytest.mark.parametrize(
    ("name", "level", "words"),
    [
        ("birth-after-tests", Level.ERROR, "birth date is later"),
        ("duplicate-observation", Level.INFO, "more than once"),
        ("impossible-date", Level.WARNING, "no possible date"),
        ("lab-without-unit", Level.WARNING, "has no unit"),
        ("laterality-conflict", Level.WARNING, "different sides"),
        ("no-patient", Level.WARNING, "no Patient resource"),
        ("sex-unknown", Level.INFO, "sex is not known"),
    ],
)
def test_fault_of_a_record_is_told(name: str, level: Level, words: str) -> None:
    record = read(BAD / f"{name}.json", knowledge=KNOWLEDGE)
    assert any(one.level is level and words in one.message for one in record.issues)


def test_what_has_no_known_code_is_not_read_by_its_own_name() -> None:
    record = read(BAD / "unknown-loinc.json", knowledge=KNOWLEDGE)
    assert any(one.why == "no code or name that is known" for one in record.not_read)


def test_sides_in_conflict_leave_no_side() -> None:
    record = read(BAD / "laterality-conflict.json", knowledge=KNOWLEDGE)
    pain = [fact for fact in record.facts if fact.concept == "hand_pain"]
    assert [(fact.region, fact.laterality) for fact in pain] == [("hand", None)]


def test_impossible_dates_cost_the_day_only() -> None:
    record = read(BAD / "impossible-date.json", knowledge=KNOWLEDGE)
    days = {fact.concept: fact.day and str(fact.day) for fact in record.facts}
    assert days == {"crp": None, "esr": None, "hand_pain": "2026-06"}


def test_the_last_line_of_a_file_may_repeat_another(tmp_path: Path) -> None:
    line = json.dumps(CRP).encode()
    (tmp_path / "Patient.ndjson").write_text(json.dumps(CHILD))
    (tmp_path / "Observation.ndjson").write_bytes(line + b"\n" + line)
    (record,) = read_many(tmp_path, knowledge=KNOWLEDGE)
    assert ["more than once" in one.message for one in record.issues] == [True]
