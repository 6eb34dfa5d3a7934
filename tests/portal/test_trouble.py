"""A disk that is full, a database that is gone: a page says so, and it passes by itself."""

import os
import resource
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from re import search

import pytest

from tests.portal.conftest import Served

FORM = "email={}&password1=purple-otter-lantern-77&password2=purple-otter-lantern-77"
WAIT = 60
"""Seconds in which the site has to see that it is well again, or that it is not."""

pytestmark = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="about SQLite's files")


class Visitor:
    """A browser without an account, in a form to sign up."""

    def __init__(self, site: Served) -> None:
        self.url = site.url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = self.asked("/account/signup/")[1]
        found = search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found
        self.token = found[1]
        self.number = 0

    def asked(self, path: str, data: str | None = None) -> tuple[int, str]:
        body = None if data is None else data.encode()
        request = urllib.request.Request(self.url + path, body, {"Origin": self.url})
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as fault:
            return fault.code, fault.read().decode()

    def signed_up(self) -> tuple[int, str]:
        """Try to make an account, a new one each time; nobody has such addresses."""
        self.number += 1
        form = FORM.format(f"visitor-{self.number}@example.org")
        return self.asked("/account/signup/", f"{form}&csrfmiddlewaretoken={self.token}")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Served]:
    one = Served(tmp_path)
    try:
        one.ready()
        yield one
    finally:
        one.stop()


def until(holds: Callable[[], bool]) -> bool:
    """Wait until it holds; each worker of the site looks anew after some seconds."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.5)
    return False


def largest_file(site: Served, size: int) -> None:
    """Let no process of the site write beyond a size: to it the disk is full."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = stat.read_text(encoding="ascii").rpartition(")")[2].split()
            if int(told[2]) == os.getpgid(site.process.pid):
                pid = int(stat.parent.name)
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        except OSError:
            continue


def test_a_full_disk_is_said_and_passes(site: Served) -> None:
    visitor = Visitor(site)
    largest_file(site, 1000)
    status, page = visitor.signed_up()
    assert status == 503
    assert "What you just sent was not kept" in page
    assert until(lambda: visitor.asked("/readyz")[0] == 503)
    assert visitor.asked("/healthz")[0] == 200
    assert visitor.asked("/article/")[0] == 200
    largest_file(site, resource.RLIM_INFINITY)
    assert until(lambda: visitor.asked("/readyz")[0] == 200)
    assert visitor.signed_up()[0] == 200


def test_a_database_that_is_gone_is_said_and_may_come_back(site: Served, tmp_path: Path) -> None:
    visitor = Visitor(site)
    files = list((tmp_path / "data").glob("site.sqlite3*"))
    assert files
    for one in files:
        one.rename(one.with_name(f"moved-{one.name}"))
    status, page = visitor.signed_up()
    assert (status, "our mistake" in page) == (503, False)
    assert visitor.asked("/readyz")[0] == 503
    assert visitor.asked("/healthz")[0] == 200
    for one in files:
        one.unlink(missing_ok=True)
        one.with_name(f"moved-{one.name}").rename(one)
    assert until(lambda: visitor.asked("/readyz")[0] == 200)
    assert visitor.signed_up()[0] == 200
