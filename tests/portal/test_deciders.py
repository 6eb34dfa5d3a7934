"""Who decides about a child: nobody gets back in, and nothing stays open once nobody decides."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from multifocal.portal import access, actions
from multifocal.portal.access import Purpose, token_of
from multifocal.portal.accounts.models import User
from multifocal.portal.audit.models import AccessEvent
from multifocal.portal.care.consents import RECORD
from multifocal.portal.care.models import (
    YOUNG_PERSON,
    BreakGlass,
    Care,
    Child,
    Closing,
    Consent,
    Guardianship,
    Invitation,
    Membership,
    Role,
    Scope,
    State,
)
from tests.portal.test_ops import environment, multifocal, python
from tests.portal.world import (
    World,
    build,
    child_of,
    clinic_of,
    joined,
    person,
    verified,
    with_second_step,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def world() -> World:
    return build()


def client(user: User) -> Client:
    found = Client()
    found.force_login(user)
    return found


def sees(user: User, child: Child, at: Any, purpose: Purpose = Purpose.SEE) -> bool:
    return access.children_for(user, purpose, at=at).filter(pk=child.pk).exists()


def invited(user: User, child: Child, role: str, *, by: User, at: Any) -> Invitation:
    return actions.invite(by=by, at=at, email=user.email, role=role, to=child)[0]


def guardian_too(name: str, child: Child, *, by: User, at: Any, scope: str = "full") -> User:
    """A further guardian of a child."""
    user = person(name)
    invitation = invited(user, child, scope, by=by, at=at)
    actions.accept(by=user, at=at, invitation=invitation)
    return user


def ended(user: User, child: Child, *, by: User, at: Any) -> None:
    row = Guardianship.objects.get(child=child, guardian=user, ended_at=None)
    actions.end_guardianship(by=by, at=at, guardianship=row)


def actions_of(child: Child) -> list[str]:
    rows = AccessEvent.objects.filter(child=str(child.pk)).order_by("seq")
    return list(rows.values_list("action", flat=True))


# Invitations carry no more right than their sender has


def test_a_guardian_who_was_ended_does_not_get_back_in_by_an_invitation_to_themselves(
    world: World,
) -> None:
    child, mother = world.ours.child, world.ours.guardian
    father = guardian_too("father", child, by=mother, at=world.at)
    mine = invited(father, child, "full", by=father, at=world.at)
    ended(father, child, by=mother, at=world.at)
    assert client(father).post(f"/invitations/{token_of(mine)}/").status_code == 410
    assert not sees(father, child, world.at)
    mine.refresh_from_db()
    assert mine.withdrawn_at is not None
    assert "withdrew an invitation" in actions_of(child)


def test_what_was_sent_to_a_guardian_is_void_once_they_were_ended(world: World) -> None:
    child, mother = world.ours.child, world.ours.guardian
    father = guardian_too("father", child, by=mother, at=world.at)
    open_yet = invited(father, child, "see", by=mother, at=world.at)
    ended(father, child, by=mother, at=world.at)
    assert client(father).post(f"/invitations/{token_of(open_yet)}/").status_code == 410


@pytest.mark.parametrize("way", ["birthday", "closed", "sees only"])
def test_an_invitation_falls_with_the_right_of_its_sender(world: World, way: str) -> None:
    """Also where nothing voids it: it is held against the right at the time."""
    child, mother = world.ours.child, world.ours.guardian
    aunt, at = person("aunt"), world.at
    invitation = world.ours.invitation
    if way == "birthday":
        at = at.replace(year=child.birth_year + 16, month=2, day=1)
        Invitation.objects.update(expires_at=at + DAY)
    elif way == "closed":
        User.objects.filter(pk=mother.pk).update(is_active=False)
    else:
        Guardianship.objects.filter(guardian=mother).update(scope=Scope.SEE)
    invitation.refresh_from_db()
    assert access.invitation_for(aunt, token_of(invitation), at=at) is None
    with pytest.raises(actions.RefusedError):
        actions.accept(by=aunt, at=at, invitation=invitation)
    assert not sees(aunt, child, at)


def test_who_was_let_go_by_a_clinic_brings_nobody_in(world: World) -> None:
    clinic, boss = world.here.clinic, world.here.administrator
    second = person("second")
    row = verified(second, clinic, Role.ADMINISTRATOR, by=boss, at=world.at)
    friend = person("friend")
    to_friend, _ = actions.invite(
        by=second, at=world.at, email=friend.email, role=Role.CLINICIAN, to=clinic
    )
    to_self, _ = actions.invite(
        by=second, at=world.at, email=second.email, role=Role.CLINICIAN, to=clinic
    )
    actions.end_member(by=boss, at=world.at, membership=row)
    for user, invitation in ((friend, to_friend), (second, to_self)):
        answer = client(user).post(f"/invitations/{token_of(invitation)}/", {"name": "Dr X"})
        assert answer.status_code == 410
    assert not Membership.objects.filter(user=friend).exists()


def test_an_account_that_is_closed_takes_its_open_invitations_along(world: World) -> None:
    child, mother = world.ours.child, world.ours.guardian
    guardian_too("father", child, by=mother, at=world.at)
    actions.close_account(by=world.people["staff"], at=world.at, user=mother)
    world.ours.invitation.refresh_from_db()
    assert world.ours.invitation.withdrawn_at is not None


# Nobody left to decide


def closed(child: Child) -> bool:
    """Whether nothing of a record is open to a clinic, or given, any more."""
    return not (
        Care.objects.filter(child=child, ended_at=None).exists()
        or Consent.objects.filter(child=child, withdrawn_at=None).exists()
        or Invitation.objects.filter(child=child, used_at=None, withdrawn_at=None).exists()
    )


def deleted(user: User, at: Any) -> None:
    actions.delete_account(by=User.objects.get(pk=user.pk), at=at)


def test_a_deleted_account_leaves_no_record_that_a_clinic_reads_and_nobody_can_close(
    world: World,
) -> None:
    child, clinician = world.theirs.child, world.people["other clinician"]
    aunt = guardian_too("aunt", child, by=world.theirs.guardian, at=world.at, scope="see")
    assert sees(clinician, child, world.at)
    deleted(world.theirs.guardian, world.at)
    assert not sees(clinician, child, world.at)
    assert closed(child)
    assert sees(aunt, child, world.at), "who could see it still does"
    page = client(clinician).get(f"/clinics/{world.there.clinic.pk}/children/").content.decode()
    assert "nobody is left who decides about it" in page
    assert child.nickname not in page
    assert "closed a record" in actions_of(child)
    told = client(aunt).get(f"/children/{child.pk}/seen/").content.decode()
    assert "closed the record to all clinics" in told


def test_a_record_that_nobody_of_the_family_sees_any_more_is_deleted_and_the_clinic_told(
    world: World,
) -> None:
    child = world.theirs.child
    deleted(world.theirs.guardian, world.at)
    assert not Child.objects.filter(pk=child.pk).exists()
    assert Closing.objects.get().clinic == world.there.clinic
    assert actions_of(child)[-2:] == ["closed a record", "deleted a record"]


def test_a_birthday_closes_a_record_to_clinics_and_they_are_told(world: World) -> None:
    child, clinician = world.theirs.child, world.people["other clinician"]
    actions.break_glass(
        by=world.people["clinician"],
        at=world.at,
        clinic=world.here.clinic,
        child=child,
        reason="Unconscious, fever",
    )
    birthday = world.at.replace(year=child.birth_year + 16, month=1, day=1)
    BreakGlass.objects.update(until=birthday + DAY)
    assert sees(clinician, child, birthday - DAY)
    assert not sees(clinician, child, birthday)
    assert not sees(world.people["clinician"], child, birthday)
    assert access.child_by_code(child.code, is_demo=False, at=birthday) is None
    actions.close_undecided(at=birthday, clinic=world.here.clinic)
    assert not Closing.objects.exists(), "the other clinic's are its own"
    for _ in range(2):
        actions.close_undecided(at=birthday)
    assert closed(child)
    assert Closing.objects.get().clinic == world.there.clinic
    assert actions_of(child).count("closed a record") == 1


def test_a_young_person_with_an_own_log_in_keeps_the_record_open_past_the_birthday(
    world: World,
) -> None:
    birthday = world.at.replace(year=world.ours.child.birth_year + 16, month=2, day=1)
    actions.close_undecided(at=birthday)
    assert sees(world.people["clinician"], world.ours.child, birthday)


def test_the_young_person_who_decides_alone_is_not_let_go(world: World) -> None:
    child, young = world.ours.child, world.people["young person"]
    later = world.at.replace(year=child.birth_year + 16, month=2, day=1)
    with pytest.raises(actions.RefusedError):
        actions.end_young_person(by=young, at=later, child=child)
    deleted(young, later)
    assert closed(child) or not Child.objects.filter(pk=child.pk).exists()


def test_a_guardian_whose_account_is_closed_is_nobody_who_decides(world: World) -> None:
    child, mother = world.theirs.child, world.theirs.guardian
    father = guardian_too("father", child, by=mother, at=world.at)
    User.objects.filter(pk=father.pk).update(is_active=False)
    with pytest.raises(actions.RefusedError):
        ended(mother, child, by=mother, at=world.at)
    actions.close_account(by=world.people["staff"], at=world.at, user=mother)
    assert closed(child)
    assert not sees(world.people["other clinician"], child, world.at)


def test_an_emergency_opens_no_record_that_the_family_closed(world: World) -> None:
    child, other = world.ours.child, world.people["other clinician"]
    url = f"/clinics/{world.there.clinic.pk}/emergency/"
    sent = {"code": child.code, "reason": "High fever, unconscious"}
    assert client(other).post(url, sent).status_code == 302
    assert sees(other, child, world.at)
    actions.withdraw_consent(by=world.ours.guardian, at=world.at, child=child, kind=RECORD.id)
    assert not sees(other, child, world.at)
    assert "No child has this code" in client(other).post(url, sent).content.decode()


# Staff


def staff(world: World) -> Client:
    return client(world.people["staff"])


def proposed(world: World, user: User, **more: str) -> dict[str, str]:
    sent = {"user": str(user.pk), "clinic": str(world.here.clinic.pk), "role": "clinician"}
    return sent | {"name": "Dr X", "state": "verified"} | more


def test_staff_make_nobody_a_clinician_and_least_of_all_themselves(world: World) -> None:
    me, other = world.people["staff"], person("other")
    url = "/admin/care/membership/add/"
    assert (
        "Nobody changes their own" in staff(world).post(url, proposed(world, me)).content.decode()
    )
    assert not Membership.objects.filter(user=me).exists()
    assert staff(world).post(url, proposed(world, other)).status_code == 302
    row = Membership.objects.get(user=other)
    assert (row.state, row.verified_at) == (State.PENDING, None)
    with_second_step(other)
    assert not sees(other, world.ours.child, world.at)
    change = f"/admin/care/membership/{row.pk}/change/"
    assert staff(world).post(change, proposed(world, other)).status_code == 403
    row.refresh_from_db()
    assert row.state == State.PENDING
    events = AccessEvent.objects.filter(object=str(row.pk))
    assert [event.action for event in events] == ["added in the administration"]


def test_staff_end_memberships_but_not_their_own_and_not_the_last_administrators(
    world: World,
) -> None:
    me, boss = world.people["staff"], world.here.administrator
    mine = joined(me, world.here.clinic, Role.CLINICIAN, by=boss, at=world.at)
    last = Membership.objects.get(user=boss)
    rows = [mine.pk, last.pk, world.here.member.pk]
    sent = {"action": "end", "_selected_action": [str(pk) for pk in rows]}
    assert staff(world).post("/admin/care/membership/", sent).status_code == 302
    states = [Membership.objects.get(pk=pk).state for pk in rows]
    assert states == [State.PENDING, State.VERIFIED, State.ENDED]


@pytest.mark.parametrize(
    "asked",
    [
        "accounts/user/?password__startswith=argon2",
        "accounts/user/?email__contains=a",
        "accounts/user/?is_active__in=1",
        "accounts/user/?last_login__gt=2020-01-01",
        "care/membership/?user__password__startswith=a",
        "care/membership/?clinic__name__startswith=H",
        "care/clinic/?name__startswith=H",
    ],
)
def test_the_administration_answers_its_own_filters_only(world: World, asked: str) -> None:
    assert staff(world).get(f"/admin/{asked}").status_code == 400


@pytest.mark.parametrize(
    "asked",
    ["accounts/user/?is_active__exact=1", "care/membership/?state__exact=pending", "care/clinic/"],
)
def test_the_filters_beside_the_lists_work(world: World, asked: str) -> None:
    assert staff(world).get(f"/admin/{asked}").status_code == 200
    here = f"/admin/care/membership/?clinic__id__exact={world.here.clinic.pk}"
    assert staff(world).get(here).status_code == 200


FIRST = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from multifocal.portal.actions import make_account
from multifocal.portal.care.models import Clinic, Membership
clinic = Clinic.objects.create(name="Here")
for name in ("first", "second"):
    user = make_account(f"{name}@example.org", "x")
    Membership.objects.create(user=user, clinic=clinic, role="administrator", name=name)
"""
TOLD = """
import django; django.setup()
from multifocal.portal.audit.models import AccessEvent
from multifocal.portal.care.models import Membership
print(*Membership.objects.order_by("name").values_list("state", flat=True))
print(*AccessEvent.objects.filter(action="verified a member").values_list("kind", "who"))
"""


