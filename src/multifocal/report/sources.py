"""The sources of a page, numbered in the order in which they are first cited."""

from collections.abc import Iterable

import msgspec

from multifocal.knowledge.load import Knowledge
from multifocal.model.source import Certainty, Citation, Source, SourceId
from multifocal.report.document import Line, Page, Run, runs
from multifocal.report.words import named, words

DOI = "https://doi.org/"
PUBMED = "https://pubmed.ncbi.nlm.nih.gov/"


class Ref(msgspec.Struct, frozen=True):
    """One citation as it stands in the text: the number of its source and a mark of certainty."""

    number: int
    mark: str
    """A letter for what was not read in its source; empty for what was."""
    words: str


class Cited(msgspec.Struct, frozen=True):
    """One numbered source, and the places in it that the page rests on."""

    number: int
    title: str
    authors: str
    year: str
    doi: str
    pmid: str
    link: str
    """Where it can be read; empty when the evidence gives no address."""
    read: str
    places: tuple[str, ...]
    """Each place with its certainty: "table 2 (read in the source)"."""


class Bibliography:
    """Held open while a page is put together: `cite` numbers, `cited` lists."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Start without any source."""
        self._known = knowledge.sources_by_id
        self._places: dict[SourceId, dict[tuple[str, Certainty], None]] = {}

    def cite(self, citation: Citation) -> Ref:
        """Give the number of the citation's source, the next one when it is new."""
        places = self._places.setdefault(citation.id, {})
        places[(citation.at, citation.certainty)] = None
        at = f", {citation.at}" if citation.at else ""
        place = list(self._places).index(citation.id) + 1
        certainty = words().certainty[citation.certainty]
        return Ref(place, words().mark[citation.certainty], f"Source {place}{at}: {certainty}")

    def cited(self) -> tuple[Cited, ...]:
        """List the sources cited so far."""
        return tuple(
            _cited(place, id_, self._known.get(id_), self._places[id_])
            for place, id_ in enumerate(self._places, start=1)
        )


def _cited(
    place: int, id_: SourceId, source: Source | None, places: dict[tuple[str, Certainty], None]
) -> Cited:
    said = tuple(
        f"{at} ({words().certainty[certainty]})" if at else words().certainty[certainty]
        for at, certainty in places
    )
    if source is None:
        return Cited(place, named(id_), "", "", "", "", "", "not among the known sources", said)
    link = f"{DOI}{source.doi}" if source.doi else f"{PUBMED}{source.pmid}/" if source.pmid else ""
    return Cited(
        number=place,
        title=source.title,
        authors=source.authors,
        year="" if source.year is None else str(source.year),
        doi=source.doi,
        pmid=source.pmid,
        link=link or _safe(source.url),
        read=source.read,
        places=said,
    )


def _safe(url: str) -> str:
    """Give the address only when a browser would open it as a page."""
    return url if url.startswith(("https://", "http://")) else ""


def numbered(pages: Iterable[Page], knowledge: Knowledge) -> Bibliography:
    """Give the sources of finished pages their numbers, in the order in which they are cited."""
    books = Bibliography(knowledge)
    for page in pages:
        for run in runs(page.blocks):
            if run.cite is not None:
                books.cite(run.cite)
    return books


def line(one: Cited) -> Line:
    """Write a source as it stands in the list."""
    say = words().say
    name = f"doi:{one.doi}" if one.doi else f"PubMed {one.pmid}" if one.pmid else one.link
    read = f"{say['read_of_it'].format(what=one.read)} " if one.read else ""
    year = f", {one.year}" if one.year else ""
    return (
        Run(f"{one.authors}. " if one.authors else ""),
        Run(f"{one.title}{year}. "),
        Run(name, link=one.link),
        Run(f" {read}{say['cited'].format(places='; '.join(one.places))}", "quiet"),
    )
