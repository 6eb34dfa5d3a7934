"""Run a command so that nothing it started outlives it, however it or its parent ends.

`python -m bench` runs itself through this: a parent that waits, and a worker that measures. The
worker starts servers and browsers, some in sessions of their own. When the parent is told to stop,
it tells the worker, which ends what it started in its own order. When the parent is gone without a
word, the pipe between them closes, and the worker does the same.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

ASKED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
PATIENCE = 20
"""Seconds in which the worker may end what it started."""
PIPE = "MULTIFOCAL_BENCH_PIPE"


def run(command: Sequence[str]) -> int:
    """Run a worker to its end, and give its exit status; pass on what asks to stop."""
    held, kept = os.pipe()
    with subprocess.Popen(
        command,
        env={**os.environ, PIPE: str(held)},
        pass_fds=(held,),
        start_new_session=True,
    ) as worker:
        os.close(held)
        with os.fdopen(kept, "wb") as pipe:
            for sign in ASKED:
                signal.signal(sign, lambda *_: pipe.close())
            status = worker.wait()
    return status if status >= 0 else 128 - status


def watched() -> None:
    """Make this process a worker: it ends with its parent, and what it started ends before it."""
    signal.signal(signal.SIGTERM, _stop)
    if PIPE in os.environ:
        pipe = int(os.environ.pop(PIPE))
        os.set_inheritable(pipe, False)  # noqa: FBT003 # its own signature
        threading.Thread(target=_watch, args=(pipe,), daemon=True).start()


def below(parent: int) -> Iterator[int]:
    """Give the processes that were started by one, and by those, the last first."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            after = entry.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(after[1]), []).append(int(entry.parent.name))
    found, at = [], [parent]
    while at:
        children = parents.get(at.pop(), [])
        found += children
        at += children
    yield from reversed(found)


def _stop(sign: int, _: FrameType | None) -> None:
    sys.exit(128 + sign)


def _watch(pipe: int) -> None:
    """Wait until the parent is gone or asks to stop; then stop, first in order, then by force."""
    os.read(pipe, 1)
    ending = threading.Event()
    os.kill(os.getpid(), signal.SIGTERM)
    ending.wait(PATIENCE)
    for process in below(os.getpid()):
        try:
            os.kill(process, signal.SIGKILL)
        except OSError:
            continue
    os._exit(128 + signal.SIGTERM)
