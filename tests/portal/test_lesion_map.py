"""Places on the skeleton: the field, its list, its maps, and both in step."""

import re
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from xml.etree.ElementTree import Element, fromstring

import pytest
from axe_playwright_python.sync_playwright import Axe
from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template import engines
from django.test import override_settings
from django.urls import path
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import expect

from multifocal.model.anatomy import BoneId, RegionId, Site
from multifocal.model.place import site_text
from multifocal.portal.engine import knowledge
from multifocal.portal.lesion_map import fields
from multifocal.portal.lesion_map.drawing import drawn, outlines, placed, views
from multifocal.portal.lesion_map.fields import SitesField
from multifocal.portal.lesion_map.listing import Scope, choices_of, listing
from multifocal.portal.urls import urlpatterns as site_urls
from tests.portal.conftest import free_port
from tests.reading import grade

STATIC = Path(fields.__file__).parents[1] / "static" / "portal"
SVG = "{http://www.w3.org/2000/svg}"
FINGERTIP = 24
"""CSS pixels: WCAG 2.2, success criterion 2.5.8."""


class Where(forms.Form):
    """Where it hurts: bones and regions."""

    where = SitesField(label="Where does it hurt?")


class Seen(forms.Form):
    """Where an image shows a lesion: parts of bones."""

    seen = SitesField(parts=True, required=False, label="Where does an image show a lesion?")


PAGE = """{% extends "portal/base.html" %}{% block title %}Places{% endblock %}
{% block head %}{{ form.media }}{% endblock %}
{% block main %}<h1>Places</h1><form method="post">{% csrf_token %}{{ form }}
<button>Send</button><button type="reset">Clear</button></form>
<ul id="sent">{% for one in sent %}<li>{{ one }}</li>{% endfor %}</ul>
<ul id="names">{% for one in names %}<li>{{ one }}</li>{% endfor %}</ul>{% endblock %}"""


def page_of(kind: type[forms.Form]) -> Any:
    def view(request: HttpRequest) -> HttpResponse:
        form = kind(request.POST or None)
        cleaned = form.cleaned_data.values() if form.is_valid() else ()
        sent = [site_text(site) for sites in cleaned for site in sites]
        context = {"form": form, "sent": sent, "names": sorted(request.POST)}
        return HttpResponse(engines["django"].from_string(PAGE).render(context, request))

    return view


urlpatterns = [path("where/", page_of(Where)), path("seen/", page_of(Seen)), *site_urls]
handler400 = "multifocal.portal.errors.bad_request"
handler403 = "multifocal.portal.errors.forbidden"
handler404 = "multifocal.portal.errors.not_found"
handler500 = "multifocal.portal.errors.failed"


def cleaned(field: SitesField, *texts: str) -> tuple[Site, ...]:
    sites = field.clean(list(texts))
    assert isinstance(sites, tuple)
    return sites


def values(scope: Scope = "both", **more: bool) -> dict[str, str]:
    """Give every value that can be chosen, with its name."""
    offered = {"parts": False, "regions": False} | more
    groups = listing(knowledge(), scope, **offered)
    return {value: choice.name for value, choice in choices_of(groups).items()}


# The field


def test_it_cleans_to_sites_in_the_order_of_the_list() -> None:
    assert cleaned(SitesField(), "right-hand", "left-metacarpal_3", "midline-sacrum") == (
        Site(BoneId("sacrum"), RegionId("sacrum_coccyx"), "midline"),
        Site(None, RegionId("hand"), "right"),
        Site(BoneId("metacarpal_3"), RegionId("metacarpus"), "left"),
    )


def test_a_part_says_more_than_its_bone_as_a_whole() -> None:
    field = SitesField(parts=True)
    part = Site(BoneId("radius"), RegionId("forearm"), "right", "metaphysis", "distal")
    other = Site(BoneId("radius"), RegionId("forearm"), "left")
    sent = ("right-radius", "right-radius-distal-metaphysis", "left-radius")
    assert set(cleaned(field, *sent)) == {part, other}


def test_nothing_chosen_is_an_error_only_where_a_place_is_needed() -> None:
    assert cleaned(SitesField(required=False)) == ()
    with pytest.raises(forms.ValidationError, match="at least one"):
        SitesField().clean([])


