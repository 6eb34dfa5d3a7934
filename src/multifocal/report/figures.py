"""The maps of one work-up: both hands, the whole body, and the small one of the first page."""

from collections.abc import Iterator
from typing import Protocol

from multifocal.knowledge.load import Knowledge
from multifocal.model.anatomy import Site
from multifocal.model.assessment import Assessment
from multifocal.report import bodymap, locator
from multifocal.report.plots import Theme


class Draw(Protocol):
    """Draws a map of an assessment."""

    def __call__(self, assessment: Assessment, *, knowledge: Knowledge, theme: Theme) -> str:
        """Give the drawing as SVG."""


PAINFUL_KINDS = frozenset({"symptom", "sign"})


def hands(assessment: Assessment, *, knowledge: Knowledge, theme: Theme) -> str:
    """Draw the lesions of both hands."""
    return bodymap.hands(
        assessment.lesions,
        assessment.regions_imaged,
        unread=assessment.regions_unread,
        ancestry=_ancestry(knowledge),
        painful=_painful(assessment, knowledge),
        names=_names(knowledge),
        theme=theme,
        prefix="hands-",
    )


def body(assessment: Assessment, *, knowledge: Knowledge, theme: Theme) -> str:
    """Draw the lesions of the whole skeleton."""
    return bodymap.body(
        assessment.lesions,
        assessment.regions_imaged,
        unread=assessment.regions_unread,
        ancestry=_ancestry(knowledge),
        painful=_painful(assessment, knowledge),
        names=_names(knowledge),
        theme=theme,
        prefix="body-",
    )


def _ancestry(knowledge: Knowledge) -> bodymap.Ancestry:
    regions = {region.id for region in knowledge.regions}
    return {
        bone.id: tuple(
            region.id
            for id_ in knowledge.places[bone.id]
            if (region := knowledge.regions_by_id.get(id_)) is not None and region.id in regions
        )
        for bone in knowledge.bones
    }


def _names(knowledge: Knowledge) -> dict[str, str]:
    return {
        **{concept.id: concept.label for concept in knowledge.concepts},
        **{region.id: region.label for region in knowledge.regions},
        **{bone.id: bone.label for bone in knowledge.bones},
    }


def _painful(assessment: Assessment, knowledge: Knowledge) -> tuple[Site, ...]:
    """Give the places of symptoms and signs, each once.

    A region gives way to a bone in it, and a place without a side to the same place with one.
    """

    def places() -> Iterator[Site]:
        for fact in assessment.facts:
            concept = knowledge.concepts_by_id.get(fact.concept)
            if concept is None or concept.kind not in PAINFUL_KINDS or not fact.present:
                continue
            if fact.bone is not None or fact.region is not None:
                yield Site(bone=fact.bone, region=fact.region, laterality=fact.laterality)

    found = tuple(dict.fromkeys(places()))
    sided = {(site.bone, site.region) for site in found if site.laterality is not None}
    closer = {
        (region, site.laterality)
        for site in found
        if site.bone is not None
        for region in knowledge.places[site.bone]
    }
    return tuple(
        site
        for site in found
        if not (site.laterality is None and (site.bone, site.region) in sided)
        and not (site.bone is None and (site.region, site.laterality) in closer)
    )


def small(assessment: Assessment, theme: Theme) -> str:
    """Draw where the lesions are, in the narrowest view that shows them all.

    It has its own colours, the same on a page and in print: ``theme`` changes nothing.
    """
    del theme
    spots = {
        (lesion.bone, side)
        for lesion in assessment.lesions
        for side in (
            ("left", "right") if lesion.laterality == "bilateral" else (lesion.laterality,)
        )
    }
    return locator.small({(bone, side or "") for bone, side in spots})
