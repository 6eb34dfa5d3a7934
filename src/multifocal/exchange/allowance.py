"""How much one reading may take: free text costs by the character, and a record by its length."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from multifocal.model.issue import RecordError

TOO_MUCH = "there is more text in all than is read at once"
TOO_LONG = "takes too long to read here. Export less of it, or read it with the command"


class Allowance:
    """What is left to a reading."""

    def __init__(self, *, characters: int, seconds: float) -> None:
        """Begin with characters of free text, and seconds of the processor's time."""
        self.characters = characters
        self.until = time.thread_time() + seconds


_given: ContextVar[Allowance | None] = ContextVar("allowance", default=None)


@contextmanager
def allowing(*, characters: int, seconds: float) -> Iterator[None]:
    """Hold the readings in this block, all together, to so much; else nothing holds them.

    Text beyond ``characters`` is told as not read. After ``seconds`` of the processor's time, of
    this thread, the reading ends with a `RecordError`.
    """
    token = _given.set(Allowance(characters=characters, seconds=seconds))
    try:
        yield
    finally:
        _given.reset(token)


def takes(text: str) -> bool:
    """Tell whether a text may still be read, and take it from what is left."""
    allowance = _given.get()
    if allowance is None:
        return True
    if len(text) > allowance.characters:
        return False
    allowance.characters -= len(text)
    return True


def check() -> None:
    """Raise `RecordError` where the time is over."""
    allowance = _given.get()
    if allowance is not None and time.thread_time() > allowance.until:
        raise RecordError(TOO_LONG)
