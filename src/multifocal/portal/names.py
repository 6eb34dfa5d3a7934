"""Names that people chose, in texts of ours: whatever marks of direction they hold turn nothing."""

import re

DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Marks that set the direction of what follows."""
UNSEEN = re.compile(
    f"[\\s\\x00-\\x1f\\x7f-\\x9f\\xad\u180e\u200b-\u200d\u2060-\u2064\ufeff{DIRECTIONS}]"
)
"""What takes no place on the page, or looks like nothing."""
ISOLATE, END = "\u2068", "\u2069"


def isolated(name: str) -> str:
    """Give a name for use within other text: its direction is its own, and ends with it.

    >>> isolated("Robin")
    'Robin'
    >>> isolated("\\u202enibor") == "\\u2068nibor\\u2069"
    True
    """
    if name.isascii():
        return name
    return ISOLATE + re.sub(f"[{DIRECTIONS}]", "", name) + END


def is_plain(address: str) -> bool:
    """Whether everything in an address can be seen: two that differ look different.

    >>> is_plain("ana@example.org"), is_plain("ana@exam\\u200bple.org")
    (True, False)
    """
    return UNSEEN.search(address) is None
