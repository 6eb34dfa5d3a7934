"""The symptom checker, one question a page. Nothing that is answered is kept here.

Each page is answered to its own address and leads on to the next, so that Back and Reload work.
Where no cookie comes back, the answers travel in the forms, and the next page is the answer itself.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST
from msgspec.structs import replace

from multifocal.model.place import site_text
from multifocal.portal import errors
from multifocal.portal.checker.carried import Carried, brought, fits, hand_over, sealed
from multifocal.portal.checker.forms import MapForm, places_shown, problem, taken
from multifocal.portal.checker.help_line import countries, help_line
from multifocal.portal.checker.result import view_of
from multifocal.portal.checker.steps import (
    Step,
    Told,
    answers_of,
    first_open,
    is_emergency,
    steps,
    tests_step,
)
from multifocal.portal.checker.summary import rows_of
from multifocal.portal.engine import knowledge
from multifocal.portal.limits import limited
from multifocal.report import checker as report
from multifocal.report.typeset import forget
from multifocal.workup.checker import check

SHOW = "show"
"""Sent by a button that only leads to a page, where a link would lose the answers."""
CHANGE = "change"
"""In the address of a step to which the summary led: it leads back there."""

View = Callable[..., HttpResponse]
Page = Callable[[HttpRequest, Carried], HttpResponse]


def ours(view: View) -> View:
    """Refuse forms of other sites; browsers say whence they come, and no cookie is needed.

    What says nothing is asked for the token of Django's forms, which no page of ours carries.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and (refused := _from_elsewhere(request, view)):
            return refused
        response = view(request, *args, **kwargs)
        response.setdefault("Cache-Control", "no-store, private")
        return response

    return guarded


def _from_elsewhere(request: HttpRequest, view: View) -> HttpResponse | None:
    site = request.headers.get("Sec-Fetch-Site", "")
    origin = request.headers.get("Origin", "null")
    if not site and origin == "null":
        return CsrfViewMiddleware(lambda _: HttpResponse()).process_view(request, view, (), {})
    here = site in {"", "same-origin", "none"}
    here = here and (origin == "null" or urlsplit(origin).netloc == request.get_host())
    return None if here else errors.csrf(request)


