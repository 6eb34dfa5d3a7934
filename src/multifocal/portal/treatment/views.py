"""The section for readers who are signed in; for others what it takes to become one."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from multifocal.knowledge.entries import Audience
from multifocal.portal.treatment import section


@require_safe
def page(request: HttpRequest, audience: Audience) -> HttpResponse:
    """Show the section, or the way in."""
    if not request.user.is_authenticated:
        return render(request, "portal/treatment/gate.html", {"next": request.path})
    context = {"audience": audience, "section": section.page(request.user, audience)}
    return render(request, "portal/treatment/page.html", context)


@login_required
@require_safe
def pdf(request: HttpRequest, audience: Audience) -> HttpResponse:
    """Give the section as a file."""
    answer = HttpResponse(section.pdf(request.user, audience), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="treatment-{audience}.pdf"'
    return answer
