"""Search this process for a text that ought to be forgotten."""

import gc
from collections import Counter

MARK = "qzxwv"
"""In no word of ours."""


def held() -> Counter[str]:
    """Give the texts in this process that hold the mark, wherever something refers to them."""
    gc.collect()
    referents = (one for holder in gc.get_objects() for one in gc.get_referents(holder))
    return Counter(str(one)[:80] for one in referents if _is_marked(one))


def _is_marked(one: object) -> bool:
    if isinstance(one, bytes):
        return MARK.encode() in one
    return isinstance(one, str) and MARK in one
