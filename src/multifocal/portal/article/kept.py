"""Public pages, made once a process and kept; a reader who is signed in gets one of their own."""

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from multifocal.portal.engine import knowledge

View = Callable[..., HttpResponse]
FRESH = "public, max-age=300"
"""A copy is used for five minutes, and asked about after that."""


class Page(NamedTuple):
    """A page as it is sent."""

    body: bytes
    kind: str
    tag: str


_pages: dict[tuple[str, str], Page] = {}
"""By knowledge version and path: as many as there are addresses."""


def kept(view: View) -> Callable[..., HttpResponseBase]:
    """Keep what a view answers to an anonymous reader; it must depend on its path alone."""

    @require_safe
    @wraps(view)
    def respond(request: HttpRequest, **names: str) -> HttpResponseBase:
        if request.user.is_authenticated or len(get_messages(request)) or settings.DEBUG:
            return view(request, **names)
        key = (knowledge().version, request.path)
        page = _pages.get(key)
        if page is None:
            response = view(request, **names)
            if response.status_code != 200:
                return response
            page = _pages[key] = _made(response)
        return _sent(request, page)

    return respond


def _made(response: HttpResponse) -> Page:
    tag = hashlib.sha256(response.content).hexdigest()[:20]
    return Page(response.content, response["Content-Type"], f'"{tag}"')


def _sent(request: HttpRequest, page: Page) -> HttpResponseBase:
    response = HttpResponse(page.body, content_type=page.kind)
    response["ETag"] = page.tag
    response["Last-Modified"] = http_date(changed())
    response["Cache-Control"] = FRESH
    found = get_conditional_response(
        request, etag=page.tag, last_modified=changed(), response=response
    )
    return response if found is None else found


@cache
def changed() -> int:
    """Give when the program or its knowledge last changed here, in seconds since 1970."""
    package = Path(__file__).parents[2]
    kinds = (".py", ".html", ".css", ".toml", ".csv", ".md", ".json")
    return int(max(path.stat().st_mtime for path in package.rglob("*") if path.suffix in kinds))
