"""Logs tell what happened, never what somebody sent."""

import io
import json
import logging
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, hotp_value
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from multifocal.portal import urls
from multifocal.portal.accounts.models import User
from tests.portal.conftest import Served

MARK = "Zebrafinch77"


def fails(request: HttpRequest, name: str) -> HttpResponse:
    raise ValueError(f"{name} {request.POST}")


def suspicious(request: HttpRequest, name: str) -> HttpResponse:
    raise SuspiciousOperation(name)


class Broken:
    """The site with two views that fail."""

    handler400, handler403 = urls.handler400, urls.handler403
    handler404, handler500 = urls.handler404, urls.handler500
    urlpatterns = (
        path("fails/<str:name>", fails, name="fails"),
        path("suspicious/<str:name>", suspicious, name="suspicious"),
        *urls.urlpatterns,
    )


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the site's own handler writes."""
    (handler,) = [
        one
        for one in logging.getLogger().handlers
        if type(one) is logging.StreamHandler and "structlog" in type(one.formatter).__module__
    ]
    stream = io.StringIO()
    before = handler.setStream(stream)
    yield stream
    handler.setStream(before)


def events(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.mark.django_db
def test_no_value_that_was_sent_is_logged(written: io.StringIO) -> None:
    client = Client(raise_request_exception=False)
    with override_settings(ROOT_URLCONF=Broken):
        client.post(f"/fails/{MARK}", {"name": MARK})
        client.get(f"/suspicious/{MARK}")
    client.get(f"/nowhere/{MARK}?name={MARK}")
    client.get("/", headers={"host": f"{MARK.lower()}.example"})
    client.get("/search/", {"q": MARK})
    client.post("/account/login/", {"login": f"{MARK}@example.org", "password": MARK})
    client.post("/api/v1/assess", MARK.encode(), content_type="application/json")
    client.post("/api/v1/assess?setting=" + MARK, b"{}", content_type="application/json")
    Client(enforce_csrf_checks=True).post("/account/login/", {"login": MARK})
    client.get("/readyz", REMOTE_ADDR="203.0.113.77")
    text = written.getvalue()
    assert MARK.lower() not in text.lower()
    assert "203.0.113.77" not in text
    logged = events(written)
    assert {one.get("status") for one in logged} >= {500, 400, 404, 403, 200}
    assert all(
        one["view"] != "" or one["status"] == 404 or one["status"] == 400
        for one in logged
        if one["event"] == "request"
    )


@pytest.mark.django_db
def test_a_failure_is_logged_with_its_kind_and_place(written: io.StringIO) -> None:
    with override_settings(ROOT_URLCONF=Broken):
        answer = Client(raise_request_exception=False).get(f"/fails/{MARK}")
    assert answer.status_code == 500
    assert MARK.encode() not in answer.content
    (failure,) = [one for one in events(written) if one.get("exception")]
    assert failure["exception"] == "ValueError"
    assert any("test_logs.py" in place for place in failure["at"])


@pytest.mark.django_db
def test_what_concerns_the_safety_of_an_account_is_logged_by_its_id(written: io.StringIO) -> None:
    address, password, secret = f"{MARK.lower()}@example.org", "Larch gravel umbrella", "A" * 32
    user = User.objects.create_user(address, password)
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    TOTP.activate(user, secret)
    client = Client()
    client.post("/account/login/", {"login": address, "password": "wrong"})
    client.post("/account/login/", {"login": address, "password": password})
    client.post("/account/2fa/authenticate/", {"code": "000000x"})
    now = f"{hotp_value(secret, int(time.time()) // 30):06}"
    client.post("/account/2fa/authenticate/", {"code": now})
    client.post("/account/logout/")
    logged = [one for one in events(written) if "who" in one]
    assert [(one["event"], one["who"]) for one in logged] == [
        ("log-in refused", ""),
        ("second step refused", str(user.pk)),
        ("second step taken", str(user.pk)),
        ("logged in", str(user.pk)),
        ("logged out", str(user.pk)),
    ]
    assert [one["kind"] for one in logged if one["event"] == "second step taken"] == ["totp"]
    assert all(one["request"] and one["timestamp"].endswith("Z") for one in logged)
    text = written.getvalue()
    assert not {said for said in (MARK.lower(), password, secret, now) if said in text.lower()}


@pytest.mark.browser
def test_a_request_that_is_none_is_not_repeated_in_the_log(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as line:
        line.sendall(f"{MARK} / HTTP/9\r\nHost: {MARK}\r\n\r\n".encode())
        assert line.recv(1000).startswith(b"HTTP/1.1 400")
    assert MARK not in served.output()
