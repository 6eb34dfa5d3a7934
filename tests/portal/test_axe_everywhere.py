"""No page of the sitemap, and none of the accounts and the administration, shuts anybody out."""

import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.portal.conftest import Served

pytestmark = [pytest.mark.browser, pytest.mark.long]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1440, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1440, "height": 900}},
    "zoomed": {"color_scheme": "light", "viewport": {"width": 640, "height": 450}},
    "phone": {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}},
}
"""How each page is looked at; 640 points are 1280 at a zoom of 200 %."""

ENTRANCE = ("/account/login/", "/account/signup/", "/account/password/reset/", "/treatment/")


ADMINISTRATOR = """
import django; django.setup()
import time
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from multifocal.portal.accounts.models import User
user = User.objects.get(is_superuser=True)
TOTP.activate(user, "JBSWY3DPEHPK3PXP")
client = Client(headers={"host": "localhost"})
client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
session = client.session
now = time.time()
session["account_authentication_methods"] = [
    {"method": "password", "at": now, "email": user.email},
    {"method": "mfa", "at": now, "type": "totp"},
]
session.save()
print(client.cookies["session"].value, user.pk)
"""
"""Logs the administrator of a served site in, with a second step; prints session and account."""

WITHIN = (
    "/admin/",
    "/admin/accounts/user/",
    "/admin/accounts/user/{user}/change/",
    "/admin/care/clinic/",
    "/admin/care/clinic/add/",
    "/admin/care/membership/",
    "/admin/care/membership/add/",
    "/account/",
    "/account/2fa/",
    "/account/2fa/recovery-codes/",
    "/account/2fa/recovery-codes/generate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
    "/account/2fa/totp/deactivate/",
    "/account/sessions/",
    "/account/email/",
    "/account/password/change/",
    "/account/logout/",
    "/treatment/",
    "/treatment/clinician/",
)
"""Pages of somebody who runs the site and has a second step."""


@pytest.fixture(scope="module")
def administrator(served: Served) -> tuple[str, str]:
    ended = subprocess.run(
        [sys.executable, "-c", ADMINISTRATOR],
        env=served.environment | {"DJANGO_SETTINGS_MODULE": "multifocal.portal.settings"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    session, user = ended.stdout.split()[-2:]
    return session, user


def sitemap(site: Served) -> list[str]:
    with urllib.request.urlopen(f"{site.url}/sitemap.xml", timeout=30) as answer:
        text = answer.read().decode()
    return sorted({re.sub(r"^https?://[^/]+", "", one) for one in re.findall("<loc>([^<]+)", text)})


def faults(page: Any) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [
        *(f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"][:3]),
        *([f"scrolls sideways by {beyond}"] if beyond > 0 else []),
    ]


@pytest.fixture(params=LOOKS)
def looked(request: pytest.FixtureRequest, chromium: Any, served: Served) -> Iterator[Any]:
    context = chromium.new_context(base_url=served.url, **LOOKS[request.param])
    yield context.new_page()
    context.close()


def test_no_public_page_has_a_fault(looked: Any, served: Served) -> None:
    paths = [*sitemap(served), *ENTRANCE, "/nowhere"]
    assert len(paths) > 100
    found = {}
    for path in paths:
        looked.goto(path)
        if wrong := faults(looked):
            found[path] = wrong
    assert found == {}


def test_no_page_behind_the_log_in_has_a_fault(
    looked: Any, served: Served, administrator: tuple[str, str]
) -> None:
    session, user = administrator
    looked.context.add_cookies([{"name": "session", "value": session, "url": served.url}])
    found, missing = {}, []
    for path in WITHIN:
        answer = looked.goto(path.format(user=user))
        missing += [path] if answer.status == 404 else []
        if wrong := faults(looked):
            found[path] = wrong
    assert missing in ([], ["/account/2fa/recovery-codes/"])
    assert found == {}
