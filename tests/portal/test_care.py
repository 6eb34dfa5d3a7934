"""Who sees a child's record, until when, and what the family decides."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail, signing
from django.db import IntegrityError, models, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as some

from multifocal.portal import access, actions
from multifocal.portal.access import Purpose, token_of
from multifocal.portal.accounts.models import User
from multifocal.portal.audit.models import AccessEvent
from multifocal.portal.audit.verify import verify
from multifocal.portal.care.consents import RECORD, RESEARCH, TEXTS
from multifocal.portal.care.models import (
    YOUNG_PERSON,
    BreakGlass,
    Care,
    Child,
    Consent,
    Guardianship,
    Invitation,
    Membership,
    Role,
    YoungPerson,
)
from multifocal.portal.care.suppress import LEAST, STEP, suppressed
from multifocal.portal.care.words import DONE
from tests.portal.world import Place, World, build, child_of, joined, person, with_second_step
from tests.reading import grade

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build()


def sees(user: User, child: Child, at: Any, purpose: Purpose = Purpose.SEE) -> bool:
    return access.children_for(user, purpose, at=at).filter(pk=child.pk).exists()


def client(user: User) -> Client:
    found = Client()
    found.force_login(user)
    return found


def actions_of(child: Child) -> list[str]:
    return list(
        AccessEvent.objects.filter(child=str(child.pk))
        .order_by("seq")
        .values_list("action", flat=True)
    )


# Guardians


def test_a_guardian_sees_until_the_child_is_sixteen_and_not_a_day_longer(world: World) -> None:
    """The NHS ends a guardian's access at 16; born in January, that is the first of January."""
    child, guardian = world.ours.child, world.ours.guardian
    ends = world.at.replace(year=child.birth_year + 16, month=1, day=1)
    assert sees(guardian, child, ends - DAY)
    assert not sees(guardian, child, ends)


def test_the_young_person_decides_once_no_guardian_does(world: World) -> None:
    child, young = world.ours.child, world.people["young person"]
    assert sees(young, child, world.at)
    assert not sees(young, child, world.at, Purpose.DECIDE)
    later = world.at.replace(year=child.birth_year + 16, month=2, day=1)
    assert sees(young, child, later, Purpose.DECIDE)


def test_a_guardian_who_may_only_see_decides_nothing(world: World) -> None:
    aunt = person("aunt")
    actions.accept(by=aunt, at=world.at, invitation=world.ours.invitation)
    assert sees(aunt, world.ours.child, world.at)
    assert not sees(aunt, world.ours.child, world.at, Purpose.DECIDE)


def test_the_last_who_can_decide_is_not_let_go(world: World) -> None:
    child = child_of(person("alone"), world.at)
    row = Guardianship.objects.get(child=child)
    with pytest.raises(actions.RefusedError):
        actions.end_guardianship(by=row.guardian, at=world.at, guardianship=row)
    assert sees(row.guardian, child, world.at)


def test_an_ended_guardian_sees_nothing_and_the_other_is_not_touched(world: World) -> None:
    child, guardian = world.ours.child, world.ours.guardian
    aunt = person("aunt")
    actions.accept(by=aunt, at=world.at, invitation=world.ours.invitation)
    row = Guardianship.objects.get(child=child, guardian=aunt)
    actions.end_guardianship(by=guardian, at=world.at, guardianship=row)
    assert not sees(aunt, child, world.at)
    assert sees(guardian, child, world.at)


def test_a_child_whose_guardians_time_is_over_is_not_added(world: World) -> None:
    with pytest.raises(actions.RefusedError):
        child_of(person("late"), world.at, age=16)


def test_a_guardian_is_asked_again_each_year_from_eleven_to_fifteen(world: World) -> None:
    child = child_of(person("asked"), world.at, age=12)
    row = Guardianship.objects.get(child=child)
    assert row.review_at == world.at.date()
    actions.review_guardianship(by=row.guardian, at=world.at, guardianship=row)
    assert row.review_at == world.at.date() + timedelta(days=365)
    last = world.at.replace(year=child.birth_year + 15, month=3, day=1)
    row.review_at = last.date()
    actions.review_guardianship(by=row.guardian, at=last, guardianship=row)
    assert row.review_at is None


