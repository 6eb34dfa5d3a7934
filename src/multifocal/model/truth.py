"""Three-valued truth and interval numbers: every value is what it is at least and at most.

A truth is yes, no or unknown (`True`, `False`, `None`). Inside the rules both truths and numbers
are pairs `(low, high)`, so that one arithmetic serves known, unknown and censored values alike:
unknown truth is `(False, True)`, an unknown number is `(-inf, inf)`, a CRP of "<5" is `(0, 5)`.
"""

from math import inf
from typing import NamedTuple

Truth = bool | None


class Span(NamedTuple):
    """A truth or number known only to lie between two values, both included."""

    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether low and high are the same."""
        return self.low == self.high


YES = Span(low=True, high=True)
NO = Span(low=False, high=False)
UNKNOWN_TRUTH = Span(low=False, high=True)
UNKNOWN_NUMBER = Span(-inf, inf)


def span_of(truth: Truth) -> Span:
    """Give the pair that stands for a truth.

    >>> span_of(None)
    Span(low=False, high=True)
    """
    match truth:
        case True:
            return YES
        case False:
            return NO
        case None:
            return UNKNOWN_TRUTH


def truth_of(span: Span) -> Truth:
    """Give the truth that a pair stands for.

    >>> truth_of(YES), truth_of(UNKNOWN_TRUTH)
    (True, None)
    """
    return bool(span.low) if span.low == span.high else None
