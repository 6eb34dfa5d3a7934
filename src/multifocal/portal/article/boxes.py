"""What sources say of one question, side by side, on one scale."""

from typing import NamedTuple

from multifocal.knowledge.entries import Figure, StatementEntry, TopicEntry
from multifocal.knowledge.figures import said, share
from multifocal.knowledge.load import Knowledge
from multifocal.knowledge.references import statements_of


class Bar(NamedTuple):
    """Where a value lies on the scale of its box, in hundredths of it."""

    value: float
    low: float
    high: float

    @property
    def width(self) -> float:
        """Length of its interval or range."""
        return round(self.high - self.low, 1)


class Value(NamedTuple):
    """One source's value."""

    statement: StatementEntry
    words: str
    printed: str
    bar: Bar | None


class Box(NamedTuple):
    """A question, what each source answers, and why they differ."""

    topic: TopicEntry
    values: tuple[Value, ...]
    scale: str
    """Where the scale ends; empty when the values share none."""


def box(topic: TopicEntry, knowledge: Knowledge) -> Box:
    """Give the box of a topic."""
    statements = statements_of(topic, knowledge)
    spans = [_span(one.figure) for one in statements]
    known = [span for span in spans if span]
    one_unit = len({one.figure.unit for one in statements}) == 1
    shares = all(one.figure.kind == "share" for one in statements)
    drawn = len(known) == len(spans) > 1 and one_unit
    end = 1.0 if shares else max((span[2] for span in known), default=0.0)
    bars = [_bar(span, end) if drawn and span and end else None for span in spans]
    unit = statements[0].figure.unit if statements else ""
    scale = "" if not any(bars) else "100%" if shares else f"{end:g} {unit}".strip()
    values = (_value(one, bar) for one, bar in zip(statements, bars, strict=True))
    return Box(topic, tuple(values), scale)


def boxes(knowledge: Knowledge, *, differing: bool) -> tuple[Box, ...]:
    """Give the boxes of all topics; ``differing``, of those whose sources contradict each other."""
    return tuple(
        box(topic, knowledge)
        for topic in knowledge.topics
        if topic.why_they_differ or not differing
    )


def _value(one: StatementEntry, bar: Bar | None) -> Value:
    words, printed = said(one.figure), one.figure.printed
    return Value(one, words, "" if printed in words else printed, bar)


def _span(figure: Figure) -> tuple[float, float, float] | None:
    """Give value, least and greatest of a figure; `None` for words."""
    found = share(figure)
    if found is not None:
        low = found.value if found.low is None else found.low
        return found.value, low, found.value if found.high is None else found.high
    if figure.value is None and (figure.low is None or figure.high is None):
        return None
    low = figure.low if figure.low is not None else figure.value or 0.0
    high = figure.high if figure.high is not None else figure.value or 0.0
    return (low + high) / 2 if figure.value is None else figure.value, low, high


def _bar(span: tuple[float, float, float], end: float) -> Bar:
    return Bar(*(round(100 * part / end, 1) for part in span))
