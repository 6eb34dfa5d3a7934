"""The symptom checker's answers and what they ask for: what to do, how soon, and why."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from multifocal.model.anatomy import Site
from multifocal.model.issue import Issue
from multifocal.model.source import Citation

HowSoon = Literal["emergency", "urgent", "soon", "watch"]
"""The urgency of a red flag, or `watch`: nothing that was told asks for more."""
HOW_SOON: tuple[HowSoon, ...] = ("emergency", "urgent", "soon", "watch")
"""The most urgent first."""

YES, NO, UNKNOWN = "yes", "no", "unknown"
"""Answers to a question without choices of its own."""


class Answers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a family answered.

    A question that is left out was not answered. A list of signs of danger that is left out as a
    whole is not known; in one that was answered, what is left out is a box without a tick.
    """

    given: Mapping[str, str] = {}
    """Question to answer: `yes`, `no`, `unknown`, or one of the question's own choices."""
    sites: tuple[Site, ...] = ()
    """Where it hurts or shows."""


class Told(msgspec.Struct, frozen=True):
    """One question with the answer to it, both in words."""

    question: str
    short: str
    """The question as a short noun phrase."""
    answer: str
    """`Not known` where it was left out."""
    known: bool
    open: bool = False
    """Whether it is a sign of danger that counts as there because nobody could tell."""


class Reason(msgspec.Struct, frozen=True):
    """One rule that asks for this much haste."""

    id: str
    """A red flag, or a rule of the checker."""
    how_soon: HowSoon
    sure: bool
    """Whether the answers make it hold; otherwise they only leave it open."""
    plain: str
    because: tuple[Told, ...]
    """The answers that it rests on; for an open one, the questions that would settle it."""
    source: Citation


class CheckResult(msgspec.Struct, frozen=True):
    """What to do and how soon; never a diagnosis."""

    how_soon: HowSoon
    sure: bool
    """Whether an answer asks for it; otherwise only what is not known does."""
    title: str
    within: str
    do: tuple[str, ...]
    meanwhile: tuple[str, ...]
    come_back: tuple[str, ...]
    source: Citation
    """Of how soon."""
    reasons: tuple[Reason, ...]
    """The most urgent first, and what is sure before what is open."""
    answers: tuple[Told, ...]
    """Every question in its order."""
    sites: tuple[Site, ...]
    issues: tuple[Issue, ...]
    knowledge_version: str
    software_version: str
    schema: str = "multifocal.check/1"
