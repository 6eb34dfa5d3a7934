"""Questions about the child, answered."""

from typing import NewType

import msgspec

from multifocal.model.record import FactId
from multifocal.model.truth import Truth

FindingId = NewType("FindingId", str)


class Finding(msgspec.Struct, frozen=True):
    """One question about the child: present, absent or unknown, and the facts it rests on."""

    id: FindingId
    truth: Truth
    because: tuple[FactId, ...] = ()
