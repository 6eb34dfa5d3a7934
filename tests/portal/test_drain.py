"""A server that is told to stop answers what it has begun, takes nothing new, and ends well."""

import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from tests.portal.conftest import Served
from tests.unit.exchange.test_allowance import record

SENTENCES = 6000
"""So many that reading them takes seconds."""
HEAD = (
    "POST /api/v1/assess HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    "Connection: close\r\nContent-Length: {}\r\n\r\n"
)


def spent(group: int) -> float:
    """Give the processor's time of all processes of a group, in seconds."""
    ticks = 0
    for one in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            told = one.read_text(encoding="ascii").rpartition(")")[2].split()
            ticks += int(told[11]) + int(told[12]) if int(told[2]) == group else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def answered(port: int, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=120) as line:
        line.sendall(HEAD.format(len(data)).encode() + data)
        return b"".join(iter(lambda: line.recv(65536), b""))


def test_what_was_begun_is_answered_and_nothing_new_is_taken(tmp_path: Path) -> None:
    data = record("".join(f"Pain in the left tibia for {n} weeks. " for n in range(2, SENTENCES)))
    site = Served(tmp_path)
    try:
        site.ready()
        before = spent(site.process.pid)
        with ThreadPoolExecutor(1) as pool:
            begun = pool.submit(answered, site.port, data)
            until = time.monotonic() + 60
            while spent(site.process.pid) < before + 1 and time.monotonic() < until:
                time.sleep(0.05)
            assert not begun.done()
            os.kill(site.process.pid, signal.SIGTERM)
            said = begun.result(timeout=120)
        assert said.startswith(b"HTTP/1.1 200")
        assert said.endswith(b"}")
        assert site.process.wait(timeout=60) == 0
        with pytest.raises(ConnectionRefusedError):
            answered(site.port, b"{}")
    finally:
        site.stop()
