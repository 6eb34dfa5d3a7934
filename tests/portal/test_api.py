"""The JSON API: the engine's own answers, bounded lists, and words for whatever is wrong."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from django.test import Client, override_settings

from multifocal.examples import names, path
from multifocal.exchange.read import read
from multifocal.knowledge.load import load
from multifocal.portal.api.limits import LARGEST, LARGEST_ANSWERS
from multifocal.workup.assess import assess, latest_day
from tests.portal.conftest import Served

pytestmark = pytest.mark.django_db
V1 = "/api/v1"
NOT_CHECKED = "positive_data_acceptance"
"""JSON Schema can't say what makes a record or an answer sensible: such requests are refused."""


def post(client: Client, address: str, body: Any, **more: Any) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(f"{V1}{address}", data, content_type="application/json", **more)


@pytest.mark.parametrize("name", names())
def test_assess_gives_what_the_engine_says(anonymous: Client, name: str) -> None:
    knowledge = load()
    record = read(path(name), knowledge=knowledge)
    day = latest_day(record) or date(2026, 10, 20)
    address = "/assess" if latest_day(record) else "/assess?as_of=2026-10-20"
    answer = post(anonymous, address, path(name).read_bytes())
    assert answer.status_code == 200
    found = msgspec.json.encode(assess(record, as_of=day, knowledge=knowledge))
    assert json.loads(answer.content) == json.loads(found)
    assert answer["Cache-Control"] == "no-store, private"


def test_assess_takes_a_day_a_setting_and_a_format(anonymous: Client) -> None:
    body = path("right-hand").read_bytes()
    early = post(anonymous, "/assess?as_of=2020-01-01", body).json()
    assert early["as_of"] == "2020-01-01"
    assert early["facts"] == []
    resource = post(anonymous, "/assess?format=fhir", body).json()
    assert resource["resourceType"] == "Bundle"
    assert post(anonymous, "/assess?setting=hand_clinic", body).json()["differential"]


def test_one_of_several_children_is_named_in_a_header(anonymous: Client) -> None:
    two = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"resource": {"resourceType": "Patient", "id": "one", "gender": "female"}},
            {"resource": {"resourceType": "Patient", "id": "two", "gender": "male"}},
        ],
    }
    assert post(anonymous, "/assess", two).status_code == 400
    found = post(anonymous, "/assess", two, headers={"Multifocal-Patient": "two"}).json()
    assert found["patient"]["sex"] == "male"


BROKEN = (
    b"",
    b"{",
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"resourceType": "Bundle", "entry": 5}',
    b"PK\x03\x04 zip",
    b"null",
    b"1e999999",
    '{"resourceType": "Bundle\u202e<script>"}'.encode(),
)


@pytest.mark.parametrize("body", BROKEN)
def test_a_broken_record_is_told_and_not_repeated(anonymous: Client, body: bytes) -> None:
    answer = post(anonymous, "/assess", body)
    assert answer.status_code in (200, 400)
    if answer.status_code == 400:
        assert set(answer.json()) == {"detail"}
    assert b"<script>" not in answer.content


@pytest.mark.parametrize(
    ("address", "largest"), [("/assess", LARGEST), ("/scores/cdas_2023", LARGEST_ANSWERS)]
)
def test_too_much_is_refused(anonymous: Client, address: str, largest: int) -> None:
    assert post(anonymous, address, b" " * (largest + 1)).status_code == 413


@pytest.mark.parametrize(
    "options",
    ["as_of=yesterday", "setting=nowhere", "format=pdf", "thorough=perhaps", "as_of=9" * 30],
)
def test_a_wrong_option_is_named_not_repeated(anonymous: Client, options: str) -> None:
    answer = post(anonymous, f"/assess?{options}", b"{}")
    assert answer.status_code == 422
    assert options.partition("=")[0] in answer.json()["detail"]
    assert options.partition("=")[2] not in answer.json()["detail"]


def test_a_score_says_what_it_asks_and_works_out_an_answer(anonymous: Client) -> None:
    for entry in load().criteria:
        told = anonymous.get(f"{V1}/scores/{entry.id}").json()
        assert [item["name"] for item in told["items"]] == [item.name for item in entry.item]
        nothing = post(anonymous, f"/scores/{entry.id}", {"answers": {}})
        assert nothing.status_code == 200
        assert nothing.json()["id"] == entry.id


def test_a_wrong_answer_is_told(anonymous: Client) -> None:
    answer = post(anonymous, "/scores/who_2024_anaemia", {"answers": {"no_such_item": 1}})
    assert answer.status_code == 422
    for body in (b"[]", b"{}", b'{"answers": 3}', b'{"answers": {}, "more": 1}', b"\xff"):
        assert post(anonymous, "/scores/who_2024_anaemia", body).status_code == 400
    assert post(anonymous, "/scores/nothing", {"answers": {}}).status_code == 404