@pytest.mark.parametrize(
    "text",
    ["right-nothing", "radius", "bilateral-hand", "left-sacrum", "right-radius-distal", "\x00", ""],
)
def test_what_the_list_does_not_offer_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(forms.ValidationError) as refused:
        SitesField().clean([text])
    assert refused.value.messages == ["Choose places that are in the list."]


@given(st.lists(st.text(), min_size=1))
def test_no_text_breaks_it(texts: list[str]) -> None:
    with pytest.raises(forms.ValidationError):
        SitesField(parts=True).clean(texts)


def test_what_was_chosen_is_still_ticked_when_the_form_comes_back() -> None:
    form = Where(QueryDict("where=right-hand&where=left-tibia&where=nonsense"))
    assert not form.is_valid()
    assert ticked(str(form["where"])) == {"right-hand", "left-tibia"}


def test_sites_given_at_first_are_ticked() -> None:
    site = Site(BoneId("tibia"), RegionId("lower_leg"), "left", "metaphysis", "distal")
    form = Seen(initial={"seen": (site,)})
    assert ticked(str(form["seen"])) == {"left-tibia-distal-metaphysis"}


def test_it_has_changed_only_when_other_places_are_chosen() -> None:
    sites = cleaned(SitesField(), "right-hand", "left-tibia")
    assert not SitesField().has_changed(sites, ["left-tibia", "right-hand"])
    assert SitesField().has_changed(sites, ["left-tibia"])


# The list


def test_every_bone_can_be_chosen_on_each_side_that_it_has() -> None:
    sides = {True: ("right", "left"), False: ("midline",)}
    wanted = {f"{side}-{bone.id}" for bone in knowledge().bones for side in sides[bone.paired]}
    assert values().keys() == wanted


def test_every_region_below_the_whole_body_can_be_chosen() -> None:
    found = {value.partition("-")[2] for value in values(regions=True)}
    assert {region.id for region in knowledge().regions if region.parent} <= found


def test_regions_with_two_sides_are_offered_by_side() -> None:
    found = set(values(regions=True))
    assert {"right-hand", "left-knee", "right-ribs", "midline-spine", "midline-neck"} <= found
    assert not {"midline-hand", "right-spine", "left-chest", "midline-hip"} & found


def test_the_parts_of_a_bone_follow_its_growth_plates() -> None:
    # A metacarpal of a finger grows at its head, that of the thumb at its base.
    found = values(parts=True)
    of = "right-metacarpal_{}-{}"
    assert {of.format(3, part) for part in ("distal-epiphysis", "diaphysis", "proximal")} <= set(
        found
    )
    assert of.format(3, "proximal-epiphysis") not in found
    assert of.format(1, "proximal-epiphysis") in found


def test_the_hands_and_the_body_share_the_forearm_only() -> None:
    hands, body = set(values("hands")), set(values("body"))
    assert hands | body == set(values())
    assert {value.split("-")[1] for value in hands & body} == {"radius", "ulna"}


class Read(HTMLParser):
    """What a page asks, as a browser without scripts sees it."""

    def __init__(self) -> None:
        super().__init__()
        self.boxes: list[dict[str, str | None]] = []
        self.attributes: set[str] = set()
        self.depth = {"fieldset": 0, "label": 0}
        self.bare: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.attributes |= found.keys()
        if tag in self.depth:
            self.depth[tag] += 1
        if tag == "input" and found.get("type") == "checkbox":
            self.boxes.append(found)
            if not all(self.depth.values()):
                self.bare.append(found["value"])

    def handle_endtag(self, tag: str) -> None:
        if tag in self.depth:
            self.depth[tag] -= 1


def seen(html: str) -> Read:
    reader = Read()
    reader.feed(html)
    return reader


def ticked(html: str) -> set[str | None]:
    return {box["value"] for box in seen(html).boxes if "checked" in box}


def test_the_list_is_labelled_boxes_in_fieldsets_each_once() -> None:
    found = seen(str(Seen()["seen"]))
    listed = [box["value"] for box in found.boxes]
    assert listed == list(values(parts=True))
    assert found.bare == []


