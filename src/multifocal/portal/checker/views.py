"""The symptom checker: nothing that is answered is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from multifocal.model.checker import Answers
from multifocal.model.place import site_text
from multifocal.portal.checker.forms import CheckForm
from multifocal.portal.checker.result import view_of
from multifocal.portal.engine import knowledge
from multifocal.portal.limits import limited
from multifocal.report import checker as report
from multifocal.report.typeset import forget
from multifocal.workup.checker import check

EDIT = "edit"
"""Sent by the button that goes back to the answers."""


@require_http_methods(["GET", "HEAD", "POST"])
def checker(request: HttpRequest) -> HttpResponse:
    """Ask, or say what to do."""
    if request.method != "POST":
        return _ask(request, CheckForm())
    form = CheckForm(request.POST)
    if EDIT in request.POST:
        return _ask(request, form.again())
    if not form.is_valid():
        return _ask(request, form, status=422)
    found = check(form.answers, knowledge=knowledge())
    context = {"result": view_of(found, knowledge()), "sent": _sent(form.answers)}
    return render(request, "portal/checker/result.html", context)


@require_POST
def now(request: HttpRequest) -> HttpResponse:
    """Give the box that says to get help, or nothing, while the form is being filled in."""
    form = CheckForm(request.POST)
    form.is_valid()
    found = check(form.answers, knowledge=knowledge())
    if found.how_soon != "emergency" or not found.sure:
        return HttpResponse()
    return render(request, "portal/checker/now.html", {"result": view_of(found, knowledge())})


@require_POST
@limited
def sheet(request: HttpRequest) -> HttpResponse:
    """Give the page for the doctor as a file."""
    form = CheckForm(request.POST)
    if not form.is_valid():
        return _ask(request, form, status=422)
    found = check(form.answers, knowledge=knowledge())
    content = report.render(found, knowledge=knowledge())
    forget()
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="page-for-the-doctor.pdf"'
    return answer


def _ask(request: HttpRequest, form: CheckForm, *, status: int = 200) -> HttpResponse:
    return render(request, "portal/checker/ask.html", {"form": form}, status=status)


def _sent(answers: Answers) -> list[tuple[str, str]]:
    """Give the answers as fields of a form that are not seen."""
    return [*answers.given.items(), *(("sites", site_text(site)) for site in answers.sites)]
