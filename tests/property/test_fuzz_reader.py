"""Whatever a file holds, reading gives a record or a one-line `RecordError`, and tells no value."""

import json
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from multifocal.exchange.fhir.bundle import lines_of
from multifocal.exchange.fhir.read import read_bundle, read_items
from multifocal.exchange.issue_log import IssueLog
from multifocal.exchange.phenopackets import read_phenopacket
from multifocal.knowledge.load import load
from multifocal.model.issue import RecordError
from multifocal.model.record import Record

DATA = Path(__file__).parents[1] / "data"
EXAMPLES = Path(__file__).parents[2] / "src" / "multifocal" / "examples"
KNOWLEDGE = load()
MARK = "zqzq"
"""Written into records; it must come out in no issue and no error."""

Json = Any  # Any: JSON of any shape
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        [MARK, f"{MARK}-1", "", "2026-02-30", "9999-12-31", "0001-01-01", "mg/dL", "%", "#x"]
    ),
    st.text(max_size=20).map(lambda text: MARK + text),
    st.builds(list),
    st.builds(dict),
    st.builds(lambda: [MARK]),
    st.builds(lambda: {MARK: MARK}),
)


@lru_cache(maxsize=1)
def bundles() -> tuple[str, ...]:
    """Give the shipped examples in pieces, and the real export as bundles, as JSON texts."""
    found = []
    for path in sorted(EXAMPLES.glob("*.json")):
        whole = json.loads(path.read_text())
        child = [one for one in whole["entry"] if one["resource"]["resourceType"] == "Patient"]
        for start in range(0, len(whole["entry"]), 12):
            part = whole["entry"][start : start + 12]
            found.append(json.dumps(whole | {"entry": [*child, *part]}))
    for path in sorted((DATA / "fhir" / "bulk").glob("*.ndjson")):
        lines = [json.loads(line) for line in path.read_text().splitlines()[:6]]
        entries = [{"resource": line} for line in lines]
        found.append(json.dumps({"resourceType": "Bundle", "entry": entries}))
    return tuple(found)


def places(node: Json, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Give the path of every element."""
    children: list[tuple[Any, Json]] = []
    if isinstance(node, dict):
        children = list(node.items())
    elif isinstance(node, list):
        children = list(enumerate(node))
    found = [(*path, key) for key, _ in children]
    for key, child in children:
        found += places(child, (*path, key))
    return found


def changed(node: Json, path: tuple[Any, ...], change: Callable[[Json, Any], None]) -> None:
    for key in path[:-1]:
        node = node[key]
    change(node, path[-1])


def remove(parent: Json, key: Any) -> None:  # Any: a key or an index
    del parent[key]


def assert_told_well(record: Record) -> None:
    for issue in record.issues:
        assert MARK not in issue.where
        assert MARK not in issue.message
        assert "\n" not in issue.message
        assert issue.count > 0
    ids = [fact.id for fact in record.facts]
    assert len(set(ids)) == len(ids)
    known = {concept.id for concept in KNOWLEDGE.concepts}
    for fact in record.facts:
        assert fact.concept in known
        assert fact.laterality != "bilateral"


def assert_reads_or_refuses(read: Callable[[], Record]) -> None:
    refusal: RecordError | None = None
    record: Record | None = None
    try:
        record = read()
    except RecordError as fault:
        refusal = fault
    if record is not None:
        assert_told_well(record)
        return
    assert re.fullmatch(r"[^\n]+", str(refusal))
    assert MARK not in str(refusal)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_bundle_with_elements_removed_or_exchanged_is_read_or_refused(data: st.DataObject) -> None:
    document = json.loads(data.draw(st.sampled_from(bundles())))
    for _ in range(data.draw(st.integers(1, 6))):
        path = data.draw(st.sampled_from(places(document) or [("entry",)]))
        if data.draw(st.booleans()):
            changed(document, path, remove)
        else:
            value = data.draw(SCALARS)
            changed(document, path, lambda parent, key: parent.__setitem__(key, value))  # noqa: B023
        if not document:
            break
    text = json.dumps(document).encode()
    assert_reads_or_refuses(lambda: read_bundle(text, knowledge=KNOWLEDGE))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_bundle_with_bytes_flipped_or_cut_is_read_or_refused(data: st.DataObject) -> None:
    text = bytearray(data.draw(st.sampled_from(bundles())).encode())
    for _ in range(data.draw(st.integers(1, 8))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del text[data.draw(st.integers(0, len(text) - 1)) :]
    held = bytes(text)
    assert_reads_or_refuses(lambda: read_bundle(held, knowledge=KNOWLEDGE))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    assert_reads_or_refuses(lambda: read_bundle(content, knowledge=KNOWLEDGE))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_lines_with_faults_are_read_with_issues(data: st.DataObject) -> None:
    lines = (DATA / "fhir" / "bulk" / "Observation.ndjson").read_bytes().splitlines()[:8]
    text = bytearray(b"\n".join(lines))
    for _ in range(data.draw(st.integers(1, 20))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))

    def read() -> Record:
        issue_log = IssueLog()
        items = tuple(lines_of(bytes(text), "Observation.ndjson", issue_log))
        return read_items(items, issue_log, knowledge=KNOWLEDGE)

    assert_reads_or_refuses(read)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_phenopacket_with_elements_exchanged_is_read_or_refused(data: st.DataObject) -> None:
    paths = sorted((DATA / "phenopackets").glob("*.json"))
    document = json.loads(data.draw(st.sampled_from(paths)).read_text())
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(places(document)))
        value = data.draw(SCALARS)
        changed(document, path, lambda parent, key: parent.__setitem__(key, value))  # noqa: B023
    text = json.dumps(document).encode()
    assert_reads_or_refuses(lambda: read_phenopacket(text, knowledge=KNOWLEDGE))
