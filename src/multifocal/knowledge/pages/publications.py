"""The pages about what was published and how sure we are: statements, sources, certainty, gaps."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from multifocal.knowledge.article import CERTAINTY
from multifocal.knowledge.catalogue import Listed, can_be_found, cited, is_ours, numbers
from multifocal.knowledge.entries import StatementEntry, TopicEntry
from multifocal.knowledge.figures import said
from multifocal.knowledge.load import Knowledge
from multifocal.knowledge.pages.entries import Links
from multifocal.knowledge.pages.markdown import anchor, cite, code, outside, page, safe, table
from multifocal.knowledge.references import statements_of
from multifocal.knowledge.tally import Tally, tally, total
from multifocal.model.source import Certainty, Source

LISTED = 30
"""Entries that a line of gaps names before it counts the rest."""


def statements(knowledge: Knowledge) -> str:
    """Give every topic with all its values side by side, agreeing or not."""
    parts = [
        "What publications say of the disease. Values that contradict each other stand side by"
        " side; where they do, one line says why, in our own judgement. A share with its counts is"
        " worked out from them, with its 95% interval (Wilson)."
    ]
    for topic in knowledge.topics:
        parts += [f"## {topic.id}", f"**{safe(topic.title)}** {safe(topic.question)}"]
        if mine := statements_of(topic, knowledge):
            parts.append(_statements(mine))
        parts += _ours(topic)
    return page("Statements", *parts)


def _statements(mine: Iterable[StatementEntry]) -> str:
    return table(
        ("id", "what", "value", "in whom", "source"),
        (
            (code(one.id), safe(one.label), _value(one), safe(one.population) or "-", _cite(one))
            for one in mine
        ),
    )


def _value(one: StatementEntry) -> str:
    value, printed = said(one.figure), one.figure.printed
    return safe(f"{value}; printed as {printed}" if printed and printed not in value else value)


def _cite(one: StatementEntry) -> str:
    derived = ", ".join(map(code, one.derived_from))
    return f"{cite(one.source)}{f'; from {derived}' if derived else ''}"


def _ours(topic: TopicEntry) -> Iterator[str]:
    if topic.why_they_differ:
        yield f"Why they differ: {safe(topic.why_they_differ)} {cite(topic.source)}"
    if topic.not_found:
        yield f"Not found: {safe(topic.not_found)} {cite(topic.source)}"


def sources(
    knowledge: Knowledge, listed: Iterable[Listed], users: Mapping[str, tuple[Listed, ...]]
) -> str:
    """Give every source with its address, and what rests on it."""
    parts = [
        "Every source, once. “Read” says how much of it was read; a field that was not read is"
        " left out. [What has no address yet](not-verified.md#sources-without-an-address)."
    ]
    for source in knowledge.sources:
        parts += [f"### {source.id}", "\n".join(_source(source, users.get(source.id, ())))]
    return page("Sources", *parts)


def _source(source: Source, users: Iterable[Listed]) -> Iterator[str]:
    year = "" if source.year is None else f" ({source.year})"
    yield f"**{safe(source.title)}**{year}"
    yield ""
    if source.authors:
        yield f"- authors: {safe(source.authors)}"
    if link := outside(source):
        yield f"- {'DOI' if source.doi else 'PubMed' if source.pmid else 'address'}: {link}"
    else:
        yield f"- {'ours: there is nothing to look up' if is_ours(source) else 'no address known'}"
    yield f"- read: {safe(source.read)}"
    if source.licence:
        yield f"- licence: {safe(source.licence)}"
    counts = Counter(user.kind.replace("_", " ") for user in users)
    yield f"- cited by: {', '.join(f'{count} {kind}' for kind, count in counts.items())}"


def certainty(listed: tuple[Listed, ...]) -> str:
    """Give the counts of numbers by how sure we are, for each data file."""
    marks = "\n".join(f"- **{one.value}**: {CERTAINTY[one]}" for one in Certainty)
    return page(
        "Certainty, counted",
        "Every number says how sure we are of it:",
        marks,
        "## Numbers that the program works with",
        "Each value of an entry or a row, and each constant of a rule. Its certainty is that of the"
        " nearest citation: the one of its own key, else of the innermost part that has one. Rules"
        " hold small numbers such as “at least 2 of” and zeros too; they are counted alike.",
        _tallies(tally(listed)),
        "## Figures in sentences",
        "Shown, and nothing is worked out with them. A figure that stands in a label and in a"
        " definition counts twice.",
        _tallies(tally(listed, in_words=True)),
        "What is behind the columns “memory” and “no source”: [not verified yet](not-verified.md).",
    )


def _tallies(tallies: tuple[Tally, ...]) -> str:
    return table(
        ("file", *(one.value for one in Certainty), "no source", "all"),
        (
            (
                code(one.file) if place < len(tallies) else "**all**",
                *(str(getattr(one, sure.value)) for sure in Certainty),
                str(one.no_source),
                str(one.total),
            )
            for place, one in enumerate((*tallies, total(tallies)))
        ),
    )


def gaps(knowledge: Knowledge, listed: tuple[Listed, ...], links: Links) -> str:
    """Give all that is not verified yet: from memory, without source, locked, not found."""
    lost = [source for source in knowledge.sources if not can_be_found(source)]
    locked = [one for one in listed if getattr(one.entry, "locked", "")]
    silent = [topic for topic in knowledge.topics if topic.not_found]
    return page(
        "Not verified yet",
        "What somebody who has the sources at hand can settle.",
        "## From memory",
        "Entries of which a part is remembered and was not read yet.",
        _lines(one for one in listed if _rests_on_memory(one)) or "None.",
        "## Numbers without a source",
        _sourceless(listed) or "None.",
        "## Locked",
        "\n".join(f"- {links.to(one.id, one.kind)}: {safe(one.entry.locked)}" for one in locked)  # type: ignore[attr-defined] # chosen by it
        or "None.",
        "## Looked for and not found",
        "\n".join(
            f"- [{topic.id}](statements.md#{anchor(topic.id)}): {safe(topic.not_found)}"
            for topic in silent
        )
        or "None.",
        "## Sources without an address",
        "No DOI, PubMed number or page address is known for these, so that a reader must search"
        " for the title.",
        "\n".join(f"- [{one.id}](sources.md#{anchor(one.id)}): {safe(one.title)}" for one in lost)
        or "None.",
    )


def _rests_on_memory(one: Listed) -> bool:
    return one.kind != "coding" and any(
        citation.certainty is Certainty.MEMORY for citation in cited(one.entry)
    )


def _lines(found: Iterable[Listed]) -> str:
    lines = []
    for one in found:
        places = [c for c in cited(one.entry) if c.certainty is Certainty.MEMORY]
        lines.append(
            f"- {one.kind.replace('_', ' ')} {code(one.id)}: {'; '.join(map(cite, places))}"
        )
    return "\n".join(dict.fromkeys(lines))


def _sourceless(listed: Iterable[Listed]) -> str:
    by_file: dict[str, list[str]] = {}
    for one in listed:
        by_file.setdefault(one.file, []).extend(
            one.id for number in numbers(one) if number.source is None and not number.in_words
        )
    lines = []
    for file, ids in by_file.items():
        if not ids:
            continue
        unique = list(dict.fromkeys(ids))
        more = len(unique) - LISTED
        shown = ", ".join(map(code, unique[:LISTED])) + (f" and {more} more" if more > 0 else "")
        lines.append(f"- {code(file)}, {len(ids)}: {shown}")
    return "\n".join(lines)
