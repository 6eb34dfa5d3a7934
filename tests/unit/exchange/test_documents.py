"""The text of attached documents, the ticks of forms, and the language of texts."""

import base64
import io
import os
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from multifocal.exchange.documents import LARGEST, Unreadable, language_of, text_of, ticked
from multifocal.knowledge.load import load

KNOWLEDGE = load()


def pdf_of(content: bytes, pages: int = 1) -> bytes:
    """Write the smallest PDF that shows something, by the examples of ISO 32000-1, annex H."""
    stream = zlib.compress(content)
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (b"3 0 R " * pages, pages),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, starts = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        starts.append(len(body))
        body += b"%d 0 obj%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    head = b"xref\n0 6\n0000000000 65535 f \n" + table
    return body + head + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)


REPORT = pdf_of(
    b"BT /F1 12 Tf 50 700 Td (Lytic lesion of the left radius.) Tj 0 -20 Td (No mass.) Tj ET"
)


@pytest.mark.parametrize(
    ("kind", "data", "wanted"),
    [
        ("text/plain", "Röntgen: keine Läsion".encode(), "Röntgen: keine Läsion"),
        ("text/plain; charset=ISO-8859-1", "Läsion".encode("latin-1"), "Läsion"),
        ("text/plain", "Läsion".encode("cp1252"), "Läsion"),
        ("", "Läsion".encode("utf-16"), "Läsion"),
        ("text/plain", b"One.\\.br\\Two.\r\nThree.", "One.\nTwo.\nThree."),
        ("text/plain", b"Fever\tno\nCRP\t12\tmg/L", "Fever: no.\nCRP: 12 mg/L"),
        (
            "text/plain",
            b"There is a lytic lesion in the metaphysis of the left\ndistal radius.\nno mass",
            "There is a lytic lesion in the metaphysis of the left distal radius.\nno mass",
        ),
        ("text/html", b"<p>CRP &lt;5</p><p>WBC 10<sup>9</sup>/L, 3 < 4</p>", None),
        ("application/pdf", REPORT, "Lytic lesion of the left radius.\nNo mass."),
        ("", REPORT, "Lytic lesion of the left radius.\nNo mass."),
    ],
)
def test_a_document_gives_its_text(kind: str, data: bytes, wanted: str | None) -> None:
    assert text_of(kind, data) == (wanted or "CRP <5\nWBC 10^9/L, 3 < 4")


def test_base64_is_undone() -> None:
    assert text_of("text/plain", base64.b64encode(b"No mass.").decode()) == "No mass."


def test_a_page_shows_neither_scripts_nor_what_is_struck_out() -> None:
    page = (
        b'<div xmlns="http://www.w3.org/1999/xhtml"><style>p{}</style><script>fever<b></script>'
        b"<!-- <p>mass</p> --><p>Lytic <b>lesion</b><br/><del>fracture</del>No mass.</p></div>"
    )
    assert text_of("", page) == "Lytic lesion\nNo mass."


def test_the_cells_of_a_table_stay_apart() -> None:
    table = (
        b"<table><tr><td><p>Fever</p></td><td>No</td></tr><tr><th>CRP<td>12<td>mg/L</tr></table>"
    )
    assert text_of("text/html", table) == "Fever: No.\nCRP: 12 mg/L"


def test_a_table_that_only_arranges_a_text_keeps_its_lines() -> None:
    table = b"<table><tr><td>Findings<br>Lytic lesion<br>No mass</td></tr></table>"
    assert text_of("text/html", table) == "Findings\nLytic lesion\nNo mass"


def test_a_ticked_box_of_a_page_is_ticked() -> None:
    form = b'<form><input type="checkbox">Mass<br><input type=checkbox checked>Fever</form>'
    text = text_of("text/html", form)
    assert isinstance(text, str)
    assert ticked(text).strip() == "Fever"


