"""What a measurement starts ends with it, even when nobody tells it to stop."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PARENT = "import sys; from bench.guarded import run; sys.exit(run(sys.argv[1:]))"
WORKER = """
import subprocess, sys
from bench.guarded import watched
watched()
held = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"],
                        start_new_session=True)
try:
    print("started", flush=True)
    held.wait()
finally:
    held.kill()
    print("in order", flush=True)
"""


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_what_was_started_ends_when_the_measurement_is_ended(sign: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, sys.executable, "-c", WORKER],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "started\n"
        parent.send_signal(sign)
        assert parent.stdout.read() == "in order\n", "the pipe closes when all have ended"


def test_the_status_of_the_work_is_given_on() -> None:
    command = [sys.executable, "-c", PARENT, sys.executable, "-c", "raise SystemExit(3)"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 3
