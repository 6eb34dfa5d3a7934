"""What must hold for the short form: its fields speak of what there is, and have what they need."""

from collections import Counter
from collections.abc import Iterator

from multifocal.knowledge.check_conditions import unknown
from multifocal.knowledge.check_figures import Fault
from multifocal.knowledge.entries import ConceptEntry, Entries, FormField

FILE = "form.toml"
ABOUT_THE_CHILD = frozenset({"age", "sex"})
"""Kinds of field that give no fact."""


def form_faults(entries: Entries) -> Iterator[Fault]:
    """Give every fault of the sections and fields of the form."""
    concepts: dict[str, ConceptEntry] = {concept.id: concept for concept in entries.concepts}
    fields = [field for section in entries.form for field in section.field]
    places = {field.id for field in fields if field.kind == "sites"}
    studies = {field.id for field in fields if field.kind == "study"}
    for field in fields:
        wanted = [name for name in (field.concept, field.normal) if name]
        for message in (
            *unknown("concept", wanted, set(concepts)),
            *unknown("field of sites", [field.at] if field.at else [], places),
            *unknown("field of a study", field.studies, studies),
            *_lacks(field),
        ):
            yield Fault(FILE, field.id, message)
        if field.kind == "amount" and field.concept in concepts:
            if not concepts[field.concept].unit:
                yield Fault(FILE, field.id, "asks for a number of a concept without a unit")
    for ids in ([section.id for section in entries.form], [field.id for field in fields]):
        for name, count in Counter(ids).items():
            if count > 1:
                yield Fault(FILE, name, f"is defined {count} times")


def _lacks(field: FormField) -> Iterator[str]:
    if (field.kind in ABOUT_THE_CHILD) == bool(field.concept):
        yield "needs a concept, unless it asks for age or sex"
    if field.kind in ABOUT_THE_CHILD and not field.label:
        yield "needs a label"
    if (field.kind == "study") != bool(field.normal):
        yield "a study, and nothing else, needs what is true when it was normal"
