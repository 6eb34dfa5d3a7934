"""The figures of one work-up, each with its alternative text: maps, timeline, plots."""

from collections.abc import Iterator

from multifocal.knowledge.load import Knowledge
from multifocal.model.anatomy import Site
from multifocal.model.assessment import Assessment
from multifocal.report import bodymap, plots
from multifocal.report.plots import Theme
from multifocal.report.sheet import (
    ConditionView,
    ContributionView,
    CriteriaView,
    LabView,
    Sheet,
)

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


def timeline(sheet: Sheet, *, theme: Theme) -> tuple[str, tuple[str, ...]]:
    """Draw the head of the timeline and its rows, in the order of the sheet."""
    if sheet.axis is None:
        return "", tuple("" for _ in sheet.timeline)
    days = plots.ticks(sheet.axis)
    return plots.scale(sheet.axis, days, theme=theme), tuple(
        plots.row(row.bars, sheet.axis, days, theme=theme) if row.bars else ""
        for row in sheet.timeline
    )


def score(criteria: CriteriaView, *, theme: Theme) -> str:
    """Draw the score interval of a set; empty when it has none."""
    if criteria.low is None or criteria.high is None or criteria.maximum is None:
        return ""
    limits = ", ".join(f"{limit.sign} {limit.at:g}" for limit in criteria.thresholds)
    alt = f"{criteria.points}; threshold {limits}" if limits else criteria.points
    return plots.score(
        criteria.low,
        criteria.high,
        criteria.maximum,
        criteria.thresholds,
        theme=theme,
        alt=alt,
    )


def lab(lab: LabView, *, theme: Theme) -> str:
    """Draw an analyte over time."""
    values = [lab.latest, *lab.earlier]
    told = ", ".join(f"{value.shown} ({value.when})" for value in reversed(values))
    against = f", interval {lab.interval}" if lab.interval else ""
    return plots.lab(lab.points, theme=theme, alt=f"{lab.label}: {told}{against}")


def stand(condition: ConditionView, *, theme: Theme) -> str:
    """Draw where a condition stands, and from where to where it may."""
    return plots.stand(
        condition.low, condition.share, condition.high, theme=theme, alt=condition.band
    )


def move(contribution: ContributionView, *, theme: Theme) -> str:
    """Draw how far a finding moved a condition."""
    speaks = "for" if contribution.log10 > 0 else "against"
    kind = "published" if contribution.published else "judgement"
    return plots.move(
        contribution.log10,
        contribution.low,
        contribution.high,
        published=contribution.published,
        theme=theme,
        alt=f"speaks {speaks}, {abs(contribution.log10):.1f} decades, {kind}",
    )
