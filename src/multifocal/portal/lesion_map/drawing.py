"""Maps to choose on, as SVG: the drawings of the report, cut into views that fit a phone.

Units are those of the drawing. Nothing here knows what is chosen: a script marks it, from the list.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from html import escape
from importlib.resources import files
from math import dist
from typing import NamedTuple, get_args

import msgspec

from multifocal.knowledge.load import Knowledge
from multifocal.model.anatomy import BoneId, End, Part, RegionId, Site
from multifocal.model.place import site_text
from multifocal.report.outline import (
    Copy,
    Picture,
    Shape,
    Side,
    box_of,
    picture_of,
    piece_of,
    shapes_of,
    spots_of,
)

__all__ = ["Placed", "View", "drawn", "formed", "outlines", "placed", "views"]

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
SIDES: Mapping[str, Side] = {side: side for side in get_args(Side)}
NUMBER = re.compile(r"-?[0-9.]+")
PHONE = 340
"""Width of a view on a small phone, in pixels; sizes below are pixels there."""
HALO = 22
"""How wide the unseen rim around a bone is on which a tap counts, both sides together."""
HATCH = 7
LETTER = 15
AGES = (("from", ""), ("proximal", "-proximal"), ("distal", "-distal"))
"""Attributes that carry an age, and how the site of that age ends."""
PLATE = 12
"""Least length of a growth plate that is drawn, in units of the drawing."""


class Layer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What of a panel of the picture is drawn, and where."""

    panel: str
    only: tuple[BoneId, ...] = ()
    """Bones; empty is all."""
    side: Side | None = None
    matrix: Matrix = IDENTITY


