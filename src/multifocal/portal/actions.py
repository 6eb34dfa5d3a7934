"""Every change of rows about people: who may do it was decided before, by `portal.access`.

Each is one transaction with its event, and with what follows from it by `portal.endings`. Doing one
again changes nothing and leaves no event.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import QuerySet

from multifocal.portal import access
from multifocal.portal.accounts.models import User
from multifocal.portal.care.ages import dates_of
from multifocal.portal.care.consents import RECORD, TEXTS
from multifocal.portal.care.models import (
    YOUNG_PERSON,
    BreakGlass,
    Care,
    Child,
    Clinic,
    Consent,
    Guardianship,
    Invitation,
    Membership,
    Role,
    Scope,
    State,
    YoungPerson,
)
from multifocal.portal.endings import (
    close_emergencies,
    leave,
    lock,
    note,
    settle,
    void,
    void_between,
    withdraw,
)
from multifocal.portal.turn import append, in_turn

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of codes: without those that look alike."""
CODE_LENGTH = 10
INVITED_FOR = timedelta(days=7)
NOT_ONESELF = "Nobody changes their own membership."
NOBODY_ELSE = "Nobody else could decide about this record. Invite somebody first."
BROKEN_FOR = timedelta(hours=24)
"""How long a record stays open after an emergency: our judgement."""
LAST_ADMINISTRATOR = "A clinic needs an administrator. Invite and verify another one first."
YEAR = timedelta(days=365)


class RefusedError(Exception):
    """Something that can't be done, in words for whoever asked; holds no value of a record."""


# Children and their guardians


@in_turn
def add_child(*, by: User, at: datetime, **fields: Any) -> Child:
    """Add a child whose guardian is the user, who agreed that the record is kept.

    Raises `RefusedError` for a child whose guardians' time is over.
    """
    child = Child(code=_code(), is_demo=by.is_demo, **fields)
    if dates_of(child).ends <= at.date():
        raise RefusedError(
            "A guardian's access has ended at this age. The young person can have an own account."
        )
    child.save()
    _guardian(child, by, Scope.FULL, at)
    _agree(child, by, RECORD.id, at)
    note("added a child", by, child, child)
    return child


@in_turn
def end_guardianship(*, by: User, at: datetime, guardianship: Guardianship) -> None:
    """End a guardian's access. Raises `RefusedError` for the last one who can decide."""
    child = guardianship.child
    lock(child)
    if access.is_needed(guardianship, at=at):
        raise RefusedError(NOBODY_ELSE)
    if _ended(Guardianship.objects.filter(pk=guardianship.pk), at):
        void_between(guardianship.guardian, child, by=by, at=at)
        note("ended a guardian's access", by, guardianship, child)


@in_turn
def review_guardianship(*, by: User, at: datetime, guardianship: Guardianship) -> None:
    """Keep a guardian's access after the family looked at it again; asked again in a year."""
    if guardianship.review_at is None or guardianship.review_at > at.date():
        return
    again = at.date() + YEAR
    guardianship.review_at = again if again < dates_of(guardianship.child).review_until else None
    guardianship.save(update_fields=["review_at"])
    note("looked at a guardian's access again", by, guardianship, guardianship.child)


@in_turn
def end_young_person(*, by: User, at: datetime, child: Child) -> None:
    """End the log-in of the child. Raises `RefusedError` when nobody else could decide."""
    lock(child)
    found = YoungPerson.objects.filter(child=child, ended_at=None).select_related("user").first()
    if found is None:
        return
    if access.decides(found.user, child, at=at):
        raise RefusedError(NOBODY_ELSE)
    _ended(YoungPerson.objects.filter(pk=found.pk), at)
    void_between(found.user, child, by=by, at=at)
    note("ended the young person's log-in", by, child, child)


@in_turn
def close_undecided(*, at: datetime, clinic: Clinic | None = None) -> None:
    """Close what a birthday left without anybody who decides, in a clinic's care or anywhere."""
    settle(None if clinic is None else access.cared_for_in(clinic), by=None, at=at)


# Consent and care


