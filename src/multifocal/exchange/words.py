"""Coded and written names of one thing, made ready to look up."""

import msgspec

from multifocal.exchange.vocabulary import Code

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


NO_WORDS = Words()
"""Says nothing."""


def words_in(text: str) -> Words:
    """Make a text ready to look up."""
    return Words(said=(text,))
