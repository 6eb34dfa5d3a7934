"""The shape of what the differential weighs: how often findings go with conditions."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from multifocal.model.finding import FindingId
from multifocal.model.source import Citation


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of a data file of the differential; an unknown key is an error."""


class CellEntry(Entry, frozen=True, forbid_unknown_fields=True, rename={"class_": "class"}):
    """How often a finding is present in a condition: k of n, a share, or a class of frequency.

    Several rows for one pair are cohorts that are added. A pair without a row has no opinion.
    """

    condition: str
    finding: FindingId
    source: Citation
    k: int | None = None
    n: int | None = None
    share: float | None = None
    """Alone, a share without its n; with a class, where in the class it lies."""
    class_: str = ""


class FrequencyClass(Entry, frozen=True, forbid_unknown_fields=True):
    """A word for how often, as a share with its range."""

    id: str
    label: str
    share: float
    low: float
    high: float
    source: Citation


class GroupEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """Findings that move together and may not count twice; a finding names its group."""

    id: str
    label: str
    source: Citation


class ExclusiveSet(Entry, frozen=True, forbid_unknown_fields=True):
    """Findings of which one child has at most one; of an exhaustive set exactly one."""

    id: str
    members: tuple[FindingId, ...]
    exhaustive: bool
    source: Citation
    note: str = ""


class Implication(Entry, frozen=True, forbid_unknown_fields=True):
    """A finding that cannot be present without another."""

    present: FindingId
    implies: FindingId
    source: Citation


class PriorEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """How common a condition is in a setting before anything is known; a setting sums to one."""

    setting: str
    condition: str
    share: float
    source: Citation


class SettingEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """Where a child is seen."""

    id: str
    label: str
    source: Citation


class Dial(Entry, frozen=True, forbid_unknown_fields=True):
    """A number that sets how evidence is weighed, and why it is what it is."""

    value: float
    why: str
    source: Citation


class ModelEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """How the evidence is weighed and the ranking shown; see each value's own `why`."""

    id: str
    background: str
    """The column that holds how often a finding is met in children referred for bone pain."""
    referral: str
    """The setting in which conditions are as common as in the background."""
    no_disease_of_bone: tuple[str, ...]
    """Categories of conditions that the background leaves out."""
    forms: Mapping[str, str]
    given: tuple[FindingId, ...]
    unweighed: tuple[FindingId, ...]
    exact: Mapping[FindingId, str]
    """Findings whose presence counts only where a measure is known exactly, and the measure."""
    places: Mapping[FindingId, str]
    """Findings of a place, and the measure of trouble told there that stands in for an image."""
    calming: tuple[str, ...]
    apart: tuple[str, ...]
    """Dangers that are answered beside the likeliest of their category, not instead of it."""
    decisive: tuple[tuple[FindingId, ...], ...]
    """Findings of tissue that decide by themselves; those of an earlier row outrank later ones."""
    seen_on_image: str
    """The measure that tells whether an image shows a lesion; without one the disease never leads
    alone."""
    seen_in_tissue: tuple[FindingId, ...]
    """Findings of tissue that show a lesion: without an image one of them lets the disease be
    called."""
    temperature: Dial
    strength: Mapping[Literal["definitive", "strong"], Dial]
    children_behind_a_share: Dial
    children_behind_a_class: Dial
    least_prior: Dial
    prior_spread: Dial
    leading_within: Dial
    possible_within: Dial
    ahead_of_dangers: Dial
    """Decades by which the disease must be ahead of every danger to be called."""
    least_known: Dial
    explained: Dial
    tests_shown: Dial
    answered_first: Dial
    """So many dangers at most are to be answered before the disease is named."""
    danger_score: Dial
    """From this share of dangers to which something points on, they are told as an alarm."""
    changes_shown: Dial
    changes_tried: Dial
    danger_weight: Mapping[Literal["emergency", "urgent"], Dial]
    setting: tuple[SettingEntry, ...]


class DifferentialEntries(msgspec.Struct, frozen=True):
    """All that the data files of the differential say."""

    cells: tuple[CellEntry, ...]
    classes: tuple[FrequencyClass, ...]
    groups: tuple[GroupEntry, ...]
    exclusive_sets: tuple[ExclusiveSet, ...]
    implications: tuple[Implication, ...]
    priors: tuple[PriorEntry, ...]
    model: ModelEntry
