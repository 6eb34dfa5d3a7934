"""The administration pages: for staff with a second step only; every change leaves an event."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from multifocal.portal import access
from multifocal.portal.accounts.models import User
from multifocal.portal.audit.chain import append
from multifocal.portal.generic import ModelAdmin

OURS = ("accounts", "care")
"""Apps that are administered; the tables of the libraries hold secrets and are not."""


class Site(admin.AdminSite):
    """Django's administration behind our log-in."""

    site_header = site_title = "multifocal: administration"
    index_title = "Clinics and accounts"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take what is ours."""
        models = (
            model_or_iterable
            if isinstance(model_or_iterable, tuple | list)
            else (model_or_iterable,)
        )
        for model in models:
            if model._meta.app_label in OURS:
                super().register(model, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether this is staff who logged in with a second step."""
        user = request.user
        return isinstance(user, User) and user.is_staff and access.has_second_factor(user)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Show a page to staff; to others there is none."""
        shown = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return self._elsewhere(request) or shown(request, *args, **kwargs)

        return guarded

    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Send to our log-in."""
        return self._elsewhere(request) or redirect("admin:index")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Send to our log-out."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Send to our page."""
        return redirect("account_change_password")

    def _elsewhere(self, request: HttpRequest) -> HttpResponse | None:
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path())
        if not request.user.is_staff:
            raise Http404
        if not access.has_second_factor(request.user):
            messages.warning(request, "The administration needs a second step. Add one first.")
            return redirect("mfa_index")
        return None


class Audited(ModelAdmin):
    """Rows whose changes leave an event, and that are ended rather than deleted."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Answer the filters beside the list, and nothing else that an address could ask."""
        field, _, how = lookup.partition("__")
        return field in self.list_filter and how in ("exact", "id__exact")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Leave an event."""
        _event(request, "added in the administration", obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Leave an event."""
        _event(request, "changed in the administration", obj)
        return super().log_change(request, obj, message)


def _event(request: HttpRequest, action: str, row: Any) -> None:
    who: UUID | None = request.user.pk
    append(action, who=who, kind=type(row).__name__.lower(), object=row.pk)
