"""The work-up as one HTML page that needs no network and no script."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment
from multifocal.report import figures
from multifocal.report.arrange import arrange
from multifocal.report.sheet import ConditionView, ContributionView, CriteriaView, LabView
from multifocal.report.words import words


def render(assessment: Assessment, *, knowledge: Knowledge) -> str:
    """Give the page: what comes from the record is escaped and isolated in its own direction."""
    sheet = arrange(assessment, knowledge=knowledge)
    scale, rows = figures.timeline(sheet, theme="screen")
    return _template().render(
        sheet=sheet,
        say=words().say,
        hands=_svg(figures.hands(assessment, knowledge=knowledge, theme="screen")),
        body=_svg(figures.body(assessment, knowledge=knowledge, theme="screen")),
        scale=_svg(scale),
        timeline=tuple(zip(sheet.timeline, map(_svg, rows), strict=True)),
        score_plot=_score,
        lab_plot=_lab,
        stand_plot=_stand,
        move_plot=_move,
    )


def _score(criteria: CriteriaView) -> Markup:
    return _svg(figures.score(criteria, theme="screen"))


def _lab(lab: LabView) -> Markup:
    return _svg(figures.lab(lab, theme="screen"))


def _stand(condition: ConditionView) -> Markup:
    return _svg(figures.stand(condition, theme="screen"))


def _move(contribution: ContributionView) -> Markup:
    return _svg(figures.move(contribution, theme="screen"))


def _svg(drawing: str) -> Markup:
    """Mark a drawing of ours as safe: it has escaped every text in it."""
    return Markup(drawing)  # noqa: S704


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("multifocal.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.jinja")
