"""Pages for what went wrong: each says what happened and what to do, never a trace."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

UNAVAILABLE = "The database can't be used now. Nothing was kept. Try again in some minutes."
RETRY = "60"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the request can't be read."""
    return render(request, "portal/errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that this account may not do that."""
    return render(request, "portal/errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page; somebody else's page is not found either."""
    return render(request, "portal/errors/404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Say that it was our mistake; or, where it is the database's trouble, when to try again."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return render(request, "portal/errors/500.html", status=500)
    if request.path.startswith("/api/v1/"):
        answer: HttpResponse = JsonResponse({"detail": UNAVAILABLE}, status=503)
    else:
        answer = render(request, "portal/errors/database.html", status=503)
    answer["Retry-After"] = RETRY
    return answer


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form came from a page that is too old."""
    return render(request, "portal/errors/csrf.html", status=403)
