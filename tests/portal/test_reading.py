"""Whoever sends slowly, or nothing, keeps nobody else waiting."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from multifocal.portal import reading
from multifocal.portal.reading import MOST_HEAD, Incoming
from tests.portal.conftest import Served

HEAD = b"POST /api/v1/checker HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
HALVES = {
    "a head": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-a: ",
    "a body": HEAD + b"Content-Length: 1000\r\n\r\n{",
    "nothing": b"",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    one = Served(tmp_path_factory.mktemp("slow"))
    try:
        one.ready()
        yield one
    finally:
        one.stop()


def connected(site: Served) -> socket.socket:
    return socket.create_connection(("127.0.0.1", site.port), timeout=60)


def answer(line: socket.socket) -> bytes:
    return b"".join(iter(lambda: line.recv(65536), b""))


def asked(site: Served, *pieces: bytes) -> bytes:
    with connected(site) as line:
        for piece in pieces:
            line.sendall(piece)
        return answer(line)


@pytest.mark.parametrize("half", HALVES)
def test_forty_half_sent_requests_stop_nobody(site: Served, half: str) -> None:
    """Five times as many as there are threads. The answer comes while they all stand open."""
    with ExitStack() as stack:
        lines = [stack.enter_context(connected(site)) for _ in range(40)]
        for line in lines:
            line.sendall(HALVES[half])
        for _ in range(10):
            said = asked(
                site, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            )
            assert said.startswith(b"HTTP/1.1 200")
        for line in lines:
            line.settimeout(0)
            with pytest.raises(BlockingIOError):
                line.recv(1)


def test_a_body_that_comes_in_pieces_is_read_whole(site: Served) -> None:
    end = b"Connection: close\r\nContent-Length: 2\r\n\r\n"
    said = asked(site, HEAD[:30], HEAD[30:] + end[:-3], end[-3:] + b"{", b"}")
    assert said.startswith(b"HTTP/1.1 200")
    expects = b"Expect: 100-continue\r\n" + end
    with connected(site) as line:
        line.sendall(HEAD + expects)
        assert line.recv(65536).startswith(b"HTTP/1.1 100")
        line.sendall(b"{}")
        assert b"HTTP/1.1 200" in answer(line)


def test_a_connection_serves_one_request_after_another(site: Served) -> None:
    ask = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
    with connected(site) as line:
        line.sendall(ask % b"")
        assert line.recv(65536).startswith(b"HTTP/1.1 200")
        line.sendall(ask % b"Connection: close\r\n")
        assert answer(line).count(b"HTTP/1.1 200") == 1


def test_a_request_without_a_length_is_refused(site: Served) -> None:
    chunked = b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    assert asked(site, HEAD + chunked).startswith(b"HTTP/1.1 411")


def test_when_a_request_is_whole() -> None:
    one = Incoming(0)
    assert (one.add(b"GET / HTTP/1.1\r\n"), one.is_whole) == (None, False)
    assert (one.add(b"\r\n"), one.is_whole) == (None, True)
    two = Incoming(0)
    assert two.until == reading.HEAD_SECONDS
    assert (two.add(HEAD + b"content-length:  3 \r\n\r\nab"), two.is_whole) == (None, False)
    assert two.until == reading.WHOLE_SECONDS
    assert (two.add(b"c"), two.is_whole) == (None, True)
    endless = Incoming(0)
    assert (endless.add(b"a" * MOST_HEAD), endless.is_whole) == (None, False)
    assert (endless.add(b"a"), endless.is_whole) == (None, True)
    assert Incoming(0).add(HEAD + b"Transfer-Encoding: chunked\r\n\r\n") == 411
