"""The laboratory's own reference interval, and where a value stands in it."""

import re
from collections.abc import Iterable
from functools import lru_cache
from math import inf
from typing import Literal, NamedTuple

import msgspec

from multifocal.exchange.cache import cached
from multifocal.exchange.dates import after_months
from multifocal.exchange.numbers import Amount, Interval, Unclear, amount_of, interval_of
from multifocal.exchange.units import Converted, Problem, units_of
from multifocal.knowledge.entries import ConceptEntry, GroupWord
from multifocal.knowledge.load import Knowledge
from multifocal.model.day import Day
from multifocal.model.record import Sex

Level = Literal["low", "normal", "high"]
_MONTHS = {"a": 12, "mo": 1}
_DAYS = {"wk": 7, "d": 1, "h": 1 / 24}
_NEAR = 30
"""A misread mark moves an interval by a thousand; nearer than its root to the value is meant."""
NOT_FOR_CHILD = "the reference interval of {} is for others than this child and was not used"
OTHER_UNIT = "the reference interval of {} has another unit and was not used"
UPSIDE_DOWN = "the reference interval of {} is upside down and was left out. Mend it."
_PUNCTUATION = " \t\n()[]:;,.=-"


class Child(NamedTuple):
    """What an interval may depend on."""

    sex: Sex | None = None
    birth: Day | None = None
    day: Day | None = None
    """The day of the value."""


class Bounds(NamedTuple):
    """A reference interval in our unit; `None` is open on that side."""

    low: float | None
    high: float | None


class Found(NamedTuple):
    """The interval that is meant for this child, and what is wrong with those that were given."""

    bounds: Bounds | None = None
    problems: tuple[Problem, ...] = ()


class Group(NamedTuple):
    """Whom an interval is for; what is `None` is not limited."""

    sex: Sex | None = None
    youngest: Amount | None = None
    oldest: Amount | None = None


ANYONE = Group()


class GroupWords:
    """The words that say whom an interval is for."""

    def __init__(self, words: Iterable[GroupWord]) -> None:
        """Index the words, longest first."""
        self._words = {word.text: word for word in words}
        longest = sorted(map(re.escape, self._words), key=len, reverse=True)
        self._named = re.compile(rf"(?<!\w)(?:{'|'.join(longest) or '(?!)'})(?!\w)")

    def group(self, text: str) -> Group | None:
        """Give whom a text names, such as "Adults" or "> 18 y"; `None` if that is not known."""
        return _group_named(self, text) if text else ANYONE

    def read(self, text: str) -> Group | None:
        """Give the same anew."""
        named = [self._words[word] for word in self._named.findall(text.lower())]
        rest = self._named.sub(self._unless_unit, text.lower()).strip(_PUNCTUATION)
        sexes = {word.says for word in named} & {"female", "male"}
        ages = [word for word in named if word.says == "aged"]
        aged = ages[0] if len(ages) == 1 else GroupWord("", "anyone", "")
        sex: Sex | None = "female" if sexes == {"female"} else "male" if sexes == {"male"} else None
        group = Group(sex, _years(aged.from_years), _years(aged.to_years))
        if not rest:
            return group
        onward = any(word.says == "onward" for word in named) or rest.endswith("+")
        return self._aged(group, rest.rstrip("+"), onward=onward)

    def _unless_unit(self, found: re.Match[str]) -> str:
        return found[0] if self._words[found[0]].ucum else " "

    def _aged(self, group: Group, text: str, *, onward: bool) -> Group | None:
        """Complete a group by ages in numbers."""
        aged, age = interval_of(text), amount_of(text)
        if onward and isinstance(age, Amount):
            aged = Interval(low=age)
        if not isinstance(aged, Interval) or aged.for_whom:
            return None
        low, high = (self._in_ucum(end) for end in (aged.low, aged.high))
        if (aged.low and low is None) or (aged.high and high is None):
            return None
        return group._replace(youngest=low or group.youngest, oldest=high or group.oldest)

    def _in_ucum(self, age: Amount | None) -> Amount | None:
        word = self._words.get(age.unit.rstrip(".")) if age else None
        return msgspec.structs.replace(age, unit=word.ucum) if age and word and word.ucum else None


@cached(most=1024)
def _group_named(words: GroupWords, text: str) -> Group | None:
    return words.read(text)


@cached(most=1024)
def _said(text: str) -> Interval | Unclear | None:
    return interval_of(text)


@lru_cache(maxsize=4)
def group_words_of(knowledge: Knowledge) -> GroupWords:
    """Give the words of this knowledge, indexed once."""
    return GroupWords(knowledge.group_words)


def bounds_of(
    intervals: Iterable[Interval],
    amount: Amount,
    converted: Converted,
    concept: ConceptEntry,
    child: Child,
    *,
    knowledge: Knowledge,
) -> Found:
    """Give the normal interval that is meant for this child, if exactly one is.

    ``amount`` is the value as it was stated, ``converted`` the same in our unit. What is for adults
    or for another group is not used.
    """
    fitting: list[tuple[bool, Bounds]] = []
    problems: list[Problem] = []
    unsuited: list[Problem] = []
    for given in intervals:
        if given.kind not in ("", "normal"):
            continue
        interval = _stated(given, amount, converted, concept, knowledge)
        group = _group(given, interval, group_words_of(knowledge))
        if isinstance(interval, Interval) and not _suits(group, child):
            unsuited.append(Problem(NOT_FOR_CHILD.format(concept.label), "info"))
            continue
        bounds = _bounds(interval, amount, concept, knowledge)
        if isinstance(bounds, Problem):
            problems.append(bounds)
        elif bounds is not None:
            fitting.append((group != ANYONE, bounds))
    best = {bounds for special, bounds in fitting if special} or {bounds for _, bounds in fitting}
    if len(best) > 1:
        several = f"several reference intervals are given for {concept.label} and none was used"
        problems.append(Problem(several, "info"))
    elif not best:
        problems += unsuited
    return Found(best.pop() if len(best) == 1 else None, tuple(dict.fromkeys(problems)))


