"""Public pages: each gathers what the knowledge says, and shows it."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from multifocal.knowledge.catalogue import can_be_found, catalogue, cited
from multifocal.knowledge.entries import Audience
from multifocal.knowledge.figures import said
from multifocal.knowledge.often import conditions_with, often, told_apart
from multifocal.knowledge.regions import about as about_region
from multifocal.knowledge.regions import regions as all_regions
from multifocal.knowledge.tally import tally, total
from multifocal.model.anatomy import BoneId, Region
from multifocal.model.source import Certainty
from multifocal.portal.article import linked_data, places
from multifocal.portal.article.boxes import box, boxes
from multifocal.portal.article.documents import index
from multifocal.portal.article.kept import kept
from multifocal.portal.article.parts import (
    HAND,
    URGENT,
    bibliography,
    in_plain_words,
    opening,
    part,
    parts,
)
from multifocal.portal.article.search import LETTERS
from multifocal.portal.article.words import slug, words
from multifocal.portal.engine import knowledge
from multifocal.report.outline import Spot
from multifocal.report.sources import Bibliography
from multifocal.report.words import clean

EXAMPLE: tuple[Spot, ...] = (
    (BoneId("metacarpal_2"), "right"),
    (BoneId("middle_phalanx_hand_3"), "right"),
)
"""The bones that the drawing of the start page marks."""
MET = 16
"""Conditions that a region's page shows before it folds the rest away."""
TELLING = 12
"""Findings that a condition's page sets beside those of the disease."""
FIRST_POLICY = "variant_is_no_clearance"
"""What the atlas says before anything else."""


