"""Numbers and reference intervals as records state them, read by one grammar.

What a comma, a point or a space between digits means is settled by the shape of all numbers of a
text, then by the language, then by the magnitude that the thing can have; else it stays unclear.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Literal, NamedTuple

import msgspec

from multifocal.model.record import Sex

Comparator = Literal["<", "<=", ">", ">="]
Form = Literal["number", "titre", "grade"]
Decimal = Literal[".", ","]
Magnitude = tuple[float, float]


class Amount(msgspec.Struct, frozen=True, gc=False):
    """A number as it was stated, in the unit in which it was stated."""

    value: float
    comparator: Comparator | None = None
    unit: str = ""
    """The unit as it is printed; empty when none is."""
    code: str = ""
    """The unit's UCUM code, where the record gives one beside what is printed."""
    high: float | None = None
    """The other end of a range such as 5-10; `value` is the low one."""
    form: Form = "number"
    """A titre (1:64) has what the sample was diluted to as its value; a grade (2+) its number."""


class Unclear(msgspec.Struct, frozen=True, gc=False):
    """A number that can be read in more than one way: "1,240"."""

    readings: tuple[Amount, ...]


class Interval(msgspec.Struct, frozen=True, gc=False):
    """A reference interval as the laboratory states it, with whom it is for."""

    low: Amount | None = None
    high: Amount | None = None
    text: str = ""
    """How it is written, where it has no numbers of its own."""
    kind: str = ""
    """FHIR's word for what it means; empty or `normal` for a reference interval."""
    sex: Sex | None = None
    youngest: Amount | None = None
    oldest: Amount | None = None
    """Ages between which it holds."""
    for_whom: str = ""
    """Whom it is for in words, such as "Adults"."""


class Scanned(NamedTuple):
    """An amount without its unit, and where in the text it ends."""

    amount: Amount | Unclear
    end: int