def test_the_first_administrator_is_verified_at_the_terminal_and_the_next_is_not(
    tmp_path: Path,
) -> None:
    python(FIRST, tmp_path)
    command = "verify-administrator"
    multifocal(tmp_path, command, "Here", "First@example.org")
    assert python(TOLD, tmp_path) == "verified pending\n('membership', '')\n"
    said = multifocal(tmp_path, command, "Here", "second@example.org", fails=True)
    assert "has an administrator" in said
    multifocal(tmp_path, command, "Nowhere", "second@example.org", fails=True)
    assert python(TOLD, tmp_path).startswith("verified pending\n")


# Professionals who go


def test_the_name_of_who_opened_a_record_in_an_emergency_stays_when_the_account_goes(
    world: World,
) -> None:
    child, other = world.ours.child, world.people["other clinician"]
    sent = {"code": child.code, "reason": "High fever, unconscious"}
    client(other).post(f"/clinics/{world.there.clinic.pk}/emergency/", sent)
    client(other).get(f"/children/{child.pk}/")
    deleted(other, world.at)
    told = client(world.ours.guardian).get(f"/children/{child.pk}/seen/").content.decode()
    assert "Dr clinician, There" in told
    assert "Dr clinician (There) opened the record in an emergency" in told
    assert "Dr clinician (There) opened the record." in told
    assert "Somebody" not in told