def show(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """Render a page with an empty list of sources, unless it brings its own."""
    filled = {
        "bibliography": Bibliography(knowledge()),
        "canonical": f"{settings.OPTIONS.origin}{request.path}",
        "known": knowledge(),
        "checked": max((one.checked for one in knowledge().sources if one.checked), default=None),
        **context,
    }
    return render(request, f"portal/article/{template}.html", filled)


@kept
def home(request: HttpRequest) -> HttpResponse:
    """Show what this is, and three doors."""
    known = knowledge()
    family = parts("family", known, listed=reverse("article"))
    return show(
        request,
        "home",
        disease=linked_data.the_disease(known),
        urgent=opening(part(URGENT, family)),
        hands=places.hands(EXAMPLE, "Both hands, seen from the back. Two bones are marked."),
        outlines=places.unseen(["hands"]),
        total=total(tally(catalogue(known))),
    )


@kept
def article(request: HttpRequest, audience: Audience = "family") -> HttpResponse:
    """Show the article; the one for families tells machines what else the disease can be."""
    known = knowledge()
    sections = parts(audience, known)
    disease = linked_data.the_disease(known)
    others = [one for one in known.conditions if one.id != disease.id]
    told = linked_data.disease(disease, others if audience == "family" else ())
    return show(
        request,
        "article",
        audience=audience,
        first=sections[0],
        sections=sections[1:],
        bibliography=bibliography(sections, known),
        data=linked_data.script(told),
    )


@kept
def urgent(request: HttpRequest) -> HttpResponse:
    """Show when to get help, and nothing before it."""
    sections = parts("family", knowledge(), lower=0)
    section = part(URGENT, sections)
    numbers = {one.number for one in section.sources}
    everything = bibliography(sections, knowledge()).cited()
    return show(
        request,
        "urgent",
        section=section,
        opening=opening(section),
        rest=section.blocks[len(opening(section)) :],
        cited=[one for one in everything if one.number in numbers],
    )


@kept
def regions(request: HttpRequest) -> HttpResponse:
    """Show the map of the bones, and every region in words."""
    known = knowledge()
    found = all_regions(known)
    tops = [one for one in found if one.parent and known.regions_by_id[one.parent].parent is None]
    tree = [(top, [one for one in found if top.id in known.places[one.id][1:]]) for top in tops]
    return show(
        request,
        "regions",
        tree=tree,
        map=places.overview(known),
        outlines=places.unseen(["figure"]),
    )


@kept
def region(request: HttpRequest, name: str) -> HttpResponse:
    """Show what is known of one region."""
    if name == places.OF_THE_HAND:
        return HttpResponsePermanentRedirect(reverse("right_hand"))
    found = {slug(one.id): one for one in all_regions(knowledge())}
    if name not in found:
        raise Http404
    return _region(request, found[name])


@kept
def right_hand(request: HttpRequest) -> HttpResponse:
    """Show the right hand, with the left beside it."""
    known = knowledge()
    hand = known.regions_by_id[places.OF_THE_HAND]
    bones = [bone.id for bone in known.bones if hand.id in known.places[bone.id]]
    right: list[Spot] = [(bone, "right") for bone in bones]
    return _region(
        request,
        hand,
        map=places.hands(right, "Both hands, seen from the back; the right hand is marked."),
        outlines=places.unseen(["hands"]),
        family=part(HAND, parts("family", known, listed=reverse("article"))),
        clinician=part(HAND, parts("clinician", known, listed=reverse("article_clinician"))),
        by_hand=sorted(
            (one for one in known.conditions if one.hand.level == "high"),
            key=lambda one: list(words()["urgency"]).index(one.urgency),
        ),
    )


def _region(request: HttpRequest, one: Region, **more: Any) -> HttpResponse:
    known = knowledge()
    found = about_region(one, known)
    drawing = places.drawn(f"{one.label}: where it is", [one.id], known)
    rows = conditions_with([each.id for each in found.findings], known)
    met = [(row, known.conditions_by_id[row.condition]) for row in rows]
    disease = linked_data.the_disease(known)
    context = {
        "region": one,
        "about": found,
        "title": places.title(one),
        "map": drawing.svg,
        "view": drawing.view,
        "outlines": places.unseen([drawing.view]),
        "boxes": [box(topic, known) for topic in found.topics],
        "conditions": met[:MET],
        "more": met[MET:],
        "variants": [(row, said(row.figure)) for row in found.variants],
        "data": linked_data.script(linked_data.at(one.label, found.codes, disease)),
    }
    return show(request, "region", **{**context, **more})


@kept
def conditions(request: HttpRequest) -> HttpResponse:
    """Show every condition of the differential, the dangerous first."""
    known = knowledge()
    groups = [
        (urgency, [one for one in known.conditions if one.urgency == urgency])
        for urgency in words()["urgency"]
    ]
    return show(request, "conditions", groups=groups)


@kept
def condition(request: HttpRequest, name: str) -> HttpResponse:
    """Show one condition."""
    known = knowledge()
    one = {slug(each.id): each for each in known.conditions}.get(name)
    if one is None:
        raise Http404
    disease = linked_data.the_disease(known)
    statements = [each for each in known.statements if each.id in one.statements]
    return show(
        request,
        "condition",
        condition=one,
        disease=disease,
        plain=in_plain_words(f"condition:{one.id}", known),
        often=[each for each in often(one.id, known) if each.finding.kind != "demographic"],
        apart=told_apart(one.id, disease.id, known)[:TELLING] if one.id != disease.id else (),
        signs=[(sign, known.findings_by_id[sign.finding]) for sign in one.rule_in],
        against=[(sign, known.findings_by_id[sign.finding]) for sign in one.rule_out],
        tests=[test for test in one.tests if test.kind != "treatment"],
        numbers=[(number, said(number.figure)) for number in one.numbers],
        statements=[(each, said(each.figure)) for each in statements],
        data=linked_data.script(linked_data.condition(one)),
    )


@kept
def atlas(request: HttpRequest) -> HttpResponse:
    """Show what images show in children without bone disease."""
    known = knowledge()
    rows = [
        (row, said(row.figure), places.of_variant(row.where, row.places, known))
        for row in known.variants
    ]
    groups = [(kind, [row for row in rows if row[0].about == kind]) for kind in words()["about"]]
    views = places.unseen(drawing.view for _, _, drawing in rows)
    return show(
        request,
        "atlas",
        groups=groups,
        outlines=views,
        conversions=[(one, said(one.age)) for one in known.conversions],
        first=next(one for one in known.policies if one.id == FIRST_POLICY),
    )


@kept
def disagreements(request: HttpRequest) -> HttpResponse:
    """Show every question on which sources contradict each other."""
    return show(request, "disagreements", boxes=boxes(knowledge(), differing=True))


@kept
def numbers(request: HttpRequest) -> HttpResponse:
    """Show every question, and what each source answers."""
    return show(request, "numbers", boxes=boxes(knowledge(), differing=False))


@kept
def sources(request: HttpRequest) -> HttpResponse:
    """Show every source."""
    return show(request, "sources")


@kept
def not_verified(request: HttpRequest) -> HttpResponse:
    """Show all that nobody has checked in its source yet."""
    known = knowledge()
    listed = catalogue(known)
    public = [one for one in listed if getattr(one.entry, "kind", "") != "treatment"]
    remembered = {
        kind: dict.fromkeys(
            one.label for one in public if one.kind == kind and _remembered(one.entry)
        )
        for kind in dict.fromkeys(one.kind for one in public)
    }
    return show(
        request,
        "not_verified",
        tallies=tally(listed),
        total=total(tally(listed)),
        remembered={kind: labels for kind, labels in remembered.items() if labels},
        locked=[one for one in known.criteria if one.locked],
        silent=[topic for topic in known.topics if topic.not_found],
        lost=[source for source in known.sources if not can_be_found(source)],
    )


def _remembered(entry: Any) -> bool:
    return any(citation.certainty is Certainty.MEMORY for citation in cited(entry))


@kept
def about(request: HttpRequest) -> HttpResponse:
    """Show what this can't do, its terms, and its versions."""
    licences = Counter(source.licence for source in knowledge().sources if source.licence)
    return show(request, "about", licences=licences.most_common())


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Look for words in all public pages; what was asked is kept nowhere."""
    query = clean(request.GET.get("q", "")[:LETTERS])
    found = index().search(query) if query else ()
    template = "_results" if request.headers.get("HX-Request") else "search"
    response = show(request, template, query=query, results=found)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Say where robots may go."""
    return render(request, "portal/article/robots.txt", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """List every public page."""
    known = knowledge()
    single = (
        "home", "article", "article_clinician", "urgent", "regions", "right_hand", "conditions",
        "atlas", "disagreements", "numbers", "sources", "not_verified", "about",
        "checker", "scores", "work_up",
    )  # fmt: skip
    addresses = [
        *map(reverse, single),
        *(places.address(one) for one in all_regions(known) if one.id != places.OF_THE_HAND),
        *(reverse("condition", args=[slug(one.id)]) for one in known.conditions),
    ]
    return render(
        request,
        "portal/article/sitemap.xml",
        {"addresses": addresses},
        content_type="application/xml; charset=utf-8",
    )