def test_rtf_gives_what_it_shows() -> None:
    text = (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\stylesheet{\s0\plain Normal;}}"
        rb"{\*\generator X;}\f0 Lytic lesion\par{\strike old }R\'f6ntgen \u8805? 3"
        rb"{\pict\bin4 }}}}x}\row Fever\cell no\row 10{\super 9}/L}"
    )
    assert text_of("text/rtf", text) == "Lytic lesion\nRöntgen ≥ 3\nFever: no.\n10^9/L"


def test_rtf_of_another_code_page_is_decoded() -> None:
    assert text_of("", rb"{\rtf1\ansicpg1250 k\'f8\'ed\'9e}") == "kříž"


def locked() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(REPORT)))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("image/png", b"\x89PNG\r\n"),
        ("text/plain", b"\xff\xd8\xff\xe0JFIF"),
        ("application/dicom", b"\x00" * 128 + b"DICM"),
        ("application/msword", b"\xd0\xcf\x11\xe0"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04"),
        ("application/hl7-cda+xml", b"<ClinicalDocument/>"),
        ("text/xml", b"<?xml version='1.0'?><ClinicalDocument/>"),
        ("application/json", b"{}"),
        ("application/x-unheard-of", b"abc"),
        ("text/plain", b"\x00\x01\x02"),
        ("text/plain; charset=zip", zlib.compress(b"\x00" * 1000)),
        ("text/plain", b" \n "),
        ("text/html", b"<style>p"),
        ("text/html", b"<p>a<!-- b"),
        ("application/pdf", b"%PDF-1.7 broken"),
        ("application/pdf", locked()),
        ("application/pdf", pdf_of(b"BT ET")),
        ("text/plain", "no base64!"),
        ("text/plain", b"a" * (2 * LARGEST)),
    ],
)
def test_what_gives_no_text_says_why(kind: str, data: bytes | str) -> None:
    found = text_of(kind, data)
    assert isinstance(found, Unreadable)
    assert found.reason


@pytest.mark.parametrize(
    "data",
    [
        b"<" * 1_000_000,
        b'<a b="' * 300_000,
        b"<!--" * 300_000 + b"-->",
        b"<![" * 300_000,
        b"{\\rtf" + b"{" * 1_000_000,
        b"{\\rtf" + b"\\u5?" * 300_000,
        b"&" * 1_000_000,
        b"[ ] " * 300_000,
        b"\t" * 1_000_000,
        b"%PDF-1.4" + b"1 0 obj<<" * 300_000,
        pdf_of(b"BT (a) Tj ET " * 3_000_000),
        pdf_of(b"[" * 1_000_000),
        pdf_of(b"BT ET", pages=5_000),
    ],
    ids=lambda data: repr(data[:12]),
)
def test_no_document_takes_long(data: bytes) -> None:
    begun = time.process_time()
    found = text_of("", data)
    if isinstance(found, str):
        ticked(found)
    # Measured as below 2 s where this was written; ten seconds is what a bomb would pass.
    assert time.process_time() - begun < 10


@given(st.binary(max_size=300), st.sampled_from(["", "{\\rtf", "<div>", "%PDF-1.4\n", "\\"]))
@settings(max_examples=300, deadline=None)
def test_no_bytes_break_it(data: bytes, begin: str) -> None:
    found = text_of("text/html" if begin == "<div>" else "", begin.encode() + data)
    assert isinstance(found, Unreadable | str)
    assert isinstance(ticked(found if isinstance(found, str) else ""), str)


@given(st.text(alphabet="[x] ()_Yes no\u2610\u2612\u25a1\u25a0;.\n\tMas", max_size=60))
def test_no_form_breaks_it(text: str) -> None:
    assert isinstance(ticked(text), str)