@in_turn
def give_consent(*, by: User, at: datetime, child: Child, kind: str) -> None:
    """Agree to the words of today."""
    if _agree(child, by, kind, at):
        note("gave consent", by, child, child, why=kind)


@in_turn
def withdraw_consent(*, by: User, at: datetime, child: Child, kind: str) -> None:
    """Agree no more."""
    if withdraw(Consent.objects.filter(child=child, kind=kind), by=by, at=at):
        note("withdrew consent", by, child, child, why=kind)


@in_turn
def grant_care(*, by: User, child: Child, clinic: Clinic) -> None:
    """Let a clinic see a child's record."""
    care, is_new = Care.objects.get_or_create(
        child=child, clinic=clinic, ended_at=None, defaults={"granted_by": by}
    )
    if is_new:
        note("let a clinic see the record", by, care, child)


@in_turn
def end_care(*, by: User, at: datetime, care: Care) -> None:
    """Let a clinic see a child's record no more; what it opened in an emergency closes too."""
    close_emergencies(BreakGlass.objects.filter(child=care.child_id, clinic=care.clinic_id), at=at)
    if _ended(Care.objects.filter(pk=care.pk), at):
        note("ended a clinic's access", by, care, care.child)


@in_turn
def accept_care(*, by: User, at: datetime, care: Care) -> None:
    """Say that a clinic cares for a child. Raises `RefusedError` for the child's own family."""
    if access.is_family(by, care.child, at=at):
        raise RefusedError("Somebody else of the clinic has to say that for your own family.")
    still = Care.objects.filter(pk=care.pk, ended_at=None, accepted_at=None)
    if still.update(accepted_at=at, accepted_by=by):
        note("said that the clinic cares for it", by, care, care.child)


def break_glass(
    *, by: User, at: datetime, clinic: Clinic, child: Child | None, reason: str
) -> Child:
    """Open a record in an emergency.

    Raises `RefusedError` where no child has the code; that leaves an event too.
    """
    if child is None:
        append("opened in an emergency", who=by.pk, kind="child", granted=False)
        raise RefusedError("No child has this code.")
    _break(by=by, at=at, clinic=clinic, child=child, reason=reason)
    return child


@in_turn
def _break(*, by: User, at: datetime, clinic: Clinic, child: Child, reason: str) -> None:
    name = access.name_in(clinic, by)
    broken = BreakGlass.objects.create(
        user=by,
        name=name,
        clinic=clinic,
        child=child,
        reason=reason,
        at=at,
        until=at + BROKEN_FOR,
    )
    note("opened in an emergency", by, broken, child)


# Clinics


@in_turn
def open_clinic(
    title: str, *, administrator: User, name: str, at: datetime, is_demo: bool
) -> Clinic:
    """Make a clinic and its first administrator, who goes by ``name``, from the terminal."""
    clinic = Clinic.objects.create(name=title, is_demo=is_demo)
    Membership.objects.create(
        user=administrator,
        clinic=clinic,
        role=Role.ADMINISTRATOR,
        name=name,
        state=State.VERIFIED,
        verified_at=at,
    )
    append("opened a clinic", who=None, kind="clinic", object=clinic.pk)
    return clinic


@in_turn
def propose_member(*, by: User, membership: Membership) -> None:
    """Store a member who waits to be verified, for staff. Raises `RefusedError` for oneself."""
    if membership.user_id == by.pk:
        raise RefusedError(NOT_ONESELF)
    membership.state = State.PENDING
    membership.save(force_insert=True)
    note("added in the administration", by, membership)


@in_turn
def verify_first(title: str, address: str, *, at: datetime) -> None:
    """Verify an administrator who waits, where no other could; by whoever runs the server.

    Raises `RefusedError`.
    """
    clinic = Clinic.objects.select_for_update().filter(name=title).first()
    waiting = Membership.objects.filter(
        clinic=clinic, user__email__iexact=address, role=Role.ADMINISTRATOR, state=State.PENDING
    ).select_related("user")
    found = waiting.first()
    if clinic is None or found is None:
        raise RefusedError("nobody with this address waits to be an administrator there")
    if access.is_administered(clinic, without=found.user):
        raise RefusedError("the clinic has an administrator, who verifies its members")
    Membership.objects.filter(pk=found.pk).update(state=State.VERIFIED, verified_at=at)
    note("verified a member", None, found)


