"""The public examples of FHIR, and what is carried of other real records: nothing is lost."""

import json
import re
from pathlib import Path

import pytest

from multifocal.exchange.read import read_each_of, read_many
from multifocal.knowledge.load import load
from multifocal.model.issue import RecordError
from multifocal.model.record import Record
from tests.real.accounts import lost
from tests.real.packages import KINDS, PACKAGES, Example, examples, fetched
from tests.real.shapes import shapes

KNOWLEDGE = load()
BULK = Path(__file__).parents[1] / "data" / "fhir" / "bulk"
NAMES = {"STU3": re.compile(r"STU3|R3"), "R5": re.compile(r"R5")}


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return fetched(tmp_path_factory.mktemp("packages"))


def records_of(example: Example) -> list[Record]:
    """Give the records of a file; none when it is refused, of which another test tells."""
    try:
        return list(read_each_of(example.data, knowledge=KNOWLEDGE))
    except RecordError:
        return []


def messages(records: list[Record]) -> str:
    issues = [issue.message for record in records for issue in record.issues]
    return "\n".join((*issues, *(one.why for record in records for one in record.not_read)))


@pytest.mark.long
@pytest.mark.parametrize("package", PACKAGES)
def test_every_example_is_read(package: str, packages: dict[str, Path]) -> None:
    refused, count = [], 0
    for example in examples(packages[package]):
        count += 1
        try:
            list(read_each_of(example.data, knowledge=KNOWLEDGE))
        except RecordError as fault:
            refused.append(f"{example.name}: {fault}")
    assert count
    assert not refused, "\n".join(refused)


@pytest.mark.long
@pytest.mark.parametrize("package", PACKAGES)
def test_every_resource_of_an_example_is_accounted_for(
    package: str, packages: dict[str, Path]
) -> None:
    unsaid = [
        f"{example.name}: {kind}, {there} there, {told} told"
        for example in examples(packages[package])
        for kind, (there, told) in lost(example.resource, records_of(example)).items()
    ]
    assert not unsaid, "\n".join(unsaid)


@pytest.mark.long
@pytest.mark.parametrize("package", [name for name, version in PACKAGES.items() if version != "R4"])
def test_the_shape_of_another_version_is_named(package: str, packages: dict[str, Path]) -> None:
    unnamed = [
        f"{example.name}: {version}"
        for example in examples(packages[package])
        for version in shapes(example.resource)
        if not NAMES[version].search(messages(records_of(example)))
    ]
    assert not unnamed, "\n".join(unnamed)


@pytest.mark.long
@pytest.mark.parametrize("package", [name for name, version in PACKAGES.items() if version == "R4"])
def test_what_is_r4_is_not_called_otherwise(package: str, packages: dict[str, Path]) -> None:
    wrong = [
        example.name
        for example in examples(packages[package])
        if not list(shapes(example.resource))
        and any(name.search(messages(records_of(example))) for name in NAMES.values())
    ]
    assert not wrong, "\n".join(wrong)


def test_every_resource_of_a_real_export_is_accounted_for() -> None:
    entries = [
        {"resource": json.loads(line)}
        for file in sorted(BULK.glob("*.ndjson"))
        for line in file.read_bytes().splitlines()
    ]
    held = [one for one in entries if one["resource"]["resourceType"] in KINDS]
    records = list(read_many(BULK, knowledge=KNOWLEDGE))
    assert not lost({"resourceType": "Bundle", "entry": held}, records)


def test_a_resource_of_which_nothing_is_said_is_lost() -> None:
    """The test of the test."""
    resource = {"resourceType": "Observation", "id": "x"}
    assert lost(resource, []) == {"Observation": (1, 0)}
