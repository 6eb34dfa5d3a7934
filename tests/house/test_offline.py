"""Nothing leaves the machine while a child is assessed, and nothing stays on it unasked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

WATCHED = """
import sys

def watch(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen"}:
        raise RuntimeError(event)

sys.addaudithook(watch)
from multifocal.cli import main
main()
"""


def assess(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # fixed arguments
        [sys.executable, "-c", WATCHED, "assess", "example:right-hand", *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "LANG": "C.UTF-8",
        },
    )


@pytest.mark.parametrize("form", ["text", "html", "pdf", "json", "fhir"])
def test_no_connection_is_opened_and_only_what_was_asked_for_is_written(
    form: str, tmp_path: Path
) -> None:
    ended = assess(tmp_path, "--format", form, "--output", "out")
    assert (ended.returncode, ended.stderr) == (0, "")
    written = sorted(
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()
    )
    [kept, out] = written
    assert kept.startswith("cache/multifocal/knowledge-")
    assert out == "out"


def test_the_watch_sees_a_connection(tmp_path: Path) -> None:
    reaching = WATCHED.replace(
        "from multifocal",
        "import socket; socket.create_connection(('localhost', 9))\nfrom multifocal",
    )
    ended = subprocess.run(  # fixed arguments
        [sys.executable, "-c", reaching], cwd=tmp_path, capture_output=True, encoding="utf-8"
    )
    assert "RuntimeError: socket." in ended.stderr
