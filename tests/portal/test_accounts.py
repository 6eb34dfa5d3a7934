"""Signing up, logging in and out, second steps, one's own data, staff, and demo accounts."""

import json
import os
import re
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils import timezone

from multifocal.portal import actions, demo, export, options
from multifocal.portal.accounts.models import User
from multifocal.portal.audit.models import AccessEvent
from multifocal.portal.audit.verify import verify
from multifocal.portal.care.models import Child, Clinic, Consent, Guardianship, Membership, Role
from multifocal.portal.middleware import SEEN
from multifocal.portal.options import LOOPBACK, Options
from tests.portal.world import PASSWORD, World, build, child_of, person

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"
NEW_PASSWORD = "nine blue kettles in rain"  # noqa: S105 # of people who don't exist


def log_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **more})


def text_of(answer: Any) -> str:
    """A page without what differs from one to the next: the tokens of its forms."""
    return re.sub(r'value="[\w-]{64}"', "", answer.content.decode())


def sign_up(client: Client, email: str, **more: str) -> Any:
    typed = {"email": email, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    return client.post("/account/signup/", typed | more)


def code_in(message: Any) -> str:
    found = re.search(r"^([A-Z0-9]+-[A-Z0-9]+)$", message.body, flags=re.MULTILINE)
    assert found is not None, message.body
    return found[1]


# In and out


def test_a_mailed_code_opens_the_account_and_leads_where_one_wanted_to_go(
    anonymous: Client,
) -> None:
    answer = sign_up(anonymous, "new@example.org", next="/children/")
    page = anonymous.get(answer["Location"])
    assert "new@example.org" in page.content.decode()
    unproved = Client()
    log_in(unproved, "new@example.org", NEW_PASSWORD)
    assert unproved.get("/account/").status_code == 302
    wrong = anonymous.post("/account/confirm-email/", {"code": "AAAAAA"})
    assert "<title>Error: " in wrong.content.decode()
    right = anonymous.post("/account/confirm-email/", {"code": code_in(mail.outbox[0])})
    assert right["Location"] == "/children/"
    assert anonymous.get("/children/").status_code == 200


def test_a_known_address_is_not_told_at_sign_up_log_in_or_reset() -> None:
    person("known")
    pages = []
    for email in ("known@example.org", "other@example.org"):
        client = Client()
        first = sign_up(client, email)
        second = client.get(first["Location"])
        pages.append((first.status_code, first["Location"], text_of(second).replace(email, "")))
    assert pages[0] == pages[1]

    pages = []
    for email in ("known@example.org", "other@example.org"):
        client = Client()
        failed = log_in(client, email, "not the password")
        reset = client.post("/account/password/reset/", {"email": email})
        done = client.get(reset["Location"])
        pages.append((text_of(failed).replace(email, ""), reset.status_code, text_of(done)))
    assert pages[0] == pages[1]
    told = {tuple(one.to): one.subject for one in mail.outbox}
    assert set(told) == {("known@example.org",), ("other@example.org",)}


def test_a_taken_address_is_not_told_to_whoever_changes_theirs(anonymous: Client) -> None:
    person("known")
    anonymous.force_login(person("me"))
    pages = []
    for email in ("known@example.org", "free@example.org"):
        _reauthenticate(anonymous)
        answer = anonymous.post("/account/email/", {"action_add": "", "email": email}, follow=True)
        pages.append((answer.redirect_chain, text_of(answer).replace(email, "")))
    assert pages[0] == pages[1]


def test_the_session_gets_another_key_at_log_in(anonymous: Client) -> None:
    person("me")
    anonymous.get(LOGIN)
    session = anonymous.session
    session["kept"] = "x"
    session.save()
    before = session.session_key
    anonymous.cookies["session"] = before or ""
    assert log_in(anonymous, "me@example.org")["Location"] == "/treatment/"
    assert anonymous.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_log_out_drops_the_copies_and_the_session(anonymous: Client) -> None:
    anonymous.force_login(person("me"))
    page = anonymous.get("/account/")
    assert page["Cache-Control"] == "no-store, private"
    assert "Clear-Site-Data" not in page
    key = anonymous.session.session_key
    assert anonymous.get("/account/logout/").status_code == 200
    answer = anonymous.post("/account/logout/")
    assert answer["Clear-Site-Data"] == '"cache"'
    assert not Session.objects.filter(session_key=key).exists()
    assert anonymous.get("/account/").status_code == 302


def test_whoever_does_nothing_for_too_long_is_logged_out(anonymous: Client, settings: Any) -> None:
    anonymous.force_login(person("me"))
    for ago, expected in ((settings.IDLE_SECONDS - 5, 200), (settings.IDLE_SECONDS + 5, 302)):
        session = anonymous.session
        session[SEEN] = int(time.time()) - ago
        session.save()
        answer = anonymous.get("/account/")
        assert answer.status_code == expected
    assert answer["Clear-Site-Data"] == '"cache"'


def test_a_cookie_from_yesterday_is_nobodys(anonymous: Client) -> None:
    anonymous.force_login(person("me"))
    Session.objects.update(expire_date=timezone.now() - timedelta(hours=1))
    assert anonymous.get("/account/")["Location"].startswith(LOGIN)
    anonymous.cookies["session"] = "x" * 32
    assert anonymous.get("/account/")["Location"].startswith(LOGIN)


def test_another_host_name_is_refused(anonymous: Client) -> None:
    answer = anonymous.post(
        "/account/password/reset/", {"email": "me@example.org"}, HTTP_HOST="evil.example"
    )
    assert answer.status_code == 400
    assert mail.outbox == []


def test_cookies_are_out_of_reach_of_scripts(anonymous: Client) -> None:
    person("me")
    log_in(anonymous, "me@example.org")
    anonymous.get("/account/")
    for name in ("session", "csrftoken"):
        cookie = anonymous.cookies[name]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


HOSTILE = ["\x00", "<script>alert(1)</script>", "\u202e", "x" * 10_000, "a@b" * 300, "9" * 500, ""]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_input_at_the_entrance_gives_a_page(text: str) -> None:
    client = Client()
    for answer in (
        log_in(client, text, text),
        log_in(client, "me@example.org", text),
        client.post("/account/signup/", {"email": text, "password1": text, "password2": text}),
        client.post("/account/password/reset/", {"email": text}),
        client.post("/account/2fa/webauthn/login/", {"credential": text}),
    ):
        assert answer.status_code in (200, 302, 400)
        assert "<script>alert" not in answer.content.decode()


# Second steps


def _reauthenticate(client: Client) -> None:
    answer = client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code in (200, 302)


def with_app(client: Client) -> str:
    """Set up an app, and give its secret."""
    _reauthenticate(client)
    page = client.get("/account/2fa/totp/activate/").content.decode()
    found = re.search(r'id="authenticator_secret">(\w+)<', page)
    assert found is not None
    code = totp.format_hotp_value(
        totp.hotp_value(found[1], totp.yield_hotp_counters_from_time().__next__())
    )
    answer = client.post("/account/2fa/totp/activate/", {"code": code})
    assert answer.status_code == 302
    return found[1]


def test_after_the_password_the_second_step_is_asked_for(anonymous: Client) -> None:
    anonymous.force_login(person("me"))
    with_app(anonymous)
    client = Client()
    assert log_in(client, "me@example.org")["Location"] == "/account/2fa/authenticate/"
    assert client.get("/account/").status_code == 302
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    wrong = client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert "The code is wrong" in wrong.content.decode()
    assert client.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code == 302
    assert client.get("/account/").status_code == 200
    again = Client()
    log_in(again, "me@example.org")
    used = again.post("/account/2fa/authenticate/", {"code": codes[0]})
    assert "The code is wrong" in used.content.decode()


def test_somebody_elses_passkey_is_not_found(anonymous: Client) -> None:
    row = Authenticator.objects.create(
        user=person("other"), type="webauthn", data={"name": "k", "credential": {}}
    )
    anonymous.force_login(person("me"))
    _reauthenticate(anonymous)
    for what in ("edit", "remove"):
        url = f"/account/2fa/webauthn/keys/{row.pk}/{what}/"
        assert anonymous.get(url).status_code == 404
        assert anonymous.post(url, {"name": "mine"}).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "/account/export/",
        "/account/delete/",
        "/account/2fa/totp/activate/",
        "/account/2fa/webauthn/add/",
        "/account/2fa/recovery-codes/generate/",
    ],
)
def test_what_matters_asks_once_more_who_it_is(anonymous: Client, url: str) -> None:
    anonymous.force_login(person("me"))
    for answer in (anonymous.get(url), anonymous.post(url, {"typed": "me@example.org"})):
        assert answer["Location"].startswith("/account/reauthenticate/")
    assert User.objects.filter(email="me@example.org").exists()


