"""The public article: sections whose figures, and the sources behind them, come from the knowledge.

A section is Markdown. A figure is never written in it, it is named:

- ``{bone_pain_bhat_2018}`` is the statement in full, ``{bone_pain_bhat_2018|in10}`` one of the short
  forms of `multifocal.knowledge.figures.formed`;
- ``{delay|span}`` is from the least to the greatest value of a topic, ``{delay|table}`` alone in a
  paragraph is all of them side by side, and ``{anaemia}`` what is said where nothing was found;
- ``{variant:nv20|in10}`` is a row of the normal variants;
- ``{@cause_not_catching}`` is no figure, only the source of the sentence; ``{@flag:blasts}``,
  ``{@condition:scurvy}`` and ``{@caution:carra_hand}`` cite those entries.

Sources are numbered in the order in which the article cites them; their marks stand at the end of
each sentence: ``[3]``, or ``[3m]`` for what is from memory.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import partial
from typing import get_args

import msgspec

from multifocal.knowledge.check_figures import Fault
from multifocal.knowledge.entries import (
    Audience,
    CautionEntry,
    ConditionEntry,
    Entries,
    Figure,
    PageEntry,
    RedFlagEntry,
    StatementEntry,
    TopicEntry,
    VariantEntry,
)
from multifocal.knowledge.figures import FigureError, formed, said, span
from multifocal.model.source import Certainty, Citation, Source, SourceId

REFERENCE = re.compile(r"\{(@?)((?:[a-z]+:)?[a-z0-9_]+)(?:\|([a-z0-9]+))?\}")
NAME = re.compile(r"(?<!\w)[A-Za-z][A-Za-z./:-]*\d[\w.:/-]*")
"""A name with a digit in it, such as T1 or M86.341: it is no figure."""
COUNTING = re.compile(
    r"\b(three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty"
    r"|seventy|eighty|ninety|hundred|thousand|million|half|quarters?|dozen|per ?cent)\b",
    re.IGNORECASE,
)
"""Figures in words."""
MARKED = re.compile(r"\x00([^\x00]*)\x00")

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

Target = StatementEntry | TopicEntry | VariantEntry | RedFlagEntry | ConditionEntry | CautionEntry


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


class Reference(msgspec.Struct, frozen=True):
    """What stands between braces."""

    name: str
    form: str
    is_silent: bool


def article(audience: Audience, knowledge: Entries) -> tuple[Section, ...]:
    """Give the article for one kind of reader, its figures and source marks in place."""
    pages = _pages(audience, knowledge)
    targets = _targets(knowledge)
    cited = {page.id: tuple(_cited(page.text, targets, knowledge)) for page in pages}
    everything = [citation for several in cited.values() for citation in several]
    cited |= {"sources": everything} if "sources" in cited else {}
    order = dict.fromkeys(citation.id for citation in everything)
    numbers = {source: place for place, source in enumerate(order, start=1)}
    sources = {source.id: source for source in knowledge.sources}
    return tuple(
        Section(
            page.id,
            page.title,
            tuple(_block(block, targets, numbers, knowledge) for block in _blocks(page.text)),
            _listed(cited[page.id], numbers, sources),
        )
        for page in pages
    )


def markdown(audience: Audience, knowledge: Entries) -> str:
    """Give the whole article as one page of Markdown; the source marks are links."""
    sections = article(audience, knowledge)
    parts = []
    for place, section in enumerate(sections):
        parts.append(f"{'#' if place == 0 else '##'} {section.title}")
        parts += [f"#{block}" if block.startswith("## ") else block for block in section.blocks]
        if section.id == "sources":
            parts.append("\n".join(f"{one.number}. {reference(one)}" for one in section.sources))
    links = {
        (one.number, MARK[place.certainty]): link
        for section in sections
        for one in section.sources
        for place in one.places
        if (link := address(one.source))
    }
    marks = [f"[{number}{mark}]: {link}" for (number, mark), link in sorted(links.items())]
    return "\n\n".join([*parts, "\n".join(marks)]) + "\n"


def reference(cited: Cited) -> str:
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


def article_faults(knowledge: Entries) -> Iterator[Fault]:
    """Give every fault of the article: unknown or unused ids, forms that don't fit, bare figures."""
    targets = _targets(knowledge)
    named: dict[str, set[str]] = {audience: set() for audience in get_args(Audience)}
    for page in knowledge.article:
        file = f"article/{page.audience}/{page.id}"
        named[page.audience] |= {one.name for one in _references(page.text)}
        for block in _blocks(page.text):
            yield from (Fault(file, page.title, message) for message in _said(block))
            for one in _references(block):
                if message := _wrong(one, block, targets, knowledge):
                    yield Fault(file, one.name, message)
    yield from _sections(knowledge)
    for topic in knowledge.topics:
        mine = {one.id for one in knowledge.statements if one.topic == topic.id} | {topic.id}
        if knowledge.article and not mine & named["clinician"]:
            yield Fault("topics.toml", topic.id, "the article for clinicians never speaks of it")
        words = f"{topic.why_they_differ} {topic.not_found}"
        yield from (Fault("topics.toml", topic.id, message) for message in _said(words))