def test_the_last_administrator_of_a_clinic_stays(world: World) -> None:
    boss = world.here.administrator
    with pytest.raises(actions.RefusedError):
        deleted(boss, world.at)
    with pytest.raises(actions.RefusedError):
        actions.close_account(by=world.people["staff"], at=world.at, user=boss)
    sent = {"is_staff": "", "groups": []}
    staff(world).post(f"/admin/accounts/user/{boss.pk}/change/", sent)
    boss.refresh_from_db()
    assert boss.is_active
    second = person("second")
    verified(second, world.here.clinic, Role.ADMINISTRATOR, by=boss, at=world.at)
    deleted(boss, world.at)
    assert not User.objects.filter(pk=boss.pk).exists()


def test_who_is_alone_in_a_clinic_without_children_may_go(world: World) -> None:
    alone = person("alone")
    clinic_of(alone, "Nobody else", world.at)
    deleted(alone, world.at)
    assert not User.objects.filter(pk=alone.pk).exists()


def test_an_administrator_whose_account_is_closed_is_none(world: World) -> None:
    boss, second = world.here.administrator, person("second")
    verified(second, world.here.clinic, Role.ADMINISTRATOR, by=boss, at=world.at)
    User.objects.filter(pk=second.pk).update(is_active=False)
    row = Membership.objects.get(user=boss, role=Role.ADMINISTRATOR)
    with pytest.raises(actions.RefusedError):
        actions.end_member(by=boss, at=world.at, membership=row)


