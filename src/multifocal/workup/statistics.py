"""Shares with intervals, paired tests, calibration: a few lines each, from their publications."""

from collections.abc import Iterable, Sequence
from math import comb, sqrt
from statistics import NormalDist, fmean

from multifocal.model.validation import Bin, Calibration, Proportion

LEVEL = 0.95
BINS = 10


def proportion(k: int, n: int) -> Proportion:
    """Give a share with its Wilson score interval (Wilson 1927; Newcombe 1998, method 3).

    >>> share = proportion(81, 263)
    >>> round(share.low, 4), round(share.high, 4)
    (0.2553, 0.3662)
    """
    if n == 0:
        return Proportion(0, 0, None, None, None)
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    share = k / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    low = 0.0 if k == 0 else max(middle - half, 0.0)
    high = 1.0 if k == n else min(middle + half, 1.0)
    return Proportion(k, n, share, low, high)


def share_of(answers: Iterable[bool]) -> Proportion:
    """Give the share of answers that are yes."""
    every = tuple(answers)
    return proportion(sum(every), len(every))


def mcnemar(first_only: int, second_only: int) -> float:
    """Give the exact two-sided p of a paired comparison from its discordant pairs.

    >>> mcnemar(9, 1)  # 2 * (1 + 10) / 2**10
    0.021484375
    """
    n = first_only + second_only
    if n == 0:
        return 1.0
    tail: float = sum(comb(n, k) for k in range(min(first_only, second_only) + 1)) / 2**n
    return min(1.0, 2 * tail)


def calibration(answers: Sequence[tuple[float, bool]]) -> Calibration:
    """Set stated probabilities against what was true, in ten bins of equal width.

    A probability on a bound falls into the bin above it, 1 into the last.
    """
    held: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for stated, true in answers:
        held[min(int(stated * BINS), BINS - 1)].append((stated, true))
    bins = tuple(
        Bin(
            low=place / BINS,
            high=(place + 1) / BINS,
            stated=fmean(stated for stated, _ in inside) if inside else None,
            right=share_of(true for _, true in inside),
        )
        for place, inside in enumerate(held)
    )
    if not answers:
        return Calibration(bins, None, None)
    gaps = (abs(sum(stated - true for stated, true in inside)) for inside in held)
    chance = (_mean_deviation([stated for stated, _ in inside]) for inside in held)
    return Calibration(bins, sum(gaps) / len(answers), sum(chance) / len(answers))


def _mean_deviation(probabilities: Sequence[float]) -> float:
    """Give the mean distance of a count of independent events from its expectation, exactly."""
    counts = [1.0]
    for probability in probabilities:
        counts = [
            (counts[k] * (1 - probability) if k < len(counts) else 0.0)
            + (counts[k - 1] * probability if k else 0.0)
            for k in range(len(counts) + 1)
        ]
    expected = sum(probabilities)
    return sum(share * abs(k - expected) for k, share in enumerate(counts))
