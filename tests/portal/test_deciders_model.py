"""Who sees and who decides, whatever happens in whatever order: the site against a small model.

The model knows nothing of tables: a set of rights, a set of what is open, and a day. After every
step each person's sight and say are compared with it, and every change must have left an event.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from multifocal.portal import access, actions
from multifocal.portal.access import Purpose, token_of
from multifocal.portal.accounts.models import User
from multifocal.portal.audit.models import AccessEvent
from multifocal.portal.audit.verify import verify
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
    YoungPerson,
)
from tests.portal.world import child_of, clinic_of, person, verified

PEOPLE = 3
AGE_OF_END, AGE_AT_FIRST = 16, 8
TABLES: tuple[Any, ...] = (
    *(Child, Guardianship, YoungPerson, Care, Consent, Invitation, BreakGlass, Membership),
    *(Closing, User),
)
SOMEBODY = some.integers(0, PEOPLE - 1)
ROLES = some.sampled_from(["see", "full", YOUNG_PERSON])
WHICH = some.integers(0, 5)
"""Of those who may: a number among them."""


def decided(self: "Family") -> bool:
    return self.child is not None and bool(self.deciding())


class Sent:
    """An invitation as the model has it."""

    def __init__(self, row: Invitation, sender: int, to: int, role: str, at: datetime) -> None:
        self.row, self.sender, self.to, self.role = row, sender, to, role
        self.until = at + timedelta(days=7)
        self.is_open, self.is_used = True, False


class Family(RuleBasedStateMachine):
    """A child, three people who may be anything to it, a clinic that cares and one that doesn't."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.names = (f"p{number}" for number in count())
        self.people = [person(next(self.names)) for _ in range(PEOPLE)]
        self.staff, boss = person("staff"), person("boss")
        self.at = timezone.now() + timedelta(hours=1)  # ahead of the clock: it is given, not taken
        self.here = clinic_of(boss, "Here", self.at)
        self.there = clinic_of(boss_there := person("boss there"), "There", self.at)
        self.doctor, self.stranger = person("doctor"), person("stranger")
        verified(self.doctor, self.here, Role.CLINICIAN, by=boss, at=self.at)
        verified(self.stranger, self.there, Role.CLINICIAN, by=boss_there, at=self.at)
        self.rows, self.events = _rows(), AccessEvent.objects.count()
        self.child: Child | None = None
        self.add(0)
        self.care(0, cares=True)

    def teardown(self) -> None:
        rows = AccessEvent.objects.order_by("seq")
        try:
            assert verify(row.event() for row in rows).fault is None
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def _nothing(self) -> None:
        self.guardians: dict[int, str] = {}
        self.young: int | None = None
        self.sent: list[Sent] = []
        self.is_kept = self.is_cared_for = False
        self.broken_until: datetime | None = None

    # The model

    @property
    def is_over(self) -> bool:
        """Whether the child is so old that guardians see nothing."""
        assert self.child is not None
        return self.at.year >= self.child.birth_year + AGE_OF_END

    def deciding(self) -> set[int]:
        full = {one for one, scope in self.guardians.items() if scope == "full"}
        if full and not self.is_over:
            return full
        return set() if self.young is None else {self.young}

    def seeing(self) -> set[int]:
        guardians = set() if self.is_over else set(self.guardians)
        return guardians | (set() if self.young is None else {self.young})

    def settle(self) -> None:
        if not self.deciding():
            self.is_kept = self.is_cared_for = False
            self.broken_until = None
            for one in self.sent:
                one.is_open = False

    def leaves(self, who: int) -> None:
        """Void what somebody sent, and what was sent to them."""
        for one in self.sent:
            if who in (one.sender, one.to):
                one.is_open = False

    # What can happen

    @contextmanager
    def change(self) -> Iterator[None]:
        """Whatever is different afterwards has left an event."""
        before, events = self.rows or _rows(), self.events
        yield
        self.rows, self.events = _rows(), AccessEvent.objects.count()
        assert self.rows == before or self.events > events

    @rule(who=SOMEBODY)
    @precondition(lambda self: self.child is None)
    def add(self, who: int) -> None:
        self._nothing()
        with self.change():
            self.child = child_of(self.people[who], self.at, age=AGE_AT_FIRST)
        self.guardians, self.is_kept = {who: "full"}, True

    def decider(self, which: int) -> int:
        found = sorted(self.deciding())
        return found[which % len(found)]

    @rule(which=WHICH, to=SOMEBODY, role=ROLES)
    @precondition(decided)
    def invite(self, which: int, to: int, role: str) -> None:
        assert self.child is not None
        sender = self.decider(which)
        email = self.people[to].email
        with self.change():
            row, is_new = actions.invite(
                by=self.people[sender], at=self.at, email=email, role=role, to=self.child
            )
        if is_new:
            self.sent.append(Sent(row, sender, to, role, self.at))

    @rule(which=some.integers(0, 20), is_any=some.booleans())
    @precondition(lambda self: self.child is not None and self.sent)
    def accept(self, which: int, *, is_any: bool) -> None:
        """Mostly one that is not used yet: also of those who lost their right since."""
        unused = [one for one in self.sent if not one.is_used]
        choice = self.sent if is_any or not unused else unused
        one = choice[which % len(choice)]
        user = self.people[one.to]
        is_good = one.is_open and one.until > self.at and one.sender in self.deciding()
        found = access.invitation_for(user, token_of(one.row), at=self.at)
        if found is None or found.used_at is not None:
            assert not is_good
            return
        assert is_good
        try:
            with self.change():
                actions.accept(by=user, at=self.at, invitation=found)
        except actions.RefusedError:
            assert self._is_refused(one)
            return
        assert not self._is_refused(one)
        one.is_open, one.is_used = False, True
        if one.role == YOUNG_PERSON:
            self.young = one.to
        else:
            self.guardians.setdefault(one.to, one.role)

    def _is_refused(self, one: Sent) -> bool:
        if one.role == YOUNG_PERSON:
            return one.to in self.guardians or self.young not in (None, one.to)
        return self.is_over or one.to == self.young

    @rule(which=WHICH, pick=WHICH, is_own=some.booleans())
    @precondition(lambda self: decided(self) and self.guardians)
    def end(self, which: int, pick: int, *, is_own: bool) -> None:
        assert self.child is not None
        whom = sorted(self.guardians)[pick % len(self.guardians)]
        by = whom if is_own else self.decider(which)
        is_last = self.deciding() == {whom} and whom != self.young and self.young is None
        row = Guardianship.objects.get(child=self.child, guardian=self.people[whom], ended_at=None)
        try:
            with self.change():
                actions.end_guardianship(by=self.people[by], at=self.at, guardianship=row)
        except actions.RefusedError:
            assert is_last
            return
        assert not is_last
        del self.guardians[whom]
        self.leaves(whom)

    @rule(which=WHICH)
    @precondition(lambda self: decided(self) and self.young is not None)
    def end_young(self, which: int) -> None:
        assert self.child is not None
        assert self.young is not None
        by = self.decider(which)
        try:
            with self.change():
                actions.end_young_person(by=self.people[by], at=self.at, child=self.child)
        except actions.RefusedError:
            assert self.deciding() == {self.young}
            return
        assert self.deciding() != {self.young}
        self.leaves(self.young)
        self.young = None

    @rule(who=SOMEBODY, way=some.sampled_from(["delete", "close"]))
    def go(self, who: int, way: str) -> None:
        """An account is deleted, or closed by staff; somebody new stands in its place."""
        user = self.people[who]
        had = who in self.guardians or who == self.young
        with self.change():
            if way == "delete":
                actions.delete_account(by=user, at=self.at)
            else:
                actions.close_account(by=self.staff, at=self.at, user=user)
        if self.child is not None:
            self._gone(who, had=had, is_deleted=way == "delete")
        self.people[who] = person(next(self.names))
        self.rows = _rows()

    def _gone(self, who: int, *, had: bool, is_deleted: bool) -> None:
        self.guardians.pop(who, None)
        self.young = None if self.young == who else self.young
        self.leaves(who)
        assert self.child is not None
        if had:
            self.settle()
            self._is_closed()
        is_there = Child.objects.filter(pk=self.child.pk).exists()
        if had and is_deleted and not self.seeing():
            closed_before = Guardianship.objects.filter(child=self.child, guardian__is_active=False)
            young = YoungPerson.objects.filter(child=self.child, user__is_active=False)
            assert not is_there or closed_before.exists() or young.exists()
        else:
            assert is_there
        if not is_there:
            self.child = None
            self._nothing()

    @rule(which=WHICH, gives=some.booleans())
    @precondition(decided)
    def consent(self, which: int, *, gives: bool) -> None:
        assert self.child is not None
        by = self.decider(which)
        decide = actions.give_consent if gives else actions.withdraw_consent
        with self.change():
            decide(by=self.people[by], at=self.at, child=self.child, kind=RECORD.id)
        self.is_kept = gives

    @rule(which=WHICH, cares=some.booleans())
    @precondition(decided)
    def care(self, which: int, *, cares: bool) -> None:
        assert self.child is not None
        by = self.decider(which)
        open_yet = Care.objects.filter(child=self.child, ended_at=None)
        with self.change():
            if cares:
                actions.grant_care(by=self.people[by], child=self.child, clinic=self.here)
            elif row := open_yet.first():
                actions.end_care(by=self.people[by], at=self.at, care=row)
        self.is_cared_for = cares

    @rule()
    @precondition(lambda self: self.child is not None)
    def emergency(self) -> None:
        assert self.child is not None
        found = access.child_by_code(self.child.code, is_demo=False, at=self.at)
        assert (found is not None) == bool(self.is_kept and self.deciding())
        if found is None:
            return
        reason = "Unconscious, high fever"
        with self.change():
            actions.break_glass(
                by=self.stranger, at=self.at, clinic=self.there, child=found, reason=reason
            )
        self.broken_until = self.at + timedelta(hours=24)

    @rule(days=some.sampled_from([1, 8, 4000]))
    def time_passes(self, days: int) -> None:
        """A day, a week, or so long that the child is grown up."""
        self.at += timedelta(days=days)

    @rule()
    def begin_anew(self) -> None:
        """The site starts: what a birthday left open is closed."""
        with self.change():
            actions.close_undecided(at=self.at)
        if self.child is not None:
            self.settle()
            self._is_closed()

    def _is_closed(self) -> None:
        """While nobody decides, nothing is open or given."""
        assert self.child is not None
        if not self.deciding():
            assert not Consent.objects.filter(child=self.child, withdrawn_at=None).exists()
            assert not Care.objects.filter(child=self.child, ended_at=None).exists()

    # What must hold

    @invariant()
    def everybody_sees_and_decides_what_they_should(self) -> None:
        if self.child is None:
            return
        for number in range(PEOPLE):
            assert self._may_see(self.people[number]) == (number in self.seeing())
            assert self._may_decide(number) == (number in self.deciding())
        is_readable = self.is_kept and bool(self.deciding())
        is_broken = self.broken_until is not None and self.broken_until > self.at
        assert self._may_see(self.doctor) == (is_readable and self.is_cared_for)
        assert self._may_see(self.stranger) == (is_readable and is_broken)
        assert not self._may_see(self.staff)

    def _may_see(self, user: User) -> bool:
        assert self.child is not None
        seen = access.children_for(user, Purpose.SEE, at=self.at)
        return seen.filter(pk=self.child.pk).exists()

    def _may_decide(self, number: int) -> bool:
        assert self.child is not None
        return access.decides(self.people[number], self.child, at=self.at)


def _rows() -> list[Any]:
    return [sorted(map(repr, table.objects.values_list())) for table in TABLES]


@pytest.mark.django_db
def test_whatever_happens_somebody_decides_or_nothing_is_readable() -> None:
    run_state_machine_as_test(
        Family,
        settings=settings(
            max_examples=16,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),  # to make it small would take minutes
            derandomize=True,
            database=None,
        ),
    )
