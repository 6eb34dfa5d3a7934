"""The PDF is tagged to PDF/UA, links inside, and takes any text as text."""

import io
from typing import Any

import msgspec
import pytest
from pypdf import PdfReader

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment
from multifocal.report import pdf


@pytest.fixture(scope="module", params=["child", "flagged", "empty", "unread"])
def printed(request: pytest.FixtureRequest, knowledge: Knowledge) -> PdfReader:
    given = pdf.render(request.getfixturevalue(request.param), knowledge=knowledge)
    return PdfReader(io.BytesIO(given))


def entry(reader: PdfReader, *keys: str) -> Any:  # what pypdf finds there has no common type
    found: Any = reader.trailer["/Root"]
    for key in keys:
        found = found[key]
    return found


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_the_pdf_is_tagged_and_says_that_it_meets_the_standard(printed: PdfReader) -> None:
    assert entry(printed, "/MarkInfo", "/Marked")
    assert "/StructTreeRoot" in entry(printed)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in entry(printed, "/Metadata").get_data()


def test_the_pdf_has_language_and_title_without_the_name(printed: PdfReader) -> None:
    assert entry(printed, "/Lang") == "en-GB"
    assert printed.metadata is not None
    assert printed.metadata.title == "Work-up for chronic multifocal osteomyelitis, 20 Oct 2026"


def test_every_page_says_what_it_is_not(printed: PdfReader) -> None:
    assert all("It is not a diagnosis." in page.extract_text() for page in printed.pages)


def test_values_and_numbers_are_links_inside_the_document(
    child: Assessment, knowledge: Knowledge
) -> None:
    reader = PdfReader(io.BytesIO(pdf.render(child, knowledge=knowledge, full=True)))
    links = [
        note.get_object()
        for page in reader.pages
        for note in page.get("/Annots", [])
        if note.get_object()["/Subtype"] == "/Link"
    ]
    inside = [link for link in links if "/Dest" in link or "/D" in link.get("/A", {})]
    outside = [link for link in links if "/URI" in link.get("/A", {})]
    assert len(inside) >= len(child.facts)
    assert [link["/A"]["/URI"] for link in outside] == ["https://doi.org/10.1000/made-up"]


def test_an_alarm_stands_on_the_first_sheet(flagged: Assessment, knowledge: Knowledge) -> None:
    reader = PdfReader(io.BytesIO(pdf.render(flagged, knowledge=knowledge)))
    first = " ".join(reader.pages[0].extract_text().split())
    assert first.index(flagged.red_flags[0].label) < first.index(
        "Next steps" if flagged.steps else "Code"
    )


@pytest.mark.parametrize(
    "name",
    [
        '#panic("x") *bold* $x$ @fact-1 <fact-1> \\ "',
        "\U0001f600\U0001fae8 \u202e\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
        "\ue000\U000f0000\x00\x1b",
        "\u4e2d\u6587 \u0e44\u0e17\u0e22 \U00012000",
    ],
)
def test_any_name_gives_a_pdf(name: str, child: Assessment, knowledge: Knowledge) -> None:
    patient = msgspec.structs.replace(child.patient, name=name)
    given = pdf.render(msgspec.structs.replace(child, patient=patient), knowledge=knowledge)
    text = text_of(PdfReader(io.BytesIO(given)))
    assert "Laboratory" in text
    if name.startswith("#"):
        assert "#panic" in text


def test_the_same_assessment_gives_the_same_bytes(child: Assessment, knowledge: Knowledge) -> None:
    first = pdf.render(child, knowledge=knowledge)
    assert pdf.render(child, knowledge=knowledge) == first
