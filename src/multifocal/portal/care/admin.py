"""Clinics and their first administrators in the administration."""

from typing import Any, ClassVar

from django.contrib import admin
from django.utils import timezone

from multifocal.portal.accounts.administration import Audited
from multifocal.portal.care.models import Clinic, Membership, State
from multifocal.portal.generic import ModelForm


@admin.register(Clinic)
class ClinicAdmin(Audited):
    """Clinics."""

    list_display = ("name", "is_demo", "made_at")
    search_fields = ("name",)
    fields = ("name",)


class MembershipForm(ModelForm):
    """A membership whose dates follow from its state; staff verify without being named."""

    class Meta:
        model = Membership
        fields: ClassVar = ["user", "clinic", "role", "name", "state"]

    def clean(self) -> dict[str, Any] | None:
        """Set the dates."""
        found = super().clean()
        row, now = self.instance, timezone.now()
        state = self.cleaned_data.get("state")
        if state == State.PENDING:
            row.verified_by = row.verified_at = None
        elif state == State.VERIFIED:
            row.verified_at = row.verified_at or now
        row.ended_at = (row.ended_at or now) if state == State.ENDED else None
        return found


@admin.register(Membership)
class MembershipAdmin(Audited):
    """Members of clinics; a clinic's own administrator verifies all but the first."""

    form = MembershipForm
    list_display = ("name", "user", "clinic", "role", "state")
    list_filter = ("state", "role", "clinic")
    list_select_related = ("user", "clinic")
    search_fields = ("name", "user__email", "clinic__name")
    raw_id_fields = ("user",)
