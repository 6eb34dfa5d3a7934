"""The elements of FHIR R4 that are read, as strict types; everything else is passed over.

What is coded (a concept, a coding, one or several) stays raw: records say the same few again and
again, and each is read once, in `coded`.
"""

from typing import Any

import msgspec

ABSENT = msgspec.Raw(b"null")
"""Stands for an element that is not there; JSON `null` means the same."""


class Struct(msgspec.Struct, frozen=True, rename="camel", kw_only=True, gc=False):
    """What every element is: a frozen value of which any part may be missing."""


class Coding(Struct, frozen=True):
    """A code in a coding system."""

    system: str | None = None
    code: str | None = None
    display: str | None = None


class CodeableConcept(Struct, frozen=True):
    """Codes for one thing and its text, or a bare coding; in FHIR R5 it stands one deeper."""

    coding: tuple[Coding, ...] | None = None
    text: str | None = None
    system: str | None = None
    code: str | None = None
    display: str | None = None
    concept: "CodeableConcept | None" = None


class Reference(Struct, frozen=True):
    """A reference to another resource."""

    reference: str | None = None
    display: str | None = None


class Annotation(Struct, frozen=True):
    """A note in words."""

    text: str | None = None


class Period(Struct, frozen=True):
    """From a day to a day."""

    start: str | None = None
    end: str | None = None


class Quantity(Struct, frozen=True):
    """A number with its unit."""

    value: float | None = None
    comparator: str | None = None
    unit: str | None = None
    system: str | None = None
    code: str | None = None


class Range(Struct, frozen=True):
    """From a quantity to a quantity."""

    low: Quantity | None = None
    high: Quantity | None = None


class Ratio(Struct, frozen=True):
    """A quantity to a quantity, such as a titre."""

    numerator: Quantity | None = None
    denominator: Quantity | None = None


class Narrative(Struct, frozen=True):
    """A resource as a person would read it, in XHTML."""

    status: str | None = None
    div: str | None = None


class Attachment(Struct, frozen=True):
    """A document inside the record, or elsewhere."""

    content_type: str | None = None
    data: str | None = None
    title: str | None = None
    url: str | None = None


class Meta(Struct, frozen=True):
    """Version and tags of a resource."""

    tag: tuple[Coding, ...] | None = None
    version_id: str | None = None
    last_updated: str | None = None


class ReferenceRange(Struct, frozen=True):
    """A reference interval with whom it is for."""

    low: Quantity | None = None
    high: Quantity | None = None
    type: msgspec.Raw = ABSENT
    applies_to: msgspec.Raw = ABSENT
    age: Range | None = None
    text: str | None = None


class Valued(Struct, frozen=True):
    """A question with its value: an observation, a component of one, or an answer."""

    code: msgspec.Raw = ABSENT
    value_quantity: Quantity | None = None
    value_codeable_concept: msgspec.Raw = ABSENT
    value_coding: msgspec.Raw = ABSENT
    value_string: str | None = None
    value_boolean: bool | None = None
    value_integer: int | None = None
    value_decimal: float | None = None
    value_range: Range | None = None
    value_ratio: Ratio | None = None
    value_date: str | None = None
    value_date_time: str | None = None
    value_sampled_data: msgspec.Raw = ABSENT
    value_time: msgspec.Raw = ABSENT
    value_period: msgspec.Raw = ABSENT
    value_attachment: Attachment | None = None
    data_absent_reason: msgspec.Raw = ABSENT
    interpretation: msgspec.Raw = ABSENT
    reference_range: tuple[ReferenceRange, ...] | None = None
    modifier_extension: tuple[msgspec.Raw, ...] | None = None


class Series(Struct, frozen=True):
    """One series of an imaging study."""

    modality: msgspec.Raw = ABSENT
    body_site: msgspec.Raw = ABSENT
    laterality: msgspec.Raw = ABSENT


class Collection(Struct, frozen=True):
    """When and where a specimen was taken."""

    collected_date_time: str | None = None
    collected_period: Period | None = None


class Repeat(Struct, frozen=True):
    """When a dose is taken."""

    bounds_period: Period | None = None


class Timing(Struct, frozen=True):
    """When a dose is taken."""

    repeat: Repeat | None = None


class Dosage(Struct, frozen=True):
    """How a drug is taken; only from when to when is read."""

    timing: Timing | None = None


class RelativeCondition(Struct, frozen=True):
    """A condition of a relative."""

    code: msgspec.Raw = ABSENT
    modifier_extension: tuple[msgspec.Raw, ...] | None = None


class Seen(Struct, frozen=True):
    """A finding of a clinical impression."""

    item_codeable_concept: msgspec.Raw = ABSENT


class Content(Struct, frozen=True):
    """What a document reference refers to."""

    attachment: Attachment | None = None


class Section(Struct, frozen=True):
    """A part of a composition."""

    text: Narrative | None = None
    entry: tuple[Reference, ...] | None = None
    section: "tuple[Section, ...] | None" = None


class Answer(Valued, frozen=True):
    """One answer of a questionnaire."""

    item: "tuple[Item, ...] | None" = None


class Item(Struct, frozen=True):
    """One question with its answers and the questions below it."""

    link_id: str | None = None
    definition: str | None = None
    text: str | None = None
    code: msgspec.Raw = ABSENT
    answer: tuple[Answer, ...] | None = None
    item: "tuple[Item, ...] | None" = None
    modifier_extension: tuple[msgspec.Raw, ...] | None = None


References = Reference | tuple[Reference, ...]
TYPES: dict[str, Any] = {
    "conclusion": str,
    "description": str,
    "status": str,
    "summary": str,
    "intent": str,
    "doNotPerform": bool,
    "period": Period,
    "actualPeriod": Period,
    "onsetAge": Quantity,
    "onsetRange": Range,
    "abatementAge": Quantity,
    "abatementRange": Range,
    "collection": Collection,
    "component": tuple[Valued, ...],
    "condition": tuple[RelativeCondition, ...],
    "content": tuple[Content, ...],
    "dosageInstruction": tuple[Dosage, ...],
    "finding": tuple[Seen, ...],
    "item": tuple[Item, ...],
    "note": tuple[Annotation, ...],
    "presentedForm": tuple[Attachment, ...],
    "section": tuple[Section, ...],
    "series": tuple[Series, ...],
    "text": Narrative,
    **dict.fromkeys(("abatementString", "onsetString", "title"), str),
    **dict.fromkeys(("bodySite", "category", "code", "conclusionCode", "method"), msgspec.Raw),
    **dict.fromkeys(("procedureCode", "reasonCode", "relationship", "type"), msgspec.Raw),
    **dict.fromkeys(("clinicalStatus", "verificationStatus", "modality"), msgspec.Raw),
    **dict.fromkeys(("medication", "medicationCodeableConcept"), msgspec.Raw),
    **dict.fromkeys(("derivedFrom", "encounter", "focus", "hasMember", "partOf"), References),
    **dict.fromkeys(("imagingStudy", "result", "specimen", "medicationReference"), References),
}
"""The type of an element by its name, the same wherever it stands; see `views.toml` for where.

Names that end with a type (`effectiveDateTime`) have that type; a name that is not here is a day.
"""