@ours
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Ask the first question."""
    return _step(request, 1)


@ours
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, number: int) -> HttpResponse:
    """Ask a question, or take its answer and lead on."""
    return _step(request, number)


@ours
@require_http_methods(["GET", "HEAD", "POST"])
def on_map(request: HttpRequest) -> HttpResponse:
    """Take the places from the maps and lists of bones."""
    carried = brought(request)
    path = steps(carried.told, knowledge())
    number = next((n for n, one in enumerate(path, 1) if one.kind == "place"), 1)
    if carried.lost or first_open(carried.told, knowledge()) < number:
        return _at_first(request, carried)
    if not _answers(request):
        return _map_page(
            request,
            carried,
            MapForm(initial={"sites": answers_of(carried.told, knowledge()).sites}),
        )
    form = MapForm(request.POST)
    if not form.is_valid():
        return _map_page(request, carried, form, status=422)
    told = taken(carried.told, path[number - 1], map(site_text, form.cleaned_data["sites"]))
    return _after(request, carried, told, path[number - 1])


@ours
@require_http_methods(["GET", "HEAD", "POST"])
def tests(request: HttpRequest) -> HttpResponse:
    """Take the results of tests; they are asked on request."""
    carried = brought(request)
    if carried.lost:
        return _at_first(request, carried)
    one = tests_step(knowledge())
    if not _answers(request):
        return _asked(request, carried, one)
    told = taken(carried.told, one, request.POST)
    return _to(request, carried, told, len(steps(told, knowledge())))


@ours
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: HttpRequest) -> HttpResponse:
    """Say what to do and how soon, once all is answered or an emergency is plain."""
    carried = brought(request)
    path = steps(carried.told, knowledge())
    done = first_open(carried.told, knowledge()) == len(path)
    if carried.lost or not (done or is_emergency(carried.told, knowledge())):
        return _at_first(request, carried)
    return _result_page(request, carried)


@ours
@require_POST
def country(request: HttpRequest) -> HttpResponse:
    """Take the country whose emergency number is shown, and go back to the page."""
    carried = brought(request)
    chosen = request.POST.get("country", "")
    told = replace(carried.told, country=chosen if chosen in countries(knowledge()) else "XX")
    back = request.POST.get("back", "")
    if back == "result":
        return _led(request, carried, told, reverse("checker_result"), _result_page)
    number = int(back) if back.isdecimal() and len(back) < 4 else 1
    return _to(request, carried, told, min(number, first_open(told, knowledge())))


@ours
@require_POST
def anew(request: HttpRequest) -> HttpResponse:
    """Forget what was told and begin again."""
    carried = brought(request)
    return _to(request, carried, Told(country=carried.told.country), 1)


@ours
@require_POST
@limited
def sheet(request: HttpRequest) -> HttpResponse:
    """Give the page for the doctor as a file."""
    carried = brought(request)
    if carried.lost or not carried.told.seen:
        return _at_first(request, carried)
    found = check(answers_of(carried.told, knowledge()), knowledge=knowledge())
    content = report.render(found, knowledge=knowledge())
    forget()
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="page-for-the-doctor.pdf"'
    return answer


# --- a step ---


def _step(request: HttpRequest, number: int) -> HttpResponse:
    carried = brought(request)
    path = steps(carried.told, knowledge())
    open_ = first_open(carried.told, knowledge())
    if carried.lost or not 1 <= number <= open_:
        return _at_first(request, carried)
    if not _answers(request):
        return _step_page(request, carried, number)
    asked = next((one for one in path if one.id == request.POST.get("step")), None)
    if asked is None or asked.id not in {one.id for one in path[:open_]}:
        return _at_first(request, carried)
    wrong = problem(asked, request.POST)
    if wrong:
        return _asked(request, carried, asked, wrong=wrong, status=422)
    return _after(request, carried, taken(carried.told, asked, request.POST), asked)


def _answers(request: HttpRequest) -> bool:
    return request.method == "POST" and SHOW not in request.POST


def _after(request: HttpRequest, carried: Carried, told: Told, asked: Step) -> HttpResponse:
    """Lead on: to help at once where an answer made it an emergency, else to what comes next."""
    was = is_emergency(carried.told, knowledge())
    if asked.kind == "summary" or (is_emergency(told, knowledge()) and not was):
        return _led(request, carried, told, reverse("checker_result"), _result_page)
    path = steps(told, knowledge())
    here = next((n for n, one in enumerate(path, 1) if one.id == asked.id), 1)
    open_ = first_open(told, knowledge())
    return _to(request, carried, told, open_ if CHANGE in request.GET else min(here + 1, open_))


def _to(request: HttpRequest, carried: Carried, told: Told, number: int) -> HttpResponse:
    return _led(request, carried, told, address(number), lambda r, c: _step_page(r, c, number))


def _led(request: HttpRequest, carried: Carried, told: Told, url: str, page: Page) -> HttpResponse:
    """Go to a page with what was told: by its address, or at once where no cookie carries it."""
    if carried.by_form or not fits(told):
        return page(request, Carried(told, by_form=True))
    return hand_over(HttpResponseRedirect(url, status=303), told)


def address(number: int) -> str:
    """Give the address of a step."""
    return reverse("checker") if number == 1 else reverse("checker_step", args=[number])


def _at_first(request: HttpRequest, carried: Carried) -> HttpResponse:
    """Lead to the first question that is open; say so where what was told is gone."""
    number = first_open(carried.told, knowledge())
    if carried.lost or carried.by_form or request.method == "POST":
        return _step_page(request, carried, number)
    return HttpResponseRedirect(address(number), status=303)


# --- pages ---


def _step_page(request: HttpRequest, carried: Carried, number: int) -> HttpResponse:
    return _asked(request, carried, steps(carried.told, knowledge())[number - 1])


def _asked(
    request: HttpRequest, carried: Carried, asked: Step, *, wrong: str = "", status: int = 200
) -> HttpResponse:
    told = carried.told
    path = steps(told, knowledge())
    number = next((n for n, one in enumerate(path, 1) if one.id == asked.id), len(path))
    marks = request.POST.getlist("mark") if wrong else ()
    context = {
        "step": asked,
        "number": number,
        "total": len(path),
        "answered": told.given,
        "marked": frozenset(marks)
        | {name for name, answer in told.given.items() if answer != "no" and not wrong},
        "was_seen": asked.id in told.seen,
        "wrong": wrong,
        "changing": CHANGE in request.GET,
        "back": address(number - 1) if number > 1 else "",
        "places": places_shown(told) if asked.kind == "place" else (),
        "rows": rows_of(told, knowledge()) if asked.kind == "summary" else (),
        "found": check(answers_of(told, knowledge()), knowledge=knowledge())
        if asked.kind == "summary"
        else None,
        "contradictions": {one.id: one for one in knowledge().check_contradictions},
    }
    return _page(
        request, carried, "portal/checker/step.html", context, back=str(number), status=status
    )


def _map_page(
    request: HttpRequest, carried: Carried, form: MapForm, *, status: int = 200
) -> HttpResponse:
    context = {"form": form}
    return _page(request, carried, "portal/checker/map.html", context, back="1", status=status)


def _result_page(request: HttpRequest, carried: Carried) -> HttpResponse:
    told = carried.told
    found = check(answers_of(told, knowledge()), knowledge=knowledge())
    path = steps(told, knowledge())
    open_ = first_open(told, knowledge())
    context = {
        "result": view_of(found, told, knowledge()),
        "unfinished": open_ < len(path),
        "summary": address(len(path)),
        "next": address(open_),
    }
    return _page(request, carried, "portal/checker/result.html", context, back="result")


def _page(
    request: HttpRequest,
    carried: Carried,
    template: str,
    context: dict[str, Any],
    *,
    back: str,
    status: int = 200,
) -> HttpResponse:
    told = carried.told
    shared = {
        "told": told,
        "you": told.speaks,
        "lost": carried.lost,
        "sealed": sealed(told) if carried.by_form else "",
        "help_line": help_line(request, told.country, knowledge()),
        "countries": countries(knowledge()).values(),
        "here": back,
    }
    response = render(request, template, {**shared, **context}, status=status)
    return response if carried.by_form else hand_over(response, told)