def test_nobody_is_guardian_and_young_person_at_once(world: World) -> None:
    child, guardian = world.ours.child, world.ours.guardian
    YoungPerson.objects.filter(child=child).delete()
    mine, _ = actions.invite(
        by=guardian, at=world.at, email=guardian.email, role=YOUNG_PERSON, to=child
    )
    with pytest.raises(actions.RefusedError):
        actions.accept(by=guardian, at=world.at, invitation=mine)
    mine.refresh_from_db()
    assert mine.used_at is None


# Clinics


def test_a_clinic_sees_while_it_cares(world: World) -> None:
    child, clinician = world.ours.child, world.people["clinician"]
    assert sees(clinician, child, world.at)
    actions.end_care(by=world.ours.guardian, at=world.at, care=world.ours.care)
    assert not sees(clinician, child, world.at)


def test_a_clinic_sees_nothing_once_the_family_wants_no_record_kept(world: World) -> None:
    child, guardian = world.ours.child, world.ours.guardian
    actions.withdraw_consent(by=guardian, at=world.at, child=child, kind=RECORD.id)
    assert not sees(world.people["clinician"], child, world.at)
    assert sees(guardian, child, world.at)


def test_who_is_not_verified_or_was_let_go_sees_nothing(world: World) -> None:
    child, boss = world.ours.child, world.people["clinic administrator"]
    waiting = world.people["pending clinician"]
    with_second_step(waiting)
    assert not sees(waiting, child, world.at)
    actions.verify_member(by=boss, at=world.at, membership=world.here.member)
    assert sees(waiting, child, world.at)
    world.here.member.refresh_from_db()
    actions.end_member(by=boss, at=world.at, membership=world.here.member)
    assert not sees(waiting, child, world.at)


def test_who_logs_in_with_a_password_only_can_not_act_for_a_clinic(world: World) -> None:
    child, clinician = world.ours.child, world.people["clinician"]
    researcher, clinics = world.people["researcher"], f"/clinics/{world.here.clinic.pk}"
    Authenticator.objects.filter(user__in=[clinician, researcher]).delete()
    Authenticator.objects.create(user=clinician, type="recovery_codes", data={})
    assert not sees(clinician, child, world.at)
    assert client(clinician).get(f"{clinics}/children/").status_code == 404
    assert client(clinician).get(f"{clinics}/emergency/").status_code == 404
    assert client(researcher).get("/counts/").status_code == 404
    told = client(clinician).get("/clinics/").content.decode()
    assert "logs in with a second step" in told
    assert f"{clinics}/children/" not in told
    with_second_step(clinician)
    assert sees(clinician, child, world.at)
    assert f"{clinics}/children/" in client(clinician).get("/clinics/").content.decode()


def test_nobody_verifies_themself(world: World) -> None:
    boss = world.people["clinic administrator"]
    own = joined(boss, world.here.clinic, Role.CLINICIAN, by=boss, at=world.at)
    with pytest.raises(actions.RefusedError):
        actions.verify_member(by=boss, at=world.at, membership=own)


def test_a_clinic_keeps_its_last_administrator(world: World) -> None:
    boss = world.people["clinic administrator"]
    row = Membership.objects.get(user=boss, role=Role.ADMINISTRATOR)
    with pytest.raises(actions.RefusedError):
        actions.end_member(by=boss, at=world.at, membership=row)


def test_an_emergency_opens_a_record_for_a_day_and_the_family_reads_why(world: World) -> None:
    child, other = world.ours.child, world.people["other clinician"]
    page = client(other)
    url = f"/clinics/{world.there.clinic.pk}/emergency/"
    code = f" {child.code[:5].lower()}-{child.code[5:]} "
    answer = page.post(url, {"code": code, "reason": "High fever, unconscious"})
    assert answer["Location"] == f"/children/{child.pk}/"
    assert page.get(answer["Location"]).status_code == 200
    row = BreakGlass.objects.get(child=child)
    assert row.until - row.at == timedelta(hours=24)
    assert not sees(other, child, row.until)
    told = client(world.ours.guardian).get(f"/children/{child.pk}/seen/").content.decode()
    assert "High fever, unconscious" in told
    assert "opened the record in an emergency" in told


