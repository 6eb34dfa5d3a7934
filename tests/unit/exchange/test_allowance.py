"""How much one reading may take: beyond it text is told as not read, and reading ends."""

import json
import time

import pytest

from multifocal.exchange.allowance import TOO_LONG, TOO_MUCH, allowing
from multifocal.exchange.read import read_bytes, read_each_of
from multifocal.knowledge.load import load
from multifocal.model.issue import Level, RecordError
from multifocal.model.record import Record

FEVER = "She has a fever. "
LIMP = "She has a limp. "


def report(name: str, text: str, **more: object) -> dict[str, object]:
    """Give a letter of a child who does not exist."""
    return {
        "resourceType": "DiagnosticReport",
        "id": name,
        "status": "final",
        "code": {"text": "Clinic letter"},
        "conclusion": text,
        **more,
    }


def record(*reports: str, note: str = "") -> bytes:
    """Give a bundle of a child who does not exist, with reports and a result with a note."""
    resources: list[dict[str, object]] = [
        {"resourceType": "Patient", "id": "simulated"},
        *(report(f"report-{place}", text) for place, text in enumerate(reports)),
        {
            "resourceType": "Observation",
            "id": "crp",
            "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": "1988-5"}]},
            "valueQuantity": {"value": 12, "unit": "mg/L"},
            **({"note": [{"text": note}]} if note else {}),
        },
    ]
    entry = [{"resource": one} for one in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entry}).encode()


def concepts(read: Record) -> set[str]:
    return {fact.concept for fact in read.facts}


def test_without_an_allowance_every_text_is_read() -> None:
    assert concepts(read_bytes(record(FEVER, LIMP), knowledge=load())) == {"fever", "limp", "crp"}


def test_text_beyond_what_is_left_is_told_as_not_read_and_never_cut() -> None:
    data = record(FEVER, LIMP)
    with allowing(characters=len(FEVER) + len(LIMP) - 1, seconds=60):
        found = read_bytes(data, knowledge=load())
    assert concepts(found) == {"fever", "crp"}
    [left] = found.not_read
    assert (left.why, left.level, left.name) == (TOO_MUCH, Level.WARNING, "Clinic letter")
    with allowing(characters=len(FEVER) + len(LIMP), seconds=60):
        assert read_bytes(data, knowledge=load()).not_read == ()


def test_notes_are_counted_with_all_other_text() -> None:
    with allowing(characters=len(FEVER), seconds=60):
        found = read_bytes(record(FEVER, note=LIMP), knowledge=load())
    assert concepts(found) == {"fever", "crp"}
    assert [one.why for one in found.not_read] == [TOO_MUCH]


def test_all_children_of_one_file_share_one_allowance() -> None:
    lines: list[str] = []
    for child in ("a", "b"):
        subject = {"reference": f"Patient/{child}"}
        letter = report(f"report-{child}", FEVER, subject=subject)
        lines += map(json.dumps, ({"resourceType": "Patient", "id": child}, letter))
    with allowing(characters=len(FEVER), seconds=60):
        found = list(read_each_of("\n".join(lines).encode(), knowledge=load()))
    assert [concepts(one) for one in found] == [{"fever"}, set()]
    assert [len(one.not_read) for one in found] == [0, 1]


def test_where_the_time_is_over_reading_ends_with_a_sentence() -> None:
    with allowing(characters=1000, seconds=-1):
        with pytest.raises(RecordError, match=TOO_LONG):
            read_bytes(record(FEVER), knowledge=load())
    assert concepts(read_bytes(record(FEVER), knowledge=load())) == {"fever", "crp"}


def test_a_single_text_is_not_read_beyond_the_time() -> None:
    text = "".join(f"Pain in the left tibia for {weeks} weeks. " for weeks in range(2, 2000))
    spent = time.thread_time()
    with allowing(characters=len(text), seconds=0.05):
        with pytest.raises(RecordError, match=TOO_LONG):
            read_bytes(record(text), knowledge=load())
    whole = time.thread_time()
    read_bytes(record(text), knowledge=load())
    assert whole - spent < time.thread_time() - whole
