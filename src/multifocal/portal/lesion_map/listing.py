"""The list beside the map: every place that can be chosen, by region and side, with its words."""

from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple, get_args

from multifocal.knowledge.load import Knowledge
from multifocal.model.anatomy import Bone, BoneId, End, Laterality, Part, Region, RegionId, Site
from multifocal.model.place import site_text
from multifocal.portal.lesion_map.drawing import formed
from multifocal.report import words
from multifocal.report.outline import picture_of, shapes_of

__all__ = ["Choice", "Group", "Row", "Scope", "choices_of", "listing"]

Scope = Literal["hands", "body", "both"]
PAIR: tuple[Laterality, ...] = ("right", "left")
SINGLE: tuple[Laterality, ...] = ("midline",)
ENDS: tuple[End, ...] = get_args(End)


class Choice(NamedTuple):
    """One box to tick."""

    value: str
    site: Site
    name: str
    """All of it in words: Right third metacarpal, distal metaphysis."""
    word: str
    """What tells it from the choices beside it."""
    rest: str = ""
    """What follows the word in the name."""
    months: str = ""
    """From when on it usually shows on an X-ray: in girls and in boys; empty when from birth."""


class Row(NamedTuple):
    """One bone, or one region as a whole, on each side that it has."""

    label: str
    sides: tuple[Choice, ...]
    parts: tuple[tuple[Choice, tuple[Choice, ...]], ...] = ()
    """For each side: the whole bone, and its parts from the trunk outward."""


class Group(NamedTuple):
    """A region: itself as a whole, its bones, and the regions inside it."""

    id: str
    label: str
    rows: tuple[Row, ...]
    groups: tuple["Group", ...]


class Held(NamedTuple):
    """What a scope holds."""

    bones: frozenset[BoneId]
    regions: frozenset[RegionId]


@cache
def listing(knowledge: Knowledge, scope: Scope, *, parts: bool, regions: bool) -> tuple[Group, ...]:
    """Give the places of a scope in the order of the knowledge, from the head down.

    ``parts`` adds the parts of long bones, ``regions`` every region as a whole.
    """
    held = _held(knowledge, scope)
    groups = (
        _group(knowledge, top, held, parts=parts, regions=regions) for top in _tops(knowledge)
    )
    return tuple(group for group in groups if group.rows or group.groups)


@cache
def choices_of(groups: tuple[Group, ...]) -> dict[str, Choice]:
    """Give every choice of a list by its value, in order."""
    return {choice.value: choice for group in groups for choice in _choices(group)}


def _choices(group: Group) -> Iterator[Choice]:
    for row in group.rows:
        yield from row.sides
        for _, parts in row.parts:
            yield from parts
    for inner in group.groups:
        yield from _choices(inner)


def _tops(knowledge: Knowledge) -> tuple[Region, ...]:
    """Give the largest regions below the whole body."""
    roots = {region.id for region in knowledge.regions if region.parent is None}
    return tuple(region for region in knowledge.regions if region.parent in roots)


def _held(knowledge: Knowledge, scope: Scope) -> Held:
    """Give what a scope holds: the body goes without the bones that the hands show in full."""
    hands = shapes_of(picture_of("hands"))
    full = {bone for bone, shape in hands.items() if shape.shows is None}
    bones = {
        "hands": frozenset(hands),
        "body": frozenset(bone.id for bone in knowledge.bones if bone.id not in full),
        "both": frozenset(bone.id for bone in knowledge.bones),
    }[scope]
    picture = picture_of("hands" if scope == "hands" else "body")
    around = {place for bone in bones for place in knowledge.places[bone]}
    around |= {place.region for panel in picture.panels for place in panel.places}
    if scope != "hands":
        around |= {region.id for region in _tops(knowledge)}
    return Held(bones, frozenset(region.id for region in knowledge.regions if region.id in around))


def _group(
    knowledge: Knowledge, region: Region, held: Held, *, parts: bool, regions: bool
) -> Group:
    inside = (one for one in knowledge.regions if one.parent == region.id)
    found = (_group(knowledge, one, held, parts=parts, regions=regions) for one in inside)
    groups = tuple(group for group in found if group.rows or group.groups)
    own = (bone for bone in knowledge.bones if bone.region == region.id)
    rows = [_bone(knowledge, bone, parts=parts) for bone in own if bone.id in held.bones]
    if regions and region.id in held.regions:
        rows.insert(0, _whole(knowledge, region))
    return Group(region.id, words.sentence(region.label), tuple(rows), groups)


def _bone(knowledge: Knowledge, bone: Bone, *, parts: bool) -> Row:
    sides = tuple(
        _choice(knowledge, Site(bone.id, bone.region, side))
        for side in (PAIR if bone.paired else SINGLE)
    )
    inside = (
        tuple((whole, tuple(_parts(knowledge, bone, whole.site))) for whole in sides)
        if parts and bone.kind == "long"
        else ()
    )
    return Row(words.sentence(bone.label), sides, inside)


def _parts(knowledge: Knowledge, bone: Bone, whole: Site) -> Iterator[Choice]:
    """Give the parts of a long bone; an end without a growth plate is one part."""

    def at(end: End | None, part: Part | None) -> Choice:
        site = Site(whole.bone, whole.region, whole.laterality, part, end)
        return _choice(knowledge, site)

    for end in ENDS:
        outward: tuple[Part | None, ...] = (
            ("epiphysis", "metaphysis") if end in bone.physes else (None,)
        )
        if end == "distal":
            yield at(None, "diaphysis")
            outward = outward[::-1]
        for part in outward:
            yield at(end, part)


def _whole(knowledge: Knowledge, region: Region) -> Row:
    sides = PAIR if _is_paired(knowledge, region) else SINGLE
    choices = tuple(_choice(knowledge, Site(None, region.id, side)) for side in sides)
    return Row(words.sentence(region.label), choices)


def _is_paired(knowledge: Knowledge, region: Region) -> bool:
    """Say whether a region has a left and a right: one with bones by them, a joint by the map."""
    paired = [bone.paired for bone in knowledge.bones if region.id in knowledge.places[bone.id]]
    places = (place for panel in picture_of("body").panels for place in panel.places)
    sides = {place.side for place in places if place.region == region.id}
    return all(paired) if paired else "right" in sides


def _choice(knowledge: Knowledge, site: Site) -> Choice:
    """Put a site into words; the part or the side is what tells it from its neighbours."""
    entries = knowledge.bones_by_id if site.bone else knowledge.regions_by_id
    place = words.inside(entries[site.bone or site.region or ""].label)
    side = None if site.laterality == "midline" else site.laterality
    name = words.sentence(words.site(place, side, site.part, site.end))
    word = words.sentence(name.partition(", ")[2] or side or place)
    months = "{:g} {:g}".format(*ages) if (ages := _ages(knowledge, site)) else ""
    return Choice(site_text(site), site, name, word, name.removeprefix(word), months)


def _ages(knowledge: Knowledge, site: Site) -> tuple[float, float] | None:
    """Give the ages of a whole bone, or of an epiphysis; other parts are there with the bone."""
    if site.bone is None or site.part not in (None, "epiphysis"):
        return None
    return formed(knowledge).get(site_text(Site(site.bone, end=site.end)))
