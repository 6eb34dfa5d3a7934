"""The symptom checker in a browser: a mother on a phone, a keyboard user, a teenager."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
PATIENT = 60_000
"""Milliseconds that a loaded machine may take."""

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


class Tour:
    """A walk through the checker that counts taps and pages."""

    def __init__(self, tab: Any) -> None:
        self.tab = tab
        self.taps = 0
        self.pages: list[str] = []
        tab.set_default_timeout(PATIENT)
        tab.goto("/checker/")

    def asks(self, words: str) -> None:
        expect(self.tab.locator("h1")).to_have_text(words, timeout=PATIENT)
        self.pages.append(words)

    def tick(self, name: str) -> None:
        self.tab.get_by_role("checkbox", name=re.compile(f"^{re.escape(name)}")).check()
        self.taps += 1

    def tap(self, name: str) -> None:
        self.tab.get_by_role("button", name=name, exact=True).click()
        self.taps += 1


def contexts(chromium: Any, served: Any, **options: Any) -> Any:
    return chromium.new_context(base_url=served.url, reduced_motion="reduce", **options)


def test_a_mother_on_a_phone_gets_her_answer_in_twelve_taps(chromium: Any, served: Any) -> None:
    phone = contexts(chromium, served, viewport={"width": 390, "height": 844}, locale="de-DE")
    tour = Tour(phone.new_page())
    tour.asks("How old is your child?")
    tour.tap("6 to 11 years")
    tour.asks("Where does it hurt or show?")
    tour.tap("Right: hand or fingers")
    tour.asks("Does your child have any of these now?")
    tour.tap("None of these")
    tour.asks("Is any of these true of the sore part?")
    tour.tap("None of these")
    tour.asks("And any of these, now or in the last weeks?")
    tour.tap("None of these")
    tour.asks("What is it like?")
    tour.tick("Pain")
    tour.tick("Swelling")
    tour.tap("Continue")
    tour.asks("How long has it been there?")
    tour.tap("2 to 6 weeks")
    tour.asks("Did it start after a fall, a knock or hard use?")
    tour.tap("No")
    tour.asks("How does the pain come?")
    tour.tap("Every day")
    tour.asks("Check your answers")
    tour.tap("See what to do")
    tour.asks("See a doctor within 48 hours")
    assert (tour.taps, len(tour.pages)) == (12, 11)
    box = tour.tab.locator(".verdict").bounding_box()
    assert box["y"] + box["height"] < 844
    call = tour.tab.get_by_role("link", name="Call 112")
    expect(call).to_have_attribute("href", "tel:112")
    tour.tab.go_back()
    expect(tour.tab.locator("h1")).to_have_text("Check your answers", timeout=PATIENT)
    tour.tab.go_forward()
    expect(tour.tab.locator("h1")).to_have_text("See a doctor within 48 hours", timeout=PATIENT)
    assert re.fullmatch(r".*/checker/result/", tour.tab.url)
    phone.close()


def test_no_page_is_longer_than_two_screens_of_a_phone_and_all_can_be_touched(
    chromium: Any, served: Any
) -> None:
    phone = contexts(chromium, served, viewport={"width": 390, "height": 844})
    tab = phone.new_page()
    tour = Tour(tab)
    for name in ("2 years", "Left: knee", "None of these", "None of these", "None of these"):
        expect(tab.get_by_role("button", name=name, exact=True)).to_be_visible(timeout=PATIENT)
        small = tab.eval_on_selector_all(
            ".step button, .step label",
            "all => all.map(one => one.getBoundingClientRect())"
            ".filter(one => one.height < 44 || one.width < 44).length",
        )
        tall = tab.eval_on_selector(".step", "one => one.getBoundingClientRect().height")
        assert (small, tall < 2 * 844) == (0, True), name
        was = tab.url
        tour.tap(name)
        tab.wait_for_url(lambda url, was=was: url != was)
    phone.close()


def test_by_keyboard_alone_to_the_advice(chromium: Any, served: Any) -> None:
    context = contexts(chromium, served)
    tab = context.new_page()
    tour = Tour(tab)

    def reach(name: str, role: str = "button") -> None:
        wanted = tab.get_by_role(role, name=name, exact=True)
        expect(wanted).to_be_visible(timeout=PATIENT)
        for _ in range(80):
            tab.keyboard.press("Tab")
            if wanted.evaluate("one => one === document.activeElement"):
                return
        raise AssertionError(f"Tab never reached {name}")

    for title, name in [
        ("How old is your child?", "6 to 11 years"),
        ("Where does it hurt or show?", "Left: ankle"),
        ("Does your child have any of these now?", "None of these"),
        ("Is any of these true of the sore part?", "None of these"),
        ("And any of these, now or in the last weeks?", "None of these"),
    ]:
        tour.asks(title)
        reach(name)
        tab.keyboard.press("Enter")
    tour.asks("What is it like?")
    reach("Pain", "checkbox")
    tab.keyboard.press("Space")
    expect(tab.get_by_role("checkbox", name="Pain", exact=True)).to_be_checked()
    tab.keyboard.press("Enter")
    for title, name in [
        ("How long has it been there?", "Less than 2 weeks"),
        ("Did it start after a fall, a knock or hard use?", "Yes"),
        ("How did it happen?", "A small fall, knock or twist"),
        ("Is it getting better?", "Yes"),
        ("Check your answers", "See what to do"),
    ]:
        tour.asks(title)
        reach(name)
        tab.keyboard.press("Enter")
    tour.asks("Watch it, and know when to come back")
    context.close()


def test_a_teenager_with_a_limp_is_told_at_once(chromium: Any, served: Any) -> None:
    phone = contexts(chromium, served, viewport={"width": 390, "height": 844}, locale="en-US")
    tour = Tour(phone.new_page())
    tour.tap("12 to 17 years")
    tour.asks("Who is it about?")
    tour.tap("It is about me")
    tour.asks("Where is it?")
    tour.tap("Left: thigh")
    tour.asks("Do you have any of these now?")
    tour.tap("None of these")
    tour.asks("Is any of these true of the sore part?")
    tour.tap("None of these")
    tour.asks("And any of these, now or in the last weeks?")
    tour.tap("None of these")
    tour.asks("What is it like?")
    tour.tick("Pain")
    tour.tick("A limp")
    tour.tap("Continue")
    tour.asks("Get help now")
    assert tour.taps == 9
    expect(tour.tab.get_by_role("link", name="Call 911")).to_be_visible()
    expect(tour.tab.locator("main")).not_to_contain_text("your child")
    phone.close()


def test_it_works_without_script_and_without_cookies(chromium: Any, served: Any) -> None:
    context = contexts(chromium, served, java_script_enabled=False)
    tab = context.new_page()
    tour = Tour(tab)

    def on(title: str, name: str) -> None:
        """Tap in a browser that gave no cookie back."""
        tour.asks(title)
        context.clear_cookies()
        tour.tap(name)

    on("How old is your child?", "2 years")
    on("Where does it hurt or show?", "Left: knee")
    on("Does your child have any of these now?", "None of these")
    on("Is any of these true of the sore part?", "None of these")
    on("And any of these, now or in the last weeks?", "None of these")
    on("What is it like?", "Back")
    on("And any of these, now or in the last weeks?", "None of these")
    tour.asks("What is it like?")
    tour.tick("Stiffness")
    on("What is it like?", "Continue")
    on("How long has it been there?", "Less than 2 weeks")
    on("Did it start after a fall, a knock or hard use?", "No")
    on("Check your answers", "See what to do")
    tour.asks("See a doctor within two weeks")
    context.clear_cookies()
    with tab.expect_download() as got:
        tab.get_by_role("button", name="One page for the doctor").click()
    assert got.value.suggested_filename == "page-for-the-doctor.pdf"
    context.close()


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 720])
def test_axe_finds_no_fault_and_nothing_runs_over(
    chromium: Any, served: Any, scheme: str, width: int
) -> None:
    # A page at 200 % zoom has half the width: 720 of 1440 pixels.
    view = {"width": width, "height": 844 if width == 390 else 450}
    context = contexts(chromium, served, color_scheme=scheme, viewport=view)
    tab = context.new_page()
    tour = Tour(tab)
    seen: list[str] = []

    def look(state: str) -> None:
        tab.locator("h1").wait_for()
        tab.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        found = Axe().run(tab, options={"runOnly": RULES}).response["violations"]
        wide = tab.evaluate("document.documentElement.scrollWidth > innerWidth")
        seen.extend([f"{state}: {one['id']}" for one in found] + [f"{state}: too wide"] * wide)

    def to(name: str) -> None:
        was = tab.locator("h1").inner_text()
        tour.tap(name)
        expect(tab.locator("h1")).not_to_have_text(was, timeout=PATIENT)

    look("age")
    to("12 to 17 years")
    look("speaker")
    to("I ask for my child")
    look("place")
    tab.get_by_role("link", name="More than one place").click()
    expect(tab.locator("h1")).to_have_text("Mark where it hurts or shows", timeout=PATIENT)
    look("map")
    tab.goto("/checker/3/")
    to("Left: knee")
    tour.tap("Continue")
    expect(tab.locator(".wrong")).to_be_visible(timeout=PATIENT)
    look("error")
    to("Not sure about some")
    look("again")
    to("None of these")
    to("None of these")
    tour.tick("A hard lump")
    to("Continue")
    look("choice")
    to("Yes, and it does not grow")
    tour.tick("Pain")
    to("Continue")
    to("2 to 6 weeks")
    to("No")
    to("There is no pain")
    look("summary")
    tab.get_by_role("link", name="Add results").click()
    expect(tab.locator("h1")).to_have_text("What did tests show?", timeout=PATIENT)
    look("tests")
    to("Continue")
    to("See what to do")
    look("urgent")
    tab.goto("/checker/6/")
    tour.tick("A hot, swollen and very sore joint")
    tab.get_by_role("button", name="Continue", exact=True).click()
    expect(tab.locator("h1")).to_have_text("Get help now", timeout=PATIENT)
    look("emergency")
    context.close()
    assert seen == []
