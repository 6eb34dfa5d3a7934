"""The ICD-10-CM code that the evidence allows, with its laterality, or why there is none."""

from multifocal.knowledge.entries import CodeEntry
from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Coding, Lesion
from multifocal.model.differential import Differential
from multifocal.model.record import FactId, NotRead
from multifocal.workup.find import Found, decisive, rests_on
from multifocal.workup.ready import ready
from multifocal.workup.unread import holds_back


def coding(
    found: Found,
    lesions: tuple[Lesion, ...],
    not_read: tuple[NotRead, ...],
    differential: Differential,
    knowledge: Knowledge,
) -> Coding:
    """Suggest a code where all that may decide was read, is enough, and no other disease leads."""
    table = knowledge.coding
    if any(map(holds_back, not_read)):
        return Coding(
            code=None,
            title=table.unread_title,
            reason=table.unread_reason,
            because=(),
            source=table.unread_source,
            held=True,
        )
    enough_low, enough_high = ready(knowledge).scorers[table.enough](found.words)
    if not enough_low:
        reason = table.enough_reason if enough_high else _refused(found, knowledge)
        return Coding(
            code=None,
            title="Not enough evidence" if enough_high else "No M86.3 code fits",
            reason=reason,
            because=rests_on(table.enough, found, knowledge),
            source=table.enough_source,
        )
    first = next(iter(differential.ranked), None)
    if first is not None and not differential.abstained and first.condition not in table.leads:
        return Coding(
            code=None,
            title=table.behind_title,
            reason=table.behind_reason.format(first.name),
            because=rests_on(table.enough, found, knowledge),
            source=table.behind_source,
            held=True,
        )
    codable = [
        lesion for lesion in lesions if not _within(lesion, table.excluded_regions, knowledge)
    ]
    because: tuple[FactId, ...] = tuple(
        dict.fromkeys(fact for lesion in lesions for fact in lesion.because)
    )
    left_out = table.excluded_reason if len(codable) < len(lesions) else ""
    if lesions and not codable:
        return Coding(
            code=None,
            title="No M86.3 code",
            reason=table.excluded_reason,
            because=because,
            source=table.excluded_source,
        )
    entry = _entry(codable, knowledge)
    bones = ", ".join(dict.fromkeys(_bone(lesion, knowledge) for lesion in codable))
    return Coding(
        code=entry.code,
        title=entry.title,
        reason=f"Lesions in: {bones}." if bones else "No bone is named.",
        because=because,
        source=entry.source,
        caution=" ".join(text for text in (left_out, table.caution) if text),
    )


def _refused(found: Found, knowledge: Knowledge) -> str:
    """Name what on record speaks against a code."""
    labels = {measure.id: measure.label for measure in knowledge.measures} | {
        finding.id: finding.label for finding in knowledge.findings
    }
    against = sorted(labels[name] for name in decisive(knowledge.coding.enough, found, knowledge))
    return f"{knowledge.coding.refused_reason} {'; '.join(against)}."


def _entry(lesions: list[Lesion], knowledge: Knowledge) -> CodeEntry:
    table = knowledge.coding
    entries = {_fitting(lesion, knowledge).code: _fitting(lesion, knowledge) for lesion in lesions}
    sites = {
        (code, lesion.bone if code == table.other.code else "")
        for code, lesion in ((_fitting(lesion, knowledge).code, lesion) for lesion in lesions)
    }
    match list(entries.values()):
        case []:
            return table.unspecified
        case [one] if len(sites) == 1:
            return one
        case _:
            return table.multiple


def _fitting(lesion: Lesion, knowledge: Knowledge) -> CodeEntry:
    """Give the code for one lesion; where its side is not known, the code for unspecified side."""
    place = knowledge.places[lesion.bone]
    fitting = [code for code in knowledge.coding.code if set(code.regions) & set(place)]
    side = lesion.laterality if lesion.laterality in {"left", "right"} else None
    return next((code for code in fitting if code.laterality == side), knowledge.coding.other)


def _within(lesion: Lesion, regions: tuple[str, ...], knowledge: Knowledge) -> bool:
    return bool(set(regions) & set(knowledge.places[lesion.bone]))


def _bone(lesion: Lesion, knowledge: Knowledge) -> str:
    label = knowledge.bones_by_id[lesion.bone].label.lower()
    return label if lesion.laterality in {None, "midline"} else f"{lesion.laterality} {label}"
