"""Write an event to the chain."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import structlog
from django.db import connection, transaction

from multifocal.portal.audit.models import AccessEvent
from multifocal.portal.audit.verify import FIRST, Event, hash_of

LOCK = 7_042_026
"""Number of the lock under which PostgreSQL lets one writer at a time reach the end of the chain.

SQLite needs none: a transaction of ours holds the whole database from its beginning.
"""


def append(
    action: str,
    *,
    who: UUID | None,
    kind: str = "",
    object: UUID | str = "",  # noqa: A002 # the event's word
    child: UUID | None = None,
    why: str = "",
    granted: bool = True,
) -> None:
    """Add an event, in the transaction that does the thing itself: both happen or neither.

    It is the last statement of that transaction, since it waits for every other writer.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        last = AccessEvent.objects.order_by("-seq").values_list("seq", "hash", "at").first()
        seq, previous, at = last or (0, FIRST, datetime.now(UTC))
        at = max(at, datetime.now(UTC))  # a clock that was set back turns no order round
        event = Event(
            seq=seq + 1,
            at=at.isoformat(timespec="microseconds"),
            who=str(who or ""),
            action=action,
            granted=granted,
            kind=kind,
            object=str(object),
            child=str(child or ""),
            why=why,
            request=structlog.contextvars.get_contextvars().get("request", ""),
            previous=previous,
            hash="",
        )
        fields = msgspec.structs.asdict(event) | {"at": at, "hash": hash_of(event)}
        AccessEvent.objects.create(**fields)
