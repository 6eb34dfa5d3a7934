"""How far findings move conditions: whole weights, one kernel for one child and for a million.

A weight is a thousandth of log10 of how much more often a finding is met in a condition than in
children with disease of bone, tempered, so that sums are exact in any order. Findings of a
group count once: the one that speaks most for a condition and the one that speaks most against.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import product
from math import log, log10
from typing import Any, NamedTuple, TypeVar

import msgspec

from multifocal.knowledge.entries_differential import CellEntry, Dial
from multifocal.knowledge.load import Knowledge
from multifocal.model.finding import FindingId
from multifocal.model.source import Certainty, Citation
from multifocal.model.truth import Truth

UNIT = 1000
"""Weights in one decade."""
SPREADS = 1.645
"""Standard deviations to each side of a 90 % interval."""

UNKNOWN, ABSENT, PRESENT = range(3)
"""A truth as a whole number, for one child or in an array; arrays are of whole numbers, too."""

Truths = Mapping[FindingId, Any]
"""By finding: UNKNOWN, ABSENT or PRESENT, or an array of them."""


class Share(NamedTuple):
    """How often a finding is present, as a Beta distribution: a for present, b for absent."""

    a: float
    b: float

    @property
    def mean(self) -> float:
        """The share itself."""
        return self.a / (self.a + self.b)


class Cell(msgspec.Struct, frozen=True):
    """What is known of one finding in one condition."""

    share: Share
    published: bool
    source: Citation


class Weight(NamedTuple):
    """What one answer to one finding does to one condition."""

    weight: int
    variance: float
    """Of the same, squared thousandths of log10."""
    published: bool
    source: Citation | None
    """None where there is no opinion and the weight is zero."""


class Row(NamedTuple):
    """What the answers within one group do, condition by condition."""

    weights: tuple[int, ...]
    variances: tuple[float, ...]
    moved: tuple[int, ...]
    """Weights for and against, added up without their signs."""
    published: tuple[int, ...]
    """The part of `moved` that rests on published numbers."""
    counted: tuple[tuple[FindingId, ...], ...]
    """The findings that counted, one for and one against at most."""


Key = TypeVar("Key")
Value = TypeVar("Value")


class Lazily(dict[Key, Value]):
    """A mapping whose values are worked out when they are first asked for."""

    def __init__(self, work: Callable[[Key], Value]) -> None:
        """Keep what gives the value of a key."""
        self._work = work

    def __missing__(self, key: Key) -> Value:
        """Work out the value of a key, once."""
        value = self[key] = self._work(key)
        return value


class Weighing(msgspec.Struct, frozen=True, eq=False, dict=True):
    """The evidence made ready, the same for every child."""

    conditions: tuple[str, ...]
    groups: tuple[tuple[FindingId, ...], ...]
    group_of: Mapping[FindingId, int]
    """By finding: the place of its group."""
    settings: frozenset[str]
    cells: Mapping[str, Mapping[FindingId, Cell]]
    """By condition and finding."""
    weights: Mapping[tuple[FindingId, int], tuple[Weight, ...]]
    """By finding and answer: one for each condition."""
    rates: Mapping[FindingId, tuple[float, ...]]
    """How often each condition shows a finding; the background where there is no opinion."""
    implied: tuple[tuple[FindingId, FindingId], ...]
    exclusive: tuple[tuple[FindingId, ...], ...]
    priors: Mapping[tuple[str, str, Truth], tuple[int, ...]]
    """By setting, age band or none, and whether a girl."""
    rows: dict[tuple[int, tuple[int, ...]], Row]
    """Rows made so far, by group and answers."""

    def row(self, group: int, answers: tuple[int, ...]) -> Row:
        """Give what these answers within a group do; each is worked out once."""
        key = (group, answers)
        if key not in self.rows:
            self.rows[key] = self._row(group, answers)
        return self.rows[key]

    def _row(self, group: int, answers: tuple[int, ...]) -> Row:
        told = [
            (name, self.weights[(name, answer)])
            for name, answer in zip(self.groups[group], answers, strict=True)
            if answer != UNKNOWN
        ]
        if len(told) == 1:
            return _alone(*told[0])
        columns = [_strongest(told, place) for place in range(len(self.conditions))]
        return Row(
            weights=tuple(sum(one.weight for _, one in column) for column in columns),
            variances=tuple(sum(one.variance for _, one in column) for column in columns),
            moved=tuple(sum(abs(one.weight) for _, one in column) for column in columns),
            published=tuple(
                sum(abs(one.weight) for _, one in column if one.published) for column in columns
            ),
            counted=tuple(tuple(name for name, _ in column) for column in columns),
        )


def _alone(name: FindingId, column: tuple[Weight, ...]) -> Row:
    """Give what one answer does that has its group to itself."""
    return Row(
        weights=tuple(one.weight for one in column),
        variances=tuple(one.variance if one.weight else 0 for one in column),
        moved=tuple(abs(one.weight) for one in column),
        published=tuple(abs(one.weight) if one.published else 0 for one in column),
        counted=tuple((name,) if one.weight else () for one in column),
    )


def _strongest(
    told: Sequence[tuple[FindingId, tuple[Weight, ...]]], place: int
) -> list[tuple[FindingId, Weight]]:
    """Give the finding that speaks most for a condition and the one most against; ties by name."""
    column = [(name, weights[place]) for name, weights in told]
    speaking = (
        [one for one in column if one[1].weight > 0],
        [one for one in column if one[1].weight < 0],
    )
    return [max(side, key=lambda one: (abs(one[1].weight), one[0])) for side in speaking if side]


@lru_cache(maxsize=4)
def weighing(knowledge: Knowledge) -> Weighing:
    """Make the evidence ready, once."""
    cells = _cells(knowledge)
    model = knowledge.differential.model
    background = cells[model.background]
    conditions = tuple(row.id for row in knowledge.conditions)
    given = set(model.given)
    findings = [one for one in knowledge.findings if one.id in background and one.id not in given]
    by_group: dict[str, list[FindingId]] = defaultdict(list)
    for finding in findings:
        by_group[finding.group].append(finding.id)
    weights = Lazily[tuple[FindingId, int], tuple[Weight, ...]](
        lambda key: tuple(_weight(*key, condition, cells, knowledge) for condition in conditions)
    )
    rates = {
        finding.id: tuple(
            cells[condition].get(finding.id, background[finding.id]).share.mean
            for condition in conditions
        )
        for finding in findings
    }
    groups = tuple(tuple(group) for group in by_group.values())
    weighed = {name for group in groups for name in group}
    return Weighing(
        conditions=conditions,
        groups=groups,
        group_of={name: place for place, group in enumerate(groups) for name in group},
        settings=frozenset(setting.id for setting in model.setting),
        cells=cells,
        weights=weights,
        rates=rates,
        implied=tuple((one.present, one.implies) for one in knowledge.differential.implications),
        exclusive=tuple(
            one.members
            for one in knowledge.differential.exclusive_sets
            if weighed.issuperset(one.members)
        ),
        priors=Lazily[tuple[str, str, Truth], tuple[int, ...]](
            lambda key: _priors(*key, conditions, cells, knowledge)
        ),
        rows={},
    )


def _cells(knowledge: Knowledge) -> dict[str, dict[FindingId, Cell]]:
    """Give every cell as a distribution, exclusive sets made to fit, implied opinions filled."""
    weighed = knowledge.differential
    pairs: dict[tuple[str, FindingId], list[CellEntry]] = defaultdict(list)
    for entry in weighed.cells:
        pairs[(entry.condition, entry.finding)].append(entry)
    cells: dict[str, dict[FindingId, Cell]] = defaultdict(dict)
    for (condition, finding), entries in pairs.items():
        cells[condition][finding] = Cell(
            share=_share(entries, knowledge),
            published=all(one.source.certainty is not Certainty.JUDGEMENT for one in entries),
            source=entries[0].source,
        )
    for form, condition in weighed.model.forms.items():
        cells[form] = cells[condition] | cells[form]
    for column in cells.values():
        _fit_all(column, knowledge)
    cells[weighed.model.background] = _based(cells, knowledge)
    return cells


def _based(
    cells: Mapping[str, Mapping[FindingId, Cell]], knowledge: Knowledge
) -> dict[FindingId, Cell]:
    """Give the background, of children with disease of bone: of each condition its own share, as
    common as it is where children are referred; where it has no opinion, the share that was judged.
    What was counted in all who come is kept.
    """
    model = knowledge.differential.model
    background = cells[model.background]
    often = {
        row.condition: row.share
        for row in knowledge.differential.priors
        if row.setting == model.referral
        and knowledge.conditions_by_id[row.condition].category not in model.no_disease_of_bone
    }
    total = sum(often.values())
    based = dict(background)
    for name, cell in background.items():
        if cell.published or name in model.given:
            continue
        mean = sum(
            prior * cells[condition].get(name, cell).share.mean
            for condition, prior in often.items()
        )
        size, mean = sum(cell.share), _held(mean / total)
        based[name] = msgspec.structs.replace(cell, share=Share(mean * size, (1 - mean) * size))
    _fit_all(based, knowledge)
    return based


def _held(mean: float) -> float:
    """Keep a share a little off zero and one: nothing is beyond being overturned."""
    return min(max(mean, 1 / (UNIT + 1)), UNIT / (UNIT + 1))


def _share(entries: Sequence[CellEntry], knowledge: Knowledge) -> Share:
    """Fit a Beta distribution: counts with half a child each, a class to its range.

    A judgement weighs as little as the smallest cohort in which the rarer answer was seen once.
    """
    [first, *_] = entries
    if first.n is not None:
        present = sum(one.k or 0 for one in entries)
        absent = sum((one.n or 0) - (one.k or 0) for one in entries)
        return Share(present + 1 / 2, absent + 1 / 2)
    model = knowledge.differential.model
    mean, size = first.share, model.children_behind_a_share.value
    if first.class_:
        one = _classes(knowledge)[first.class_]
        mean = one.share if mean is None else mean
        spread = (one.high - one.low) / (2 * SPREADS)
        most = model.children_behind_a_class.value
        size = min(mean * (1 - mean) / spread**2 - 1, most) if spread else most
    assert mean is not None  # noqa: S101 # the check saw to it
    if first.source.certainty is Certainty.JUDGEMENT:
        size = 1 / max(min(mean, 1 - mean), 1 / model.children_behind_a_class.value)
    mean = _held(mean)
    return Share(mean * size, (1 - mean) * size)


@lru_cache(maxsize=4)
def _classes(knowledge: Knowledge) -> Mapping[str, Any]:
    return {one.id: one for one in knowledge.differential.classes}


def _fit_all(column: dict[FindingId, Cell], knowledge: Knowledge) -> None:
    for one in knowledge.differential.exclusive_sets:
        _fit(column, one.members, exhaustive=one.exhaustive)


def _fit(column: dict[FindingId, Cell], members: Sequence[FindingId], *, exhaustive: bool) -> None:
    """Scale the shares of a set so that they sum to one; of an open set, to no more than one."""
    there = [name for name in members if name in column]
    total = sum(column[name].share.mean for name in there)
    if len(there) < len(members) and total <= 1:
        return
    if not there or (total <= 1 and not exhaustive):
        return
    for name in there:
        a, b = column[name].share
        mean = a / (a + b) / total
        mean = min(mean, UNIT / (UNIT + 1))
        share = Share(mean * (a + b), (1 - mean) * (a + b))
        column[name] = msgspec.structs.replace(column[name], share=share)


def _weight(
    finding: FindingId,
    answer: int,
    condition: str,
    cells: Mapping[str, Mapping[FindingId, Cell]],
    knowledge: Knowledge,
) -> Weight:
    model = knowledge.differential.model
    background = cells[model.background][finding].share
    cell = _opinion(finding, condition, cells, knowledge)
    decades = variance = 0.0
    published, source = False, None
    if cell is not None:
        published, source = cell.published, cell.source
        share, usual = cell.share, background
        if answer == ABSENT:
            share, usual = Share(share.b, share.a), Share(usual.b, usual.a)
        decades = model.temperature.value * log10(share.mean / usual.mean)
        variance = _variance(share) * model.temperature.value**2
    sign = _signs(knowledge).get((condition, finding, answer))
    if sign is not None and sign.over(decades):
        decades, published, source = sign.decades, False, sign.source
    return Weight(round(decades * UNIT), variance * UNIT**2, published, source)


def _opinion(
    finding: FindingId,
    condition: str,
    cells: Mapping[str, Mapping[FindingId, Cell]],
    knowledge: Knowledge,
) -> Cell | None:
    """Give the cell; where there is none, what the condition says of a finding that this implies.

    The implied finding is not counted beside this one, so its opinion must not be lost: this one is
    then as much more or less common than in the background as the implied one is.
    """
    column = cells[condition]
    if finding in column:
        return column[finding]
    background = cells[knowledge.differential.model.background]
    for one in knowledge.differential.implications:
        if one.present == finding and one.implies in column:
            implied = column[one.implies]
            ratio = implied.share.mean / background[one.implies].share.mean
            mean = min(background[finding].share.mean * ratio, implied.share.mean)
            size = sum(implied.share)
            share = Share(mean * size, (1 - mean) * size)
            return Cell(share, published=False, source=implied.source)
    return None


class Stated(NamedTuple):
    """How far a decisive sign moves its condition at least."""

    decades: float
    source: Citation

    def over(self, decades: float) -> bool:
        """Whether it moves further in its direction than these decades do."""
        return self.decades > max(decades, 0) or self.decades < min(decades, 0)


@lru_cache(maxsize=4)
def _signs(knowledge: Knowledge) -> Mapping[tuple[str, FindingId, int], Stated]:
    """Give the definitive and strong signs, by condition, finding and answer; a form inherits."""
    strengths = dict[str, Dial](knowledge.differential.model.strength.items())
    own = {
        (condition.id, sign.finding, PRESENT if sign.present else ABSENT): Stated(
            direction * strengths[sign.strength].value, sign.source
        )
        for condition in knowledge.conditions
        for signs, direction in ((condition.rule_in, 1), (condition.rule_out, -1))
        for sign in signs
        if sign.strength in strengths
    }
    inherited = {
        (form, finding, answer): sign
        for form, condition in knowledge.differential.model.forms.items()
        for (whose, finding, answer), sign in own.items()
        if whose == condition
    }
    return inherited | own


LOG_10 = log(10)
SERIES_FROM = 10
"""From here on the series of the trigamma function is exact enough."""


@lru_cache(maxsize=4096)
def _variance(share: Share) -> float:
    """Give the variance of log10 of a Beta distributed share."""
    return (_trigamma(share.a) - _trigamma(share.a + share.b)) / LOG_10**2


def _trigamma(x: float) -> float:
    """Give the second derivative of the logarithm of the gamma function.

    >>> round(_trigamma(1.0), 5)  # pi squared over six
    1.64493
    """
    total = 0.0
    while x < SERIES_FROM:
        total += 1 / x**2
        x += 1
    return total + 1 / x + 1 / (2 * x**2) + 1 / (6 * x**3)


def _priors(
    setting: str,
    band: str,
    girl: Truth,
    conditions: Sequence[str],
    cells: Mapping[str, Mapping[FindingId, Cell]],
    knowledge: Knowledge,
) -> tuple[int, ...]:
    """Give how common each condition is, by age band and sex where known, in log10 thousandths."""
    model = knowledge.differential.model
    shares = {
        row.condition: row.share for row in knowledge.differential.priors if row.setting == setting
    }
    column = []
    for condition in conditions:
        share = max(shares[condition], model.least_prior.value)
        if band:
            share *= cells[condition][FindingId(band)].share.mean
        if girl is not None:
            cell = cells[condition].get(GIRL)
            often = 1 / 2 if cell is None else cell.share.mean
            share *= often if girl else 1 - often
        column.append(share)
    total = sum(column)
    return tuple(round(log10(share / total) * UNIT) for share in column)


GIRL = FindingId("sex_female")


def informative(truths: Truths, ready: Weighing) -> Truths:
    """Leave out what says nothing new, for one child or for arrays of children.

    A finding that another one implies is not counted beside it, and neither is the absence of what
    could not be there: crp above 100 makes nothing of crp above 30.
    """
    kept = dict(truths)
    for name, implied in ready.implied:
        kept[implied] = kept[implied] * (truths[name] != PRESENT)
        kept[name] = kept[name] * (truths[implied] != ABSENT)
    for members in ready.exclusive:
        for name in members:
            for other in members:
                if other != name:
                    taken = (truths[other] == PRESENT) & (truths[name] == ABSENT)
                    kept[name] = kept[name] * (taken ^ True)
    return kept


class Silencing(NamedTuple):
    """Another finding that makes one say nothing new, if both are answered so."""

    other: FindingId
    answer: int
    own: int | None
    """None: whatever the answer to the finding itself."""


@lru_cache(maxsize=4)
def _silencing(
    ready: Weighing,
) -> tuple[Mapping[FindingId, list[Silencing]], Mapping[FindingId, list[FindingId]]]:
    """Give by finding what makes it say nothing new, and which ones it does this to."""
    by: dict[FindingId, list[Silencing]] = defaultdict(list)
    for name, implied in ready.implied:
        by[implied].append(Silencing(name, PRESENT, None))
        by[name].append(Silencing(implied, ABSENT, None))
    for members in ready.exclusive:
        for name in members:
            by[name] += [Silencing(one, PRESENT, ABSENT) for one in members if one != name]
    whom: dict[FindingId, list[FindingId]] = defaultdict(list)
    for name, several in by.items():
        for one in several:
            whom[one.other].append(name)
    return dict(by), dict(whom)


def informative_anew(
    changed: Mapping[FindingId, int], truths: Mapping[FindingId, int], ready: Weighing
) -> dict[FindingId, int]:
    """Give what of one child is informative after some truths changed, where that may differ."""
    by, whom = _silencing(ready)
    every = {**truths, **changed}
    touched = dict.fromkeys(one for name in changed for one in (name, *whom.get(name, ())))
    kept = {}
    for name in touched:
        kept[name] = every[name]
        for other, answer, own in by.get(name, ()):
            if every[other] == answer and (own is None or every[name] == own):
                kept[name] = UNKNOWN
    return kept


def answered(kept: Truths, ready: Weighing) -> tuple[Row, ...]:
    """Give what is informative of one child as rows, one for each group that holds any of it."""
    rows = []
    for place, group in enumerate(ready.groups):
        answers = tuple([kept[name] for name in group])
        if any(answers):
            rows.append(ready.row(place, answers))
    return tuple(rows)


class Table(NamedTuple):
    """Some groups, and the summed weights for every way in which their findings can be answered."""

    findings: tuple[FindingId, ...]
    rows: tuple[tuple[int, ...], ...]
    """In the order of the answers read as digits to the base three, the first finding first."""


def tables(ready: Weighing, *, most: int) -> tuple[Table, ...]:
    """Tabulate the weights, small groups joined while a table has at most so many rows."""
    packs: list[list[int]] = []
    size = most
    for place, group in enumerate(ready.groups):
        rows = len(BASE) ** len(group)
        if not packs or size * rows > most:
            packs.append([])
            size = 1
        packs[-1].append(place)
        size *= rows
    return tuple(_table(pack, ready) for pack in packs)


BASE = (UNKNOWN, ABSENT, PRESENT)


def _table(pack: Sequence[int], ready: Weighing) -> Table:
    parts = [
        [ready.row(place, answers).weights for answers in product(BASE, repeat=len(group))]
        for place in pack
        for group in (ready.groups[place],)
    ]
    return Table(
        findings=tuple(name for place in pack for name in ready.groups[place]),
        rows=tuple(tuple(map(sum, zip(*rows, strict=True))) for rows in product(*parts)),
    )


def place_of(truths: Truths, findings: Sequence[FindingId]) -> Any:
    """Give the row of a table for these answers: one number, or an array of them."""
    place = truths[findings[0]]
    for name in findings[1:]:
        place = place * len(BASE) + truths[name]
    return place


def together(
    truths: Truths, made: Sequence[tuple[Sequence[FindingId], Any]], ready: Weighing
) -> Any:
    """Add up the weights of every condition for an array of children: children by conditions.

    ``made`` are the findings and rows of each table, the rows as an array of whole numbers.
    """
    kept = informative(truths, ready)
    findings, rows = made[0]
    total = rows[place_of(kept, findings)]
    for findings, rows in made[1:]:
        total += rows[place_of(kept, findings)]
    return total
