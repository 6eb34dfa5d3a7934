"""The ICD-10-CM code that the evidence allows, with its laterality, or why there is none."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from multifocal.knowledge.entries import CodeEntry
from multifocal.knowledge.load import Knowledge
from multifocal.model.anatomy import BoneId, Laterality
from multifocal.model.assessment import Code, Coding, Lesion, Urgency
from multifocal.model.differential import Differential
from multifocal.model.record import Fact, FactId, NotRead
from multifocal.model.source import Citation
from multifocal.workup.find import Found, decisive, rests_on
from multifocal.workup.ready import ready
from multifocal.workup.unread import holds_back

PRESSING = frozenset({"emergency", "urgent"})
PAINFUL = frozenset({"symptom", "sign"})
"""Kinds of concept by which a place is said to hurt."""


def coding(
    found: Found,
    lesions: tuple[Lesion, ...],
    facts: Sequence[Fact],
    not_read: tuple[NotRead, ...],
    differential: Differential,
    urgency: Urgency | str | None,
    knowledge: Knowledge,
) -> Coding:
    """Suggest a code of the disease where it is earned, else the code of the symptom.

    It is earned where all that may decide was read, the evidence is enough, nothing pressing
    stands, and the disease leads alone, as `multifocal.workup.differential.alone` decides it.
    """
    given = _held(found, not_read, differential, urgency, knowledge) or _coded(
        found, lesions, knowledge
    )
    if given.code is not None:
        return given
    symptom, why = _symptom(lesions, facts, knowledge)
    return replace(given, symptom=symptom, symptom_reason=why)


def _held(
    found: Found,
    not_read: tuple[NotRead, ...],
    differential: Differential,
    urgency: Urgency | str | None,
    knowledge: Knowledge,
) -> Coding | None:
    """Give why there is no code yet; `None` where nothing holds it back."""
    table = knowledge.coding
    because = rests_on(table.enough, found, knowledge)
    if any(map(holds_back, not_read)):
        return _none(table.unread_title, table.unread_reason, table.unread_source, held=True)
    low, high = ready(knowledge).scorers[table.enough](found.words)
    if not low:
        title = "Not enough evidence" if high else "No M86.3 code fits"
        reason = table.enough_reason if high else _refused(found, knowledge)
        return _none(title, reason, table.enough_source, because)
    if urgency in PRESSING:
        source = table.urgent_source
        return _none(table.urgent_title, table.urgent_reason, source, because, held=True)
    first = next(iter(differential.ranked), None)
    if first is None or differential.abstained:
        return None
    if first.condition not in table.leads:
        reason = table.behind_reason.format(first.name)
        return _none(table.behind_title, reason, table.behind_source, because, held=True)
    if differential.alone in table.leads:
        return None
    return _none(table.beside_title, table.beside_reason, table.beside_source, because, held=True)


def _none(
    title: str,
    reason: str,
    source: Citation,
    because: tuple[FactId, ...] = (),
    *,
    held: bool = False,
) -> Coding:
    return Coding(code=None, title=title, reason=reason, because=because, source=source, held=held)


def _coded(found: Found, lesions: tuple[Lesion, ...], knowledge: Knowledge) -> Coding:
    table = knowledge.coding
    spine = [one for one in lesions if _within(one.bone, table.excluded_regions, knowledge)]
    codable = [one for one in lesions if one not in spine]
    because = tuple(dict.fromkeys(fact for lesion in lesions for fact in lesion.because))
    also = tuple(_vertebrae(spine, knowledge))
    left_out = table.excluded_reason if spine else ""
    if lesions and not codable:
        none = _none("No M86.3 code", table.excluded_reason, table.excluded_source, because)
        return replace(none, also=also)
    entry = _entry(codable, knowledge)
    bones = ", ".join(dict.fromkeys(_bone(lesion, knowledge) for lesion in codable))
    provisional = ready(knowledge).scorers[table.provisional](found.words) != (False, False)
    until = table.provisional_caution if provisional else ""
    return Coding(
        code=entry.code,
        title=entry.title,
        reason=f"Lesions in: {bones}." if bones else "No bone is named.",
        because=because,
        source=entry.source,
        caution=" ".join(text for text in (until, left_out, table.caution) if text),
        provisional=provisional,
        also=also,
        who=entry.who or None,
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
    return _of(place, lesion.laterality, knowledge.coding.code) or knowledge.coding.other


def _of(
    place: Sequence[str], laterality: Laterality | None, codes: Iterable[CodeEntry]
) -> CodeEntry | None:
    """Give the first code of a place on a side; of a place without sides its only one."""
    fitting = [code for code in codes if set(code.regions) & set(place)]
    side = laterality if laterality in {"left", "right"} else None
    return next((code for code in fitting if code.laterality == side), None)


def _vertebrae(lesions: Iterable[Lesion], knowledge: Knowledge) -> Iterable[Code]:
    found = (_of(knowledge.places[one.bone], None, knowledge.coding.vertebra) for one in lesions)
    return dict.fromkeys(Code(one.code, one.title) for one in found if one is not None)


def _symptom(
    lesions: Iterable[Lesion], facts: Iterable[Fact], knowledge: Knowledge
) -> tuple[Code | None, str]:
    """Give the code of the pain where one place hurts: that of the lesions, else of the signs."""
    table = knowledge.coding
    places = [(tuple(knowledge.places[one.bone]), one.laterality) for one in lesions]
    for fact in () if places else facts:
        entry = knowledge.concepts_by_id.get(fact.concept)
        if entry is not None and entry.kind in PAINFUL and fact.present:
            where = knowledge.places.get(fact.bone or fact.region or "", ())
            places += [(tuple(where), fact.laterality)] if where else []
    found = [_of(place, side, table.symptom) for place, side in places]
    codes = dict.fromkeys(Code(one.code, one.title) for one in found if one is not None)
    match list(codes):
        case [one]:
            return one, ""
        case []:
            return None, table.symptom_none
        case several:
            stems = {one.code[:-1] for one in several}
            hand = next((one for one in several if len(stems) == 1 and one.code[-1] in "123"), None)
            return (hand, "") if hand else (None, table.symptom_several)


def _within(bone: BoneId, regions: tuple[str, ...], knowledge: Knowledge) -> bool:
    return bool(set(regions) & set(knowledge.places[bone]))


def _bone(lesion: Lesion, knowledge: Knowledge) -> str:
    label = knowledge.bones_by_id[lesion.bone].label.lower()
    return label if lesion.laterality in {None, "midline"} else f"{lesion.laterality} {label}"
