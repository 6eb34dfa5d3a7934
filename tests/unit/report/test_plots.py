"""The drawings put values where paper arithmetic puts them, and are sound XML."""

import xml.etree.ElementTree as ET
from datetime import date

import pytest

from multifocal.model.day import Day
from multifocal.model.record import ConceptId, Fact, FactId, Origin
from multifocal.report import plots
from multifocal.report.plots import Axis, Bar, Theme, Threshold

SVG = "{http://www.w3.org/2000/svg}"
THEMES: tuple[Theme, Theme] = ("screen", "print")


def parsed(drawing: str) -> ET.Element:
    return ET.fromstring(drawing)  # noqa: S314 # our own drawing


def value(amount: float, **fields: object) -> Fact:
    given = {"value": amount, "low": 10.0, "high": 20.0, "flag": "normal"} | fields
    return Fact(FactId("x"), ConceptId("crp"), Origin("x"), **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("theme", THEMES)
def test_a_score_interval_spans_its_share_of_the_whole(theme: Theme) -> None:
    drawn = parsed(plots.score(25, 75, 100, (Threshold(50, "≥"),), theme=theme, alt="x"))
    whole, part = (
        (float(rect.attrib["x"]), float(rect.attrib["width"])) for rect in drawn.iter(f"{SVG}rect")
    )
    assert (part[0] - whole[0]) / whole[1] == pytest.approx(0.25, abs=0.001)
    assert part[1] / whole[1] == pytest.approx(0.5, abs=0.001)


def test_a_threshold_is_written_and_marked() -> None:
    drawn = plots.score(0, 10, 100, (Threshold(50, "≥"),), theme="screen", alt="x")
    texts = [text.text for text in parsed(drawn).iter(f"{SVG}text")]
    assert "≥ 50" in texts


def test_alternative_text_is_escaped() -> None:
    drawn = parsed(plots.score(0, 1, 1, (), theme="screen", alt='"><script>'))
    assert drawn.attrib["aria-label"] == '"><script>'


@pytest.mark.parametrize("theme", THEMES)
def test_a_value_outside_differs_in_shape_and_not_only_in_colour(theme: Theme) -> None:
    inside = parsed(plots.lab([value(15)], theme=theme, alt=""))
    outside = parsed(plots.lab([value(25, flag="high")], theme=theme, alt=""))
    assert inside.find(f"{SVG}circle") is not None
    assert outside.find(f"{SVG}circle") is None


def test_a_value_in_the_middle_of_its_interval_lies_in_the_middle_of_the_band() -> None:
    drawn = parsed(plots.lab([value(15)], theme="screen", alt=""))
    band, dot = drawn.find(f"{SVG}rect"), drawn.find(f"{SVG}circle")
    assert band is not None
    assert dot is not None
    middle = float(band.attrib["y"]) + float(band.attrib["height"]) / 2
    assert float(dot.attrib["cy"]) == pytest.approx(middle, abs=0.1)


def test_an_interval_with_only_an_upper_limit_reaches_the_bottom() -> None:
    drawn = parsed(plots.lab([value(3, low=None, high=5.0)], theme="screen", alt=""))
    band = drawn.find(f"{SVG}rect")
    assert band is not None
    assert float(band.attrib["y"]) + float(band.attrib["height"]) == plots.LAB_HEIGHT


@pytest.mark.parametrize(
    "facts",
    [
        [value(0.0, low=None, high=None, flag=None)],
        [value(-3.0, low=-3.0, high=-3.0)],
        [value(5), value(5), value(5)],
    ],
)
def test_odd_values_are_drawn_too(facts: list[Fact]) -> None:
    assert "nan" not in plots.lab(facts, theme="print", alt="")


def test_no_value_gives_no_drawing() -> None:
    assert plots.lab([value(1, value=None)], theme="screen", alt="") == ""


def test_a_day_that_is_known_to_the_month_is_drawn_lighter_for_that_month() -> None:
    axis = Axis(date(2026, 6, 1), date(2026, 9, 9))
    june = Bar(Day.parse("2026-06"), Day.parse("2026-09-09"))
    drawn = parsed(plots.row([june], axis, (), theme="screen"))
    soft, sure = drawn.findall(f"{SVG}rect")
    assert soft.attrib["class"] == "soft"
    assert float(sure.attrib["x"].rstrip("%")) == pytest.approx(1.5 + 97 * 29 / 100, abs=0.01)
    assert float(soft.attrib["x"].rstrip("%")) == 1.5


def test_one_exact_day_is_a_dot() -> None:
    axis = Axis(date(2026, 6, 1), date(2026, 6, 11))
    day = Day.parse("2026-06-06")
    drawn = parsed(plots.row([Bar(day, day)], axis, (), theme="screen"))
    dot = drawn.find(f"{SVG}circle")
    assert dot is not None
    assert float(dot.attrib["cx"].rstrip("%")) == pytest.approx(1.5 + 97 / 2)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 10, 20), date(2026, 10, 20)),
        (date(2026, 6, 1), date(2026, 10, 20)),
        (date(1925, 1, 1), date(2026, 10, 20)),
    ],
)
def test_ticks_are_few_and_within_the_axis(first: date, last: date) -> None:
    ticks = plots.ticks(Axis(first, last))
    assert len(ticks) <= plots.MOST_TICKS + 1
    assert all(first <= tick <= last for tick in ticks)
