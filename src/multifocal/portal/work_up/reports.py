"""A record to the work-up in the form that was asked for."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from multifocal.exchange.fhir import write
from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment
from multifocal.model.issue import MultifocalError
from multifocal.model.record import Record
from multifocal.portal.engine import knowledge
from multifocal.portal.work_up.sealed import sealed
from multifocal.report import page, pdf
from multifocal.report.compose import Reader
from multifocal.report.typeset import forget
from multifocal.workup.assess import assess, latest_day
from multifocal.workup.differential import SETTING

Form = Literal["page", "family", "pdf", "json", "fhir"]
FORMS: Mapping[Form, str] = {
    "page": "A page to read",
    "family": "A page for the family",
    "pdf": "PDF",
    "json": "JSON",
    "fhir": "FHIR R4 bundle",
}
FILES: Mapping[Form, tuple[str, str]] = {
    "pdf": ("application/pdf", "work-up.pdf"),
    "json": ("application/json", "work-up.json"),
    "fhir": ("application/fhir+json", "work-up-fhir.json"),
}
"""Kind and name of each file; a name tells nothing of the child."""


class Wanted(msgspec.Struct, frozen=True):
    """How a work-up is wanted."""

    form: Form = "page"
    setting: str = SETTING
    as_of: date | None = None
    """None for the day of the record's latest entry."""


def assessed(record: Record, wanted: Wanted) -> Assessment:
    """Assess a record, with what would change the answer."""
    return assess(
        record,
        as_of=wanted.as_of or latest_day(record) or timezone.localdate(),
        knowledge=knowledge(),
        setting=wanted.setting,
        thorough=True,
    )


def report(
    request: HttpRequest, record: Record, wanted: Wanted, *, answers: Mapping[str, list[str]] = {}
) -> HttpResponse:
    """Give the work-up of a record; ``answers`` are those of the short form, to be changed."""
    assessment = assessed(record, wanted)
    if wanted.form in ("page", "family"):
        return HttpResponse(_page(request, record, wanted, assessment, answers))
    kind, name = FILES[wanted.form]
    try:
        content = _file(assessment, wanted.form, knowledge())
    except MultifocalError as fault:
        return render(request, "portal/work_up/too_old.html", {"fault": str(fault)}, status=400)
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _file(assessment: Assessment, form: Form, known: Knowledge) -> bytes:
    match form:
        case "pdf":
            try:
                return pdf.render(assessment, knowledge=known)
            finally:
                forget()
        case "fhir":
            return write.bundle(assessment, knowledge=known)
        case _:
            return msgspec.json.format(msgspec.json.encode(assessment), indent=2) + b"\n"


def _page(
    request: HttpRequest,
    record: Record,
    wanted: Wanted,
    assessment: Assessment,
    answers: Mapping[str, list[str]],
) -> str:
    context = {
        "sealed": sealed(record, version=knowledge().version),
        "wanted": wanted,
        "as_of": assessment.as_of,
        "forms": {form: word for form, word in FORMS.items() if form != wanted.form},
        "answers": answers,
    }
    frame = page.Frame(
        nonce=str(request.csp_nonce),  # type: ignore[attr-defined] # django-csp puts it there
        head=render_to_string("portal/work_up/frame_head.html"),
        bar=render_to_string("portal/work_up/frame_bar.html", context, request),
    )
    reader: Reader = "family" if wanted.form == "family" else "clinician"
    return page.render(assessment, knowledge=knowledge(), reader=reader, frame=frame)