# Clocks


def test_a_clock_that_was_set_back_withdraws_and_ends_and_hides_nothing(world: World) -> None:
    """What is stored came after now, as it looks: nothing breaks, and nothing comes before it."""
    child, guardian = world.ours.child, world.ours.guardian
    ahead = world.at + 3 * DAY
    actions.give_consent(by=guardian, at=ahead, child=child, kind="research")
    actions.break_glass(
        by=world.people["other clinician"],
        at=ahead,
        clinic=world.there.clinic,
        child=child,
        reason="Unconscious, fever",
    )
    actions.grant_care(by=guardian, child=child, clinic=world.there.clinic)
    page = client(guardian)
    assert page.post(f"/children/{child.pk}/consents/research/withdraw/").status_code == 302
    row = Consent.objects.get(child=child, kind="research")
    assert row.withdrawn_at == row.given_at == ahead
    assert sees(world.people["other clinician"], child, world.at), "an emergency is not hidden"
    care = Care.objects.get(child=child, clinic=world.there.clinic)
    assert page.post(f"/children/{child.pk}/clinics/{care.pk}/end/").status_code == 302
    assert BreakGlass.objects.get().until > ahead
    born = child_of(person("new"), ahead)
    assert sees(Guardianship.objects.get(child=born).guardian, born, world.at)


