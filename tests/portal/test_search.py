"""The search over the public pages."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from multifocal.portal.article.search import Document, Index

BONES = Document("Shoulder", "/shoulder/", "Bone", "Bones: clavicle.", "collarbone Schlüsselbein")
PAIN = Document("Pain at night", "/night/", "Sign", "Pain that wakes a child. Pain, pain, pain.")
LEG = Document("Leg", "/leg/", "Bone", "The femur is long; pain of the leg.")
SMALL = Index([BONES, PAIN, LEG])


def found(query: str) -> list[str]:
    return [result.document.address for result in SMALL.search(query)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("clavicle", "/shoulder/"),
        ("CLAVICLE", "/shoulder/"),
        ("collarbone", "/shoulder/"),
        ("colarbone", "/shoulder/"),
        ("colalrbone", "/shoulder/"),
        ("clav", "/shoulder/"),
        ("schlusselbein", "/shoulder/"),
        ("femurs", "/leg/"),
        ("pain", "/night/"),
        ("pain leg", "/leg/"),
    ],
)
def test_it_finds_by_word_synonym_misspelling_beginning_and_several_words(
    query: str, first: str
) -> None:
    assert found(query)[0] == first


@pytest.mark.parametrize("query", ["", "   ", "zzzzqqq", "?!.", "\x00", "x"])
def test_what_is_nowhere_is_not_found(query: str) -> None:
    assert found(query) == []


def test_hits_are_marked_in_title_and_excerpt() -> None:
    [result] = SMALL.search("clavicle")
    assert [piece.text for piece in result.excerpt if piece.is_hit] == ["clavicle"]
    assert "".join(piece.text for piece in result.excerpt) == BONES.text


def test_a_long_text_is_cut_around_the_hit() -> None:
    long = Document("T", "/t/", "K", "word " * 400 + "needle " + "word " * 400)
    [result] = Index([long]).search("needle")
    shown = "".join(piece.text for piece in result.excerpt)
    assert "needle" in shown
    assert len(shown) < 300
    assert shown.startswith("… ")
    assert shown.endswith(" …")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("right hand", "/bones/right-hand/"),
        ("collarbone", "/bones/shoulder-girdle/"),
        ("Kahnbein", "/bones/carpus/"),
        ("M86.351", "/bones/thigh/"),
        ("ewing", "/conditions/ewing-sarcoma/"),
        ("leukemia", "/conditions/acute-leukaemia/"),
        ("scurvey", "/conditions/scurvy/"),
        ("Jansson", "/sources/"),
        ("clinical score", "/scores/"),
        ("time to diagnosis", "/numbers/#delay"),
        ("depressions carpal", "/normal/#"),
        ("night sweats", "/urgent/"),
    ],
)
def test_every_kind_of_page_is_found(anonymous: Client, query: str, address: str) -> None:
    page = anonymous.get("/search/", {"q": query}).content.decode()
    assert f'<h2><a href="{address}' in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "\u202egnuj\u202c",
        "\x00\x01\x1b[31m",
        "a" * 10_000,
        "ab " * 5_000,
        "%00%ff",
        "{{ 7|add:7 }}{% load %}",
        "' OR 1=1 --",
        "(((((((((((((((((((((((",
        "💀" * 500,
        "\ud83d",
    ],
)
def test_a_hostile_query_is_text(anonymous: Client, query: str) -> None:
    answer = anonymous.get("/search/", {"q": query.encode("utf-8", "surrogatepass")})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "\u202e" not in page
    assert "\x1b" not in page


@pytest.mark.django_db
def test_nothing_is_kept_of_a_query(anonymous: Client, capfd: pytest.CaptureFixture[str]) -> None:
    answer = anonymous.get("/search/", {"q": "zebrafish"})
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    said = capfd.readouterr()
    assert "zebrafish" not in said.out + said.err


@pytest.mark.django_db
def test_a_live_search_gets_the_results_alone(anonymous: Client) -> None:
    page = anonymous.get("/search/", {"q": "femur"}, headers={"HX-Request": "true"})
    assert page.content.decode().startswith('<section id="results"')


@pytest.mark.browser
def test_typing_searches(page, served) -> None:  # type: ignore[no-untyped-def]
    page.goto("/search/")
    page.get_by_label("A bone, a sign").fill("clavicl")
    page.wait_for_selector("#results h2")
    expect(page.locator("#results")).to_contain_text("Shoulder")
    assert page.url.endswith("/search/")


@pytest.mark.browser
def test_it_works_without_script(chromium, served) -> None:  # type: ignore[no-untyped-def]
    context = chromium.new_context(base_url=served.url, java_script_enabled=False)
    tab = context.new_page()
    tab.goto("/search/")
    tab.get_by_label("A bone, a sign").fill("clavicle")
    tab.get_by_role("button", name="Search").click()
    expect(tab.locator("#results h2").first).to_be_visible()
    context.close()
