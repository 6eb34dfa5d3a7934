"""What a reader gives for a work-up: a file, or answers to the short form."""

from collections.abc import Iterator
from datetime import date
from typing import Any, cast

from django import forms
from django.utils import timezone

from multifocal.exchange.entered import EnteredError
from multifocal.exchange.form import Answers, amount_of
from multifocal.exchange.units import offered
from multifocal.knowledge.entries import FormField, FormSection
from multifocal.knowledge.load import Knowledge
from multifocal.portal.days import is_day_of_a_record
from multifocal.portal.engine import knowledge
from multifocal.portal.fields import AmountField, ChoiceField
from multifocal.portal.lesion_map.fields import SitesField
from multifocal.portal.work_up.fields import AgoField, ListedSitesField, StudyField
from multifocal.portal.work_up.reports import FORMS, Form, Wanted
from multifocal.workup.differential import SETTING

SEXES = (("female", "Girl"), ("male", "Boy"))


class WantedForm(forms.Form):
    """How the work-up is wanted."""

    setting = forms.ChoiceField(label="Where the child is seen", required=False)
    as_of = forms.DateField(
        label="As of the day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "Write the day as 2026-10-20."},
    )
    form = forms.ChoiceField(label="Give it as", choices=list(FORMS.items()), required=False)

    def __init__(self, data: Any = None, files: Any = None, *, auto_id: str = "id_%s") -> None:
        super().__init__(data, files, label_suffix="", auto_id=auto_id)
        settings = knowledge().differential.model.setting
        choices = [(one.id, one.label[:1].upper() + one.label[1:]) for one in settings]
        cast("forms.ChoiceField", self.fields["setting"]).choices = choices
        self.fields["setting"].initial = SETTING

    def clean_as_of(self) -> date | None:
        """Refuse a day that no record can be assessed on."""
        day: date | None = self.cleaned_data["as_of"]
        if day and not is_day_of_a_record(day):
            raise forms.ValidationError("Write a day that is not so far away.")
        return day

    @property
    def wanted(self) -> Wanted:
        """What is wanted, once it is valid."""
        said = self.cleaned_data
        return Wanted(
            form=cast("Form", said["form"] or "page"),
            setting=said["setting"] or SETTING,
            as_of=said["as_of"],
        )


class FileForm(WantedForm):
    """A record as a file."""

    file = forms.FileField(
        label="The record",
        help_text="FHIR R4 as JSON or NDJSON, or a phenopacket. One file, 20 MB at most.",
        error_messages={
            "required": "Choose a file.",
            "empty": "This file is empty. Export it again.",
            "missing": "Choose a file.",
        },
        widget=forms.FileInput(attrs={"accept": ".json,.ndjson,.jsonl,application/json"}),
    )
    field_order = ("file", "setting", "as_of", "form")


class ShortForm(WantedForm):
    """The questions of the knowledge's short form."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="%s")
        self.known = knowledge()
        self.fields["as_of"].initial = timezone.localdate
        asked = [field for section in self.known.form for field in section.field]
        self.fields.update({field.id: _field(field, self.known) for field in asked})

    @property
    def sections(self) -> Iterator[tuple[FormSection, list[forms.BoundField]]]:
        """The sections with their fields."""
        for section in self.known.form:
            yield section, [self[field.id] for field in section.field]

    @property
    def of_report(self) -> list[forms.BoundField]:
        """The fields that say how the work-up is wanted."""
        return [self[name] for name in ("setting", "as_of", "form")]

    @property
    def day(self) -> date:
        """The day of the work-up, once it is valid."""
        return self.cleaned_data.get("as_of") or timezone.localdate()

    @property
    def answers(self) -> Answers:
        """The answers, once it is valid; what is not known is left out."""
        said = self.cleaned_data
        return {
            field.id: said[field.id]
            for section in self.known.form
            for field in section.field
            if said.get(field.id) not in (None, "", ())
        }

    def clean(self) -> dict[str, Any]:
        """Turn each text into the value that it stands for."""
        cleaned = super().clean() or {}
        for section in self.known.form:
            for field in section.field:
                text = cleaned.get(field.id)
                if isinstance(text, str) and text:
                    try:
                        cleaned[field.id] = _value(field, text, self.known)
                    except EnteredError as fault:
                        self.add_error(field.id, f"This {fault}.")
        return cleaned


def _field(field: FormField, known: Knowledge) -> forms.Field:
    concept = known.concepts_by_id.get(field.concept)
    label = field.label or (concept.label if concept else "")
    match field.kind:
        case "sex":
            return ChoiceField(SEXES, label=label)
        case "age":
            return AgoField(("a", "mo", "wk"), label=label)
        case "since":
            return AgoField(("wk", "mo", "d", "a"), label=label)
        case "truth":
            return ChoiceField(label=label)
        case "amount":
            unit = concept.unit if concept else ""
            return AmountField(offered(field.concept, unit, known), label=label)
        case "study":
            regions = () if concept and concept.region else known.regions
            return StudyField(regions, label=label)
        case "sites":
            if field.studies:
                return SitesField(label=label, required=False, parts=True)
            return ListedSitesField(label=label, required=False)


def _value(field: FormField, text: str, known: Knowledge) -> Any:
    """Give what a text stands for. Raises `EnteredError`."""
    if field.kind == "truth":
        return text == "yes"
    if field.kind != "amount":
        return text
    return amount_of(text, known.concepts_by_id[field.concept], knowledge=known)