def test_an_emergency_needs_a_code_and_a_reason_and_the_try_leaves_an_event(world: World) -> None:
    page = client(world.people["other clinician"])
    url = f"/clinics/{world.there.clinic.pk}/emergency/"
    before = AccessEvent.objects.count()
    answer = page.post(url, {"code": "2222222222", "reason": "Nobody has this code"})
    assert "No child has this code" in answer.content.decode()
    assert AccessEvent.objects.filter(granted=False).count() == AccessEvent.objects.count() - before
    assert page.post(url, {"code": world.ours.child.code, "reason": " "}).status_code == 200
    assert not BreakGlass.objects.exists()


def test_codes_can_not_be_tried_through(world: World) -> None:
    page = client(world.people["other clinician"])
    url = f"/clinics/{world.there.clinic.pk}/emergency/"
    tries = [page.post(url, {"code": "2" * 10, "reason": "x" * 20}).status_code for _ in range(12)]
    assert tries == [200] * 10 + [429] * 2


# Consent


def test_consent_given_twice_is_given_once_and_withdrawn_is_withdrawn(world: World) -> None:
    child, guardian = world.ours.child, world.ours.guardian
    for _ in range(2):
        actions.give_consent(by=guardian, at=world.at, child=child, kind=RESEARCH.id)
    row = Consent.objects.get(child=child, kind=RESEARCH.id)
    assert (row.version, row.given_by) == (RESEARCH.version, guardian)
    for _ in range(2):
        actions.withdraw_consent(by=guardian, at=world.at + DAY, child=child, kind=RESEARCH.id)
    row.refresh_from_db()
    assert (row.withdrawn_by, row.withdrawn_at) == (guardian, world.at + DAY)
    assert actions_of(child).count("gave consent") == 1
    assert actions_of(child).count("withdrew consent") == 1


def test_consent_to_older_words_is_replaced_by_consent_to_the_new(world: World) -> None:
    child, guardian = world.ours.child, world.ours.guardian
    Consent.objects.filter(child=child, kind=RECORD.id).update(version="older")
    actions.give_consent(by=guardian, at=world.at, child=child, kind=RECORD.id)
    rows = Consent.objects.filter(child=child, kind=RECORD.id, withdrawn_at=None)
    assert [row.version for row in rows] == [RECORD.version]


# Invitations


def test_an_invitation_is_mailed_once_and_names_no_child(world: World) -> None:
    page = client(world.ours.guardian)
    url = f"/children/{world.ours.child.pk}/guardians/invite/"
    for _ in range(2):
        page.post(url, {"email": "Uncle@example.org", "role": "see"})
    assert [one.to for one in mail.outbox] == [["uncle@example.org"]]
    assert world.ours.child.nickname not in mail.outbox[0].body
    assert Invitation.objects.filter(email="uncle@example.org").count() == 1


def test_an_invitation_works_once_and_sending_it_twice_does_no_harm(world: World) -> None:
    aunt = person("aunt")
    page, url = client(aunt), f"/invitations/{token_of(world.ours.invitation)}/"
    assert page.get(url).status_code == 200
    assert [page.post(url)["Location"] for _ in range(2)] == ["/children/"] * 2
    assert Guardianship.objects.filter(guardian=aunt).count() == 1
    young_person_and_aunt = actions_of(world.ours.child).count("accepted an invitation")
    assert young_person_and_aunt == 2
    row = Guardianship.objects.get(guardian=aunt)
    actions.end_guardianship(by=world.ours.guardian, at=world.at, guardianship=row)
    page.post(url)
    assert not sees(aunt, world.ours.child, world.at)


