"""What reading keeps at hand while it reads; nothing of it stays when the reading is over.

Records say the same few words again and again, so answers about a word are kept. They are words of
a record all the same: a process that reads many children's records must not gather them.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")

SELDOM = 200_000
"""So many new objects before the collector looks: what is kept is no garbage, and is much."""
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

    When one of two readings that go on at once ends, the other only has to look up anew; the
    collector of garbage, which looks seldom meanwhile, then looks as often as before.
    """
    before = gc.get_threshold()
    gc.set_threshold(max(SELDOM, before[0]), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        for empty in _EMPTY:
            empty()
