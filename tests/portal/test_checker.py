"""The symptom checker: right advice, nothing kept; by keyboard, on a phone, without script."""

import io
import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import expect
from pypdf import PdfReader

from multifocal.portal.engine import knowledge
from multifocal.workup.checker import choices
from tests.reading import grade

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
QUIET = {
    question.id: next(
        answer for answer in (*("no", "none"), *choices(question)) if answer in choices(question)
    )
    for question in knowledge().questions
} | {"age": "y6", "since": "days"}
STATES = {
    "emergency": {"fever": "yes", "pain": "yes", "swelling": "yes"},
    "open": {"bruises": "unknown"},
    "urgent": {"pain": "yes", "since": "weeks"},
    "soon": {"pain": "yes", "xray": "yes", "blood": "yes", "since": "months"},
    "watch": {"pain": "yes", "xray": "yes", "blood": "yes"},
}
TITLES = {
    "emergency": "Get help now",
    "open": "Call a doctor or nurse now",
    "urgent": "See a doctor within two days",
    "soon": "Make an appointment with a doctor",
    "watch": "Keep watching, and know when to come back",
}
SENT = QUIET | STATES["urgent"]
HOSTILE = [
    "<script>alert(1)</script>",
    "\u202eyes",
    "no\x00",
    "9" * 400,
    "a" * 10_000,
    "{{ 7 * 7 }}",
    "' OR 1=1 --",
]

pytestmark = pytest.mark.django_db


