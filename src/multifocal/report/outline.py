"""Outlines of bones as data, and the parts of a bone as polygons that clip its outline.

Units are those of the view box, x to the right and y down. Only right and unpaired bones are
stored; a left bone is the mirror image about the axis of its panel.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from math import dist
from typing import Literal

import msgspec

from multifocal.model.anatomy import BoneId, End, RegionId, Site
from multifocal.model.assessment import Lesion

__all__ = [
    "WHOLE",
    "BoneEnd",
    "Caption",
    "Copy",
    "Line",
    "Panel",
    "Picture",
    "Place",
    "Point",
    "Shape",
    "Side",
    "Spot",
    "box_of",
    "mirrored",
    "picture_of",
    "piece_of",
    "shapes_of",
    "spots_of",
]

Side = Literal["left", "right", "midline"]
Spot = tuple[BoneId, Side]
Point = tuple[float, float]
Polygon = tuple[Point, ...]
Line = tuple[float, float, float, float]
WHOLE: Polygon = ()
"""All of a bone: nothing is clipped away."""
NUMBER = re.compile(r"-?[0-9.]+")
PAIR = re.compile(r"(-?[0-9.]+) (-?[0-9.]+)")


class BoneEnd(msgspec.Struct, frozen=True):
    """Lines across one end of a long bone: at its growth plate and where its shaft begins."""

    end: End
    shaft: Line
    physis: Line | None = None


class Shape(msgspec.Struct, frozen=True):
    """The outline of one bone: absolute M, C, S, L and Z commands with coordinate pairs."""

    bone: BoneId
    path: str
    side: Literal["right", "midline"] = "right"
    ends: tuple[BoneEnd, ...] = ()
    shows: End | None = None
    """The only end that is in the picture; `None` when all of the bone is."""
    detail: str = ""
    """Inner lines, such as the rim of a joint."""
    under: str = ""
    """Cartilage, teeth and the like just beneath the bone: drawn, never assessed."""


class Place(msgspec.Struct, frozen=True):
    """A region that has no bone of its own, such as a joint, as a circle."""

    region: RegionId
    at: Point
    radius: float
    side: Literal["right", "midline"] = "right"


class Caption(msgspec.Struct, frozen=True):
    """A word of ``words.json`` or a digit, at a place."""

    text: str
    at: tuple[float, float]
    anchor: Literal["start", "middle", "end"] = "middle"
    role: Literal["head", "word", "note"] = "word"


class Copy(msgspec.Struct, frozen=True):
    """Bones shown a second time elsewhere in the picture, in drawing order."""

    bones: tuple[str, ...]
    transform: str
    context: str = ""
    """Lines drawn over the copy."""


class Panel(msgspec.Struct, frozen=True):
    """Bones drawn about one axis of symmetry, in drawing order."""

    id: str
    axis: float
    shapes: tuple[Shape, ...]
    context: str = ""
    """Cartilage and the like: drawn beneath the bones, never assessed."""
    copies: tuple[Copy, ...] = ()
    places: tuple[Place, ...] = ()


class Picture(msgspec.Struct, frozen=True):
    """A whole map."""

    id: str
    width: float
    height: float
    text: float
    """Size of letters; 9 pt or more when the picture is printed 17 cm wide."""
    stroke: float
    """Width of an outline."""
    hatch: float
    """Distance between the lines of a hatch."""
    legend: tuple[float, float, float]
    """Left and top of the legend, and the right border at which it breaks into rows."""
    plate: float
    """Thickness of a growth plate, where a lesion in one is filled."""
    panels: tuple[Panel, ...]
    captions: tuple[Caption, ...] = ()


@cache
def picture_of(name: str) -> Picture:
    """Read a map: ``hands`` or ``body``."""
    data = files("multifocal.report").joinpath("maps", f"{name}.json").read_bytes()
    return msgspec.json.decode(data, type=Picture)


@cache
def shapes_of(picture: Picture) -> Mapping[BoneId, Shape]:
    """Give the shape of each bone of a map."""
    return {shape.bone: shape for panel in picture.panels for shape in panel.shapes}


def spots_of(shape: Shape) -> tuple[Spot, ...]:
    """Give the bone on each side that it has."""
    sides: tuple[Side, ...] = ("midline",) if shape.side == "midline" else ("right", "left")
    return tuple((shape.bone, side) for side in sides)


def piece_of(shape: Shape, lesion: Lesion | Site, plate: float) -> Polygon | None:
    """Give what of a bone a lesion fills, as far as its part and end are known.

    `WHOLE` when they are not, or when the bone has no parts; `None` when the part lies outside the
    picture. ``plate`` is the thickness of a growth plate. A part that goes with a growth plate, of
    a bone that has one only, is at that plate. An end without a growth plate is filled as a whole.
    """
    ends = {end.end: end for end in shape.ends}
    if not ends:
        return WHOLE
    if lesion.part == "diaphysis":
        return _shaft(shape)
    plated = [end.end for end in shape.ends if end.physis]
    end = lesion.end
    if end is None and lesion.part is not None and len(ends) > 1 and len(plated) == 1:
        end = plated[0]
    if end is None:
        return WHOLE
    return _at(shape, ends[end], lesion, plate) if end in ends else None


def _at(shape: Shape, end: BoneEnd, lesion: Lesion | Site, plate: float) -> Polygon:
    if end.physis is None or lesion.part is None:
        return _beyond(end.shaft, shape)
    if lesion.part == "epiphysis":
        return _beyond(end.physis, shape)
    if lesion.part == "metaphysis":
        return _between(end.physis, end.shaft)
    return _between(_moved(end.physis, plate / 2), _moved(end.physis, -plate / 2))


def _shaft(shape: Shape) -> Polygon:
    one, *other = (end.shaft for end in shape.ends)
    return _between(one, other[0]) if other else _beyond(one, shape, toward=True)


def _beyond(line: Line, shape: Shape, *, toward: bool = False) -> Polygon:
    """Give what lies on one side of a line: away from the centre of a bone, or toward it."""
    left, top, right, bottom = box_of((shape.path,))
    far = dist((left, top), (right, bottom))
    center = (left + right) / 2, (top + bottom) / 2
    moved = sorted((_moved(line, far), _moved(line, -far)), key=lambda to: dist(to[:2], center))
    return _between(line, moved[0 if toward else 1])


def _between(one: Line, other: Line) -> Polygon:
    """Give what lies between two lines, which are made longer to cross all of a bone."""
    ax, ay, bx, by = _longer(one)
    cx, cy, dx, dy = _longer(other)
    if (bx - ax) * (dx - cx) + (by - ay) * (dy - cy) < 0:
        cx, cy, dx, dy = dx, dy, cx, cy
    return ((ax, ay), (bx, by), (dx, dy), (cx, cy))


def _moved(line: Line, way: float) -> Line:
    """Move a line sideways."""
    ax, ay, bx, by = line
    length = dist((ax, ay), (bx, by))
    x, y = (ay - by) / length * way, (bx - ax) / length * way
    return ax + x, ay + y, bx + x, by + y


def _longer(line: Line) -> Line:
    ax, ay, bx, by = line
    x, y = (bx - ax) / 2, (by - ay) / 2
    return ax - x, ay - y, bx + x, by + y


def box_of(paths: Iterable[str]) -> tuple[float, float, float, float]:
    """Give left, top, right and bottom of a box that holds some paths."""
    numbers = [NUMBER.findall(path) for path in paths]
    xs = [float(x) for each in numbers for x in each[::2]]
    ys = [float(y) for each in numbers for y in each[1::2]]
    return min(xs), min(ys), max(xs), max(ys)


def mirrored(path: str, axis: float) -> str:
    """Mirror a path of absolute commands with coordinate pairs.

    >>> mirrored("M1 2L3.5 4Z", 10)
    'M19 2L16.5 4Z'
    """
    return PAIR.sub(lambda pair: f"{round(2 * axis - float(pair[1]), 1):g} {pair[2]}", path)
