"""Published figures in words: shares with their intervals, middles with their spread, rates."""

from collections.abc import Mapping
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

from multifocal.knowledge.entries import Figure

CONFIDENCE = 0.95
"""How often an interval so made covers the true share."""

NEAR = 0.05
"""How far "9 in 10" may be from the share that it stands for."""

SPREADS: Mapping[str, str] = {"range": "range", "iqr": "middle half"}
MIDDLES = frozenset({"mean", "median"})
ONE = {"years": "year", "months": "month", "lesions": "lesion", "children": "child"}


class Share(NamedTuple):
    """A proportion; with its Wilson interval where the source gives the counts."""

    value: float
    low: float | None = None
    high: float | None = None


class FigureError(ValueError):
    """A figure can't be said in the form that was asked for."""


def wilson(k: int, n: int) -> tuple[float, float]:
    """Give the 95 % interval of Wilson (1927) for k of n.

    >>> low, high = wilson(5, 10)
    >>> round(low, 3), round(high, 3)
    (0.237, 0.763)
    """
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    middle = (k + z**2 / 2) / (n + z**2)
    half = z * sqrt(k * (n - k) / n + z**2 / 4) / (n + z**2)
    return max(0.0, middle - half), min(1.0, middle + half)


def share(figure: Figure) -> Share | None:
    """Give a figure as a share; `None` when it is none, or when it has no single value."""
    if figure.kind != "share":
        return None
    if figure.k is not None and figure.n is not None:
        return Share(figure.k / figure.n, *wilson(figure.k, figure.n))
    return None if figure.value is None else Share(figure.value)


def said(figure: Figure) -> str:
    """Say a figure in full, as a clinician reads it.

    >>> said(Figure(kind="share", k=32, n=164))
    '32 of 164 (20%; 95% interval 14% to 26%)'
    >>> said(Figure(kind="median", value=15, low=0, high=92, spread="range", unit="months"))
    'median 15 months (range 0 to 92)'
    """
    match figure.kind:
        case "words":
            return figure.text
        case "share":
            return _bounded(figure, _share(figure))
        case "one_in":
            ends = (f"1 in {number(end)}" for end in (figure.low, figure.high) if end is not None)
            return " to ".join(ends)
        case "mean" | "median":
            return f"{figure.kind} {_bounded(figure, _number(figure))}"
        case "number" | "rate" | "ratio":
            return _bounded(figure, _number(figure))


def formed(figure: Figure, form: str) -> str:
    """Say a figure in a short form; raises `FigureError` when it has no such form.

    ``percent``; ``value`` and ``range``, without the unit; ``unit``, with it; ``or``, for two
    values; ``inN``, such as ``in10``; ``permillion``, for a rate in 100,000.

    >>> formed(Figure(kind="share", k=118, n=129), "in10")
    '9 in 10'
    """
    if form.startswith("in") and form[2:].isdigit():
        return _in(figure, int(form[2:]))
    match form:
        case "percent" if (found := share(figure)) is not None:
            return f"{100 * found.value:.0f}%"
        case "value" if figure.value is not None and figure.kind != "share":
            return number(figure.value, figure.unit)
        case "unit" if figure.value is not None and figure.kind != "share":
            return _with_unit(number(figure.value, figure.unit), figure)
        case "range" if figure.low is not None and figure.high is not None:
            return f"{number(figure.low)} to {number(figure.high)}"
        case "or" if figure.low is not None and figure.high is not None:
            return f"{number(figure.low)} or {number(figure.high)}"
        case "permillion" if figure.value is not None and figure.unit.startswith("per 100,000"):
            return f"{number(figure.value * 10)} in every million"
    raise FigureError(f"a {figure.kind} has no form {form!r}")


def number(value: float, unit: str = "") -> str:
    """Print a number as it is read: no trailing zeros, thousands parted but in a year.

    >>> number(160000), number(0.4), number(1972, "year")
    ('160,000', '0.4', '1972')
    """
    return f"{value:.0f}" if unit == "year" else f"{round(value, 4):,.10g}"


def span(figures: tuple[Figure, ...]) -> tuple[str, str]:
    """Give the least and greatest of comparable values in words, and their unit."""
    numbers = [figure for figure in figures if figure.kind != "words"]
    units = {figure.unit for figure in numbers}
    values = [_middle(figure) for figure in numbers]
    known = [value for value in values if value is not None]
    if len(known) < max(2, len(numbers)) or len(units) > 1:
        raise FigureError("its values can't be put side by side in one range")
    low, high = min(known), max(known)
    if all(figure.kind == "share" for figure in numbers):
        return f"{100 * low:.0f}% to {100 * high:.0f}%", ""
    return f"{number(low)} to {number(high)}", units.pop()


def _middle(figure: Figure) -> float | None:
    found = share(figure)
    return figure.value if found is None else found.value


def _share(figure: Figure) -> str:
    found = share(figure)
    if found is None:
        return f"{_exact(figure.low)} to {_exact(figure.high)}"
    if found.low is None or found.high is None:
        of = "" if figure.n is None else f" of {number(figure.n)}"
        return f"{_exact(found.value)}{of}"
    inside = f"95% interval {100 * found.low:.0f}% to {100 * found.high:.0f}%"
    return f"{figure.k} of {figure.n} ({100 * found.value:.0f}%; {inside})"


def _exact(value: float | None) -> str:
    """Give a share as it was printed, without the noise of binary fractions."""
    return "" if value is None else f"{100 * value:.4g}%"


def _number(figure: Figure) -> str:
    if figure.value is None:
        return _with_unit(formed(figure, "range"), figure)
    text = _with_unit(number(figure.value, figure.unit), figure)
    if figure.low is None or figure.high is None:
        return text
    return f"{text} ({SPREADS[figure.spread]} {formed(figure, 'range')})"


def _with_unit(text: str, figure: Figure) -> str:
    if figure.unit == "year" or not figure.unit:
        return text
    return f"{text} {ONE.get(figure.unit, figure.unit) if figure.value == 1 else figure.unit}"


def _bounded(figure: Figure, text: str) -> str:
    return f"{figure.bound} {text}" if figure.bound else text


def _in(figure: Figure, whole: int) -> str:
    found = share(figure)
    if found is None:
        raise FigureError(f"a {figure.kind} is no share")
    part = round(found.value * whole)
    if not 0 < part < whole or abs(part / whole - found.value) > NEAR:
        raise FigureError(f"{100 * found.value:.0f}% is too far from any number in {whole}")
    return f"{part} in {whole}"
