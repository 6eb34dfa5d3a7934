"""The shape of the treatment data: one frozen type for each kind of entry in the files.

Doses are texts, exactly as printed: nothing here is a number that a program could multiply.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from multifocal.knowledge.entries import Entries, Entry, Figure
from multifocal.model.source import Citation, Source

Printed = Annotated[str, msgspec.Meta(pattern=r"^\d+(\.\d+)?$")]
"""A number as its source prints it, kept as text."""

Basis = Literal[
    "CNO",
    "adults with CNO",
    "JIA",
    "systemic JIA",
    "osteoporosis",
    "other bone disease",
    "not stated",
]
"""In whom a source gives a dose."""

Use = Literal["before", "monitoring", "not_if", "interaction", "vaccination", "pregnancy", "note"]
"""What a statement on a medicine is about."""

Shows = Literal["advice", "lines", "plans", "drugs", "course", "sources"]


class SectionEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A section, in the order of the file: its titles, and what it shows."""

    id: str
    title: str
    plain: str
    shows: Shows = "advice"
    topics: tuple[str, ...] = ()
    """Topics of the knowledge whose values a clinician sees here side by side."""


class LineEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A step of treatment, in the order of the file."""

    id: str
    title: str
    plain_title: str
    text: str
    plain: str
    source: Citation


class ClassEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A kind of medicine and what it is for."""

    id: str
    label: str
    plain_label: str
    purpose: str
    plain: str
    source: Citation


class Code(Entry, frozen=True, forbid_unknown_fields=True):
    """An ATC code, and where it was seen."""

    code: str
    source: Citation


class DrugEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """One medicine: its kind, its line, its code."""

    id: str
    name: str
    drug_class: str
    line: str
    atc: Code
    names: tuple[str, ...]
    """Words, lower case, by which the medicine is known; nothing public may hold them."""
    plain_name: str = ""
    """The name for a family, where it is another."""
    line_note: str = ""
    no_dose: str = ""
    """Why no dose is shown; a medicine has either this or doses."""
    no_dose_source: Citation | None = None


class DoseEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A dose as one source prints it: `low`, or `low` to `high`, or a `text` without a figure."""

    id: str
    drug: str
    label: str
    kind: Literal["dose", "maximum", "supplement"]
    basis: Basis
    source: Citation
    low: Printed = ""
    high: Printed = ""
    unit: Literal["", "mg", "mg/kg", "mg/m2"] = ""
    per: str = ""
    schedule: str = ""
    max: str = ""
    """The ceiling printed beside it."""
    text: str = ""
    note: str = ""


class ResponseEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """How people did: a figure of one source. Without `of`, it belongs to the course."""

    id: str
    label: str
    figure: Figure
    population: str
    source: Citation
    of: tuple[str, ...] = ()
    """Medicines, or kinds of medicine."""
    plain: str = ""
    """For a family, naming its figure: ``{id|in10}``; empty where only a clinician needs it."""
    note: str = ""


class AdviceEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """One statement: about medicines (`of` and `use`), or in a section of its own."""

    id: str
    text: str
    plain: str
    source: Citation
    section: str = ""
    use: Use | None = None
    of: tuple[str, ...] = ()
    """Medicines, or kinds of medicine, that the source speaks of."""
    carried_to: tuple[str, ...] = ()
    """Others to which we carry it over; there it is our judgement."""


class ConflictEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """Values of sources that don't agree, kept side by side, and what to make of it."""

    id: str
    of: tuple[str, ...]
    between: tuple[str, ...]
    """Doses or responses, by id."""
    text: str
    plain: str
    source: Citation


class Arm(Entry, frozen=True, forbid_unknown_fields=True):
    """One arm of a plan."""

    id: str
    text: str
    plain: str
    of: tuple[str, ...]
    source: Citation


class Item(Entry, frozen=True, forbid_unknown_fields=True):
    """One statement of a plan."""

    group: Literal["entry", "exclude", "active", "imaging", "allowed", "doses"]
    text: str
    plain: str
    source: Citation


class PlanEntry(Entry, frozen=True, forbid_unknown_fields=True):
    """A published consensus plan: who enters, its arms, what is allowed beside."""

    id: str
    name: str
    plain_name: str
    purpose: str
    plain: str
    source: Citation
    arm: tuple[Arm, ...]
    item: tuple[Item, ...]


class Treatment(msgspec.Struct, frozen=True):
    """The whole section, and the public knowledge that it cites."""

    sources: tuple[Source, ...]
    """Its own; those of the knowledge are `knowledge.sources`."""
    sections: tuple[SectionEntry, ...]
    lines: tuple[LineEntry, ...]
    classes: tuple[ClassEntry, ...]
    drugs: tuple[DrugEntry, ...]
    doses: tuple[DoseEntry, ...]
    responses: tuple[ResponseEntry, ...]
    advice: tuple[AdviceEntry, ...]
    conflicts: tuple[ConflictEntry, ...]
    plans: tuple[PlanEntry, ...]
    version: str
    """A digest of its files."""
    knowledge: Entries

    def is_about(self, of: tuple[str, ...], drug: DrugEntry) -> bool:
        """Whether an entry speaks of a medicine, by its id or its kind."""
        return drug.id in of or drug.drug_class in of

    def doses_of(self, drug: DrugEntry) -> Iterator[DoseEntry]:
        """Give the printed doses of a medicine."""
        return (dose for dose in self.doses if dose.drug == drug.id)
