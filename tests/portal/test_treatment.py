"""Treatment: all of it for a reader who is signed in, not one byte for anybody else."""

import re
from functools import cache
from io import BytesIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import Client
from pypdf import PdfReader

from multifocal.knowledge.load import load as knowledge
from multifocal.portal.accounts.models import User
from multifocal.portal.treatment import section
from multifocal.treatment.load import load
from multifocal.treatment.page import markdown

PAGES = ("/treatment/", "/treatment/clinician/")
FILES = ("/treatment/treatment.pdf", "/treatment/clinician/treatment.pdf")


@pytest.fixture
def reader(db: None) -> Client:
    client = Client()
    client.force_login(
        User.objects.create_user("reader@example.org", "a long enough phrase"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


@cache
def drugs() -> frozenset[str]:
    treatment = load(knowledge=knowledge())
    names = {drug.name for drug in treatment.drugs}
    return frozenset(re.split(r"[ ,(]", name)[0].lower() for name in names)


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>|&\w+;|[^a-z]", " ", text.lower()).split())


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_a_visitor_is_shown_the_way_in_and_no_medicine(anonymous: Client, path: str) -> None:
    answer = anonymous.get(path)
    assert answer.status_code == 200
    text = answer.content.decode().lower()
    assert "please sign up or log in" in text
    assert {name for name in drugs() if name in text} == set()


@pytest.mark.django_db
@pytest.mark.parametrize("path", FILES)
def test_a_visitor_gets_no_file(anonymous: Client, path: str) -> None:
    answer = anonymous.get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={path}")


@pytest.mark.parametrize("path", PAGES)
def test_a_reader_gets_every_medicine_and_every_section(reader: Client, path: str) -> None:
    answer = reader.get(path)
    text = answer.content.decode()
    assert {name for name in drugs() if name not in text.lower()} == set()
    audience = "clinician" if "clinician" in path else "family"
    written = markdown(audience, load(knowledge=knowledge()))  # type: ignore[arg-type]
    heads = re.findall(r"^#{2,4} (.+)$", written, flags=re.MULTILINE)
    shown = [words(head) for head in re.findall(r"<h[2-4][^>]*>(.*?)</h[2-4]>", text)]
    assert [words(head) for head in heads] == shown
    assert answer["Cache-Control"] == "no-store, private"


def test_a_family_is_shown_no_dose(reader: Client) -> None:
    text = reader.get("/treatment/").content.decode()
    assert re.findall(r"\d\s?mg", text) == []
    assert re.findall(r"\d\s?mg", reader.get("/treatment/clinician/").content.decode())


def test_each_mark_leads_to_a_source_on_the_page(reader: Client) -> None:
    for path in PAGES:
        text = reader.get(path).content.decode()
        marks = set(re.findall(r'href="#(source-\d+)"', text))
        assert marks
        assert marks <= set(re.findall(r'id="(source-\d+)"', text))


@pytest.mark.parametrize("path", FILES)
def test_a_reader_gets_a_tagged_file_with_every_medicine(reader: Client, path: str) -> None:
    answer = reader.get(path)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store, private"
    pdf = PdfReader(BytesIO(answer.content))
    text = "".join(page.extract_text() for page in pdf.pages).lower()
    assert {name for name in drugs() if name not in text} == set()
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]


def test_access_is_decided_where_the_section_is_loaded() -> None:
    for give in (section.page, section.pdf):
        with pytest.raises(PermissionDenied):
            give(AnonymousUser(), "family")
        with pytest.raises(PermissionDenied):
            give(User(is_active=False), "clinician")


def test_a_reader_who_logs_out_is_a_visitor_again(reader: Client) -> None:
    reader.post("/account/logout/")
    text = reader.get("/treatment/").content.decode().lower()
    assert "please sign up or log in" in text
    assert {name for name in drugs() if name in text} == set()
