"""What must hold for laboratory tests and for the factors between their units."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from multifocal.knowledge.check_conditions import number_faults, unknown
from multifocal.knowledge.check_figures import Fault
from multifocal.knowledge.entries import AnalyteEntry, ConceptEntry, DecisionValue, Entries
from multifocal.knowledge.value_sets import ValueSets, value_sets_of

ANALYTES, UNITS, LABS = "analytes.toml", "units.csv", "labs.csv"


def analyte_faults(entries: Entries) -> Iterator[Fault]:
    """Give every fault of the analytes and of the table of units."""
    concepts: dict[str, ConceptEntry] = {concept.id: concept for concept in entries.concepts}
    value_sets = value_sets_of(entries)
    statements = {statement.id for statement in entries.statements}
    criteria: set[str] = {one.id for one in entries.criteria}
    for analyte in entries.analytes:
        messages = [
            *unknown("concept", analyte.concepts, set(concepts)),
            *unknown("statement", analyte.statements, statements),
            *unknown("criteria set", analyte.criteria, criteria),
            *number_faults(analyte.numbers),
            *_faults(analyte, concepts, value_sets),
        ]
        yield from (Fault(ANALYTES, analyte.id, message) for message in messages)
    yield from _unknown_factors(entries)
    described = {name for analyte in entries.analytes for name in analyte.concepts}
    for name in sorted({lab.analyte for lab in entries.labs} - described):
        yield Fault(LABS, name, f"no analyte of {ANALYTES} tells what it is for")


def _faults(
    analyte: AnalyteEntry, concepts: Mapping[str, ConceptEntry], value_sets: ValueSets
) -> Iterator[str]:
    ours = [concepts[name] for name in analyte.concepts if name in concepts]
    for concept in ours:
        if concept.unit != analyte.unit:
            yield f"its unit {analyte.unit!r} is not that of the concept {concept.id!r}"
        if concept.watch and analyte.concern not in {concept.watch, "both"}:
            yield f"its concern is not the side on which {concept.id!r} is watched"
    if ours:
        coded = {code for concept in ours for code in concept.codes.get("loinc", ())}
        names = {concept.id for concept in ours}
        for one in analyte.loinc:
            if names & {name for name, _ in value_sets.coded("loinc", one.code)}:
                coded.add(one.code)
        yield from unknown("LOINC code of its concepts", (one.code for one in analyte.loinc), coded)
    for conversion in analyte.conversions:
        if conversion.factor <= 0:
            yield f"the factor from {conversion.unit!r} is not above 0"
    for decision in analyte.decisions:
        yield from _decision(decision)


def _decision(decision: DecisionValue) -> Iterator[str]:
    if (decision.bound == "between") != (decision.to is not None):
        yield f"decision {decision.id!r}: `between` and `to` go together"
    if decision.to is not None and decision.value > decision.to:
        yield f"decision {decision.id!r}: low above high"


def _unknown_factors(entries: Entries) -> Iterator[Fault]:
    """Find factors that are neither a power of ten nor one of a conversion that cites a source."""
    sourced: dict[str, list[Fraction]] = {}
    for analyte in entries.analytes:
        for name in analyte.concepts:
            sourced[name] = [_exact(conversion.factor) for conversion in analyte.conversions]
    for row in entries.units:
        if row.factor <= 0:
            yield Fault(UNITS, f"{row.analyte} {row.unit}", "its factor is not above 0")
            continue
        factor = _exact(row.factor)
        known = (Fraction(1), *sourced.get(row.analyte, ()))
        if not any(_is_power_of_ten(factor / one) for one in known if one > 0):
            entry = f"{row.analyte} {row.unit}"
            yield Fault(UNITS, entry, f"its factor {row.factor} has no source in {ANALYTES}")


def _exact(number: float) -> Fraction:
    """Give a number as it was written, without the noise of binary fractions."""
    return Fraction(str(number))


def _is_power_of_ten(ratio: Fraction) -> bool:
    whole = max(ratio, 1 / ratio)
    return whole.denominator == 1 and str(whole.numerator).strip("0") == "1"
