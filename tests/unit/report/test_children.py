"""Ten children of our own: what each first page must say was written down before it was run."""

import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from multifocal.model.assessment import Assessment
from multifocal.model.day import Day
from multifocal.model.record import Fact, Patient, Record
from multifocal.report import terminal
from multifocal.workup.assess import assess
from multifocal.workup.differential import SETTING
from tests.unit.workup.children import AS_OF, fact, knowledge

FILE = Path(__file__).parents[2] / "data" / "letters" / "children.toml"
CHILDREN = {one["id"]: one for one in tomllib.loads(FILE.read_text(encoding="utf-8"))["child"]}
LINES = 60
EACH = pytest.mark.parametrize("name", CHILDREN)


def stated(told: dict[str, Any]) -> Fact:
    rest = {"modality": told.get("modality"), "onset": told.get("onset", False)}
    place = {"bone": told.get("bone"), "region": told.get("region"), "laterality": told.get("side")}
    if place["bone"] is not None:
        place["region"] = knowledge().bones_by_id[place["bone"]].region
    return fact(told["concept"], days_ago=told.get("days", 10), **place, **rest)


@cache
def child(name: str) -> Assessment:
    given, known = CHILDREN[name], knowledge()
    facts = [stated(one) for one in given["facts"]]
    for concept in given["absent"]:
        modality = "mri" if concept.startswith(("mri_", "soft_")) else None
        facts.append(fact(concept, present=False, days_ago=9, modality=modality))
    for concept, value in given["blood"].items():
        unit = known.concepts_by_id[concept].unit
        facts.append(fact(concept, days_ago=8, value=float(value), unit=unit))
    birth = AS_OF - timedelta(days=round(365.25 * given["age"] + 100))
    patient = Patient("synthetic", birth=Day(birth, birth), sex=given["sex"], synthetic=True)
    setting = given.get("setting", SETTING)
    record = Record(patient, tuple(facts))
    return assess(record, as_of=AS_OF, knowledge=known, setting=setting, thorough=True)


@EACH
def test_who_leads(name: str) -> None:
    differential = child(name).differential
    assert differential is not None
    assert differential.ranked[0].condition in CHILDREN[name]["must"]["leads"]


@EACH
def test_how_soon(name: str) -> None:
    assert child(name).urgency in CHILDREN[name]["must"]["urgency"]


@EACH
def test_the_code(name: str) -> None:
    assert (child(name).coding.code or "") in CHILDREN[name]["must"]["code"]


@EACH
def test_what_is_answered_first(name: str) -> None:
    first = {one.id for one in child(name).dangers if one.tier == "answer"}
    assert [any_ for any_ in CHILDREN[name]["must"]["answer"] if not first & set(any_)] == []


@EACH
def test_three_steps(name: str) -> None:
    must, steps = CHILDREN[name]["must"], child(name).steps
    tests = {test for step in steps for test in step.tests}
    assert 1 <= len(steps) <= 3
    assert [any_ for any_ in must["steps"] if not tests & set(any_)] == []
    assert tests & set(must["never"]) == set()


@EACH
def test_the_letter_is_one_screen(name: str) -> None:
    shown = terminal.render(child(name), knowledge=knowledge(), colour=False)
    assert len(shown.splitlines()) <= LINES
