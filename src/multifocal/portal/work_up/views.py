"""The work-up in the browser: from a file, from an example, or from the short form."""

from itertools import islice
from typing import Any

import msgspec
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from multifocal.examples import names, path
from multifocal.exchange.form import record_of
from multifocal.exchange.read import read_each_of
from multifocal.model.issue import RecordError
from multifocal.model.record import Record
from multifocal.portal.engine import knowledge
from multifocal.portal.limits import limited
from multifocal.portal.live import asks_for_part
from multifocal.portal.uploads import too_large
from multifocal.portal.work_up.forms import FileForm, ShortForm, WantedForm
from multifocal.portal.work_up.reports import assessed, report
from multifocal.portal.work_up.sealed import opened, sealed
from multifocal.report.glance import glance

MOST_CHILDREN = 50
"""Children of one file among whom the reader can choose."""
TOO_LARGE = "This file is larger than 20 MB. Export the record of one child."


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Ask for a file; offer the examples and the short form."""
    return _start(request, FileForm())


@require_POST
@limited
def from_file(request: HttpRequest) -> HttpResponse:
    """Give the work-up of the file that was sent; when it holds several children, ask which."""
    form = FileForm(request.POST, request.FILES)
    if too_large(request):
        form.errors["file"] = form.error_class([TOO_LARGE])
        return _start(request, form, status=413)
    if not form.is_valid():
        return _start(request, form, status=400)
    try:
        records = _records(form.cleaned_data["file"])
    except RecordError as fault:
        form.add_error("file", _sentence(fault))
        return _start(request, form, status=400)
    if len(records) == 1:
        return report(request, records[0], form.wanted)
    version = knowledge().version
    children = [(record.patient, sealed(record, version=version)) for record in records]
    context = {"children": children, "wanted": form.wanted}
    return render(request, "portal/work_up/which.html", context)


@require_POST
@limited
def again(request: HttpRequest) -> HttpResponse:
    """Give the work-up of a record that the reader's own page carries."""
    form = WantedForm(request.POST)
    record = opened(request.POST.get("record", ""), version=knowledge().version)
    if record is None or not form.is_valid():
        return render(request, "portal/work_up/too_old.html", status=400)
    return report(request, record, form.wanted)


@require_POST
@limited
def example(request: HttpRequest, name: str) -> HttpResponse:
    """Give the work-up of one of the children who don't exist."""
    form = WantedForm(request.POST)
    if name not in names() or not form.is_valid():
        return _start(request, FileForm(), status=400)
    [record] = read_each_of(path(name).read_bytes(), knowledge=knowledge())
    return report(request, record, form.wanted)


@require_http_methods(["GET", "HEAD", "POST"])
@limited
def short_form(request: HttpRequest) -> HttpResponse:
    """Ask the questions of the short form, and give the work-up of the answers."""
    if request.method != "POST":
        return render(request, "portal/work_up/form.html", {"form": ShortForm()})
    form = ShortForm(request.POST)
    valid = form.is_valid()
    record = record_of(form.answers, as_of=form.day, knowledge=knowledge()) if valid else None
    if asks_for_part(request):
        return render(request, "portal/work_up/glance.html", _glance(form, record))
    if record is None or "change" in request.POST:
        context = {"form": form, **_glance(form, record)}
        return render(request, "portal/work_up/form.html", context, status=200 if valid else 400)
    answers = {name: values for name, values in request.POST.lists() if any(values)}
    answers.pop("csrfmiddlewaretoken", None)
    wanted = msgspec.structs.replace(form.wanted, as_of=form.day)
    return report(request, record, wanted, answers=answers)


def _glance(form: ShortForm, record: Record | None) -> dict[str, Any]:
    """Give what stands beside the form."""
    if record is None:
        return {"form": form, "glance": None}
    assessment = assessed(record, msgspec.structs.replace(form.wanted, as_of=form.day))
    return {
        "form": form,
        "glance": glance(assessment, knowledge=knowledge()),
        "known": len(assessment.facts),
    }


def _records(file: "UploadedFile[bytes]") -> list[Record]:
    """Read every child of a file; raises `RecordError` when there is none, or far too many."""
    records = list(islice(read_each_of(file.read(), knowledge=knowledge()), MOST_CHILDREN + 1))
    if not records:
        raise RecordError("holds nothing about a child. Export the record again")
    if len(records) > MOST_CHILDREN:
        raise RecordError(f"holds more than {MOST_CHILDREN} children. Export the record of one")
    return records


def _sentence(fault: RecordError) -> str:
    """Write what is wrong with a file as a sentence."""
    text = str(fault).rstrip(".")
    return f"{text[:1].upper()}{text[1:]}." if text.startswith("this") else f"The file {text}."


def _start(request: HttpRequest, form: FileForm, *, status: int = 200) -> HttpResponse:
    examples = [(name, name.replace("-", " ").capitalize()) for name in names()]
    context = {"form": form, "examples": examples}
    return render(request, "portal/work_up/start.html", context, status=status)
