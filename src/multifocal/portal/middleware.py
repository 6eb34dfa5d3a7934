"""What happens around every view."""

import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

Next = Callable[[HttpRequest], HttpResponse]

log = structlog.get_logger("multifocal.portal")

SEEN = "seen"
"""Key of the session: when its owner was last active, in seconds since 1970."""
SELDOM = 60
"""The time of activity is written again after so many seconds."""

POLICY = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"


def request_log(get_response: Next) -> Next:
    """Log each request by its view's name; the address may hold what somebody typed."""

    def respond(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        structlog.contextvars.bind_contextvars(request=uuid4().hex)
        try:
            response = get_response(request)
            match = request.resolver_match
            log.info(
                "request",
                view=match.view_name if match else "",
                method=request.method if request.method in METHODS else "OTHER",
                status=response.status_code,
                ms=round((time.perf_counter() - began) * 1000, 1),
            )
            return response
        finally:
            structlog.contextvars.clear_contextvars()

    return respond


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def headers(get_response: Next) -> Next:
    """Add the headers that no library of ours adds."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return respond


def idle(get_response: Next) -> Next:
    """Sign out whoever did nothing for longer than the options allow."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            seen = request.session.get(SEEN)
            if isinstance(seen, int) and now - seen > settings.IDLE_SECONDS:
                logout(request)
            elif not isinstance(seen, int) or now - seen > SELDOM:
                request.session[SEEN] = now
        return get_response(request)

    return respond


def nothing_kept(get_response: Next) -> Next:
    """Forbid every copy of a page that was made for one person or from what somebody sent."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated or request.method == "POST" or response.cookies:
            response["Cache-Control"] = "no-store, private"
        return response

    return respond
