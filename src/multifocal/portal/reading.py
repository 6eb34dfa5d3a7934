"""Read each request whole before a thread takes it up: who sends slowly keeps nobody waiting.

A thread of gunicorn's waits for whatever a request still lacks. Here the loop of the worker reads,
which waits for all connections at once; a thread is given only what is there to its last byte.
"""

import re
import selectors
import socket
import struct
import time
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

HEAD_SECONDS = 15
"""Until the head of a request has to be there."""
WHOLE_SECONDS = 120
"""Until all of it has."""
MOST_HEAD = 64 * 1024
"""Bytes after which a head without end is given to gunicorn, which refuses it."""
MOST_WAITING = 96 * 1024 * 1024
"""Bytes of requests that are not whole yet, all of a worker together."""
PIECE = 64 * 1024
STUCK = struct.pack("ll", 30, 0)
"""Seconds after which a read or a write that still has to wait is given up."""

END = b"\r\n\r\n"
LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,12})[ \t]*\r$", re.IGNORECASE | re.MULTILINE)
CHUNKED = re.compile(rb"^transfer-encoding[ \t]*:", re.IGNORECASE | re.MULTILINE)
EXPECTS = re.compile(rb"^expect:[ \t]*100-continue", re.IGNORECASE | re.MULTILINE)
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
SAID = {
    408: b"HTTP/1.1 408 Request Timeout",
    411: b"HTTP/1.1 411 Length Required",
    503: b"HTTP/1.1 503 Service Unavailable",
}


class Incoming:
    """What has come of a request so far."""

    def __init__(self, since: float) -> None:
        self.bytes = bytearray()
        self.until = since + HEAD_SECONDS
        self.since = since
        self.length: int | None = None
        """Bytes of the whole request, once its head is there."""

    @property
    def is_whole(self) -> bool:
        """Whether all of it is there, or so much of what is none that it can be refused."""
        if self.length is None:
            return len(self.bytes) > MOST_HEAD
        return len(self.bytes) >= self.length

    def add(self, piece: bytes) -> int | None:
        """Take a piece; gives the code by which what has come is refused, or None."""
        self.bytes += piece
        end = self.bytes.find(END)
        if self.length is not None or end < 0:
            return None
        head = bytes(self.bytes[: end + len(END)])
        if CHUNKED.search(head):
            return 411
        said = LENGTH.findall(head)
        self.length = len(head) + (int(said[0]) if len(said) == 1 else 0)
        self.until = self.since + WHOLE_SECONDS
        return None


class Worker(ThreadWorker):
    """A worker whose threads never wait for a request."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reading: dict[Any, Incoming] = {}

    def accept(self, listener: Any) -> None:
        """Take a connection, and begin to read."""
        try:
            sock, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            sock.setsockopt(socket.SOL_SOCKET, option, STUCK)
        self.nr_conns += 1
        self._begin(TConn(self.cfg, sock, client, listener.getsockname()))

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """Begin to read the next request of a connection."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._begin(conn)

    def murder_pending(self) -> None:
        """Give up what is not whole in time, and at the end what has not begun."""
        super().murder_pending()
        now = time.monotonic()
        for conn, incoming in list(self.reading.items()):
            if not self.alive and not incoming.bytes:
                self._give_up(conn, None)
            elif incoming.until < now:
                self._give_up(conn, 408 if incoming.bytes else None)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Close a connection on which more was sent before the answer was there."""
        if getattr(conn, "has_more", False):
            self.nr_conns -= 1
            conn.close(graceful=True)
            return
        super().finish_request(conn, fs)

    def _begin(self, conn: Any) -> None:
        conn.sock.settimeout(0)
        self.reading[conn] = Incoming(time.monotonic())
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._more, conn))

    def _more(self, conn: Any, sock: Any) -> None:
        incoming = self.reading[conn]
        try:
            piece = conn.sock.recv(PIECE)
        except BlockingIOError:
            return
        except OSError:
            self._give_up(conn, None)
            return
        if not piece:
            self._give_up(conn, None)
            return
        is_new = incoming.length is None
        code = incoming.add(piece)
        if code is None and sum(len(one.bytes) for one in self.reading.values()) > MOST_WAITING:
            code = 503
        if code is not None:
            self._give_up(conn, code)
        elif incoming.is_whole:
            self._give_to_a_thread(conn)
        elif is_new and incoming.length is not None and EXPECTS.search(incoming.bytes):
            self._say(conn, CONTINUE)

    def _give_to_a_thread(self, conn: Any) -> None:
        incoming = self.reading.pop(conn)
        self.poller.unregister(conn.sock)
        whole = len(incoming.bytes) if incoming.length is None else incoming.length
        conn.has_more = len(incoming.bytes) > whole
        conn.data_ready = True
        conn.init()
        conn.parser.unreader.unread(bytes(incoming.bytes[:whole]))
        self.enqueue_req(conn)

    def _give_up(self, conn: Any, code: int | None) -> None:
        del self.reading[conn]
        self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        if code is not None:
            self._say(conn, SAID[code] + b"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        conn.close()

    @staticmethod
    def _say(conn: Any, words: bytes) -> None:
        try:
            conn.sock.send(words)
        except OSError:
            pass  # who doesn't listen is not told
