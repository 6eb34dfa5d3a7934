"""Elements of FHIR to the neutral things that assertions are made of."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from multifocal.exchange.assertions import Level
from multifocal.exchange.body_sites import joined
from multifocal.exchange.cache import cached
from multifocal.exchange.fhir.bundle import DECODING_FAULTS
from multifocal.exchange.fhir.elements import (
    ABSENT,
    CodeableConcept,
    Coding,
    Quantity,
    Range,
    Reference,
    ReferenceRange,
)
from multifocal.exchange.fhir.views import TABLE
from multifocal.exchange.numbers import Amount, Comparator, Interval
from multifocal.exchange.vocabulary import Code, code_of, system_of
from multifocal.exchange.words import NO_WORDS, Words
from multifocal.model.record import Sex

SEXES: Mapping[str, Sex] = {"female": "female", "f": "female", "male": "male", "m": "male"}
_COMPARATORS: frozenset[Comparator] = frozenset({"<", "<=", ">", ">="})


Concept = CodeableConcept | tuple[CodeableConcept, ...] | str | None
_CONCEPT = msgspec.json.Decoder(Concept)
_EACH = msgspec.json.Decoder(tuple[msgspec.Raw, ...])


def words_of(*things: Any) -> Words:  # Any: raw concepts, references or texts
    """Make coded things ready to look up."""
    each = [_each(thing) for thing in things if thing is not None and thing is not ABSENT]
    return each[0] if len(each) == 1 else joined(each)


def _each(thing: Any) -> Words:  # Any: as above
    match thing:
        case msgspec.Raw():
            return _words(bytes(thing))
        case Reference(display=str() as text) | (str() as text) if text:
            return Words(said=(text,))
        case tuple():
            return words_of(*thing)
        case _:
            return NO_WORDS


def each_of(raw: msgspec.Raw) -> tuple[msgspec.Raw, ...]:
    """Give the parts of an element that may be one or several."""
    if raw is ABSENT:
        return ()
    try:
        return _EACH.decode(raw) if bytes(raw).lstrip()[:1] == b"[" else (raw,)
    except DECODING_FAULTS:
        return ()


@cached(most=16384)
def _words(raw: bytes) -> Words:
    said: list[str] = []
    displayed: list[str] = []
    codes: list[Code] = []
    systems: list[str] = []
    for codings, text in _named(_concept(raw)):
        if text:
            said.append(text)
        for coding in codings:
            if coding.display and coding.display != text:
                (displayed if text else said).append(coding.display)
            if coding.code:
                system = system_of(coding.system) or "other"
                code = code_of(coding.system, coding.code)
                systems += [] if system in systems else [system]
                codes += [code] if code is not None else []
    return Words(tuple(codes), tuple(said), tuple(displayed), tuple(systems))


def _concept(raw: bytes) -> Any:  # Any: a concept
    try:
        return _CONCEPT.decode(raw)
    except DECODING_FAULTS:
        return None


def _named(thing: Any) -> Iterator[tuple[tuple[Coding, ...], str | None]]:
    match thing:
        case CodeableConcept(concept=CodeableConcept() as deeper):
            yield from _named(deeper)
        case CodeableConcept(coding=None, text=None):
            yield (Coding(system=thing.system, code=thing.code, display=thing.display),), None
        case CodeableConcept():
            yield thing.coding or (), thing.text
        case str():
            yield (), thing
        case tuple():
            for one in thing:
                yield from _named(one)
        case _:
            return


def codes_in(thing: Any) -> frozenset[str]:  # Any: an element with a code in it
    """Give the codes that a status is coded with, in small letters; its text where it has none."""
    if isinstance(thing, str):
        return frozenset((thing.casefold(),))
    if isinstance(thing, bool):
        return frozenset((str(thing).casefold(),))
    return _codes(bytes(thing)) if isinstance(thing, msgspec.Raw) else frozenset()


@cached(most=4096)
def _codes(raw: bytes) -> frozenset[str]:
    found: set[str] = set()
    for codings, text in _named(_concept(raw)):
        codes = {(coding.code or "").casefold() for coding in codings} - {""}
        found |= codes or ({text.strip().casefold()} if text else set())
    return frozenset(found)


def category_of(thing: msgspec.Raw | None) -> frozenset[str]:
    """Give what a category says in codes and words: imaging, biopsy, examination."""
    return _category(bytes(thing)) if thing is not None and thing is not ABSENT else frozenset()


@cached(most=1024)
def _category(raw: bytes) -> frozenset[str]:
    said = _codes(raw) | {text.casefold() for text in _words(raw).texts}
    return frozenset(name for name, known in TABLE.category.items() if not known.isdisjoint(said))


def amount_in(quantity: Quantity) -> Amount | None:
    """Give a quantity as it is stated; `None` when it has no number or a comparator of its own."""
    if quantity.value is None or quantity.comparator not in (None, *_COMPARATORS):
        return None
    return Amount(
        value=quantity.value,
        comparator=quantity.comparator,
        unit=quantity.unit or "",
        code=quantity.code or "",
    )


def amount_between(given: Range) -> Amount | None:
    """Give a range as an amount with two ends."""
    low, high = given.low and amount_in(given.low), given.high and amount_in(given.high)
    if not low or not high:
        return None
    return Amount(value=low.value, unit=low.unit, code=low.code, high=high.value)


def intervals_in(ranges: Iterable[ReferenceRange] | None) -> tuple[Interval, ...]:
    """Give reference intervals with whom they are for."""
    return tuple(map(_interval, ranges)) if ranges else ()


def _interval(given: ReferenceRange) -> Interval:
    groups = words_of(given.applies_to)
    kinds = codes_in(given.type)
    sexes = [SEXES[code] for code in codes_in(given.applies_to) if code in SEXES]
    return Interval(
        low=amount_in(given.low) if given.low else None,
        high=amount_in(given.high) if given.high else None,
        text=given.text or "",
        kind="" if not kinds or "normal" in kinds else next(iter(sorted(kinds))),
        sex=sexes[0] if sexes else None,
        youngest=amount_in(given.age.low) if given.age and given.age.low else None,
        oldest=amount_in(given.age.high) if given.age and given.age.high else None,
        for_whom=groups.text,
    )


def level_in(interpretation: msgspec.Raw) -> Level | None:
    """Give the flag that the laboratory itself set."""
    if interpretation is ABSENT:
        return None
    said = codes_in(interpretation)
    for level, codes in TABLE.level.items():
        if not codes.isdisjoint(said):
            return level
    return None