SLACK = 4
"""So many times beyond the usual, a reading is ruled out and not merely an extreme."""
_LONGEST_NUMERAL, _LONGEST_UNIT, _LONGEST = 24, 32, 120
_COMPARED: dict[str, Comparator] = {
    **dict.fromkeys(("<", "less than", "below", "under", "unter", "weniger als", "kleiner"), "<"),
    **dict.fromkeys(("kleiner als", "moins de", "inférieur à", "menor de", "menos de"), "<"),
    **dict.fromkeys(("<=", "=<", "< =", "≤", "⩽", "up to", "bis zu", "bis", "at most"), "<="),
    **dict.fromkeys(("max.", "max", "höchstens", "jusqu'à", "jusqu\u2019à", "hasta"), "<="),
    **dict.fromkeys(("less than or equal to", "not more than", "no more than"), "<="),
    **dict.fromkeys((">", "more than", "above", "over", "greater than", "über", "mehr als"), ">"),
    **dict.fromkeys(("größer als", "größer", "plus de", "supérieur à", "mayor de", "más de"), ">"),
    **dict.fromkeys((">=", "=>", "> =", "≥", "⩾", "at least", "mindestens", "mind.", "ab"), ">="),
    **dict.fromkeys(("min.", "min", "from", "von", "desde", "au moins", "al menos"), ">="),
    **dict.fromkeys(("greater than or equal to", "not less than", "no less than"), ">="),
}
_AFTER: dict[str, Comparator] = {
    **dict.fromkeys(("or less", "or lower", "oder weniger", "ou moins", "o menos"), "<="),
    **dict.fromkeys(("or more", "or higher", "or above", "and above", "and more"), ">="),
    **dict.fromkeys(("oder mehr", "und mehr", "ou plus", "et plus", "o más", "y más"), ">="),
}
"""Words behind a number and its unit."""
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width forms to plain ones."""
_UNIT_TWICE = re.compile(r"(?<=\d)\s*([^\s\d.,:;/-][^\d]*?)(?=\s*[-\u2010-\u2015]\s*[\d., ]+\1$)")
_SPACES = " \u00a0\u2009\u202f'\u2019"
_NUMERAL = (
    rf"[+\-\u2212]?(?:\d{{1,3}}(?:[{_SPACES}](?!10(?:[369]|12)\s?/)\d{{3}}(?!\d))+(?:[.,]\d+)?"
    r"|\d+(?:[.,]\d+)*|[.,]\d+)(?:e[+-]?\d{1,3}(?!\w))?"
)
_LONG_FIRST = sorted(_COMPARED, key=len, reverse=True)
_SIGNS = "|".join(re.escape(one) for one in _LONG_FIRST if not one[0].isalpha())
_WORDS = "|".join(re.escape(one) for one in _LONG_FIRST if one[0].isalpha())
_AMOUNT = re.compile(
    r"(?:(?:[~≈↑↓*]|(?:ca|circa|about|approx|approximately|etwa|environ)\b\.?)\s*(?=[\d.,]))?"
    rf"(?:(?P<compared>{_SIGNS}|(?:{_WORDS})(?!\w))\s*|(?P<between>between|zwischen|entre)\s+)?"
    r"(?:1\s*(?::\s*|/(?=\d\d))(?P<titre>\d+(?:[.,]\d{3})*)"
    r"|(?P<grade>\+{1,4}|[1-5]\+)(?![\w+/-])"
    rf"|(?P<low>{_NUMERAL})"
    r"(?:(?:\s*(?:[-\u2010-\u2015\u2212]|\.{2,3}|…)\s*|\s+(?:to|bis|à|a|hasta)\s+"
    rf"|(?(between)\s+(?:and|und|et|y)\s+|(?!)))(?P<high>{_NUMERAL}))?)(?![.,:]?\d)",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"(?:[x\u00d7*·]\s*)?(?:10+(?:[\s*^(e⁰¹²³⁴-⁹]|(?:[369]|12)?\s?/)|/\s?(?=[^\W\d_])|[^\W\d_]"
    r"|[%‰°º℃℉µ\[({])[^:;,]*",
    re.IGNORECASE,
)
_FLAGS = re.compile(r"(?:\s+\(?(?:HH?|LL?|\+|-)\)?|\s*[*!↑↓])+$")
_GROUPED = {
    mark: re.compile(rf"[1-9]\d{{0,2}}(?:\{mark}\d{{3}})+|[1-9]\d?(?:\{mark}\d\d)+\{mark}\d{{3}}")
    for mark in ".,"
}
"""Digits in groups of three, or as in India: 4,50,000."""
_MARKS: tuple[Decimal, ...] = (".", ",")
_PLAIN = str.maketrans("\u2212", "-", _SPACES)
_WHOM_AFTER = re.compile(
    r"(?P<stated>.*?)(?:\s+\((?P<inside>[^()]*)\)|\s*[;,](?!\d)\s*(?P<after>.*))?", re.DOTALL
)
_WHOM_BEFORE = re.compile(r"(?P<whom>.*?)(?:(?<!\d)\s*[:=]|:(?=\s))\s*(?P<rest>.*)", re.DOTALL)


def amount_of(
    text: str, *, usual: Magnitude | None = None, decimal: Decimal | None = None
) -> Amount | Unclear | None:
    """Read a text that is an amount with or without a unit; `None` if it is none.

    ``usual`` is what the thing can have, in the unit of the text; ``decimal`` is what its language
    writes before decimals.

    >>> amount_of("< 0,5 mg/L")
    Amount(value=0.5, comparator='<', unit='mg/L', code='', high=None, form='number')
    >>> amount_of("450,000 /uL", decimal=".").value
    450000.0
    """
    stated = _stated(text, usual, decimal)
    if isinstance(stated, Amount) and stated.high is not None and stated.high < stated.value:
        ends = (stated.value, stated.high)
        return Unclear(tuple(Amount(end, unit=stated.unit) for end in ends))
    return stated


def interval_of(
    text: str, *, usual: Magnitude | None = None, decimal: Decimal | None = None
) -> Interval | Unclear | None:
    """Read a reference interval in words, with whom it is for; `None` if it is none.

    An interval that is upside down is given as it stands.

    >>> interval_of("Adults: 40 - 130 U/L").for_whom
    'Adults'
    """
    whole = text.strip()
    if len(whole) > _LONGEST:
        return None
    if whole[:1] + whole[-1:] in ("()", "[]"):
        whole = whole[1:-1].strip()
    for whom, rest in _labelled(whole):
        after = _WHOM_AFTER.fullmatch(rest)
        stated = _stated(after["stated"] if after else rest, usual, decimal)
        if isinstance(stated, Unclear):
            return stated
        if stated is not None and (stated.comparator or stated.high is not None):
            named = (whom, (after["inside"] or after["after"] or "") if after else "")
            for_whom = "; ".join(one.strip() for one in named if one.strip())
            return msgspec.structs.replace(_bounded(stated), text=whole, for_whom=for_whom)
    return None


def scan(
    text: str, at: int = 0, *, usual: Magnitude | None = None, decimal: Decimal | None = None
) -> Scanned | None:
    """Read the amount that begins at a place in a text, without its unit; `None` if none does."""
    found = _AMOUNT.match(text, at)
    if found is None or found.end() - found.start() > _LONGEST:
        return None
    compared = (found["compared"] or "").lower()
    comparator = _COMPARED.get(compared)
    if found["grade"]:
        grade = found["grade"]
        size = float(grade[0]) if grade[0].isdigit() else float(len(grade))
        return Scanned(Amount(size, comparator, form="grade"), found.end())
    if found["high"]:
        if comparator is not None and (comparator != ">=" or not compared.isalpha()):
            return None
        comparator = None
    numerals = [one for one in (found["titre"] or found["low"], found["high"]) if one]
    form: Form = "titre" if found["titre"] else "number"
    readings = {
        mark: Amount(ends[0], comparator, high=ends[1] if len(ends) > 1 else None, form=form)
        for mark in _MARKS
        if (ends := _ends(numerals, mark)) and (form == "number" or ends[0].is_integer())
    }
    if (amount := _settled(readings, usual, decimal)) is None:
        return None
    return Scanned(amount, found.end())


def _stated(text: str, usual: Magnitude | None, decimal: Decimal | None) -> Amount | Unclear | None:
    if len(text) > _LONGEST:
        return None
    text = _UNIT_TWICE.sub("", text.translate(_WIDE).strip())
    if (found := scan(text, usual=usual, decimal=decimal)) is None:
        return None
    unit = _FLAGS.sub("", text[found.end :].rstrip()).strip()
    after = next((words for words in _AFTER if unit.lower().endswith(words)), "")
    unit = unit[: len(unit) - len(after)].rstrip()
    if unit and (len(unit) > _LONGEST_UNIT or not _UNIT.fullmatch(unit)):
        return None
    readings = found.amount.readings if isinstance(found.amount, Unclear) else (found.amount,)
    whole = tuple(
        msgspec.structs.replace(one, unit=unit, comparator=_AFTER.get(after) or one.comparator)
        for one in readings
    )
    return Unclear(whole) if isinstance(found.amount, Unclear) else whole[0]


def _ends(numerals: Sequence[str], decimal: Decimal) -> tuple[float, ...]:
    """Read all numerals of one text with one mark for decimals; empty where that can't be."""
    ends = tuple(_read(one, decimal) for one in numerals)
    return tuple(end for end in ends if end is not None) if None not in ends else ()


