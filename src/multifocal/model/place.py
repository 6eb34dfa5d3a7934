"""A site as one short text, and back: ``right-radius-distal-metaphysis``.

The text is made of ids, parted by hyphens, in a fixed order: laterality, bone or region, end, part.
What is not known is left out. Maps, forms and addresses of the site all use it, so that a place has
one name everywhere.
"""

from collections.abc import Container, Mapping
from typing import get_args

from multifocal.model.anatomy import Bone, End, Laterality, Part, RegionId, Site

__all__ = ["read_site", "site_text"]

LATERALITIES: Mapping[str, Laterality] = {word: word for word in get_args(Laterality)}
ENDS: Mapping[str, End] = {word: word for word in get_args(End)}
PARTS: Mapping[str, Part] = {word: word for word in get_args(Part)}


def site_text(site: Site) -> str:
    """Write a site as a text; one without bone and region has none, and gives an empty text.

    >>> from multifocal.model.anatomy import BoneId
    >>> site_text(Site(BoneId("metacarpal_3"), laterality="right"))
    'right-metacarpal_3'
    """
    place = site.bone or site.region
    words = (site.laterality, place, site.end, site.part) if place else ()
    return "-".join(word for word in words if word)


def read_site(text: str, *, bones: Mapping[str, Bone], regions: Container[str]) -> Site | None:
    """Read the text of a site; `None` when it is anything but the text of one.

    A bone brings its own region along.
    """
    words = text.split("-")
    laterality = LATERALITIES.get(words[0])
    words = words[laterality is not None :]
    place = words.pop(0) if words else ""
    end = ENDS.get(words[0]) if words else None
    words = words[end is not None :]
    part = PARTS.get(words[0]) if words else None
    if words[part is not None :]:
        return None
    if bone := bones.get(place):
        return Site(bone.id, bone.region, laterality, part, end)
    if place in regions:
        return Site(None, RegionId(place), laterality, part, end)
    return None
