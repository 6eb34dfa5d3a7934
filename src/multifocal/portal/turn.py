"""A change of rows about people: one transaction, at a time that is taken once its turn has come.

A request may wait for others before it can write, and a clock may be set back: a time that was
taken on the way in could lie before what is stored already.
"""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction
from django.utils import timezone

from multifocal.portal.audit import chain

P = ParamSpec("P")
T = TypeVar("T")

_events: ContextVar[list[Callable[[], None]] | None] = ContextVar("events", default=None)


def in_turn(change: Callable[P, T]) -> Callable[P, T]:
    """Make a change in one transaction; its ``at``, where it has one, is no earlier than now.

    Its events are written last, in their order: that waits for every other writer, and whoever
    holds the end of the chain must not wait for a row.
    """

    @wraps(change)
    def changed(*args: P.args, **kwargs: P.kwargs) -> T:
        with transaction.atomic():
            at = kwargs.get("at")
            if isinstance(at, datetime):
                kwargs["at"] = max(at, timezone.now())
            events: list[Callable[[], None]] = []
            token = _events.set(events)
            try:
                done = change(*args, **kwargs)
            finally:
                _events.reset(token)
            for event in events:
                event()
            return done

    return changed


def append(action: str, **fields: Any) -> None:
    """Add an event to the chain at the end of the change that is being made, or at once."""
    event = partial(chain.append, action, **fields)
    events = _events.get()
    if events is None:
        event()
    else:
        events.append(event)