class Door(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place that leads to another view."""

    view: str
    box: Box


class View(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One map on the screen."""

    id: str
    label: str
    picture: str
    box: Box
    layers: tuple[Layer, ...]
    bones: tuple[BoneId, ...]
    """What can be chosen; other bones are faint."""
    sides: tuple[Side, ...]
    pair: str = ""
    """The view that stands beside it where there is room."""
    together: str = ""
    """What both are called."""
    second: bool = False
    """Where both are shown, it has no button of its own."""
    doors: tuple[Door, ...] = ()
    regions: tuple[RegionId, ...] = ()
    """Regions that can be chosen as a whole."""
    words: tuple[tuple[str, float, float], ...] = ()
    hits: Mapping[str, Box] = msgspec.field(default_factory=dict)
    """For bones smaller than a fingertip: where a tap counts as theirs."""


class Placed(NamedTuple):
    """A bone somewhere in a view."""

    shape: Shape
    side: Side
    matrix: Matrix

    @property
    def bone(self) -> BoneId:
        """Its id."""
        return self.shape.bone

    @property
    def value(self) -> str:
        """Its site as text."""
        return site_text(Site(self.bone, laterality=self.side))


class Drawer(NamedTuple):
    """A view, and how ids begin: those of the outlines, and those of its own."""

    view: View
    shared: str
    own: str


@cache
def views() -> Mapping[str, View]:
    """Read the views."""
    data = files("multifocal.portal.lesion_map").joinpath("views.json").read_bytes()
    return {view.id: view for view in msgspec.json.decode(data, type=tuple[View, ...])}


@cache
def formed(knowledge: Knowledge) -> Mapping[str, tuple[float, float]]:
    """Give the months from which a bone or an end of it usually shows, for girls and boys."""
    return {row.id: (row.female_months, row.male_months) for row in knowledge.ossification}


def placed(view: View) -> Iterator[Placed]:
    """Give every bone of a view, those behind first."""
    picture = picture_of(view.picture)
    panels = {panel.id: panel for panel in picture.panels}
    homes = {shape.bone: (shape, panel) for panel in picture.panels for shape in panel.shapes}
    for layer in view.layers:
        panel = panels[layer.panel]
        own = [(shape, side, IDENTITY) for shape in panel.shapes for _, side in spots_of(shape)]
        for copy in panel.copies:
            matrix = _matrix(copy)
            for spot in copy.bones:
                side, _, bone = spot.partition("-")
                own.append((homes[BoneId(bone)][0], SIDES[side], matrix))
        for shape, side, matrix in own:
            if (not layer.only or shape.bone in layer.only) and layer.side in (None, side):
                axis = homes[shape.bone][1].axis
                turned = _times(matrix, _mirror(axis)) if side == "left" else matrix
                yield Placed(shape, side, _times(layer.matrix, turned))


def outlines(pictures: Iterable[str], *, prefix: str) -> str:
    """Define every bone of some pictures once, unseen, for all views; ``prefix`` begins each id."""
    paths = "".join(
        f'<path id="{escape(prefix)}{name}-{bone}" vector-effect="non-scaling-stroke"'
        f' d="{shape.path}"/>'
        for name in pictures
        for bone, shape in shapes_of(picture_of(name)).items()
    )
    return (
        f'<svg class="lm-defs" aria-hidden="true" width="0" height="0"><defs>{paths}</defs></svg>'
    )


def drawn(view: View, names: Mapping[str, str], knowledge: Knowledge, *, prefix: str) -> str:
    """Draw a view from `outlines` of the same prefix.

    A bone whose site is in ``names`` can be chosen and is called so. It carries the regions around
    it, and the ages in months (girls, boys) from which it and its ends usually show.
    """
    drawer = Drawer(view, f"{escape(prefix)}{view.picture}-", f"{escape(prefix)}{view.id}-")
    bones = list(placed(view))
    chosen = [one for one in bones if one.bone in view.bones and one.value in names]
    small = [one for one in chosen if one.value in view.hits]
    clipped = {one.bone: one.shape for one in chosen}
    return "".join(
        (
            f'<svg class="lm-svg" viewBox="{_numbers(view.box)}" role="group"',
            f' aria-label="{escape(view.label)}" data-ids="{drawer.own}"><defs>',
            *(_clips(drawer, shape) for shape in clipped.values()),
            _hatch(drawer),
            "</defs>",
            *_contexts(view),
            *(_door(door) for door in view.doors),
            f'<g class="lm-halo" stroke-width="{_unit(view) * HALO:.1f}">',
            *(
                _use(drawer, one, f' data-for="{one.value}"')
                for one in sorted(chosen, key=_breadth, reverse=True)
                if one not in small
            ),
            "</g>",
            *(
                _bone(drawer, one, names, knowledge)
                if one in chosen
                else _use(drawer, one, ' class="lm-faint"')
                for one in bones
                if one not in small
            ),
            *(_hit(one.value, view.hits[one.value]) for one in small),
            *(_bone(drawer, one, names, knowledge) for one in small),
            *_rings(view),
            *(_word(view, *word) for word in view.words),
            "</svg>",
        )
    )


def _breadth(one: Placed) -> float:
    """Give how broad a bone is; the rim of the narrow one wins where two meet."""
    left, top, right, bottom = box_of((one.shape.path,))
    return min(right - left, bottom - top)


def _clips(drawer: Drawer, shape: Shape) -> str:
    """Define where the parts of a bone are."""
    return "".join(
        f'<clipPath id="{drawer.own}{shape.bone}-{text}"><path d="M{corners}Z"/></clipPath>'
        for text, corners in _pieces(shape, picture_of(drawer.view.picture))
    )


def _pieces(shape: Shape, picture: Picture) -> Iterator[tuple[str, str]]:
    """Give each part of a bone that is in the picture, with the corners that cut it out."""
    parts: list[tuple[End | None, Part | None]] = [(None, "diaphysis")] if shape.ends else []
    for one in shape.ends:
        ended: tuple[Part | None, ...] = ("epiphysis", "metaphysis") if one.physis else (None,)
        parts += [(one.end, part) for part in ended]
    for end, part in parts:
        site = Site(shape.bone, part=part, end=end)
        if piece := piece_of(shape, site, picture.plate):
            corners = "L".join(f"{x:.0f} {y:.0f}" for x, y in piece)
            yield site_text(site).partition("-")[2], corners


def _bone(drawer: Drawer, one: Placed, names: Mapping[str, str], knowledge: Knowledge) -> str:
    """Draw a bone that can be chosen."""
    shape, name = one.shape, f"#{drawer.shared}{one.bone}"
    plates = "".join(
        "M{:g} {:g}L{:g} {:g}".format(*end.physis)
        for end in shape.ends
        if end.physis and dist(end.physis[:2], end.physis[2:]) > PLATE
    )
    return "".join(
        (
            '<g class="lm-bone" role="button" tabindex="-1" aria-pressed="false"',
            f' aria-label="{escape(names[one.value])}" data-site="{one.value}"',
            f' data-in="{" ".join(knowledge.places[one.bone][1:])}"',
            f"{_ages(one.bone, knowledge)}{_turned(one)}>",
            _line("lm-under", shape.under),
            f'<use class="lm-shape" href="{name}"/>',
            f'<use class="lm-hatch" href="{name}" fill="url(#{drawer.own}hatch)"/>',
            _line("lm-detail", shape.detail),
            _line("lm-plate", plates),
            _line("lm-gap", plates),
            "</g>",
        )
    )


def _ages(bone: BoneId, knowledge: Knowledge) -> str:
    """Give the ages of a bone and of its ends as attributes."""
    found = [(place, formed(knowledge).get(f"{bone}{end}")) for place, end in AGES]
    return "".join(f' data-{place}="{_numbers(age)}"' for place, age in found if age)


def _use(drawer: Drawer, one: Placed, more: str) -> str:
    return f'<use{more} href="#{drawer.shared}{one.bone}"{_turned(one)}/>'


def _hit(value: str, box: Box) -> str:
    x, y, width, height = box
    return (
        f'<rect class="lm-hit" data-for="{value}" x="{x:g}" y="{y:g}"'
        f' width="{width:g}" height="{height:g}"/>'
    )


def _door(door: Door) -> str:
    """Draw a place that leads to another view, as a button called by that view."""
    x, y, width, height = door.box
    return (
        f'<rect class="lm-door" role="button" tabindex="-1" data-view="{door.view}"'
        f' aria-label="Show the map: {escape(views()[door.view].label)}"'
        f' x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="6"/>'
    )


def _contexts(view: View) -> Iterator[str]:
    """Draw cartilage and outlines behind; only where a panel is drawn as a whole."""
    panels = {panel.id: panel for panel in picture_of(view.picture).panels}
    for layer in view.layers:
        if layer.only:
            continue
        panel = panels[layer.panel]
        yield _line("lm-faint", panel.context, layer.matrix)
        for copy in panel.copies:
            yield _line("lm-faint", copy.context, _times(layer.matrix, _matrix(copy)))


def _rings(view: View) -> Iterator[str]:
    """Draw the joints and other places without a bone; seen only when they are chosen."""
    panels = {panel.id: panel for panel in picture_of(view.picture).panels}
    for layer in view.layers:
        panel = panels[layer.panel]
        for place in () if layer.only else panel.places:
            sides: tuple[Side, ...] = ("right", "left") if place.side == "right" else ("midline",)
            for side in sides:
                if layer.side in (None, side):
                    x = 2 * panel.axis - place.at[0] if side == "left" else place.at[0]
                    value = site_text(Site(region=place.region, laterality=side))
                    yield (
                        f'<circle class="lm-ring" data-ring="{value}" cx="{x:g}"'
                        f' cy="{place.at[1]:g}" r="{place.radius:g}"/>'
                    )


def _hatch(drawer: Drawer) -> str:
    step = _unit(drawer.view) * HATCH
    return (
        f'<pattern id="{drawer.own}hatch" class="lm-lines" width="{step:.2f}" height="{step:.2f}"'
        ' patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<path d="M{step / 2:.2f} 0V{step:.2f}" stroke-width="{step / 3:.2f}"/></pattern>'
    )


def _word(view: View, text: str, x: float, y: float) -> str:
    size = _unit(view) * LETTER
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:.1f}">{escape(text)}</text>'


def _line(role: str, path: str, matrix: Matrix = IDENTITY) -> str:
    turned = "" if matrix == IDENTITY else f' transform="matrix({_numbers(matrix)})"'
    return f'<path class="{role}" d="{path}"{turned}/>' if path else ""


def _turned(one: Placed) -> str:
    return "" if one.matrix == IDENTITY else f' transform="matrix({_numbers(one.matrix)})"'


def _unit(view: View) -> float:
    """Give the units of a view that make one pixel on a small phone."""
    return view.box[2] / PHONE


def _numbers(values: Iterable[float]) -> str:
    return " ".join(f"{round(value, 3):g}" for value in values)


def _matrix(copy: Copy) -> Matrix:
    a, b, c, d, e, f = (float(number) for number in NUMBER.findall(copy.transform))
    return a, b, c, d, e, f


def _mirror(axis: float) -> Matrix:
    return (-1, 0, 0, 1, 2 * axis, 0)


def _times(one: Matrix, other: Matrix) -> Matrix:
    """Give the matrix that does the other first."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (
        a * g + c * h,
        b * g + d * h,
        a * i + c * j,
        b * i + d * j,
        a * k + c * m + e,
        b * k + d * m + f,
    )
