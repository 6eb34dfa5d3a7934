"""A crawl over every address of the site as a visitor: not one byte of the treatment section."""

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pypdf import PdfReader

from multifocal.examples import path as example
from multifocal.knowledge.load import load as load_knowledge
from multifocal.portal.accounts.models import User
from multifocal.treatment.entries import Treatment
from multifocal.treatment.load import load
from multifocal.treatment.texts import texts
from tests.portal.conftest import Served

LONG = 24
"""From so many letters on, a text is no common phrase that a public page could share by chance."""

DOSE = re.compile(r"\d\s*(?:mg|mcg|ug|µg)\s*/\s*(?:kg|m2|m²|dose|week)\b|\d\s*mg\s*/\s*day\b")
UNLIMITED = 5_000
"""A crawl that finds more addresses than this goes in circles."""


class Links(HTMLParser):
    """Every address that a page leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {"href", "src", "action", "hx-get", "data-src", "content", "xlink:href"}
        self.found |= {value for name, value in attrs if name in names and value}


@pytest.fixture(scope="module")
def treatment() -> Treatment:
    return load(knowledge=load_knowledge())


@pytest.fixture(scope="module")
def phrases(treatment: Treatment) -> frozenset[str]:
    own = {squeezed(text) for _, _, text in texts(treatment)}
    own |= {squeezed(source.title) for source in treatment.sources}
    return frozenset(text for text in own if len(text) >= LONG)


@pytest.fixture(scope="module")
def medicines(treatment: Treatment) -> re.Pattern[str]:
    names = sorted({name for drug in treatment.drugs for name in drug.names})
    return re.compile(r"\b(?:" + "|".join(names) + r")\b")


def squeezed(text: str) -> str:
    plain = html.unescape(re.sub(r"<[^>]+>", "", text))
    return re.sub(r"\s+", " ", plain).strip(" .").lower()


def patterns(under: URLResolver, before: str = "") -> Iterator[str]:
    """Give every address without a variable part that the site has, its administration too."""
    for pattern in under.url_patterns:
        here = before + str(pattern.pattern).lstrip("^").rstrip("$")
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, here)
        elif isinstance(pattern, URLPattern) and not re.search(r"[<(\\]", here):
            yield f"/{here}"


def text_of(content_type: str, content: bytes) -> str:
    if content_type.startswith("application/pdf"):
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return content.decode("utf-8", errors="replace")


def crawl(client: Client, begin: set[str]) -> dict[str, str]:
    """Give the text of every address that can be reached from some, by its address."""
    left, found = set(begin), dict[str, str]()
    while left:
        address = left.pop()
        answer = client.get(address)
        content = b"".join(answer) if answer.streaming else answer.content
        kind = answer.get("Content-Type", "")
        text = text_of(kind, content)
        found[address] = f"{text}\n{answer.headers}"
        links: set[str] = {answer["Location"]} if "Location" in answer else set()
        if "html" in kind:
            parser = Links()
            parser.feed(text)
            links |= parser.found
        if "xml" in kind:
            links |= set(re.findall(r"<loc>([^<]+)</loc>", text))
        for link in links:
            there = urldefrag(urljoin(f"http://testserver{address}", link))[0]
            parts = urlsplit(there)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.netloc == "testserver" and path not in found and path.startswith("/"):
                left.add(path)
        assert len(found) < UNLIMITED
    return found


def leaks(found: dict[str, str], phrases: frozenset[str]) -> dict[str, list[str]]:
    plain = {address: squeezed(text) for address, text in found.items()}
    held = {
        address: [phrase for phrase in phrases if phrase in text] for address, text in plain.items()
    }
    return {address: shared for address, shared in held.items() if shared}


@pytest.fixture(scope="module")
def crawled(django_db_setup: None, django_db_blocker) -> dict[str, str]:  # type: ignore[no-untyped-def]
    with django_db_blocker.unblock():
        begin = {"/", "/sitemap.xml", "/robots.txt", *patterns(get_resolver())}
        return crawl(Client(raise_request_exception=False), begin)


@pytest.mark.long
def test_no_address_holds_a_text_of_it(crawled: dict[str, str], phrases: frozenset[str]) -> None:
    assert len(phrases) > 100
    assert len(crawled) > 150
    assert {"/treatment/", "/treatment/clinician/", "/sitemap.xml", "/api/v1/openapi.json"} <= set(
        crawled
    )
    assert leaks(crawled, phrases) == {}


@pytest.mark.long
def test_no_address_names_a_medicine_or_a_dose(
    crawled: dict[str, str], medicines: re.Pattern[str]
) -> None:
    naming = {
        address: sorted(set(medicines.findall(squeezed(text))))
        for address, text in crawled.items()
        if medicines.search(squeezed(text))
    }
    assert naming == {}
    assert [address for address, text in crawled.items() if DOSE.search(text)] == []


@pytest.mark.django_db
def test_search_and_what_is_posted_give_none_of_it(
    anonymous: Client, treatment: Treatment, phrases: frozenset[str]
) -> None:
    found = {}
    for drug in treatment.drugs:
        for word in (*drug.names, drug.name):
            answer = anonymous.get("/search/", {"q": word})
            found[f"search {word}"] = answer.content.decode().replace(html.escape(word), "")
    for path in ("/treatment/", "/treatment/clinician/", "/treatment/treatment.pdf"):
        for method in (anonymous.post, anonymous.put, anonymous.delete, anonymous.options):
            found[f"{method.__name__} {path}"] = method(path).content.decode(errors="replace")
    for address in ("/treatment/?audience=clinician", "/treatment/..%2f", "/treatment/pdf"):
        found[address] = anonymous.get(address).content.decode()
    for form in ("json", "fhir"):
        answer = anonymous.post(
            f"/api/v1/assess?format={form}&thorough=true",
            example("right-hand").read_bytes(),
            content_type="application/json",
        )
        found[f"assess {form}"] = answer.content.decode()
    assert leaks(found, phrases) == {}


@pytest.mark.django_db
def test_the_static_files_hold_none_of_it(phrases: frozenset[str]) -> None:
    files = [path for path in Path(settings.STATIC_ROOT).rglob("*") if path.is_file()]
    found = {
        path.name: path.read_text(encoding="utf-8", errors="replace")
        for path in files
        if path.suffix not in {".gz", ".br"}
    }
    assert len(found) > 10
    assert leaks(found, phrases) == {}


@pytest.mark.django_db
def test_the_shared_cache_and_the_sessions_hold_none_of_it(phrases: frozenset[str]) -> None:
    from django.db import connection

    client = Client()
    client.force_login(
        User.objects.create_user("reader@example.org", None),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    assert leaks({"read": client.get("/treatment/").content.decode()}, phrases) != {}
    with connection.cursor() as cursor:
        kept = ""
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 # names from the database
            kept += repr(cursor.fetchall())
    assert leaks({"database": kept}, phrases) == {}


@pytest.mark.browser
def test_back_after_log_out_shows_none_of_it(page, served: Served, phrases) -> None:  # type: ignore[no-untyped-def]
    email, password = re.findall(r"Demo reader: (\S+), password: (\S+)", served.output())[0]
    page.goto("/account/login/?next=/treatment/")
    page.get_by_label("E-mail", exact=False).first.fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/treatment/")
    assert leaks({"read": page.content()}, phrases) != {}
    page.goto("/account/logout/")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"{served.url}/")
    for _ in range(3):
        page.go_back()
        page.wait_for_load_state()
        assert leaks({page.url: page.content()}, phrases) == {}
