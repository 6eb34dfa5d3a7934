"""Nothing of a record stays in the process when it has been read."""

import json
from pathlib import Path
from typing import Any

import pytest

from multifocal.examples import names, path
from multifocal.exchange.cache import cached, forgetting
from multifocal.exchange.read import read, read_each_of, read_many
from multifocal.knowledge.load import load
from multifocal.model.issue import RecordError
from tests.marks import MARK, held

KNOWLEDGE = load()


def marked(bundle: dict[str, Any]) -> bytes:
    """Put the mark into every kind of text of a record: ids, names, codes, places, units."""

    def changed(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: changed(one, name) for name, one in value.items()}
        if isinstance(value, list):
            return [changed(one, key) for one in value]
        if isinstance(value, str) and key in {"text", "display", "id", "reference", "fullUrl"}:
            return f"{value} {MARK}" if key in {"text", "display"} else f"{value}-{MARK}"
        return value

    entries = changed(bundle["entry"])
    extra = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": f"http://{MARK}.example", "code": MARK}], "text": "CRP"},
        "valueQuantity": {"value": 5, "unit": MARK, "code": MARK},
        "bodySite": {"text": f"right hand {MARK}"},
    }
    return json.dumps({**bundle, "entry": [*entries, {"resource": extra}]}).encode()


def test_the_search_finds_what_is_kept() -> None:
    keeper = cached(most=2)(lambda text: text + "!")
    before = held()
    with forgetting():
        keeper("".join(["a ", MARK]))
        assert held() - before
    assert held() == before


@pytest.mark.parametrize("example", names())
def test_nothing_of_a_record_is_kept(example: str) -> None:
    before = held()
    data = marked(json.loads(path(example).read_bytes()))
    list(read_each_of(data, knowledge=KNOWLEDGE))
    del data
    assert held() - before == {}


def test_nothing_is_kept_of_a_file_that_can_not_be_read() -> None:
    before = held()
    with pytest.raises(RecordError):
        list(read_each_of(f'{{"resourceType": "{MARK}"'.encode(), knowledge=KNOWLEDGE))
    assert held() - before == {}


@pytest.mark.parametrize("example", names())
def test_bytes_are_read_as_the_file_is(example: str) -> None:
    file = path(example)
    assert list(read_each_of(file.read_bytes(), knowledge=KNOWLEDGE)) == [
        read(file, knowledge=KNOWLEDGE)
    ]


def test_lines_of_ndjson_are_known_without_a_name(tmp_path: Path) -> None:
    bundle = json.loads(path("right-hand").read_bytes())
    lines = "\n".join(json.dumps(entry["resource"]) for entry in bundle["entry"])
    file = tmp_path / "record.ndjson"
    file.write_text(lines)
    [record] = read_each_of(lines.encode(), knowledge=KNOWLEDGE)
    [same] = read_many(file, knowledge=KNOWLEDGE)
    assert record.patient == same.patient
    assert record.facts == same.facts
    assert len(record.facts) > 50