@pytest.mark.parametrize("form", [Where(), Seen()])
def test_nothing_in_it_needs_a_looser_content_policy(form: forms.Form) -> None:
    attributes = seen(str(form)).attributes
    assert "style" not in attributes
    assert not [name for name in attributes if name.startswith("on")]


# The maps


def svg(view: str) -> Element:
    text = drawn(views()[view], values(), knowledge(), prefix="x-")
    return fromstring(text.replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1))  # noqa: S314


def bones_on(view: str) -> list[str]:
    return [g.attrib["data-site"] for g in svg(view).iter(SVG + "g") if "data-site" in g.attrib]


def test_every_bone_is_on_a_map() -> None:
    found = {site for view in views() for site in bones_on(view)}
    assert found == set(values())


@pytest.mark.parametrize("view", views())
def test_a_bone_is_on_a_map_once_and_is_called_by_its_name(view: str) -> None:
    found = [g for g in svg(view).iter(SVG + "g") if "data-site" in g.attrib]
    sites = [g.attrib["data-site"] for g in found]
    assert len(sites) == len(set(sites)) > 0
    assert [g.attrib["aria-label"] for g in found] == [values()[site] for site in sites]


def test_whatever_a_view_names_exists() -> None:
    known = knowledge()
    for view in views().values():
        drawn_here = {one.bone for one in placed(view)}
        assert set(view.bones) <= drawn_here
        assert set(view.hits) <= set(bones_on(view.id))
        assert {door.view for door in view.doors} <= views().keys()
        assert not view.pair or views()[view.pair].pair == view.id
        assert set(view.regions) <= known.regions_by_id.keys()


def test_every_region_is_beneath_a_map() -> None:
    on_maps = {region for view in views().values() for region in view.regions}
    assert {region.id for region in knowledge().regions if region.parent} <= on_maps


@pytest.mark.parametrize("view", views())
def test_what_is_drawn_was_defined(view: str) -> None:
    whole = outlines(["hands", "body"], prefix="x-") + drawn(
        views()[view], values(), knowledge(), prefix="x-"
    )
    ids = re.findall(r' id="([^"]*)"', whole)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="#|url\(#)([^")]*)', whole)) <= set(ids)


def test_maps_and_script_are_small() -> None:
    for view in views().values():
        assert len(drawn(view, values(), knowledge(), prefix="id_where-")) < 80_000
    assert len(outlines(["hands", "body"], prefix="id_where-")) < 80_000
    assert (STATIC / "lesion_map.js").stat().st_size <= 12 * 1024


def test_two_fields_in_one_page_share_no_id() -> None:
    both = str(Where()["where"]) + str(Seen()["seen"])
    ids = re.findall(r' id="([^"]*)"', both)
    assert len(ids) == len(set(ids))


# Growth


def test_the_bones_of_the_wrist_form_in_the_order_that_textbooks_teach() -> None:
    # Capitate and hamate first, then triquetrum, then lunate; the pisiform last of all.
    rows = {row.id: row for row in knowledge().ossification}
    order = ["capitate", "triquetrum", "lunate", "scaphoid", "pisiform"]
    for months in ("female_months", "male_months"):
        ages = [getattr(rows[bone], months) for bone in order]
        assert ages == sorted(ages)
        assert getattr(rows["hamate"], months) < getattr(rows["triquetrum"], months)


def test_girls_are_never_later_than_boys() -> None:
    assert all(row.female_months <= row.male_months for row in knowledge().ossification)


def test_ages_that_were_not_read_are_not_called_verified() -> None:
    assert {row.source.certainty.value for row in knowledge().ossification} == {"memory"}


def test_the_maps_can_begin_at_the_age_of_a_child() -> None:
    form = Seen()
    widget = form.fields["seen"].widget
    widget.age_years, widget.sex = 4.5, "female"
    html = str(form["seen"])
    assert 'value="4.50"' in html
    assert '<option value="female" selected>' in html


