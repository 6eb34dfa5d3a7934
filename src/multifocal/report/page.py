"""A work-up as one HTML page that needs no network and no script."""

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment
from multifocal.report import html, pages
from multifocal.report.compose import Reader, compose
from multifocal.report.html import Frame
from multifocal.report.sources import numbered

__all__ = ["Frame", "render"]


def render(
    assessment: Assessment,
    *,
    knowledge: Knowledge,
    reader: Reader = "clinician",
    frame: Frame | None = None,
) -> str:
    """Give the page: the letter open, all that it rests on folded below it."""
    document = compose(assessment, knowledge=knowledge, reader=reader)
    books = numbered(document.pages, knowledge)
    return html.render(pages.with_sources(document, books), books, frame=frame)
