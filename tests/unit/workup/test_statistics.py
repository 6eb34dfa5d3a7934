"""Expected values: Newcombe, Stat Med 1998;17:857, table I, method 3 (Wilson); else on paper."""

from math import isclose

import pytest

from multifocal.workup.statistics import calibration, mcnemar, proportion, share_of


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_one_newcombe_printed(k: int, n: int, low: float, high: float) -> None:
    share = proportion(k, n)
    assert share.low is not None
    assert share.high is not None
    assert round(share.low, 4) == low
    assert round(share.high, 4) == high


@pytest.mark.parametrize("n", [1, 3, 67])
def test_nobody_and_everybody_reach_the_ends_and_no_further(n: int) -> None:
    assert proportion(0, n).low == 0.0
    assert proportion(n, n).high == 1.0


def test_a_share_of_nobody_has_no_value() -> None:
    share = share_of([])
    assert (share.n, share.value, share.low, share.high) == (0, None, None, None)


def test_mcnemar_counts_only_those_who_differ() -> None:
    # 5 against 0: 2 * (1/2)**5; 1 against 9: 2 * (1 + 10) / 2**10; nobody differs: no evidence
    assert mcnemar(5, 0) == 0.0625
    assert mcnemar(1, 9) == mcnemar(9, 1) == 22 / 1024
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(4, 4) == 1.0


def test_the_calibration_error_is_the_distance_of_said_and_seen() -> None:
    # bin 0.8: says 0.8 and 0.9, mean 0.85, half true; bin 0.1: says 0.1 four times, none true.
    # (2 * |0.85 - 0.5| + 4 * 0.1) / 6 = 1.1 / 6, the bins being 0.8 to 0.9 and 0.9 to 1:
    # 0.8 true gives 0.2, 0.9 false gives 0.9, so (0.2 + 0.9 + 0.4) / 6 = 0.25
    found = calibration([(0.8, True), (0.9, False), *[(0.1, False)] * 4])
    assert found.error is not None
    assert isclose(found.error, 0.25)
    assert [one.right.n for one in found.bins] == [0, 4, 0, 0, 0, 0, 0, 0, 1, 1]


def test_a_certainty_falls_into_the_last_bin() -> None:
    found = calibration([(1.0, True)])
    assert found.bins[-1].right.n == 1
    assert found.error == 0.0


def test_few_answers_have_an_error_by_chance_alone() -> None:
    # two answers at 0.5: 0, 1 or 2 true with 1/4, 1/2, 1/4, so the error is 1/2, 0 or 1/2: 1/4 on
    # the mean, and 1/2 in half of all. Simulated with 2000 draws, the mean is within 0.25 / 44 * 3.
    found = calibration([(0.5, True), (0.5, False)])
    assert found.error == 0.0
    assert found.by_chance is not None
    assert isclose(found.by_chance, 0.25, abs_tol=0.017)
    assert found.by_chance_most == 0.5
    assert found.draws == 2000


def test_what_is_simulated_comes_out_the_same_each_time() -> None:
    answers = [(0.3, True), (0.8, False), (0.55, True)]
    assert calibration(answers) == calibration(answers)


def test_more_answers_have_less_error_by_chance() -> None:
    # The mean distance of a count from its expectation grows as the root of the number.
    few, many = (calibration([(0.5, True), (0.5, False)] * n).by_chance for n in (2, 200))
    assert few is not None
    assert many is not None
    assert few / many == pytest.approx(10, rel=0.1)


def test_without_answers_there_is_no_error() -> None:
    found = calibration([])
    assert (found.error, found.by_chance) == (None, None)