def test_an_invitation_that_is_not_open_has_a_clear_page(world: World) -> None:
    aunt = person("aunt")
    page, invitation = client(aunt), world.ours.invitation
    forged = signing.dumps(str(invitation.pk), salt="another salt")
    for token in ("x", forged, token_of(invitation)[:-1], "a" * 4000, "\u202e\u0000"):
        answer = page.get(f"/invitations/{token}/")
        assert (answer.status_code, "not open" in answer.content.decode()) == (410, True)
    url = f"/invitations/{token_of(invitation)}/"
    assert client(person("stranger")).get(url).status_code == 410
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=world.at - DAY)
    assert page.get(url).status_code == 410
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=world.at + DAY)
    actions.withdraw_invitation(by=world.ours.guardian, at=world.at, invitation=invitation)
    assert page.post(url).status_code == 410
    assert not Guardianship.objects.filter(guardian=aunt).exists()


def test_an_expired_invitation_can_be_sent_anew(world: World) -> None:
    guardian, child = world.ours.guardian, world.ours.child
    later = world.at + 8 * DAY
    anew, is_new = actions.invite(
        by=guardian, at=later, email="aunt@example.org", role="see", to=child
    )
    assert (is_new, anew.pk == world.ours.invitation.pk) == (True, False)


# Events


def test_every_look_at_a_record_leaves_an_event_and_a_refused_one_too(world: World) -> None:
    child = world.ours.child
    before = len(actions_of(child))
    client(world.people["clinician"]).get(f"/children/{child.pk}/")
    client(world.people["other clinician"]).get(f"/children/{child.pk}/")
    rows = AccessEvent.objects.filter(child=str(child.pk)).order_by("seq")[before:]
    assert [(row.action, row.granted) for row in rows] == [("opened", True), ("opened", False)]
    assert verify(row.event() for row in AccessEvent.objects.order_by("seq")).fault is None
    told = client(world.ours.guardian).get(f"/children/{child.pk}/seen/").content.decode()
    assert "Dr clinician (Here) opened the record" in told
    assert "Dr clinician (There) wanted to open the record and was refused" in told


def test_a_list_leaves_an_event_for_each_child_in_it(world: World) -> None:
    client(world.people["clinician"]).get(f"/clinics/{world.here.clinic.pk}/children/")
    assert actions_of(world.ours.child)[-1] == "listed"
    assert "listed" not in actions_of(world.theirs.child)


def test_a_child_who_is_not_there_leaves_no_event(world: World) -> None:
    before = AccessEvent.objects.count()
    page = client(world.people["reader"])
    assert page.get(f"/children/{world.here.clinic.pk}/").status_code == 404
    assert AccessEvent.objects.count() == before


def test_every_action_with_a_child_has_its_words(world: World) -> None:
    portal = Path(actions.__file__).parent
    names = ("actions.py", "access.py", "endings.py")
    text = "".join((portal / name).read_text() for name in names)
    with_child = set(re.findall(r'note\(\s*"([^"]+)", (?:by|user), [\w.]+, ', text))
    with_child |= set(re.findall(r'append\(\s*"(opened|listed)"', text))
    assert with_child == DONE.keys()


# Counts


FAMILIES = some.lists(some.integers(0, 40), max_size=60)
CELLS = some.dictionaries(some.sampled_from("abcde"), FAMILIES, min_size=1)


@given(CELLS)
def test_no_count_under_the_least_is_shown_or_can_be_worked_out(
    cells: dict[str, list[int]],
) -> None:
    shown, total = suppressed(cells)
    for name, count in shown.items():
        assert (count is None) == (len(set(cells[name])) < LEAST)
        assert count is None or (count % STEP, len(cells[name]) - count < STEP) == (0, True)
    counts = [count for count in shown.values() if count is not None]
    assert total == (sum(counts) if counts else None), "it tells no more than its parts"


@given(real=CELLS, family=some.integers(41, 49), padding=some.lists(some.sampled_from("abcde")))
def test_one_family_shows_no_cell_by_adding_children(
    real: dict[str, list[int]], family: int, padding: list[str]
) -> None:
    """With one family more a cell of fewer than the least stays hidden, however many it adds."""
    padded = {name: cell + [family] * padding.count(name) for name, cell in real.items()}
    before, after = suppressed(real)[0], suppressed(padded)[0]
    for name, cell in real.items():
        if len(set(cell)) < LEAST - 1:
            assert (before[name], after[name]) == (None, None)


