"""Bones, named regions, and sites: where something is."""

from typing import Literal, NewType

import msgspec

BoneId = NewType("BoneId", str)
RegionId = NewType("RegionId", str)
Laterality = Literal["left", "right", "bilateral", "midline"]
Part = Literal["epiphysis", "physis", "metaphysis", "diaphysis"]
End = Literal["proximal", "distal"]
BoneKind = Literal["long", "short", "flat", "irregular", "sesamoid"]


class Bone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One bone of the skeleton, both sides under one id."""

    id: BoneId
    label: str
    region: RegionId
    paired: bool
    kind: BoneKind
    physes: tuple[End, ...]
    """Ends that carry a growth plate in childhood."""
    uberon: str = ""
    fma: str = ""
    names: tuple[str, ...] = ()
    """Other names, lower case, as they are met in texts."""


class Region(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named group of bones or part of the body; regions form a tree."""

    id: RegionId
    label: str
    parent: RegionId | None = None
    uberon: str = ""
    fma: str = ""
    names: tuple[str, ...] = ()


class Site(msgspec.Struct, frozen=True):
    """Where something is, as far as the record says; `None` is unknown."""

    bone: BoneId | None = None
    region: RegionId | None = None
    """The bone's own region, or all that is known when the bone is not named."""
    laterality: Laterality | None = None
    part: Part | None = None
    end: End | None = None
