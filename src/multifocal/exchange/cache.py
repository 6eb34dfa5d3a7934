"""What reading keeps at hand while it reads; nothing of it stays when the reading is over.

Records say the same few words again and again, so answers about a word are kept. They are words of
a record all the same: a process that reads many children's records must not gather them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")

_EMPTY: list[Callable[[], None]] = []


def cached(*, most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep up to so many answers of a function until the reading is over."""

    def keeping(function: Callable[P, T]) -> Callable[P, T]:
        keeper = lru_cache(maxsize=most)(function)
        _EMPTY.append(keeper.cache_clear)
        return cast("Callable[P, T]", keeper)

    return keeping


@contextmanager
def forgetting() -> Iterator[None]:
    """Forget all that is kept when the block ends, whichever way it ends.

    When one of two readings that go on at once ends, the other only has to look up anew.
    """
    try:
        yield
    finally:
        for empty in _EMPTY:
            empty()