def counted(user: User, at: Any) -> list[int]:
    return [len(children) for children in access.counts_for(user, at=at).values()]


def in_research(guardian: User, place: Place, by: User, at: Any, number: int = 0) -> Child:
    child = child_of(guardian, at, nickname=f"N{number}")
    actions.grant_care(by=guardian, child=child, clinic=place.clinic)
    actions.give_consent(by=guardian, at=at, child=child, kind=RESEARCH.id)
    actions.accept_care(by=by, at=at, care=Care.objects.get(child=child))
    return child


def test_a_researcher_counts_only_who_agreed_in_the_own_clinics(world: World) -> None:
    researcher, clinician = world.people["researcher"], world.people["clinician"]
    for number in range(12):
        guardian = person(f"parent {number}")
        child = in_research(guardian, world.here, clinician, world.at, number)
    assert counted(researcher, world.at) == [12]
    actions.withdraw_consent(by=guardian, at=world.at, child=child, kind=RESEARCH.id)
    assert counted(researcher, world.at) == [11]
    told = client(researcher).get("/counts/").content.decode()
    assert told.count("<td>10</td>") == 2, "girls, and together"
    assert "N3" not in told


def test_children_of_whom_a_clinic_said_nothing_or_whose_family_works_there_are_not_counted(
    world: World,
) -> None:
    """The padding of a clinic with children of one's own: not one of them is counted."""
    researcher, clinician = world.people["researcher"], world.people["clinician"]
    waiting = world.people["pending clinician"]
    stranger = person("stranger")
    in_research(stranger, world.here, clinician, world.at)
    for own in (researcher, clinician, waiting, stranger):
        for number in range(3):
            child = child_of(own, world.at, nickname=f"P{number}")
            actions.grant_care(by=own, child=child, clinic=world.here.clinic)
            actions.give_consent(by=own, at=world.at, child=child, kind=RESEARCH.id)
            if own in (researcher, waiting):
                care = Care.objects.get(child=child)
                actions.accept_care(by=clinician, at=world.at, care=care)
    assert counted(researcher, world.at) == [1]
    with pytest.raises(actions.RefusedError):
        actions.accept_care(
            by=clinician, at=world.at, care=Care.objects.filter(granted_by=clinician)[0]
        )


def test_who_counts_does_not_say_whom_the_clinic_cares_for(world: World) -> None:
    researcher, boss = world.people["researcher"], world.people["clinic administrator"]
    own = joined(researcher, world.here.clinic, Role.CLINICIAN, by=boss, at=world.at)
    actions.verify_member(by=boss, at=world.at, membership=own)
    in_research(person("parent"), world.here, researcher, world.at)
    assert counted(researcher, world.at) == [0]


def test_a_clinic_says_on_its_page_whom_it_cares_for(world: World) -> None:
    page = client(world.people["clinician"])
    url = f"/clinics/{world.here.clinic.pk}/children/"
    assert "We care for this child" in page.get(url).content.decode()
    accept = f"/clinics/{world.here.clinic.pk}/care/{world.ours.care.pk}/accept/"
    assert page.post(accept)["Location"] == url
    assert "We care for this child" not in page.get(url).content.decode()
    assert actions_of(world.ours.child).count("said that the clinic cares for it") == 1


# What the database itself refuses


