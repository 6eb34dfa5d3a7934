"""Accounts in the administration: who may log in, who runs the site."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from multifocal.portal.accounts.administration import Audited
from multifocal.portal.accounts.models import User


@admin.register(User)
class UserAdmin(Audited):
    """Accounts are made by signing up, and deleted by their owners."""

    list_display = ("email", "is_active", "is_staff", "is_demo", "joined")
    list_filter = ("is_active", "is_staff", "is_demo")
    search_fields = ("email",)
    ordering = ("email",)
    fields = ("email", "is_active", "is_staff", "joined", "last_login")
    readonly_fields = ("email", "joined", "last_login")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: accounts are made by signing up."""
        return False
