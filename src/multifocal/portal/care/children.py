"""Pages of families: children, and who may see them."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from multifocal.portal import access, actions
from multifocal.portal.access import Purpose
from multifocal.portal.accounts.people import SignedIn, signed_in, too_often
from multifocal.portal.care.ages import dates_of, rule_of
from multifocal.portal.care.consents import RECORD, TEXTS
from multifocal.portal.care.forms import ChildForm, ChooseClinic, Invite, InviteGuardian
from multifocal.portal.care.mail import send_invitation
from multifocal.portal.care.models import YOUNG_PERSON, Child, Invitation
from multifocal.portal.care.words import sentence


@signed_in
def children(request: SignedIn) -> HttpResponse:
    """List the children of whom somebody is a guardian, and the own record."""
    found = access.family_of(request.user, at=timezone.now())
    return render(request, "portal/care/children.html", {"children": found})


@signed_in
def add(request: SignedIn) -> HttpResponse:
    """Add a child."""
    at = timezone.now()
    form = ChildForm(request.POST or None, today=at.date(), agree_to=RECORD.text)
    if refusal := too_often(request, "add_child"):
        return refusal
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in form.Meta.fields}
        try:
            child = actions.add_child(by=request.user, at=at, **fields)
        except actions.RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("child", child.pk)
    return render(request, "portal/care/add.html", {"form": form})


@signed_in
def child(request: SignedIn, child: UUID) -> HttpResponse:
    """Show who may see a child's record, and what the family agreed to."""
    at = timezone.now()
    found = access.child_for(request.user, child, Purpose.SEE, at=at)
    deciding = access.children_for(request.user, Purpose.DECIDE, at=at)
    circle = access.circle_of(found, at=at)
    given = {one.kind: one for one in circle.consents}
    context = {
        "child": found,
        "circle": circle,
        "is_family": access.is_family(request.user, found, at=at),
        "may_decide": deciding.filter(pk=found.pk).exists(),
        "consents": [(text, given.get(text.id)) for text in TEXTS.values()],
        "dates": dates_of(found),
        "rule": rule_of(found.country),
        "today": at.date(),
    }
    return render(request, "portal/care/child.html", context)


@signed_in
def seen(request: SignedIn, child: UUID) -> HttpResponse:
    """Show the family who looked at a child's record."""
    at = timezone.now()
    found = access.child_for(request.user, child, Purpose.SEE, at=at)
    if not access.is_family(request.user, found, at=at):
        raise Http404
    rows = [
        (one.event.at, sentence(one, reader=request.user.pk), one.event.granted)
        for one in access.seen(found)
    ]
    context = {"child": found, "rows": rows, "broken": access.emergencies_of(found)}
    return render(request, "portal/care/seen.html", context)


@signed_in
def invite_guardian(request: SignedIn, child: UUID) -> HttpResponse:
    """Invite a guardian."""
    return _invite(request, child, InviteGuardian(request.POST or None), "guardian")


@signed_in
def invite_young_person(request: SignedIn, child: UUID) -> HttpResponse:
    """Invite the child to an own log-in."""
    return _invite(request, child, Invite(request.POST or None), "young_person")


def _invite(request: SignedIn, id: UUID, form: Invite, whom: str) -> HttpResponse:  # noqa: A002
    at = timezone.now()
    child = access.child_for(request.user, id, Purpose.DECIDE, at=at)
    if refusal := too_often(request, "invite"):
        return refusal
    if request.method == "POST" and form.is_valid():
        email, role = form.cleaned_data["email"], form.cleaned_data.get("role", YOUNG_PERSON)
        mailed(request, *actions.invite(by=request.user, at=at, email=email, role=role, to=child))
        return redirect("child", child.pk)
    return render(request, "portal/care/invite.html", {"child": child, "form": form, "whom": whom})


