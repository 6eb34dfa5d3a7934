"""How much may be sent to the API at once."""

from django.http import HttpRequest

LARGEST = 20 * 1024 * 1024
"""Bytes of a record."""
LARGEST_ANSWERS = 256 * 1024
"""Bytes of the answers to a score."""


class TooLargeError(Exception):
    """More was sent than is read."""


def sent(request: HttpRequest, largest: int) -> bytes:
    """Read what was sent, in memory. Raises `TooLargeError`."""
    data: bytes = request.read(largest + 1)
    if len(data) > largest:
        raise TooLargeError
    return data
