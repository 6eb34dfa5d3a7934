"""Wrong passwords are counted once for all workers of the site, not once for each."""

import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tests.portal.conftest import Served


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Served]:
    """A site of our own: what is tried here is counted by address, for a minute."""
    site = Served(tmp_path)
    try:
        site.ready()
        yield site
    finally:
        site.stop()


class Visitor:
    """A visitor without a browser: keeps cookies, sends forms."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()), urllib.request.ProxyHandler({})
        )

    def get(self, path: str) -> str:
        with self.opener.open(f"{self.url}{path}", timeout=60) as answer:
            return str(answer.read().decode())

    def log_in(self, email: str, password: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get("/account/login/"))
        assert token is not None
        typed = {"login": email, "password": password, "csrfmiddlewaretoken": token[1]}
        data = urllib.parse.urlencode(typed).encode()
        try:
            with self.opener.open(f"{self.url}/account/login/", data, timeout=60) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as refused:
            if refused.code != 429:  # a try whose turn to be counted never came
                raise
            return str(refused.read().decode())


def tried(alone: Served, email: str, *, at_once: bool) -> tuple[int, int]:
    """Try a wrong password eight times: how often it was looked at, and refused unseen."""
    told: list[str] = []
    tries = [
        threading.Thread(target=lambda one=one: told.append(one.log_in(email, "wrong guess, this")))
        for one in [Visitor(alone.url) for _ in range(8)]
    ]
    for one in tries:
        one.start()
        if not at_once:
            one.join()
    for one in tries:
        one.join()
    looked_at = sum("password is wrong" in page for page in told)
    return looked_at, sum("Too many tries" in page for page in told)


def test_five_wrong_passwords_are_looked_at_by_all_workers_together(alone: Served) -> None:
    assert tried(alone, "nobody.one@example.org", at_once=False) == (5, 3)


def test_wrong_passwords_sent_at_once_get_no_more_tries(alone: Served) -> None:
    looked_at, refused = tried(alone, "nobody.two@example.org", at_once=True)
    assert 1 <= looked_at <= 5
    assert looked_at + refused == 8
