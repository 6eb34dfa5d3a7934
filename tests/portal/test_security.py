"""What stands between an attacker and an account, a session, or the site itself."""

import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, cast

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, hotp_value
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client, override_settings

from multifocal.portal import options
from multifocal.portal.accounts.models import User
from multifocal.portal.middleware import BEGAN, SEEN
from tests.portal.conftest import Served
from tests.portal.test_ops import environment

PHRASE = "Larch gravel  umbrella ß"
"""With capitals, two blanks and a letter beyond ASCII: it must count as it was typed."""
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 # of a test


@pytest.fixture(autouse=True)
def nothing_counted_yet(db: None) -> None:
    cache.clear()


def account(email: str = "ana@example.org") -> User:
    user = User.objects.create_user(email, PHRASE)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def log_in(client: Client, password: str = PHRASE, email: str = "ana@example.org", **more: str):  # type: ignore[no-untyped-def]
    return client.post("/account/login/", {"login": email, "password": password, **more})


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


# Passwords


def test_a_password_counts_exactly_as_it_was_typed() -> None:
    account()
    for near in (PHRASE.lower(), PHRASE.strip("ß"), PHRASE.replace("  ", " "), PHRASE + " "):
        assert not is_in(Client()), near
        client = Client()
        log_in(client, near)
        assert not is_in(client), near
    client = Client()
    log_in(client)
    assert is_in(client)


@pytest.mark.parametrize(
    "password",
    [
        "aaaabbbbccccdd",
        "larch gravel umbrella",
        "LARCHGRAVELUMB",
        "§§§ %%% &&& €€€",
        "l" + "a" * 127,
        "我们都喜欢在雨天里读书写字",
    ],
)
def test_any_letters_and_any_length_from_twelve_on_will_do(password: str) -> None:
    validate_password(password)


@pytest.mark.parametrize(
    "password",
    [
        "larch grave",
        "1qaz2wsx3edc",
        "passwordpassword",
        "123456789012",
        "Multifocal-2026",
        "osteomyelitis!",
        "hospital hospital",
        "Admin Clinic CRMO 12",
    ],
)
def test_what_is_short_common_or_of_this_place_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


def test_a_word_of_this_place_may_stand_among_others() -> None:
    validate_password("our clinic has purple walruses")


def test_a_password_is_kept_as_an_argon2id_hash() -> None:
    kept = account().password
    assert kept.startswith("argon2$argon2id$")
    memory, times, lanes = (int(one) for one in re.findall(r"[mtp]=(\d+)", kept))
    assert memory * times >= 19 * 1024 * 2, "the least that OWASP's guidance gives: 19 MiB, twice"
    assert lanes >= 1


def test_a_new_password_needs_the_old_one_and_ends_other_log_ins() -> None:
    account()
    here, elsewhere = Client(), Client()
    log_in(here)
    log_in(elsewhere)
    new = {"password1": "Purple walrus parade", "password2": "Purple walrus parade"}
    here.post("/account/password/change/", {"oldpassword": "wrong", **new})
    assert is_in(elsewhere)
    here.post("/account/password/change/", {"oldpassword": PHRASE, **new})
    assert is_in(here)
    assert not is_in(elsewhere)


@pytest.mark.parametrize("path", ["/account/login/", "/account/signup/"])
def test_a_password_field_hides_what_is_typed_and_lets_helpers_fill_it(path: str) -> None:
    page = Client().get(path).content.decode()
    fields = re.findall(r'<input[^>]*name="password\d?"[^>]*>', page)
    assert fields
    assert all('type="password"' in field for field in fields)
    assert all('autocomplete="off"' not in field for field in fields)
    assert "onpaste" not in page
    assert "maxlength" not in " ".join(fields)


# Guessing


def test_five_wrong_tries_lock_one_account_and_not_another() -> None:
    account()
    account("ben@example.org")
    tries = [log_in(Client(), f"wrong {number}").content.decode() for number in range(6)]
    assert ["Too many tries" in page for page in tries] == [False] * 5 + [True]
    locked, other = Client(), Client()
    log_in(locked)
    assert not is_in(locked)
    log_in(other, email="ben@example.org")
    assert is_in(other)


