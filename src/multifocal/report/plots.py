"""Small drawings: a score interval, an analyte over time, a bar on the timeline. SVG, our own.

Every drawing repeats what text beside it says, so it is hidden from screen readers by its caller or
carries `alt` text. On a page the colours come from CSS classes; in print they are written out.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from html import escape
from itertools import pairwise
from math import log10
from typing import Literal

import msgspec

from multifocal.model.day import Day
from multifocal.model.record import Fact
from multifocal.report.words import number

Theme = Literal["screen", "print"]

PRINT = {
    "ink": 'fill="#1d1b18"',
    "muted": 'fill="#57534a"',
    "line": 'stroke="#57534a" stroke-width="1.2" fill="none"',
    "grid": 'stroke="#ddd8cc" stroke-width="1" fill="none"',
    "band": 'fill="#ebe6da"',
    "soft": 'fill="#bdb5a3"',
    "bar": 'fill="#57534a"',
    "mark": 'fill="#a8360c"',
    "ring": 'fill="#ffffff" stroke="#57534a" stroke-width="1.5"',
    "join": 'stroke="#8a8474" stroke-width="1" fill="none"',
}
"""Attributes of each class in print; the page's style sheet has the same names."""


class Threshold(msgspec.Struct, frozen=True):
    """A score at which a set changes its answer, as published."""

    at: float
    sign: str


class Axis(msgspec.Struct, frozen=True):
    """The days that a timeline covers."""

    first: date
    last: date

    def place(self, day: date) -> float:
        """Give a day's place on the axis, 0 to 1; days outside are at the edge."""
        whole = max((self.last - self.first).days, 1)
        return min(max((day - self.first).days / whole, 0.0), 1.0)


class Bar(msgspec.Struct, frozen=True):
    """Something on the timeline: from a day to a day, either of them perhaps not exact."""

    start: Day
    end: Day
    ongoing: bool = False


def _style(name: str, theme: Theme) -> str:
    return f'class="{name}"' if theme == "screen" else PRINT[name]


def _svg(width: float, height: float, body: Iterable[str], *, alt: str, fluid: bool = False) -> str:
    box = "" if fluid else f' viewBox="0 0 {width:g} {height:g}"'
    size = "100%" if fluid else f"{width:g}"
    label = f'role="img" aria-label="{escape(alt)}"' if alt else 'aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{height:g}"{box} {label}>'
        f"{''.join(body)}</svg>"
    )


SCORE_WIDTH, SCORE_HEIGHT, SCORE_EDGE = 300.0, 46.0, 8.0


def score(
    low: int, high: int, maximum: int, thresholds: Sequence[Threshold], *, theme: Theme, alt: str
) -> str:
    """Draw a score interval on 0 to its maximum with its thresholds."""

    def x(value: float) -> float:
        return SCORE_EDGE + (SCORE_WIDTH - 2 * SCORE_EDGE) * value / max(maximum, 1)

    top, tall = 18.0, 10.0
    body = [
        f'<rect x="{x(0):.1f}" y="{top}" width="{x(maximum) - x(0):.1f}" height="{tall}" rx="1.5" '
        f"{_style('band', theme)}/>",
        f'<rect x="{x(low):.1f}" y="{top}" width="{max(x(high) - x(low), 3):.1f}" height="{tall}" '
        f'rx="1.5" {_style("bar", theme)}/>',
        _text(x(0), top + tall + 13, "0", theme),
        _text(x(maximum), top + tall + 13, number(maximum), theme, anchor="end"),
    ]
    for threshold in thresholds:
        at = x(threshold.at)
        anchor = (
            "start" if at < SCORE_WIDTH / 4 else "end" if at > SCORE_WIDTH * 3 / 4 else "middle"
        )
        body += [
            f'<path d="M{at:.1f} {top - 4}V{top + tall + 4}" {_style("line", theme)}/>',
            _text(at, top - 7, f"{threshold.sign} {number(threshold.at)}", theme, anchor=anchor),
        ]
    return _svg(SCORE_WIDTH, SCORE_HEIGHT, body, alt=alt)


def _text(
    x: float, y: float, text: str, theme: Theme, *, anchor: str = "start", style: str = "muted"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="11" text-anchor="{anchor}" '
        f'font-family="{FONTS[theme]}" {_style(style, theme)}>{escape(text)}</text>'
    )


FONTS = {"screen": "inherit", "print": "Libertinus Serif"}

LAB_WIDTH, LAB_HEIGHT = 168.0, 48.0


