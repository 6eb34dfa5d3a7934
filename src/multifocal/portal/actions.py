"""Every change of rows about people: who may do it was decided before, by `portal.access`.

Each is one transaction with one event. Doing one again changes nothing and leaves no event.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import QuerySet

from multifocal.portal.accounts.models import User
from multifocal.portal.audit.chain import append
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

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of codes: without those that look alike."""
CODE_LENGTH = 10
INVITED_FOR = timedelta(days=7)
BROKEN_FOR = timedelta(hours=24)
"""How long a record stays open after an emergency: our judgement."""
YEAR = timedelta(days=365)


class RefusedError(Exception):
    """Something that can't be done, in words for whoever asked; holds no value of a record."""


# Children and their guardians


@transaction.atomic
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
    _event("added a child", by, child, child)
    return child


@transaction.atomic
def end_guardianship(*, by: User, at: datetime, guardianship: Guardianship) -> None:
    """End a guardian's access. Raises `RefusedError` for the last one who can decide."""
    others = Guardianship.objects.filter(
        child=guardianship.child_id, scope=Scope.FULL, ended_at=None, until__gt=at.date()
    ).exclude(pk=guardianship.pk)
    young = YoungPerson.objects.filter(child=guardianship.child_id, ended_at=None)
    if guardianship.scope == Scope.FULL and not others.exists() and not young.exists():
        raise RefusedError("Nobody else could decide about this record. Invite somebody first.")
    if _ended(Guardianship.objects.filter(pk=guardianship.pk), at):
        _event("ended a guardian's access", by, guardianship, guardianship.child)


@transaction.atomic
def review_guardianship(*, by: User, at: datetime, guardianship: Guardianship) -> None:
    """Keep a guardian's access after the family looked at it again; asked again in a year."""
    if guardianship.review_at is None or guardianship.review_at > at.date():
        return
    again = at.date() + YEAR
    guardianship.review_at = again if again < dates_of(guardianship.child).review_until else None
    guardianship.save(update_fields=["review_at"])
    _event("looked at a guardian's access again", by, guardianship, guardianship.child)


@transaction.atomic
def end_young_person(*, by: User, at: datetime, child: Child) -> None:
    """End the log-in of the child."""
    found = YoungPerson.objects.filter(child=child)
    if _ended(found, at):
        _event("ended the young person's log-in", by, child, child)


# Consent and care


@transaction.atomic
def give_consent(*, by: User, at: datetime, child: Child, kind: str) -> None:
    """Agree to the words of today."""
    if _agree(child, by, kind, at):
        _event("gave consent", by, child, child, why=kind)


@transaction.atomic
def withdraw_consent(*, by: User, at: datetime, child: Child, kind: str) -> None:
    """Agree no more."""
    given = Consent.objects.filter(child=child, kind=kind, withdrawn_at=None)
    if given.update(withdrawn_at=at, withdrawn_by=by):
        _event("withdrew consent", by, child, child, why=kind)


@transaction.atomic
def grant_care(*, by: User, child: Child, clinic: Clinic) -> None:
    """Let a clinic see a child's record."""
    care, is_new = Care.objects.get_or_create(
        child=child, clinic=clinic, ended_at=None, defaults={"granted_by": by}
    )
    if is_new:
        _event("let a clinic see the record", by, care, child)


@transaction.atomic
def end_care(*, by: User, at: datetime, care: Care) -> None:
    """Let a clinic see a child's record no more; what it opened in an emergency closes too."""
    BreakGlass.objects.filter(child=care.child_id, clinic=care.clinic_id, until__gt=at).update(
        until=at
    )
    if _ended(Care.objects.filter(pk=care.pk), at):
        _event("ended a clinic's access", by, care, care.child)


def break_glass(
    *, by: User, at: datetime, clinic: Clinic, child: Child | None, reason: str
) -> Child:
    """Open a record in an emergency.

    Raises `RefusedError` where no child has the code; that leaves an event too.
    """
    with transaction.atomic():
        if child is None:
            append("opened in an emergency", who=by.pk, kind="child", granted=False)
        else:
            until = at + BROKEN_FOR
            broken = BreakGlass.objects.create(
                user=by, clinic=clinic, child=child, reason=reason, at=at, until=until
            )
            _event("opened in an emergency", by, broken, child)
    if child is None:
        raise RefusedError("No child has this code.")
    return child


# Clinics


@transaction.atomic
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


