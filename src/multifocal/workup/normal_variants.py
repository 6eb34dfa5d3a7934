"""What healthy children show on MRI in the bones where this child has a lesion."""

from collections.abc import Iterator

from multifocal.knowledge.load import Knowledge
from multifocal.knowledge.variants import has_frequency, sentence, variants_for
from multifocal.model.assessment import Lesion
from multifocal.model.source import Certainty, Citation, SourceId
from multifocal.model.truth import UNKNOWN_NUMBER, Span

NEAREST = 2
"""Rows that are told of one bone: the nearest to it."""
UNKNOWN = Citation(
    id=SourceId("multifocal-clinical"), certainty=Certainty.JUDGEMENT, at="normal variants"
)


def variant_notes(
    lesions: tuple[Lesion, ...], age_years: Span, knowledge: Knowledge
) -> Iterator[tuple[str, Citation]]:
    """Give, for lesions with marrow signal on MRI, how often healthy children show the like.

    Each published row is told once, with the bones that it is about. Where no frequency is known
    for a bone, that is said. Without an age nothing is told.
    """
    if age_years == UNKNOWN_NUMBER:
        return
    signal = set(knowledge.sets_by_id["marrow_signal"].concepts)
    told: dict[str, list[str]] = {}
    rows_by_id = {row.id: row for row in knowledge.variants}
    silent: list[str] = []
    for lesion in lesions:
        if not signal.intersection(lesion.features):
            continue
        bone = knowledge.bones_by_id[lesion.bone].label.lower()
        rows = tuple(
            row
            for row in variants_for(lesion.bone, age_years.low, knowledge, end=lesion.end)
            if row.about == "signal" and row.reach != "body_part"
        )
        if not has_frequency(rows):
            silent.append(bone)
        for row in rows[:NEAREST]:
            told.setdefault(row.id, []).append(bone)
    for name, bones in told.items():
        row = rows_by_id[name]
        beside = ", ".join(dict.fromkeys(bones))
        yield (
            f"Healthy children, to set beside the signal in: {beside}. {sentence(row)}",
            row.source,
        )
    if silent:
        these = ", ".join(dict.fromkeys(silent))
        yield f"How often healthy children show such signal is not known for: {these}.", UNKNOWN