def test_an_invented_address_of_the_sender_is_not_counted_apart() -> None:
    from multifocal.portal.api.views import api

    throttle = cast("Any", api).throttle[0]
    before, throttle.num_requests = throttle.num_requests, 3
    try:
        codes = [
            Client().get("/api/v1/about", headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code
            for n in range(4)
        ]
    finally:
        throttle.num_requests = before
    assert codes == [200, 200, 200, 429]


@pytest.mark.parametrize(
    "address",
    [
        "ana@example.org\nBcc: eve@example.org",
        "ana@example.org\r\n\r\nhello",
        "ana@example.org, eve@example.org",
        "ana@example.org%0aBcc:eve@example.org",
    ],
)
def test_no_mail_goes_to_an_address_with_something_else_in_it(address: str) -> None:
    account()
    new = {"password1": "Purple walrus parade", "password2": "Purple walrus parade"}
    Client().post("/account/password/reset/", {"email": address})
    Client().post("/account/signup/", {"email": address, **new})
    assert mail.outbox == []


def signed_up(client: Client) -> str:
    """Sign up, and give the code that was mailed."""
    new = {"password1": "Purple walrus parade", "password2": "Purple walrus parade"}
    client.post("/account/signup/", {"email": "new@example.org", **new})
    found = re.search(r"^\s*([A-Z0-9-]{6,})\s*$", str(mail.outbox[-1].body), flags=re.MULTILINE)
    assert found
    return found[1]


def test_a_mailed_code_counts_where_it_was_asked_for_only() -> None:
    here, elsewhere = Client(), Client()
    code = signed_up(here)
    elsewhere.post("/account/confirm-email/", {"code": code})
    assert not is_in(elsewhere)
    here.post("/account/confirm-email/", {"code": code})
    assert is_in(here)


def test_a_mailed_code_can_not_be_guessed() -> None:
    client = Client()
    code = signed_up(client)
    assert len(code.replace("-", "")) >= 6
    for _ in range(3):
        client.post("/account/confirm-email/", {"code": "AAAA-AAAA"})
    client.post("/account/confirm-email/", {"code": code})
    assert not is_in(client)


# Second step


def code(ago: int = 0) -> str:
    return f"{hotp_value(SECRET, int(time.time() - ago) // 30):06}"


def test_a_code_of_an_app_works_once() -> None:
    TOTP.activate(account(), SECRET)
    first, second = Client(), Client()
    assert log_in(first)["Location"] == "/account/2fa/authenticate/"
    assert not is_in(first)
    said = code()
    first.post("/account/2fa/authenticate/", {"code": said})
    assert is_in(first)
    log_in(second)
    second.post("/account/2fa/authenticate/", {"code": said})
    assert not is_in(second)


def test_an_old_code_of_an_app_is_refused() -> None:
    TOTP.activate(account(), SECRET)
    client = Client()
    log_in(client)
    client.post("/account/2fa/authenticate/", {"code": code(ago=90)})
    assert not is_in(client)


def test_a_recovery_code_works_once() -> None:
    user = account()
    TOTP.activate(user, SECRET)
    one, another = RecoveryCodes.activate(user).get_unused_codes()[:2]
    assert re.fullmatch(r"\d{8}", one)
    for said, works in ((one, True), (one, False), (another, True)):
        client = Client()
        log_in(client)
        client.post("/account/2fa/authenticate/", {"code": said})
        assert is_in(client) is works


def test_secrets_of_a_second_step_are_kept_encrypted() -> None:
    user = account()
    TOTP.activate(user, SECRET)
    codes = RecoveryCodes.activate(user).get_unused_codes()
    kept = repr(list(Authenticator.objects.values_list("data", flat=True)))
    seed = Authenticator.objects.get(type="recovery_codes").data["seed"]
    assert not {one for one in (SECRET, get_adapter().decrypt(seed), *codes) if one in kept}


def test_a_forgotten_password_does_not_go_past_the_second_step() -> None:
    TOTP.activate(account(), SECRET)
    Client().post("/account/password/reset/", {"email": "ana@example.org"})
    [path] = re.findall(
        r"https?://[^/]+(/account/password/reset/key/\S+)", str(mail.outbox[0].body)
    )
    client = Client()
    form = client.get(path, follow=True)
    address = form.redirect_chain[-1][0]
    new = {"password1": "Purple walrus parade", "password2": "Purple walrus parade"}
    client.post(address, new)
    assert not is_in(client)
    assert log_in(client, "Purple walrus parade")["Location"] == "/account/2fa/authenticate/"
    assert not is_in(client)
    again = Client()
    assert "password1" not in again.get(path, follow=True).content.decode(), "the link works once"


# Sessions


def test_each_log_in_has_a_session_of_its_own_that_ends_on_the_server() -> None:
    account()
    keys = set()
    for _ in range(3):
        client = Client()
        client.get("/account/login/")
        log_in(client)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        keys.add(key)
        client.post("/account/logout/")
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        assert not is_in(client)
    assert len(keys) == 3
    assert all(re.fullmatch(r"[a-z0-9]{32}", key) for key in keys)


@pytest.mark.parametrize(
    ("key", "seconds"), [(SEEN, settings.IDLE_SECONDS), (BEGAN, settings.SESSION_COOKIE_AGE)]
)
def test_a_log_in_ends_when_idle_and_when_old(key: str, seconds: int) -> None:
    account()
    client = Client()
    log_in(client)
    assert is_in(client)
    for ago, still in ((seconds - 60, True), (seconds + 1, False)):
        session = client.session
        session[key] = int(time.time()) - ago
        session.save()
        assert is_in(client) is still


def test_an_account_that_is_closed_is_out_at_once() -> None:
    user = account()
    client = Client()
    log_in(client)
    assert is_in(client)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not is_in(client)


def test_every_page_of_the_account_has_the_way_out() -> None:
    account()
    client = Client()
    log_in(client)
    for path in ("/account/", "/account/sessions/", "/account/2fa/", "/account/children/"):
        answer = client.get(path, follow=True)
        if answer.status_code == 200:
            assert 'href="/account/logout/"' in answer.content.decode(), path


def test_what_protects_the_account_is_changed_only_by_whoever_just_logged_in() -> None:
    account()
    client = Client()
    log_in(client)
    session = client.session
    [method] = session["account_authentication_methods"]
    session["account_authentication_methods"] = [{**method, "at": time.time() - 3600}]
    session.save()
    for path in (
        "/account/email/",
        "/account/password/change/",
        "/account/2fa/totp/activate/",
        "/account/2fa/webauthn/add/",
        "/account/delete/",
        "/account/export/",
    ):
        answer = client.post(path, {"email": "eve@example.org", "action_add": ""})
        led = answer.get("Location", "").partition("?")[0]
        assert led == "/account/reauthenticate/" or "oldpassword" in answer.content.decode(), path
    assert not EmailAddress.objects.filter(email="eve@example.org").exists()


def test_log_in_leads_to_no_other_site() -> None:
    account()
    for there in (
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "/\\evil.example",
    ):
        assert log_in(Client(), next=there)["Location"] == "/treatment/"


# Forms and requests


@pytest.mark.parametrize(
    "path", ["/account/login/", "/account/logout/", "/checker/", "/work-up/form/"]
)
def test_a_form_from_elsewhere_is_refused(path: str) -> None:
    assert Client(enforce_csrf_checks=True).post(path, {"x": "y"}).status_code == 403


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "X" * 5000])
@pytest.mark.parametrize("path", ["/", "/healthz", "/account/login/", "/nowhere"])
def test_a_method_that_no_page_has_is_refused(method: str, path: str) -> None:
    answer = Client().generic(method, path)
    assert (answer.status_code, answer.content) == (405, b"")


