"""Clinics and their first administrators in the administration."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from multifocal.portal import access, actions
from multifocal.portal.accounts.administration import Audited
from multifocal.portal.care.models import Clinic, Membership
from multifocal.portal.generic import ModelAdmin, ModelForm
from multifocal.portal.names import isolated


@admin.register(Clinic)
class ClinicAdmin(Audited):
    """Clinics."""

    list_display = ("__str__", "is_demo", "made_at")
    search_fields = ("name",)
    fields = ("name",)


class MembershipForm(ModelForm):
    """Whom to propose: not oneself, and nobody who is that in the clinic already."""

    asks: Any = None

    def clean(self) -> dict[str, Any] | None:
        """Refuse these two."""
        found = super().clean() or {}
        user, clinic, role = (found.get(name) for name in ("user", "clinic", "role"))
        if user == self.asks:
            self.add_error("user", actions.NOT_ONESELF)
        elif user and clinic and access.is_member(user, clinic, role or ""):
            self.add_error("user", "This account has that role there already.")
        return found


@admin.register(Membership)
class MembershipAdmin(Audited):
    """Members of clinics: staff propose others and end them, and verify nobody.

    Who is proposed waits for the clinic's own administrator; the first administrator of a clinic
    for whoever runs the server (`multifocal verify-administrator`).
    """

    form = MembershipForm
    list_display = ("known_as", "user", "clinic", "role", "state")
    list_filter = ("state", "role", "clinic")
    list_select_related = ("user", "clinic")
    search_fields = ("name", "user__email", "clinic__name")
    raw_id_fields = ("user",)
    fields = ("user", "clinic", "role", "name")
    actions = ("end",)

    @admin.display(description="name", ordering="name")
    def known_as(self, row: Membership) -> str:
        """Give the name, for use within other text."""
        return isolated(row.name)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only to end one, from the list; nothing of a membership is written over."""
        return obj is None and super().has_change_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Show one to whoever may propose one."""
        return super().has_add_permission(request)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Give a form that knows who asks."""
        form = super().get_form(request, *args, **kwargs)
        return type(form.__name__, (form,), {"asks": request.user})

    def save_model(self, request: HttpRequest, obj: Membership, *rest: Any) -> None:
        """Propose a member."""
        actions.propose_member(by=request.user, membership=obj)  # type: ignore[arg-type] # staff

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Leave no second event: the change has left its own."""
        return ModelAdmin.log_addition(self, request, obj, message)

    @admin.action(description="End these memberships", permissions=["add"])
    def end(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        """End memberships of others, but not that of a clinic's last administrator."""
        for row in queryset.select_related("clinic", "user"):
            try:
                actions.end_anothers_membership(by=request.user, at=timezone.now(), membership=row)  # type: ignore[arg-type] # staff
            except actions.RefusedError as refused:
                messages.error(request, str(refused))