def test_a_change_is_dated_when_its_turn_has_come(world: World) -> None:
    child, guardian = world.ours.child, world.ours.guardian
    actions.give_consent(by=guardian, at=world.at - DAY, child=child, kind="research")
    assert Consent.objects.get(child=child, kind="research").given_at >= world.at


OLD = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", "care", "0001", verbosity=0)
call_command("migrate", "accounts", verbosity=0)
from django.apps import apps
from django.db import connection
from django.utils import timezone
from django.db.migrations.executor import MigrationExecutor
state = MigrationExecutor(connection).loader.project_state([("care", "0001_initial")]).apps
get = state.get_model
user = get("accounts", "User").objects.create(email="a@example.org")
clinic = get("care", "Clinic").objects.create(name="Here")
now = timezone.now()
get("care", "Membership").objects.create(user=user, clinic=clinic, role="clinician", name="Dr X")
child = get("care", "Child").objects.create(
    code="1", nickname="x", birth_year=2020, birth_month=1, country="GB")
get("care", "BreakGlass").objects.create(user=user, clinic=clinic, child=child, reason="why",
    at=now, until=now + timezone.timedelta(days=1))
call_command("migrate", verbosity=0)
from multifocal.portal.care.models import BreakGlass
print(BreakGlass.objects.get().name)
"""


def test_emergencies_from_before_get_the_name_that_is_known(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", OLD],
        env=environment(tmp_path, os.environ.get("OLD_URL", "")),
        capture_output=True,
        encoding="utf-8",
    )
    assert (ended.returncode, ended.stdout) == (0, "Dr X\n"), ended.stderr


def test_a_young_person_s_invitation_of_a_guardian_whose_time_is_over_is_void(
    world: World,
) -> None:
    child, guardian = world.theirs.child, world.theirs.guardian
    young = person("young")
    invitation = invited(young, child, YOUNG_PERSON, by=guardian, at=world.at)
    later = world.at.replace(year=child.birth_year + 16, month=2, day=1)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=later + DAY)
    assert access.invitation_for(young, token_of(invitation), at=later) is None
