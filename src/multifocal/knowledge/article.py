"""The public article: sections whose figures, and the sources behind them, come from the knowledge.

A section is Markdown with references (`multifocal.knowledge.references`). Sources are numbered in
the order in which the article cites them; their marks stand at the end of each sentence: ``[3]``,
or ``[3m]`` for what is from memory.
"""

import re
from collections.abc import Iterable, Mapping
from functools import partial

import msgspec

from multifocal.knowledge.entries import Audience, Entries, PageEntry, StatementEntry, TopicEntry
from multifocal.knowledge.figures import said
from multifocal.knowledge.references import (
    PATTERN,
    Target,
    citations,
    references,
    statements_of,
    targets,
    words,
)
from multifocal.model.source import Certainty, Citation, Source, SourceId

MARKED = re.compile(r"\x00([^\x00]*)\x00")
"""Marks on their way to the end of their sentence."""

MARKS = re.compile(r"\[(\d+)[dmj]?\]")
"""The mark of a source as it stands in a section."""

CERTAINTY: Mapping[Certainty, str] = {
    Certainty.VERIFIED: "read in the source",
    Certainty.DERIVED: "worked out from numbers that were read",
    Certainty.MEMORY: "from memory, not read yet",
    Certainty.JUDGEMENT: "our own judgement",
}
MARK: Mapping[Certainty, str] = {
    Certainty.VERIFIED: "",
    Certainty.DERIVED: "d",
    Certainty.MEMORY: "m",
    Certainty.JUDGEMENT: "j",
}


class Cited(msgspec.Struct, frozen=True):
    """A source with its number in the article, and each place in it that a section rests on."""

    number: int
    source: Source
    places: tuple[Citation, ...]


class Section(msgspec.Struct, frozen=True):
    """One section: paragraphs, lists, headings and tables of Markdown, and the sources of each."""

    id: str
    title: str
    blocks: tuple[str, ...]
    sources: tuple[Cited, ...]
    """In the order of their numbers; the section ``sources`` has those of the whole article."""


class _Marking(msgspec.Struct, frozen=True):
    """What is needed to fill in a section: what names mean, and the numbers of sources."""

    knowledge: Entries
    targets: Mapping[str, Target]
    numbers: Mapping[SourceId, int]


def article(audience: Audience, knowledge: Entries) -> tuple[Section, ...]:
    """Give the article for one kind of reader, its figures and source marks in place."""
    pages = pages_for(audience, knowledge)
    known = targets(knowledge)
    cited = {
        page.id: [
            citation
            for one in references(page.text)
            for citation in citations(known[one.name], knowledge)
        ]
        for page in pages
    }
    everything = [citation for several in cited.values() for citation in several]
    cited |= {"sources": everything} if "sources" in cited else {}
    order = dict.fromkeys(citation.id for citation in everything)
    numbers = {source: place for place, source in enumerate(order, start=1)}
    marking = _Marking(knowledge, known, numbers)
    return tuple(
        Section(
            page.id,
            page.title,
            tuple(_block(block, marking) for block in blocks(page.text)),
            _listed(cited[page.id], marking),
        )
        for page in pages
    )


def markdown(audience: Audience, knowledge: Entries) -> str:
    """Give the whole article as one page of Markdown; a mark leads to its source's address."""
    sections = article(audience, knowledge)
    links = {
        str(one.number): link
        for section in sections
        for one in section.sources
        if (link := address(one.source))
    }
    parts = []
    for place, section in enumerate(sections):
        parts.append(f"{'#' if place == 0 else '##'} {section.title}")
        for block in section.blocks:
            linked = MARKS.sub(partial(_linked, links), block)
            parts.append(f"#{linked}" if linked.startswith("## ") else linked)
        if section.id == "sources":
            parts.append("\n".join(f"{one.number}. {line(one)}" for one in section.sources))
    return "\n\n".join(parts) + "\n"


def pages_for(audience: Audience, knowledge: Entries) -> tuple[PageEntry, ...]:
    """Give the sections as written, in their order."""
    return tuple(page for page in knowledge.article if page.audience == audience)


def blocks(text: str) -> tuple[str, ...]:
    """Part Markdown into paragraphs, lists and headings."""
    return tuple(block.strip() for block in re.split(r"\n\s*\n", text) if block.strip())


def line(cited: Cited) -> str:
    """Say a source in one line: what it is, how much of it was read, what rests on it."""
    source = cited.source
    year = "" if source.year is None or str(source.year) in source.title else str(source.year)
    what = ". ".join(part.rstrip(".") for part in (source.authors, source.title, year) if part)
    link = f" <{address(source)}>." if address(source) else ""
    places = "; ".join(
        dict.fromkeys(
            f"{place.at} ({CERTAINTY[place.certainty]})" if place.at else CERTAINTY[place.certainty]
            for place in cited.places
        )
    )
    return f"{what}.{link} Read: {source.read}. Used: {places}."