def test_what_it_tells_a_family_is_easy_to_read() -> None:
    html = str(Where()["where"])
    told = re.findall(r'<p class="(?:fine|lm-name)"[^>]*>([^<]+)</p>', html)
    assert len(told) == 2
    assert all(grade(text) <= 6 for text in told)


# In a browser


class Quiet(WSGIRequestHandler):
    """Prints no line for each request."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its name there)
        """Print nothing."""


class Threads(ThreadingMixIn, WSGIServer):
    """Answers several requests at a time."""

    daemon_threads = True


@pytest.fixture(scope="module")
def demo() -> Iterator[str]:
    """The site with the pages of this module, in a thread of its own."""
    from django.core.wsgi import get_wsgi_application

    with override_settings(ROOT_URLCONF=__name__):
        port = free_port()
        server = make_server(
            "127.0.0.1", port, get_wsgi_application(), server_class=Threads, handler_class=Quiet
        )
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{port}"
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def opened(chromium: Any, demo: str) -> Iterator[Any]:
    """A function that opens a page of this module; a script error fails the test."""
    contexts, faults = [], []

    def open_(name: str, *, width: int = 1440, height: int = 1000, **more: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": height}, **more)
        contexts.append(context)
        tab = context.new_page()
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.on(
            "console",
            lambda said: faults.append(said.text) if said.type == "error" else None,
        )
        tab.goto(f"{demo}/{name}/")
        return tab

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


def bone(tab: Any, site: str) -> Any:
    return tab.locator(f'.lm-bone[data-site="{site}"]:visible')


def box(tab: Any, name: str) -> Any:
    return tab.get_by_role("checkbox", name=name, exact=True)


def show(tab: Any, view: str) -> None:
    tab.locator("lesion-map").evaluate("(map, view) => map.show(view)", view)


def checked(tab: Any) -> list[str]:
    found: list[str] = tab.eval_on_selector_all(
        ".lm-list input:checked", "boxes => boxes.map((box) => box.value)"
    )
    return found


@pytest.mark.browser
def test_without_scripts_the_list_is_all_there_is_and_it_is_enough(opened: Any) -> None:
    tab = opened("where", java_script_enabled=False)
    expect(tab.locator(".lm-maps")).not_to_be_visible()
    tab.locator("summary", has_text="Hand").click()
    box(tab, "Right hand").check()
    box(tab, "Left third metacarpal").check()
    tab.get_by_role("button", name="Send").click()
    expect(tab.locator("#sent li")).to_have_text(["right-hand", "left-metacarpal_3"])


@pytest.mark.browser
def test_list_and_map_are_always_in_step(opened: Any) -> None:
    tab = opened("where")
    bone(tab, "right-metacarpal_3").click()
    assert checked(tab) == ["right-metacarpal_3"]
    expect(bone(tab, "right-metacarpal_3")).to_have_attribute("aria-pressed", "true")
    expect(tab.locator(".lm-status")).to_have_text("Right third metacarpal, marked")
    tab.locator("summary", has_text="Hand").click()
    box(tab, "Right third metacarpal").uncheck()
    expect(bone(tab, "right-metacarpal_3")).to_have_attribute("aria-pressed", "false")
    box(tab, "Left lunate").check()
    expect(bone(tab, "left-lunate")).to_have_attribute("aria-pressed", "true")
    tab.get_by_role("button", name="Remove Left lunate").click()
    assert checked(tab) == []
    bone(tab, "right-lunate").click()
    tab.get_by_role("button", name="Clear").click()
    expect(tab.locator(".lm-bone[aria-pressed=true]")).to_have_count(0)


@pytest.mark.browser
def test_a_whole_region_can_be_marked_and_shows_on_its_bones(opened: Any) -> None:
    tab = opened("where")
    tab.get_by_role("button", name="Right hand", exact=True).click()
    assert checked(tab) == ["right-hand"]
    assert "lm-within" in bone(tab, "right-capitate").get_attribute("class")
    assert "lm-within" not in bone(tab, "right-radius").get_attribute("class")
    assert "lm-within" not in bone(tab, "left-capitate").get_attribute("class")


@pytest.mark.browser
def test_only_places_are_sent(opened: Any) -> None:
    tab = opened("where")
    bone(tab, "right-capitate").click()
    tab.get_by_role("button", name="Send").click()
    expect(tab.locator("#sent li")).to_have_text(["right-capitate"])
    expect(tab.locator("#names li")).to_have_text(["csrfmiddlewaretoken", "where"])
    expect(bone(tab, "right-capitate")).to_have_attribute("aria-pressed", "true")


@pytest.mark.browser
def test_a_part_is_chosen_with_the_keyboard_alone(opened: Any) -> None:
    tab = opened("seen")
    bone(tab, "right-radius").focus()
    tab.keyboard.press("Enter")
    panel = tab.get_by_role("group", name="Right radius", exact=True)
    expect(panel).to_be_visible()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Proximal epiphysis"
    panel.get_by_role("button", name="Distal metaphysis").focus()
    tab.keyboard.press("Space")
    assert checked(tab) == ["right-radius-distal-metaphysis"]
    expect(bone(tab, "right-radius").locator(".lm-piece")).to_have_count(2)
    whole = panel.get_by_role("button", name="Whole bone")
    expect(whole).to_have_attribute("aria-pressed", "false")
    tab.keyboard.press("Escape")
    expect(panel).not_to_be_visible()
    assert tab.evaluate("document.activeElement.dataset.site") == "right-radius"


@pytest.mark.browser
def test_bones_that_have_not_formed_are_faint_and_can_be_chosen(opened: Any) -> None:
    tab = opened("seen")
    tab.locator(".lm-growth summary").click()
    tab.get_by_label("Age in years").fill("1.5")
    tab.get_by_label("Girl or boy").select_option("male")
    faint = tab.eval_on_selector_all(
        '[data-view="right-hand"] .lm-unformed', "bones => bones.map((bone) => bone.dataset.site)"
    )
    # At eighteen months the wrist of a boy usually shows two bones: capitate and hamate.
    carpals = "scaphoid lunate triquetrum pisiform trapezium trapezoid"
    assert set(faint) == {f"right-{name}" for name in carpals.split()}
    expect(bone(tab, "right-ulna").locator(".lm-soft")).to_have_count(1)
    tab.locator("summary", has_text="Hand").click()
    label = tab.locator("label", has=tab.locator('[value="right-scaphoid"]'))
    expect(label).to_contain_text("not yet bone at this age (usually)")
    bone(tab, "right-scaphoid").click()
    assert checked(tab) == ["right-scaphoid"]
    tab.get_by_label("Age in years").fill("")
    tab.get_by_label("Girl or boy").select_option("")
    expect(tab.locator(".lm-unformed")).to_have_count(0)


@pytest.mark.browser
def test_arrows_reach_every_bone_of_a_map_from_its_one_tab_stop(opened: Any) -> None:
    tab = opened("where", width=390)
    for view in views():
        show(tab, view)
        here = f'.lm-view[data-view="{view}"] svg'
        expect(tab.locator(f'{here} [tabindex="0"]')).to_have_count(1)
        assert tab.evaluate(WALK, here) == tab.locator(f"{here} [role=button]").count()
        tab.locator(f'{here} [tabindex="0"]').focus()
        tab.keyboard.press("End")
        assert tab.evaluate(LAST, here) is True
        tab.keyboard.press("Home")
        assert tab.evaluate(LAST, here) is False


WALK = """(here) => {
  const svg = document.querySelector(here), met = new Set();
  const wait = [svg.querySelector('[tabindex="0"]')];
  while (wait.length) {
    const from = wait.pop();
    if (met.has(from)) continue;
    met.add(from);
    for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]) {
      from.focus();
      from.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      if (svg.contains(document.activeElement)) wait.push(document.activeElement);
    }
  }
  return met.size;
}"""
LAST = """(here) => {
  const all = [...document.querySelectorAll(`${here} [role=button]`)];
  return document.activeElement === all.at(-1);
}"""


@pytest.mark.browser
def test_a_door_leads_to_the_map_that_it_names(opened: Any) -> None:
    tab = opened("where", width=390)
    show(tab, "front")
    tab.get_by_role("button", name="Show the map: Chest").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator('.lm-view[data-view="chest"] svg')).to_be_visible()
    assert tab.evaluate("document.activeElement.closest('.lm-view').dataset.view") == "chest"
    expect(tab.locator('.lm-switch input[value="chest"]')).to_be_checked()


@pytest.mark.browser
def test_a_finger_on_a_phone_marks_the_bone_beneath_it(opened: Any) -> None:
    tab = opened("where", width=390, has_touch=True, is_mobile=True)
    expect(tab.locator(".lm-view:visible")).to_have_count(1)
    hit = tab.locator('.lm-on rect[data-for="right-pisiform"]').bounding_box()
    tab.touchscreen.tap(hit["x"] + hit["width"] - 3, hit["y"] + hit["height"] / 2)
    assert checked(tab) == ["right-pisiform"]


@pytest.mark.browser
@pytest.mark.long
@pytest.mark.parametrize(("width", "step"), [(390, 3), (1440, 6)])
def test_every_bone_takes_a_fingertip(opened: Any, width: int, step: int) -> None:
    tab = opened("where", width=width, height=4000)
    small: dict[tuple[str, str], dict[str, int]] = {}
    for view in views():
        show(tab, view)
        sizes = tab.evaluate(MEASURE, [f'.lm-view[data-view="{view}"] svg', step])
        assert sizes.keys() >= set(bones_on(view))
        small |= {
            (view, site): size
            for site, size in sizes.items()
            if min(size["width"], size["height"]) < FINGERTIP or size["area"] < FINGERTIP**2
        }
    assert small == {}


MEASURE = """([here, step]) => {
  const box = document.querySelector(here).getBoundingClientRect(), found = {};
  for (let y = box.top; y < box.bottom; y += step)
    for (let x = box.left; x < box.right; x += step) {
      const at = document.elementFromPoint(x, y)?.closest("[data-site], [data-for]");
      const site = at && (at.dataset.site || at.dataset.for);
      if (!site) continue;
      const one = (found[site] ??= { left: x, right: x, top: y, bottom: y, points: 0 });
      one.points += 1;
      one.left = Math.min(one.left, x); one.right = Math.max(one.right, x); one.bottom = y;
    }
  return Object.fromEntries(Object.entries(found).map(([site, one]) => [site, {
    width: one.right - one.left, height: one.bottom - one.top,
    area: one.points * step * step }]));
}"""


@pytest.mark.browser
def test_chips_and_boxes_take_a_fingertip(opened: Any) -> None:
    tab = opened("seen", width=390)
    bone(tab, "right-radius").click()
    tab.eval_on_selector_all("lesion-map details", "all => all.forEach((one) => one.open = true)")
    small = tab.eval_on_selector_all(
        "lesion-map :is(label, button, summary)",
        """all => all.map((one) => [one.textContent, one.getBoundingClientRect()])
          .filter(([, box]) => box.width && (box.width < 24 || box.height < 24))""",
    )
    assert small == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "scheme", "width"),
    [
        ("where", "light", 1440),
        ("seen", "dark", 1440),
        ("where", "light", 720),
        ("seen", "dark", 390),
    ],
)
def test_axe_finds_no_fault(opened: Any, name: str, scheme: str, width: int) -> None:
    # A page at 200 % zoom has half the width: 720 of 1440 pixels.
    tab = opened(name, width=width, color_scheme=scheme)
    bone(tab, "right-metacarpal_3").click()
    tab.locator(".lm-growth summary").click()
    tab.locator("summary", has_text="Hand").click()
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    rules = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(tab, options={"runOnly": rules})
    assert found.response["violations"] == []


@pytest.mark.browser
def test_a_mark_is_more_than_its_colour(opened: Any) -> None:
    tab = opened("where", forced_colors="active")
    bone(tab, "right-capitate").click()
    shape = bone(tab, "right-capitate").locator(".lm-shape")
    hatch = bone(tab, "right-capitate").locator(".lm-hatch")
    assert hatch.evaluate("one => getComputedStyle(one).visibility") == "visible"
    assert shape.evaluate("one => getComputedStyle(one).fill") != bone(tab, "right-hamate").locator(
        ".lm-shape"
    ).evaluate("one => getComputedStyle(one).fill")
