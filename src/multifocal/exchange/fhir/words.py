"""Coded things made ready to look up."""

from multifocal.exchange.cache import cached
from multifocal.exchange.fhir.resources import CodeableConcept, Coding
from multifocal.exchange.vocabulary import Code, code_of, system_of
from multifocal.exchange.words import Words


def words_of(*things: CodeableConcept | Coding | None) -> Words:
    """Make coded things ready to look up."""
    said: list[str] = []
    displayed: list[str] = []
    codes: list[Code] = []
    systems: list[str] = []
    for thing in things:
        if thing is None:
            continue
        codings: tuple[Coding, ...] = (thing,) if isinstance(thing, Coding) else thing.coding or ()
        text = None if isinstance(thing, Coding) else thing.text
        if text:
            said.append(text)
        for coding in codings:
            if coding.display and coding.display != text:
                (displayed if text else said).append(coding.display)
            if coding.code:
                system, code = _coded(coding.system, coding.code)
                if system not in systems:
                    systems.append(system)
                if code is not None:
                    codes.append(code)
    return Words(tuple(codes), tuple(said), tuple(displayed), tuple(systems))


@cached(most=16384)
def _coded(address: str | None, code: str) -> tuple[str, Code | None]:
    """Give the short name of a coding system, and the code as the knowledge writes it."""
    return system_of(address) or "other", code_of(address, code)


def code_in(thing: CodeableConcept | None, *wanted: str) -> str:
    """Give the first of the wanted codes that a status is coded with, or nothing."""
    if thing is None:
        return ""
    codes = {(coding.code or "").casefold() for coding in thing.coding or ()}
    if not codes and thing.text:
        codes = {thing.text.strip().casefold()}
    return next((code for code in wanted if code in codes), "")
