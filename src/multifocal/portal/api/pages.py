"""The description of the API as a page of the site."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from multifocal.portal.api.views import api


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show every operation."""
    context = {"operations": _operations(), "description": reverse("api:openapi-json")}
    return render(request, "portal/api/page.html", context)


@cache
def _operations() -> list[dict[str, Any]]:
    schema = api.get_openapi_schema()
    return [
        {"method": method.upper(), "path": path, "id": operation["operationId"], **operation}
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    ]
