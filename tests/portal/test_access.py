"""Who may open what: every address of the site, by every role, on the own side and the other."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from multifocal.portal.access import token_of
from multifocal.portal.engine import knowledge
from tests.portal.world import ROLES, World, build

pytestmark = pytest.mark.django_db

FAMILY = frozenset({"guardian", "young person"})
GUARDIAN = frozenset({"guardian"})
SEES = FAMILY | {"clinician"}
BOSS = frozenset({"clinic administrator"})
CLINICIAN = frozenset({"clinician"})
OTHER = frozenset({"other clinician"})
STAFF = frozenset({"staff"})
NOBODY: frozenset[str] = frozenset()

Who = frozenset[str]

ANYONE = """
home article article_clinician urgent regions right_hand region conditions condition atlas
disagreements numbers sources not_verified about search robots sitemap
treatment treatment_clinician
scores score work_up work_up_file work_up_again work_up_example work_up_form
checker checker_step checker_map checker_tests checker_result checker_country checker_anew
checker_sheet
api api:openapi-json api:about api:assess api:check_symptoms api:scores api:score api:work_out
api:conditions api:condition api:read_article api:atlas
account_deleted account_inactive healthz readyz
""".split()
"""Open to all, signed in or not; of the treatment section others see the way in only."""

ENTRANCE = """
account_login account_signup account_logout account_reauthenticate account_confirm_login_code
account_email_verification_sent account_reset_password account_reset_password_done
account_reset_password_from_key account_reset_password_from_key_done mfa_authenticate
mfa_login_webauthn account_set_password mfa_reauthenticate mfa_reauthenticate_webauthn
""".split()
"""Part of getting in or out: shows a form, or leads to where one stands."""

SIGNED = """
account account_export account_delete account_email account_change_password usersessions_list
mfa_index mfa_activate_totp mfa_generate_recovery_codes mfa_list_webauthn mfa_add_webauthn
children child_add clinics
treatment_pdf treatment_clinician_pdf
""".split()
"""For whoever is signed in; it shows the own things only."""

OWN = """
mfa_deactivate_totp mfa_view_recovery_codes mfa_download_recovery_codes mfa_remove_webauthn
mfa_edit_webauthn
""".split()
"""A second step of one's own; not found by whoever has none."""

THINGS: dict[str, tuple[str, Who, Who]] = {
    # name: method, who may on our side, who may on the other side
    "child": ("GET", SEES, OTHER),
    "child_seen": ("GET", FAMILY, NOBODY),
    "child_invite_guardian": ("GET", GUARDIAN, NOBODY),
    "child_invite_young_person": ("GET", GUARDIAN, NOBODY),
    "child_grant_care": ("GET", GUARDIAN, NOBODY),
    "child_end_guardian": ("POST", GUARDIAN, NOBODY),
    "child_review_guardian": ("POST", GUARDIAN, NOBODY),
    "child_end_young_person": ("POST", GUARDIAN, NOBODY),
    "child_withdraw_invitation": ("POST", GUARDIAN, NOBODY),
    "child_give_consent": ("POST", GUARDIAN, NOBODY),
    "child_withdraw_consent": ("POST", GUARDIAN, NOBODY),
    "child_end_care": ("POST", GUARDIAN, NOBODY),
    "clinic_members": ("GET", BOSS, NOBODY),
    "clinic_invite_member": ("GET", BOSS, NOBODY),
    "clinic_withdraw_invitation": ("POST", BOSS, NOBODY),
    "clinic_verify": ("POST", BOSS, NOBODY),
    "clinic_end_member": ("POST", BOSS, NOBODY),
    "clinic_children": ("GET", CLINICIAN, OTHER),
    "clinic_accept_care": ("POST", CLINICIAN, OTHER),
    "clinic_emergency": ("GET", CLINICIAN, OTHER),
    "counts": ("GET", frozenset({"researcher"}), frozenset({"researcher"})),
}
"""Somebody's: not found by anybody else, whichever other role they have."""

NOWHERE = frozenset({"api:api-root"})
"""An address that a library adds, with nothing behind it."""

INVITATION = "invitation"
"""Open to the address that it was sent to; gone for all others."""
ADMINISTRATION = "admin:"