def _stated(
    given: Interval,
    amount: Amount,
    converted: Converted,
    concept: ConceptEntry,
    knowledge: Knowledge,
) -> Interval | Unclear | None:
    """Give an interval with its numbers, from its text where it has none of its own."""
    if given.low or given.high or not given.text:
        return given if given.low or given.high else None
    said = _said(given.text)
    if not isinstance(said, Unclear):
        return said
    end = units_of(knowledge).converted(_with_unit(said.readings[0], amount), concept)
    if isinstance(end, Problem):
        return said
    near = (converted.value - end.conversion.offset) / end.conversion.factor
    return interval_of(given.text, usual=(near / _NEAR, near * _NEAR))


def _group(given: Interval, stated: Interval | Unclear | None, words: GroupWords) -> Group | None:
    """Give whom an interval is for, from what is coded and what is said; `None`: not known."""
    groups = [words.group(given.for_whom)]
    if isinstance(stated, Interval) and stated is not given:
        groups.append(words.group(stated.for_whom))
    elif given.text:  # beside numbers any remark may stand; only known words say for whom they are
        said = _said(given.text)
        whom = said.for_whom if isinstance(said, Interval) else given.text
        groups += [words.group(whom) or ANYONE, words.group(given.text) or ANYONE]
    whole = Group(given.sex, given.youngest, given.oldest)
    for group in groups:
        if group is None:
            return None
        whole = Group(
            whole.sex or group.sex,
            whole.youngest or group.youngest,
            whole.oldest or group.oldest,
        )
    return whole


def _suits(group: Group | None, child: Child) -> bool:
    """Tell whether the child is known to be of the group."""
    if group is None or (group.sex is not None and group.sex != child.sex):
        return False
    if group.youngest is None and group.oldest is None:
        return True
    if child.birth is None or child.day is None:
        return False
    try:
        low = _days(group.youngest, child.birth, otherwise=0.0)
        high = _days(group.oldest, child.birth, otherwise=inf)
    except (ValueError, OverflowError):
        return False
    oldest = (child.day.latest - child.birth.earliest).days
    youngest = (child.day.earliest - child.birth.latest).days
    return youngest >= low and oldest <= high


def _days(age: Amount | None, birth: Day, *, otherwise: float) -> float:
    """Give an age in days for this child; `otherwise` where the band is open."""
    if age is None:
        return otherwise
    unit = age.code or age.unit
    if unit in _MONTHS:
        first = birth.earliest
        return float((after_months(first, round(age.value * _MONTHS[unit])) - first).days)
    if unit in _DAYS:
        return age.value * _DAYS[unit]
    raise ValueError("not a unit of age")


def _bounds(
    interval: Interval | Unclear | None,
    amount: Amount,
    concept: ConceptEntry,
    knowledge: Knowledge,
) -> Bounds | Problem | None:
    if interval is None:
        return None
    if isinstance(interval, Unclear):
        return Problem(f"the reference interval of {concept.label} can be read in two ways")
    ends: list[float | None] = []
    for end in (interval.low, interval.high):
        if end is None:
            ends.append(None)
            continue
        converted = units_of(knowledge).converted(_with_unit(end, amount), concept)
        if isinstance(converted, Problem):
            return Problem(OTHER_UNIT.format(concept.label), "info")
        ends.append(converted.value)
    low, high = ends
    if low is not None and high is not None and low > high:
        return Problem(UPSIDE_DOWN.format(concept.label))
    return Bounds(low, high)


def _with_unit(end: Amount, amount: Amount) -> Amount:
    """Give an end with the unit of the value, where it has none of its own."""
    if end.unit or end.code:
        return end
    return msgspec.structs.replace(end, unit=amount.unit, code=amount.code)


def _years(years: float | None) -> Amount | None:
    return None if years is None else Amount(years, unit="a")


def flag_of(converted: Converted, bounds: Bounds) -> Level | None:
    """Tell where a value stands in an interval; `None` when a bound or range leaves it open."""
    value, top, comparator, _ = converted
    least = -inf if comparator in ("<", "<=") else value
    most = inf if comparator in (">", ">=") else value if top is None else top
    low = -inf if bounds.low is None else bounds.low
    high = inf if bounds.high is None else bounds.high
    if most < low or (most == low and comparator == "<"):
        return "low"
    if least > high or (least == high and comparator == ">"):
        return "high"
    if comparator in ("<", "<="):
        # The value lies between zero and its bound; only an interval from zero holds it surely.
        return "normal" if most <= high and low <= 0 else None
    return "normal" if least >= low and most <= high else None


def agreed(
    computed: Level | None, reported: Level | None, concept: ConceptEntry
) -> tuple[Level | None, Problem | None]:
    """Hold what the laboratory calls a value against its interval; neither is then "normal"."""
    if computed is None or reported is None or computed == reported:
        return computed or reported, None
    abnormal = {computed, reported} - {"normal"}
    disagree = Problem(
        f"the laboratory's flag and its reference interval disagree about {concept.label}; the one "
        "that is not normal was kept"
    )
    return (abnormal.pop() if len(abnormal) == 1 else None), disagree
