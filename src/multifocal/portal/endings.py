"""What follows when somebody's right ends: what they have open is void, and a record about which
nobody decides any more is closed.

The rule stands here once. Whatever can leave a record without anybody calls `settle`; a birthday
calls nothing: `access` shows such a record to no clinic from that day on, and `settle` closes it
when a clinic next looks, or the site begins.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from multifocal.portal import access
from multifocal.portal.accounts.models import User
from multifocal.portal.care.models import (
    BreakGlass,
    Care,
    Child,
    Clinic,
    Closing,
    Consent,
    Guardianship,
    Invitation,
    YoungPerson,
)
from multifocal.portal.turn import append

MOMENT = timedelta(microseconds=1)


def note(action: str, by: User | None, row: Any, child: Child | None = None, why: str = "") -> None:
    """Leave the event of a change; nobody in particular makes one that follows by itself."""
    append(
        action,
        who=None if by is None else by.pk,
        kind=type(row).__name__.lower(),
        object=row.pk,
        child=None if child is None else child.pk,
        why=why,
    )


def lock(row: Child | Clinic) -> None:
    """Let no other change of who decides go on at the same time."""
    type(row).objects.select_for_update().get(pk=row.pk)


# Invitations


def void(invitations: QuerySet[Invitation], *, by: User | None, at: datetime) -> None:
    """Take back what is open of these."""
    for one in invitations.filter(used_at=None, withdrawn_at=None).select_related("child"):
        one.withdrawn_at = at
        one.save(update_fields=["withdrawn_at"])
        note("withdrew an invitation", by, one, one.child)


def void_between(user: User, owner: Child | Clinic, *, by: User, at: datetime) -> None:
    """Take back what somebody sent for a child or a clinic, and what was sent to them."""
    is_theirs = Q(invited_by=user) | Q(email__in=access.addresses_of(user))
    is_owners = Q(child=owner) if isinstance(owner, Child) else Q(clinic=owner)
    void(Invitation.objects.filter(is_theirs & is_owners), by=by, at=at)


# Records


def settle(ids: set[UUID] | None, *, by: User | None, at: datetime) -> None:
    """Close each of these children's records, or of all, that nobody decides about any more."""
    found = access.undecided(at=at)
    for child in found if ids is None else found.filter(pk__in=ids):
        _close(child, by=by, at=at)


def leave(user: User, *, at: datetime) -> None:
    """End what somebody is to children; delete a child whom nobody of a family sees any more."""
    ids = access.children_of(user)
    for child in Child.objects.select_for_update().filter(pk__in=ids).order_by("pk"):
        void_between(user, child, by=user, at=at)
    Guardianship.objects.filter(guardian=user, ended_at=None).update(ended_at=at)
    YoungPerson.objects.filter(user=user, ended_at=None).update(ended_at=at)
    settle(ids, by=user, at=at)
    for child in Child.objects.filter(pk__in=ids).exclude(access.has_family(at=at)):
        note("deleted a record", user, child, child)
        child.delete()


def close_emergencies(broken: QuerySet[BreakGlass], *, at: datetime) -> int:
    """End emergencies that still last; each has lasted for a moment at least."""
    rows = broken.filter(until__gt=at)
    for row in rows:
        row.until = max(at, row.at + MOMENT)
        row.save(update_fields=["until"])
    return len(rows)


def withdraw(consents: QuerySet[Consent], *, by: User | None, at: datetime) -> int:
    """Withdraw what is given of these, none earlier than it was given; gives how many."""
    given = consents.filter(withdrawn_at=None).select_for_update()
    for one in given:
        one.withdrawn_at, one.withdrawn_by = max(at, one.given_at), by
        one.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return len(given)


def _close(child: Child, *, by: User | None, at: datetime) -> None:
    """Close care, consents and emergencies, take back invitations, and tell the clinics."""
    void(Invitation.objects.filter(child=child), by=by, at=at)
    close_emergencies(BreakGlass.objects.filter(child=child), at=at)
    care = Care.objects.filter(child=child, ended_at=None)
    for row in care:
        Closing.objects.create(clinic_id=row.clinic_id, since=row.made_at, at=at)
    care.update(ended_at=at)
    withdraw(Consent.objects.filter(child=child), by=None, at=at)
    note("closed a record", by, child, child, why="nobody decides")
