"""Names in the texts of the section, and the figures that stand in their place.

A text names a figure by its id, as the public article does (`multifocal.knowledge.references`):
``{relapse_beck_2010|in10}`` is a statement of the knowledge or a response of this section, and
``{@relapse_beck_2010}`` only cites it.
"""

from collections.abc import Iterator, Mapping

from multifocal.knowledge.entries import Figure
from multifocal.knowledge.figures import formed, said
from multifocal.knowledge.references import PATTERN, references
from multifocal.model.source import Citation
from multifocal.treatment.entries import Treatment

Named = Mapping[str, tuple[Figure, Citation]]
"""What a text may name: figures with their sources, by id."""


def named(treatment: Treatment) -> Named:
    """Give every figure that a text may name."""
    public = {one.id: (one.figure, one.source) for one in treatment.knowledge.statements}
    return public | {one.id: (one.figure, one.source) for one in treatment.responses}


def filled(text: str, known: Named) -> str:
    """Give a text with its figures in place; raises `FigureError` when a form doesn't fit."""
    for one in references(text):
        figure = known[one.name][0]
        shown = formed(figure, one.form) if one.form else said(figure)
        words = "" if one.is_silent else shown
        text = PATTERN.sub(lambda _, words=words: words, text, count=1)  # type: ignore[misc]
    return text


def cited(text: str, known: Named) -> Iterator[Citation]:
    """Give the sources of the figures that a text names."""
    return (known[one.name][1] for one in references(text))


def texts(treatment: Treatment) -> Iterator[tuple[str, str, str]]:
    """Give every text that is shown: its file, its entry, its words."""
    for section in treatment.sections:
        yield from (("sections.toml", section.id, one) for one in (section.title, section.plain))
    for line in treatment.lines:
        words = (line.title, line.plain_title, line.text, line.plain)
        yield from (("lines.toml", line.id, one) for one in words)
    for kind in treatment.classes:
        words = (kind.label, kind.plain_label, kind.purpose, kind.plain)
        yield from (("classes.toml", kind.id, one) for one in words)
    for advice in treatment.advice:
        yield from (("advice.toml", advice.id, one) for one in (advice.text, advice.plain))
    for conflict in treatment.conflicts:
        yield from (("conflicts.toml", conflict.id, one) for one in (conflict.text, conflict.plain))
    for response in treatment.responses:
        yield "responses.toml", response.id, response.label
        if response.plain:
            yield "responses.toml", response.id, response.plain
    for plan in treatment.plans:
        yield from (("plans.toml", plan.id, one) for one in (plan.name, plan.purpose, plan.plain))
        for arm in plan.arm:
            yield from (("plans.toml", plan.id, one) for one in (arm.text, arm.plain))
        for item in plan.item:
            yield from (("plans.toml", plan.id, one) for one in (item.text, item.plain))
