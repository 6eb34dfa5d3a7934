"""Drawings of figures: a share with its interval, stated against seen, lanes over time. SVG.

Colours come from the classes of the page's style sheet. Each says in `alt` what it shows.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

import msgspec

from multifocal.model.validation import Calibration, Proportion
from multifocal.report.plots import Axis


def _svg(width: float, height: float, body: Iterable[str], alt: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img" aria-label="{escape(alt)}">'
        f"{''.join(body)}</svg>"
    )


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="11" font-family="inherit" '
        f'text-anchor="{anchor}" class="muted">{escape(text)}</text>'
    )


SHARE_WIDTH, SHARE_HEIGHT, EDGE = 130.0, 22.0, 6.0


def share(proportion: Proportion, *, goal: float | None, alt: str) -> str:
    """Draw a share on a line from 0 to 1 with its interval, and the goal as an upright stroke."""
    if proportion.value is None or proportion.low is None or proportion.high is None:
        return ""

    def x(value: float) -> float:
        return EDGE + (SHARE_WIDTH - 2 * EDGE) * value

    middle = SHARE_HEIGHT / 2
    body = [
        f'<path d="M{x(0):.1f} {middle}H{x(1):.1f}" class="grid" stroke-width="1"/>',
        f'<rect x="{x(proportion.low):.1f}" y="{middle - 3}" height="6" rx="1.5" class="soft" '
        f'width="{max(x(proportion.high) - x(proportion.low), 2):.1f}"/>',
        f'<circle cx="{x(proportion.value):.1f}" cy="{middle}" r="4.5" class="bar"/>',
    ]
    if goal is not None:
        body.append(f'<path d="M{x(goal):.1f} 2V{SHARE_HEIGHT - 2}" class="goal"/>')
    return _svg(SHARE_WIDTH, SHARE_HEIGHT, body, alt)


SIDE, LEFT, TOP, BELOW = 300.0, 46.0, 10.0, 58.0


def calibration(found: Calibration, *, alt: str) -> str:
    """Draw how often what was stated was true, bin by bin, with intervals and counts."""

    def x(value: float) -> float:
        return LEFT + SIDE * value

    def y(value: float) -> float:
        return TOP + SIDE * (1 - value)

    body = [
        f'<rect x="{x(0)}" y="{y(1)}" width="{SIDE}" height="{SIDE}" class="grid"/>',
        f'<path d="M{x(0)} {y(0)}L{x(1)} {y(1)}" class="join" stroke-dasharray="4 4"/>',
    ]
    for place in (0.0, 0.25, 0.5, 0.75, 1.0):
        body.append(_text(x(place), y(0) + 15, f"{place:.0%}", "middle"))
        body.append(_text(x(0) - 6, y(place) + 4, f"{place:.0%}", "end"))
    for one in found.bins:
        right = one.right
        if one.stated is None or right.value is None or right.low is None or right.high is None:
            continue
        at = x(one.stated)
        body += [
            f'<path d="M{at:.1f} {y(right.low):.1f}V{y(right.high):.1f}" class="line"/>',
            f'<circle cx="{at:.1f}" cy="{y(right.value):.1f}" r="5" class="bar"/>',
            _text(x((one.low + one.high) / 2), y(0) + 32, str(right.n), "middle"),
        ]
    body += [
        _text(x(0), y(0) + 50, "stated probability; below it, how many"),
        _text(x(0) + 6, y(1) + 15, "seen"),
    ]
    return _svg(SIDE + LEFT + 20, SIDE + TOP + BELOW, body, alt)


class Stretch(msgspec.Struct, frozen=True):
    """Part of a lane, from a day to the next visit."""

    start: date
    end: date
    strong: bool
    """Whether it led, or for a red flag, stood."""


class Lane(msgspec.Struct, frozen=True):
    """One condition or red flag over time."""

    label: str
    stretches: tuple[Stretch, ...]
    told: str
    """The same in words."""
    alarm: bool = False


LANE = 22.0


def lane(one: Lane, axis: Axis, visits: Sequence[date]) -> str:
    """Draw a lane against the visits, as wide as its column: thick where it led, thin elsewhere."""

    def across(day: date) -> float:
        return 1.5 + 97 * axis.place(day)

    body = [
        f'<line x1="{across(day):.2f}%" x2="{across(day):.2f}%" y1="0" y2="100%" class="grid"/>'
        for day in visits
    ]
    for part in one.stretches:
        style = "mark" if one.alarm else "bar" if part.strong else "soft"
        tall = 12 if part.strong else 6
        wide = max(across(part.end) - across(part.start), 1.2)
        body.append(
            f'<rect x="{across(part.start) - 0.6:.2f}%" y="{(LANE - tall) / 2:g}" rx="1.5" '
            f'width="{wide:.2f}%" height="{tall}" class="{style}"/>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="{LANE:g}" role="img" '
        f'aria-label="{escape(one.told)}">{"".join(body)}</svg>'
    )
