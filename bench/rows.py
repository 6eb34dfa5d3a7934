"""A plain reader to measure ours against: typed structs to rows, nothing decided.

It decodes each line of an export with `msgspec` into the elements that say something about a
child, and makes one flat row of each. What it takes is what any reader of these elements must take.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

Row = tuple[object, ...]


class Coding(msgspec.Struct, gc=False):
    """A code."""

    system: str | None = None
    code: str | None = None
    display: str | None = None


class Concept(msgspec.Struct, gc=False):
    """Codes and words."""

    coding: tuple[Coding, ...] = ()
    text: str | None = None


class Reference(msgspec.Struct, gc=False):
    """Another resource."""

    reference: str | None = None


class Note(msgspec.Struct, gc=False):
    """Words."""

    text: str | None = None


class Period(msgspec.Struct, gc=False):
    """Two days."""

    start: str | None = None
    end: str | None = None


class Quantity(msgspec.Struct, gc=False):
    """A number with its unit."""

    value: float | None = None
    comparator: str | None = None
    unit: str | None = None
    code: str | None = None


class Interval(msgspec.Struct, rename="camel", gc=False):
    """A reference interval."""

    low: Quantity | None = None
    high: Quantity | None = None
    type: Concept | None = None
    applies_to: tuple[Concept, ...] = ()
    text: str | None = None


class Valued(msgspec.Struct, rename="camel", kw_only=True, gc=False):
    """A question with its answer."""

    code: Concept | None = None
    value_quantity: Quantity | None = None
    value_codeable_concept: Concept | None = None
    value_string: str | None = None
    value_boolean: bool | None = None
    value_integer: int | None = None
    value_date_time: str | None = None
    data_absent_reason: Concept | None = None
    interpretation: tuple[Concept, ...] = ()
    reference_range: tuple[Interval, ...] = ()


class Resource(Valued, rename="camel", kw_only=True, gc=False):
    """Every element of every kind that is read; a kind has only some of them."""

    id: str | None = None
    status: str | None = None
    intent: str | None = None
    subject: Reference | None = None
    encounter: Reference | None = None
    category: tuple[Concept, ...] = ()
    clinical_status: Concept | None = None
    verification_status: Concept | None = None
    effective_date_time: str | None = None
    effective_period: Period | None = None
    performed_date_time: str | None = None
    performed_period: Period | None = None
    onset_date_time: str | None = None
    abatement_date_time: str | None = None
    recorded_date: str | None = None
    authored_on: str | None = None
    started: str | None = None
    issued: str | None = None
    period: Period | None = None
    method: Concept | None = None
    medication_codeable_concept: Concept | None = None
    reason_code: tuple[Concept, ...] = ()
    result: tuple[Reference, ...] = ()
    component: tuple[Valued, ...] = ()
    note: tuple[Note, ...] = ()
    conclusion: str | None = None
    conclusion_code: tuple[Concept, ...] = ()


class Bodied(Resource, rename="camel", kw_only=True, gc=False):
    """A resource with several body sites."""

    body_site: tuple[Concept, ...] = ()


class Seen(Resource, rename="camel", kw_only=True, gc=False):
    """A resource with one body site."""

    body_site: Concept | None = None


class Series(msgspec.Struct, rename="camel", gc=False):
    """A series of images."""

    modality: Coding | None = None
    body_site: Coding | None = None
    laterality: Coding | None = None


class Study(msgspec.Struct, rename="camel", kw_only=True, gc=False):
    """Images."""

    id: str | None = None
    status: str | None = None
    subject: Reference | None = None
    started: str | None = None
    description: str | None = None
    series: tuple[Series, ...] = ()


class Visit(msgspec.Struct, rename="camel", kw_only=True, gc=False):
    """A visit."""

    id: str | None = None
    status: str | None = None
    subject: Reference | None = None
    period: Period | None = None
    type: tuple[Concept, ...] = ()
    reason_code: tuple[Concept, ...] = ()


class Person(msgspec.Struct, rename="camel", kw_only=True, gc=False):
    """A patient."""

    id: str | None = None
    gender: str | None = None
    birth_date: str | None = None


def rows_of(folder: Path) -> list[Row]:
    """Read the files of an export that say something about a child into rows."""
    rows: list[Row] = []
    for kind, (decoder, row) in READERS.items():
        path = folder / f"{kind}.ndjson"
        if path.exists():
            rows += map(row, decoder.decode_lines(path.read_bytes()))
    return rows


def _code(concept: Concept | None) -> Row:
    if concept is None:
        return ()
    if not concept.coding:
        return (None, None, concept.text)
    coding = concept.coding[0]
    return (coding.system, coding.code, concept.text or coding.display)


def _value(one: Valued) -> Row:
    held = one.value_quantity
    if held is None:
        return (one.value_string, one.value_boolean, *_code(one.value_codeable_concept))
    if not one.reference_range:
        return (held.value, held.comparator, held.unit, held.code)
    low, high = one.reference_range[0].low, one.reference_range[0].high
    ends = (low and low.value, high and high.value)
    return (held.value, held.comparator, held.unit, held.code, *ends)


def _observation(one: Resource) -> Row:
    return (
        one.id,
        one.subject and one.subject.reference,
        one.status,
        one.effective_date_time or (one.effective_period and one.effective_period.start),
        *_code(one.code),
        *_value(one),
        [(*_code(part.code), *_value(part)) for part in one.component],
        one.note and [note.text for note in one.note],
    )


def _event(one: Resource) -> Row:
    return (
        one.id,
        one.subject and one.subject.reference,
        one.status or _code(one.verification_status),
        one.performed_date_time or one.onset_date_time or one.authored_on or one.issued,
        *_code(one.code or one.medication_codeable_concept),
        one.conclusion,
    )


def _study(one: Study) -> Row:
    series = [(part.modality, part.body_site) for part in one.series]
    return (one.id, one.subject and one.subject.reference, one.status, one.started, series)


def _visit(one: Visit) -> Row:
    start = one.period and one.period.start
    reasons = one.reason_code and [_code(reason) for reason in one.reason_code]
    return (one.id, one.subject and one.subject.reference, one.status, start, reasons)


def _person(one: Person) -> Row:
    return (one.id, one.gender, one.birth_date)


def _reader(kind: Any, row: Callable[[Any], Row]) -> tuple[msgspec.json.Decoder[Any], Any]:
    return msgspec.json.Decoder(kind), row


READERS = {
    "Patient": _reader(Person, _person),
    "Encounter": _reader(Visit, _visit),
    "Observation": _reader(Seen, _observation),
    "Condition": _reader(Bodied, _event),
    "Procedure": _reader(Bodied, _event),
    "DiagnosticReport": _reader(Resource, _event),
    "MedicationRequest": _reader(Resource, _event),
    "ImagingStudy": _reader(Study, _study),
}
