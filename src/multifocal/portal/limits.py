"""How often one address may have work done; addresses are counted under names that hide them."""

import hmac
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja.throttling import AnonRateThrottle

View = Callable[..., HttpResponse]


class Throttle(AnonRateThrottle):
    """Counts requests of an address, under a name from which the address can't be read."""

    def get_ident(self, request: HttpRequest) -> str:
        """Give the name under which an address is counted."""
        address = super().get_ident(request) or ""
        return hmac.new(settings.SECRET_KEY.encode(), address.encode(), sha256).hexdigest()[:32]


class PageThrottle(Throttle):
    """Counts what is sent to pages that work hard, apart from the API."""

    scope = "page"


def limited(view: View) -> View:
    """Let one address send to a page no oftener than the options allow."""
    throttle = PageThrottle(settings.OPTIONS.api_rate)

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not throttle.allow_request(request):
            return render(request, "429.html", status=429)
        return view(request, *args, **kwargs)

    respond.throttle = throttle  # type: ignore[attr-defined] # for tests
    return respond
