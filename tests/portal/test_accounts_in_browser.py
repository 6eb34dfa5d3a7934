"""Accounts in a real browser, on a real server: mailed code, app, passkey, log-out; and axe."""

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.portal.conftest import Served

pytestmark = pytest.mark.browser
PASSWORD = "four green ladders asleep"  # noqa: S105 # of people who don't exist
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


def demo(served: Served, role: str) -> tuple[str, str]:
    found = re.search(rf"Demo {role}: (\S+), password: (\S+)", served.output())
    assert found is not None
    return found[1], found[2]


def log_in(page: Any, email: str, password: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(re.compile(r"/treatment/|/2fa/|/account/$"))


def sign_up(page: Any, served: Served, email: str) -> None:
    said = len(served.output())
    page.goto("/account/signup/?next=/treatment/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    code = served.printed(rf"(?s){email}.*?\n([A-Z0-9]+-[A-Z0-9]+)\n", after=said)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/treatment/")


def show_who(page: Any, password: str) -> None:
    """Answer the question whether it is you."""
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url(lambda url: "/reauthenticate/" not in url)


def test_from_sign_up_with_a_mailed_code_to_the_treatment_page_and_out(
    page: Any, served: Served
) -> None:
    sign_up(page, served, "reader.one@example.org")
    assert page.get_by_role("heading", level=1).inner_text()
    page.goto("/account/")
    expect(page.get_by_text("reader.one@example.org")).to_be_visible()
    page.goto("/account/logout/")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/")
    page.go_back()
    page.go_back()
    page.wait_for_load_state()
    assert "reader.one@example.org" not in page.content()


def test_an_app_is_set_up_and_then_asked_for(page: Any, served: Served) -> None:
    email = "reader.two@example.org"
    sign_up(page, served, email)
    page.goto("/account/2fa/totp/activate/")
    show_who(page, PASSWORD)
    secret = page.locator("#authenticator_secret").inner_text()
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Turn it on").click()
    page.wait_for_url("**/recovery-codes/")
    codes = page.locator("ul.codes code").all_inner_texts()
    assert len(set(codes)) == 10
    page.context.clear_cookies()
    log_in(page, email, PASSWORD)
    expect(page).to_have_url(re.compile("/2fa/authenticate/"))
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Log in").click()
    page.get_by_text("Please look at this again").wait_for()
    expect(page).to_have_title(re.compile("^Error: "))
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/treatment/")


def code_of(secret: str) -> str:
    counter = next(totp.yield_hotp_counters_from_time())
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def test_a_passkey_is_added_and_opens_the_account_alone(page: Any, served: Served) -> None:
    sign_up(page, served, "reader.three@example.org")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    device |= {"hasUserVerification": True, "isUserVerified": True}
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": device | {"automaticPresenceSimulation": True}},
    )
    page.goto("/account/2fa/webauthn/add/")
    show_who(page, PASSWORD)
    expect(page.get_by_label("It is enough to log in")).to_be_checked()
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url(lambda url: "/add/" not in url)
    page.context.clear_cookies()
    page.goto("/account/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/treatment/")
    page.goto("/account/")
    expect(page.get_by_text("reader.three@example.org")).to_be_visible()


def test_a_passkey_that_fails_is_told_beside_the_button(page: Any, served: Served) -> None:
    page.goto("/account/login/")
    page.evaluate(
        "() => { navigator.credentials.get ="
        " () => Promise.reject(new DOMException('', 'NotAllowedError')) }"
    )
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_text("The passkey could not be used").wait_for(state="visible")


# Axe

OPEN = (
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/account/password/reset/key/x-y/",
    "/account/password/reset/key/done/",
    "/account/inactive/",
    "/account/deleted/",
)
SIGNED_IN = (
    "/account/",
    "/account/password/change/",
    "/account/2fa/",
    "/account/2fa/totp/activate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
    "/account/email/",
    "/account/sessions/",
    "/account/export/",
    "/account/delete/",
    "/account/logout/",
    "/children/",
    "/children/add/",
    "/clinics/",
    "/invitations/x/",
)


def faults(page: Any) -> list[str]:
    """What axe finds in light, dark, and at 200 %: half the width in CSS pixels."""
    page.wait_for_load_state()  # a click goes on before its page is there
    found = []
    for scheme, width in (("light", 1280), ("dark", 1280), ("light", 640), ("light", 390)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        answer = Axe().run(page, options={"runOnly": RULES})
        found += [
            f"{page.url} {scheme} {width}: {one['id']} {one['nodes'][0]['html'][:120]}"
            for one in answer.response["violations"]
        ]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{page.url} {scheme} {width}: scrolls sideways, {wide} px")
        found += [
            f"{page.url} {scheme} {width}: small target {one}"
            for one in page.evaluate(SMALL_TARGETS)
        ]
    return found


SMALL_TARGETS = """() => [...document.querySelectorAll("main button, main input, main select")]
  .filter(one => one.type !== "hidden" && one.offsetParent !== null)
  .map(one => ["checkbox", "radio"].includes(one.type) ? one.labels[0] : one)
  .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([_, box]) => box.width < 24 || box.height < 24).map(([text]) => text)
"""


@pytest.mark.long
def test_axe_finds_nothing_at_the_entrance(page: Any, served: Served) -> None:
    found = []
    for url in OPEN:
        page.goto(url)
        found += faults(page)
    page.goto("/account/signup/")
    page.get_by_label("New password", exact=True).fill("short")
    page.locator("form.stack").evaluate("form => { form.noValidate = true }")
    page.get_by_role("button", name="Sign up").click()
    page.get_by_text("Please look at this again").wait_for()
    expect(page).to_have_title(re.compile("^Error: "))
    assert found + faults(page) == []


@pytest.mark.long
def test_axe_finds_nothing_in_the_account_and_on_the_pages_of_a_family(
    page: Any, served: Served
) -> None:
    email, password = demo(served, "guardian")
    log_in(page, email, password)
    found = []
    for url in SIGNED_IN:
        page.goto(url)
        if "/reauthenticate/" in page.url:
            found += faults(page)
            show_who(page, password)
        found += faults(page)
    page.goto("/children/")
    with page.expect_navigation():
        page.locator("main a.card").first.click()
    child = page.url.replace(served.url, "")
    for below in ("", "seen/", "guardians/invite/", "young-person/invite/", "clinics/add/"):
        page.goto(child + below)
        found += faults(page)
    assert found == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("clinician", ["Children in care", "Emergency"]),
        ("clinic administrator", ["Members"]),
        ("researcher", ["Counts"]),
    ],
)
def test_axe_finds_nothing_on_the_pages_of_clinics(
    page: Any, served: Served, role: str, names: list[str]
) -> None:
    log_in(page, *demo(served, role))
    found = []
    for name in names:
        page.goto("/clinics/")
        found += faults(page)
        with page.expect_navigation():
            page.locator("main a", has_text=name).click()
        found += faults(page)
    assert found == []
