"""Drawings of where a place is."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString

from multifocal.knowledge.entries import Place
from multifocal.knowledge.load import Knowledge
from multifocal.knowledge.regions import regions
from multifocal.model.anatomy import BoneId, Region, RegionId
from multifocal.portal.article.words import slug
from multifocal.report.locator import View, locate, outlines, view_for
from multifocal.report.outline import Side, Spot
from multifocal.report.words import sentence

OF_THE_HAND = RegionId("hand")
"""The region whose page shows the right hand first."""
SIDES: tuple[Side, ...] = ("right", "left", "midline")


class Drawing(NamedTuple):
    """A drawing, and the outlines that must stand once in its page."""

    svg: SafeString
    view: View


def drawn(name: str, places: Iterable[str], knowledge: Knowledge) -> Drawing:
    """Draw bones and regions of both sides, marked."""
    wanted = set(places)
    bones = [bone.id for bone in knowledge.bones if wanted.intersection(knowledge.places[bone.id])]
    view = view_for(bones)
    spots = [(bone, side) for bone in bones for side in SIDES]
    joints = [RegionId(one) for one in wanted if one in knowledge.regions_by_id]
    return Drawing(SafeString(locate(view, spots, name, joints=joints)), view)


def of_variant(where: str, places: Iterable[Place], knowledge: Knowledge) -> Drawing:
    """Draw where a normal variant is."""
    return drawn(where, (place.of for place in places), knowledge)


def hands(marked: Collection[Spot], label: str) -> SafeString:
    """Draw both hands."""
    return SafeString(locate("hands", marked, label))


def unseen(views: Iterable[View]) -> SafeString:
    """Give the outlines that drawings of these views need, each once."""
    return SafeString(outlines(*dict.fromkeys(views)))


def overview(knowledge: Knowledge) -> SafeString:
    """Draw the skeleton with each bone leading to its region's page."""
    known = regions(knowledge)
    by_id = {region.id: region for region in known}
    links: dict[BoneId, tuple[str, str]] = {
        bone.id: (address(by_id[bone.region]), by_id[bone.region].label)
        for bone in knowledge.bones
        if bone.region in by_id
    }
    return SafeString(locate("figure", (), "", links=links))


def address(region: Region) -> str:
    """Give the address of a region's page."""
    if region.id == OF_THE_HAND:
        return reverse("right_hand")
    return reverse("region", args=[slug(region.id)])


def title(region: Region) -> str:
    """Give the heading of a region's page."""
    return "The right hand" if region.id == OF_THE_HAND else sentence(region.label)
