"""Doses are what the sources print, and nothing can be worked out from them."""

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import msgspec
import pytest

import multifocal.treatment
from multifocal.knowledge.load import load as load_knowledge
from multifocal.model.source import Certainty
from multifocal.treatment.entries import DoseEntry
from multifocal.treatment.load import load

PACKAGE = Path(multifocal.treatment.__file__).parent
MODULES = sorted(path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__")
TREATMENT = load(knowledge=load_knowledge())

PRINTED = """
naproxen          10     15    mg/kg/day     verified
naproxen          10     20    mg/kg/day     verified
naproxen          5      7.5   mg/kg/dose    verified
naproxen          1000   -     mg/day        verified
ibuprofen         30     40    mg/kg/day     verified
ibuprofen         30     40    mg/kg/day     verified
ibuprofen         2400   -     mg/day        verified
indometacin       2      3     mg/kg/day     verified
indometacin       1.5    3     mg/kg/day     verified
indometacin       0.5    1     mg/kg/dose    verified
meloxicam         0.125  -     mg/kg/day     verified
meloxicam         0.25   -     mg/kg/day     verified
meloxicam         0.25   0.375 mg/kg/day     verified
meloxicam         0.125  -     mg/kg/day     verified
celecoxib         6      12    mg/kg/day     verified
celecoxib         50     -     mg/dose       verified
celecoxib         100    -     mg/dose       verified
celecoxib         2      4     mg/kg/dose    verified
prednisone_short  2      -     mg/kg/day     verified
prednisone_short  2      -     mg/kg/day     verified
prednisone_short  0.1    0.2   mg/kg/day     verified
prednisone_short  60     -     mg/day        verified
methotrexate      10     15    mg/m2/week    verified
methotrexate      10     20    mg/m2/week    verified
methotrexate      25     -     mg/week       verified
methotrexate      5      -     mg/week       verified
methotrexate      1      -     mg/day        memory
sulfasalazine     30     50    mg/kg/day     verified
sulfasalazine     -      -     -             memory
sulfasalazine     2000   -     mg/day        verified
sulfasalazine     3000   -     mg/day        memory
sulfasalazine     1      2     mg/day        verified
adalimumab        20     -     mg/2_weeks    verified
adalimumab        40     -     mg/2_weeks    verified
adalimumab        24     -     mg/m2/2_weeks verified
etanercept        0.8    -     mg/kg/week    verified
infliximab        6      10    mg/kg/infusion verified
pamidronate       1      -     mg/kg/day     verified
pamidronate       11.5   -     mg/kg/year    verified
pamidronate       0.5    -     mg/kg/dose    memory
pamidronate       -      -     -             verified
pamidronate       0.5    -     mg/kg/day     verified
pamidronate       0.75   -     mg/kg/day     verified
zoledronate       0.05   -     mg/kg/dose    verified
zoledronate       0.05   -     mg/kg/dose    verified
zoledronate       0.0125 0.025 mg/kg/dose    memory
zoledronate       4      -     mg/dose       memory
zoledronate       0.04   0.05  mg/kg/dose    verified
anakinra          2      4     mg/kg/day     verified
anakinra          1      2     mg/kg/day     verified
canakinumab       4      -     mg/kg/4_weeks verified
canakinumab       2      4     mg/kg/4_weeks verified
"""
"""The list of doses in the treatment dossier, written down a second time and by hand.

"-" is no figure: only words were printed.
"""

BODY = frozenset(
    "weight kg kilograms mass height length surface area bsa age years months sex creatinine body"
    " patient child person record facts".split()
)
"""Words in a name that would ask for somebody's body."""


def row(dose: DoseEntry) -> tuple[str, ...]:
    per = f"{dose.unit}/{dose.per.replace(' ', '_')}" if dose.unit else "-"
    return (dose.drug, dose.low or "-", dose.high or "-", per, dose.source.certainty.value)


def test_the_doses_are_those_of_the_dossier_each_with_its_certainty() -> None:
    printed = [tuple(line.split()) for line in PRINTED.strip().splitlines()]
    assert sorted(map(row, TREATMENT.doses)) == sorted(printed)


def test_a_medicine_without_a_verified_dose_for_children_shows_none() -> None:
    [jak] = [drug for drug in TREATMENT.drugs if drug.id == "jak"]
    assert list(TREATMENT.doses_of(jak)) == []
    assert jak.no_dose


def test_no_arm_of_a_plan_has_a_dose() -> None:
    told = [arm.text for plan in TREATMENT.plans for arm in plan.arm]
    told += [item.text for plan in TREATMENT.plans for item in plan.item]
    assert told
    assert [text for text in told if re.search(r"\d ?mg", text)] == []


def test_every_figure_of_a_dose_is_text_and_none_a_number() -> None:
    kinds = {field.name: field.type for field in msgspec.structs.fields(DoseEntry)}
    for dose in TREATMENT.doses:
        values = [getattr(dose, name) for name in kinds]
        assert [value for value in values if isinstance(value, int | float)] == []


def test_what_a_dose_was_printed_for_is_always_told() -> None:
    for dose in TREATMENT.doses:
        memory = dose.source.certainty is Certainty.MEMORY
        assert (dose.basis == "not stated") <= memory, dose.id


def functions() -> Iterator[tuple[str, inspect.Signature]]:
    """Give every function and method of the package, private ones too."""
    for stem in MODULES:
        module = import_module(f"multifocal.treatment.{stem}")
        for name, found in vars(module).items():
            if getattr(found, "__module__", None) != module.__name__:
                continue
            if inspect.isfunction(found):
                yield f"{stem}.{name}", inspect.signature(found)
            elif inspect.isclass(found):
                for inner, method in inspect.getmembers(found, inspect.isfunction):
                    if method.__module__ == module.__name__:
                        yield f"{stem}.{name}.{inner}", inspect.signature(method)


def test_no_function_takes_a_weight_or_anything_of_a_child() -> None:
    found = dict(functions())
    assert {"load.load", "page.markdown", "entries.Treatment.doses_of"} <= found.keys()
    asking = {
        name: [one for one in signature.parameters if BODY & set(one.lower().split("_"))]
        for name, signature in found.items()
    }
    assert {name: names for name, names in asking.items() if names} == {}
    assert list(found["page.markdown"].parameters) == ["audience", "treatment"]


def test_no_function_takes_a_number() -> None:
    numbers = ("int", "float", "Decimal", "Fraction", "complex")
    taking = [
        name
        for name, signature in functions()
        for one in signature.parameters.values()
        if re.search(rf"\b({'|'.join(numbers)})\b", str(one.annotation))
    ]
    assert taking == []


@pytest.mark.parametrize("stem", MODULES)
def test_no_module_multiplies_or_divides(stem: str) -> None:
    tree = ast.parse((PACKAGE / f"{stem}.py").read_text(encoding="utf-8"))
    worked = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp | ast.AugAssign)
        and isinstance(node.op, ast.Mult | ast.Div | ast.FloorDiv | ast.Pow | ast.MatMult)
    ]
    assert worked == []
