"""Sources are numbered as they are met, and a link is only given where a page would open."""

import msgspec

from multifocal.knowledge.load import Knowledge
from multifocal.model.source import Certainty, Citation, Source, SourceId
from multifocal.report.sources import Bibliography

PAPER, BOOK = SourceId("paper-2020"), SourceId("lab-book")


def test_sources_are_numbered_in_the_order_of_first_citation(knowledge: Knowledge) -> None:
    books = Bibliography(knowledge)
    numbers = [books.cite(Citation(id_, Certainty.VERIFIED)).number for id_ in (BOOK, PAPER, BOOK)]
    assert numbers == [1, 2, 1]
    assert [source.number for source in books.cited()] == [1, 2]


def test_only_a_statement_that_was_read_in_its_source_has_no_mark(knowledge: Knowledge) -> None:
    books = Bibliography(knowledge)
    marks = {level: books.cite(Citation(PAPER, level)).mark for level in Certainty}
    assert marks.pop(Certainty.VERIFIED) == ""
    assert len(set(marks.values()) - {""}) == 3


def test_a_source_lists_each_place_with_its_certainty(knowledge: Knowledge) -> None:
    books = Bibliography(knowledge)
    books.cite(Citation(PAPER, Certainty.VERIFIED, at="table 2"))
    books.cite(Citation(PAPER, Certainty.MEMORY, at="p. 4"))
    places = books.cited()[0].places
    assert [place.split(" (")[0] for place in places] == ["table 2", "p. 4"]
    assert "memory" in places[1]


def test_a_doi_is_both_text_and_link(knowledge: Knowledge) -> None:
    books = Bibliography(knowledge)
    books.cite(Citation(PAPER, Certainty.VERIFIED))
    source = books.cited()[0]
    assert (source.doi, source.link) == ("10.1000/made-up", "https://doi.org/10.1000/made-up")


def test_an_address_that_is_not_a_web_page_is_no_link(knowledge: Knowledge) -> None:
    hostile = Source(SourceId("hostile"), "Hostile", "all", url="javascript:alert(1)")
    books = Bibliography(msgspec.structs.replace(knowledge, sources=(hostile,)))
    books.cite(Citation(SourceId("hostile"), Certainty.VERIFIED))
    assert books.cited()[0].link == ""


def test_an_unknown_source_is_shown_as_unknown(knowledge: Knowledge) -> None:
    books = Bibliography(knowledge)
    books.cite(Citation(SourceId("nowhere"), Certainty.VERIFIED))
    assert "not among" in books.cited()[0].read
