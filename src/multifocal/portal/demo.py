"""Accounts to try the site with: one for each role, a clinic and a child who don't exist.

They are marked on every page, and closed whenever the site can be reached from other machines.
"""

import secrets
from collections.abc import Callable
from datetime import datetime

from multifocal.portal import access, actions
from multifocal.portal.accounts.models import User
from multifocal.portal.care.models import YOUNG_PERSON, Child, Clinic, Role, Sex

ROLES = (
    "reader",
    "guardian",
    "young person",
    "clinician",
    "clinic administrator",
    "researcher",
)
CLINIC = "Demo clinic"


def address(role: str) -> str:
    """Give the address of a demo account; mail to it goes nowhere."""
    return f"{role.replace(' ', '-')}@demo.invalid"


def set_up(tell: Callable[[str], None], *, at: datetime) -> None:
    """Make the demo accounts and their world anew, and tell their new passwords."""
    actions.clear_demo()
    people: dict[str, User] = {}
    for role in ROLES:
        password = secrets.token_urlsafe(12)
        people[role] = actions.make_account(address(role), password, is_demo=True)
        tell(f"Demo {role}: {address(role)}, password: {password}")
    guardian, administrator = people["guardian"], people["clinic administrator"]
    clinic = actions.open_clinic(
        CLINIC, administrator=administrator, name="Demo administrator", at=at, is_demo=True
    )
    for role in (Role.CLINICIAN, Role.RESEARCHER):
        invited(people[role], by=administrator, to=clinic, role=role, at=at)
        actions.verify_member(by=administrator, at=at, membership=access.members_of(clinic)[0])
    child = actions.add_child(
        by=guardian,
        at=at,
        nickname="Demo child",
        birth_year=at.year - 12,
        birth_month=1,
        sex=Sex.FEMALE,
        country="GB",
    )
    actions.grant_care(by=guardian, child=child, clinic=clinic)
    invited(people["young person"], by=guardian, to=child, role=YOUNG_PERSON, at=at)


def invited(user: User, *, by: User, to: Child | Clinic, role: str, at: datetime) -> None:
    """Have somebody invited and accept."""
    invitation, _ = actions.invite(by=by, at=at, email=user.email, role=role, to=to)
    actions.accept(by=user, at=at, invitation=invitation, name=f"Demo {role}")
