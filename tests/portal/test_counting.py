"""A limit holds however many ask at once, in threads of several processes, on both databases."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from django.test import RequestFactory

from multifocal.portal.counting.counter import count
from multifocal.portal.limits import Throttle
from tests.portal.kill_rounds import environment

PROCESSES, THREADS, EACH, LIMIT = 4, 8, 15, 120

SCRIPT = f"""
import threading
import django; django.setup()
from django.db import connections
from django.test import RequestFactory
from multifocal.portal.limits import Throttle
throttle, allowed = Throttle("{LIMIT}/h"), []
def ask():
    for _ in range({EACH}):
        allowed.append(throttle.allow_request(RequestFactory().get("/")))
    connections.close_all()
threads = [threading.Thread(target=ask) for _ in range({THREADS})]
for one in threads: one.start()
for one in threads: one.join()
print(sum(allowed), len(allowed))
"""


def test_of_many_requests_at_once_as_many_pass_as_the_limit_says(tmp_path: Path) -> None:
    data = tmp_path / "data"
    migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    cache = [sys.executable, "-m", "django", "createcachetable"]
    for command in (migrate, cache):
        subprocess.run(command, env=environment(data), check=True)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT],
            env=environment(data),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for _ in range(PROCESSES)
    ]
    ended = [one.communicate(timeout=300) for one in running]
    assert [error for _, error in ended if error] == []
    passed, asked = (
        sum(column) for column in zip(*(map(int, said.split()) for said, _ in ended), strict=True)
    )
    assert (asked, passed) == (PROCESSES * THREADS * EACH, LIMIT)


@pytest.mark.django_db
def test_a_count_begins_anew_when_its_time_is_over_or_seems_to_come() -> None:
    assert [count("x", "me", seconds=60) for _ in range(3)] == [1, 2, 3]
    assert (count("x", "you", seconds=60), count("y", "me", seconds=60)) == (1, 1)
    for since in (time.time() - 61, time.time() + 3600):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE counting_count SET since = %s", [since])
        assert [count("x", "me", seconds=60) for _ in range(2)] == [1, 2]


@pytest.mark.django_db
def test_addresses_of_one_network_are_one_place() -> None:
    throttle = Throttle("2/m")

    def asked(address: str) -> bool:
        return throttle.allow_request(RequestFactory().get("/", REMOTE_ADDR=address))

    same = [f"2001:db8:0:1::{number:x}" for number in range(4)]
    assert [asked(address) for address in same] == [True, True, False, False]
    assert asked("2001:db8:0:2::1")
    assert asked("192.0.2.1")
