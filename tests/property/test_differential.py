"""Laws of the weighing: unknown is neutral, duplicates add nothing, one child equals many."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from multifocal.knowledge.load import load
from multifocal.model.finding import FindingId
from multifocal.workup.likelihood import (
    ABSENT,
    PRESENT,
    UNKNOWN,
    answered,
    informative,
    tables,
    together,
    weighing,
)

KNOWLEDGE = load()
READY = weighing(KNOWLEDGE)
NAMES = tuple(READY.group_of)
NOTHING = dict.fromkeys(NAMES, UNKNOWN)

answers = st.dictionaries(st.sampled_from(NAMES), st.sampled_from([ABSENT, PRESENT]), max_size=40)


def totals(known: dict[FindingId, int]) -> tuple[int, ...]:
    rows = answered(informative({**NOTHING, **known}, READY), READY)
    nothing = (0,) * len(READY.conditions)
    return tuple(map(sum, zip(nothing, *(row.weights for row in rows), strict=True)))


MADE = [
    (table.findings, np.array(table.rows, dtype=np.int32)) for table in tables(READY, most=3**5)
]


@settings(deadline=None)
@given(st.lists(answers, min_size=1, max_size=20))
def test_one_child_and_many_get_the_same_numbers(children: list[dict[FindingId, int]]) -> None:
    columns = {
        name: np.array([child.get(name, UNKNOWN) for child in children], dtype=np.int16)
        for name in NAMES
    }
    many = together(columns, MADE, READY)
    assert [tuple(row) for row in many.tolist()] == [totals(child) for child in children]


@given(answers, st.sampled_from(NAMES))
def test_an_unknown_is_neutral(known: dict[FindingId, int], name: FindingId) -> None:
    assert totals({**known, name: known.get(name, UNKNOWN)}) == totals(known)


@settings(deadline=None)
@given(answers, st.sampled_from(NAMES), st.sampled_from([ABSENT, PRESENT]))
def test_a_finding_moves_a_condition_by_no_more_than_its_own_weight_and_what_it_makes_idle(
    known: dict[FindingId, int], name: FindingId, answer: int
) -> None:
    """The bound: what a new answer adds is at most its own weight, unless it makes others idle.

    Others become idle where an implication or an exclusive set says that they follow from it; then
    the bound is the sum of the weights of those, too.
    """
    if name in known:
        return
    tied = {
        other
        for one in KNOWLEDGE.differential.implications
        for pair in ((one.present, one.implies),)
        if name in pair
        for other in pair
    } | {other for members in READY.exclusive if name in members for other in members}
    before, after = totals(known), totals({**known, name: answer})
    for place in range(len(READY.conditions)):
        bound = sum(
            abs(READY.weights[(other, its)][place].weight)
            for other in tied | {name}
            if other in READY.group_of
            for its in ({answer} if other == name else {known.get(other, UNKNOWN)} - {UNKNOWN})
        )
        assert abs(after[place] - before[place]) <= bound


@settings(deadline=None)
@given(answers)
def test_a_weaker_finding_of_the_same_group_moves_nothing(known: dict[FindingId, int]) -> None:
    """The bound for a duplicate is zero.

    A finding that says of every condition what another of its group says, and no more, adds
    nothing: here the second is the first with its weights halved.
    """
    pairs = {
        (place, name)
        for place, group in enumerate(READY.groups)
        for name in group
        if known.get(name, UNKNOWN) != UNKNOWN
    }
    for place, name in sorted(pairs):
        weights = READY.weights[(name, known[name])]
        row = READY.row(
            place,
            tuple(known[name] if other == name else UNKNOWN for other in READY.groups[place]),
        )
        weaker = [one.weight // 2 if one.weight > 0 else -(-one.weight // 2) for one in weights]
        strongest = [
            max(one.weight, half, 0) + min(one.weight, half, 0)
            for one, half in zip(weights, weaker, strict=True)
        ]
        assert tuple(strongest) == row.weights


def test_tables_hold_every_way_to_answer_their_findings() -> None:
    for table in tables(READY, most=3**5):
        assert len(table.rows) == 3 ** len(table.findings)
    wanted = {name for table in tables(READY, most=3**5) for name in table.findings}
    assert wanted == set(NAMES)


def test_the_first_rows_of_a_table_are_in_the_order_of_the_digits() -> None:
    [table, *_] = tables(READY, most=3**5)
    for place, digits in enumerate(product((UNKNOWN, ABSENT, PRESENT), repeat=len(table.findings))):
        known = {name: digit for name, digit in zip(table.findings, digits, strict=True) if digit}
        rows = answered({**NOTHING, **known}, READY)
        nothing = (0,) * len(READY.conditions)
        summed = tuple(map(sum, zip(nothing, *(row.weights for row in rows), strict=True)))
        assert summed == table.rows[place]
