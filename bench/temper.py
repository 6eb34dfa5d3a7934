"""Fit how far evidence counts on the development cases, one left out at a time.

`python -m bench.temper CASES` prints the log loss of each pair of temperature and strength of a
strong sign, and what leaving one case out would have chosen. The priors are those of the
collection, with the case itself taken out of them. Nothing is written: the numbers are copied into
`differential/model.toml` by hand, with what was found.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from itertools import product
from math import log
from pathlib import Path
from typing import NamedTuple

import msgspec

from multifocal.cli.setting import COLLECTION
from multifocal.exchange.case_format import Case
from multifocal.exchange.cases import read_cases
from multifocal.knowledge.load import Knowledge, load
from multifocal.workup.differential import joined, standing
from multifocal.workup.find import Found, find
from multifocal.workup.interpret import combined, flagged, known_by

LEAST = 1e-6
"""A truth that got less than this is charged as if it had got so much."""
SHOWN = 12


class Dials(NamedTuple):
    """The two numbers that are tried."""

    temperature: float
    strong: float


TEMPERATURES = (0.3, 0.4, 0.5, 0.6, 0.7, 1.0)
STRONG = (0.3, 0.5, 0.7, 1.0, 1.3, 1.6, 2.0)
GRID = tuple(Dials(*one) for one in product(TEMPERATURES, STRONG))


def found(case: Case, knowledge: Knowledge) -> Found:
    """Answer the findings of a case as of the visit at which it is told, as `validate` does."""
    record, as_of = case.record, case.as_of
    known, _ = known_by(record.facts, as_of=as_of, knowledge=knowledge)
    against, _ = flagged(known, record.patient, knowledge)
    facts = combined(against, knowledge)
    return find(facts, record.patient, as_of=as_of, knowledge=knowledge)


def tempered(knowledge: Knowledge, dials: Dials) -> Knowledge:
    """Give the same knowledge with other dials."""
    model = knowledge.differential.model
    strong = msgspec.structs.replace(model.strength["strong"], value=dials.strong)
    changed = msgspec.structs.replace(
        model,
        temperature=msgspec.structs.replace(model.temperature, value=dials.temperature),
        strength={**model.strength, "strong": strong},
    )
    differential = msgspec.structs.replace(knowledge.differential, model=changed)
    return msgspec.structs.replace(knowledge, differential=differential)


def losses(children: Sequence[tuple[str, Found]], knowledge: Knowledge) -> list[float]:
    """Give the log loss of each child's true condition, the child taken out of the priors.

    One was added to each condition when the priors were counted: of a count and one, the count
    remains.
    """
    counts = Counter(truth for truth, _ in children)
    taken = []
    for truth, child in children:
        at = standing(child, setting=COLLECTION, knowledge=knowledge)
        share = joined(at.totals, knowledge)[truth]
        odds = share / (1 - share) if share < 1 else 1 / LEAST
        odds *= counts[truth] / (counts[truth] + 1)
        taken.append(-log(max(odds / (1 + odds), LEAST)))
    return taken


def main() -> None:
    """Fit, and print."""
    knowledge = load()
    forms = knowledge.differential.model.forms
    cases = read_cases(Path(sys.argv[1]), knowledge=knowledge)
    named = {condition.id for condition in knowledge.conditions}
    children = [
        (forms.get(case.truth, case.truth), found(case, knowledge))
        for case in cases
        if case.truth in named
    ]
    table = {dials: losses(children, tempered(knowledge, dials)) for dials in GRID}
    sums = {dials: sum(taken) for dials, taken in table.items()}
    for dials in sorted(GRID, key=sums.__getitem__)[:SHOWN]:
        print(f"{dials}  mean log loss {sums[dials] / len(children):.4f}")
    chosen = [
        min(GRID, key=lambda dials: sums[dials] - table[dials][left])
        for left in range(len(children))
    ]
    held_out = sum(table[dials][place] for place, dials in enumerate(chosen)) / len(chosen)
    print(f"{len(children)} cases; chosen with one left out: {dict(Counter(chosen))}")
    print(f"log loss of what was left out: {held_out:.4f}")
    model = knowledge.differential.model
    now = Dials(model.temperature.value, model.strength["strong"].value)
    kept = sum(losses(children, knowledge)) / len(children)
    print(f"as the knowledge has it, {now}: {kept:.4f}")


if __name__ == "__main__":
    main()
