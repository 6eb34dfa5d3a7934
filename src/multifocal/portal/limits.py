"""How often one address may have work done; addresses are counted under names that hide them."""

import ipaddress
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja.throttling import AnonRateThrottle

from multifocal.portal.counting.counter import count
from multifocal.portal.places import View, in_place

NETWORK = 64
"""Bits of an IPv6 address that one place has: it can choose the others as it likes."""


class Throttle(AnonRateThrottle):
    """Counts requests of an address, under a name from which the address can't be read."""

    def allow_request(self, request: HttpRequest) -> bool:
        """Count one more; whether it may be."""
        what = f"throttle {self.scope}"
        used = count(what, self.get_ident(request), seconds=self.duration or 0)
        return used <= (self.num_requests or 0)

    def wait(self) -> float:
        """Give the seconds after which a count surely begins anew."""
        return float(self.duration or 0)

    def get_ident(self, request: HttpRequest) -> str:
        """Give the address that is counted; of IPv6 the network."""
        address = super().get_ident(request) or ""
        try:
            known = ipaddress.ip_address(address)
        except ValueError:
            return address
        if known.version == 4:
            return address
        return str(ipaddress.ip_network(f"{address.partition('%')[0]}/{NETWORK}", strict=False))


class PageThrottle(Throttle):
    """Counts what is sent to pages that work hard, apart from the API."""

    scope = "page"


def limited(view: View) -> View:
    """Let one address send to a page no oftener than the options allow, each in a place."""
    throttle = PageThrottle(settings.OPTIONS.api_rate)
    view = in_place(view)

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not throttle.allow_request(request):
            return render(request, "429.html", status=429)
        return view(request, *args, **kwargs)

    respond.throttle = throttle  # type: ignore[attr-defined] # for tests
    return respond