def lab(facts: Sequence[Fact], *, theme: Theme, alt: str) -> str:
    """Draw an analyte over time, oldest first, on the band of its reference interval.

    A value outside its interval is a diamond, one inside a dot, one without interval a ring.
    """
    points = [fact for fact in facts if fact.value is not None]
    if not points:
        return ""
    y = _scale(points)
    x = _spread([fact.day for fact in points])
    body = [*_bands(points, x, y, theme)]
    path = " ".join(
        f"{'L' if place else 'M'}{x[place]:.1f} {y(fact.value or 0):.1f}"
        for place, fact in enumerate(points)
    )
    if len(points) > 1:
        body.append(f'<path d="{path}" {_style("join", theme)}/>')
    body += [_point(x[place], y(fact.value or 0), fact, theme) for place, fact in enumerate(points)]
    return _svg(LAB_WIDTH, LAB_HEIGHT, body, alt=alt)


def _scale(points: Sequence[Fact]) -> Callable[[float], float]:
    """Map values to heights so that all values and bounds fit, the band open where it is open."""
    seen = [fact.value for fact in points if fact.value is not None]
    bounds = [bound for fact in points for bound in (fact.low, fact.high) if bound is not None]
    low = 0.0 if any(fact.low is None for fact in points) else min(*seen, *bounds)
    high = max([*seen, *bounds])
    room = (high - low or abs(high) or 1.0) * 0.18
    least, most = (low if low == 0.0 else low - room), high + room
    return lambda value: 4 + (LAB_HEIGHT - 8) * (most - value) / (most - least)


def _spread(days: Sequence[Day | None]) -> list[float]:
    """Give each point its place from left to right; undated points are spread evenly."""
    edge, width = 12.0, LAB_WIDTH - 24.0
    if len(days) == 1:
        return [LAB_WIDTH / 2]
    dated = [day.latest for day in days if day is not None]
    if len(dated) < len(days) or dated[0] == dated[-1]:
        return [edge + width * place / (len(days) - 1) for place in range(len(days))]
    axis = Axis(min(dated), max(dated))
    return [edge + width * axis.place(day) for day in dated]


def _bands(
    points: Sequence[Fact], x: Sequence[float], y: Callable[[float], float], theme: Theme
) -> Iterable[str]:
    """Draw each value's own interval behind it, meeting half way between neighbours."""
    edges = [0.0, *((left + right) / 2 for left, right in pairwise(x)), LAB_WIDTH]
    for place, fact in enumerate(points):
        if fact.low is None and fact.high is None:
            continue
        top = 0.0 if fact.high is None else y(fact.high)
        bottom = LAB_HEIGHT if fact.low is None else y(fact.low)
        left, right = edges[place], edges[place + 1]
        yield (
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" '
            f'height="{max(bottom - top, 1):.1f}" {_style("band", theme)}/>'
        )


def _point(x: float, y: float, fact: Fact, theme: Theme) -> str:
    if fact.flag in ("low", "high"):
        diamond = f"M{x:.1f} {y - 5.5:.1f}l5.5 5.5l-5.5 5.5l-5.5 -5.5z"
        return f'<path d="{diamond}" {_style("mark", theme)}/>'
    style = "ring" if fact.flag is None else "bar"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" {_style(style, theme)}/>'


ROW_HEIGHT, ROW_WIDTH = 22.0, 300.0


def row(bars: Sequence[Bar], axis: Axis, ticks: Sequence[date], *, theme: Theme) -> str:
    """Draw one row of the timeline: days as dots, spans as bars, what is not exact lighter.

    On a page it stretches with its column; places are then in per cent.
    """
    body = [_tick(axis.place(tick), theme) for tick in ticks]
    for bar in bars:
        body += _bar(bar, axis, theme)
    return _svg(ROW_WIDTH, ROW_HEIGHT, body, alt="", fluid=theme == "screen")


def _across(place: float, theme: Theme) -> str:
    """Keep a dot's half width free on both sides."""
    return (
        f"{1.5 + 97 * place:.2f}%"
        if theme == "screen"
        else f"{ROW_WIDTH * (0.015 + 0.97 * place):.1f}"
    )


def _wide(size: float, theme: Theme) -> str:
    return f"{97 * size:.2f}%" if theme == "screen" else f"{ROW_WIDTH * 0.97 * size:.1f}"


def _tick(place: float, theme: Theme) -> str:
    x = _across(place, theme)
    y = "100%" if theme == "screen" else f"{ROW_HEIGHT:g}"
    return f'<line x1="{x}" x2="{x}" y1="0" y2="{y}" {_style("grid", theme)}/>'


def _rect(start: float, end: float, style: str, theme: Theme, *, tall: float) -> str:
    return (
        f'<rect x="{_across(start, theme)}" y="{(ROW_HEIGHT - tall) / 2:g}" '
        f'width="{_wide(max(end - start, 0), theme)}" height="{tall:g}" rx="1.5" '
        f"{_style(style, theme)}/>"
    )


def _bar(bar: Bar, axis: Axis, theme: Theme) -> Iterable[str]:
    first, sure = axis.place(bar.start.earliest), axis.place(bar.start.latest)
    until, last = axis.place(bar.end.earliest), axis.place(bar.end.latest)
    middle = f"{ROW_HEIGHT / 2:g}"
    if bar.start == bar.end:
        if bar.start.earliest == bar.start.latest:
            x = _across(first, theme)
            yield f'<circle cx="{x}" cy="{middle}" r="4.5" {_style("bar", theme)}/>'
        else:
            yield _rect(first, last, "soft", theme, tall=8)
        return
    yield _rect(first, last, "soft", theme, tall=8)
    if sure < until:
        yield _rect(sure, until, "bar", theme, tall=8)


