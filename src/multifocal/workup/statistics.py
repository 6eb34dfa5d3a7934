"""Shares with intervals, paired tests, calibration: a few lines each, from their publications."""

from collections.abc import Iterable, Iterator, Sequence
from math import ceil, comb, sqrt
from statistics import NormalDist, fmean

from multifocal.model.validation import Bin, Calibration, Proportion

LEVEL = 0.95
BINS = 10
SEED, FACTOR, PRIME = 1, 48271, 2**31 - 1
"""Of the least standard generator (Park, Miller and Stockmeyer 1993)."""
DRAWS = 2000
"""Sets of answers that are simulated to tell what so few can show."""


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
        return Calibration(bins, None, None, None, 0)
    every = [[stated for stated, _ in inside] for inside in held]
    errors = sorted(_simulated(every))
    return Calibration(
        bins,
        _error(held),
        fmean(errors),
        errors[ceil(LEVEL * len(errors)) - 1],
        len(errors),
    )


def _error(held: Sequence[Sequence[tuple[float, bool]]]) -> float:
    """Give the expected calibration error of answers in their bins."""
    gaps = (abs(sum(stated - true for stated, true in inside)) for inside in held)
    return sum(gaps) / sum(map(len, held))


def _simulated(held: Sequence[Sequence[float]]) -> Iterator[float]:
    """Give the errors of simulated answers to the same probabilities, each of them exactly true.

    The draws are the same each time.
    """
    draws = _draws()
    for _ in range(DRAWS):
        yield _error([[(stated, next(draws) < stated) for stated in inside] for inside in held])


def _draws() -> Iterator[float]:
    """Give numbers between 0 and 1, evenly spread, always the same ones."""
    drawn = SEED
    while True:
        drawn = drawn * FACTOR % PRIME
        yield drawn / PRIME
