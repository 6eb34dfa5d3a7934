"""The site in tests: in this process for most, as a real server with a real browser for some."""

import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client

from tests.portal.database import database_of

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session", autouse=True)
def static_files() -> None:
    """Gather static files once, as `serve` does."""
    call_command("collectstatic", verbosity=0, interactive=False)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Add the table of the shared cache to the test database."""
    with django_db_blocker.unblock():
        call_command("createcachetable", verbosity=0)


@pytest.fixture
def anonymous() -> Client:
    """A visitor without an account."""
    return Client()


class Served:
    """`multifocal serve` as a process of its own, with a folder of its own."""

    def __init__(self, folder: Path, **options: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.said = folder / "output.txt"
        self.environment = {
            **os.environ,
            "MULTIFOCAL_DATA": str(folder / "data"),
            "PYTHONUNBUFFERED": "1",
            **database_of(folder / "data"),
            **options,
        }
        with self.said.open("wb") as output:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "multifocal", "serve"),
                    *("--demo", "--port", str(self.port)),
                ],
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def ready(self, seconds: float = 60) -> None:
        """Wait until it can answer."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError(f"the site did not start:\n{self.said.read_text()}")

    def output(self) -> str:
        """Give all that it printed so far: mail goes there too."""
        return self.said.read_text(encoding="utf-8", errors="replace")

    def printed(self, pattern: str, *, after: int = 0, seconds: float = 20) -> str:
        """Wait for a pattern's first group in what is printed from a place on."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = re.search(pattern, self.output()[after:])
            if found:
                return found[1]
            select.select([], [], [], 0.1)
        raise AssertionError(f"never printed: {pattern}")

    def stop(self) -> None:
        """Stop the process that was started, and the workers in its group."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(timeout=30)


def free_port() -> int:
    """Give a port of this machine that nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The site as a real server, for the browser tests of the whole session."""
    site = Served(tmp_path_factory.mktemp("served"))
    try:
        site.ready()
        yield site
    finally:
        site.stop()


@pytest.fixture(scope="session")
def served_freely(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The site as a real server that lets one address ask as often as it likes."""
    site = Served(tmp_path_factory.mktemp("freely"), MULTIFOCAL_API_RATE="999999/m")
    try:
        site.ready()
        yield site
    finally:
        site.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, driven by playwright."""
    from playwright.sync_api import expect, sync_playwright

    if not Path(CHROMIUM).exists():
        pytest.fail("these tests need Chromium: apt-get install chromium")
    expect.set_options(timeout=20_000)  # what is clicked may take its time on a busy machine
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()
        # While the loop of playwright runs, Django's connections are others than without it.
        connections.close_all()


@pytest.fixture
def page(chromium: Any, served: Served) -> Iterator[Any]:
    """A fresh browser page that fails the test on a script error or a foreign request."""
    context = chromium.new_context(base_url=served.url)
    tab = context.new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(f"script: {error}"))
    tab.on(
        "console",
        lambda message: (
            faults.append(f"console: {message.text}")
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    tab.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((served.url, "data:", "blob:"))
            else faults.append(f"request to elsewhere: {request.url}")
        ),
    )
    yield tab
    context.close()
    assert faults == []
