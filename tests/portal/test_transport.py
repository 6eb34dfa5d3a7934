"""What protects readers on the way: headers, cookies, https, and settings that Django approves."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
PAGES = ("/", "/treatment/", "/account/login/", "/api/v1/about", "/nowhere", "/api/v1/scores/none")


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_headers(anonymous: Client, path: str) -> None:
    answer = anonymous.get(path)
    assert {name: answer.get(name) for name in ALWAYS} == ALWAYS
    assert "camera=()" in answer["Permissions-Policy"]
    sent = [part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";")]
    policy = {name: re.sub(r" 'nonce-[^']+'", "", value) for name, _, value in sent}
    assert policy == POLICY


@pytest.mark.django_db
def test_a_static_file_carries_them_too(anonymous: Client) -> None:
    found = re.search(r'href="(/static/[^"]+\.css)"', anonymous.get("/treatment/").content.decode())
    assert found
    answer = anonymous.get(found[1])
    answer.close()
    assert answer.status_code == 200
    assert {name: answer.get(name) for name in ALWAYS} | {"X-Frame-Options": "DENY"} == ALWAYS
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert "max-age=315360000" in answer["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in answer


@pytest.mark.django_db
def test_every_answer_names_its_kind_and_how_its_letters_are_written(anonymous: Client) -> None:
    pages = {path: anonymous.get(path) for path in (*PAGES, "/robots.txt", "/sitemap.xml")}
    files = {name: anonymous.get(staticfiles_storage.url(f"portal/{name}")) for name in FILES}
    kinds = {name: answer["Content-Type"].replace('"', "") for name, answer in files.items()}
    for answer in files.values():
        answer.close()
    assert kinds == FILES
    for path, answer in pages.items():
        kind = answer["Content-Type"]
        assert kind == "application/json" or kind.endswith("; charset=utf-8"), path


FILES = {
    "icon.svg": "image/svg+xml; charset=utf-8",
    "site.css": "text/css; charset=utf-8",
    "live.js": "text/javascript; charset=utf-8",
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        *("/.git/HEAD", "/secret-key", "/site.sqlite3", "/pyproject.toml", "/settings.py"),
        *("/static/", "/static/portal/", "/static/../secret-key", "/static/%2e%2e/secret-key"),
        *("/static/..%2fsecret-key", "/static/staticfiles.json.bak", "/media/", "/__debug__/"),
    ],
)
def test_nothing_beside_pages_and_their_files_is_served(anonymous: Client, path: str) -> None:
    assert anonymous.get(path).status_code == 404


CHECK = """
import django; django.setup()
from django.core.management import call_command
call_command("check", deploy=True, fail_level="WARNING")
call_command("collectstatic", verbosity=0)
from django.conf import settings
assert settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE
assert settings.SESSION_COOKIE_NAME.startswith("__Host-") and settings.SESSION_COOKIE_HTTPONLY
from django.test import Client
answer = Client().get("/healthz", secure=True, headers={"host": "cno.example.org"})
assert answer["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
answer = Client().get("/account/login/", headers={"host": "cno.example.org"})
assert (answer.status_code, answer["Location"]) == (301, "https://cno.example.org/account/login/")
assert Client().get("/healthz", secure=True, headers={"host": "evil.example"}).status_code == 400
"""


def test_a_public_site_passes_djangos_own_check(tmp_path: Path) -> None:
    without_tests = {key: os.environ[key] for key in os.environ if not key.startswith("DJANGO_")}
    ended = subprocess.run(
        [sys.executable, "-c", CHECK],
        env=without_tests
        | {
            "MULTIFOCAL_DATA": str(tmp_path),
            "MULTIFOCAL_ORIGIN": "https://cno.example.org",
            "DJANGO_SETTINGS_MODULE": "multifocal.portal.settings",
        },
        capture_output=True,
        encoding="utf-8",
    )
    assert ended.returncode == 0, ended.stderr[-3000:]


def test_the_secret_key_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    from multifocal.portal.keys import secret_key

    first = secret_key(tmp_path / "data")
    assert secret_key(tmp_path / "data") == first
    assert len(first) >= 64
    assert secret_key(tmp_path / "other") != first
    assert (tmp_path / "data" / "secret-key").stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret-key"]
