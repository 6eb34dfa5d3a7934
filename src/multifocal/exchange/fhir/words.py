"""Coded things made ready to look up."""

import msgspec

from multifocal.exchange.cache import cached
from multifocal.exchange.fhir.resources import CodeableConcept, Coding
from multifocal.exchange.vocabulary import Code, code_of, system_of

LONGEST = 200
"""More of a text is not repeated in a report."""


class Words(msgspec.Struct, frozen=True):
    """Codes and texts of one thing."""

    codes: tuple[Code, ...] = ()
    said: tuple[str, ...] = ()
    """How it was written; without that, how its codes are displayed."""
    displayed: tuple[str, ...] = ()
    """How its codes are displayed, when it was written too."""
    systems: tuple[str, ...] = ()
    """Short names of its coding systems, for issues."""

    @property
    def texts(self) -> tuple[str, ...]:
        """All its texts."""
        return (*self.said, *self.displayed) if self.displayed else self.said

    @property
    def text(self) -> str:
        """How it was written, for the report."""
        return self.said[0][:LONGEST] if self.said else ""

    @property
    def are_there(self) -> bool:
        """Whether there is any code or text."""
        return bool(self.codes or self.said)


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


def words_in(text: str) -> Words:
    """Make a text ready to look up."""
    return Words(said=(text,))


def code_in(thing: CodeableConcept | None, *wanted: str) -> str:
    """Give the first of the wanted codes that a status is coded with, or nothing."""
    if thing is None:
        return ""
    codes = {(coding.code or "").casefold() for coding in thing.coding or ()}
    if not codes and thing.text:
        codes = {thing.text.strip().casefold()}
    return next((code for code in wanted if code in codes), "")
