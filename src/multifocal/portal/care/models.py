"""Clinics, children, and who may see whose record.

Rows that must agree are kept so by the database. Nothing here can be reached from a row of another
table: who reads goes through `portal.access`, who writes through `portal.actions`.
"""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from multifocal.portal.names import isolated

USER = settings.AUTH_USER_MODEL


class Row(models.Model):
    """What every table here has: an id that tells nothing, and when the row was made."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


def to(table: Any, *, gone: Any = models.CASCADE, **more: Any) -> Any:
    """Point to a row of another table, without a way back."""
    return models.ForeignKey(table, on_delete=gone, related_name="+", **more)


def someone(**more: Any) -> Any:
    """Point to a user who did something; stays empty once that account is gone."""
    return to(USER, gone=models.SET_NULL, null=True, blank=True, **more)


class Clinic(Row):
    """A place where children are treated."""

    name = models.CharField(max_length=120, unique=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        """Give its name, for use within other text."""
        return isolated(self.name)


class Role(models.TextChoices):
    """What somebody is in a clinic."""

    CLINICIAN = "clinician"
    ADMINISTRATOR = "administrator"
    RESEARCHER = "researcher"


class State(models.TextChoices):
    """Whether a clinic knows its member: only somebody who is verified may do anything."""

    PENDING = "pending"
    VERIFIED = "verified"
    ENDED = "ended"


class Membership(Row):
    """Somebody's role in a clinic; an administrator of the clinic verifies it."""

    user = to(USER)
    clinic = to(Clinic)
    role = models.CharField(max_length=20, choices=Role.choices)
    name = models.CharField("name, as families know it", max_length=80)
    state = models.CharField(max_length=20, choices=State.choices, default=State.PENDING)
    verified_by = someone()
    verified_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "clinic", "role"],
                condition=~Q(state="ended"),
                name="one_role_once_a_clinic",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", verified_at=None, verified_by=None, ended_at=None)
                | Q(state="verified", verified_at__isnull=False, ended_at=None)
                | Q(state="ended", ended_at__isnull=False),
                name="state_agrees_with_dates",
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=F("user")),
                name="nobody_verifies_themself",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self) -> str:
        """Give role and clinic."""
        return f"{self.role}, {self.clinic}"


class Sex(models.TextChoices):
    """As in the engine, and not said."""

    FEMALE = "female"
    MALE = "male"
    NOT_SAID = "", "not said"


class Child(Row):
    """A child, with as little as will do."""

    code = models.CharField(max_length=10, unique=True, editable=False)
    """What a family shows to a clinic in an emergency; drawn by lot."""
    nickname = models.CharField(max_length=40)
    birth_year = models.PositiveSmallIntegerField()
    birth_month = models.PositiveSmallIntegerField()
    sex = models.CharField(max_length=6, choices=Sex.choices, blank=True)
    country = models.CharField(max_length=20)
    """An id of the ages of guardianship."""
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["nickname", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(birth_month__gte=1, birth_month__lte=12), name="month_is_one"
            ),
            models.CheckConstraint(condition=Q(sex__in=Sex.values), name="sex_is_known"),
        ]

    def __str__(self) -> str:
        """Give its id; the nickname is for the family's pages only."""
        return str(self.id)


class Scope(models.TextChoices):
    """What a guardian may do."""

    FULL = "full", "see and decide"
    SEE = "see", "see only"


class Guardianship(Row):
    """Somebody who sees a child's record, and for how long."""

    child = to(Child)
    guardian = to(USER)
    scope = models.CharField(max_length=4, choices=Scope.choices)
    since = models.DateField()
    until = models.DateField()
    """The first day on which it holds no more, by the age rule of the country."""
    review_at = models.DateField(null=True, blank=True)
    """From this day on the family is asked to look at it again."""
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["since", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["child", "guardian"],
                condition=Q(ended_at=None),
                name="one_guardianship_each",
            ),
            models.CheckConstraint(condition=Q(since__lt=F("until")), name="guardianship_begins"),
            models.CheckConstraint(
                condition=Q(review_at=None) | Q(review_at__lt=F("until")),
                name="review_comes_before_the_end",
            ),
            models.CheckConstraint(condition=Q(scope__in=Scope.values), name="scope_is_known"),
        ]


class YoungPerson(Row):
    """The log-in of the child."""

    child = to(Child)
    user = to(USER)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["child"], condition=Q(ended_at=None), name="one_log_in_a_child"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at=None), name="one_child_a_log_in"
            ),
        ]


class Care(Row):
    """A clinic that cares for a child."""

    child = to(Child)
    clinic = to(Clinic)
    granted_by = someone()
    accepted_by = someone()
    accepted_at = models.DateTimeField(null=True, blank=True)
    """When the clinic said that it cares for this child: counts leave out the others."""
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["made_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["child", "clinic"], condition=Q(ended_at=None), name="cared_for_once"
            ),
        ]


class Consent(Row):
    """What a family agreed to, in which words, and until when."""

    child = to(Child)
    kind = models.CharField(max_length=20)
    """An id of `care.consents`."""
    version = models.CharField(max_length=12)
    """Of the text that was agreed to."""
    given_by = someone()
    given_at = models.DateTimeField()
    withdrawn_by = someone()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-given_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["child", "kind"], condition=Q(withdrawn_at=None), name="agreed_to_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__gte=F("given_at")),
                name="withdrawn_after_given",
            ),
        ]


class BreakGlass(Row):
    """An emergency: somebody opened a record without being in its care, and said why."""

    user = someone()
    name = models.CharField(max_length=80)
    """Of the member, as families know it; it stays when the account is gone."""
    clinic = to(Clinic, gone=models.PROTECT)
    child = to(Child)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_reason_is_said"),
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="broken_for_a_time"),
        ]


class Closing(Row):
    """Tells a clinic that a record is closed since nobody is left to decide; names nobody."""

    clinic = to(Clinic)
    since = models.DateTimeField()
    """From when on the clinic had seen the record."""
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at"]


YOUNG_PERSON = "young person"
"""Whoever is invited to this gets the child's own log-in."""


class Invitation(Row):
    """A link sent to somebody: to be a guardian, the child's own log-in, or a clinic's member.

    Its token is signed and expires; the row makes it work once, and for the address it was sent to.
    """

    email = models.EmailField(max_length=254)
    """In lower case."""
    role = models.CharField(max_length=20)
    """A scope for a guardian, `YOUNG_PERSON`, or a role in a clinic."""
    child = to(Child, null=True, blank=True)
    clinic = to(Clinic, null=True, blank=True)
    invited_by = to(USER)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = someone()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["made_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(child=None, clinic__isnull=False) | Q(child__isnull=False, clinic=None),
                name="to_a_child_or_a_clinic",
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(withdrawn_at=None), name="used_or_withdrawn"
            ),
            models.UniqueConstraint(
                fields=["email", "role", "child"],
                condition=Q(used_at=None, withdrawn_at=None, child__isnull=False),
                name="invited_once_to_a_child",
            ),
            models.UniqueConstraint(
                fields=["email", "role", "clinic"],
                condition=Q(used_at=None, withdrawn_at=None, clinic__isnull=False),
                name="invited_once_to_a_clinic",
            ),
        ]
