"""What was told so far travels with the reader: sealed and unreadable, in a cookie or a form.

The cookie ends with the browser, and what it holds is void after half a day. Nothing is kept here.
"""

import zlib
from base64 import urlsafe_b64encode
from functools import cache
from hashlib import sha256

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from multifocal.portal.checker.steps import Told

NAME = "__Host-checker" if settings.OPTIONS.secure else "checker"
FIELD = "told"
"""The field of a form that carries it where no cookie does."""
LONGEST = 3_500
"""Letters that a cookie holds for sure; what needs more travels in forms."""
ENDS = 12 * 60 * 60
"""Seconds after which it is void."""


class Carried(msgspec.Struct, frozen=True):
    """What a request brought along."""

    told: Told
    lost: bool = False
    """Whether it brought something that can't be read: too old, or not ours."""
    by_form: bool = False
    """Whether it travels in forms, because no cookie came back."""


def sealed(told: Told) -> str:
    """Give it as a text that only this site can read."""
    return _lock().encrypt(zlib.compress(msgspec.json.encode(told), level=9)).decode("ascii")


def opened(text: str) -> Told | None:
    """Give it again; None when it is too old, was changed, or never was ours."""
    try:
        return msgspec.json.decode(
            zlib.decompress(_lock().decrypt(text.encode(), ttl=ENDS)), type=Told
        )
    except (InvalidToken, UnicodeEncodeError, zlib.error, msgspec.MsgspecError):
        return None


def brought(request: HttpRequest) -> Carried:
    """Read what a request brought, in its cookie or else in its form."""
    cookie = request.COOKIES.get(NAME)
    field = request.POST.get(FIELD, "")
    told = opened(field or cookie or "")
    lost = told is None and bool(field or cookie)
    by_form = bool(field) or (request.method == "POST" and cookie is None)
    return Carried(told or Told(), lost=lost, by_form=by_form)


def hand_over(response: HttpResponse, told: Told) -> HttpResponse:
    """Give the cookie along; it has no age, and so ends with the browser."""
    response.set_cookie(
        NAME, sealed(told), secure=settings.OPTIONS.secure, httponly=True, samesite="Lax"
    )
    return response


def fits(told: Told) -> bool:
    """Tell whether a cookie holds it."""
    return len(sealed(told)) <= LONGEST


@cache
def _lock() -> Fernet:
    key = sha256(b"symptom checker\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(urlsafe_b64encode(key))
