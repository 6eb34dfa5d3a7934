"""The laboratory values that a sentence names: a number with its unit, or only high or normal."""

import re
from collections.abc import Container, Iterator, Mapping
from typing import NamedTuple

import msgspec

from multifocal.exchange.assertions import Level, State
from multifocal.exchange.context import (
    ASKED_BEFORE,
    DOUBT_BEFORE,
    NOT_BEFORE,
    PAST_BEFORE,
    Sentence,
)
from multifocal.exchange.lexicon import Found
from multifocal.exchange.numbers import Amount, Interval, interval_of, scan
from multifocal.knowledge.entries import CueEntry, QuantityEntry
from multifocal.model.record import ConceptId

LEVELS: Mapping[str, Level] = {"HIGH": "high", "LOW": "low", "NORMAL": "normal"}
UNSURE = (DOUBT_BEFORE, ASKED_BEFORE, PAST_BEFORE, "FAMILY", "RELATIVE")
JOINED = frozenset({",", "and", "or", "/"})
OPENED = frozenset({"(", "[", ","})
_LETTERS = r"[a-z\u00b5\u03bc]+"
_UNIT = re.compile(
    r"\s*(?:\(\s*)?("
    rf"(?:x|\u00d7|\*)?\s*10\s*[\^*]?\s*\d+\s*/\s*{_LETTERS}\d?"
    rf"|(?:{_LETTERS}\s*)?/\s*{_LETTERS}\d?"
    r"|\u00b0\s*[cf]\b|[cf]\b|fl\b|mm\b|%)",
    re.IGNORECASE,
)
_UNITS = {"c": "Cel", "\u00b0c": "Cel", "f": "[degF]", "\u00b0f": "[degF]"}
_NO_VALUE = re.compile(r"[:%]|\s*(?:years?|months?|weeks?|days?|hours?)\b", re.IGNORECASE)
"""Behind a number that is no value: a ratio, a share, a time."""
_STATED = re.compile(r"(?:,(?=\d)|[^)\];,])+")
_NEAR = 6
_LONGEST = 60


class Value(NamedTuple):
    """A value as it was written: its number with its unit, or only what it is called."""

    amount: Amount | None
    level: Level | None
    intervals: tuple[Interval, ...] = ()
    """The laboratory's own."""


def value_of(one: Found[QuantityEntry], sentence: Sentence) -> Value | None:
    """Give the value behind a name; `None` where there is none, or it is doubted or not now."""
    if _is_doubted(one, sentence):
        return None
    amount, end = _amount(one, sentence)
    interval, stated = (None, range(0)) if amount is None else _interval(end, amount, sentence)
    level = _level(one, sentence, stated)
    if amount is None and level is None:
        return None
    return Value(amount, level, (interval,) if interval is not None else ())


def meanings(entry: QuantityEntry, level: Level) -> Iterator[tuple[ConceptId, State]]:
    """Give what a value that is only called high, low or normal shows, and that it does not."""
    for said in {"high": entry.high, "low": entry.low, "normal": entry.normal}[level]:
        state: State = "absent" if said.startswith("-") else "present"
        yield ConceptId(said.removeprefix("-")), state


def _is_number(word: str) -> bool:
    return word[0].isdecimal()


def _tokens(sentence: Sentence, *roles: str) -> set[int]:
    return {at for role in roles for cue in sentence.with_role(role) for at in cue.tokens}


def _amount(one: Found[QuantityEntry], sentence: Sentence) -> tuple[Amount | None, int]:
    """Read the number behind a name with its unit; with the place where it ends."""
    passed = _tokens(sentence, "BETWEEN", *LEVELS)
    for at in range(one.end, min(one.end + _NEAR, len(sentence.tokens))):
        if at in passed and not _is_number(sentence.tokens[at]):
            continue
        found = scan(sentence.plain, sentence.spans[at][0], decimal=".")
        if found is None or not isinstance(found.amount, Amount) or found.amount.form == "grade":
            return None, 0
        unit = _UNIT.match(sentence.plain, found.end)
        if unit is None:
            is_value = not _NO_VALUE.match(sentence.plain, found.end)
            return (found.amount if is_value else None), found.end
        written = "".join(unit[1].split())
        unit_written = _UNITS.get(written.casefold(), written)
        return msgspec.structs.replace(found.amount, unit=unit_written), unit.end()
    return None, 0


