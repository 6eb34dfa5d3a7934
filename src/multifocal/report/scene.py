"""What a lesion map shows: which bones hold a lesion, hurt or were imaged, and what it can't show.

Nothing is put on a side that the record doesn't name, and nothing counts as imaged that may not
have been: a region without a side counts only where it crosses the midline. A bone on an image of
which the result was not read is never clean, whatever another image shows.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from multifocal.model.anatomy import BoneId, Laterality, RegionId, Site
from multifocal.model.assessment import Lesion
from multifocal.report.outline import (
    Picture,
    Shape,
    Side,
    Spot,
    picture_of,
    piece_of,
    shapes_of,
    spots_of,
)

__all__ = ["Ancestry", "Imaged", "Scene", "is_paired", "scene_of"]

Ancestry = Mapping[BoneId, tuple[RegionId, ...]]
Imaged = Iterable[tuple[RegionId, Laterality | None]]


class Pain(NamedTuple):
    """Where it hurts."""

    spots: frozenset[Spot]
    rings: tuple[frozenset[Spot], ...]
    """Regions, each as the bones that it holds."""
    places: frozenset[tuple[RegionId, Side]]
    """Regions that have a place of their own in the picture, such as joints."""
    no_side: tuple[Site, ...]
    outside: tuple[Site, ...]


class Scene(NamedTuple):
    """What a map shows, and what it can't."""

    lesions: Mapping[Spot, Sequence[Lesion]]
    no_side: tuple[Lesion, ...]
    """Lesions of a paired bone whose side the record does not say."""
    outside: tuple[Lesion, ...]
    """Lesions of a bone, or of a part of one, that is not in the picture."""
    looked: frozenset[Spot]
    """What was imaged and read; any other bone is not assessed."""
    unread: frozenset[Spot]
    """What lies on an image of which the result was not read."""
    looked_no_side: tuple[Site, ...]
    """Regions on an image of which the record does not say the side."""
    unread_no_side: tuple[Site, ...]
    pain: Pain


def scene_of(
    picture: Picture,
    lesions: Iterable[Lesion],
    assessed: Imaged,
    unread: Imaged,
    painful: Iterable[Site],
    ancestry: Ancestry,
) -> Scene:
    """Put lesions, pain and what was imaged where a picture can show them."""
    shapes = shapes_of(picture)
    placed: dict[Spot, list[Lesion]] = {}
    no_side, outside = [], []
    for lesion in lesions:
        shape = shapes.get(lesion.bone)
        if shape is None or piece_of(shape, lesion, picture.plate) is None:
            outside.append(lesion)
            continue
        spots = _chosen(shape, lesion.laterality)
        if not spots:
            no_side.append(lesion)
        for spot in spots:
            placed.setdefault(spot, []).append(lesion)
    looked, looked_no_side = _imaged(picture, assessed, ancestry)
    dark, dark_no_side = _imaged(picture, unread, ancestry)
    return Scene(
        lesions=placed,
        no_side=tuple(no_side),
        outside=tuple(outside),
        looked=looked - dark,
        unread=dark,
        looked_no_side=looked_no_side,
        unread_no_side=dark_no_side,
        pain=_pain(picture, painful, ancestry),
    )


def is_paired(bone: BoneId) -> bool:
    """Say whether a bone has a left and a right; a bone that no map knows counts as unpaired."""
    shape = shapes_of(picture_of("body")).get(bone)
    return shape is not None and shape.side != "midline"


def _chosen(shape: Shape, laterality: Laterality | None) -> tuple[Spot, ...]:
    """Give the sides to draw on; an unpaired bone needs none, a paired one of no side has none."""
    spots = spots_of(shape)
    if shape.side == "midline" or laterality == "bilateral":
        return spots
    return tuple(spot for spot in spots if spot[1] == laterality)


def _imaged(
    picture: Picture, imaged: Imaged, ancestry: Ancestry
) -> tuple[frozenset[Spot], tuple[Site, ...]]:
    """Give the bones on images, and the regions here that stand on no side for want of one."""
    spots: set[Spot] = set()
    no_side: list[Site] = []
    for region, laterality in imaged:
        held = _held(picture, region, laterality, ancestry)
        spots |= held
        if laterality is None and not held and _held(picture, region, "bilateral", ancestry):
            no_side.append(Site(region=region))
    return frozenset(spots), tuple(no_side)


def _held(
    picture: Picture, region: RegionId, laterality: Laterality | None, ancestry: Ancestry
) -> frozenset[Spot]:
    """Give the bones of a region, on the sides that are certain."""
    crosses = laterality in (None, "midline") and region in _crossing(ancestry)
    return frozenset(
        (bone, side)
        for shape in shapes_of(picture).values()
        for bone, side in spots_of(shape)
        if region in ancestry.get(bone, ()) and (crosses or laterality in ("bilateral", side))
    )


def _crossing(ancestry: Ancestry) -> frozenset[RegionId]:
    """Give the regions that cross the midline: those with an unpaired bone."""
    return frozenset(
        region
        for shape in shapes_of(picture_of("body")).values()
        if shape.side == "midline"
        for region in ancestry.get(shape.bone, ())
    )


def _pain(picture: Picture, painful: Iterable[Site], ancestry: Ancestry) -> Pain:
    shapes = shapes_of(picture)
    places = {place.region: place for panel in picture.panels for place in panel.places}
    hurt: set[Spot] = set()
    at: set[tuple[RegionId, Side]] = set()
    rings: list[frozenset[Spot]] = []
    no_side: list[Site] = []
    outside: list[Site] = []
    for site in painful:
        if site.bone is not None:
            shape = shapes.get(site.bone)
            spots = _chosen(shape, site.laterality) if shape else ()
            hurt.update(spots)
            (no_side if shape else outside).extend(() if spots else (site,))
        elif site.region in places:
            sides = _sides(places[site.region].side, site.laterality)
            at.update((site.region, side) for side in sides)
            no_side.extend(() if sides else (site,))
        elif ring := _ring(picture, site, ancestry):
            rings.append(ring)
        elif site.region and _held(picture, site.region, "bilateral", ancestry):
            no_side.append(site)
        else:
            outside.append(site)
    return Pain(frozenset(hurt), tuple(rings), frozenset(at), tuple(no_side), tuple(outside))


def _ring(picture: Picture, site: Site, ancestry: Ancestry) -> frozenset[Spot]:
    """Give the bones of a painful region; of one in the midline also when a side of it is named."""
    if site.region is None:
        return frozenset()
    one_sided = _held(picture, site.region, site.laterality, ancestry)
    return one_sided or _held(picture, site.region, None, ancestry)


def _sides(side: Side, laterality: Laterality | None) -> tuple[Side, ...]:
    if side == "midline":
        return ("midline",)
    if laterality == "bilateral":
        return ("right", "left")
    return (laterality,) if laterality in ("left", "right") else ()