# One's own data


def test_the_copy_holds_every_table_that_points_to_the_account_and_no_secret(
    anonymous: Client,
) -> None:
    world = build()
    guardian = world.ours.guardian
    anonymous.force_login(guardian)
    with_app(anonymous)
    copy = anonymous.post("/account/export/")
    found = json.loads(copy.content)
    assert [row["email"] for row in found["account"]] == [guardian.email]
    assert [row["nickname"] for row in found["children"]] == ["Robin"]
    assert len(found["consents"]) == 1
    assert found["sessions"]
    assert any(row["action"] == "added a child" for row in found["events"])
    text = copy.content.decode()
    assert guardian.password not in text
    assert str(world.theirs.child.pk) not in text
    for row in Authenticator.objects.filter(user=guardian):
        assert json.dumps(row.data)[1:-1] not in text
    assert copy["Cache-Control"] == "no-store, private"


def test_every_table_with_an_account_in_it_is_part_of_the_copy() -> None:
    pointing = {
        model.__name__
        for model in apps.get_models()
        for field in model._meta.fields
        if field.related_model is User
    }
    text = export.__loader__.get_source(export.__name__)  # type: ignore[union-attr] # it was loaded from a file
    told = set(re.findall(r"(\w+)\.objects", text or ""))
    without_rows_of_their_own = {"User_groups", "User_user_permissions", "EmailConfirmation"}
    assert pointing - told - without_rows_of_their_own == set()


