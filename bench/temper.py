"""Fit the temperature of the differential on the development cases, one left out at a time.

`python -m bench.temper CASES` prints the log loss of each temperature and what leaving one case out
would have chosen. Every condition is taken as alike to begin with, so that how common conditions
are among published cases is not fitted by the same step. Nothing is written: the number is copied
into `differential/model.toml` by hand, with what was found.
"""

import sys
from collections import Counter
from math import log
from pathlib import Path

import msgspec

from multifocal.exchange.cases import SEEN, Case, read_cases
from multifocal.knowledge.load import Knowledge, load
from multifocal.workup.assess import latest_day
from multifocal.workup.differential import joined, standing
from multifocal.workup.find import Found, find
from multifocal.workup.interpret import combined, flagged, known_by

GRID = [step / 20 for step in range(4, 21)]
LEAST = 1e-6
"""A truth that got less than this is charged as if it had got so much."""


def found(case: Case, knowledge: Knowledge) -> Found:
    """Answer the findings of a case as of its latest entry."""
    record = case.record
    as_of = latest_day(record) or SEEN
    known, _ = known_by(record.facts, as_of=as_of)
    against, _ = flagged(known, record.patient, knowledge)
    facts = combined(against, knowledge)
    return find(facts, record.patient, as_of=as_of, knowledge=knowledge)


def tempered(knowledge: Knowledge, temperature: float) -> Knowledge:
    """Give the same knowledge with another temperature."""
    model = knowledge.differential.model
    dial = msgspec.structs.replace(model.temperature, value=temperature)
    changed = msgspec.structs.replace(model, temperature=dial)
    differential = msgspec.structs.replace(knowledge.differential, model=changed)
    return msgspec.structs.replace(knowledge, differential=differential)


def losses(children: list[tuple[str, Found]], knowledge: Knowledge) -> list[float]:
    """Give the log loss of each child's true condition."""
    taken = []
    for truth, child in children:
        at = standing(child, setting="equal", knowledge=knowledge)
        taken.append(-log(max(joined(at.totals, knowledge)[truth], LEAST)))
    return taken


def main() -> None:
    """Fit, and print."""
    knowledge = load()
    cases = read_cases(Path(sys.argv[1]), knowledge=knowledge)
    named = {condition.id for condition in knowledge.conditions}
    children = [(case.truth, found(case, knowledge)) for case in cases if case.truth in named]
    table = {step: losses(children, tempered(knowledge, step)) for step in GRID}
    for step, taken in table.items():
        print(f"{step:.2f}  mean log loss {sum(taken) / len(taken):.4f}")
    chosen = [
        min(GRID, key=lambda step: sum(table[step]) - table[step][left])
        for left in range(len(children))
    ]
    held_out = sum(table[step][place] for place, step in enumerate(chosen)) / len(chosen)
    print(f"{len(children)} cases; chosen with one left out: {dict(Counter(chosen))}")
    print(f"log loss of what was left out: {held_out:.4f}")


if __name__ == "__main__":
    main()