@in_turn
def verify_member(*, by: User, at: datetime, membership: Membership) -> None:
    """Say that a clinic knows its member. Raises `RefusedError` for oneself."""
    if membership.user_id == by.pk:
        raise RefusedError("Somebody else has to verify you.")
    waiting = Membership.objects.filter(pk=membership.pk, state=State.PENDING)
    if waiting.update(state=State.VERIFIED, verified_by=by, verified_at=at):
        note("verified a member", by, membership)


@in_turn
def end_member(*, by: User, at: datetime, membership: Membership) -> None:
    """End somebody's role in a clinic. Raises `RefusedError` for its last administrator."""
    clinic, user = membership.clinic, membership.user
    lock(clinic)
    membership.refresh_from_db(fields=["state"])
    is_administrator = (membership.role, membership.state) == (Role.ADMINISTRATOR, State.VERIFIED)
    if is_administrator and not access.is_administered(clinic, without=user):
        raise RefusedError(LAST_ADMINISTRATOR)
    still = Membership.objects.filter(pk=membership.pk).exclude(state=State.ENDED)
    if still.update(state=State.ENDED, ended_at=at):
        void_between(user, clinic, by=by, at=at)
        note("ended a membership", by, membership)


def end_anothers_membership(*, by: User, at: datetime, membership: Membership) -> None:
    """End somebody's role in a clinic, for staff. Raises `RefusedError` for oneself too."""
    if membership.user_id == by.pk:
        raise RefusedError(NOT_ONESELF)
    end_member(by=by, at=at, membership=membership)


# Invitations


@in_turn
def invite(
    *, by: User, at: datetime, email: str, role: str, to: Child | Clinic
) -> tuple[Invitation, bool]:
    """Invite an address; gives the invitation, and whether it is new: an open one stays."""
    owner = {"child": to} if isinstance(to, Child) else {"clinic": to}
    wanted = {"email": email.lower(), "role": role, "used_at": None, "withdrawn_at": None, **owner}
    Invitation.objects.filter(**wanted, expires_at__lte=at).update(withdrawn_at=at)
    invitation, is_new = Invitation.objects.get_or_create(
        **wanted, defaults={"invited_by": by, "expires_at": at + INVITED_FOR}
    )
    if is_new:
        note("invited somebody", by, invitation, invitation.child)
    return invitation, is_new


@in_turn
def withdraw_invitation(*, by: User, at: datetime, invitation: Invitation) -> None:
    """Make an invitation void."""
    still = Invitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None)
    if still.update(withdrawn_at=at):
        note("withdrew an invitation", by, invitation, invitation.child)


@in_turn
def accept(*, by: User, at: datetime, invitation: Invitation, name: str = "") -> None:
    """Take up an invitation, once; ``name`` is how families know a clinic's member.

    Raises `RefusedError` where it can't be what it says any more.
    """
    if invitation.child is not None:
        lock(invitation.child)
    is_open = Invitation.objects.filter(
        pk=invitation.pk, used_at=None, withdrawn_at=None, expires_at__gt=at
    )
    if not is_open.update(used_at=at, used_by=by):
        return
    if not access.is_backed(invitation, at=at):
        raise RefusedError("Whoever invited you can't any more. Ask for a new invitation.")
    if invitation.clinic is not None:
        Membership.objects.get_or_create(
            user=by,
            clinic=invitation.clinic,
            role=invitation.role,
            state__in=[State.PENDING, State.VERIFIED],
            defaults={"name": name, "state": State.PENDING},
        )
    elif invitation.role == YOUNG_PERSON:
        _young_person(invitation.child, by, at)
    else:
        _guardian(invitation.child, by, Scope(invitation.role), at)
    note("accepted an invitation", by, invitation, invitation.child)


# Accounts


