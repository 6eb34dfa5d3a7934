"""Who may see what: every row about a person that a request reads is read here.

What is somebody else's is not found. Every child's record that is opened, listed or refused leaves
an event, in the transaction that read it.
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, TypeVar
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import signing
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404

from multifocal.portal.accounts.models import User
from multifocal.portal.audit.chain import append
from multifocal.portal.audit.models import AccessEvent
from multifocal.portal.care.consents import RECORD, RESEARCH
from multifocal.portal.care.models import (
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

INVITATION = "multifocal.invitation"
"""Salt of the tokens of invitations."""
T = TypeVar("T")
SECOND = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What is asked for at log-in beside a password, or instead of it."""
MOST = 200
"""Rows that one list shows."""


class Purpose(StrEnum):
    """What a child's record is wanted for."""

    SEE = "see"
    DECIDE = "decide"
    """Who may see it, what is agreed to."""


# Children


def children_for(user: User, purpose: Purpose, *, at: datetime) -> QuerySet[Child]:
    """Give the children whose record a user may see, or decide about, at a time.

    A young person decides once no guardian does any more. A clinic sees while the family agrees
    that the record is kept.
    """
    child = OuterRef("pk")
    guardians = _guardianships(at).filter(child=child)
    is_young_person = Exists(YoungPerson.objects.filter(child=child, user=user, ended_at=None))
    if purpose is Purpose.DECIDE:
        is_guarded = Exists(guardians.filter(scope=Scope.FULL))
        return Child.objects.filter(
            Exists(guardians.filter(guardian=user, scope=Scope.FULL))
            | (is_young_person & ~is_guarded)
        )
    clinics = _verified(user, Role.CLINICIAN).values("clinic")
    is_cared_for = Exists(Care.objects.filter(child=child, clinic__in=clinics, ended_at=None))
    is_broken = Exists(_broken(at).filter(child=child, user=user, clinic__in=clinics))
    is_kept = Exists(Consent.objects.filter(child=child, kind=RECORD.id, withdrawn_at=None))
    return Child.objects.filter(
        Exists(guardians.filter(guardian=user))
        | is_young_person
        | (is_kept & (is_cared_for | is_broken))
    )


def child_for(user: User, id: UUID, purpose: Purpose, *, at: datetime) -> Child:  # noqa: A002
    """Give one child; raises `Http404` where the user may not, and the child's family sees that."""
    with transaction.atomic():
        child = children_for(user, purpose, at=at).filter(pk=id).first()
        if child is not None or Child.objects.filter(pk=id).exists():
            append(
                "opened",
                who=user.pk,
                kind="child",
                object=id,
                child=id,
                why=purpose,
                granted=child is not None,
            )
    if child is None:
        raise Http404
    return child


def family_of(user: User, *, at: datetime) -> tuple[Child, ...]:
    """Give the children of whom the user is a guardian, and the user's own record."""
    is_guardian = Exists(_guardianships(at).filter(child=OuterRef("pk"), guardian=user))
    is_own = Exists(YoungPerson.objects.filter(child=OuterRef("pk"), user=user, ended_at=None))
    return _listed(user, Child.objects.filter(is_guardian | is_own))


def in_care_of(user: User, clinic: Clinic, *, at: datetime) -> tuple[Child, ...]:
    """Give the children whom a clinic of the user cares for, as far as the user may see them."""
    is_cared_for = Exists(Care.objects.filter(child=OuterRef("pk"), clinic=clinic, ended_at=None))
    return _listed(user, children_for(user, Purpose.SEE, at=at).filter(is_cared_for))


def _listed(user: User, children: QuerySet[Child]) -> tuple[Child, ...]:
    with transaction.atomic():
        found = tuple(children[:MOST])
        for child in found:
            append("listed", who=user.pk, kind="child", object=child.pk, child=child.pk)
    return found


def _guardianships(at: datetime) -> QuerySet[Guardianship]:
    day = at.date()
    return Guardianship.objects.filter(ended_at=None, since__lte=day, until__gt=day)


def _broken(at: datetime) -> QuerySet[BreakGlass]:
    return BreakGlass.objects.filter(at__lte=at, until__gt=at)


def _verified(user: User, *roles: Role) -> QuerySet[Membership]:
    """Give what a user can act as in clinics: verified, and only with a second step at log-in.

    Demo accounts, which exist on one's own machine only, do without.
    """
    second = Authenticator.objects.filter(user=user, type__in=SECOND)
    return Membership.objects.filter(
        Exists(second) | Q(user__is_demo=True), user=user, role__in=roles, state=State.VERIFIED
    )