def address(source: Source) -> str:
    """Give where a source can be found; empty when no address is known."""
    if source.doi:
        return f"https://doi.org/{source.doi}"
    if source.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/"
    return source.url


def _linked(links: Mapping[str, str], mark: re.Match[str]) -> str:
    return f"[{mark[0]}]({links[mark[1]]})" if mark[1] in links else mark[0]


def _listed(cited: Iterable[Citation], marking: _Marking) -> tuple[Cited, ...]:
    sources = {source.id: source for source in marking.knowledge.sources}
    places: dict[SourceId, dict[Citation, None]] = {}
    for citation in cited:
        places.setdefault(citation.id, {})[citation] = None
    return tuple(
        Cited(marking.numbers[source], sources[source], tuple(places[source]))
        for source in sorted(places, key=lambda source: marking.numbers[source])
    )


def _block(block: str, marking: _Marking) -> str:
    """Give a block with its figures in place, and the marks at the end of each sentence."""
    alone = PATTERN.fullmatch(block)
    if alone and alone[3] == "table":
        topic = marking.targets[alone[2]]
        return _table(topic, marking) if isinstance(topic, TopicEntry) else ""
    filled = PATTERN.sub(partial(_filled, marking), block)
    return "\n".join(_marks_last(each) for each in _lines(filled))


def _filled(marking: _Marking, found: re.Match[str]) -> str:
    one = next(references(found[0]))
    target = marking.targets[one.name]
    marks = _marks(citations(target, marking.knowledge), marking)
    return f"{words(one, target, marking.knowledge)}\x00{marks}\x00"


def _table(topic: TopicEntry, marking: _Marking) -> str:
    """Give every value of a topic side by side, and why they differ."""
    head = f"| {topic.title} | value | in whom | source |\n| --- | --- | --- | --- |"
    rows = [_row(one, marking) for one in statements_of(topic, marking.knowledge)]
    table = "\n".join([head, *rows])
    if not topic.why_they_differ:
        return table
    why = topic.why_they_differ.rstrip(".")
    return f"{table}\n\nWhy they differ: {why} {_marks([topic.source], marking)}."


def _row(one: StatementEntry, marking: _Marking) -> str:
    """Give the row of a statement, with what is printed where ours reads otherwise."""
    value, printed = said(one.figure), one.figure.printed
    if printed and printed not in value:
        value = f"{value}; printed as {printed}"
    source = _marks([one.source], marking)
    return f"| {one.label} | {value} | {one.population or '-'} | {source} |"


def _marks(cited: Iterable[Citation], marking: _Marking) -> str:
    """Give the marks of sources, with blanks between them: Markdown reads ``[1][2]`` as a link."""
    found = {(marking.numbers[one.id], MARK[one.certainty]) for one in cited}
    return " ".join(f"[{number}{mark}]" for number, mark in sorted(found))


def _lines(block: str) -> list[str]:
    """Give the lines of a block; lines that merely wrap are joined."""
    lines: list[str] = []
    for each in block.split("\n"):
        if lines and not re.match(r"(?:[-*#|>]|\d+\.) ?", each):
            lines[-1] = f"{lines[-1]} {each.strip()}"
        else:
            lines.append(each)
    return lines


def _marks_last(text: str) -> str:
    """Move the marks inside each sentence to its end, each once and in the order of numbers."""
    attached = re.sub(r"([.?!:]?)((?:\s*\x00[^\x00]*\x00)+)(?=\s|$)", r"\2\1", text)
    return " ".join(_marked(sentence) for sentence in re.split(r"(?<=[.?!])\s+", attached))


def _marked(sentence: str) -> str:
    r"""Give a sentence with its marks before its full stop.

    >>> _marked("In Peru\x00[2]\x00 and Chad\x00[1] [2]\x00 it rains.")
    'In Peru and Chad it rains [1] [2].'
    """
    said_words = re.sub(r"\s+([.?!:,;]|$)", r"\1", MARKED.sub("", sentence))
    marks = {mark for found in MARKED.findall(sentence) for mark in re.findall(r"\[\w+\]", found)}
    if not marks:
        return said_words
    ordered = " ".join(sorted(marks, key=lambda mark: (int(re.sub(r"\D", "", mark)), mark)))
    end = said_words[-1] if said_words.endswith((".", "?", "!", ":", ",")) else ""
    return f"{said_words.removesuffix(end)} {ordered}{end}"
