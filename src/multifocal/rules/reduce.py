"""Several answers to one word: the named ways in which a criteria set puts answers together.

A *table* is a mapping from names to numbers; an entry without a value (`None`) was not assessed or
does not apply, and is left out. *Sites* are pairs of a place and a side.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import inf, isfinite, isinf
from typing import Any, Literal

import msgspec

from multifocal.model.truth import UNKNOWN_NUMBER, UNKNOWN_TRUTH
from multifocal.rules.nodes import Type
from multifocal.rules.score import UNKNOWN_TEXT, Pair, Scorer, Words

Reducer = Literal[
    "all_known",
    "any_known",
    "count",
    "sum",
    "mean",
    "worst",
    "fall",
    "distinct",
    "single",
    "mirrored",
    "surely",
    "assessed",
    "not_assessed",
    "upper",
]
By = Literal["place", "group"]
Kind = Type | Literal["numbers", "sites"]
"""What a word of a criteria set holds: `numbers` is a table, `sites` places with their sides."""

Table = Mapping[str, Pair | None]
Site = tuple[str, str | None]
"""Place, and side: `R`, `L`, `B` for both, `M` for the midline, or not told."""

GIVES: Mapping[Reducer, Kind] = {
    "all_known": "truth",
    "any_known": "truth",
    "count": "number",
    "sum": "number",
    "mean": "number",
    "worst": "numbers",
    "fall": "numbers",
    "distinct": "number",
    "single": "text",
    "mirrored": "truth",
    "surely": "number",
    "assessed": "number",
    "not_assessed": "number",
    "upper": "number",
}

TAKES: Mapping[Reducer, frozenset[Kind]] = {
    "all_known": frozenset({"truth", "number", "text", "texts", "numbers", "sites"}),
    "any_known": frozenset({"truth", "number", "text", "texts", "numbers", "sites"}),
    "count": frozenset({"truth", "numbers"}),
    "sum": frozenset({"number", "numbers"}),
    "mean": frozenset({"number", "numbers"}),
    "worst": frozenset({"numbers"}),
    "fall": frozenset({"numbers"}),
    "distinct": frozenset({"sites"}),
    "single": frozenset({"sites"}),
    "mirrored": frozenset({"sites"}),
    "surely": frozenset({"truth", "numbers"}),
    "assessed": frozenset({"numbers"}),
    "not_assessed": frozenset({"numbers"}),
    "upper": frozenset({"number"}),
}

TELLING: frozenset[Reducer] = frozenset({"surely", "assessed", "not_assessed", "upper"})
"""Ways that tell what has been answered so far; more answers change them, so no rule may rest on
them."""

WHOLE = 100.0
DIGITS = 10
"""Digits kept of a quotient, so that a fall from 6 to 4.2 is 30 per cent and not a hair less."""

ANY: Pair = (0.0, inf)


class Reduction(msgspec.Struct, frozen=True):
    """How one word is put together from others.

    ============== ===============================================================================
    how            value
    ============== ===============================================================================
    all_known      yes once each of them is known; unknown before
    any_known      yes once one of them is known; unknown before
    count          how many truths hold; of a table, how many entries are there, or meet `where`
    sum, mean      of numbers and of entries of tables
    worst          a table: of each table its greatest entry, at least `floor` where it is named
    fall           a table: by how many per cent the second table is below the first
    distinct       how many different places, or groups of places
    single         the one place or group; `none` or `multiple`
    mirrored       whether a place or group is there on both sides
    surely         how many surely hold so far
    assessed       entries with a value so far; `not_assessed`: those without
    upper          the greatest that a number can be
    ============== ===============================================================================
    """

    how: Reducer
    of: tuple[str, ...]
    where: Scorer | None = None
    floor: float | None = None
    floor_for: str = ""
    by: By = "place"
    groups: Mapping[str, tuple[str, ...]] = {}


def reduced(way: Reduction, words: Words) -> Pair:
    """Put words together.

    >>> table = {"a": (5.0, 5.0), "b": None, "c": (7.0, 7.0)}
    >>> words = {"units": (table, table)}
    >>> reduced(Reduction("sum", ("units",)), words)
    (12.0, 12.0)
    >>> reduced(Reduction("not_assessed", ("units",)), words)
    (1.0, 1.0)
    """
    match way.how:
        case "all_known" | "any_known":
            every = all if way.how == "all_known" else any
            return every(_is_known(words[name]) for name in way.of), True
        case "count":
            return _count(way, words)
        case "surely":
            least = _count(way, words)[0]
            return least, least
        case "sum":
            return _sum(_entries(way.of, words))
        case "mean":
            return _mean(_entries(way.of, words))
        case "worst":
            worst = {name: _worst(name, way, words) for name in way.of}
            return worst, worst
        case "fall":
            falls = _falls(*(words[name][0] for name in way.of))
            return falls, falls
        case "distinct" | "single" | "mirrored":
            return _sites(way, words[way.of[0]][0])
        case "assessed" | "not_assessed":
            known = [_is_exact(entry) for entry in _entries(way.of, words)]
            return _exactly(known.count(way.how == "assessed"))
        case "upper":
            high = words[way.of[0]][1]
            return _exactly(float(f"{high:.{DIGITS}g}")) if isfinite(high) else UNKNOWN_NUMBER


def _exactly(value: float) -> Pair:
    return float(value), float(value)


def _is_exact(entry: Pair | None) -> bool:
    return entry is not None and entry[0] == entry[1]


def _is_known(pair: Pair) -> bool:
    """Whether a word is known; a table is, as soon as it holds one value."""
    if isinstance(pair[0], Mapping):
        return any(_is_exact(entry) for entry in pair[0].values())
    return pair[0] is not None and bool(pair[0] == pair[1])


def _entries(of: Iterable[str], words: Words) -> Iterator[Pair | None]:
    for name in of:
        low, high = words[name]
        if isinstance(low, Mapping):
            yield from low.values()
        else:
            yield UNKNOWN_NUMBER if low is None else (low, high)


def _count(way: Reduction, words: Words) -> Pair:
    least = most = 0.0
    for name in way.of:
        low, high = words[name]
        if low is None:
            return 0.0, inf
        if not isinstance(low, Mapping):
            least, most = least + low, most + high
            continue
        for entry in low.values():
            if entry is None:
                continue
            sure, possible = (
                (_is_exact(entry), True)
                if way.where is None
                else way.where({**words, "value": entry})
            )
            least, most = least + sure, most + possible
    return least, most


def _sum(entries: Iterable[Pair | None]) -> Pair:
    there = [entry for entry in entries if entry is not None]
    if not there:
        return UNKNOWN_NUMBER
    return sum(low for low, _ in there), sum(high for _, high in there)


def _mean(entries: Iterable[Pair | None]) -> Pair:
    """Give the mean of what applies; an entry that is open may turn out not to apply."""
    there = [entry for entry in entries if entry is not None]
    exact = [low for low, high in there if low == high]
    if not exact:
        return UNKNOWN_NUMBER
    ends = []
    for side, pick in ((0, min), (1, max)):
        values = list(exact)
        for value in sorted((e[side] for e in there if e[0] != e[1]), reverse=bool(side)):
            values.append(pick(value, sum(values) / len(values)))
        ends.append(sum(values) / len(values))
    return ends[0], ends[1]


def _worst(name: str, way: Reduction, words: Words) -> Pair | None:
    """Give the greatest entry of a table, at least the floor; None when no entry applies."""
    low = words[name][0]
    if low is None:
        return UNKNOWN_NUMBER
    there = [entry for entry in low.values() if entry is not None]
    if not there:
        return None
    least, most = max(low for low, _ in there), max(high for _, high in there)
    if way.floor is None or not way.floor_for:
        return least, most
    surely, possibly = words[way.floor_for]
    return (
        max(least, way.floor) if name in surely else least,
        max(most, way.floor) if name in possibly else most,
    )


def _falls(before: Table | None, after: Table | None) -> Table | None:
    if before is None or after is None:
        return None
    return {name: _fall(before[name], after.get(name)) for name in before}


def _fall(before: Pair | None, after: Pair | None) -> Pair:
    """Give a fall; a value that is missing can be any from 0."""
    least, most = ANY if before is None else before
    low, high = ANY if after is None else after
    return _percent(least, high), _percent(most, low)


def _percent(before: float, after: float) -> float:
    """Give by how many per cent a number has fallen; any rise from 0 has no end.

    >>> _percent(6.0, 4.2), _percent(0.0, 0.0), _percent(0.0, 1.0)
    (30.0, 0.0, -inf)
    """
    if isinf(after) or (before == 0 and after > 0):
        return -inf
    if isinf(before):
        return WHOLE
    if before == 0:
        return 0.0
    return round((before - after) / before * WHOLE, DIGITS)


def _sites(way: Reduction, sites: Sequence[Site] | None) -> Pair:
    if sites is None:
        return {"distinct": (0.0, inf), "single": UNKNOWN_TEXT}.get(way.how, UNKNOWN_TRUTH)
    group_of = {place: group for group, places in way.groups.items() for place in places}
    sides: dict[str, list[str | None]] = {}
    for place, side in sites:
        sides.setdefault(group_of[place] if way.by == "group" else place, []).append(side)
    if way.how == "distinct":
        return _exactly(len(sides))
    if way.how == "single":
        one = "multiple" if len(sides) > 1 else next(iter(sides), "none")
        return one, one
    both = [{"L", "R"} <= {*seen} or "B" in seen for seen in sides.values()]
    could = [None in seen and len(seen) > 1 for seen in sides.values()]
    return any(both), any(both) or any(could)


Work = Callable[[Words], Pair]


def working(way: Reduction) -> Work:
    """Give the function that puts words together in this way."""
    return lambda words: reduced(way, words)


def unknown(kind: Kind) -> Any:
    """Give the pair of a word of which nothing is known."""
    match kind:
        case "truth":
            return UNKNOWN_TRUTH
        case "number":
            return UNKNOWN_NUMBER
        case "text":
            return UNKNOWN_TEXT
        case "texts" | "numbers" | "sites":
            return (None, None)
