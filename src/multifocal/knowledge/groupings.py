"""Bones counted as a publication counts them: groups, regions, and what can't be placed.

A group is one on each side, so the same lesions mirrored give the same groups.
"""

from collections.abc import Iterable, Iterator
from typing import get_args

import msgspec

from multifocal.knowledge.entries import BoneGroup, Entries, GroupingEntry
from multifocal.model.anatomy import BoneId, End, Laterality, RegionId, Site

ENDS: tuple[End, ...] = get_args(End)
SHAFT = "diaphysis"


class Counted(msgspec.Struct, frozen=True):
    """Lesions by the groups of a grouping."""

    groups: tuple[str, ...]
    """Groups that are surely affected, in the grouping's order; both sides count once."""
    regions: tuple[str, ...]
    """Regions that are surely affected."""
    symmetric: tuple[str, ...]
    """Groups affected on both sides."""
    unsettled: tuple[Site, ...]
    """Sites of which the record doesn't say enough to tell the group."""
    outside: tuple[Site, ...]
    """Sites that are in none of the groups."""


def groups_of(grouping: GroupingEntry, knowledge: Entries) -> tuple[BoneGroup, ...]:
    """Give the groups of a grouping, in the order of the file."""
    return tuple(group for group in knowledge.bone_groups if group.grouping == grouping.id)


def spots(group: BoneGroup, knowledge: Entries) -> Iterator[tuple[BoneId, End]]:
    """Give the ends of bones that are in a group; a whole bone is both its ends."""
    parents = {region.id: region.parent for region in knowledge.regions}
    for bone in knowledge.bones:
        around: list[str] = [bone.id]
        region: RegionId | None = bone.region
        while region is not None:
            around.append(region)
            region = parents.get(region)
        for member in group.members:
            if member.of in around:
                yield from ((bone.id, end) for end in ENDS if member.end in {None, end})


def groups_at(site: Site, grouping: GroupingEntry, knowledge: Entries) -> tuple[BoneGroup, ...]:
    """Give the groups that a site may be in: one, none, or several where its end isn't known."""
    return tuple(group for group, ends in _touching(site, grouping, knowledge) if _fits(site, ends))


def counted(sites: Iterable[Site], grouping: GroupingEntry, knowledge: Entries) -> Counted:
    """Count the groups and regions that lesions are in.

    A bone whose groups are all in one region is in that region, whatever part of it is affected.
    """
    sides: dict[str, set[Laterality | None]] = {}
    regions: set[str] = set()
    unsettled: list[Site] = []
    outside: list[Site] = []
    for site in sites:
        touching = _touching(site, grouping, knowledge)
        around = {group.region for group, _ in touching}
        if len(around) == 1:
            regions |= around
        fitting = [(group, ends) for group, ends in touching if _fits(site, ends)]
        match fitting:
            case [(group, ends)] if site.end is not None or ends == set(ENDS):
                sides.setdefault(group.id, set()).add(site.laterality)
            case []:
                (outside if site.bone is not None else unsettled).append(site)
            case _:
                unsettled.append(site)
    order = [group.id for group in groups_of(grouping, knowledge)]
    return Counted(
        groups=tuple(name for name in order if name in sides),
        regions=tuple(
            region.id
            for region in knowledge.grouping_regions
            if region.grouping == grouping.id and region.id in regions
        ),
        symmetric=tuple(name for name in order if _is_both(sides.get(name))),
        unsettled=tuple(unsettled),
        outside=tuple(outside),
    )


def _touching(
    site: Site, grouping: GroupingEntry, knowledge: Entries
) -> list[tuple[BoneGroup, set[End]]]:
    """Give the groups that hold some of the site's bone, each with the ends that it holds."""
    found = []
    for group in groups_of(grouping, knowledge):
        held = spots(group, knowledge)
        if ends := {end for bone, end in held if bone == site.bone}:
            found.append((group, ends))
    return found


def _fits(site: Site, ends: set[End]) -> bool:
    """Say whether a site can be where a group is; the shaft is only where the whole bone is."""
    if site.part == SHAFT:
        return ends == set(ENDS)
    return site.end is None or site.end in ends


def _is_both(sides: set[Laterality | None] | None) -> bool:
    return sides is not None and ("bilateral" in sides or {"left", "right"} <= sides)