def _sections(knowledge: Entries) -> Iterator[Fault]:
    ids = {
        audience: [page.id for page in _pages(audience, knowledge)]
        for audience in get_args(Audience)
    }
    first, *others = ids.values()
    if any(other != first for other in others):
        yield Fault("article", "", f"the versions have different sections: {ids}")
    for name in first:
        if first.count(name) > 1:
            yield Fault("article", name, "is there more than once")


def _said(text: str) -> Iterator[str]:
    """Give what prose must not hold: figures, in digits or words, and braces that name nothing."""
    rest = REFERENCE.sub("", text)
    if "{" in rest or "}" in rest:
        yield f"a brace that names nothing: {rest[max(0, rest.find('{')) :][:30]!r}"
    rest = NAME.sub("", re.sub(r"^\d+\. ", "", rest, flags=re.MULTILINE))
    for found in (*re.findall(r"\S*[\d%]\S*", rest), *COUNTING.findall(rest)):
        yield f"a figure is written out: {found!r}; name a statement instead"


def _wrong(
    one: Reference, block: str, targets: Mapping[str, Target], knowledge: Entries
) -> str | None:
    if one.name not in targets:
        close = get_close_matches(one.name, targets, n=1)
        return "is unknown" + (f". Did you mean {close[0]!r}?" if close else "")
    if one.form == "table" and not REFERENCE.fullmatch(block):
        return "a table stands alone in its paragraph"
    try:
        _words(one, targets[one.name], knowledge)
    except FigureError as fault:
        return str(fault)
    return None


def _pages(audience: Audience, knowledge: Entries) -> tuple[PageEntry, ...]:
    return tuple(page for page in knowledge.article if page.audience == audience)


def _targets(knowledge: Entries) -> dict[str, Target]:
    """Give everything that the article may name, by the name it has there."""
    found: dict[str, Target] = {topic.id: topic for topic in knowledge.topics}
    found |= {one.id: one for one in knowledge.statements}
    found |= {f"variant:{row.id}": row for row in knowledge.variants}
    found |= {f"flag:{flag.id}": flag for flag in knowledge.red_flags}
    found |= {f"condition:{condition.id}": condition for condition in knowledge.conditions}
    found |= {f"caution:{caution.id}": caution for caution in knowledge.cautions}
    return found


def _references(text: str) -> Iterator[Reference]:
    for silent, name, form in REFERENCE.findall(text):
        yield Reference(name, form, bool(silent))


def _cited(text: str, targets: Mapping[str, Target], knowledge: Entries) -> Iterator[Citation]:
    for one in _references(text):
        yield from _citations(targets[one.name], knowledge)


def _citations(target: Target, knowledge: Entries) -> Iterator[Citation]:
    if not isinstance(target, TopicEntry):
        yield target.source
        return
    for one in _statements(target, knowledge):
        yield one.source
    if target.not_found or target.why_they_differ:
        yield target.source


def _statements(topic: TopicEntry, knowledge: Entries) -> tuple[StatementEntry, ...]:
    return tuple(one for one in knowledge.statements if one.topic == topic.id)


def _listed(
    citations: Iterable[Citation],
    numbers: Mapping[SourceId, int],
    sources: Mapping[SourceId, Source],
) -> tuple[Cited, ...]:
    places: dict[SourceId, dict[Citation, None]] = {}
    for citation in citations:
        places.setdefault(citation.id, {})[citation] = None
    return tuple(
        Cited(numbers[source], sources[source], tuple(places[source]))
        for source in sorted(places, key=numbers.__getitem__)
    )


def _blocks(text: str) -> tuple[str, ...]:
    return tuple(block.strip() for block in re.split(r"\n\s*\n", text) if block.strip())


