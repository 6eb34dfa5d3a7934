"""How much one address may ask, and how much it may send."""

import hmac
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest
from ninja.throttling import AnonRateThrottle

LARGEST = 20 * 1024 * 1024
"""Bytes of a record."""
LARGEST_ANSWERS = 256 * 1024
"""Bytes of the answers to a score."""


class TooLargeError(Exception):
    """More was sent than is read."""


class Throttle(AnonRateThrottle):
    """Counts requests of an address, under a name from which the address can't be read."""

    def get_ident(self, request: HttpRequest) -> str:
        """Give the name under which an address is counted."""
        address = super().get_ident(request) or ""
        return hmac.new(settings.SECRET_KEY.encode(), address.encode(), sha256).hexdigest()[:32]


def sent(request: HttpRequest, largest: int) -> bytes:
    """Read what was sent, in memory. Raises `TooLargeError`."""
    data: bytes = request.read(largest + 1)
    if len(data) > largest:
        raise TooLargeError
    return data
