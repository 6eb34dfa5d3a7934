"""What every page of the site knows."""

from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest

from multifocal.portal.engine import knowledge


def versions() -> dict[str, str]:
    """Give the versions that everything shown rests on."""
    return {"knowledge_version": knowledge().version, "software_version": version("multifocal")}


def site(request: HttpRequest) -> dict[str, Any]:
    """Give the versions and the address that every page shows."""
    return {
        **versions(),
        "origin": settings.OPTIONS.address or _reached_by(request),
    }


def _reached_by(request: HttpRequest) -> str:
    """Give the address that a reader used; empty for one that is not ours."""
    try:
        return f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        return ""