def refused(row: models.Model) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_rows_that_must_agree_are_kept_so_by_the_database(world: World) -> None:
    child, user, clinic, at = world.ours.child, person("any"), world.here.clinic, world.at
    day = at.date()
    span = {"since": day, "until": day + DAY}
    refused(Guardianship(child=child, guardian=user, scope="all", **span))
    refused(Guardianship(child=child, guardian=user, scope="see", since=day, until=day))
    refused(Guardianship(child=child, guardian=world.ours.guardian, scope="see", **span))
    refused(Guardianship(child=child, guardian=user, scope="see", review_at=day + DAY, **span))
    refused(YoungPerson(child=child, user=user))
    refused(Care(child=child, clinic=clinic))
    refused(Consent(child=child, kind=RECORD.id, version="x", given_at=at))
    refused(Consent(child=child, kind="y", version="x", given_at=at, withdrawn_at=at - DAY))
    refused(BreakGlass(user=user, clinic=clinic, child=child, reason="", at=at, until=at + DAY))
    refused(BreakGlass(user=user, clinic=clinic, child=child, reason="x", at=at, until=at))
    member = {"user": user, "clinic": clinic, "name": "x", "role": Role.CLINICIAN}
    refused(Membership(**member, state="verified"))
    refused(Membership(**member, state="pending", verified_at=at))
    refused(Membership(**member, state="ended"))
    refused(Membership(**member, state="verified", verified_at=at, verified_by=user))
    refused(Membership(**member | {"role": "owner"}))
    both = {"email": "x@example.org", "role": "see", "invited_by": user, "expires_at": at}
    refused(Invitation(**both))
    refused(Invitation(**both, child=child, clinic=clinic))
    refused(Invitation(**both, child=child, used_at=at, withdrawn_at=at))
    born = {"nickname": "x", "country": "GB", "birth_year": 2015}
    refused(Child(code="1", birth_month=13, **born))
    refused(Child(code="1", birth_month=1, sex="other", **born))
    refused(Child(code=child.code, birth_month=1, **born))


# Forms

HOSTILE = [
    "<script>alert(1)</script>",
    "\u202eevil",
    "a\x00b",
    "x" * 10_000,
    "' OR 1=1 --",
    "9" * 400,
    "-1",
    "1e9",
    "",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_input_gives_an_error_beside_the_field_or_is_shown_as_text(
    world: World, text: str
) -> None:
    page = client(world.people["reader"])
    good = {"nickname": "Kim", "birth_month": "5", "birth_year": str(world.at.year - 5)}
    good |= {"sex": "male", "country": "GB", "agreed": "on"}
    for field in good:
        answer = page.post("/children/add/", good | {field: text})
        assert answer.status_code in (200, 302)
        if answer.status_code == 302:
            told = page.get(answer["Location"]).content.decode()
            assert "<script>alert" not in told
        else:
            told = answer.content.decode()
            assert "Error: " in told
            assert 'aria-invalid="true"' in told
            assert "<script>alert" not in told


def test_what_was_typed_is_kept_beside_its_error(world: World) -> None:
    answer = client(world.people["reader"]).post(
        "/children/add/", {"nickname": "Kim", "birth_month": "5", "birth_year": "1800"}
    )
    told = answer.content.decode()
    assert 'value="Kim"' in told
    assert 'aria-describedby="id_birth_year_helptext id_birth_year_error"' in told
    assert 'href="#id_birth_year"' in told


def test_a_child_who_is_not_born_yet_is_not_added(world: World) -> None:
    future = {"nickname": "Kim", "birth_month": "12", "birth_year": str(world.at.year + 1)}
    answer = client(world.people["reader"]).post(
        "/children/add/", future | {"country": "GB", "agreed": "on"}
    )
    assert answer.status_code == 200


# Words


def test_the_words_of_consent_are_easy_to_read() -> None:
    for text in TEXTS.values():
        assert grade(f"{text.title}. {text.text} {text.if_withdrawn}") <= 6, text.id


PAGES = ("/account/", "/account/export/", "/children/", "/children/add/", "/clinics/")


def test_the_pages_of_families_are_easy_to_read(world: World) -> None:
    page = client(world.ours.guardian)
    child = f"/children/{world.ours.child.pk}/"
    for url in (
        *PAGES,
        child,
        f"{child}seen/",
        f"{child}guardians/invite/",
        f"{child}clinics/add/",
    ):
        text = page.get(url, follow=True).content.decode()
        inside = text[text.index("<main") : text.index("</main>")]
        told = [
            re.sub(r"<[^>]+>", "", one).strip()
            for one in re.findall(r"<p[ >].*?</p>|<li>.*?</li>", inside, flags=re.DOTALL)
        ]
        sentences = " ".join(one for one in told if one.endswith(".") and "@" not in one)
        if len(sentences.split()) > 30:
            assert grade(sentences) <= 6, (url, sentences)
