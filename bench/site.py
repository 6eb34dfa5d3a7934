"""Measure the site as it is served: a process of its own, a real browser, real writes."""

import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.portal.conftest import CHROMIUM, FLAGS, Served

Takes = dict[str, tuple[float, list[float]]]

AT_LEAST = -1
"""Sign of a goal that a figure should not fall below."""

REQUESTS = 100
"""Requests of one take."""

WRITES = """
import time, django; django.setup()
from concurrent.futures import ThreadPoolExecutor
from django.core.management import call_command
from django.db import DatabaseError, connection
from tests.portal.writer import write_once
call_command("migrate", verbosity=0)
write_once()
def write(_):
    try:
        write_once()
        return 1
    except DatabaseError:
        return 0
with ThreadPoolExecutor(8, initializer=connection.ensure_connection) as pool:
    list(pool.map(write, range(16)))
    began = time.perf_counter()
    done = sum(pool.map(write, range(800)))
    print(done / (time.perf_counter() - began), 800 - done)
"""
"""Eight writers at once, each write an account and an event of the chain in one transaction."""

CLINICIANS = "/article/clinician/"

LARGEST = """
() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
  .observe({type: "largest-contentful-paint", buffered: true}))
"""


def measure(takes: int, bundle: bytes) -> Takes:
    """Take every figure of the site so many times; a goal of 0 is none."""
    with tempfile.TemporaryDirectory(prefix="multifocal-bench-") as folder:
        site = Served(Path(folder), MULTIFOCAL_API_RATE="999999/m")
        try:
            site.ready()
            article = fetched(site, "/article/")
            found: Takes = {
                "article, HTML and style (kB)": (100, [sent(site, article) / 1000]),
                "article for clinicians, HTML (kB)": (100, [len(fetched(site, CLINICIANS)) / 1000]),
                "article, largest paint in Chromium (ms)": (800, list(paints(site, takes))),
            }
            for name, path in (
                ("article", "/article/"),
                ("checker", "/checker/"),
                ("a calculator", "/scores/cdas_2023/"),
            ):
                found[f"{name}, p95 on the server (ms)"] = (50, served_in(site, path, None, takes))
            found["assess by API, 200 resources, p95 (ms)"] = (
                40,
                served_in(site, "/api/v1/assess?as_of=2026-10-20", bundle, takes),
            )
        finally:
            site.stop()
        written = [writes(Path(folder) / f"w{take}") for take in range(takes)]
    found["the disk says that it has a write (ms)"] = (0, [synced() for _ in range(takes)])
    found["writes a second, eight writers on SQLite"] = (AT_LEAST * 400, [r for r, _ in written])
    found["writes that failed"] = (0, [float(failed) for _, failed in written])
    return found


def fetched(site: Served, path: str, body: bytes | None = None) -> bytes:
    """Give what a request is answered with."""
    request = urllib.request.Request(
        site.url + path, data=body, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # loopback
        content: bytes = answer.read()
    return content


def sent(site: Served, page: bytes) -> int:
    """Give the bytes of a page and its styles as they are; nothing is counted as compressed."""
    import re

    styles = re.findall(r'href="(/static/[^"]+\.css)"', page.decode())
    total = len(page)
    for style in styles:
        content = fetched(site, style)
        total += len(gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content)
    return total


def paints(site: Served, takes: int) -> Iterator[float]:
    """Give when the largest part of the article is painted, each time in a fresh browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        for _ in range(takes):
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            page = browser.new_page()
            page.goto(f"{site.url}/article/", wait_until="load")
            yield float(page.evaluate(LARGEST))
            browser.close()


def served_in(site: Served, path: str, body: bytes | None, takes: int) -> list[float]:
    """Give the p95 of what the server itself logs as the time of a request."""
    found = []
    for _ in range(10):
        fetched(site, path, body)
    for _ in range(takes):
        before = len(site.output())
        for _ in range(REQUESTS):
            fetched(site, path, body)
        logged = [
            json.loads(line) for line in site.output()[before:].splitlines() if line[:1] == "{"
        ]
        times = [one["ms"] for one in logged if one.get("event") == "request"]
        found.append(statistics.quantiles(times, n=20)[-1])
    return found


def synced() -> float:
    """Give the median of how long the disk takes to say that it has 4 kB."""
    with tempfile.NamedTemporaryFile() as file:
        taken = []
        for _ in range(50):
            file.write(bytes(4096))
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def writes(data: Path) -> tuple[float, int]:
    """Give how many writes a second a new database takes, and how many failed."""
    ended = subprocess.run(
        [sys.executable, "-c", WRITES],
        env=os.environ
        | {"MULTIFOCAL_DATA": str(data), "DJANGO_SETTINGS_MODULE": "multifocal.portal.settings"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    rate, failed = ended.stdout.split()
    return float(rate), int(failed)
