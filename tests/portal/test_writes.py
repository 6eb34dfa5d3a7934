"""Writes that many make at once, or that a crash interrupts: none that was acknowledged is lost."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.portal.kill_rounds import environment, fault_of, rounds

PROCESSES, THREADS, WRITES = 8, 8, 4


def test_sixty_four_writers_lose_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
        env=environment(data),
        check=True,
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.portal.writer", str(THREADS), str(WRITES)],
            env=environment(data),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for _ in range(PROCESSES)
    ]
    ended = [one.communicate(timeout=300) for one in running]
    assert [error for _, error in ended if error] == []
    acknowledged = {line for said, _ in ended for line in said.split()}
    assert len(acknowledged) == PROCESSES * THREADS * WRITES
    assert fault_of(data, acknowledged) == ""


@pytest.mark.long
def test_fifty_kills_lose_nothing(tmp_path: Path) -> None:
    written, fault = rounds(50, tmp_path, seed=50)
    assert fault == ""
    assert written > 50


def test_the_check_would_see_a_loss(tmp_path: Path) -> None:
    written, fault = rounds(1, tmp_path, seed=1)
    assert (written > 0, fault) == (True, "")
    assert "1 lost" in fault_of(tmp_path / "data", {"not there"})
