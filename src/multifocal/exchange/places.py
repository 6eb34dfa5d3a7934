"""The places that a clause names: which bone a name means here, and which part of it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from multifocal.exchange.atlas import Atlas, Option
from multifocal.exchange.clauses import Clause
from multifocal.exchange.marks import Mark
from multifocal.model.anatomy import BoneId, End, Part, RegionId, Site

PlaceProblem = Literal["hand or foot not stated", "hand assumed"]
PARTS: tuple[Part, ...] = ("epiphysis", "physis", "metaphysis", "diaphysis")
ENDS: tuple[End, ...] = ("proximal", "distal")


def places_of(
    clause: Clause, contexts: Sequence[set[RegionId]], atlas: Atlas, problems: list[PlaceProblem]
) -> Iterator[Site]:
    """Give the places of a clause, each with every part and end that the clause names for it."""
    named: list[tuple[Mark, BoneId | None, RegionId | None]] = []
    for mark in clause.marks:
        if mark.kind == "place":
            bone, region = _place(mark, contexts, atlas, problems)
            named.append((mark, bone, region))
    bones = [bone for _, bone, _ in named if bone is not None]
    spots = [mark for mark, bone, _ in named if bone is None and _on_any(mark, bones, atlas)]
    details = [
        word for mark in clause.marks if mark.kind == "detail" for word in mark.value.split()
    ]
    for mark, bone, region in named:
        if mark in spots or (bone is None and region is None):
            continue
        ends, parts = _details(mark, bone, spots, details, atlas)
        for part in parts:
            for end in ends:
                yield Site(bone, region, None, part, end)


def _on_any(mark: Mark, bones: Iterable[BoneId], atlas: Atlas) -> bool:
    return any(spot.of in _homes(bone, atlas) for spot in mark.phrase.landmarks for bone in bones)


def _homes(bone: BoneId, atlas: Atlas) -> set[str]:
    return {bone, atlas.bones[bone].region}


def _details(
    mark: Mark,
    bone: BoneId | None,
    spots: Iterable[Mark],
    details: Iterable[str],
    atlas: Atlas,
) -> tuple[Sequence[End | None], Sequence[Part | None]]:
    if bone is None:
        return (None,), (None,)
    words = set(details)
    for spot in (landmark for near in (*spots, mark) for landmark in near.phrase.landmarks):
        if spot.of in _homes(bone, atlas):
            words |= {word for word in (spot.end, spot.part) if word is not None}
    ends = [end for end in ENDS if end in words]
    parts = [part for part in PARTS if part in words]
    return ends or (None,), parts or (None,)


def _place(
    mark: Mark, contexts: Sequence[set[RegionId]], atlas: Atlas, problems: list[PlaceProblem]
) -> tuple[BoneId | None, RegionId | None]:
    """Settle what a place is: its bone and region, or its region only."""
    options = mark.options or mark.phrase.bones
    alone = [spot.of for spot in mark.phrase.landmarks if spot.alone]
    if not options and alone:
        bone = atlas.bones[alone[0]].id
        return bone, atlas.bones[bone].region
    if options:
        bones, assumed = _settled(options, mark, contexts, atlas)
        if len(bones) == 1:
            problems += ["hand assumed"] if assumed else []
            return bones[0], atlas.bones[bones[0]].region
        if bones:
            problems.append("hand or foot not stated")
            return None, None
    return None, _region(mark, contexts, atlas, problems)


def _settled(
    options: Sequence[Option], mark: Mark, contexts: Sequence[set[RegionId]], atlas: Atlas
) -> tuple[list[BoneId], bool]:
    """Give the bones that a name can still mean here, and whether that rests on an assumption."""
    for context in contexts:
        given = [option for option in options if option.given in context]
        free = [option for option in options if option.given is None]
        pool = given or free
        if mark.within is not None and not mark.assumed:
            pool = [o for o in pool if atlas.limb(o.bone) == atlas.limb(mark.within)]
        bones = list(dict.fromkeys(option.bone for option in pool))
        if len(bones) <= 1 and (given or not any(o.given for o in options)):
            return bones, False
        here = [bone for bone in bones if atlas.limb(bone) in context]
        if len(here) == 1:
            return here, False
    free_bones = list(dict.fromkeys(option.bone for option in options if option.given is None))
    if mark.within is not None and len(free_bones) > 1:
        limb = atlas.limb(mark.within)
        return [bone for bone in free_bones if atlas.limb(bone) == limb], mark.assumed
    return free_bones, False


def _region(
    mark: Mark, contexts: Sequence[set[RegionId]], atlas: Atlas, problems: list[PlaceProblem]
) -> RegionId | None:
    """Give the region of a place whose bone is not known."""
    if mark.role == "digit_number":
        return None
    if mark.phrase.region is not None:
        return mark.phrase.region
    if mark.within is not None and not mark.assumed:
        return mark.within
    series = [o for options in mark.phrase.series.values() for o in options]
    regions = {atlas.bones[option.bone].region for option in series if option.given is None}
    if mark.is_digit:
        regions |= atlas.digits
    for context in contexts:
        here = {region for region in regions if atlas.limb(region) in context}
        if len(here) == 1:
            return here.pop()
    if len(regions) == 1:
        return regions.pop()
    if regions and (mark.number is not None or not mark.is_digit):
        problems.append("hand or foot not stated")
    return None


def regions_of(marks: Iterable[Mark], atlas: Atlas) -> Iterator[RegionId]:
    """Give every region that marks speak of, with those around them."""
    for mark in marks:
        if mark.kind != "place" or mark.role == "digit_number":
            continue
        options = mark.options or mark.phrase.bones
        places: list[str] = [option.bone for option in options if option.given is None]
        if len({atlas.limb(option.bone) for option in options}) > 1:
            places = []
        if mark.phrase.region is not None and not mark.phrase.landmarks:
            places.append(mark.phrase.region)
        if mark.within is not None and not mark.assumed:
            places.append(mark.within)
        for place in places:
            yield from atlas.around[place]
