"""What happens around every view."""

import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse

Next = Callable[[HttpRequest], HttpResponse]

log = structlog.get_logger("multifocal.portal")

SEEN = "seen"
"""Key of the session: when its owner was last active, in seconds since 1970."""
BEGAN = "began"
"""Key of the session: when its owner logged in."""
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


def refused(get_response: Next) -> Next:
    """Refuse methods that no page has; over http refuse programs, whom a redirect would mislead.

    A browser learns from a redirect to come by https. A program would go on sending records in the
    clear first, and nobody would notice.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponse(status=405, headers={"Allow": ", ".join(sorted(METHODS))})
        is_program = request.path.startswith("/api/v1/")
        if is_program and settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return JsonResponse({"detail": "Use https."}, status=403)
        return get_response(request)

    return respond


def idle(get_response: Next) -> Next:
    """Sign out whoever did nothing for longer than the options allow, or logged in long ago."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now, session = int(time.time()), request.session
            began, seen = session.get(BEGAN, now), session.get(SEEN, now)
            if now - seen > settings.IDLE_SECONDS or now - began > settings.SESSION_COOKIE_AGE:
                logout(request)
            elif BEGAN not in session or SEEN not in session or now - seen > SELDOM:
                session[BEGAN], session[SEEN] = began, now
        return get_response(request)

    return respond


def signed_out(get_response: Next) -> Next:
    """Have the browser drop its copies of pages once somebody is not signed in any more."""

    def respond(request: HttpRequest) -> HttpResponse:
        was_signed_in = request.user.is_authenticated
        response = get_response(request)
        if was_signed_in and not request.user.is_authenticated:
            response["Clear-Site-Data"] = '"cache"'
        return response

    return respond


def nothing_kept(get_response: Next) -> Next:
    """Forbid every copy of a page that was made for one person or from what somebody sent."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated or request.method == "POST" or response.cookies:
            response["Cache-Control"] = "no-store, private"
        return response

    return respond
