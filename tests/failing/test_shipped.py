"""Two shipped examples that contradicted themselves, and what the JSON carries."""

from datetime import date
from pathlib import Path

import msgspec

from multifocal.examples import path
from multifocal.exchange.read import read
from multifocal.model.assessment import Assessment
from multifocal.report import page
from multifocal.workup.assess import assess, latest_day
from tests.failing.build import attached, bundle, report
from tests.failing.right import KNOWLEDGE, WRITTEN

NAMED = {"kind", "name", "place", "matters", "why", "level"}


def assessed(file: Path, as_of: date | None = None) -> Assessment:
    record = read(file, knowledge=KNOWLEDGE)
    return assess(record, as_of=as_of or latest_day(record) or WRITTEN, knowledge=KNOWLEDGE)


def test_text_and_map_give_one_answer_to_what_was_imaged() -> None:
    """Whole-body MRI of both sides: the text said thighs and arms, the map "not imaged"."""
    assessment = assessed(path("whole-body-psoriasis"))
    shown = page.render(assessment, knowledge=KNOWLEDGE)
    regions = {region for region, _ in assessment.regions_imaged}
    for region, bone in (("thigh", "femur"), ("upper_arm", "humerus"), ("forearm", "ulna")):
        drawn = [f"{side} {bone}: Not imaged" not in shown for side in ("Right", "Left")]
        assert drawn == [region in regions] * 2, region


def test_no_code_is_given_while_injury_leads() -> None:
    """A hand after sport, in which the disease is only possible."""
    assert assessed(path("left-hand")).coding.code is None


def test_json_carries_what_was_not_read(tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    picture = attached(b"\xff\xd8\xff\xe0", "image/jpeg")
    file.write_bytes(bundle(report("XR HAND 3+ VW LEFT", presentedForm=[picture])))
    shown = msgspec.json.decode(msgspec.json.encode(assessed(file)))
    [entry] = shown["not_read"]
    assert set(entry) >= NAMED
    assert (entry["kind"], entry["name"]) == ("report", "XR HAND 3+ VW LEFT")
    assert entry["level"] == "warning"