def _interval(end: int, amount: Amount, sentence: Sentence) -> tuple[Interval | None, range]:
    """Read the laboratory's interval beside a value; with the tokens that it takes."""
    tokens, spans = sentence.tokens, sentence.spans
    begun = at = next((n for n, span in enumerate(spans) if span[0] >= end), len(tokens))
    labels = _tokens(sentence, "REFERENCE")
    while at < len(tokens) and (
        at in labels or tokens[at] in (":", "=") or (at == begun and tokens[at] in OPENED)
    ):
        at += 1
    labelled = not labels.isdisjoint(range(begun, at))
    if at >= len(tokens) or not (labelled or (at > begun and tokens[begun] in "([")):
        return None, range(0)
    stated = _STATED.search(sentence.plain, spans[at][0])
    if stated is None:
        return None, range(0)
    text = stated[0].strip().rstrip(".")
    found = interval_of(text, decimal=".") if len(text) < _LONGEST else None
    if not isinstance(found, Interval) or not (labelled or _is_alike(found, amount)):
        return None, range(0)
    last = next((n for n in range(at, len(tokens)) if spans[n][0] >= stated.end()), len(tokens))
    return found, range(begun, last)


def _is_alike(interval: Interval, amount: Amount) -> bool:
    """Whether an interval without a label can be that of a value: it has no unit of its own."""
    ends = [one.unit for one in (interval.low, interval.high) if one is not None]
    return all(unit in ("", amount.unit) for unit in ends) and not interval.for_whom


def _is_doubted(one: Found[QuantityEntry], sentence: Sentence) -> bool:
    """Whether a value is only asked for, possible, or of an earlier time."""
    start = sentence.parts[sentence.clause_of(one.start)[0]].start
    return any(
        start <= cue.start < one.start for role in UNSURE for cue in sentence.with_role(role)
    )


def _level(one: Found[QuantityEntry], sentence: Sentence, stated: Container[int]) -> Level | None:
    """Give what a value is called: "raised CRP and ESR", "CRP and ESR were normal"."""
    quantities = {at for other in sentence.quantities for at in other.tokens}
    between = _tokens(sentence, "BETWEEN", NOT_BEFORE)
    levels = {cue.start: cue for role in LEVELS for cue in sentence.with_role(role)}
    negations = {cue.end for cue in sentence.with_role(NOT_BEFORE)}
    joined = number = False
    for at in range(one.end, len(sentence.tokens)):
        if at in stated:
            continue
        word = sentence.tokens[at]
        if at in levels:
            if joined and levels[at].end in quantities:
                break
            return _negatable(levels[at], negations, denied=_denied(one, sentence))
        if word in (",", "and", "or", ";"):
            if number or word == ";":
                break
            joined = True
        elif _is_number(word):
            number = True
        elif at in quantities:
            if number:
                break
        elif not number and at not in between and word not in ("(", "/"):
            break
    return _level_before(one, sentence, quantities, between)


def _level_before(
    one: Found[QuantityEntry], sentence: Sentence, quantities: set[int], between: set[int]
) -> Level | None:
    """Give the level that leads a list of values: "raised CRP, ESR and LDH"."""
    ends = {cue.end - 1: cue for role in LEVELS for cue in sentence.with_role(role)}
    negations = {cue.end for cue in sentence.with_role(NOT_BEFORE)}
    for at in range(one.start - 1, -1, -1):
        if at in ends:
            leads = at + 1 in quantities or at + 1 in between
            return _negatable(ends[at], negations) if leads else None
        if at not in quantities and at not in between and sentence.tokens[at] not in JOINED:
            return None
    return None


def _denied(one: Found[QuantityEntry], sentence: Sentence) -> bool:
    """Whether a negation leads the list that a value is in: "neither CRP nor ESR was raised"."""
    denials = _tokens(sentence, NOT_BEFORE)
    passed = _tokens(sentence, "BETWEEN") | {at for q in sentence.quantities for at in q.tokens}
    for at in range(one.start - 1, -1, -1):
        if at in denials:
            return True
        if at not in passed and sentence.tokens[at] not in JOINED:
            return False
    return False


def _negatable(cue: Found[CueEntry], negations: set[int], *, denied: bool = False) -> Level | None:
    level = LEVELS[cue.meaning.role]
    if denied or cue.start in negations:
        return "normal" if level == "high" else None
    return level
