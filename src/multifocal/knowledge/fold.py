"""Names folded for comparison, alike for what the knowledge holds and for what a record says."""

import re
import unicodedata

LONGEST = 300
"""Longer texts are narrative, not names; they are not looked up."""

_NOT_WORD = re.compile(r"[\W_]+")
_TAG = re.compile(
    r"\s*\((finding|disorder|procedure|situation|observable entity|qualifier value|substance|"
    r"product|clinical drug|regime/therapy|morphologic abnormality|event|record artifact)\)\s*$",
    re.IGNORECASE,
)


def folded_name(text: str) -> str:
    """Fold a name: case, punctuation, and a coding system's tag at its end; empty if too long.

    >>> folded_name("C-reactive  Protein (substance)")
    'c reactive protein'
    """
    if len(text) > LONGEST:
        return ""
    plain = unicodedata.normalize("NFKC", _TAG.sub("", text)).casefold()
    return _NOT_WORD.sub(" ", plain).strip()