MONTHS_A_YEAR = 12
MOST_TICKS = 5


def ticks(axis: Axis) -> tuple[date, ...]:
    """Give first days of months or years, at most a handful, that divide the axis evenly."""
    months = (axis.last.year - axis.first.year) * MONTHS_A_YEAR + axis.last.month - axis.first.month
    steps = (1, 2, 3, 6, 12, 24, 60, 120, 240)
    step = next((step for step in steps if months / step <= MOST_TICKS), steps[-1])
    start = axis.first.year * MONTHS_A_YEAR + axis.first.month - 1
    first = -(-start // step) * step
    days = (
        date(at // MONTHS_A_YEAR, at % MONTHS_A_YEAR + 1, 1)
        for at in range(first, start + months + 1, step)
    )
    return tuple(day for day in days if axis.first <= day <= axis.last)


def tick_label(day: date, axis: Axis) -> str:
    """Write a tick as a month, or as a year when the axis is long."""
    long = (axis.last - axis.first).days > 366 * 3
    return f"{day:%Y}" if long else f"{day:%b %Y}" if day.month == 1 else f"{day:%b}"


EDGE = 0.08
"""Ticks nearer than this to an end write their label inwards."""


def scale(axis: Axis, days: Sequence[date], *, theme: Theme) -> str:
    """Draw the head of the timeline: the days that its grid lines stand for."""
    body = []
    for day in days:
        place = axis.place(day)
        x = _across(place, theme)
        anchor = "start" if place < EDGE else "end" if place > 1 - EDGE else "middle"
        body.append(
            f'<text x="{x}" y="13" font-size="11" text-anchor="{anchor}" '
            f'font-family="{FONTS[theme]}" {_style("muted", theme)}>{tick_label(day, axis)}</text>'
        )
    return _svg(ROW_WIDTH, 18, body, alt="", fluid=theme == "screen")


STAND_WIDTH, STAND_HEIGHT = 300.0, 20.0


def stand(low: float, share: float, high: float, *, theme: Theme, alt: str) -> str:
    """Draw where a condition stands between hardly and surely, and from where to where it may."""

    def x(value: float) -> float:
        inside = min(max(value, LEAST_SHARE), 1 - LEAST_SHARE)
        place = log10(inside / (1 - inside)) / log10((1 - LEAST_SHARE) / LEAST_SHARE)
        return SCORE_EDGE + (STAND_WIDTH - 2 * SCORE_EDGE) * (1 + place) / 2

    middle, tall = STAND_HEIGHT / 2, 8.0
    body = [
        f'<rect x="{x(0):.1f}" y="{middle - 1}" width="{x(1) - x(0):.1f}" height="2" '
        f"{_style('band', theme)}/>",
        f'<rect x="{x(low):.1f}" y="{middle - tall / 2}" width="{max(x(high) - x(low), 3):.1f}" '
        f'height="{tall}" rx="1.5" {_style("soft", theme)}/>',
        f'<circle cx="{x(share):.1f}" cy="{middle}" r="5" {_style("bar", theme)}/>',
    ]
    return _svg(STAND_WIDTH, STAND_HEIGHT, body, alt=alt)


LEAST_SHARE = 1e-4
"""Where the line of `stand` begins; its end is as far from one."""

MOVE_WIDTH, MOVE_HEIGHT, MOVE_MOST = 150.0, 16.0, 1.0
"""Decades that fill the width of `move` from its zero; more is drawn as so much."""


def move(log10_: float, low: float, high: float, *, published: bool, theme: Theme, alt: str) -> str:
    """Draw how far a finding moved a condition: to the right for it, to the left against it.

    The bar is filled where the number was published, hollow where it is judgement.
    """

    def x(value: float) -> float:
        inside = min(max(value, -MOVE_MOST), MOVE_MOST)
        return MOVE_WIDTH / 2 + inside / MOVE_MOST * (MOVE_WIDTH / 2 - 3)

    left, right = sorted((x(0), x(log10_)))
    middle = MOVE_HEIGHT / 2
    body = [
        f'<path d="M{x(0):.1f} 0V{MOVE_HEIGHT}" {_style("line", theme)}/>',
        f'<rect x="{left:.1f}" y="{middle - 4}" width="{max(right - left, 1.5):.1f}" height="8" '
        f"{_style('bar' if published else 'ring', theme)}/>",
        f'<path d="M{x(low):.1f} {middle}H{x(high):.1f}" {_style("line", theme)}/>',
    ]
    return _svg(MOVE_WIDTH, MOVE_HEIGHT, body, alt=alt)
