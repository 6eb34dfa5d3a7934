"""A problem in the input, kept and shown; and the errors for requests that can't be met."""

from enum import StrEnum

import msgspec


class Level(StrEnum):
    """How much an issue matters to the reader of the report."""

    INFO = "info"
    """Left out because the work-up has no use for it."""
    WARNING = "warning"
    """Left out, changed or doubtful: the work-up may lack something."""
    ERROR = "error"
    """A part of the record contradicts itself or can't be trusted."""


class Issue(msgspec.Struct, frozen=True):
    """One problem. Neither field ever holds a value from the record.

    `where` is a resource type with its position or a path, `count` how many alike were met.
    """

    level: Level
    where: str
    message: str
    count: int = 1


class MultifocalError(Exception):
    """A request that can't be met. The message says what is wrong, where, and what to do."""


class RecordError(MultifocalError):
    """The record can't be read at all."""


class KnowledgeError(MultifocalError):
    """The knowledge files are at fault."""
