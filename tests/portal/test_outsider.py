"""What somebody outside can learn or bring about: by time, by headers, by letters, by far dates."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from multifocal.examples import path
from multifocal.knowledge.load import load
from multifocal.portal import options
from multifocal.portal.care.models import Clinic, Membership
from multifocal.portal.names import END, ISOLATE
from tests.portal.test_ops import environment, multifocal, python
from tests.portal.world import build, person

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "nine blue kettles in rain"  # noqa: S105 # of people who don't exist


# Time


class Counting(Argon2PasswordHasher):
    """Django's hasher, counted: the work of it is what took the time."""

    hashed: ClassVar[list[int]] = []

    def encode(self, password: str, salt: str) -> Any:
        self.hashed.append(1)
        return super().encode(password, salt)


def test_sign_up_hashes_as_often_for_a_known_address_as_for_an_unknown(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    person("known")
    counts = []
    for email in ("known@example.org", "other@example.org"):
        Counting.hashed.clear()
        typed = {"email": email, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        assert Client().post("/account/signup/", typed).status_code == 302
        counts.append(len(Counting.hashed))
    assert counts == [1, 1]


# Links


def test_a_link_in_a_mail_leads_to_the_site_whatever_the_request_named() -> None:
    """A host and port of this machine that the site doesn't have: no mail may lead there."""
    world = build()
    host = {"host": "127.0.0.1:9999"}
    there = Client(headers=host)
    there.post("/account/password/reset/", {"email": "reader@example.org"})
    there.post("/account/password/reset/", {"email": "nobody@example.org"})
    typed = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    for email in ("reader@example.org", "new@example.org"):
        Client(headers=host).post("/account/signup/", {"email": email, **typed})
    there.force_login(world.ours.guardian)
    invite = f"/children/{world.ours.child.pk}/guardians/invite/"
    there.post(invite, {"email": "uncle@example.org", "role": "see"})
    assert len(mail.outbox) == 5
    for one in mail.outbox:
        assert "9999" not in f"{one.subject}{one.body}"
    links = re.findall(r"https?://[^/\s]+", "".join(str(one.body) for one in mail.outbox))
    assert len(links) >= 4
    assert set(links) == {"http://localhost:80"}, "where this machine's server listens"


# Hosts


def read(**given: str) -> options.Options:
    return options.read({f"MULTIFOCAL_{name}": value for name, value in given.items()})


def test_a_host_of_others_makes_a_site_public_and_its_settings_secure() -> None:
    found = read(HOSTS="localhost, cno.example.org")
    assert (found.is_public, found.secure) == (True, True)
    assert found.address == "https://cno.example.org"
    both = read(HOSTS="cno.example.org", ORIGIN="https://site.example.org")
    assert both.address == "https://site.example.org"
    here = read(HOSTS="127.0.0.1,[::1],localhost")
    assert (here.is_public, here.secure, here.address) == (False, False, "")
    for wrong in ("*", "cno.example.org:8000", "https://cno.example.org", "a b", "*.example.org"):
        with pytest.raises(options.OptionError):
            read(HOSTS=wrong)
    with pytest.raises(options.OptionError):
        read(HOSTS="cno.example.org", ORIGIN="http://localhost:8000")
    with pytest.raises(options.OptionError):
        read(HOSTS="cno.example.org", DEBUG="1")


SET_UP = """
from multifocal.portal.serve import set_up
set_up(print, demo=True)
from django.conf import settings
from multifocal.portal.accounts.models import User
print(User.objects.filter(is_demo=True, is_active=True).count(), settings.SESSION_COOKIE_SECURE)
"""


def test_a_host_of_others_refuses_demo_accounts(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SET_UP],
        env=environment(tmp_path) | {"MULTIFOCAL_HOSTS": "cno.example.org"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "Demo accounts are for this machine only" in ended.stdout
    assert ended.stdout.endswith("0 True\n")


# Files


def open_to_others(folder: Path) -> list[str]:
    """What anybody but its owner could read."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert files
    return [file.name for file in files if stat.S_IMODE(file.stat().st_mode) & 0o077]


MIGRATE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""


def test_every_file_is_its_owners_whatever_the_folder_and_the_command(tmp_path: Path) -> None:
    data, copies = tmp_path / "data", tmp_path / "copies"
    before = os.umask(0o022)
    try:
        for folder in (data, copies):
            folder.mkdir(mode=0o755)
        python(MIGRATE, data)
        assert open_to_others(data) == []
        (data / "site.sqlite3").chmod(0o644)
        multifocal(data, "backup", copies)
        assert (open_to_others(data), open_to_others(copies)) == ([], [])
        python("from multifocal.portal.serve import set_up\nset_up(print)", data)
        multifocal(data, "audit", "verify")
        [file] = copies.glob("*.sqlite3")
        multifocal(tmp_path / "new", "restore", file)
        assert (open_to_others(data), open_to_others(tmp_path / "new")) == ([], [])
    finally:
        os.umask(before)


# Bounds of the API

V1 = "/api/v1"
DAYS = some.one_of(
    some.dates().map(str),
    some.sampled_from(["0001-01-01", "9999-12-31", "1900-01-01", "10000-01-01", "-1", "1e9"]),
)
TEXTS = some.one_of(some.text(max_size=300), some.sampled_from(["9" * 400, "\x00", "x" * 9000]))
FEW = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


def asked(address: str, body: bytes, options: dict[str, str], **headers: str) -> int:
    client = Client(raise_request_exception=False)
    kind = "application/json"
    answer = client.post(
        f"{V1}{address}", body, content_type=kind, query_params=options, headers=headers
    )
    return int(answer.status_code)


@pytest.mark.parametrize("day", ["0001-01-01", "1066-10-14", "9999-12-31"])
def test_a_far_day_is_told_not_tried(day: str) -> None:
    assert asked("/assess", path("right-hand").read_bytes(), {"as_of": day}) == 422


@FEW
@given(day=DAYS, setting=some.none() | TEXTS, thorough=some.booleans() | TEXTS)
def test_a_good_record_with_hostile_options_is_answered_or_refused(
    day: str, setting: str | None, thorough: object
) -> None:
    given_ = {"as_of": day} | ({} if setting is None else {"setting": setting})
    if not isinstance(thorough, bool):
        given_["thorough"] = str(thorough)
    body = b'{"resourceType": "Patient", "id": "x", "birthDate": "2015-03-04"}'
    assert asked("/assess", body, given_) in (200, 400, 422, 429)


NUMBERS = some.sampled_from(
    ["1e400", "-1e400", "9" * 300, "-0", "<1e-400 mg/L", "NaN", "Infinity", "<" + "9" * 200]
)


@FEW
@given(value=NUMBERS | TEXTS | some.integers() | some.floats(), which=some.integers(0, 10_000))
def test_a_good_score_with_a_hostile_answer_is_answered_or_refused(value: Any, which: int) -> None:
    items = [(entry.id, item.name) for entry in load().criteria for item in entry.item]
    score, name = items[which % len(items)]
    body = json.dumps({"answers": {name: value}}).encode()
    assert asked(f"/scores/{score}", body, {}) in (200, 400, 422, 429)


@FEW
@given(day=some.sampled_from(["0001-01-01", "9999-12-31", "1900", "9999", "0000-00-00", "-5"]))
def test_a_far_day_in_a_record_costs_the_day_only(day: str) -> None:
    body = (
        b'{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType":'
        b' "Patient", "id": "x", "birthDate": "%b"}}, {"resource": {"resourceType": "Observation",'
        b' "status": "final", "code": {"text": "CRP"}, "effectiveDateTime": "%b", "valueQuantity":'
        b' {"value": 1e300, "code": "mg/L"}}}]}' % (day.encode(), day.encode())
    )
    assert asked("/assess", body, {}) in (200, 400, 429)


# Passwords


@pytest.mark.parametrize(
    "password",
    [
        *("aaaaaaaaaaaaaa", "abababababababab", "lampbrownlampbrown", "Hund-Hund-Hund-Hund"),
        *(
            "qwertyuiopasdfgh",
            "poiuytrewq12",
            "abcdefghijklmnop",
            "zxcvbnm,asdfgh",
            "1q2w3e4r5t6z7u",
        ),
        *("qwertzuiop123", "0987654321qwert"),
        *("football2026!!", "Sunshine-20261", "20262026monkey", "Elizabeth12345", "p4$$w0rd123456"),
    ],
)
def test_repeats_rows_of_keys_and_a_common_word_with_digits_are_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize(
    "password",
    [
        *("nine blue kettles in rain", "Larch gravel umbrella", "qwerty walrus parade 12"),
        *(
            "the sunshine on monkeys",
            "водопад синий чайник",
            "1984 larch 2026 gravel",
            "v9#Kd2!pQx7L",
        ),
    ],
)
def test_what_is_more_than_that_will_do(password: str) -> None:
    validate_password(password)


# Letters

UNSEEN = ["\u200b", "\u200d", "\u2060", "\ufeff", "\u202e", "\u00ad", "\u2066"]


@pytest.mark.parametrize("letter", UNSEEN)
def test_no_address_holds_letters_that_can_not_be_seen(letter: str) -> None:
    address = f"ana@exam{letter}ple.org"
    typed = {"email": address, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert Client().post("/account/signup/", typed).status_code == 200
    world = build()
    client = Client()
    client.force_login(world.ours.guardian)
    invite = f"/children/{world.ours.child.pk}/guardians/invite/"
    assert client.post(invite, {"email": address, "role": "see"}).status_code == 200
    assert mail.outbox == []


TURNED = "\u202etobor\u2069"
"""A name that would turn what follows, and end an isolate that it stands in."""
KEPT = f"{ISOLATE}tobor{END}"


def test_a_name_turns_nothing_around_it_on_any_page() -> None:
    world = build()
    type(world.ours.child).objects.update(nickname=TURNED)
    Clinic.objects.filter(pk=world.here.clinic.pk).update(name=TURNED)
    Membership.objects.update(name=TURNED)
    child, clinic = f"/children/{world.ours.child.pk}/", f"/clinics/{world.here.clinic.pk}/"
    pages = {
        "guardian": [
            "/children/",
            child,
            f"{child}seen/",
            f"{child}clinics/add/",
            f"{child}guardians/invite/",
            f"{child}young-person/invite/",
            "/account/",
        ],
        "clinician": ["/clinics/", f"{clinic}children/", f"{clinic}emergency/", child, "/account/"],
        "clinic administrator": [f"{clinic}members/", f"{clinic}members/invite/"],
        "researcher": ["/counts/"],
        "staff": ["/admin/care/clinic/", "/admin/care/membership/", "/admin/care/membership/add/"],
    }
    for role, addresses in pages.items():
        client = Client()
        client.force_login(world.people[role])
        for address in addresses:
            text = client.get(address).content.decode()
            assert "\u202e" not in text, address
            assert text.count("tobor") == text.count(KEPT), address
    met = Client()
    met.force_login(world.people["clinician"])
    assert KEPT in met.get(f"{clinic}children/").content.decode()
