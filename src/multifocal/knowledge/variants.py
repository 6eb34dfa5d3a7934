"""What images show in children without bone disease, for one place and one age."""

from collections.abc import Mapping

from multifocal.knowledge.entries import PolicyEntry, VariantEntry
from multifocal.knowledge.figures import said
from multifocal.knowledge.load import Knowledge
from multifocal.model.anatomy import BoneId, End, RegionId

CHILDREN = frozenset({"healthy_children", "other_children"})
NARROWNESS: Mapping[str, int] = {"bone": 0, "group": 1, "joint": 1, "body_part": 2}
"""How near a row is to the one bone that is asked for; the nearest comes first."""


def variants_for(
    bone_or_region: BoneId | RegionId,
    age_years: float,
    knowledge: Knowledge,
    *,
    end: End | None = None,
) -> tuple[VariantEntry, ...]:
    """Give the rows for a place, seen in children of this age; those of the bone itself first.

    ``end`` leaves out rows about the other end of a long bone. A row whose source prints no ages is
    among them, after the others of its kind, and its `ages` is empty: say so beside it. A row with
    `reach` ``body_part`` tells nothing of one bone: it is never shown as that bone's frequency.
    """
    places = knowledge.places[bone_or_region]
    rows = [
        row
        for row in knowledge.variants
        if row.who in CHILDREN and _covers(row, age_years) and _is_in(row, places, end)
    ]
    return tuple(sorted(rows, key=lambda row: (NARROWNESS[row.reach], not row.ages)))


def has_frequency(rows: tuple[VariantEntry, ...]) -> bool:
    """Whether a frequency of marrow signal at this very place is known; if not, that is said."""
    return any(row.about == "signal" and row.reach != "body_part" and row.ages for row in rows)


def policies_for(
    bone_or_region: BoneId | RegionId, knowledge: Knowledge
) -> tuple[PolicyEntry, ...]:
    """Give how a signal at this place is read."""
    places = set(knowledge.places[bone_or_region])
    return tuple(
        policy
        for policy in knowledge.policies
        if not policy.places or places.intersection(policy.places)
    )


def sentence(row: VariantEntry) -> str:
    """Say a row in one sentence, with what was counted, in whom, and at what age."""
    ages = row.ages or "ages not given in what was read"
    note = f" Note: {row.note}." if row.note else ""
    return (
        f"{row.where}, {row.finding}: {said(row.figure)}, counted in {row.counted}"
        f" ({row.population}; {ages}; {row.modality}).{note}"
    )


def _covers(row: VariantEntry, age_years: float) -> bool:
    low, high = row.age_from_years, row.age_to_years
    return (low is None or low <= age_years) and (high is None or age_years < high)


def _is_in(row: VariantEntry, places: tuple[str, ...], end: End | None) -> bool:
    return any(
        place.of in places and (end is None or place.end is None or place.end == end)
        for place in row.places
    )
