"""All that the knowledge says of one region of the body."""

import re
from collections.abc import Iterator

import msgspec

from multifocal.knowledge.entries import (
    CautionEntry,
    CodeEntry,
    FindingEntry,
    PolicyEntry,
    RedFlagEntry,
    TopicEntry,
    VariantEntry,
)
from multifocal.knowledge.load import Knowledge
from multifocal.knowledge.variants import policies_for
from multifocal.model.anatomy import Bone, Region, RegionId
from multifocal.rules.nodes import Compare, Name, Node, Text, Within, children

LONG_BONES = "site_long_bone"
"""The group of the findings that are about the parts of any long bone."""
SITE = "site_"
"""How the ids of topics about a place begin."""


class About(msgspec.Struct, frozen=True):
    """What there is to say of a region."""

    region: Region
    around: tuple[Region, ...]
    """The regions that it is in, innermost first, without the whole body."""
    inside: tuple[Region, ...]
    """The regions just inside it."""
    bones: tuple[Bone, ...]
    codes: tuple[CodeEntry, ...]
    """Of the disease here: right, left, side not known; or the one code of other places."""
    no_code: str
    """Why there is none, or none for some of the bones."""
    findings: tuple[FindingEntry, ...]
    """Those that say that this place is affected."""
    topics: tuple[TopicEntry, ...]
    variants: tuple[VariantEntry, ...]
    policies: tuple[PolicyEntry, ...]
    flags: tuple[RedFlagEntry, ...]
    """Those that speak of it by name."""
    cautions: tuple[CautionEntry, ...]


def regions(knowledge: Knowledge) -> tuple[Region, ...]:
    """Give the regions that have something to say: all but the whole body."""
    return tuple(region for region in knowledge.regions if region.parent is not None)


def about(region: Region, knowledge: Knowledge) -> About:
    """Gather what is said of a region."""
    inside = _inside(region.id, knowledge)
    bones = tuple(bone for bone in knowledge.bones if region.id in knowledge.places[bone.id])
    here = {*inside, *(bone.id for bone in bones)}
    around = tuple(
        knowledge.regions_by_id[RegionId(name)] for name in knowledge.places[region.id][1:-1]
    )
    near = here | {one.id for one in around}
    codes, no_code = _codes(region, bones, knowledge)
    named = _names(here, knowledge)
    return About(
        region=region,
        around=around,
        inside=tuple(one for one in knowledge.regions if one.parent == region.id),
        bones=bones,
        codes=codes,
        no_code=no_code,
        findings=tuple(_findings(here, near, bones, knowledge)),
        topics=tuple(topic for topic in knowledge.topics if _place(topic, knowledge) in near),
        variants=tuple(
            row for row in knowledge.variants if near.intersection(one.of for one in row.places)
        ),
        policies=policies_for(region.id, knowledge),
        flags=tuple(
            flag
            for flag in knowledge.red_flags
            if named.search(f"{flag.label} {flag.plain} {flag.action}")
        ),
        cautions=tuple(
            one for one in knowledge.cautions if named.search(f"{one.text} {one.plain}")
        ),
    )


def _inside(region: RegionId, knowledge: Knowledge) -> tuple[RegionId, ...]:
    """Give a region and all regions in it."""
    return tuple(one.id for one in knowledge.regions if region in knowledge.places[one.id])


def _codes(
    region: Region, bones: tuple[Bone, ...], knowledge: Knowledge
) -> tuple[tuple[CodeEntry, ...], str]:
    """Give the codes of a region's bones, or why there are none."""
    table = knowledge.coding
    chains = [set(knowledge.places[bone.id]) for bone in bones] or [
        set(knowledge.places[region.id])
    ]
    coded = [chain for chain in chains if not chain.intersection(table.excluded_regions)]
    reason = table.excluded_reason if len(coded) < len(chains) else ""
    found = tuple(
        code for code in table.code if any(chain.intersection(code.regions) for chain in coded)
    )
    other = bones and any(chain.intersection(table.other.regions) for chain in coded)
    return found or ((table.other,) if other else ()), reason


def _place(topic: TopicEntry, knowledge: Knowledge) -> str:
    """Give the bone or region that a topic is about; empty when it is about none."""
    if not topic.id.startswith(SITE):
        return ""
    parts = topic.id.removeprefix(SITE).split("_")
    names = ("_".join(parts[first:]) for first in range(len(parts)))
    return next((name for name in names if name in knowledge.places), "")


def _findings(
    here: set[str], near: set[str], bones: tuple[Bone, ...], knowledge: Knowledge
) -> Iterator[FindingEntry]:
    """Give the findings about a region; for one without any, those about long bones, if it has."""
    own = [
        finding
        for finding in knowledge.findings
        if finding.group.startswith(SITE)
        and _is_about(_named(finding, knowledge), here, near, knowledge)
    ]
    if own or not any(bone.kind == "long" for bone in bones):
        yield from own
    else:
        yield from (one for one in knowledge.findings if one.group == LONG_BONES)


def _is_about(named: frozenset[str], here: set[str], near: set[str], knowledge: Knowledge) -> bool:
    """Whether places that a rule names are in a region or around it; regions count before bones."""
    regions_named = named & knowledge.regions_by_id.keys()
    if regions_named:
        return bool(regions_named & near)
    return bool(named & here)


def _named(finding: FindingEntry, knowledge: Knowledge) -> frozenset[str]:
    """Give the bones and regions that a finding's rule names."""
    text = finding.select.where if finding.select else finding.when
    rule = knowledge.rules.get(text)
    return frozenset() if rule is None else frozenset(_texts(rule)) & knowledge.places.keys()


def _texts(rule: Node) -> Iterator[str]:
    match rule:
        case Text(value=value):
            yield value
        case Within(item=Text(value=value), group=Name()):
            yield value
        case Within(group=tuple() as group):
            yield from group
        case Compare(left=left, right=right):
            yield from (*_texts(left), *_texts(right))
        case _:
            for child in children(rule):
                yield from _texts(child)


def _names(here: set[str], knowledge: Knowledge) -> re.Pattern[str]:
    """Give what finds a region, or one inside it, by a name of ours."""
    known = knowledge.regions_by_id
    mine = [known[RegionId(name)] for name in here if name in known]
    words = {re.escape(word) for one in mine for word in (one.label, *one.names)}
    return re.compile(rf"\b(?:{'|'.join(sorted(words))})s?\b", re.IGNORECASE)
