"""Where a place is: bones drawn plain with some of them marked, without a style of its own.

A page holds the outlines of a picture once (`outlines`); each drawing on it (`locate`) refers to
them. The page's style sheet gives the look: ``.bones``, ``.marked``, ``.ring``.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from multifocal.model.anatomy import BoneId, RegionId
from multifocal.report.outline import (
    Copy,
    Panel,
    Picture,
    Shape,
    Spot,
    box_of,
    mirrored,
    picture_of,
    shapes_of,
    spots_of,
)

__all__ = ["View", "locate", "outlines", "small", "view_for"]

View = Literal["hands", "figure", "skull", "feet"]
SHOWN: Mapping[View, tuple[str, tuple[str, ...]]] = {
    "hands": ("hands", ("both",)),
    "skull": ("body", ("skull",)),
    "feet": ("body", ("feet",)),
    "figure": ("body", ("front-feet", "front", "front-head")),
}
"""By view: the picture and the panels of it, in drawing order; the narrowest view first."""
NOWHERE: Mapping[BoneId, tuple[str, str]] = MappingProxyType({})
NUMBER = re.compile(r"-?\d+\.\d+")


class Drawn(NamedTuple):
    """One bone of one side in a view."""

    shape: Shape
    spot: Spot
    axis: float
    copied: str
    """The transform by which it stands here as a copy."""


def view_for(bones: Collection[BoneId]) -> View:
    """Give the narrowest view that shows all of some bones; the whole figure when none does."""
    for view in SHOWN:
        if bones and set(bones) <= {one.spot[0] for one in _drawn(view)}:
            return view
    return "figure"


def outlines(*views: View) -> str:
    """Give the outlines of views, to stand once in a page, unseen."""
    parts = []
    for view in views:
        drawn = tuple(_drawn(view))
        seen = {_name(view, one.shape): one.shape for one in drawn}
        parts += [f'<path id="{name}" d="{_short(shape.path)}"/>' for name, shape in seen.items()]
        uses = "".join(_use(view, one) for one in drawn)
        parts.append(f'<g id="{view}-bones">{uses}</g>')
    return (
        '<svg class="outlines" width="0" height="0" aria-hidden="true" focusable="false">'
        f"<defs>{''.join(parts)}</defs></svg>"
    )


def locate(
    view: View,
    marked: Collection[Spot],
    label: str,
    *,
    joints: Collection[RegionId] = (),
    links: Mapping[BoneId, tuple[str, str]] = NOWHERE,
) -> str:
    """Draw a view with some bones and joints marked; the page must hold its `outlines`.

    ``links`` makes bones lead somewhere: by bone, the address and its title. Such a drawing is
    hidden from assistive technology: beside it the same links must stand in words.
    """
    left, top, right, bottom = _box(view)
    inside = [f'<use href="#{view}-bones" class="bones"/>']
    if links:
        inside += [_linked(view, one, links) for one in _drawn(view) if one.spot[0] in links]
    on = "".join(_use(view, one) for one in _drawn(view) if one.spot in marked)
    inside += [f'<g class="marked">{on}</g>'] if on else []
    inside += list(_rings(view, joints))
    told = (
        'aria-hidden="true"' if links or not label else f'role="img" aria-label={quoteattr(label)}'
    )
    size = f"{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}"
    return (
        f'<svg class="locator {view}" viewBox="{size}" {told} focusable="false">'
        f"{''.join(inside)}</svg>"
    )


BONE, SORE = 'fill="#f6efdd" stroke="#6b5d48"', 'fill="#cf5a2a" stroke="#7a2606"'


def small(marked: Collection[tuple[BoneId, str]]) -> str:
    """Draw the narrowest view of some bones by itself, marked by colour and by hatching.

    A bone of which the side is not known is marked on no side.
    """
    view = view_for({bone for bone, _ in marked})
    left, top, right, bottom = _box(view)
    drawn = tuple(_drawn(view))
    on = [one for one in drawn if one.spot in marked]
    sides = {one.spot[1] for one in on}
    middle = (left + right) / 2
    if view == "hands" and len(sides) == 1:
        xs = [_middle(one) for one in on]
        left, right = (left, middle) if max(xs) < middle else (middle, right)
    shapes = {_name(view, one.shape): one.shape for one in drawn}
    defs = "".join(
        f'<path id="small-{name}" d="{_short(one.path)}"/>' for name, one in shapes.items()
    )
    thick = (right - left) / 260
    every = "".join(_use(view, one) for one in drawn)
    marks = "".join(_use(view, one) for one in on)
    hatch = (
        f'<pattern id="small-hatch" width="{5 * thick:.1f}" height="{5 * thick:.1f}" '
        f'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<path d="M0 0V{5 * thick:.1f}" stroke="#7a2606" stroke-width="{2 * thick:.1f}"/>'
        "</pattern>"
    )
    body = (
        f'<g {BONE} stroke-width="{thick:.1f}">{every}</g>'
        f'<g {SORE} stroke-width="{thick:.1f}">{marks}</g><g fill="url(#small-hatch)">{marks}</g>'
    ).replace('href="#', 'href="#small-')
    size = f"{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="small-map" viewBox="{size}" '
        f'aria-hidden="true"><defs>{defs}{hatch}</defs>{body}</svg>'
    )


def _middle(one: Drawn) -> float:
    left, _, right, _ = box_of((one.shape.path,))
    middle = (left + right) / 2
    return 2 * one.axis - middle if one.spot[1] == "left" else middle


def _panels(view: View) -> tuple[Picture, list[Panel]]:
    name, wanted = SHOWN[view]
    picture = picture_of(name)
    return picture, [panel for panel in picture.panels if panel.id in wanted]


def _drawn(view: View) -> Iterator[Drawn]:
    """Give each bone of a view on each side, in drawing order, copies among them."""
    picture, panels = _panels(view)
    shapes, axes = shapes_of(picture), _axes(picture)
    for panel in panels:
        for shape in panel.shapes:
            for spot in spots_of(shape):
                yield Drawn(shape, spot, panel.axis, "")
        for copy in panel.copies:
            yield from _copied(copy, shapes, axes)


def _axes(picture: Picture) -> Mapping[BoneId, float]:
    return {shape.bone: panel.axis for panel in picture.panels for shape in panel.shapes}


def _copied(
    copy: Copy, shapes: Mapping[BoneId, Shape], axes: Mapping[BoneId, float]
) -> Iterator[Drawn]:
    for name in copy.bones:
        side, _, bone = name.partition("-")
        shape = shapes[BoneId(bone)]
        for spot in spots_of(shape):
            if spot[1] == side:
                yield Drawn(shape, spot, axes[shape.bone], copy.transform)


def _name(view: View, shape: Shape) -> str:
    return f"{view}-{shape.bone}"


def _use(view: View, one: Drawn) -> str:
    moves = [one.copied] if one.copied else []
    if one.spot[1] == "left":
        moves.append(f"matrix(-1 0 0 1 {2 * one.axis:g} 0)")
    moved = f' transform="{" ".join(moves)}"' if moves else ""
    return f'<use href="#{_name(view, one.shape)}"{moved}/>'


def _linked(view: View, one: Drawn, links: Mapping[BoneId, tuple[str, str]]) -> str:
    address, title = links[one.spot[0]]
    inside = f"<title>{escape(title)}</title>{_use(view, one)}"
    return f'<a href={quoteattr(address)} tabindex="-1">{inside}</a>'


def _rings(view: View, joints: Collection[RegionId]) -> Iterator[str]:
    """Give a ring for each joint that has a place in the view, on each of its sides."""
    for panel in _panels(view)[1]:
        for place in panel.places:
            if place.region in joints:
                (x, y), r = place.at, place.radius
                yield f'<circle class="ring" cx="{x:g}" cy="{y:g}" r="{r:g}"/>'
                if place.side == "right":
                    yield f'<circle class="ring" cx="{2 * panel.axis - x:g}" cy="{y:g}" r="{r:g}"/>'


def _box(view: View) -> tuple[float, float, float, float]:
    """Give the box that holds all of a view, with some room."""
    corners = []
    for one in _drawn(view):
        path = mirrored(one.shape.path, one.axis) if one.spot[1] == "left" else one.shape.path
        left, top, right, bottom = box_of((path,))
        if one.copied:
            across, _, _, down, x, y = (float(part) for part in re.findall(r"-?[\d.]+", one.copied))
            left, right = left * across + x, right * across + x
            top, bottom = top * down + y, bottom * down + y
        corners += [(left, top), (right, bottom)]
    room = picture_of(SHOWN[view][0]).text / 2
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs) - room, min(ys) - room, max(xs) + room, max(ys) + room


def _short(path: str) -> str:
    """Round a path to whole units: a tenth can't be seen."""
    return NUMBER.sub(lambda number: f"{float(number[0]):.0f}", path)
