"""The calculators answer what was published, keep nothing, and can be used by everybody."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import expect

from multifocal.knowledge.entries import CriteriaEntry, ItemEntry
from multifocal.portal.engine import knowledge
from tests.spec.test_spec import SPECS, Case, Spec, entry_of, said

ENTRIES = [pytest.param(entry, id=entry.id) for entry in knowledge().criteria]
CASES = [pytest.param(spec, case, id=case.id) for spec in SPECS for case in spec.case]
PART = {"X-Part": "1"}
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
HOSTILE = [
    '"><script>alert(1)</script>',
    "\u202e5",
    "9" * 10_000,
    "\0",
    "[" * 1_900,
    '{"a": {"b": [1e999]}}',
    "1e999",
    "-1e308",
    "nan",
    "none",
    "null,null:null",
]


# What was published


def sent(entry: CriteriaEntry, given: Mapping[str, Any]) -> dict[str, Any]:
    """Write the answers of a published case as a browser sends them."""
    items = {item.name: item for item in entry.item}
    fields: dict[str, Any] = {}
    for name, value in given.items():
        fields.update(_sent(name, value, items.get(name)))
    return fields


def _sent(name: str, value: Any, item: ItemEntry | None) -> Iterator[tuple[str, Any]]:
    kind = item.type if item else ""
    if item and kind == "numbers" and item.parts and not isinstance(value, str):
        cells = value if isinstance(value, dict) else dict(zip(item.parts, value, strict=True))
        yield from ((f"{name}.{part}", _typed(cell)) for part, cell in cells.items())
    elif kind == "numbers" and isinstance(value, dict):
        yield name, "\n".join(f"{key}: {_typed(cell)}" for key, cell in value.items())
    elif kind == "numbers" and isinstance(value, list):
        yield name, "\n".join(map(_typed, value))
    elif kind == "sites" and isinstance(value, list):
        sides = {"B": "RL"}
        yield name, [f"{at}:{one}" for at, side in value for one in sides.get(side, side)] or "none"
    elif isinstance(value, list):
        yield name, value or "none"
    elif item and kind == "text" and value not in item.texts:
        [chosen] = [text for text in item.texts if text.startswith(str(value).lower())]
        yield name, chosen
    else:
        yield name, _typed(value)


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return {"not assessed": "null", "unknown": ""}.get(str(value), str(value))


@pytest.mark.django_db
@pytest.mark.parametrize(("spec", "case"), CASES)
def test_a_published_case_gives_its_answer_through_the_page(
    anonymous: Client, spec: Spec, case: Case
) -> None:
    entry = entry_of(spec)
    page = anonymous.post(f"/scores/{entry.id}/", sent(entry, case.given), headers=PART)
    assert page.status_code == 200
    result, errors = page.context["result"], page.context["form"].errors
    if result is None and case.expect == {"state": "error:range"}:
        # What can't be is asked about at its field, before any score is made of it.
        assert any("Check value and unit" in said for told in errors.values() for said in told)
        return
    assert result, errors
    assert {key: said(result.found, key, spec) for key in case.expect} == case.expect
    assert squeezed(result.found.state_label) in plain(page.content)


@pytest.mark.django_db
@pytest.mark.parametrize("entry", ENTRIES)
def test_a_page_shows_label_formula_sources_and_limits(
    anonymous: Client, entry: CriteriaEntry
) -> None:
    text = plain(anonymous.get(f"/scores/{entry.id}/").content)
    wanted = [entry.label, entry.population, entry.note, entry.locked]
    wanted += [item.label for item in entry.item]
    wanted += [one.when for one in entry.points]
    wanted += [knowledge().sources_by_id[one.source.id].title for one in entry.points]
    assert [one for one in wanted if squeezed(one).lower() not in text.lower()] == []


def plain(content: bytes) -> str:
    return squeezed(unescape(re.sub(r"<[^>]+>", " ", content.decode())))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.django_db
def test_the_list_has_every_set_once(anonymous: Client) -> None:
    found = re.findall(r'href="/scores/(\w+)/"', anonymous.get("/scores/").content.decode())
    assert sorted(found) == sorted(entry.id for entry in knowledge().criteria)


@pytest.mark.django_db
def test_a_number_is_converted_from_the_unit_that_was_chosen(anonymous: Client) -> None:
    # 5.6 mg/dL are 56 mg/L, one more than the published 55 at most.
    answers = {"multifocal": "no", "femur": "no"}
    for number, points in (("5.5", 56), ("5.6", 0)):
        page = anonymous.post(
            "/scores/nbods_2023/",
            {**answers, "crp_mg_per_l": number, "crp_mg_per_l.unit": "mg/dL"},
        )
        assert page.context["result"].found.low == points


@pytest.mark.django_db
def test_a_set_that_needs_a_unit_says_so(anonymous: Client) -> None:
    page = anonymous.post("/scores/lab_fever_thresholds/", {"crp": "12"})
    assert page.context["result"].found.state == "refused:unit_missing"


# Wrong input, and what is kept


@pytest.mark.django_db
def test_a_fault_stands_at_its_field_and_what_was_typed_stays(anonymous: Client) -> None:
    page = anonymous.post("/scores/nbods_2023/", {"crp_mg_per_l": "much", "femur": "yes"})
    text = page.content.decode()
    assert "<title>Error: " in text
    assert re.search(r'name="crp_mg_per_l" value="much"[^>]* aria-invalid="true"', text)
    assert re.search(r'href="#crp_mg_per_l"', text)
    assert re.search(r'name="femur" value="yes" checked', text)


@pytest.mark.django_db
@pytest.mark.parametrize("entry", ENTRIES)
def test_nothing_that_is_typed_breaks_a_page(anonymous: Client, entry: CriteriaEntry) -> None:
    address = f"/scores/{entry.id}/"
    form = anonymous.get(address).context["form"]
    names = {*re.findall(r'name="([^"]+)"', str(form)), *form.fields}
    for bad in HOSTILE:
        answer = anonymous.post(address, dict.fromkeys(names, bad), headers=PART)
        assert answer.status_code == 200
    page = anonymous.post(address, dict.fromkeys(names, HOSTILE[0]))
    assert b"<script>alert" not in page.content


@pytest.mark.django_db
def test_an_unknown_set_is_not_found(anonymous: Client) -> None:
    assert anonymous.get("/scores/no-such-score/").status_code == 404


@pytest.mark.django_db
def test_answers_leave_no_session_and_no_cookie(anonymous: Client) -> None:
    page = anonymous.post("/scores/nbods_2023/", {"crp_mg_per_l": "12"})
    assert set(page.cookies) <= {"csrftoken"}
    assert Session.objects.count() == 0
    assert page.headers["Cache-Control"] == "no-store, private"


@pytest.mark.django_db
def test_the_part_that_changes_comes_alone_when_it_is_asked_for(anonymous: Client) -> None:
    page = anonymous.post("/scores/nbods_2023/", {}, headers=PART)
    assert b"<html" not in page.content
    assert b"data-said-text" in page.content


# In a browser


@pytest.mark.browser
def test_a_calculator_is_worked_by_keyboard_alone(page: Any) -> None:
    page.goto("/scores/nbods_2023/")
    page.locator("#crp_mg_per_l").focus()
    page.keyboard.type("12")
    page.keyboard.press("Tab")  # the unit
    page.keyboard.press("Tab")  # more than one lesion: the answer that is checked
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.locator("#result .value").get_by_text("83 to 115 of 115").wait_for()  # 56 + 27, or all
    expect(page.locator("#said")).to_contain_text("tumour and leukaemia not considered")
    expect(page.locator("#said")).to_have_attribute("role", "status")


@pytest.mark.browser
def test_a_link_carries_the_answers_where_no_server_sees_them(page: Any, served: Any) -> None:
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url + str(request.all_headers())))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/scores/nbods_2023/")
    page.locator("#crp_mg_per_l").fill("34.56")
    page.locator('[name=femur][value="no"]').check(force=True)
    page.get_by_role("button", name="Copy link with these answers").click()
    page.get_by_text("The link is copied.").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.endswith("/scores/nbods_2023/#crp_mg_per_l=34.56&crp_mg_per_l.unit=mg%2FL&femur=no")
    page.goto("about:blank")
    page.goto(link)
    page.locator("#result .value").wait_for()
    expect(page.locator("#crp_mg_per_l")).to_have_value("34.56")
    expect(page.locator('[name=femur][value="no"]')).to_be_checked()
    page.wait_for_load_state("networkidle")
    assert [one for one in seen if "34.56" in one.partition("#")[0]] == []
    assert "34.56" not in served.output()


@pytest.mark.browser
def test_without_script_the_button_gives_the_same(chromium: Any, served: Any) -> None:
    context = chromium.new_context(base_url=served.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/scores/nbods_2023/")
    page.locator("#crp_mg_per_l").fill("12")
    page.locator('[name=multifocal][value="yes"]').check(force=True)
    page.get_by_role("button", name="Work it out").click()
    expect(page.locator("#result .value")).to_have_text(re.compile("83 to 115 of 115$"))
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "address", ["", "nbods_2023/", "chaq_di/", "colorado_regions_2025/", "eular_acr_2025_cno/"]
)
def test_nobody_is_shut_out(chromium: Any, served: Any, scheme: str, address: str) -> None:
    for width, scale in ((1440, 1), (390, 1), (720, 2)):
        context = chromium.new_context(
            base_url=served.url,
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
            device_scale_factor=scale,
        )
        page = context.new_page()
        page.goto(f"/scores/{address}")
        found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        assert [(one["id"], [n["target"] for n in one["nodes"]]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()
