"""Pages of clinics: members, children in care, emergencies, counts; and invitations to all."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from multifocal.portal import access, actions
from multifocal.portal.access import Counted, Purpose
from multifocal.portal.accounts.people import SignedIn, signed_in, too_often
from multifocal.portal.care.children import mailed
from multifocal.portal.care.forms import Emergency, InviteMember, MemberName
from multifocal.portal.care.models import Role, Sex
from multifocal.portal.care.suppress import LEAST, STEP, suppressed


@signed_in
def clinics(request: SignedIn) -> HttpResponse:
    """List the clinics of which somebody is a member."""
    found = access.memberships_of(request.user)
    is_safe = request.user.is_demo or access.has_second_factor(request.user)
    context = {"memberships": found, "is_safe": is_safe}
    return render(request, "portal/care/clinics.html", context)


@signed_in
def members(request: SignedIn, clinic: UUID) -> HttpResponse:
    """Show an administrator the members of a clinic."""
    found = access.clinic_for(request.user, clinic, Role.ADMINISTRATOR)
    context = {
        "clinic": found,
        "members": access.members_of(found),
        "invitations": access.invitations_of(found, at=timezone.now()),
    }
    return render(request, "portal/care/members.html", context)


@signed_in
def invite_member(request: SignedIn, clinic: UUID) -> HttpResponse:
    """Invite somebody to a clinic."""
    found = access.clinic_for(request.user, clinic, Role.ADMINISTRATOR)
    form = InviteMember(request.POST or None)
    if refusal := too_often(request, "invite"):
        return refusal
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        at = timezone.now()
        mailed(request, *actions.invite(by=request.user, at=at, to=found, **wanted))
        return redirect("clinic_members", clinic)
    return render(request, "portal/care/invite_member.html", {"clinic": found, "form": form})


@require_POST
@signed_in
def withdraw_member(request: SignedIn, clinic: UUID, invitation: UUID) -> HttpResponse:
    """Take back an invitation to a clinic."""
    found = access.clinic_for(request.user, clinic, Role.ADMINISTRATOR)
    row = access.invitation_of(found, invitation)
    actions.withdraw_invitation(by=request.user, at=timezone.now(), invitation=row)
    return redirect("clinic_members", clinic)


@require_POST
@signed_in
def verify_member(request: SignedIn, clinic: UUID, member: UUID) -> HttpResponse:
    """Verify a member of a clinic."""
    found = access.clinic_for(request.user, clinic, Role.ADMINISTRATOR)
    row = access.member_of(found, member)
    try:
        actions.verify_member(by=request.user, at=timezone.now(), membership=row)
    except actions.RefusedError as refused:
        messages.error(request, str(refused))
    return redirect("clinic_members", clinic)


@require_POST
@signed_in
def end_member(request: SignedIn, clinic: UUID, member: UUID) -> HttpResponse:
    """End somebody's role in a clinic."""
    found = access.clinic_for(request.user, clinic, Role.ADMINISTRATOR)
    row = access.member_of(found, member)
    try:
        actions.end_member(by=request.user, at=timezone.now(), membership=row)
    except actions.RefusedError as refused:
        messages.error(request, str(refused))
    if row.user_id == request.user.pk:
        return redirect("clinics")
    return redirect("clinic_members", clinic)


@signed_in
def in_care(request: SignedIn, clinic: UUID) -> HttpResponse:
    """List for a clinician the children whom the clinic cares for."""
    found = access.clinic_for(request.user, clinic, Role.CLINICIAN)
    at = timezone.now()
    actions.close_undecided(at=at, clinic=found)
    children = access.in_care_of(request.user, found, at=at)
    waiting = access.to_accept(request.user, found, at=at)
    context = {
        "clinic": found,
        "children": [(child, waiting.get(child.pk)) for child in children],
        "closings": access.closings_of(found),
    }
    return render(request, "portal/care/in_care.html", context)


@require_POST
@signed_in
def accept_care(request: SignedIn, clinic: UUID, care: UUID) -> HttpResponse:
    """Say that the clinic cares for a child."""
    at = timezone.now()
    found = access.clinic_for(request.user, clinic, Role.CLINICIAN)
    row = access.care_in(found, care)
    access.child_for(request.user, row.child_id, Purpose.SEE, at=at)
    try:
        actions.accept_care(by=request.user, at=at, care=row)
    except actions.RefusedError as refused:
        messages.error(request, str(refused))
    return redirect("clinic_children", clinic)


@signed_in
def emergency(request: SignedIn, clinic: UUID) -> HttpResponse:
    """Open the record of a child in an emergency."""
    found = access.clinic_for(request.user, clinic, Role.CLINICIAN)
    form = Emergency(request.POST or None)
    if refusal := too_often(request, "break_glass"):
        return refusal
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        code, is_demo = form.cleaned_data["code"], request.user.is_demo
        child = access.child_by_code(code, is_demo=is_demo, at=at)
        try:
            child = actions.break_glass(
                by=request.user,
                at=at,
                clinic=found,
                child=child,
                reason=form.cleaned_data["reason"],
            )
        except actions.RefusedError as refused:
            form.add_error("code", str(refused))
        else:
            return redirect("child", child.pk)
    return render(request, "portal/care/emergency.html", {"clinic": found, "form": form})


@signed_in
def counts(request: SignedIn) -> HttpResponse:
    """Show a researcher how many children may be counted, small numbers left out."""
    found = access.counts_for(request.user, at=timezone.now())
    tables = [(clinic, *_table(children)) for clinic, children in found.items()]
    context = {"tables": tables, "least": LEAST, "step": STEP}
    return render(request, "portal/care/counts.html", context)


def _table(children: tuple[Counted, ...]) -> tuple[list[tuple[str, int | None]], int | None]:
    """Give the numbers of one clinic as they may be shown, by sex and together."""
    cells = {sex.value: [one.family for one in children if one.sex == sex] for sex in Sex}
    rows, total = suppressed(cells)
    return [(str(Sex(name).label), count) for name, count in rows.items()], total


@signed_in
def invitation(request: SignedIn, token: str) -> HttpResponse:
    """Show an invitation to whom it was sent, and take it up."""
    at = timezone.now()
    found = access.invitation_for(request.user, token, at=at)
    if found is None:
        return render(request, "portal/care/invitation_gone.html", status=410)
    form = MemberName(request.POST or None) if found.clinic else None
    if request.method == "POST" and (form is None or form.is_valid()):
        name = form.cleaned_data["name"] if form else ""
        try:
            actions.accept(by=request.user, at=at, invitation=found, name=name)
        except actions.RefusedError as refused:
            messages.error(request, str(refused))
        return redirect("clinics" if found.clinic else "children")
    context = {"invitation": found, "form": form}
    return render(request, "portal/care/invitation.html", context)