def addresses(
    resolver: URLResolver | None = None, space: str = "", parts: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every address by its name, with the names of its parts; those without a name by its route."""
    for one in (resolver or get_resolver()).url_patterns:
        inside = (*parts, *one.pattern.regex.groupindex)
        if isinstance(one, URLResolver):
            below = f"{space}{one.namespace}:" if one.namespace else space
            yield from addresses(one, below, inside)
        elif isinstance(one, URLPattern):
            yield space + (one.name or str(one.pattern)), inside


ALL = dict(addresses())


def test_every_address_has_its_row_and_every_row_its_address() -> None:
    table = {*ANYONE, *ENTRANCE, *SIGNED, *OWN, *THINGS, *NOWHERE, INVITATION}
    assert {name for name in ALL if not name.startswith(ADMINISTRATION)} == table


def parts(name: str, world: World, *, theirs: bool) -> dict[str, Any]:
    side, place = (world.theirs, world.there) if theirs else (world.ours, world.here)
    known = knowledge()
    given: dict[str, Any] = {
        "child": side.child.pk,
        "guardianship": side.guardianship.pk,
        "care": side.care.pk,
        "clinic": place.clinic.pk,
        "member": place.member.pk,
        "kind": "research",
        "invitation": place.invitation.pk if name.startswith("clinic") else side.invitation.pk,
        "token": token_of(side.invitation),
        "uidb36": "1",
        "key": "x-y",
        "pk": 1,
        "number": 3,
        "which": known.criteria[0].id,
        "id": known.conditions[0].id if "condition" in name else known.criteria[0].id,
        "audience": "family",
        "name": {"region": "spine", "condition": known.conditions[0].id}.get(name, "right-hand"),
        "object_id": (world.people["reader"] if "user" in name else world.here.clinic).pk,
        "content_type_id": "1",
        "app_label": "care",
        "url": "nothing",
    }
    if "membership" in name:
        given["object_id"] = world.here.member.pk
    return {part: given[part] for part in ALL[name]}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once: whatever a request changes is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


CLIENT = Client()
"""One for all: a new one reads every static file anew."""


def ask(world: World, role: str, name: str, method: str, *, theirs: bool = False) -> Any:
    """Ask as a role, and take back whatever that changed."""
    CLIENT.cookies.clear()
    path = reverse(name, kwargs=parts(name, world, theirs=theirs))
    with transaction.atomic():
        if role != "anonymous":
            CLIENT.force_login(world.people[role])
        answer = CLIENT.generic(method, path)
        transaction.set_rollback(True)
    return answer


def outcome(answer: Any) -> str:
    if answer.status_code == 302 and answer["Location"].startswith("/account/login/"):
        return "login"
    if answer.status_code in (403, 404, 410):
        return "not found" if answer.status_code == 404 else str(answer.status_code)
    return "broken" if answer.status_code >= 500 else "open"


def outcomes(world: World, name: str, method: str = "GET", *, theirs: bool = False) -> Any:
    return {role: outcome(ask(world, role, name, method, theirs=theirs)) for role in ROLES}


@pytest.mark.parametrize("name", sorted(ANYONE))
def test_what_is_public_is_open_to_all(world: World, name: str) -> None:
    found = outcomes(world, name) | {"anonymous": outcome(ask(world, "anonymous", name, "GET"))}
    assert set(found.values()) == {"open"}, found


@pytest.mark.parametrize("name", sorted(ENTRANCE))
def test_the_entrance_is_never_broken(world: World, name: str) -> None:
    for role in ("anonymous", *ROLES):
        assert outcome(ask(world, role, name, "GET")) in ("open", "login")


@pytest.mark.parametrize("name", sorted(SIGNED))
def test_what_needs_an_account_leads_others_to_log_in(world: World, name: str) -> None:
    assert outcome(ask(world, "anonymous", name, "GET")) == "login"
    assert outcomes(world, name) == dict.fromkeys(ROLES, "open")


@pytest.mark.parametrize("name", sorted(OWN))
def test_a_second_step_is_not_found_by_whoever_has_none(world: World, name: str) -> None:
    assert outcome(ask(world, "anonymous", name, "GET")) == "login"
    assert set(outcomes(world, name).values()) <= {"open", "not found"}


@pytest.mark.parametrize("name", sorted(THINGS))
def test_what_is_somebodys_is_not_found_by_others(world: World, name: str) -> None:
    method, ours, theirs = THINGS[name]
    for side, who in ((False, ours), (True, theirs)):
        assert outcome(ask(world, "anonymous", name, method, theirs=side)) == "login"
        found = outcomes(world, name, method, theirs=side)
        assert found == {role: "open" if role in who else "not found" for role in ROLES}


def test_an_invitation_is_open_to_its_address_only(world: World) -> None:
    assert outcome(ask(world, "anonymous", INVITATION, "GET")) == "login"
    assert outcomes(world, INVITATION) == dict.fromkeys(ROLES, "410")


@pytest.mark.parametrize(
    "name",
    sorted(one for one in ALL if one.startswith(ADMINISTRATION) and not {"/", "("} & set(one)),
)
def test_the_administration_is_not_found_by_others_than_staff(world: World, name: str) -> None:
    assert outcome(ask(world, "anonymous", name, "GET")) == "login"
    found = outcomes(world, name)
    staff = found.pop("staff")
    assert set(found.values()) == {"not found"}
    never = name == "admin:accounts_user_add" or name.endswith("_delete")
    special = {"admin:view_on_site": "not found", "admin:autocomplete": "403"}
    assert staff == ("403" if never else special.get(name, "open"))


def test_staff_without_a_second_step_are_sent_to_make_one(world: World) -> None:
    """Last: it takes the second step away, and the module's transaction brings it back."""
    with transaction.atomic():
        Authenticator.objects.all().delete()
        client = Client()
        client.force_login(world.people["staff"])
        answer = client.get("/admin/")
        transaction.set_rollback(True)
    assert (answer.status_code, answer["Location"]) == (302, "/account/2fa/")


# No way past the doors

DOORS = {
    "access.py",
    "actions.py",
    "endings.py",
    "export.py",
    "audit/chain.py",
    "audit/command.py",
    "ops/copy.py",
}
"""Modules that may read and write rows; the last one moves a whole database."""
MANAGERS = {"objects", "_default_manager", "_base_manager"}


def test_rows_are_read_and_written_behind_the_doors_only() -> None:
    portal = Path(__file__).parents[2] / "src" / "multifocal" / "portal"
    found = [
        f"{name}:{node.lineno}"
        for path in sorted(portal.rglob("*.py"))
        if (name := path.relative_to(portal).as_posix()) not in DOORS
        and path.name != "models.py"
        and "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS
    ]
    assert found == []


def test_no_row_leads_back_to_rows_about_people() -> None:
    """A relation that can be walked backwards would be a way around the doors."""
    back = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("care").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and not field.remote_field.hidden
    ]
    assert back == []