@override_settings(SECURE_SSL_REDIRECT=True)
def test_a_program_that_comes_without_https_is_refused_and_a_reader_led_there() -> None:
    client = Client()
    answer = client.post("/api/v1/assess", b"{}", content_type="application/json")
    assert (answer.status_code, answer.json()) == (403, {"detail": "Use https."})
    assert client.get("/api/v1/about", secure=True).status_code == 200
    assert client.get("/checker/").status_code == 301


HOST = b"Host: localhost\r\n"
REQUESTS = {
    "two lengths of one body": b"POST /healthz HTTP/1.1\r\n%sContent-Length: 4\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /readyz HTTP/1.1\r\n%s\r\n" % (HOST, HOST),
    "two Content-Lengths": b"POST /healthz HTTP/1.1\r\n%sContent-Length: 4\r\n"
    b"Content-Length: 5\r\n\r\nabcde" % HOST,
    "an unknown coding": b"POST /healthz HTTP/1.1\r\n%sTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"
    % HOST,
    "a blank before the colon": b"GET /healthz HTTP/1.1\r\n%sX-A : b\r\n\r\n" % HOST,
    "a folded header": b"GET /healthz HTTP/1.1\r\n%sX-A: b\r\n c\r\n\r\n" % HOST,
    "a NUL": b"GET /healthz HTTP/1.1\r\n%sX-A: b\x00\r\n\r\n" % HOST,
    "an endless line": b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n%s\r\n" % HOST,
}


