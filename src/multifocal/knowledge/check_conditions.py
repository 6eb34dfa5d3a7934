"""What must hold for the conditions of the differential: codes, tests, points, numbers."""

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import NamedTuple

from multifocal.knowledge.check_figures import Fault, faults_of
from multifocal.knowledge.entries import ConditionEntry, Entries, PublishedNumber
from multifocal.model.source import Certainty

FILE = "conditions.toml"


def condition_faults(entries: Entries) -> Iterator[Fault]:
    """Give every fault of the conditions."""
    known = _Known(
        findings={finding.id for finding in entries.findings},
        tests={test.id for test in entries.tests},
        statements={statement.id for statement in entries.statements},
    )
    for condition in entries.conditions:
        for message in _faults(condition, known):
            yield Fault(FILE, condition.id, message)


def number_faults(numbers: Iterable[PublishedNumber]) -> Iterator[str]:
    """Give what is wrong with published numbers that stand together in one entry."""
    several = tuple(numbers)
    for name, count in Counter(one.id for one in several).items():
        if count > 1:
            yield f"its number {name!r} is defined {count} times"
    for one in several:
        for message in faults_of(one.figure):
            yield f"number {one.id!r}: {message}"
        if (one.source.certainty is Certainty.DERIVED) != bool(one.working):
            yield f"number {one.id!r}: `derived` and `working` go together"


class _Known(NamedTuple):
    """The ids that conditions refer to."""

    findings: set[str]
    tests: set[str]
    statements: set[str]


def _faults(condition: ConditionEntry, known: _Known) -> Iterator[str]:
    points = (*condition.points_for, *condition.points_against)
    yield from unknown("finding", (f for point in points for f in point.findings), known.findings)
    yield from unknown("test", (t.test for t in condition.tests if t.test), known.tests)
    yield from unknown("statement", condition.statements, known.statements)
    yield from number_faults(condition.numbers)
    for sign in condition.rule_in:
        if sign in condition.rule_out:
            yield f"{sign.finding!r} speaks for it and against it"
    for test in condition.tests:
        if bool(test.loinc) != (test.loinc_source is not None):
            yield f"test {test.name!r}: a LOINC code and its source go together"
    codes = Counter((code.system, code.code) for code in condition.codes)
    for (system, code), count in codes.items():
        if count > 1:
            yield f"its {system} code {code!r} is defined {count} times"
    for one in condition.codes:
        if (one.system == "icd10cm") != (one.is_billable is not None):
            yield f"{one.code!r}: an ICD-10-CM code says whether it is billable, others don't"
    if not any(code.system == "icd10cm" for code in condition.codes) and not condition.no_code:
        yield "has no ICD-10-CM code and doesn't say why"


def unknown(kind: str, wanted: Iterable[str], known: set[str]) -> Iterator[str]:
    """Say which of the wanted ids are not known, and what was meant."""
    for name in sorted(set(wanted) - known):
        close = get_close_matches(name, known, n=1)
        hint = f". Did you mean {close[0]!r}?" if close else ""
        yield f"unknown {kind} {name!r}{hint}"
