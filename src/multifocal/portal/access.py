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
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
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
    Closing,
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
    that the record is kept, and somebody decides about it.
    """
    child = OuterRef("pk")
    if purpose is Purpose.DECIDE:
        deciding = _deciding(at).filter(child=child)
        is_young_person = Exists(_young_people().filter(child=child, user=user))
        return Child.objects.filter(
            Exists(deciding.filter(guardian=user)) | (is_young_person & ~Exists(deciding))
        )
    clinics = _verified(user, Role.CLINICIAN).values("clinic")
    is_cared_for = Exists(Care.objects.filter(child=child, clinic__in=clinics, ended_at=None))
    is_broken = Exists(_broken(at).filter(child=child, user=user, clinic__in=clinics))
    return Child.objects.filter(
        Exists(_guardianships(at).filter(child=child, guardian=user))
        | Exists(YoungPerson.objects.filter(child=child, user=user, ended_at=None))
        | (_is_kept() & _is_decided(at) & (is_cared_for | is_broken))
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


# None of these asks whether something has begun: it has when it is stored, and a clock that was set
# back must not hide it.


def _guardianships(at: datetime) -> QuerySet[Guardianship]:
    return Guardianship.objects.filter(ended_at=None, until__gt=at.date())


def _deciding(at: datetime) -> QuerySet[Guardianship]:
    """Give the guardianships of whoever decides, which somebody who can't log in does not."""
    return _guardianships(at).filter(scope=Scope.FULL, guardian__is_active=True)


def _young_people() -> QuerySet[YoungPerson]:
    return YoungPerson.objects.filter(ended_at=None, user__is_active=True)


def _broken(at: datetime) -> QuerySet[BreakGlass]:
    return BreakGlass.objects.filter(until__gt=at)


def _is_kept() -> Exists:
    """Whether the family agrees that a child's record is kept."""
    given = Consent.objects.filter(kind=RECORD.id, withdrawn_at=None)
    return Exists(given.filter(child=OuterRef("pk")))


def _is_decided(at: datetime) -> Q:
    """Whether somebody decides about a child."""
    child = OuterRef("pk")
    return Q(Exists(_deciding(at).filter(child=child))) | Q(
        Exists(_young_people().filter(child=child))
    )


def has_family(*, at: datetime) -> Q:
    """Whether somebody of a family sees a child's record, or could if their account were open."""
    child = OuterRef("pk")
    return Q(Exists(_guardianships(at).filter(child=child))) | Q(
        Exists(YoungPerson.objects.filter(child=child, ended_at=None))
    )


def undecided(*, at: datetime) -> QuerySet[Child]:
    """Give the children about whom nobody decides, and of whose record something is open yet."""
    child = OuterRef("pk")
    is_open = Q(Exists(Care.objects.filter(child=child, ended_at=None)))
    for rows in (
        Consent.objects.filter(withdrawn_at=None),
        Invitation.objects.filter(used_at=None, withdrawn_at=None),
        _broken(at),
    ):
        is_open |= Q(Exists(rows.filter(child=child)))
    return Child.objects.filter(is_open).exclude(_is_decided(at))


def children_of(user: User) -> set[UUID]:
    """Give the children of whom somebody is a guardian, even past the time, and the own record."""
    mine = Guardianship.objects.filter(guardian=user, ended_at=None).values_list("child", flat=True)
    own = YoungPerson.objects.filter(user=user, ended_at=None).values_list("child", flat=True)
    return {*mine, *own}


def decides(user: User, child: Child, *, at: datetime) -> bool:
    """Whether somebody decides about a child."""
    return children_for(user, Purpose.DECIDE, at=at).filter(pk=child.pk).exists()


def cared_for_in(clinic: Clinic) -> set[UUID]:
    """Give the children of whom a clinic sees the record, unless nobody decides about it."""
    return set(Care.objects.filter(clinic=clinic, ended_at=None).values_list("child", flat=True))


def is_needed(guardianship: Guardianship, *, at: datetime) -> bool:
    """Whether this guardian decides, and nobody else would."""
    deciding = _deciding(at).filter(child=guardianship.child_id)
    others = deciding.exclude(pk=guardianship.pk).exists()
    young = _young_people().filter(child=guardianship.child_id).exists()
    return not others and not young and deciding.filter(pk=guardianship.pk).exists()