def deleted(client: Client, user: User) -> Any:
    client.force_login(user)
    _reauthenticate(client)
    return client.post("/account/delete/", {"typed": user.email.upper()})


def test_deleting_needs_the_address_typed(anonymous: Client) -> None:
    anonymous.force_login(person("me"))
    _reauthenticate(anonymous)
    answer = anonymous.post("/account/delete/", {"typed": "other@example.org"})
    assert "not the address of your account" in answer.content.decode()
    assert User.objects.filter(email="me@example.org").exists()


def test_a_deleted_account_takes_its_rows_along_and_leaves_the_chain_whole(
    anonymous: Client,
) -> None:
    me = person("me")
    other = Client()
    other.force_login(me)
    child = child_of(me, timezone.now())
    id_ = me.pk
    answer = deleted(anonymous, me)
    assert (answer["Location"], answer["Clear-Site-Data"]) == ("/account/deleted/", '"cache"')
    assert other.get("/account/").status_code == 302
    assert not User.objects.filter(pk=id_).exists()
    assert not Child.objects.filter(pk=child.pk).exists()
    for table in (EmailAddress, UserSession, Guardianship, Consent):
        assert not table.objects.exists()
    events = [row.event() for row in AccessEvent.objects.order_by("seq")]
    assert verify(events).fault is None
    assert (events[-1].action, events[-1].who) == ("deleted an account", str(id_))
    assert "me@example.org" not in json.dumps([str(event) for event in events])


def test_a_child_whom_somebody_else_looks_after_stays(anonymous: Client) -> None:
    world: World = build()
    deleted(anonymous, world.ours.guardian)
    assert Child.objects.filter(pk=world.ours.child.pk).exists()
    assert Consent.objects.get(child=world.ours.child).given_by is None


def test_each_role_can_delete_its_account(anonymous: Client) -> None:
    world = build()
    for user in world.people.values():
        if not Authenticator.objects.filter(user=user).exists():
            assert deleted(anonymous, user)["Location"] == "/account/deleted/"


# Staff


def staff(client: Client) -> User:
    user = person("staff", is_staff=True, is_superuser=True)
    Authenticator.objects.create(user=user, type="totp", data={})
    client.force_login(user)
    return user


def test_changes_in_the_administration_leave_events_and_nothing_is_deleted(
    anonymous: Client,
) -> None:
    user = staff(anonymous)
    anonymous.post("/admin/care/clinic/add/", {"name": "New clinic"})
    clinic = Clinic.objects.get(name="New clinic")
    member = person("first")
    fields = {"user": str(member.pk), "clinic": str(clinic.pk), "role": "administrator"}
    answer = anonymous.post(
        "/admin/care/membership/add/", fields | {"name": "Front desk", "state": "verified"}
    )
    assert answer.status_code == 302
    row = Membership.objects.get(user=member)
    assert (row.state, row.verified_at) == ("pending", None), "staff verify nobody"
    closed = {"is_staff": "", "groups": []}
    assert anonymous.post(f"/admin/accounts/user/{member.pk}/change/", closed).status_code == 302
    member.refresh_from_db()
    assert not member.is_active
    told = list(AccessEvent.objects.filter(who=str(user.pk)).order_by("seq"))
    assert [(event.action, event.kind) for event in told] == [
        ("added in the administration", "clinic"),
        ("added in the administration", "membership"),
        ("closed an account", "user"),
        ("changed in the administration", "user"),
    ]
    delete = {"action": "delete_selected", "_selected_action": [str(clinic.pk)], "post": "yes"}
    anonymous.post("/admin/care/clinic/", delete)
    assert Clinic.objects.filter(pk=clinic.pk).exists()


