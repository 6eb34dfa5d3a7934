"""A record that travels in the reader's own page, so that the site need not keep it.

The page that shows a work-up carries its record in a hidden field; the reader's browser sends it
back when another format is asked for. A seal shows that it is as we wrote it: nothing else is
unpacked.
"""

import binascii
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode

import msgspec
from django.core.signing import BadSignature, Signer

from multifocal.model.record import Record

LONGEST = 1_500_000
"""Letters that a form can carry back; a record that needs more is not sealed."""


def sealed(record: Record, *, version: str) -> str:
    """Seal a record for this version of the knowledge; an empty text when it is too long."""
    packed = zlib.compress(msgspec.json.encode(record), level=6)
    text = _signer(version).sign(urlsafe_b64encode(packed).decode("ascii"))
    return text if len(text) <= LONGEST else ""


def opened(text: str, *, version: str) -> Record | None:
    """Give the record again; None when the seal is broken, or of another version."""
    try:
        packed = urlsafe_b64decode(_signer(version).unsign(text))
        return msgspec.json.decode(zlib.decompress(packed), type=Record)
    except (BadSignature, binascii.Error, zlib.error, msgspec.MsgspecError):
        return None


def _signer(version: str) -> Signer:
    return Signer(salt=f"work-up {version}")