def mailed(request: SignedIn, invitation: Invitation, is_new: bool) -> None:  # noqa: FBT001
    """Mail a new invitation, and tell how that went."""
    if not is_new:
        messages.info(request, "There is an open invitation to this address already.")
    elif send_invitation(request, invitation):
        messages.success(request, "The invitation is sent. It can be used for 7 days.")
    else:
        actions.withdraw_invitation(by=request.user, at=timezone.now(), invitation=invitation)
        messages.error(request, "The mail could not be sent. Please try again later.")


def _to_decide(request: SignedIn, id: UUID) -> Child:  # noqa: A002
    return access.child_for(request.user, id, Purpose.DECIDE, at=timezone.now())


@require_POST
@signed_in
def withdraw_invitation(request: SignedIn, child: UUID, invitation: UUID) -> HttpResponse:
    """Take back an invitation."""
    found = access.invitation_of(_to_decide(request, child), invitation)
    actions.withdraw_invitation(by=request.user, at=timezone.now(), invitation=found)
    return redirect("child", child)


@require_POST
@signed_in
def end_guardian(request: SignedIn, child: UUID, guardianship: UUID) -> HttpResponse:
    """End a guardian's access: the own one, or another's by whoever decides."""
    at = timezone.now()
    found = access.child_for(request.user, child, Purpose.SEE, at=at)
    row = access.guardianship_of(found, guardianship)
    if row.guardian_id != request.user.pk:
        _to_decide(request, child)
    try:
        actions.end_guardianship(by=request.user, at=at, guardianship=row)
    except actions.RefusedError as refused:
        messages.error(request, str(refused))
        return redirect("child", child)
    if row.guardian_id == request.user.pk:
        return redirect("children")
    return redirect("child", child)


@require_POST
@signed_in
def review_guardian(request: SignedIn, child: UUID, guardianship: UUID) -> HttpResponse:
    """Keep a guardian's access after talking about it."""
    row = access.guardianship_of(_to_decide(request, child), guardianship)
    actions.review_guardianship(by=request.user, at=timezone.now(), guardianship=row)
    return redirect("child", child)


@require_POST
@signed_in
def end_young_person(request: SignedIn, child: UUID) -> HttpResponse:
    """End the child's own log-in."""
    found = _to_decide(request, child)
    try:
        actions.end_young_person(by=request.user, at=timezone.now(), child=found)
    except actions.RefusedError as refused:
        messages.error(request, str(refused))
    return redirect("child", child)


@require_POST
@signed_in
def give_consent(request: SignedIn, child: UUID, kind: str) -> HttpResponse:
    """Agree to something."""
    return _decided(request, child, kind, actions.give_consent)


@require_POST
@signed_in
def withdraw_consent(request: SignedIn, child: UUID, kind: str) -> HttpResponse:
    """Agree no more."""
    return _decided(request, child, kind, actions.withdraw_consent)


@signed_in
def grant_care(request: SignedIn, child: UUID) -> HttpResponse:
    """Let a clinic see the record."""
    found = _to_decide(request, child)
    clinics = access.clinics_to_choose(is_demo=found.is_demo)
    form = ChooseClinic(request.POST or None, clinics=clinics)
    if request.method == "POST" and form.is_valid():
        actions.grant_care(by=request.user, child=found, clinic=form.cleaned_data["clinic"])
        return redirect("child", child)
    return render(request, "portal/care/choose_clinic.html", {"child": found, "form": form})


@require_POST
@signed_in
def end_care(request: SignedIn, child: UUID, care: UUID) -> HttpResponse:
    """Let a clinic see the record no more."""
    row = access.care_of(_to_decide(request, child), care)
    actions.end_care(by=request.user, at=timezone.now(), care=row)
    return redirect("child", child)


def _decided(
    request: SignedIn, child: UUID, kind: str, decide: Callable[..., object]
) -> HttpResponse:
    found = _to_decide(request, child)
    if kind not in TEXTS:
        raise Http404
    decide(by=request.user, at=timezone.now(), child=found, kind=kind)
    return redirect("child", child)