def test_the_administration_shows_no_table_of_a_library(anonymous: Client) -> None:
    staff(anonymous)
    page = anonymous.get("/admin/").content.decode()
    for word in ("Authenticator", "Email address", "User session", "Child", "Guardianship"):
        assert word not in page


def test_a_second_role_that_is_there_already_is_told_not_broken(anonymous: Client) -> None:
    staff(anonymous)
    world = build_clinic()
    again = {"user": str(world[0].pk), "clinic": str(world[1].pk), "role": Role.ADMINISTRATOR}
    answer = anonymous.post(
        "/admin/care/membership/add/", again | {"name": "x", "state": "verified"}
    )
    assert answer.status_code == 200


def build_clinic() -> tuple[User, Clinic]:
    boss = person("boss")
    clinic = actions.open_clinic(
        "Clinic", administrator=boss, name="Desk", at=timezone.now(), is_demo=False
    )
    return boss, clinic


# Demo


def test_demo_accounts_are_marked_made_anew_and_can_be_closed(anonymous: Client) -> None:
    told: list[str] = []
    for _ in range(2):
        told.clear()
        demo.set_up(told.append, at=timezone.now())
    assert User.objects.filter(is_demo=True).count() == len(demo.ROLES) == len(told)
    email, password = re.findall(r": (\S+@\S+), password: (\S+)$", told[1])[0]
    assert log_in(anonymous, email, password).status_code == 302
    assert "Demo account" in anonymous.get("/account/").content.decode()
    actions.close_demo()
    assert anonymous.get("/account/").status_code == 302


SET_UP = """
from multifocal.portal.serve import set_up
for more in ({"demo": True}, {}, {"demo": True}, {"local": False}, {"demo": True, "local": False}):
    print("---")
    set_up(print, **more)
from multifocal.portal.accounts.models import User
print("---", User.objects.filter(is_demo=True, is_active=True).count())
"""


def test_demo_passwords_are_told_when_asked_for_and_not_at_all_to_the_world(
    tmp_path: Path,
) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SET_UP],
        env={key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        | {"MULTIFOCAL_DATA": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    first, plain, again, world, refused, left = ended.stdout.split("---")[1:]
    assert first.startswith("\nAdministrator: ")
    for role in demo.ROLES:
        assert re.search(rf"^Demo {role}: \S+@\S+, password: \S+$", first, flags=re.MULTILINE)
    assert (plain, world) == ("\n", "\n")
    assert (
        set(again.split()) & set(first.split()) & set(re.findall(r"password: (\S+)", first))
        == set()
    )
    assert "Administrator" not in again
    assert refused == "\nDemo accounts are for this machine only: none were made.\n"
    assert left == " 0\n"


@pytest.mark.parametrize(
    ("origin", "public"),
    [("", False), ("http://localhost:8000", False), ("https://cno.example.org", True)],
)
def test_a_site_with_an_address_of_its_own_is_public(origin: str, *, public: bool) -> None:
    given: Options = options.read({"MULTIFOCAL_ORIGIN": origin})
    assert given.is_public is public
    assert "localhost" in LOOPBACK


def test_a_demo_family_is_offered_demo_clinics_only(anonymous: Client) -> None:
    build_clinic()
    demo.set_up(lambda line: None, at=timezone.now())
    anonymous.force_login(User.objects.get(email="guardian@demo.invalid"))
    child = Child.objects.get(is_demo=True)
    page = anonymous.get(f"/children/{child.pk}/clinics/add/").content.decode()
    offered = re.findall(r"<option[^>]*>([^<]+)<", page)
    assert offered == ["Choose ...", "Demo clinic"]


def test_the_page_for_too_many_tries_is_ours(anonymous: Client) -> None:
    tries = [
        anonymous.post("/account/password/reset/", {"email": "me@example.org"}) for _ in range(21)
    ]
    assert tries[-1].status_code == 429
    assert "Too many tries" in tries[-1].content.decode()
