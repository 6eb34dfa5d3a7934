"""Everything that the site keeps about one account, for its owner."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db.models import Q, QuerySet

from multifocal.portal.accounts.models import User
from multifocal.portal.audit.models import AccessEvent
from multifocal.portal.care.models import (
    BreakGlass,
    Care,
    Child,
    Consent,
    Guardianship,
    Invitation,
    Membership,
    YoungPerson,
)

SECRET = ("password", "data", "session_key")
"""Columns that are left out: they open the account, and tell nothing about its owner."""


def export(user: User, *, at: datetime) -> dict[str, list[dict[str, Any]]]:
    """Give every row about an account by its table; secrets are left out."""
    mine = Guardianship.objects.filter(guardian=user, ended_at=None, until__gt=at.date())
    own = YoungPerson.objects.filter(user=user, ended_at=None)
    children = Child.objects.filter(Q(pk__in=mine.values("child")) | Q(pk__in=own.values("child")))
    addresses = EmailAddress.objects.filter(user=user)
    emails = [address.lower() for address in addresses.values_list("email", flat=True)]
    tables: dict[str, QuerySet[Any]] = {
        "account": User.objects.filter(pk=user.pk),
        "addresses": addresses,
        "second_factors": Authenticator.objects.filter(user=user),
        "sessions": UserSession.objects.filter(user=user),
        "memberships": Membership.objects.filter(user=user),
        "guardianships": Guardianship.objects.filter(guardian=user),
        "own_record": YoungPerson.objects.filter(user=user),
        "children": children,
        "consents": Consent.objects.filter(Q(given_by=user) | Q(withdrawn_by=user)),
        "care_granted": Care.objects.filter(granted_by=user),
        "emergencies": BreakGlass.objects.filter(user=user),
        "invitations": Invitation.objects.filter(Q(invited_by=user) | Q(email__in=emails)),
        "administration": LogEntry.objects.filter(user=user),
        "events": AccessEvent.objects.filter(who=str(user.pk)).order_by("seq"),
    }
    return {name: [_plain(row) for row in rows.values()] for name, rows in tables.items()}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in SECRET}