def _block(
    block: str,
    targets: Mapping[str, Target],
    numbers: Mapping[SourceId, int],
    knowledge: Entries,
) -> str:
    """Give a block with its figures in place, and the marks at the end of each sentence."""
    alone = REFERENCE.fullmatch(block)
    if alone and alone[3] == "table":
        topic = targets[alone[2]]
        return _table(topic, numbers, knowledge) if isinstance(topic, TopicEntry) else ""
    filled = REFERENCE.sub(partial(_filled, targets, numbers, knowledge), block)
    return "\n".join(_marks_last(line) for line in _lines(filled))


def _filled(
    targets: Mapping[str, Target],
    numbers: Mapping[SourceId, int],
    knowledge: Entries,
    found: re.Match[str],
) -> str:
    one = next(_references(found[0]))
    target = targets[one.name]
    marks = _marks(_citations(target, knowledge), numbers)
    return f"{_words(one, target, knowledge)}\x00{marks}\x00"


def _words(one: Reference, target: Target, knowledge: Entries) -> str:
    if one.is_silent:
        return ""
    match target:
        case TopicEntry():
            return _topic_words(one, target, knowledge)
        case StatementEntry() | VariantEntry():
            return _figure_words(one, target.figure)
        case RedFlagEntry() | ConditionEntry() | CautionEntry():
            raise FigureError("can only be cited: write it with an @")


def _figure_words(one: Reference, figure: Figure) -> str:
    return formed(figure, one.form) if one.form else said(figure)


def _topic_words(one: Reference, topic: TopicEntry, knowledge: Entries) -> str:
    mine = _statements(topic, knowledge)
    match one.form:
        case "table" if mine:
            return ""
        case "span":
            values, unit = span(tuple(each.figure for each in mine))
            return f"{values} {unit}".strip()
        case "" if topic.not_found:
            return topic.not_found.rstrip(".")
    raise FigureError("a topic has the forms `table` and `span`; `not_found` stands by itself")


def _table(topic: TopicEntry, numbers: Mapping[SourceId, int], knowledge: Entries) -> str:
    """Give every value of a topic side by side, and why they differ."""
    rows = [
        f"| {one.label} | {_cell(one)} | {one.population or '-'} | {_marks([one.source], numbers)} |"
        for one in _statements(topic, knowledge)
    ]
    head = f"| {topic.title} | value | in whom | source |\n| --- | --- | --- | --- |"
    why = topic.why_they_differ
    marks = _marks([topic.source], numbers)
    below = f"\n\nWhy they differ: {why.rstrip('.')} {marks}." if why else ""
    return "\n".join([head, *rows]) + below


def _cell(one: StatementEntry) -> str:
    """Give the value of a row, with what is printed where ours reads otherwise."""
    words, printed = said(one.figure), one.figure.printed
    return words if not printed or printed in words else f"{words}; printed as {printed}"


def _marks(citations: Iterable[Citation], numbers: Mapping[SourceId, int]) -> str:
    found = {(numbers[one.id], MARK[one.certainty]) for one in citations}
    return " ".join(f"[{number}{mark}]" for number, mark in sorted(found))


def _lines(block: str) -> list[str]:
    """Give the lines of a block; lines that merely wrap are joined."""
    lines: list[str] = []
    for line in block.split("\n"):
        if lines and not re.match(r"(?:[-*#|>]|\d+\.) ?", line):
            lines[-1] = f"{lines[-1]} {line.strip()}"
        else:
            lines.append(line)
    return lines


def _marks_last(line: str) -> str:
    """Move the marks inside each sentence to its end, each once and in the order of numbers."""
    attached = re.sub(r"([.?!:]?)((?:\s*\x00[^\x00]*\x00)+)(?=\s|$)", r"\2\1", line)
    return " ".join(_marked(sentence) for sentence in re.split(r"(?<=[.?!])\s+", attached))


def _marked(sentence: str) -> str:
    """Give a sentence with its marks before its full stop.

    >>> _marked("In Peru\x00[2]\x00 and Chad\x00[1] [2]\x00 it rains.")
    'In Peru and Chad it rains [1] [2].'
    """
    words = re.sub(r"\s+([.?!:,;]|$)", r"\1", MARKED.sub("", sentence))
    marks = {mark for found in MARKED.findall(sentence) for mark in re.findall(r"\[\w+\]", found)}
    if not marks:
        return words
    ordered = " ".join(sorted(marks, key=lambda mark: (int(re.sub(r"\D", "", mark)), mark)))
    end = words[-1] if words.endswith((".", "?", "!", ":", ",")) else ""
    return f"{words.removesuffix(end)} {ordered}{end}"