def is_family(user: User, child: Child, *, at: datetime) -> bool:
    """Whether the user is a guardian of the child, or the child."""
    guardians = _guardianships(at).filter(child=child, guardian=user)
    own = YoungPerson.objects.filter(child=child, user=user, ended_at=None)
    return guardians.exists() or own.exists()


# What belongs to a child whom `child_for` gave


class Circle(NamedTuple):
    """Who sees a child's record, and what the family agreed to."""

    guardianships: tuple[Guardianship, ...]
    young_person: YoungPerson | None
    care: tuple[Care, ...]
    broken: tuple[BreakGlass, ...]
    consents: tuple[Consent, ...]
    invitations: tuple[Invitation, ...]


def circle_of(child: Child, *, at: datetime) -> Circle:
    """Give who sees a child's record now."""
    young = YoungPerson.objects.filter(child=child, ended_at=None).select_related("user")
    invitations = Invitation.objects.filter(
        child=child, used_at=None, withdrawn_at=None, expires_at__gt=at
    )
    return Circle(
        tuple(_guardianships(at).filter(child=child).select_related("guardian")),
        young.first(),
        tuple(Care.objects.filter(child=child, ended_at=None).select_related("clinic")),
        tuple(_broken(at).filter(child=child).select_related("clinic")),
        tuple(Consent.objects.filter(child=child, withdrawn_at=None)),
        tuple(invitations),
    )


def emergencies_of(child: Child) -> tuple[BreakGlass, ...]:
    """Give every time when the record was opened in an emergency, newest first."""
    return tuple(BreakGlass.objects.filter(child=child).select_related("clinic")[:MOST])


def guardianship_of(child: Child, id: UUID) -> Guardianship:  # noqa: A002
    """Give a guardianship of this child; raises `Http404`."""
    return _or_404(Guardianship.objects.filter(child=child, pk=id).select_related("child").first())


def care_of(child: Child, id: UUID) -> Care:  # noqa: A002
    """Give the care of a clinic for this child; raises `Http404`."""
    return _or_404(Care.objects.filter(child=child, pk=id).select_related("clinic").first())


def clinics_to_choose(*, is_demo: bool) -> QuerySet[Clinic]:
    """Give the clinics that a family can choose: demo families have demo clinics."""
    return Clinic.objects.filter(is_demo=is_demo)


class Seen(NamedTuple):
    """An event of a child's record, and by whom, as its family may know them."""

    event: AccessEvent
    by: str
    """An address within the family, a name within a clinic, or empty."""
    clinic: str


def seen(child: Child) -> tuple[Seen, ...]:
    """Give the latest events of a child's record, newest first.

    That a record was opened is left out where the same request did more with it.
    """
    events = tuple(AccessEvent.objects.filter(child=str(child.pk)).order_by("-seq")[:MOST])
    did_more = {one.request for one in events if one.action != "opened" and one.request}
    who = {UUID(one.who) for one in events if one.who}
    family = _addresses_in_family(child)
    members = {
        str(one.user_id): one
        for one in Membership.objects.filter(user__in=who).select_related("clinic")
    }
    return tuple(
        Seen(
            event,
            family.get(event.who) or (members[event.who].name if event.who in members else ""),
            ""
            if event.who in family or event.who not in members
            else str(members[event.who].clinic),
        )
        for event in events
        if not (event.action == "opened" and event.granted and event.request in did_more)
    )


def _addresses_in_family(child: Child) -> dict[str, str]:
    guardians = Guardianship.objects.filter(child=child).values_list("guardian", "guardian__email")
    young = YoungPerson.objects.filter(child=child).values_list("user", "user__email")
    return {str(id): email for id, email in (*guardians, *young)}  # noqa: A001


# Invitations


def token_of(invitation: Invitation) -> str:
    """Give the token of an invitation, for the link in its mail."""
    return signing.dumps(str(invitation.pk), salt=INVITATION)


def invitation_for(user: User, token: str, *, at: datetime) -> Invitation | None:
    """Give the open invitation of a token that was sent to this user; else None."""
    try:
        id_ = UUID(signing.loads(token, salt=INVITATION))
    except (signing.BadSignature, ValueError):
        return None
    addresses = EmailAddress.objects.filter(user=user, verified=True).values_list(
        "email", flat=True
    )
    return (
        Invitation.objects.filter(
            Q(used_at=None, expires_at__gt=at) | Q(used_by=user),
            pk=id_,
            withdrawn_at=None,
            email__in=[address.lower() for address in addresses],
        )
        .select_related("child", "clinic", "invited_by")
        .first()
    )