def sent(served: Served, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as line:
        line.sendall(request)
        return b"".join(iter(lambda: line.recv(65536), b""))


@pytest.mark.browser
@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_whose_end_is_in_doubt_is_refused(served: Served, name: str) -> None:
    answer = sent(served, REQUESTS[name])
    assert answer.count(b"HTTP/1.1 ") == 1, "the second request was never one"
    assert answer[9:10] in b"45"


@pytest.mark.browser
def test_no_header_says_what_was_asked_for_or_that_it_came_by_https(served: Served) -> None:
    asked = b"GET %s HTTP/1.1\r\n%s%s\r\nConnection: close\r\n\r\n"
    for header in (b"PATH_INFO: /healthz", b"Path-Info: /healthz", b"SCRIPT_NAME: /nowhere"):
        assert sent(served, asked % (b"/nowhere", HOST, header)).startswith(b"HTTP/1.1 404")
    for header in (b"X-Forwarded-Proto: https", b"X-Forwarded-Ssl: on", b"X-Forwarded-Host: evil"):
        page = sent(served, asked % (b"/sitemap.xml", HOST, header))
        assert b"<loc>http://localhost" in page
        assert b"evil" not in page


# Options


def read(**given: str) -> options.Options:
    return options.read({f"MULTIFOCAL_{name}": value for name, value in given.items()})


def test_others_reach_the_site_by_https_and_without_traces_only() -> None:
    for wrong in (
        {"ORIGIN": "http://cno.example.org"},
        {"ORIGIN": "https://cno.example.org", "DEBUG": "1"},
    ):
        with pytest.raises(options.OptionError) as refused:
            read(**wrong)
        assert "cno.example.org" not in str(refused.value)
    assert read(ORIGIN="https://cno.example.org").secure
    assert not read(ORIGIN="http://localhost:8000", DEBUG="1").is_public


COOKIES = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0); call_command("createcachetable", verbosity=0)
call_command("collectstatic", verbosity=0)
from django.test import Client
from multifocal.portal.actions import make_account
make_account("ana@example.org", "Larch gravel umbrella")
client = Client(headers={"host": "cno.example.org"})
client.get("/account/login/", secure=True)
client.post("/account/login/", {"login": "ana@example.org", "password": "Larch gravel umbrella"},
            secure=True, headers={"referer": "https://cno.example.org/account/login/"})
for cookie in client.cookies.values():
    print(cookie.output(header=""))
"""


def test_every_cookie_of_a_public_site_belongs_to_its_host_and_to_https(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", COOKIES],
        env=environment(tmp_path) | {"MULTIFOCAL_ORIGIN": "https://cno.example.org"},
        capture_output=True,
        encoding="utf-8",
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    set_cookies = [line.strip() for line in ended.stdout.splitlines() if line.strip()]
    names = {line.partition("=")[0] for line in set_cookies}
    assert names == {"__Host-session", "__Host-csrf", "__Host-messages"}
    for line in set_cookies:
        parts = {part.strip() for part in line.split(";")}
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= parts
        assert not [part for part in parts if part.startswith("Domain")]