def _verified(user: User, *roles: Role) -> QuerySet[Membership]:
    """Give what a user can act as in clinics: verified, and only with a second step at log-in.

    Demo accounts, which exist on one's own machine only, do without.
    """
    second = Authenticator.objects.filter(user=user, type__in=SECOND)
    return Membership.objects.filter(
        Exists(second) | Q(user__is_demo=True),
        user=user,
        user__is_active=True,
        role__in=roles,
        state=State.VERIFIED,
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
    names = _names_in_clinics(child, who) | {
        id_: (email, "") for id_, email in _addresses_in_family(child).items()
    }
    return tuple(
        Seen(event, *names.get(event.who, ("", "")))
        for event in events
        if not (event.action == "opened" and event.granted and event.request in did_more)
    )


def _names_in_clinics(child: Child, who: set[UUID]) -> dict[str, tuple[str, str]]:
    """Give name and clinic of professionals, also of those whose account is gone."""
    members = Membership.objects.filter(user__in=who).select_related("clinic")
    found = {str(one.user_id): (one.name, str(one.clinic)) for one in members}
    broken = {str(one.pk): one for one in emergencies_of(child)}
    events = AccessEvent.objects.filter(child=str(child.pk), object__in=broken)
    kept = {
        event.who: (broken[event.object].name, str(broken[event.object].clinic)) for event in events
    }
    return kept | found


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
    found = (
        Invitation.objects.filter(
            Q(used_at=None, expires_at__gt=at) | Q(used_by=user),
            pk=id_,
            withdrawn_at=None,
            email__in=_proved_addresses_of(user),
        )
        .select_related("child", "clinic", "invited_by")
        .first()
    )
    return found if found and (found.used_at or is_backed(found, at=at)) else None


def is_backed(invitation: Invitation, *, at: datetime) -> bool:
    """Whether who sent an invitation may still send it: it carries no more right than that."""
    if invitation.clinic_id:
        administers = _verified(invitation.invited_by, Role.ADMINISTRATOR)
        return administers.filter(clinic=invitation.clinic_id).exists()
    return invitation.child is not None and decides(invitation.invited_by, invitation.child, at=at)


def addresses_of(user: User) -> list[str]:
    """Give every address of an account, in lower case, proved or not."""
    found = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return [user.email.lower(), *(address.lower() for address in found)]


def _proved_addresses_of(user: User) -> list[str]:
    found = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return [address.lower() for address in found]


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


def child_by_code(code: str, *, is_demo: bool, at: datetime) -> Child | None:
    """Give the child of a code, for an emergency only; none whose record the family closed."""
    wanted = "".join(code.split()).replace("-", "").upper()
    found = Child.objects.filter(_is_kept(), _is_decided(at), code=wanted, is_demo=is_demo)
    return found.first()


def is_member(user: User, clinic: Clinic, role: str) -> bool:
    """Whether somebody has a role in a clinic, waiting or verified."""
    found = Membership.objects.filter(user=user, clinic=clinic, role=role)
    return found.exclude(state=State.ENDED).exists()


def is_administered(clinic: Clinic, *, without: User) -> bool:
    """Whether somebody else could administer a clinic: verified, with an account that is open."""
    administrators = Membership.objects.filter(
        clinic=clinic, role=Role.ADMINISTRATOR, state=State.VERIFIED, user__is_active=True
    )
    return administrators.exclude(user=without).exists()


def held_by(user: User) -> Clinic | None:
    """Give a clinic that would be left without an administrator, had this user no account."""
    mine = Membership.objects.filter(
        user=user, role=Role.ADMINISTRATOR, state=State.VERIFIED, user__is_active=True
    )
    for one in mine.select_related("clinic"):
        others = Membership.objects.filter(clinic=one.clinic).exclude(state=State.ENDED)
        is_used = (
            others.exclude(user=user).exists()
            or Care.objects.filter(clinic=one.clinic, ended_at=None).exists()
        )
        if is_used and not is_administered(one.clinic, without=user):
            clinic: Clinic = one.clinic
            return clinic
    return None


def name_in(clinic: Clinic, user: User) -> str:
    """Give the name by which families know a clinician of a clinic."""
    found = _verified(user, Role.CLINICIAN).filter(clinic=clinic).first()
    return found.name if found else ""


def closings_of(clinic: Clinic) -> tuple[Closing, ...]:
    """Give the records that this clinic can't see any more since nobody decides, newest first."""
    return tuple(Closing.objects.filter(clinic=clinic)[:MOST])


def care_in(clinic: Clinic, id: UUID) -> Care:  # noqa: A002
    """Give the care of this clinic for a child; raises `Http404`."""
    found = Care.objects.filter(clinic=clinic, pk=id, ended_at=None).select_related("child")
    return _or_404(found.first())


def to_accept(user: User, clinic: Clinic, *, at: datetime) -> dict[UUID, UUID]:
    """Give the care that a clinic has not said yes to, by child, as far as the user sees it."""
    children = children_for(user, Purpose.SEE, at=at)
    waiting = Care.objects.filter(clinic=clinic, ended_at=None, accepted_at=None)
    found = waiting.filter(child__in=children).values_list("child", "pk")
    return dict(found)


# Research


class Counted(NamedTuple):
    """A child who may be counted: sex, and the family, under the number of one who decides."""

    sex: str
    family: UUID


def counts_for(user: User, *, at: datetime) -> dict[Clinic, tuple[Counted, ...]]:
    """Give the children who may be counted in each clinic of a researcher.

    The clinic cares for them and said so, not by the mouth of who counts; the family agreed; and
    nobody of the family works in the clinic. Raises `Http404` for whoever is no researcher.
    """
    mine = _verified(user, Role.RESEARCHER).select_related("clinic").order_by("clinic__name")
    clinics = [one.clinic for one in mine]
    if not clinics:
        raise Http404
    with transaction.atomic():
        found = {clinic: _counted(user, clinic, at) for clinic in clinics}
        append("counted", who=user.pk, kind="counts")
    return found


def _counted(user: User, clinic: Clinic, at: datetime) -> tuple[Counted, ...]:
    child = OuterRef("pk")
    here = Membership.objects.filter(clinic=clinic).exclude(state=State.ENDED).values("user")
    agreed = Consent.objects.filter(child=child, kind=RESEARCH.id, withdrawn_at=None)
    care = Care.objects.filter(
        child=child, clinic=clinic, ended_at=None, accepted_at__isnull=False
    ).exclude(accepted_by=user)
    ours = _guardianships(at).filter(child=child, guardian__in=here)
    own = YoungPerson.objects.filter(child=child, user__in=here, ended_at=None)
    deciding = _deciding(at).filter(child=child).order_by("guardian").values("guardian")[:1]
    young = _young_people().filter(child=child).values("user")[:1]
    found = (
        Child.objects.filter(_is_kept(), _is_decided(at), Exists(care), Exists(agreed))
        .exclude(Exists(ours) | Exists(own))
        .annotate(family=Coalesce(Subquery(deciding), Subquery(young)))
    )
    return tuple(Counted(*row) for row in found.values_list("sex", "family"))


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
