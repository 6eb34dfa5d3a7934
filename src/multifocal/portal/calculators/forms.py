"""A criteria set or score as a form: one field for each item, made from the knowledge."""

from collections.abc import Iterator
from typing import Any

from django import forms

from multifocal.exchange.entered import Entered, EnteredError, entered
from multifocal.exchange.units import offered
from multifocal.knowledge.entries import CriteriaEntry, ItemEntry, ValueEntry
from multifocal.knowledge.load import Knowledge
from multifocal.model.calculation import Calculation
from multifocal.portal.fields import (
    TRUTHS,
    AmountField,
    Answer,
    CellsField,
    ChoiceField,
    LinesField,
    SeveralField,
)
from multifocal.workup.calculate import PRESENT, REQUEST, AnswerError, calculate

FEW = 4
"""Whole numbers up to so many are chosen, not typed."""
SIDES = (("R", "right"), ("L", "left"), ("M", "midline"), ("", "side not known"))
SAYS_NO = "Left open, it counts as no."


class Calculator(forms.Form):
    """The questions of one set; once valid, what the set says of the answers."""

    def __init__(self, entry: CriteriaEntry, knowledge: Knowledge, data: Any = None) -> None:
        super().__init__(data, label_suffix="", auto_id="%s")
        self.entry, self.knowledge = entry, knowledge
        self.result: Calculation | None = None
        self.fields.update({item.name: _field(item, knowledge) for item in entry.item})
        self.fields.update(_instead(entry))

    @property
    def items(self) -> list[forms.BoundField]:
        """The fields of the items."""
        return [self[item.name] for item in self.entry.item]

    @property
    def instead(self) -> list[forms.BoundField]:
        """The fields of what may be answered in place of items."""
        return [self[name] for name in _instead(self.entry)]

    def clean(self) -> dict[str, Any]:
        """Read every answer; a fault stands at its field."""
        cleaned = super().clean() or {}
        parts = [self._read(name, text) for name, text in tuple(cleaned.items()) if text]
        if not self.errors:
            values = {name: value for part in parts for name, value in part.values.items()}
            refused = next((part.refused for part in parts if part.refused), "")
            try:
                self.result = calculate(
                    self.entry, values, knowledge=self.knowledge, refused=refused
                )
            except AnswerError as fault:
                name, _, message = str(fault).partition(": ")
                self.add_error(name if name in self.fields else None, _sentence(message or name))
        return cleaned

    def _read(self, name: str, text: str) -> Entered:
        try:
            return entered(self.entry, {name: text}, knowledge=self.knowledge)
        except EnteredError as fault:
            for line in str(fault).splitlines():
                self.add_error(name, _sentence(line.removeprefix(f"{name}: ")))
            return Entered({})


def _sentence(fault: str) -> str:
    """Write a fault as a sentence that can stand alone.

    >>> _sentence("needs a number"), _sentence("can be yes or no")
    ('This needs a number.', 'This can be yes or no.')
    """
    return f"This {fault.rstrip('.')}."


def _field(item: ItemEntry, knowledge: Knowledge) -> Answer:
    """Give the field of an item."""
    said: dict[str, Any] = {"label": item.label, "help_text": _help(item)}
    match item.type:
        case "truth":
            return ChoiceField(
                TRUTHS, open_word="Not said" if item.absent_unless_told else "", **said
            )
        case "number":
            unit = item.ucum or item.unit
            units = offered(item.analyte, unit, knowledge) if item.analyte else (unit,)
            return AmountField(tuple(filter(None, units)), unit_needed=item.unit_needed, **said)
        case "text":
            return ChoiceField([(text, _words(text)) for text in item.texts], **said)
        case "texts":
            boxes = [(text, _words(text)) for text in item.texts]
            return SeveralField([("", [("", boxes)])], **said)
        case "numbers" if item.parts:
            return CellsField(item.parts, choices=tuple(_steps(item)), **said)
        case "numbers":
            return LinesField(**said)
        case "sites":
            groups = [
                (_words(group), [(_words(place), _sides(place)) for place in places])
                for group, places in item.groups.items()
            ]
            return SeveralField(groups, none="None at all", **said)


def _instead(entry: CriteriaEntry) -> dict[str, Answer]:
    """Give the fields of what may be answered in place of items, or asked for."""
    fields = {value.name: _given(value) for value in entry.value if value.may_be_given}
    if entry.request:
        texts = [(request.text, request.text) for request in entry.request]
        fields[REQUEST] = ChoiceField(texts, open_word="Nothing", label="Ask for")
    if entry.lists_present:
        boxes = [(item.name, item.label) for item in entry.item if item.type == "truth"]
        boxes += [(v.name, _words(v.name)) for v in entry.value if v.name in fields]
        fields[PRESENT] = SeveralField(
            [("", [("", boxes)])],
            none="None of these",
            label="A full list of what is present",
            help_text="Whatever is not ticked here then counts as absent.",
        )
    return fields


def _given(value: ValueEntry) -> Answer:
    label = _words(value.name)
    match value.type:
        case "number":
            return AmountField(label=label)
        case "text":
            return ChoiceField([(text, _words(text)) for text in value.texts], label=label)
        case _:
            return ChoiceField(label=label)


def _steps(item: ItemEntry) -> Iterator[tuple[str, str]]:
    """Give the whole numbers that a cell can be, where they are few."""
    if item.low is None or item.high is None or item.high - item.low >= FEW:
        return
    yield "", "not known"
    for step in range(int(item.low), int(item.high) + 1):
        yield str(step), str(step)
    yield "null", "does not apply"


def _sides(place: str) -> list[tuple[str, str]]:
    return [(f"{place}:{side}", word) for side, word in SIDES]


def _help(item: ItemEntry) -> str:
    """Say what an answer can be, and what leaving it open means."""
    parts = []
    if item.absent_unless_told:
        parts.append(SAYS_NO)
    if item.type in {"number", "numbers"} and item.low is not None:
        parts.append(
            f"{item.low:g} or more." if item.high is None else f"{item.low:g} to {item.high:g}."
        )
    if item.type == "numbers" and not item.parts:
        parts.append("One a line, such as: name: 3")
    return " ".join(parts)


def _words(name: str) -> str:
    """Write a name of the knowledge as words.

    >>> _words("not_done"), _words("crp_ge_1")
    ('Not done', 'Crp ge 1')
    """
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]
