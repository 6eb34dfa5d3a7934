"""What images covered and what of it was read: decided once, for text, maps and JSON."""

from collections.abc import Iterable, Iterator

import msgspec

from multifocal.knowledge.load import Knowledge
from multifocal.model.anatomy import Laterality, RegionId
from multifocal.model.assessment import Covered
from multifocal.model.record import Fact


class Coverage(msgspec.Struct, frozen=True):
    """What was looked at, and what lies on an image of which the result was not read."""

    read: tuple[Covered, ...]
    unread: tuple[Covered, ...]


def coverage(facts: Iterable[Fact], knowledge: Knowledge) -> Coverage:
    """Give what images covered. A wide study does not clear the parts that it spares."""
    studies = [
        fact
        for fact in facts
        if fact.present and knowledge.concepts_by_id[fact.concept].kind == "study"
    ]
    read = [fact for fact in studies if not fact.unread and fact.modality is not None]
    told = {_study(fact) for fact in read}
    unread = [fact for fact in studies if fact.unread and _study(fact) not in told]
    return Coverage(*(_joined(_covered(some, knowledge), knowledge) for some in (read, unread)))


def _study(fact: Fact) -> tuple[object, ...]:
    """Give what tells one study from another: a study may stand twice in a record."""
    return (fact.concept, fact.day, fact.region, fact.bone, fact.laterality)


def _covered(studies: Iterable[Fact], knowledge: Knowledge) -> Iterator[Covered]:
    """Give each region of each study; a study of the whole body has both sides."""
    for fact in studies:
        concept = knowledge.concepts_by_id[fact.concept]
        region = fact.region or concept.region
        if region is None:
            continue
        whole = region == concept.region
        both: Laterality | None = "bilateral" if whole else None
        for part in _cleared(region, concept.spares if whole else (), knowledge):
            across = part in knowledge.regions_across
            yield part, fact.laterality or (None if across else both)


def _cleared(
    region: RegionId, spares: tuple[RegionId, ...], knowledge: Knowledge
) -> Iterator[RegionId]:
    """Give the region, or if it holds a part that the study spares, what is left of it."""
    if region in spares:
        return
    if not any(region in knowledge.places[spared] for spared in spares):
        yield region
        return
    for below in knowledge.regions:
        if below.parent == region:
            yield from _cleared(below.id, spares, knowledge)


def _joined(covered: Iterable[Covered], knowledge: Knowledge) -> tuple[Covered, ...]:
    """Give each region once for each side, or once for all that it has."""
    sides: dict[RegionId, dict[Laterality | None, None]] = {}
    for region, side in covered:
        sides.setdefault(region, {})[side] = None
    return tuple(
        (region, side)
        for region, seen in sides.items()
        for side in _sides(tuple(seen), across=region in knowledge.regions_across)
    )


def _sides(seen: tuple[Laterality | None, ...], *, across: bool) -> tuple[Laterality | None, ...]:
    """Give the fewest sides that say the same."""
    if across and (None in seen or "midline" in seen):
        return (None,)
    if "bilateral" in seen or {"left", "right"} <= set(seen):
        return ("bilateral",)
    return seen