def invitation_of(owner: Child | Clinic, id: UUID) -> Invitation:  # noqa: A002
    """Give an open invitation to a child's family or to a clinic; raises `Http404`."""
    is_theirs = Q(child=owner) if isinstance(owner, Child) else Q(clinic=owner)
    return _or_404(
        Invitation.objects.filter(is_theirs, pk=id, used_at=None, withdrawn_at=None).first()
    )


# Clinics


def memberships_of(user: User) -> tuple[Membership, ...]:
    """Give what a user is in clinics, waiting or verified."""
    found = Membership.objects.filter(user=user).exclude(state=State.ENDED)
    return tuple(found.select_related("clinic").order_by("clinic__name", "role"))


def clinic_for(user: User, id: UUID, *roles: Role) -> Clinic:  # noqa: A002
    """Give a clinic in which the user can act in one of these roles; raises `Http404`."""
    mine = _verified(user, *roles).values("clinic")
    return _or_404(Clinic.objects.filter(pk=id, pk__in=mine).first())


def members_of(clinic: Clinic) -> tuple[Membership, ...]:
    """Give a clinic's members, those who wait first."""
    found = Membership.objects.filter(clinic=clinic).exclude(state=State.ENDED)
    return tuple(found.select_related("user").order_by("state", "name"))


def member_of(clinic: Clinic, id: UUID) -> Membership:  # noqa: A002
    """Give a member of this clinic; raises `Http404`."""
    return _or_404(Membership.objects.filter(clinic=clinic, pk=id).first())


def invitations_of(clinic: Clinic, *, at: datetime) -> tuple[Invitation, ...]:
    """Give the open invitations to a clinic."""
    return tuple(
        Invitation.objects.filter(clinic=clinic, used_at=None, withdrawn_at=None, expires_at__gt=at)
    )


def child_by_code(code: str, *, is_demo: bool) -> Child | None:
    """Give the child of a code, for an emergency only."""
    wanted = "".join(code.split()).replace("-", "").upper()
    return Child.objects.filter(code=wanted, is_demo=is_demo).first()


# Research


def counts_for(user: User, *, at: datetime) -> dict[str, int]:
    """Count by sex the children whom a researcher's clinics care for and who may be counted.

    Raises `Http404` for whoever is no researcher.
    """
    clinics = _verified(user, Role.RESEARCHER).values("clinic")
    if not clinics:
        raise Http404
    child = OuterRef("pk")
    with transaction.atomic():
        found = Child.objects.filter(
            Exists(Care.objects.filter(child=child, clinic__in=clinics, ended_at=None)),
            Exists(Consent.objects.filter(child=child, kind=RECORD.id, withdrawn_at=None)),
            Exists(Consent.objects.filter(child=child, kind=RESEARCH.id, withdrawn_at=None)),
        )
        counts = dict(found.order_by().values_list("sex").annotate(Count("pk")))
        append("counted", who=user.pk, kind="counts")
    return counts


# Accounts


class Security(NamedTuple):
    """How an account is protected."""

    has_app: bool
    passkeys: int
    has_codes: bool


def security_of(user: User) -> Security:
    """Give how an account is protected."""
    types = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    kinds = Authenticator.Type
    return Security(kinds.TOTP in types, types.count(kinds.WEBAUTHN), kinds.RECOVERY_CODES in types)


def has_second_factor(user: User) -> bool:
    """Whether logging in takes more than a password."""
    found = security_of(user)
    return found.has_app or found.passkeys > 0


def roles_of(user: User, *, at: datetime) -> tuple[str, ...]:
    """Give what a user is here, in words."""
    roles = ["reader"]
    if _guardianships(at).filter(guardian=user).exists():
        roles.append("guardian")
    if YoungPerson.objects.filter(user=user, ended_at=None).exists():
        roles.append("young person")
    for one in memberships_of(user):
        waiting = "" if one.state == State.VERIFIED else ", waits to be verified"
        roles.append(f"{one.role} at {one.clinic}{waiting}")
    if user.is_staff:
        roles.append("runs the site")
    return tuple(roles)


def _or_404(row: T | None) -> T:
    if row is None:
        raise Http404
    return row