def heading(html: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", html)
    assert found
    return found[1]


def words_of(html: str) -> str:
    main = html.partition("<main")[2].partition("</main>")[0]
    main = re.sub(r"<details.*?</details>|<dl.*?</dl>", " ", main, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


@pytest.mark.parametrize("state", STATES)
def test_each_advice_stands_first_with_what_to_do_and_why(anonymous: Client, state: str) -> None:
    answer = anonymous.post("/checker/", QUIET | STATES[state])
    html = answer.content.decode()
    assert (answer.status_code, heading(html)) == (200, TITLES[state])
    assert f"<title>{TITLES[state]}" in html
    assert "This is not a diagnosis." in html
    assert "All signs of danger" in html


def test_a_sign_of_danger_left_out_is_asked_for_with_what_was_typed_kept(anonymous: Client) -> None:
    given = {name: answer for name, answer in QUIET.items() if name != "glands"}
    answer = anonymous.post("/checker/", given | {"tired": "unknown"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error: " in html
    assert 'href="#id_glands_0"' in html
    assert 'id="e-glands"' in html
    assert re.search(r'aria-describedby="e-glands', html)
    assert re.search(r'name="tired" value="unknown"[^>]* checked', html)
    assert html.count('class="error"') == 1


def test_an_emergency_needs_no_further_answer(anonymous: Client) -> None:
    answer = anonymous.post("/checker/", {"bruises": "yes"})
    assert heading(answer.content.decode()) == TITLES["emergency"]


def test_an_empty_form_asks_for_each_sign_of_danger_and_the_age(anonymous: Client) -> None:
    answer = anonymous.post("/checker/", {})
    wanted = [one for one in knowledge().questions if one.danger or one.needed]
    assert answer.content.decode().count('class="error"') == len(wanted)


def test_the_box_of_an_emergency_comes_alone_and_only_then(anonymous: Client) -> None:
    there = anonymous.post("/checker/now/", {"pale": "yes"}).content.decode()
    assert TITLES["emergency"] in there
    assert "<html" not in there
    for given in ({}, {"pale": "no"}, {"pale": "unknown"}, {"tired": "yes"}):
        assert anonymous.post("/checker/now/", given).content == b""


def test_a_marked_place_without_trouble_is_not_watched(anonymous: Client) -> None:
    given = QUIET | {"sites": ["right-metacarpal_3"], "xray": "no"}
    html = anonymous.post("/checker/", given).content.decode()
    assert heading(html) == TITLES["urgent"]
    assert "do not fit together" in html


def test_the_page_for_the_doctor_is_one_tagged_page_with_the_answers(anonymous: Client) -> None:
    given = SENT | {"sites": ["right-metacarpal_3"], "glands": "unknown", "nights": "some"}
    answer = anonymous.post("/checker/page-for-the-doctor/", given)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="page-for-the-doctor.pdf"'
    pdf = PdfReader(io.BytesIO(answer.content))
    text = re.sub(r"\s+", " ", pdf.pages[0].extract_text())
    assert len(pdf.pages) == 1
    assert pdf.root_object["/MarkInfo"]["/Marked"]  # type: ignore[index] # a dictionary
    assert "Right third metacarpal" in text
    assert "We could not tell: swollen glands" in text
    assert "2 to 6 weeks" in text
    assert "not a diagnosis" in text
    assert answer.content == anonymous.post("/checker/page-for-the-doctor/", given).content


def test_the_longest_page_for_the_doctor_is_still_one_page(anonymous: Client) -> None:
    every = [
        f"{side}-{bone.id}"
        for bone in knowledge().bones
        if bone.paired
        for side in ("left", "right")
    ]
    given = {question.id: [*choices(question)][-2] for question in knowledge().questions}
    given |= {question.id: "yes" for question in knowledge().questions if question.concepts}
    answer = anonymous.post("/checker/page-for-the-doctor/", given | {"sites": every})
    pdf = PdfReader(io.BytesIO(answer.content))
    assert len(pdf.pages) == 1
    assert "more" in pdf.pages[0].extract_text()


def test_changing_the_answers_brings_them_back(anonymous: Client) -> None:
    given = SENT | {"sites": ["left-radius"], "edit": "1"}
    html = anonymous.post("/checker/", given).content.decode()
    for name, value in SENT.items():
        assert re.search(rf'name="{name}" value="{value}"[^>]* checked', html), name
    assert re.search(r'value="left-radius"[^>]* checked', html)
    assert 'class="error"' not in html


@pytest.mark.django_db
def test_nothing_is_kept(anonymous: Client, capfd: pytest.CaptureFixture[str]) -> None:
    answers = [
        anonymous.post(address, SENT | {"sites": ["right-metacarpal_3"]})
        for address in ("/checker/", "/checker/now/", "/checker/page-for-the-doctor/")
    ]
    for answer in answers:
        assert answer["Cache-Control"] == "no-store, private"
        assert set(answer.cookies) <= {"csrftoken"}
    assert Session.objects.count() == 0
    told = capfd.readouterr()
    assert "metacarpal" not in told.out + told.err


@pytest.mark.parametrize("address", ["/checker/now/", "/checker/page-for-the-doctor/"])
def test_answers_are_never_taken_from_an_address(anonymous: Client, address: str) -> None:
    assert anonymous.get(address, {"pale": "yes"}).status_code == 405
    assert (
        "checked"
        not in re.sub(
            r"<style.*?</style>", "", anonymous.get("/checker/", {"pale": "yes"}).content.decode()
        )
        .partition('id="q-pale"')[2]
        .partition("</fieldset>")[0]
    )


@pytest.mark.parametrize("odd", HOSTILE)
def test_odd_answers_never_come_back_and_never_break(anonymous: Client, odd: str) -> None:
    for given in (SENT | {"glands": odd}, SENT | {"sites": [odd]}, SENT | {odd: odd}):
        for address in ("/checker/", "/checker/now/", "/checker/page-for-the-doctor/"):
            answer = anonymous.post(address, given)
            assert answer.status_code in {200, 400, 422}
            assert odd.encode() not in answer.content


def test_a_form_without_its_token_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/checker/", SENT).status_code == 403


@pytest.mark.parametrize("state", STATES)
def test_the_page_of_a_result_is_for_an_eleven_year_old(anonymous: Client, state: str) -> None:
    html = anonymous.post("/checker/", QUIET | STATES[state]).content.decode()
    html = re.sub(r"</(?:h\d|li|p|button|a)>", ". ", html)
    text = re.sub(r"(?:\s*\.)+", ".", words_of(html))
    assert grade(text) <= 6


# --- in a browser ---


def answered(tab: Any, given: dict[str, str]) -> None:
    for name, answer in given.items():
        tab.check(f'input[name="{name}"][value="{answer}"]')


def send(tab: Any) -> None:
    with tab.expect_navigation(wait_until="networkidle"):
        tab.locator("p.buttons button[type=submit]").click()


@pytest.mark.browser
def test_by_keyboard_alone_to_the_advice(page: Any) -> None:
    page.goto("/checker/")
    page.locator("#id_very_ill_0").focus()
    dangers = [one for one in knowledge().questions if one.danger]
    for question in dangers:
        focused = page.evaluate("document.activeElement.name")
        assert focused == question.id
        page.keyboard.press("Space")
        for _ in range([*choices(question)].index("no")):
            page.keyboard.press("ArrowDown")
        expect(page.locator(f'input[name="{question.id}"][value="no"]')).to_be_checked()
        page.keyboard.press("Tab")
    page.locator("#id_pain_0").focus()
    page.keyboard.press("Space")
    for name in ("swelling", "redness", "warmth", "moves_less", "limp"):
        page.locator(f"#id_{name}_0").focus()
        page.keyboard.press("ArrowDown")
    page.locator("#id_age_0").focus()
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    page.locator("p.buttons button[type=submit]").focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    expect(page.locator("h1")).to_have_text(TITLES["urgent"])


@pytest.mark.browser
def test_an_emergency_is_told_at_once_and_goes_when_it_is_taken_back(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/checker/")
    page.check('input[name="fever"][value="yes"]')
    page.check('input[name="hot_joint"][value="yes"]')
    box = page.locator(".check-now")
    box.locator("h2").wait_for()
    place = box.bounding_box()
    assert place["y"] + place["height"] <= 844 + 1
    expect(box).to_have_attribute("role", "alert")
    box.locator("button").click()
    page.wait_for_load_state("networkidle")
    expect(page.locator("h1")).to_have_text(TITLES["emergency"])
    page.go_back()
    page.check('input[name="hot_joint"][value="no"]')
    expect(page.locator(".check-now")).to_be_empty()


@pytest.mark.browser
def test_it_works_without_script(chromium: Any, served: Any) -> None:
    context = chromium.new_context(base_url=served.url, java_script_enabled=False)
    tab = context.new_page()
    tab.goto("/checker/")
    answered(tab, QUIET | STATES["soon"])
    tab.locator("p.buttons button[type=submit]").click()
    expect(tab.locator("h1")).to_have_text(TITLES["soon"])
    with tab.expect_download() as got:
        tab.get_by_role("button", name="Page for the doctor").click()
    assert got.value.suggested_filename == "page-for-the-doctor.pdf"
    tab.get_by_role("button", name="Change my answers").click()
    expect(tab.locator('input[name="since"][value="months"]')).to_be_checked()
    context.close()


@pytest.mark.browser
@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 720])
def test_axe_finds_no_fault_and_nothing_runs_over(
    chromium: Any, served: Any, scheme: str, width: int
) -> None:
    # A page at 200 % zoom has half the width: 720 of 1440 pixels.
    context = chromium.new_context(
        base_url=served.url,
        color_scheme=scheme,
        viewport={"width": width, "height": 844 if width == 390 else 450},
    )
    tab = context.new_page()

    def faults(state: str) -> list[str]:
        found = Axe().run(tab, options={"runOnly": RULES}).response["violations"]
        wide = tab.evaluate("document.documentElement.scrollWidth > innerWidth")
        return [f"{state}: {one['id']}" for one in found] + [f"{state}: too wide"] * wide

    tab.goto("/checker/")
    seen = faults("empty")
    tab.check('input[name="pale"][value="yes"]')
    tab.locator(".stop").wait_for()
    seen += faults("now")
    tab.goto("/checker/")
    send(tab)
    seen += faults("errors")
    for state, given in STATES.items():
        tab.goto("/checker/")
        answered(tab, QUIET | given)
        send(tab)
        expect(tab.locator("h1")).to_have_text(TITLES[state])
        tab.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        seen += faults(state)
    context.close()
    assert seen == []


@pytest.mark.browser
def test_on_a_phone_every_answer_is_large_enough_to_touch(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/checker/")
    small = page.eval_on_selector_all(
        ".answers label",
        "all => all.map(one => one.getBoundingClientRect()).filter(one => one.height < 44).length",
    )
    assert small == 0
    answered(page, QUIET | STATES["emergency"])
    send(page)
    box = page.locator(".verdict").bounding_box()
    assert box["y"] + box["height"] < 844
