"""Forms about children and clinics."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet

from multifocal.portal.accounts.addresses import refuse_unseen_letters
from multifocal.portal.care.ages import countries, rule_of
from multifocal.portal.care.models import Child, Clinic, Role, Scope, Sex
from multifocal.portal.generic import ModelForm

MONTHS = [(number, date(2000, number, 1).strftime("%B")) for number in range(1, 13)]
RADIO = forms.RadioSelect


class ChildForm(ModelForm):
    """As little about a child as will do."""

    birth_month = forms.TypedChoiceField(label="Month of birth", choices=MONTHS, coerce=int)
    birth_year = forms.IntegerField(label="Year of birth", help_text="Four digits, such as 2015.")
    sex = forms.ChoiceField(
        label="Sex, as written at birth", choices=Sex.choices, required=False, widget=RADIO
    )
    country = forms.ChoiceField(
        label="Country", help_text="It decides until when a guardian sees the record."
    )
    agreed = forms.BooleanField(label="")

    class Meta:
        model = Child
        fields: ClassVar = ["nickname", "birth_month", "birth_year", "sex", "country"]
        labels: ClassVar = {"nickname": "Nickname or initials"}
        help_texts: ClassVar = {"nickname": "You choose it. Please don't use the full name."}

    def __init__(self, *args: Any, today: date, agree_to: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["country"].choices = countries()  # type: ignore[attr-defined] # a choice field
        self.fields["agreed"].label = agree_to

    def clean_birth_year(self) -> int:
        """Take a year in which somebody who is a child now can be born."""
        year: int = self.cleaned_data["birth_year"]
        oldest = self.today.year - max(rule_of(code).ends_years for code, _ in countries()) - 1
        if not oldest <= year <= self.today.year:
            raise forms.ValidationError(f"Enter a year from {oldest} to {self.today.year}.")
        return year

    def clean(self) -> dict[str, Any] | None:
        """Refuse a month that is still to come."""
        found = super().clean() or {}
        born = (found.get("birth_year", 0), found.get("birth_month", 0))
        if born > (self.today.year, self.today.month):
            self.add_error("birth_month", "This month is still to come.")
        return found


class Invite(forms.Form):
    """Whom to invite."""

    email = forms.EmailField(
        label="E-mail address", max_length=254, validators=[refuse_unseen_letters]
    )


class InviteGuardian(Invite):
    """A guardian, and what they may do."""

    role = forms.ChoiceField(
        label="What may they do?",
        choices=[
            (Scope.SEE.value, "See the record"),
            (Scope.FULL.value, "See the record, and decide who else may"),
        ],
        initial=Scope.SEE.value,
        widget=RADIO,
    )


class InviteMember(Invite):
    """A member of a clinic, and as what."""

    role = forms.ChoiceField(label="As", choices=Role.choices, initial=Role.CLINICIAN, widget=RADIO)


class MemberName(forms.Form):
    """How families know a member of a clinic."""

    name = forms.CharField(
        label="Your name, as families know it",
        max_length=80,
        help_text="Families see it when you open their child's record.",
    )


class ChooseClinic(forms.Form):
    """A clinic that may see the record."""

    def __init__(self, *args: Any, clinics: QuerySet[Clinic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clinic"] = forms.ModelChoiceField(
            clinics, label="Clinic", empty_label="Choose ..."
        )


class Emergency(forms.Form):
    """Which child, and why."""

    code = forms.CharField(
        label="Code of the child", max_length=20, help_text="The family has it: ten letters."
    )
    reason = forms.CharField(
        label="Why can this not wait?",
        max_length=300,
        min_length=10,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The family can read this.",
    )
