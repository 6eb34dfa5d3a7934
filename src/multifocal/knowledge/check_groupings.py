"""What must hold for the published groupings of bones."""

from collections import Counter
from collections.abc import Iterator

from multifocal.knowledge.check_conditions import unknown
from multifocal.knowledge.check_figures import Fault
from multifocal.knowledge.entries import Entries, GroupingEntry
from multifocal.knowledge.groupings import groups_of, spots

FILE = "groupings.toml"


def grouping_faults(entries: Entries) -> Iterator[Fault]:
    """Give every fault of the groupings, their regions and groups."""
    groupings = {grouping.id for grouping in entries.groupings}
    places: set[str] = {bone.id for bone in entries.bones}
    places |= {region.id for region in entries.regions}
    for region in entries.grouping_regions:
        for message in unknown("grouping", [region.grouping], groupings):
            yield Fault(FILE, region.id, message)
    for group in entries.bone_groups:
        inside = {one.id for one in entries.grouping_regions if one.grouping == group.grouping}
        for message in (
            *unknown("grouping", [group.grouping], groupings),
            *unknown("bone or region", (member.of for member in group.members), places),
            *unknown("region of the grouping", [group.region], inside),
        ):
            yield Fault(FILE, group.id, message)
    for grouping in entries.groupings:
        for message in (
            *_faults(grouping, entries),
            *_overlaps(grouping, entries),
            *_differs(grouping, entries),
        ):
            yield Fault(FILE, grouping.id, message)


def _faults(grouping: GroupingEntry, entries: Entries) -> Iterator[str]:
    groups = groups_of(grouping, entries)
    if bool(groups) == bool(grouping.not_found):
        yield "needs either groups or `not_found`"
    regions = {one.id for one in entries.grouping_regions if one.grouping == grouping.id}
    for name in sorted(regions - {group.region for group in groups}):
        yield f"no group is in the region {name!r}"


def _overlaps(grouping: GroupingEntry, entries: Entries) -> Iterator[str]:
    """Find places that two groups claim: a lesion there would be counted twice."""
    claimed = Counter(
        spot for group in groups_of(grouping, entries) for spot in spots(group, entries)
    )
    for (bone, end), count in sorted(claimed.items()):
        if count > 1:
            yield f"the {end} end of {bone!r} is in {count} groups"


def _differs(grouping: GroupingEntry, entries: Entries) -> Iterator[str]:
    """Find where the score of the same id takes other groups, or puts them in other regions."""
    ours = {group.id: group.region for group in groups_of(grouping, entries)}
    for criteria in entries.criteria:
        if criteria.id != grouping.id:
            continue
        for item in criteria.item:
            theirs = {name: region for region, names in item.groups.items() for name in names}
            if item.groups and theirs != ours:
                names = ", ".join(sorted({name for name, _ in theirs.items() ^ ours.items()}))
                yield f"differs from `{item.name}` of criteria/{criteria.id}.toml in {names}"
