"""Two synthetic families and two clinics, and one account for each role. None of them exists."""

from datetime import datetime
from typing import NamedTuple

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from multifocal.portal import actions
from multifocal.portal.accounts.models import User
from multifocal.portal.care.models import (
    YOUNG_PERSON,
    Care,
    Child,
    Clinic,
    Guardianship,
    Invitation,
    Membership,
    Role,
    Sex,
    State,
)

PASSWORD = "six brown lamps on a shelf"  # noqa: S105 # of people who don't exist
HASHED = make_password(PASSWORD)
"""Hashing takes long: once for all."""

ROLES = (
    "reader",
    "guardian",
    "young person",
    "clinician",
    "other clinician",
    "pending clinician",
    "clinic administrator",
    "researcher",
    "staff",
)


class Family(NamedTuple):
    child: Child
    guardian: User
    guardianship: Guardianship
    care: Care
    invitation: Invitation


class Place(NamedTuple):
    clinic: Clinic
    administrator: User
    member: Membership
    invitation: Invitation


class World(NamedTuple):
    people: dict[str, User]
    ours: Family
    theirs: Family
    here: Place
    there: Place
    at: datetime


def person(name: str, **more: bool) -> User:
    """An account with a proved address and the password `PASSWORD`."""
    email = f"{name.replace(' ', '.')}@example.org"
    user = User.objects.create(email=email, password=HASHED, **more)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def with_second_step(user: User) -> None:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})


def child_of(guardian: User, at: datetime, *, age: int = 8, nickname: str = "Robin") -> Child:
    return actions.add_child(
        by=guardian,
        at=at,
        nickname=nickname,
        birth_year=at.year - age,
        birth_month=1,
        sex=Sex.FEMALE,
        country="GB",
    )


def joined(user: User, clinic: Clinic, role: Role, *, by: User, at: datetime) -> Membership:
    """Invited and accepted; waits to be verified."""
    invitation, _ = actions.invite(by=by, at=at, email=user.email, role=role, to=clinic)
    actions.accept(by=user, at=at, invitation=invitation, name=f"Dr {role}")
    return Membership.objects.get(user=user, clinic=clinic, role=role, state=State.PENDING)


def verified(user: User, clinic: Clinic, role: Role, *, by: User, at: datetime) -> Membership:
    with_second_step(user)
    member = joined(user, clinic, role, by=by, at=at)
    actions.verify_member(by=by, at=at, membership=member)
    member.refresh_from_db()
    return member


def clinic_of(administrator: User, title: str, at: datetime) -> Clinic:
    with_second_step(administrator)
    return actions.open_clinic(
        title, administrator=administrator, name="Front desk", at=at, is_demo=False
    )


def family(guardian: User, clinic: Clinic, at: datetime) -> Family:
    child = child_of(guardian, at)
    actions.grant_care(by=guardian, child=child, clinic=clinic)
    invitation, _ = actions.invite(
        by=guardian, at=at, email="aunt@example.org", role="see", to=child
    )
    return Family(
        child,
        guardian,
        Guardianship.objects.get(child=child),
        Care.objects.get(child=child),
        invitation,
    )


def build() -> World:
    at = timezone.now()
    people = {role: person(role) for role in ROLES}
    User.objects.filter(pk=people["staff"].pk).update(is_staff=True, is_superuser=True)
    with_second_step(people["staff"])
    other_guardian, other_administrator = person("other guardian"), person("other administrator")

    administrator = people["clinic administrator"]
    here = clinic_of(administrator, "Here", at)
    there = clinic_of(other_administrator, "There", at)
    verified(people["clinician"], here, Role.CLINICIAN, by=administrator, at=at)
    verified(people["researcher"], here, Role.RESEARCHER, by=administrator, at=at)
    waiting = joined(people["pending clinician"], here, Role.CLINICIAN, by=administrator, at=at)
    other = verified(
        people["other clinician"], there, Role.CLINICIAN, by=other_administrator, at=at
    )
    ours, theirs = family(people["guardian"], here, at), family(other_guardian, there, at)
    young, _ = actions.invite(
        by=ours.guardian,
        at=at,
        email=people["young person"].email,
        role=YOUNG_PERSON,
        to=ours.child,
    )
    actions.accept(by=people["young person"], at=at, invitation=young)

    def place(clinic: Clinic, boss: User, member: Membership) -> Place:
        invitation, _ = actions.invite(
            by=boss, at=at, email="new@example.org", role=Role.CLINICIAN, to=clinic
        )
        return Place(clinic, boss, member, invitation)

    return World(
        people,
        ours,
        theirs,
        place(here, administrator, waiting),
        place(there, other_administrator, other),
        at,
    )
