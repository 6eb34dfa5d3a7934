"""The operations of the API: each asks the engine and gives its answer as JSON."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Header, NinjaAPI, Path, Query, Router
from ninja.errors import Throttled, ValidationError
from ninja.openapi.schema import OpenAPISchema

from multifocal.exchange.entered import EnteredError, entered
from multifocal.exchange.fhir import write
from multifocal.exchange.read import read_bytes
from multifocal.knowledge.article import article
from multifocal.knowledge.entries import Audience, CriteriaEntry
from multifocal.model.checker import Answers as Given
from multifocal.model.issue import RecordError
from multifocal.model.place import read_site
from multifocal.portal.api.limits import (
    LARGEST,
    LARGEST_ANSWERS,
    TooLargeError,
    sent,
)
from multifocal.portal.api.schema import (
    About,
    Answers,
    Named,
    Page,
    Problem,
    ScoreDescription,
    SymptomAnswers,
    answers,
    body,
    components,
)
from multifocal.portal.context import versions
from multifocal.portal.days import is_day_of_a_record
from multifocal.portal.engine import knowledge
from multifocal.portal.limits import Throttle
from multifocal.portal.places import RETRY, BusyError, place
from multifocal.workup.assess import assess as work_up
from multifocal.workup.assess import latest_day
from multifocal.workup.calculate import AnswerError, calculate
from multifocal.workup.checker import check
from multifocal.workup.differential import SETTING

MOST = 200
"""Entries of one page of a list."""

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many, at most.")]
After = Annotated[
    str, Query(max_length=100, description="Those after this id: `next` of the page before.")
]
Id = Annotated[str, Path(max_length=100)]


class Api(NinjaAPI):
    """The API; its description holds the engine's own types."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Give the description as OpenAPI 3.1."""
        schema = super().get_openapi_schema(**options)
        schema["components"]["schemas"] |= components()
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"].pop(200, None)
        return schema


api = Api(
    title="multifocal",
    version="1",
    description=(
        "The work-up, the scores and the public knowledge of multifocal. Needs no account. What is "
        "sent is read in memory and forgotten. An answer is no diagnosis."
    ),
    docs_url=None,
    urls_namespace="api",
    throttle=[Throttle(settings.OPTIONS.api_rate)],
)
router = Router()


def given(answer: Any, *, status: int = 200) -> HttpResponse:
    """Give an answer as JSON."""
    return HttpResponse(msgspec.json.encode(answer), content_type="application/json", status=status)


def refused(detail: str, status: int) -> HttpResponse:
    """Say why there is no answer."""
    return given(Problem(detail), status=status)


