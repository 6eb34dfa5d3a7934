"""The article as a page shows it: sections of HTML, with a box where its sources disagree."""

from typing import NamedTuple

from django.utils.safestring import SafeString

from multifocal.knowledge.article import (
    Cited,
    Section,
    article,
    blocks,
    pages_for,
)
from multifocal.knowledge.entries import Audience, TopicEntry
from multifocal.knowledge.load import Knowledge
from multifocal.knowledge.references import references, targets, words
from multifocal.portal.article.boxes import Box, box
from multifocal.portal.markdown import html, text
from multifocal.report.sources import Bibliography


class Block(NamedTuple):
    """A paragraph, list, heading or table; and the boxes of what it sums up."""

    html: SafeString
    boxes: tuple[Box, ...]
    alone: bool
    """The box takes the place of the text."""


class Part(NamedTuple):
    """One section."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    sources: tuple[Cited, ...]
    words: str
    """Its plain words, to be searched."""


URGENT = "when-to-see-a-doctor-now"
HAND = "the-right-hand"
WHAT_ELSE = "what-else"
SOURCES = "sources"
"""Ids of sections that are shown by themselves, or in a way of their own."""


def parts(
    audience: Audience, knowledge: Knowledge, *, lower: int = 1, listed: str = ""
) -> tuple[Part, ...]:
    """Give the article for one kind of reader.

    Headings inside sections stand ``lower`` by so many levels; marks lead to the list of sources on
    the page ``listed``.
    """
    written = {page.id: blocks(page.text) for page in pages_for(audience, knowledge)}
    sections = article(audience, knowledge)
    return tuple(
        _part(section, written[section.id], knowledge, lower=min(place, lower), listed=listed)
        for place, section in enumerate(sections)
    )


def bibliography(sections: tuple[Part, ...], knowledge: Knowledge) -> Bibliography:
    """Give the sources of an article with the numbers that its marks have."""
    made = Bibliography(knowledge)
    cited = {one.number: one for section in sections for one in section.sources}
    everything = next((part.sources for part in sections if part.id == "sources"), ())
    for one in sorted(everything or cited.values(), key=lambda one: one.number):
        for place in one.places:
            made.cite(place)
    return made


def part(id_: str, sections: tuple[Part, ...]) -> Part:
    """Give the section of this id."""
    return next(one for one in sections if one.id == id_)


def opening(section: Part) -> tuple[Block, ...]:
    """Give a section up to its second heading."""
    heads = [place for place, block in enumerate(section.blocks) if block.html.startswith("<h")]
    return section.blocks[: heads[1]] if len(heads) > 1 else section.blocks


def in_plain_words(name: str, knowledge: Knowledge) -> tuple[SafeString, ...]:
    """Give what the family's article says of a condition, where it tells what else it can be."""
    known = targets(knowledge)
    found = []
    for page in pages_for("family", knowledge):
        for line in page.text.splitlines() if page.id == WHAT_ELSE else ():
            named = tuple(references(line))
            if any(one.name == name for one in named):
                filled = line.removeprefix("- ")
                for one in named:
                    written = f"{{{'@' if one.is_silent else ''}{one.name}"
                    written += f"|{one.form}}}" if one.form else "}"
                    filled = filled.replace(written, words(one, known[one.name], knowledge))
                found.append(html(filled))
    return tuple(found)


def _part(
    section: Section, written: tuple[str, ...], knowledge: Knowledge, *, lower: int, listed: str
) -> Part:
    pairs = zip(section.blocks, written, strict=True)
    return Part(
        section.id,
        section.title,
        tuple(
            Block(html(block, lower=lower, listed=listed), *_boxes(source, knowledge))
            for block, source in pairs
        ),
        section.sources,
        " ".join(text(block) for block in section.blocks),
    )


def _boxes(written: str, knowledge: Knowledge) -> tuple[tuple[Box, ...], bool]:
    """Give the boxes of a block, and whether one takes its place: a table of what contradicts."""
    known = targets(knowledge)
    named = [(one, known[one.name]) for one in references(written) if not one.is_silent]
    differing = [
        (one.form, target)
        for one, target in named
        if isinstance(target, TopicEntry) and target.why_they_differ
    ]
    alone = any(form == "table" for form, _ in differing)
    return tuple(box(target, knowledge) for _, target in differing), alone
