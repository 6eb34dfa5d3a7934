"""The work-up as one HTML page that needs no network and no script."""

import msgspec
from markupsafe import Markup

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment
from multifocal.report import figures
from multifocal.report.arrange import arrange
from multifocal.report.sheet import ConditionView, ContributionView, CriteriaView, LabView
from multifocal.report.templating import drawn, template
from multifocal.report.words import words


class Frame(msgspec.Struct, frozen=True):
    """What a site adds to the page. Its own policy then says what the page may load."""

    nonce: str
    """By which the policy knows the page's own styles."""
    head: str
    """Markup for the end of the head."""
    bar: str
    """Markup to stand above the page."""


def render(assessment: Assessment, *, knowledge: Knowledge, frame: Frame | None = None) -> str:
    """Give the page: what comes from the record is escaped and isolated in its own direction.

    Without a ``frame`` it is a file by itself, and its policy forbids to load anything.
    """
    page = _page(assessment, knowledge=knowledge, frame=frame)
    if frame is None:
        return page
    # Drawings bring styles of their own; a text of the record can't hold this, it is escaped.
    return page.replace("<style>", f'<style nonce="{frame.nonce}">')


def _page(assessment: Assessment, *, knowledge: Knowledge, frame: Frame | None) -> str:
    sheet = arrange(assessment, knowledge=knowledge)
    scale, rows = figures.timeline(sheet, theme="screen")
    return template("page.html.jinja").render(
        sheet=sheet,
        head=None if frame is None else drawn(frame.head),
        bar="" if frame is None else drawn(frame.bar),
        say=words().say,
        hands=drawn(figures.hands(assessment, knowledge=knowledge, theme="screen")),
        body=drawn(figures.body(assessment, knowledge=knowledge, theme="screen")),
        scale=drawn(scale),
        timeline=tuple(zip(sheet.timeline, map(drawn, rows), strict=True)),
        score_plot=_score,
        lab_plot=_lab,
        stand_plot=_stand,
        move_plot=_move,
    )


def _score(criteria: CriteriaView) -> Markup:
    return drawn(figures.score(criteria, theme="screen"))


def _lab(lab: LabView) -> Markup:
    return drawn(figures.lab(lab, theme="screen"))


def _stand(condition: ConditionView) -> Markup:
    return drawn(figures.stand(condition, theme="screen"))


def _move(contribution: ContributionView) -> Markup:
    return drawn(figures.move(contribution, theme="screen"))