@api.exception_handler(ValidationError)
def wrong_option(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    """Name the options that are wrong, not what they were."""
    names = sorted({str(error["loc"][-1]) for error in fault.errors})
    return refused(f"Wrong: {', '.join(names)}.", 422)


@api.exception_handler(Throttled)
def too_often(request: HttpRequest, fault: Throttled) -> HttpResponse:
    """Say when to try again."""
    answer = refused("Too many requests. Try again in a minute.", 429)
    answer["Retry-After"] = str(fault.wait or 60)
    return answer


@api.exception_handler(BusyError)
def busy(request: HttpRequest, fault: BusyError) -> HttpResponse:
    """Say that all places for hard work are taken, and when to try again."""
    answer = refused("Many are asking at once. Try again in a few seconds.", 503)
    answer["Retry-After"] = RETRY
    return answer


@api.exception_handler(TooLargeError)
def too_large(request: HttpRequest, fault: TooLargeError) -> HttpResponse:
    """Say how much is read."""
    return refused("That is too much: 20 MiB of a record, 256 KiB of answers.", 413)


@router.get("/about", summary="Versions and settings", openapi_extra=answers("About", 429))
def about(request: HttpRequest) -> HttpResponse:
    """Give the versions that every answer rests on, and the settings that `assess` knows."""
    known = knowledge().differential.model.setting
    listed = tuple(Named(entry.id, entry.label) for entry in known)
    return given(About(**versions(), settings=listed))


@router.post(
    "/assess",
    summary="Assess a record",
    openapi_extra=answers("Assessment", 400, 413, 422, 429, 503)
    | {
        "requestBody": {
            "required": True,
            "description": "A FHIR R4 Bundle or resource, or a phenopacket",
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
    },
)
def assess(
    request: HttpRequest,
    as_of: Annotated[
        date | None, Query(description="The day to assess from; else that of the latest entry.")
    ] = None,
    setting: Annotated[
        str, Query(max_length=100, description="Where the child is seen.")
    ] = SETTING,
    form: Annotated[
        Literal["json", "fhir"], Query(alias="format", description="How the work-up is given.")
    ] = "json",
    thorough: Annotated[  # noqa: FBT002 # an option of the address
        bool, Query(description="Add what each test would change, and what would change this.")
    ] = False,
    patient: Annotated[
        str | None,
        Header(alias="Multifocal-Patient", max_length=200, description="Which, if several."),
    ] = None,
) -> HttpResponse:
    """Give the work-up of one child, as `multifocal assess --format json` does."""
    if setting not in {entry.id for entry in knowledge().differential.model.setting}:
        return refused("Wrong: setting.", 422)
    if as_of and not is_day_of_a_record(as_of):
        return refused("Wrong: as_of.", 422)
    data = sent(request, LARGEST)
    with place():
        try:
            record = read_bytes(data, knowledge=knowledge(), patient=patient)
        except RecordError as fault:
            return refused(f"record: {fault}", 400)
        day = as_of or latest_day(record) or datetime.now(UTC).date()
        known = knowledge()
        found = work_up(record, as_of=day, knowledge=known, setting=setting, thorough=thorough)
        if form == "json":
            return given(found)
        return HttpResponse(write.bundle(found, knowledge=known), "application/fhir+json")


@router.get("/scores", summary="List the scores", openapi_extra=answers("Names", 422, 429))
def scores(request: HttpRequest, limit: Limit = MOST, after: After = "") -> HttpResponse:
    """List criteria sets and scores."""
    return given(_page(knowledge().criteria, limit, after))


@router.get(
    "/scores/{id}", summary="Describe a score", openapi_extra=answers("Score", 404, 422, 429)
)
def score(request: HttpRequest, id: Id) -> HttpResponse:  # noqa: A002 # the name in the address
    """Say what a score asks, what it computes, and what its label forbids."""
    entry = _of(knowledge().criteria, id)
    return refused("There is no such score.", 404) if entry is None else given(_described(entry))


@router.post(
    "/scores/{id}",
    summary="Work out a score",
    openapi_extra=answers("Calculation", 400, 404, 413, 422, 429)
    | body("Answers", {"answers": {"crp": "<5 mg/L"}}),
)
def work_out(request: HttpRequest, id: Id) -> HttpResponse:  # noqa: A002 # as above
    """Work out a score from answers: a value or an interval, a state, and what is missing."""
    entry = _of(knowledge().criteria, id)
    if entry is None:
        return refused("There is no such score.", 404)
    try:
        told = msgspec.json.decode(sent(request, LARGEST_ANSWERS), type=Answers)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return refused('Send JSON such as {"answers": {"name": "value"}}.', 400)
    try:
        values = entered(entry, told.answers, knowledge=knowledge())
        found = calculate(entry, values.values, knowledge=knowledge(), refused=values.refused)
    except (EnteredError, AnswerError) as fault:
        return refused(str(fault), 422)
    return given(found)


@router.get("/conditions", summary="List the conditions", openapi_extra=answers("Names", 422, 429))
def conditions(request: HttpRequest, limit: Limit = MOST, after: After = "") -> HttpResponse:
    """List the conditions of the differential."""
    return given(_page(knowledge().conditions, limit, after))


@router.get(
    "/conditions/{id}",
    summary="Describe a condition",
    openapi_extra=answers("Condition", 404, 422, 429),
)
def condition(request: HttpRequest, id: Id) -> HttpResponse:  # noqa: A002 # as above
    """Give a condition with its findings, tests and numbers, each with its source."""
    entry = _of(knowledge().conditions, id)
    return refused("There is no such condition.", 404) if entry is None else given(entry)


@router.get(
    "/article/{audience}", summary="Read the article", openapi_extra=answers("Article", 422, 429)
)
def read_article(request: HttpRequest, audience: Audience) -> HttpResponse:
    """Give the public article in sections of Markdown, each with its sources."""
    return given(article(audience, knowledge()))


@router.get("/atlas", summary="Read the atlas", openapi_extra=answers("Variants", 422, 429))
def atlas(request: HttpRequest, limit: Limit = MOST, after: After = "") -> HttpResponse:
    """Give what images show in people without bone disease."""
    found = _some(knowledge().variants, limit, after)
    return given(Page(*found))


@router.post(
    "/checker",
    summary="Check symptoms",
    openapi_extra=answers("CheckResult", 400, 413, 422, 429)
    | body("SymptomAnswers", {"given": {"fever": "no"}, "sites": ["right-metacarpal_3"]}),
)
def check_symptoms(request: HttpRequest) -> HttpResponse:
    """Say what to do about symptoms, how soon and why; never a diagnosis."""
    try:
        told = msgspec.json.decode(sent(request, LARGEST_ANSWERS), type=SymptomAnswers)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return refused('Send JSON such as {"given": {"fever": "no"}, "sites": []}.', 400)
    bones, regions = knowledge().bones_by_id, knowledge().regions_by_id
    sites = [read_site(text, bones=bones, regions=regions) for text in told.sites]
    if None in sites:
        return refused("A site is none of ours.", 422)
    return given(check(Given(told.given, tuple(filter(None, sites))), knowledge=knowledge()))


def _page(entries: Any, limit: int, after: str) -> Page[Named]:
    found, beyond = _some(entries, limit, after)
    return Page(tuple(Named(entry.id, entry.name) for entry in found), beyond)


def _some(entries: Any, limit: int, after: str) -> tuple[tuple[Any, ...], str | None]:
    """Give the entries after an id, and where to go on."""
    beyond = sorted((entry for entry in entries if entry.id > after), key=lambda entry: entry.id)
    return tuple(beyond[:limit]), beyond[limit - 1].id if len(beyond) > limit else None


def _of(entries: Any, wanted: str) -> Any:
    return next((entry for entry in entries if entry.id == wanted), None)


def _described(entry: CriteriaEntry) -> ScoreDescription:
    return ScoreDescription(
        id=entry.id,
        name=entry.name,
        label=entry.label,
        as_published=entry.as_published,
        computes=entry.computes,
        population=entry.population,
        items=entry.item,
        locked=entry.locked,
    )


api.add_router("", router)
