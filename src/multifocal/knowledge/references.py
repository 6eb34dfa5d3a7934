"""Names in the prose of the article, and what of the knowledge stands in their place.

A figure is never written in prose, it is named:

- ``{bone_pain_bhat_2018}`` is the statement in full; ``{bone_pain_bhat_2018|in10}`` is one of the
  short forms of `multifocal.knowledge.figures.formed`;
- ``{delay|span}`` is from the least to the greatest value of a topic; ``{delay|table}``, alone in a
  paragraph, is all of them side by side; ``{anaemia}`` is what is said where nothing was found;
- ``{variant:nv20|in10}`` is a row of the normal variants;
- ``{@cause_not_catching}`` is no figure, only the source of the sentence; ``{@flag:blasts}``,
  ``{@condition:scurvy}`` and ``{@caution:carra_hand}`` cite those entries.
"""

import re
from collections.abc import Iterator, Mapping

import msgspec

from multifocal.knowledge.entries import (
    CautionEntry,
    ConditionEntry,
    Entries,
    Figure,
    RedFlagEntry,
    StatementEntry,
    TopicEntry,
    VariantEntry,
)
from multifocal.knowledge.figures import FigureError, formed, said, span
from multifocal.model.source import Citation

PATTERN = re.compile(r"\{(@?)((?:[a-z]+:)?[a-z0-9_]+)(?:\|([a-z0-9]+))?\}")

Target = StatementEntry | TopicEntry | VariantEntry | RedFlagEntry | ConditionEntry | CautionEntry


class Reference(msgspec.Struct, frozen=True):
    """What stands between braces."""

    name: str
    form: str = ""
    is_silent: bool = False
    """Only its source is shown."""


def references(text: str) -> Iterator[Reference]:
    """Give the references of a text in their order.

    >>> list(references("About {pain|in10} ache. {@cause}"))[0]
    Reference(name='pain', form='in10', is_silent=False)
    """
    for silent, name, form in PATTERN.findall(text):
        yield Reference(name, form, bool(silent))


def targets(knowledge: Entries) -> Mapping[str, Target]:
    """Give everything that prose may name, by the name that it has there."""
    found: dict[str, Target] = {topic.id: topic for topic in knowledge.topics}
    found |= {one.id: one for one in knowledge.statements}
    found |= {f"variant:{row.id}": row for row in knowledge.variants}
    found |= {f"flag:{flag.id}": flag for flag in knowledge.red_flags}
    found |= {f"condition:{condition.id}": condition for condition in knowledge.conditions}
    found |= {f"caution:{caution.id}": caution for caution in knowledge.cautions}
    return found


def statements_of(topic: TopicEntry, knowledge: Entries) -> tuple[StatementEntry, ...]:
    """Give the statements of a topic, in the order of the file."""
    return tuple(one for one in knowledge.statements if one.topic == topic.id)


def citations(target: Target, knowledge: Entries) -> Iterator[Citation]:
    """Give what a target rests on; a topic rests on all its statements."""
    if not isinstance(target, TopicEntry):
        yield target.source
        return
    for one in statements_of(target, knowledge):
        yield one.source
    if target.not_found or target.why_they_differ:
        yield target.source


def words(one: Reference, target: Target, knowledge: Entries) -> str:
    """Give what stands in place of a reference; raises `FigureError` when the form doesn't fit."""
    if one.is_silent:
        return ""
    match target:
        case TopicEntry():
            return _topic(one, target, knowledge)
        case StatementEntry() | VariantEntry():
            return _figure(one, target.figure)
        case RedFlagEntry() | ConditionEntry() | CautionEntry():
            raise FigureError("can only be cited: write it with an @")


def _figure(one: Reference, figure: Figure) -> str:
    return formed(figure, one.form) if one.form else said(figure)


def _topic(one: Reference, topic: TopicEntry, knowledge: Entries) -> str:
    mine = statements_of(topic, knowledge)
    match one.form:
        case "table" if mine:
            return ""
        case "span":
            values, unit = span(tuple(each.figure for each in mine))
            return f"{values} {unit}".strip()
        case "" if topic.not_found:
            return topic.not_found.rstrip(".")
    raise FigureError(
        "a topic is said as `table` or `span`; by its name alone if nothing was found"
    )
