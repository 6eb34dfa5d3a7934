"""Where links of ours lead: to the site's own address, whatever address a request named."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def absolute(request: HttpRequest, location: str | None = None) -> str:
    """Give the whole address of a page; of the one that was asked for when none is given.

    Without an address of its own the site is on this machine, at the port that it listens on.
    """
    here = f"http://localhost:{request.META['SERVER_PORT']}"
    return urljoin(settings.OPTIONS.address or here, location or request.get_full_path())


def own_links(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Have libraries build their links so too: what they mail must not lead elsewhere."""

    def respond(request: HttpRequest) -> HttpResponse:
        request.build_absolute_uri = partial(absolute, request)  # type: ignore[method-assign] # for all who ask it
        return get_response(request)

    return respond
