from math import inf

import pytest

from multifocal.rules.parse import parse
from multifocal.rules.reduce import Reducer, Reduction, reduced
from multifocal.rules.score import Pair, compiled

OPEN = (0.0, 3.0)


def exactly(**cells: float | None) -> Pair:
    table = {name: None if cell is None else (cell, cell) for name, cell in cells.items()}
    return table, table


def one(how: Reducer, value: Pair, **more: object) -> Pair:
    return reduced(Reduction(how, ("it",), **more), {"it": value})  # type: ignore[arg-type]


def test_what_was_not_assessed_is_left_out_of_a_sum_and_told() -> None:
    table = exactly(a=3, b=None)
    assert one("sum", table) == (3, 3)
    assert one("assessed", table) == (1, 1)
    assert one("not_assessed", table) == (1, 1)


def test_a_sum_of_nothing_is_unknown_and_no_zero() -> None:
    assert one("sum", exactly(a=None)) == (-inf, inf)
    assert one("sum", (None, None)) == (-inf, inf)


def test_a_mean_holds_what_an_open_entry_can_make_of_it() -> None:
    # Two entries of 1 and one open: it may not apply (1), be 0 (2/3) or be 3 (5/3).
    table = {"a": (1.0, 1.0), "b": (1.0, 1.0), "c": OPEN}
    assert one("mean", (table, table)) == (pytest.approx(2 / 3), pytest.approx(5 / 3))


def test_truths_are_counted_between_those_that_hold_and_those_that_may() -> None:
    words = {"a": (True, True), "b": (False, True), "c": (False, False)}
    assert reduced(Reduction("count", ("a", "b", "c")), words) == (1, 2)
    assert reduced(Reduction("surely", ("a", "b", "c")), words) == (1, 1)


def test_entries_are_counted_by_a_rule_over_their_value() -> None:
    where = compiled(parse("value >= limit"))
    words = {"it": exactly(a=30, b=29, c=None), "limit": (30.0, 30.0)}
    assert reduced(Reduction("count", ("it",), where), words) == (1, 1)


@pytest.mark.parametrize(
    ("before", "after", "fall"),
    [(40, 28, 30.0), (6, 4.2, 30.0), (1.0, 1.3, -30.0), (0, 0, 0.0), (0, 1, -inf), (5, 0, 100.0)],
)
def test_a_fall_is_a_share_of_what_was_there_before(
    before: float, after: float, fall: float
) -> None:
    words = {"before": exactly(esr=before), "after": exactly(esr=after)}
    table, _ = reduced(Reduction("fall", ("before", "after")), words)
    assert table == {"esr": (fall, fall)}


def test_a_missing_value_makes_a_fall_that_can_be_anything() -> None:
    words = {"before": exactly(esr=40), "after": exactly(esr=None)}
    assert reduced(Reduction("fall", ("before", "after")), words)[0] == {"esr": (-inf, 100.0)}


def test_nothing_can_fall_from_zero_even_when_the_later_value_is_missing() -> None:
    words = {"before": exactly(esr=0), "after": exactly(esr=None)}
    assert reduced(Reduction("fall", ("before", "after")), words)[0] == {"esr": (-inf, 0.0)}


def test_an_aid_raises_a_domain_to_two_and_never_lowers_it() -> None:
    words = {"grip": exactly(a=0, b=1), "reach": exactly(a=3), "aid": (("grip", "reach"),) * 2}
    way = Reduction("worst", ("grip", "reach"), floor=2, floor_for="aid")
    assert reduced(way, words)[0] == {"grip": (2, 2), "reach": (3, 3)}


def test_a_table_of_which_nothing_applies_has_no_worst_entry() -> None:
    assert one("worst", exactly(a=None, b=None))[0] == {"it": None}


def test_a_place_without_side_beside_one_with_a_side_may_be_mirrored() -> None:
    sites = (("clavicle", "R"), ("clavicle", None))
    assert one("mirrored", (sites, sites)) == (False, True)
    assert one("mirrored", ((sites[1],), (sites[1],))) == (False, False)


def test_no_sites_are_none_and_unknown_sites_are_unknown() -> None:
    assert one("single", ((), ())) == ("none", "none")
    assert one("distinct", ((), ())) == (0, 0)
    assert one("distinct", (None, None)) == (0, inf)
    assert one("mirrored", (None, None)) == (False, True)


def test_a_word_is_known_once_all_or_any_are() -> None:
    words = {"a": (1.0, 1.0), "b": (0.0, inf), "c": exactly(x=None)}
    assert reduced(Reduction("all_known", ("a", "b")), words) == (False, True)
    assert reduced(Reduction("any_known", ("a", "b")), words) == (True, True)
    assert reduced(Reduction("any_known", ("b", "c")), words) == (False, True)
