"""The list of criteria sets and scores, and each as a calculator."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from multifocal.knowledge.entries import CriteriaEntry
from multifocal.portal.calculators.forms import Calculator
from multifocal.portal.calculators.shown import grouped, rules_of, shown, sources_of
from multifocal.portal.engine import knowledge
from multifocal.portal.live import asks_for_part


@require_safe
def scores(request: HttpRequest) -> HttpResponse:
    """List every set under the question that it is asked for."""
    return render(request, "portal/calculators/list.html", {"groups": grouped(knowledge())})


@require_http_methods(["GET", "HEAD", "POST"])
def calculator(request: HttpRequest, which: str) -> HttpResponse:
    """Show a set as a form, and below it what it says of the answers sent; nothing is kept."""
    entry = _entry(which)
    form = Calculator(entry, knowledge(), request.POST if request.method == "POST" else {})
    result = shown(form.result, entry) if form.is_valid() and form.result else None
    context = {"entry": entry, "form": form, "result": result, "asked": request.method == "POST"}
    if asks_for_part(request):
        return render(request, "portal/calculators/result.html", context)
    sources = sources_of(entry, knowledge())
    about = {"sources": sources, "rules": rules_of(entry, sources)}
    return render(request, "portal/calculators/calculator.html", context | about)


def _entry(which: str) -> CriteriaEntry:
    for entry in knowledge().criteria:
        if entry.id == which:
            return entry
    raise Http404
