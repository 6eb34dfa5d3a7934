"""The public pages."""

import json
import re
from functools import cache
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin
from xml.etree import ElementTree

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from multifocal.portal.article import views
from multifocal.portal.article.boxes import box
from multifocal.portal.engine import knowledge
from multifocal.portal.markdown import html
from multifocal.treatment.load import load as load_treatment
from multifocal.treatment.texts import texts
from tests.reading import grade

pytestmark = pytest.mark.django_db

VOID = {"br", "hr", "img", "input", "link", "meta", "wbr"}
BUDGET = 100 * 1024
"""Bytes that the article may have, style sheets included."""


class Page(HTMLParser):
    """What matters of a page's structure."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.levels: list[int] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.data: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        if self.open:
            self.faults.append(f"never closed: {self.open}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.faults += [f"{name} on {tag}" for name in found if name.startswith("on")]
        self.faults += [f"style on {tag}"] if "style" in found or tag == "style" else []
        if "id" in found:
            self.ids.append(found["id"] or "")
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag == "a":
            self.links.append(found.get("href") or "")
        if tag in ("script", "img", "link", "iframe") and found.get("rel") != "canonical":
            self.loads += [found[key] or "" for key in ("src", "href") if key in found]
        if tag == "script" and "src" not in found and found.get("type") != "application/ld+json":
            self.faults.append("a script in the page")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.data.append(data)
        else:
            self.words.append(data)


@cache
def addresses() -> tuple[str, ...]:
    """Every address of the sitemap."""
    listed = ElementTree.fromstring(Client().get("/sitemap.xml").content)  # noqa: S314 # ours
    found = [loc.text or "" for loc in listed.iter() if loc.tag.endswith("}loc")]
    assert all(one.startswith("http://testserver/") for one in found)
    return tuple(one.removeprefix("http://testserver") for one in found)


@cache
def shown(address: str) -> str:
    """The page at an address, as an anonymous reader gets it."""
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@cache
def read(address: str) -> Page:
    """The page at an address, parsed."""
    return Page(shown(address))


def ours() -> tuple[str, ...]:
    """The addresses whose pages this app makes."""
    return tuple(one for one in addresses() if one not in ("/checker/", "/scores/", "/work-up/"))


def test_the_sitemap_has_a_page_for_every_region_and_condition() -> None:
    known = knowledge()
    found = addresses()
    assert len(found) == len(set(found))
    assert sum(one.startswith("/bones/") for one in found) == len(known.regions)
    assert sum(one.startswith("/conditions/") for one in found) == len(known.conditions) + 1


def test_every_page_of_the_sitemap_is_there() -> None:
    assert {Client().get(one).status_code for one in addresses()} == {200}


def test_every_page_is_well_formed() -> None:
    faults = {}
    for address in (*ours(), "/search/?q=bone"):
        page = read(address)
        found = list(page.faults)
        found += [] if page.levels.count(1) == 1 and page.levels[0] == 1 else ["not one h1, first"]
        steps = zip(page.levels, page.levels[1:], strict=False)
        found += [f"h{one} then h{two}" for one, two in steps if two > one + 1]
        found += [f"id {one} twice" for one in set(page.ids) if page.ids.count(one) > 1]
        found += [f"loads {one}" for one in page.loads if not one.startswith("/static/")]
        if found:
            faults[address] = found
    assert faults == {}


def test_every_link_inside_the_site_leads_somewhere() -> None:
    links = {urljoin(address, link) for address in ours() for link in read(address).links}
    assert [link for link in links if not link.startswith(("/", "https://", "http://"))] == []
    inside = {urldefrag(link) for link in links if link.startswith("/")}
    pages = {one.url for one in inside}
    assert {one for one in pages if Client().get(one).status_code not in (200, 302)} == set()
    assert {
        one for one in inside if one.fragment and one.fragment not in read(one.url).ids
    } == set()


def test_nothing_of_treatment_is_on_any_page() -> None:
    known = knowledge()
    treatment = load_treatment(knowledge=known)
    medicines = re.compile("|".join(name for drug in treatment.drugs for name in drug.names))
    told = {" ".join(text.split()).strip(" .").lower() for _, _, text in texts(treatment)}
    dose = re.compile(r"\d\s*m?c?g\s*/\s*(?:kg|m2|m²)")
    for address in (*ours(), "/search/?q=medicine", "/search/?q=methotrexate+dose"):
        words = " ".join("".join(read(address).words).split()).lower()
        if "methotrexate" in address:
            words = words.replace("methotrexate", "", 1)
        assert not medicines.search(words), address
        assert not dose.search(words), address
        assert [text for text in told if len(text) >= 24 and text in words] == [], address


def test_the_article_ends_with_the_gate() -> None:
    words = " ".join("".join(read("/article/").words).split())
    article = words[: words.index("This site supports talks")]
    end = article.rindex("please sign up or log in")
    assert article.rindex("Treatment") < end
    assert len(article) - end < 400


def test_the_article_keeps_its_budget_and_has_no_script(static_files: None) -> None:
    page = shown("/article/")
    styles = [load for load in read("/article/").loads if ".css" in load]
    assert len(styles) == 2
    total = len(page.encode()) + sum(len(b"".join(Client().get(one))) for one in styles)
    assert total <= BUDGET
    assert [one for one in read("/article/").loads if ".js" in one] == []


def test_its_marks_lead_to_its_list_of_sources() -> None:
    page = shown("/article/")
    marks = set(re.findall(r'href="#source-(\d+)"', page))
    listed = re.findall(r'<li id="source-(\d+)"', page)
    assert marks == set(listed)
    assert listed == [str(number) for number in range(1, len(listed) + 1)]
    assert "https://doi.org/" in page


def test_the_urgent_page_begins_with_what_is_urgent() -> None:
    page = shown("/urgent/")
    main = page[page.index("<main") :]
    words = "".join(Page(re.sub(r"</main>.*", "</main>", main, flags=re.DOTALL)).words)
    assert " ".join(words.split()).startswith("When to get help Get help today")


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ("/article/", {"M86.3"}),
        ("/bones/right-hand/", {"M86.341", "M86.342", "M86.349"}),
        ("/bones/thigh/", {"M86.351", "M86.352", "M86.359"}),
    ],
)
def test_linked_data_names_the_codes(address: str, codes: set[str]) -> None:
    [data] = read(address).data
    told = json.loads(data)
    assert (told["@context"], told["@type"]) == ("https://schema.org", "MedicalCondition")
    found = {one["codeValue"] for one in told["code"] if one["codingSystem"] == "ICD-10-CM"}
    assert found == codes
    assert not {"possibleTreatment", "drug"} & told.keys()


def test_linked_data_names_what_else_it_could_be() -> None:
    [data] = read("/article/").data
    names = {one["diagnosis"]["name"] for one in json.loads(data)["differentialDiagnosis"]}
    assert {"Ewing sarcoma", "Osteosarcoma"} <= names


def test_every_contradiction_stands_side_by_side() -> None:
    known = knowledge()
    page = shown("/disagreements/")
    for topic in (one for one in known.topics if one.why_they_differ):
        values = box(topic, known).values
        assert len(values) > 1
        part = page[page.index(f'id="{topic.id.replace("_", "-")}"') :]
        part = part[: part.index("</div>")]
        assert part.count('class="value"') == len(values)


def test_the_clinicians_article_shows_the_same_boxes() -> None:
    # Of the disagreements page, the box on bone pain: the same values in both places.
    def values(page: str) -> list[str]:
        part = page[page.index("How many children have bone pain?") :]
        part = re.sub(r'<a class="ref".*?</a>', "", part[: part.index("</div>")])
        return re.findall(r'<p class="value">(.*?)</p>', part)

    first, second = shown("/disagreements/"), shown("/article/clinician/")
    assert len(values(first)) == 4  # two figures of one paper are one value since the audit
    assert values(first) == values(second)


def test_a_share_is_drawn_where_it_lies() -> None:
    # 45 of 84 would lie at 53.6 of 100; a topic of shares runs from 0 to 100 %.
    known = knowledge()
    shares = box(next(one for one in known.topics if one.id == "bone_pain"), known)
    assert shares.scale == "100%"
    for value in shares.values:
        figure = value.statement.figure
        if figure.k is not None and figure.n is not None:
            assert value.bar is not None
            assert value.bar.value == pytest.approx(100 * figure.k / figure.n, abs=0.06)
            assert value.bar.low < value.bar.value < value.bar.high


def test_a_test_that_is_a_treatment_is_not_shown() -> None:
    known = knowledge()
    hidden = [
        (one.id, test.name)
        for one in known.conditions
        for test in one.tests
        if test.kind == "treatment"
    ]
    assert hidden
    for id_, name in hidden:
        assert name not in shown(f"/conditions/{id_.replace('_', '-')}/")


def test_markdown_shows_html_as_text() -> None:
    assert "&lt;script&gt;" in html("<script>alert(1)</script> [1]")
    assert 'href="javascript' not in html("[x](javascript:alert(1))")


@pytest.mark.parametrize(
    "address",
    [
        "/bones/nowhere/",
        "/bones/body/",
        "/bones/lower_leg/",
        "/conditions/%3Cscript%3E/",
        "/conditions/../../etc/passwd/",
        "/conditions/" + "a" * 5_000 + "/",
        "/bones/%00/",
        "/bones/%E2%80%AEx/",
    ],
)
def test_a_page_that_is_not_there_is_said_so(anonymous: Client, address: str) -> None:
    assert anonymous.get(address).status_code == 404


def test_the_hand_is_the_right_hands_page(anonymous: Client) -> None:
    answer = anonymous.get("/bones/hand/")
    assert (answer.status_code, answer["Location"]) == (301, "/bones/right-hand/")


def test_a_page_may_be_kept_and_is_asked_about(anonymous: Client) -> None:
    first = anonymous.get("/article/")
    assert first["Cache-Control"].startswith("public")
    assert "Cookie" in first["Vary"]
    assert not first.cookies
    again = anonymous.get("/article/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = anonymous.get("/article/clinician/")
    assert other["ETag"] != first["ETag"]


def test_a_reader_who_is_signed_in_gets_a_page_of_their_own(anonymous: Client) -> None:
    before = anonymous.get("/article/").content
    reader = get_user_model().objects.create_user("reader@example.org", "a long enough phrase 7")
    signed = Client()
    signed.force_login(reader)
    answer = signed.get("/article/")
    assert answer["Cache-Control"] == "no-store, private"
    assert b"Your account" in answer.content
    assert b"Log in" not in answer.content
    assert anonymous.get("/article/").content == before


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_sent_to_a_public_page(anonymous: Client, method: str) -> None:
    assert getattr(anonymous, method)("/article/").status_code in (403, 405)


def test_the_title_of_each_page_is_its_own() -> None:
    titles = [re.findall(r"<title>(.*?)</title>", shown(one))[0] for one in ours()]
    assert len(titles) == len(set(titles))


def test_pages_say_where_they_are_and_that_robots_may_come() -> None:
    for address in ours():
        page = shown(address)
        assert f'<link rel="canonical" href="{address}">' in page
        assert "noindex" not in page
        assert '<meta property="og:title"' in page
    assert "noindex" in shown("/search/?q=x")
    robots = shown("/robots.txt")
    assert "Disallow: /treatment/" in robots
    assert "Sitemap: http://testserver/sitemap.xml" in robots


@pytest.mark.parametrize("address", ["/", "/about/"])
def test_words_of_ours_for_families_are_easy(address: str) -> None:
    page = shown(address)
    main = page[page.index("<main") : page.index("</main>")]
    texts_ = re.findall(r"<(?:p|li)[^>]*>(.*?)</(?:p|li)>", main, re.DOTALL)
    plain = [" ".join(re.sub(r"<sup.*?</sup>|<[^>]+>", "", one).split()) for one in texts_]
    said = " ".join(one for one in plain if one.endswith(".") and "Apache" not in one)
    assert grade(said) <= 6


def test_no_page_is_kept_twice_for_one_address(anonymous: Client) -> None:
    from multifocal.portal.article import kept

    anonymous.get("/about/")
    before = len(kept._pages)
    for query in ("?a=1", "?b=2", "?q=" + "x" * 500):
        anonymous.get(f"/about/{query}")
    assert len(kept._pages) == before


def test_bones_of_the_start_page_are_bones() -> None:
    known = knowledge()
    assert {bone for bone, _ in views.EXAMPLE} <= known.bones_by_id.keys()