def has_administrator() -> bool:
    """Whether somebody can run the site."""
    return User.objects.filter(is_superuser=True, is_active=True).exists()


@in_turn
def make_account(email: str, password: str, **more: bool) -> User:
    """Make an account whose address counts as proved, from the terminal."""
    user = User.objects.create_user(email, password, **more)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    append("made an account", who=None, kind="account", object=user.pk)
    return user


@transaction.atomic
def clear_demo() -> None:
    """Delete the demo accounts and their world."""
    Child.objects.filter(is_demo=True).delete()
    Clinic.objects.filter(is_demo=True).delete()
    if User.objects.filter(is_demo=True).delete()[0]:
        append("cleared the demo accounts", who=None, kind="account")


def close_demo() -> None:
    """Let nobody in with a demo account."""
    if User.objects.filter(is_demo=True, is_active=True).update(is_active=False):
        append("closed the demo accounts", who=None, kind="account")


def exported(*, by: User) -> None:
    """Note that somebody took a copy of all that is kept about them."""
    append("took a copy of the account", who=by.pk, kind="account", object=by.pk)


@in_turn
def close_account(*, by: User, at: datetime, user: User) -> None:
    """Let somebody log in no more. Raises `RefusedError` for the last administrator of a clinic."""
    _not_held(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    void(Invitation.objects.filter(invited_by=user), by=by, at=at)
    settle(access.children_of(user), by=by, at=at)
    note("closed an account", by, user)


@in_turn
def delete_account(*, by: User, at: datetime) -> None:
    """Delete an account and every row about its owner.

    Children for whom nobody else is left go with it. What others did stays theirs, and the chain of
    events keeps the account's id, which then leads nowhere. Raises `RefusedError` for the last
    administrator of a clinic.
    """
    _not_held(by)
    leave(by, at=at)
    id_ = by.pk
    Invitation.objects.filter(email__in=access.addresses_of(by)).delete()
    for session in UserSession.objects.filter(user=by):
        session.end()
    by.delete()
    append("deleted an account", who=id_, kind="account", object=id_)


def _not_held(user: User) -> None:
    if clinic := access.held_by(user):
        lock(clinic)
    if access.held_by(user):
        raise RefusedError(LAST_ADMINISTRATOR)


# Parts of the above


def _ended(rows: QuerySet[Any], at: datetime) -> int:
    return rows.filter(ended_at=None).update(ended_at=at)


def _guardian(child: Child, user: User, scope: Scope, at: datetime) -> None:
    days = dates_of(child)
    if days.ends <= at.date():
        raise RefusedError("A guardian's access has ended at this age.")
    if YoungPerson.objects.filter(child=child, user=user, ended_at=None).exists():
        raise RefusedError("Nobody is a guardian of their own record.")
    Guardianship.objects.get_or_create(
        child=child,
        guardian=user,
        ended_at=None,
        defaults={
            "scope": scope,
            "since": at.date(),
            "until": days.ends,
            "review_at": max(days.review_from, at.date())
            if at.date() < days.review_until
            else None,
        },
    )


def _young_person(child: Child, user: User, at: datetime) -> None:
    if Guardianship.objects.filter(child=child, guardian=user, ended_at=None).exists():
        raise RefusedError("You are a guardian of this child. The log-in is for the young person.")
    taken = YoungPerson.objects.filter(ended_at=None).exclude(child=child, user=user)
    if taken.filter(child=child).exists() or taken.filter(user=user).exists():
        raise RefusedError("This record, or this account, is linked already.")
    YoungPerson.objects.get_or_create(child=child, user=user, ended_at=None)


def _agree(child: Child, user: User, kind: str, at: datetime) -> bool:
    version = TEXTS[kind].version
    old = Consent.objects.filter(child=child, kind=kind).exclude(version=version)
    withdraw(old, by=user, at=at)
    _, is_new = Consent.objects.get_or_create(
        child=child,
        kind=kind,
        withdrawn_at=None,
        defaults={"version": version, "given_by": user, "given_at": at},
    )
    return is_new


def _code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
