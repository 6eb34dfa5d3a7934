"""What a calculator answers: a criteria set or score worked out from answers that a person gave."""

from typing import Any

import msgspec

from multifocal.model.assessment import CriteriaId, ItemAnswer
from multifocal.model.source import Certainty, SourceId
from multifocal.model.truth import Truth


class Reference(msgspec.Struct, frozen=True):
    """Where a statement comes from, so that a reader finds it."""

    id: SourceId
    title: str
    certainty: Certainty
    at: str = ""
    year: int | None = None
    doi: str = ""
    pmid: str = ""
    url: str = ""


class Share(msgspec.Struct, frozen=True):
    """A proportion; with counts, its 95 % interval is Wilson's, worked out from them."""

    value: float
    low: float | None = None
    high: float | None = None
    k: int | None = None
    n: int | None = None


class Study(msgspec.Struct, frozen=True):
    """How a set did in one published study."""

    setting: str
    source: Reference
    sensitivity: Share | None = None
    specificity: Share | None = None
    result: str = ""


class Word(msgspec.Struct, frozen=True):
    """A value that the set works out on the way: a truth, a number between two ends, or a text."""

    name: str
    truth: Truth = None
    low: float | None = None
    high: float | None = None
    text: str | None = None
    table: dict[str, Any] | None = None


class Calculation(msgspec.Struct, frozen=True):
    """What a set says of the answers given, exactly as far as its evidence goes."""

    id: CriteriaId
    name: str
    label: str
    """The label that must stand beside the result wherever it is shown."""
    as_published: bool
    """Whether the result may carry the published name."""
    state: str
    state_label: str
    decided: bool
    """Whether no answer that is still missing can change the state."""
    possible: tuple[str, ...]
    value: float | None
    """The number of this set; None when it has none, or when it is an interval."""
    low: float | None
    """The least that the number can still be; None without end, or without number."""
    high: float | None
    maximum: float | None
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    """Those, unknown or partly known, that could change what is possible: alone, or if none can
    alone, together."""
    items: tuple[ItemAnswer, ...]
    words: tuple[Word, ...]
    population: str
    note: str
    locked: str
    performance: tuple[Study, ...]
    performance_withheld: str
    """Why no published performance stands here; empty when it does, or none is known."""
    source: Reference
    certainty: Certainty
    """The least of all that the result rests on."""
    knowledge_version: str
    schema: str = "multifocal.calculation/1"