@transaction.atomic
def verify_member(*, by: User, at: datetime, membership: Membership) -> None:
    """Say that a clinic knows its member. Raises `RefusedError` for oneself."""
    if membership.user_id == by.pk:
        raise RefusedError("Somebody else has to verify you.")
    waiting = Membership.objects.filter(pk=membership.pk, state=State.PENDING)
    if waiting.update(state=State.VERIFIED, verified_by=by, verified_at=at):
        _event("verified a member", by, membership)


@transaction.atomic
def end_member(*, by: User, at: datetime, membership: Membership) -> None:
    """End somebody's role in a clinic. Raises `RefusedError` for its last administrator."""
    others = Membership.objects.filter(
        clinic=membership.clinic_id, role=Role.ADMINISTRATOR, state=State.VERIFIED
    ).exclude(pk=membership.pk)
    is_last = membership.role == Role.ADMINISTRATOR and not others.exists()
    if is_last and membership.state == State.VERIFIED:
        raise RefusedError("A clinic needs an administrator. Invite and verify another one first.")
    still = Membership.objects.filter(pk=membership.pk).exclude(state=State.ENDED)
    if still.update(state=State.ENDED, ended_at=at):
        _event("ended a membership", by, membership)


# Invitations


@transaction.atomic
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
        _event("invited somebody", by, invitation, invitation.child)
    return invitation, is_new


@transaction.atomic
def withdraw_invitation(*, by: User, at: datetime, invitation: Invitation) -> None:
    """Make an invitation void."""
    still = Invitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None)
    if still.update(withdrawn_at=at):
        _event("withdrew an invitation", by, invitation, invitation.child)


@transaction.atomic
def accept(*, by: User, at: datetime, invitation: Invitation, name: str = "") -> None:
    """Take up an invitation, once; ``name`` is how families know a clinic's member.

    Raises `RefusedError` where it can't be what it says any more.
    """
    is_open = Invitation.objects.filter(
        pk=invitation.pk, used_at=None, withdrawn_at=None, expires_at__gt=at
    )
    if not is_open.update(used_at=at, used_by=by):
        return
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
    _event("accepted an invitation", by, invitation, invitation.child)


# Accounts


def has_administrator() -> bool:
    """Whether somebody can run the site."""
    return User.objects.filter(is_superuser=True, is_active=True).exists()


@transaction.atomic
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


@transaction.atomic
def delete_account(*, by: User, at: datetime) -> None:
    """Delete an account and every row about its owner.

    Children for whom nobody else is left go with it. What others did stays theirs, and the chain of
    events keeps the account's id, which then leads nowhere.
    """
    id_ = by.pk
    mine = Guardianship.objects.filter(guardian=by, ended_at=None).values_list("child", flat=True)
    own = YoungPerson.objects.filter(user=by, ended_at=None).values_list("child", flat=True)
    for child in Child.objects.filter(pk__in={*mine, *own}):
        if not _is_left_to_others(child, by, at):
            child.delete()
    Invitation.objects.filter(email__in=_addresses(by)).delete()
    for session in UserSession.objects.filter(user=by):
        session.end()
    by.delete()
    append("deleted an account", who=id_, kind="account", object=id_)


def _is_left_to_others(child: Child, user: User, at: datetime) -> bool:
    """Whether a guardian, the young person or a clinic has something to do with a child."""
    guardians = Guardianship.objects.filter(child=child, ended_at=None, until__gt=at.date())
    return (
        guardians.exclude(guardian=user).exists()
        or YoungPerson.objects.filter(child=child, ended_at=None).exclude(user=user).exists()
        or Care.objects.filter(child=child, ended_at=None).exists()
    )


def _addresses(user: User) -> list[str]:
    found = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return [user.email.lower(), *(address.lower() for address in found)]


# Parts of the above


def _event(action: str, by: User, row: Any, child: Child | None = None, *, why: str = "") -> None:
    append(
        action,
        who=by.pk,
        kind=type(row).__name__.lower(),
        object=row.pk,
        child=None if child is None else child.pk,
        why=why,
    )


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
    old = Consent.objects.filter(child=child, kind=kind, withdrawn_at=None).exclude(version=version)
    old.update(withdrawn_at=at, withdrawn_by=user)
    _, is_new = Consent.objects.get_or_create(
        child=child,
        kind=kind,
        withdrawn_at=None,
        defaults={"version": version, "given_by": user, "given_at": at},
    )
    return is_new


def _code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
