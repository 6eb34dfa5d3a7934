"""The form of the symptom checker, made from the questions of the knowledge."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from multifocal.knowledge.entries_checker import CheckPart, QuestionEntry
from multifocal.model.checker import Answers
from multifocal.portal.engine import knowledge
from multifocal.portal.lesion_map.fields import SitesField
from multifocal.workup.checker import check, choices

SITES = "sites"
CHOOSE = "Choose an answer. If you can't tell, choose “Don't know”."
DONT_KNOW = "Don't know"


class Part(NamedTuple):
    """A part of the form, with its questions."""

    part: CheckPart
    fields: tuple[BoundField, ...]


class CheckForm(forms.Form):
    """Every question. Some need an answer, unless another is an emergency already."""

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        for question in knowledge().questions:
            self.fields[question.id] = _field(question)
        self.fields[SITES] = SitesField(
            choices="both", required=False, label="Mark where it hurts or shows"
        )

    @property
    def parts(self) -> Iterator[Part]:
        """Give the parts of the form in their order."""
        for part in knowledge().check_parts:
            own = (one.id for one in knowledge().questions if one.part == part.id)
            yield Part(part, tuple(self[name] for name in own))

    @property
    def where(self) -> SafeString:
        """Give the list and maps of places; without a mark they are the same for everybody."""
        field = self[SITES]
        return field.as_widget() if field.value() else _unmarked()

    def clean(self) -> dict[str, Any]:
        """Let an emergency through at once, whatever is still to be answered."""
        found = check(self.answers, knowledge=knowledge())
        if found.how_soon == "emergency" and found.sure:
            for name in [name for name in self.errors if self.has_error(name, "required")]:
                del self.errors[name]
        return self.cleaned_data

    @property
    def answers(self) -> Answers:
        """Give what was answered so far; what could not be read is left out."""
        told = {name: value for name, value in self.cleaned_data.items() if value}
        sites = told.pop(SITES, ())
        return Answers({name: str(value) for name, value in told.items()}, tuple(sites))

    def again(self) -> "CheckForm":
        """Give the form anew with these answers, to be changed."""
        self.is_valid()
        return CheckForm(initial={**self.answers.given, SITES: self.answers.sites})


@cache
def _unmarked() -> SafeString:
    return CheckForm()[SITES].as_widget()


def _field(question: QuestionEntry) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=question.ask,
        help_text=question.help,
        required=question.danger or question.needed,
        choices=[*choices(question, unknown=DONT_KNOW).items()],
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
