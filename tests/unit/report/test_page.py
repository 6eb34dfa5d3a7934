"""The page is self-contained, links every number to its fact and source, and lets nothing run."""

import re
from collections import Counter
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise

import msgspec
import pytest

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment
from multifocal.model.record import Origin
from multifocal.report import page

VOID = {"meta", "br", "link", "img", "input", "hr", "col", "wbr"}
HOSTILE = "<script>alert(1)</script>\"'{{ 7*7 }}\u202e\U0001f600 \u05e9\u05dc\u05d5\u05dd"


class Outline(HTMLParser):
    """Reads the tags of a page and checks that they are nested."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag in tags]


@pytest.fixture(params=["child", "flagged", "empty", "unread"])
def outline(request: pytest.FixtureRequest, knowledge: Knowledge) -> Outline:
    return Outline(page.render(request.getfixturevalue(request.param), knowledge=knowledge))


def test_every_tag_is_closed_in_order(outline: Outline) -> None:
    assert outline.open == []


def test_every_id_is_used_once(outline: Outline) -> None:
    counted = Counter(attrs["id"] for _, attrs in outline.tags if "id" in attrs)
    assert [id_ for id_, count in counted.items() if count > 1] == []


def test_every_link_inside_the_page_has_its_target(outline: Outline) -> None:
    ids = {attrs["id"] for _, attrs in outline.tags if "id" in attrs}
    inside = {
        href[1:]
        for attrs in outline.all("a", "use")
        if (href := attrs.get("href")) and href[0] == "#"
    }
    assert inside - ids == set()


def test_nothing_is_loaded_from_anywhere(outline: Outline) -> None:
    assert outline.all("script", "link", "img", "iframe", "object", "embed", "form") == []
    outward = [attrs["href"] for attrs in outline.all("a") if (attrs["href"] or "")[0] != "#"]
    assert all(str(href).startswith("https://") for href in outward)
    styles = (files("multifocal.report") / "templates" / "page.css").read_text(encoding="utf-8")
    assert "@import" not in styles
    assert "url(" not in styles


def test_no_attribute_runs_anything(outline: Outline) -> None:
    assert [name for _, attrs in outline.tags for name in attrs if name.startswith("on")] == []


def test_headings_never_skip_a_level(outline: Outline) -> None:
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_page_has_its_landmarks_language_and_title(outline: Outline) -> None:
    assert [len(outline.all(tag)) for tag in ("main", "header", "footer", "nav")] == [1, 1, 1, 1]
    assert outline.all("html") == [{"lang": "en"}]
    assert len(outline.all("title")) >= 1


def test_every_table_has_a_caption_and_scoped_headers(outline: Outline) -> None:
    assert len(outline.all("table")) == len(outline.all("caption"))
    assert all("scope" in attrs for attrs in outline.all("th"))


def test_every_drawing_is_named_or_hidden(outline: Outline) -> None:
    named = {"aria-label", "aria-labelledby"}
    for attrs in outline.all("svg"):
        assert attrs.get("aria-hidden") == "true" or (
            attrs.get("role") == "img" and named & set(attrs)
        )


def test_each_fact_and_source_has_its_anchor(child: Assessment, knowledge: Knowledge) -> None:
    ids = {attrs.get("id") for _, attrs in Outline(page.render(child, knowledge=knowledge)).tags}
    assert {f"fact-{n}" for n in range(1, len(child.facts) + 1)} <= ids
    assert {f"source-{n}" for n in range(1, 4)} <= ids


def test_each_laboratory_value_leads_to_its_fact(child: Assessment, knowledge: Knowledge) -> None:
    html = page.render(child, knowledge=knowledge)
    assert re.search(r'href="#fact-6">12\N{NO-BREAK SPACE}mg/L</a>', html)
    assert re.search(r'href="#fact-5">9\N{NO-BREAK SPACE}mg/L</a>', html)


def test_a_hostile_name_and_text_stay_text(child: Assessment, knowledge: Knowledge) -> None:
    patient = msgspec.structs.replace(child.patient, name=HOSTILE)
    first = msgspec.structs.replace(child.facts[0], origin=Origin(HOSTILE, HOSTILE))
    hostile = msgspec.structs.replace(child, patient=patient, facts=(first, *child.facts[1:]))
    html = page.render(hostile, knowledge=knowledge)
    outline = Outline(html)
    assert outline.all("script") == []
    assert outline.open == []
    assert "\u202e" not in html
    shown = HOSTILE.replace("\u202e", "")
    assert outline.text.count(shown) == 3
    before = [html[at - 5 : at] for at in (m.start() for m in re.finditer("&lt;script", html))]
    assert before == ["<bdi>"] * 3


def test_the_title_does_not_hold_the_name(child: Assessment, knowledge: Knowledge) -> None:
    html = page.render(child, knowledge=knowledge)
    title = re.search("<title>(.*?)</title>", html)
    assert title is not None
    assert child.patient.name not in title[1]


def test_the_letter_is_open_and_all_behind_it_is_folded(
    flagged: Assessment, knowledge: Knowledge
) -> None:
    letter, *folded = page.render(flagged, knowledge=knowledge).split("<details")
    assert flagged.red_flags[0].action in letter
    behind = "".join(folded)
    for shown in ("12 to 39 of 39 points", "Speaks for", "Not decided"):
        assert shown in behind
        assert shown not in letter


def test_a_synthetic_child_is_called_so(
    child: Assessment, empty: Assessment, knowledge: Knowledge
) -> None:
    assert "Synthetic example" in page.render(child, knowledge=knowledge)
    assert "Synthetic example" not in page.render(empty, knowledge=knowledge)


def test_every_form_says_that_it_is_not_a_diagnosis(
    flagged: Assessment, knowledge: Knowledge
) -> None:
    assert "It is not a diagnosis." in page.render(flagged, knowledge=knowledge)


def test_the_same_assessment_gives_the_same_page(child: Assessment, knowledge: Knowledge) -> None:
    assert page.render(child, knowledge=knowledge) == page.render(child, knowledge=knowledge)


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    whole = colour * 2 if len(colour) == 3 else colour
    parts = [int(whole[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1, 2])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "paper"),
        ("quiet", "paper"),
        ("accent", "paper"),
        ("on-accent", "accent"),
        ("ink", "band"),
        ("quiet", "band"),
    ],
)
def test_text_has_the_contrast_of_wcag_aa_on_every_theme(
    theme: int, text: str, ground: str
) -> None:
    styles = (files("multifocal.report") / "templates" / "page.css").read_text(encoding="utf-8")
    block = re.findall(r":root \{(.*?)\}", styles, flags=re.DOTALL)[theme]
    colours = dict(re.findall(r"--([a-z-]+): #([0-9a-f]{3,6});", block))
    light, dark = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