def test_a_pdf_leaves_no_trace_in_a_log(caplog: pytest.LogCaptureFixture) -> None:
    text_of("application/pdf", REPORT.replace(b"startxref", b"startxxxx") + os.urandom(50))
    assert caplog.records == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[ ] Lytic lesion  [x] Sclerosis of the clavicle", "Sclerosis of the clavicle"),
        ("☐ Fracture ☒ Lytic lesion ☐ Mass", "Lytic lesion"),
        ("Fever: [x] Yes [ ] No", "Fever: Yes."),
        ("Fever: ( ) Yes (x) No", "Fever: No."),
        ("Fever Yes [ ] No [x]", "Fever: No."),
        ("Periosteal reaction: Y [ ] N [x]", "Periosteal reaction: no."),
        ("Lytic lesion [ ]  Sclerosis [x]", "Sclerosis"),
        ("Findings: [ ] none [x] Lytic lesion [x] Mass", "Findings: Lytic lesion; Mass"),
        ("Fever: _x_ yes  __ no", "Fever: yes."),
        ("□ Lytic lesion ■ Sclerosis", "Sclerosis"),
        ("[ ] Lytic lesion\n[x] Mass", "\nMass"),
        ("[ ] Lytic lesion   Comment: cortex eroded", "Comment: cortex eroded"),
        ("☐ Mass. Growing since May.", "Growing since May."),
        ("☐ Mass", ""),
        ("■ Lytic lesion\n■ Mass", "■ Lytic lesion\n■ Mass"),
        ("See [1] and [2]. Fever (x) 3.", "See [1] and [2]. Fever (x) 3."),
        ("Lytic lesion (arrow).", "Lytic lesion (arrow)."),
    ],
)
def test_only_what_is_ticked_is_said(text: str, wanted: str) -> None:
    assert ticked(text) == wanted


LANGUAGES = {
    "en": (
        "XR: lytic lesion",
        "Lytic lesion L distal radius, periosteal reaction, NAD elsewhere",
        "No fracture.",
        "STIR hyperintensity prox tibia metaphysis bilat; T1 low; no abscess",
        "CNO, on NSAID, well",
        "MRI WB: multifocal osteitis clavicle R, ilium L, T8, L3",
        "Os calcis: sclerosis",
        "Infiltration by B-lymphoblastic leukaemia.",
        "lytic permeative metaphysis femur cortex Codman triangle periosteal sclerosis vertebra",
        "see comment",
        "",
    ),
    "de": (
        "Keine Fraktur.",
        "Röntgen Hand links: Osteolyse Metakarpale III.",
        "Befund: chronische Osteomyelitis, keine Keime nachweisbar.",
        "Im STIR hyperintenses Signal in der distalen Tibiametaphyse rechts.",
    ),
    "fr": ("Pas de fracture.", "Compte rendu: hypersignal STIR de la clavicule gauche."),
    "es": ("No se observan lesiones óseas.", "Edema óseo en tibia derecha, sin fractura."),
    "it": ("Lesione litica della metafisi distale del radio destro, senza reazione.",),
    "pt": ("Lesão lítica na metáfise distal do rádio esquerdo, sem sinais de fratura.",),
    "nl": ("Botoedeem in de distale tibia rechts, geen aanwijzingen voor fractuur.",),
    "pl": ("Zmiana lityczna w kości promieniowej lewej, bez cech złamania.",),
    "sv": ("Lytisk förändring i distala radius vänster, ingen fraktur.",),
}


@pytest.mark.parametrize(
    ("language", "text"), [(one, text) for one, texts in LANGUAGES.items() for text in texts]
)
def test_the_language_of_a_text_is_told(language: str, text: str) -> None:
    assert language_of(text, KNOWLEDGE) == language


@pytest.mark.parametrize(
    "text",
    [
        "Литическое поражение дистального метафиза лучевой кости.",
        "左手第三掌骨溶骨性病变。",
        "Mae briw lytig yn y radiws distal chwith heb doriad amlwg ar y delweddau hyn",
    ],
)
def test_a_language_that_is_not_read_is_not_english(text: str) -> None:
    assert language_of(text, KNOWLEDGE) != "en"


def test_a_german_report_with_an_english_word_is_german() -> None:
    text = "Kein Nachweis einer Fraktur. Bone bruise der Tibia rechts, no mass."
    assert language_of(text, KNOWLEDGE) == "de"