def _read(numeral: str, decimal: Decimal) -> float | None:
    if len(numeral) > _LONGEST_NUMERAL:
        return None
    plain = numeral.translate(_PLAIN).lower()
    sign = "-" if plain.startswith("-") else ""
    plain, _, power = plain.lstrip("+-").partition("e")
    grouping = "," if decimal == "." else "."
    whole, _, part = plain.partition(decimal)
    if grouping in part or decimal in part:
        return None
    if grouping in whole and not _GROUPED[grouping].fullmatch(whole):
        return None
    value = float(f"{sign}{whole.replace(grouping, '') or 0}.{part or 0}e{power or 0}")
    return value if isfinite(value) else None


def _settled(
    readings: Mapping[Decimal, Amount], usual: Magnitude | None, decimal: Decimal | None
) -> Amount | Unclear | None:
    """Give the reading that is meant: the only one, else by language, else by magnitude."""
    upright = {m: one for m, one in readings.items() if one.high is None or one.value <= one.high}
    apart = tuple(dict.fromkeys((upright or readings).values()))
    if len(apart) < 2:
        return apart[0] if apart else None
    likely = [one for one in apart if usual is None or _within(one, *usual)]
    ruled_out = [one for one in apart if usual is not None and _beyond(one, *usual)]
    if decimal is not None:
        meant = readings[decimal]
        doubtful = meant in ruled_out and len(likely) == 1
        return Unclear(apart) if doubtful else meant
    return likely[0] if len(likely) == len(ruled_out) == 1 else Unclear(apart)


def _within(amount: Amount, low: float, high: float) -> bool:
    return low <= _top(amount) <= high


def _beyond(amount: Amount, low: float, high: float) -> bool:
    """Whether it is so far outside that it can't be an extreme."""
    return not low / SLACK <= _top(amount) <= high * SLACK


def _top(amount: Amount) -> float:
    return amount.value if amount.high is None else amount.high


def _labelled(text: str) -> Iterator[tuple[str, str]]:
    """Give the ways to part whom an interval is for from the interval."""
    yield "", text
    if labelled := _WHOM_BEFORE.fullmatch(text):
        yield labelled["whom"], labelled["rest"]
    for space in re.finditer(r"\s+", text):
        if any(sign.isdigit() for sign in text[: space.start()]):
            return
        yield text[: space.start()], text[space.end() :]


def _bounded(amount: Amount) -> Interval:
    if amount.high is not None:
        high = msgspec.structs.replace(amount, value=amount.high, high=None)
        return Interval(low=msgspec.structs.replace(amount, high=None), high=high)
    return Interval(high=amount) if amount.comparator in ("<", "<=") else Interval(low=amount)