def test_the_checker_answers_as_the_engine_does(anonymous: Client) -> None:
    told = {"given": {"bruises": "yes"}, "sites": ["right-metacarpal_3"]}
    found = post(anonymous, "/checker", told).json()
    assert (found["how_soon"], found["sure"]) == ("emergency", True)
    assert found["sites"][0]["bone"] == "metacarpal_3"
    nothing = post(anonymous, "/checker", {}).json()
    assert (nothing["how_soon"], nothing["sure"]) != ("watch", True)
    assert nothing["how_soon"] != "watch"
    for body in (b"[]", b'{"given": 3}', b'{"more": 1}', b"\xff"):
        assert post(anonymous, "/checker", body).status_code == 400
    for site in ("", "left", "moon", "right-metacarpal_3-x", "a-" * 5000):
        assert post(anonymous, "/checker", {"sites": [site]}).status_code == 422


@pytest.mark.parametrize("name", ["scores", "conditions", "atlas"])
def test_a_list_is_bounded_and_every_entry_is_met_once(anonymous: Client, name: str) -> None:
    whole = [one["id"] for one in anonymous.get(f"{V1}/{name}").json()["items"]]
    met: list[str] = []
    after = ""
    while after is not None:
        part = anonymous.get(f"{V1}/{name}", {"limit": "7", "after": after}).json()
        assert 1 <= len(part["items"]) <= 7
        met += [one["id"] for one in part["items"]]
        after = part["next"]
    assert met == whole == sorted(set(whole))
    for limit in ("0", "201", "-1", "9" * 30, "x"):
        assert anonymous.get(f"{V1}/{name}", {"limit": limit}).status_code == 422


def test_conditions_and_the_article_are_those_of_the_knowledge(anonymous: Client) -> None:
    knowledge = load()
    for entry in knowledge.conditions:
        assert anonymous.get(f"{V1}/conditions/{entry.id}").json()["name"] == entry.name
    assert anonymous.get(f"{V1}/conditions/none").status_code == 404
    for audience in ("family", "clinician"):
        sections = anonymous.get(f"{V1}/article/{audience}").json()
        assert {one["id"] for one in sections} >= {"overview", "sources"}
    assert anonymous.get(f"{V1}/article/everybody").status_code == 422


def test_the_description_is_openapi_3_1_and_holds_every_type_it_speaks_of(
    anonymous: Client,
) -> None:
    schema = anonymous.get(f"{V1}/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    text = json.dumps(schema)
    spoken = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert spoken <= set(schema["components"]["schemas"])
    assert {"not_read", "resources", "regions_unread"} <= set(
        schema["components"]["schemas"]["Assessment"]["properties"]
    )
    page = anonymous.get("/api/").content.decode()
    assert [where for where in schema["paths"] if where not in page] == []


def test_one_address_may_not_ask_without_end(anonymous: Client) -> None:
    from django.core.cache import cache

    from multifocal.portal.api.views import api

    throttle = cast("Any", api).throttle[0]
    before = throttle.num_requests
    throttle.num_requests = 3
    cache.clear()
    try:
        codes = [anonymous.get(f"{V1}/about").status_code for _ in range(4)]
        other = anonymous.get(f"{V1}/about", REMOTE_ADDR="192.0.2.7").status_code
    finally:
        throttle.num_requests = before
        cache.clear()
    assert (codes, other) == ([200, 200, 200, 429], 200)


def test_pages_that_work_hard_are_limited_too(anonymous: Client) -> None:
    from django.core.cache import cache

    from multifocal.portal.checker.views import sheet

    throttle = sheet.throttle  # type: ignore[attr-defined]
    before = throttle.num_requests
    throttle.num_requests = 2
    cache.clear()
    try:
        codes = [anonymous.post("/checker/page-for-the-doctor/", {}).status_code for _ in range(3)]
    finally:
        throttle.num_requests = before
        cache.clear()
    assert codes[2] == 429
    assert 429 not in codes[:2]


@override_settings(DEBUG=False)
def test_an_address_is_counted_but_not_kept(anonymous: Client) -> None:
    from django.db import connection

    anonymous.get(f"{V1}/about", REMOTE_ADDR="192.0.2.44")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, since, used FROM counting_count")
        kept = repr(cursor.fetchall())
    assert kept != "[]"
    assert "192.0.2.44" not in kept


@pytest.mark.browser
@pytest.mark.long
def test_whatever_is_sent_no_operation_fails(served_freely: Served, tmp_path: Path) -> None:
    """Schemathesis makes requests from the description; none may end in our mistake."""
    ended = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("schemathesis")), "run"),
            *(f"{served_freely.url}{V1}/openapi.json", "--max-examples", "60", "--workers", "1"),
            *("--no-color", "--seed", "1", "--exclude-checks", NOT_CHECKED),
        ],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        timeout=900,
    )
    assert ended.returncode == 0, ended.stdout[-6000:]


def test_the_day_of_a_record_without_dates_is_today(anonymous: Client) -> None:
    patient = {"resourceType": "Patient", "id": "x"}
    as_of = post(anonymous, "/assess", patient).json()["as_of"]
    assert abs((date.fromisoformat(as_of) - date.today()).days) <= 1  # noqa: DTZ011
