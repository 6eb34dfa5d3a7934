"""Hard work has few places: where none is free the site says when to try again."""

from collections.abc import Iterator
from contextlib import ExitStack
from threading import BoundedSemaphore, Event, Thread
from typing import Any

import pytest
from django.test import Client

from multifocal.examples import path
from multifocal.portal import places
from multifocal.portal.places import BusyError, place
from tests.marks import MARK


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take every place and every turn to wait."""
    queue = BoundedSemaphore(1)
    monkeypatch.setattr(places, "_queue", queue)
    with queue:
        yield


@pytest.mark.django_db
@pytest.mark.usefixtures("full")
def test_a_page_says_that_it_is_busy_and_when_to_come_back(anonymous: Client) -> None:
    answer = anonymous.post("/work-up/form/", {"age": "9", "age.unit": "a", "name": MARK})
    assert answer.status_code == 503
    assert answer["Retry-After"] == places.RETRY
    assert b"Nothing that you sent was kept" in answer.content
    assert MARK not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("full")
def test_the_api_says_so_too_and_what_is_light_goes_on(anonymous: Client) -> None:
    data = path("right-hand").read_bytes()
    answer = anonymous.post("/api/v1/assess", data, content_type="application/json")
    assert (answer.status_code, answer["Retry-After"]) == (503, places.RETRY)
    assert anonymous.get("/healthz").status_code == 200
    assert anonymous.get("/article/").status_code == 200
    assert anonymous.get("/work-up/form/").status_code == 200


@pytest.mark.django_db
def test_a_place_is_free_again_however_the_work_ended(anonymous: Client) -> None:
    for data, status in ((b"{", 400), (path("right-hand").read_bytes(), 200)) * 4:
        answer: Any = anonymous.post("/api/v1/assess", data, content_type="application/json")
        assert answer.status_code == status


def test_who_waits_too_long_is_told_and_leaves_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "PATIENCE", 0.05)
    held, done = Event(), Event()

    def work() -> None:
        with place():
            held.set()
            done.wait(60)

    worker = Thread(target=work)
    worker.start()
    try:
        assert held.wait(60)
        for _ in range(2 * (places.AT_ONCE + places.WAITING)):
            with pytest.raises(BusyError):
                with place():
                    raise AssertionError
    finally:
        done.set()
        worker.join()
    with place():
        pass


def test_more_than_may_wait_are_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_turn", BoundedSemaphore(places.AT_ONCE + places.WAITING))
    with ExitStack() as taken:
        for _ in range(places.AT_ONCE + places.WAITING):
            taken.enter_context(place())
        with pytest.raises(BusyError):
            taken.enter_context(place())
