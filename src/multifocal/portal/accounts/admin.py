"""Accounts in the administration: who may log in, who runs the site."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from multifocal.portal import access, actions
from multifocal.portal.accounts.administration import Audited
from multifocal.portal.accounts.models import User
from multifocal.portal.generic import ModelForm


class UserForm(ModelForm):
    """Whether an account is open, and whether it runs the site."""

    def clean_is_active(self) -> bool:
        """Refuse to close the account of a clinic's last administrator."""
        is_active: bool = self.cleaned_data["is_active"]
        if not is_active and access.held_by(self.instance):
            raise ValidationError(actions.LAST_ADMINISTRATOR)
        return is_active


@admin.register(User)
class UserAdmin(Audited):
    """Accounts are made by signing up, and deleted by their owners."""

    form = UserForm
    list_display = ("email", "is_active", "is_staff", "is_demo", "joined")
    list_filter = ("is_active", "is_staff", "is_demo")
    search_fields = ("email",)
    ordering = ("email",)
    fields = ("email", "is_active", "is_staff", "joined", "last_login")
    readonly_fields = ("email", "joined", "last_login")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: accounts are made by signing up."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, *rest: Any) -> None:
        """Save, and end what an account that is closed has open."""
        if "is_active" in form.changed_data and not obj.is_active:
            actions.close_account(by=request.user, at=timezone.now(), user=obj)  # type: ignore[arg-type] # staff
        super().save_model(request, obj, form, *rest)
