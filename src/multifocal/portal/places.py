"""Places for hard work: few requests do it at a time, so that threads are left for all others."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import BoundedSemaphore
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from multifocal.exchange.allowance import allowing

View = Callable[..., HttpResponse]

AT_ONCE = 1
"""Requests of a worker that work hard at a time: more would only slow one another."""
WAITING = 3
"""Requests of a worker that wait for their turn; a worker has twice as many threads in all."""
PATIENCE = 15
"""Seconds that a request waits for its turn."""
CHARACTERS = 1_000_000
"""Free text that is read of one request."""
SECONDS = 10
"""The processor's time that reading takes for one request."""
RETRY = "10"

_turn = BoundedSemaphore(AT_ONCE)
_queue = BoundedSemaphore(AT_ONCE + WAITING)


class BusyError(Exception):
    """All places are taken; who asks again soon will find one."""


@contextmanager
def place() -> Iterator[None]:
    """Hold a place while hard work is done, and the work to its limits. Raises `BusyError`."""
    if not _queue.acquire(blocking=False):
        raise BusyError
    try:
        if not _turn.acquire(timeout=PATIENCE):
            raise BusyError
        try:
            with allowing(characters=CHARACTERS, seconds=SECONDS):
                yield
        finally:
            _turn.release()
    finally:
        _queue.release()


def in_place(view: View) -> View:
    """Answer what is sent in a place of its own; where none is free, say when to try again."""

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            with place():
                return view(request, *args, **kwargs)
        except BusyError:
            answer = render(request, "503.html", status=503)
            answer["Retry-After"] = RETRY
            return answer

    return respond
