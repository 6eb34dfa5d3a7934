"""Answers as they are typed: a page may ask for the part that changes alone."""

from django.http import HttpRequest

PART = "X-Part"
"""Header by which `live.js` asks for the part alone."""


def asks_for_part(request: HttpRequest) -> bool:
    """Whether only the part that changes is wanted."""
    return request.method == "POST" and PART in request.headers
