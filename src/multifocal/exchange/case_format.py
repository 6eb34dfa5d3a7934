"""The format of published cases: as they are told, and as they are written with their record.

`docs/reference/cases.md` describes it; its JSON Schema is made from the types here.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import msgspec

from multifocal.exchange.fhir.bundle import DECODING_FAULTS
from multifocal.exchange.issue_log import IssueLog
from multifocal.model.issue import Issue, RecordError
from multifocal.model.record import Record, Sex

_NAME = re.compile(r"[a-z0-9_]{1,40}", re.ASCII)
NOT_KNOWN = "has a field that is not known: {}; it was left out"
SEE = "See docs/reference/cases.md."


class SiteTold(msgspec.Struct, frozen=True):
    """A place in the report's words."""

    site: str | None = None
    side: str | None = None


class LabTold(msgspec.Struct, frozen=True):
    """A laboratory value as printed."""

    name: str
    value: float | str | None = None
    unit: str | None = None
    flag: str | None = None
    """`high`, `low`, `normal`, or the result in words."""


class ImageTold(msgspec.Struct, frozen=True):
    """What one image of one place showed."""

    modality: str | None = None
    site: str | None = None
    side: str | None = None
    finding: str | None = None


class EventTold(msgspec.Struct, frozen=True):
    """Something on the time line, in months; what month 0 is, `timeline_zero` says."""

    month: float | None = None
    event: str | None = None


class CaseTold(msgspec.Struct, frozen=True):
    """One published case."""

    id: str
    age_years: float | None = None
    sex: str | None = None
    presenting: dict[str, Any] | None = None  # Any: fields differ from case to case
    exam: dict[str, Any] | None = None
    history: dict[str, Any] | None = None
    labs: tuple[LabTold, ...] | None = None
    imaging: tuple[ImageTold, ...] | None = None
    biopsy: str | None = None
    timeline: tuple[EventTold, ...] | None = None
    timeline_zero: Literal["first event", "presentation", "birth"] | None = None
    final_diagnosis: str | None = None
    truth: str | None = None
    """The condition that was found, by our id; without it, it is guessed from the wording."""
    decidable: Literal[0, 1, 2] | None = None
    """2: the text decides the diagnosis, 1: it gives a short list, 0: it can't be known from it."""
    text_names_diagnosis: bool | None = None
    blind_top3: tuple[str, ...] | None = None
    """The first conditions, by our ids, of a reader who did not know the diagnosis."""
    is_cno: bool | None = None
    category: str | None = None
    hand_involved: bool | None = None
    source_depth: str | None = None
    notes: str | None = None
    url: str | None = None
    citation: str | None = None
    label_certain: bool | None = None
    fact_count: int | None = None


class Case(msgspec.Struct, frozen=True):
    """A case as a record, with the published conclusion beside it, never in it."""

    id: str
    record: Record
    truth: str | None
    """The condition that was found, by our id; `None` where it is none of ours."""
    is_cno: bool | None
    category: str
    age_years: float | None
    sex: Sex | None
    hand: bool | None
    source_depth: str
    as_of: date
    issues: tuple[Issue, ...]
    guessed: bool = False
    """Whether the truth was guessed from the wording of the published diagnosis."""
    decidable: Literal[0, 1, 2] | None = None
    text_names_diagnosis: bool | None = None
    blind_top3: tuple[str, ...] = ()


_ROWS: Mapping[str, type[msgspec.Struct]] = {
    "labs": LabTold,
    "imaging": ImageTold,
    "timeline": EventTold,
}


def schema() -> dict[str, Any]:  # Any: JSON
    """Give the JSON Schema of a file of cases."""
    return msgspec.json.schema(tuple[CaseTold, ...])


def cases_in(data: bytes, name: str) -> list[Mapping[str, msgspec.Raw]]:
    """Give the fields of every case of a JSON text; raises `RecordError` for what is none."""
    try:
        is_one = data.lstrip()[:1] == b"{"
        every = [msgspec.Raw(data)] if is_one else msgspec.json.decode(data, type=list[msgspec.Raw])
    except DECODING_FAULTS:
        raise RecordError(f"{name}: is no JSON list of cases. {SEE}") from None
    return [_fields(raw, f"{name} {place}") for place, raw in enumerate(every, start=1)]


def _fields(raw: msgspec.Raw, where: str) -> Mapping[str, msgspec.Raw]:
    try:
        return msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except DECODING_FAULTS:
        raise RecordError(f"{where}: is no case. {SEE}") from None


def looks_like_case(fields: Mapping[str, msgspec.Raw]) -> bool:
    """Tell whether an object with these fields is a case."""
    known = {*CaseTold.__struct_fields__, *Case.__struct_fields__}
    return "id" in fields and "resourceType" not in fields and len(known & fields.keys()) > 1


def decoded(fields: Mapping[str, msgspec.Raw], where: str, log: IssueLog) -> CaseTold:
    """Decode a case; fields that are broken or not known are told and left out.

    Raises `RecordError` where there is no id.
    """
    types = {field.name: field.type for field in msgspec.structs.fields(CaseTold)}
    values: dict[str, Any] = {}
    for name in sorted(fields):
        if name not in types:
            log.warning("case", NOT_KNOWN.format(safe(name)))
            continue
        try:
            values[name] = msgspec.json.decode(fields[name], type=types[name])
        except DECODING_FAULTS:
            log.warning("case", f"{name} can't be read and was left out. {SEE}")
            continue
        if name in _ROWS:
            rows = msgspec.json.decode(fields[name], type=list[dict[str, Any]] | None) or ()
            unknown = {key for row in rows for key in row} - set(_ROWS[name].__struct_fields__)
            for key in sorted(map(safe, unknown)):
                log.warning(name, NOT_KNOWN.format(key))
    if "id" not in values:
        raise RecordError(f"{where}: has no id in words. Give each case an id.")
    return CaseTold(**values)


def safe(name: str) -> str:
    """Give a name of a field as an issue may tell it."""
    return name if _NAME.fullmatch(name) else "(a name that is not in small letters)"
