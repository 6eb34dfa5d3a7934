"""The work-up in the browser is that of the command, and nothing of a record stays here."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import expect
from pypdf import PdfReader
from typer.testing import CliRunner

from multifocal.cli import app
from multifocal.examples import names, path
from multifocal.exchange.read import read
from multifocal.model.issue import Level
from multifocal.model.record import NotRead, Resources
from multifocal.portal.engine import knowledge
from multifocal.portal.work_up.sealed import opened, sealed
from tests.marks import MARK, held
from tests.portal.conftest import Served

BAD = Path(__file__).parents[1] / "data" / "bad"
PHENOPACKETS = Path(__file__).parents[1] / "data" / "phenopackets"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
CHILD = {"age": "9", "age.unit": "a", "sex": "female"}
PAIN = {**CHILD, "bone_pain": "yes", "symptom_onset": "3", "symptom_onset.unit": "mo"}


def file(content: bytes, name: str = "record.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/json")


def give(client: Client, content: bytes, **more: str) -> Any:
    return client.post("/work-up/report/", {"file": file(content), **more})


def seal_of(page: Any) -> str:
    found = re.search(r'name="record" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


# The same as the command gives


@pytest.mark.django_db
@pytest.mark.parametrize("example", names())
def test_a_file_gives_what_the_command_gives(
    anonymous: Client, example: str, tmp_path: Path
) -> None:
    wanted = tmp_path / "wanted.json"
    run = CliRunner().invoke(
        app, ["assess", str(path(example)), "--format", "json", "-o", str(wanted)]
    )
    assert run.exit_code == 0
    answer = give(anonymous, path(example).read_bytes(), form="json")
    expected, found = json.loads(wanted.read_bytes()), json.loads(answer.content)
    if example == "nearly-empty":  # without any date it is assessed as of today
        expected.pop("as_of"), found.pop("as_of")
    assert found == expected


@pytest.mark.django_db
def test_setting_and_day_change_the_work_up(anonymous: Client) -> None:
    data = path("right-hand").read_bytes()
    usual = json.loads(give(anonymous, data, form="json").content)
    other = json.loads(
        give(anonymous, data, form="json", setting="family_doctor", as_of="2026-07-31").content
    )
    assert (usual["as_of"], other["as_of"]) == ("2026-10-20", "2026-07-31")
    assert other["differential"]["setting"] == "family_doctor"
    assert {fact["id"] for fact in other["facts"]} < {fact["id"] for fact in usual["facts"]}


@pytest.mark.django_db
def test_the_page_carries_the_record_and_gives_the_other_formats(anonymous: Client) -> None:
    data = path("right-hand").read_bytes()
    page = give(anonymous, data)
    assert "Example Girl One" in page.content.decode()
    record = seal_of(page)
    as_json = anonymous.post("/work-up/report/again/", {"record": record, "form": "json"})
    assert as_json.content == give(anonymous, data, form="json").content
    as_pdf = anonymous.post("/work-up/report/again/", {"record": record, "form": "pdf"})
    text = "".join(one.extract_text() for one in PdfReader(BytesIO(as_pdf.content)).pages)
    assert "Example Girl One" in text
    as_fhir = anonymous.post("/work-up/report/again/", {"record": record, "form": "fhir"})
    assert json.loads(as_fhir.content)["resourceType"] == "Bundle"
    for answer, name in ((as_json, "work-up.json"), (as_pdf, "work-up.pdf")):
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer.headers["Cache-Control"] == "no-store, private"


@pytest.mark.django_db
def test_what_was_not_read_stands_first_on_the_page_and_in_every_file(
    anonymous: Client, caplog: pytest.LogCaptureFixture
) -> None:
    name = f"<b>Histology {MARK}</b>"
    unread = NotRead("report", name, "DiagnosticReport 2", level=Level.WARNING, about="pathology")
    record = msgspec.structs.replace(
        read(path("right-hand"), knowledge=knowledge()),
        not_read=(unread,),
        resources=Resources(40, 0, 1),
    )
    seal = sealed(record, version=knowledge().version)

    def again(form: str) -> Any:
        return anonymous.post("/work-up/report/again/", {"record": seal, "form": form})

    page = again("page").content.decode()
    first = page.partition("<details")[0]
    assert "Of 41 resources of the record 40 were read and 1 not at all." in first
    assert f"&lt;b&gt;Histology {MARK}&lt;/b&gt;" in first
    assert "No code is suggested" in first
    as_json = json.loads(again("json").content)
    assert [one["name"] for one in as_json["not_read"]] == [name]
    assert as_json["resources"] == {"read": 40, "partly": 0, "unread": 1}
    assert MARK in again("fhir").content.decode()
    [paper, *_] = PdfReader(BytesIO(again("pdf").content)).pages
    assert MARK in paper.extract_text()
    assert MARK not in caplog.text


@pytest.mark.django_db
def test_a_family_has_a_page_of_its_own(anonymous: Client) -> None:
    record = read(path("right-hand"), knowledge=knowledge())
    seal = sealed(record, version=knowledge().version)
    given = anonymous.post("/work-up/report/again/", {"record": seal, "form": "family"})
    page = given.content.decode()
    assert "When to get help" in page
    assert "osteomyelitis" not in page.partition("<main")[2].partition("</main>")[0].lower()
    assert 'value="page"' in page  # the way back to the clinician's


@pytest.mark.django_db
def test_an_example_is_one_click(anonymous: Client) -> None:
    page = anonymous.post("/work-up/example/leukaemia-like/")
    assert "red flag" in page.content.decode()
    assert anonymous.post("/work-up/example/no-such-child/").status_code == 400


@pytest.mark.django_db
def test_a_phenopacket_is_read(anonymous: Client) -> None:
    [one, *_] = sorted(PHENOPACKETS.glob("*.json"))
    assert give(anonymous, one.read_bytes()).status_code == 200


@pytest.mark.django_db
def test_of_several_children_one_is_chosen(anonymous: Client) -> None:
    page = give(anonymous, (BAD / "two-patients.json").read_bytes(), form="json")
    assert "<h1>Which child?</h1>" in page.content.decode()
    seals = re.findall(r'name="record" value="([^"]+)"', page.content.decode())
    found = [
        json.loads(
            anonymous.post("/work-up/report/again/", {"record": one, "form": "json"}).content
        )["patient"]["id"]
        for one in seals
    ]
    assert len(set(found)) == len(found) == 2


# What can't be read


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "This file is empty"),
        (b"   \n", "is empty"),
        (b"{", "cut off"),
        (b"not json", "not JSON"),
        (b"PK\x03\x04" + b"\0" * 100, "zip archive"),
        (b"\x1f\x8b" + b"\0" * 100, "unpacked"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "not text"),
        (b"[" * 1_000_000, "no resourceType"),
        (b'{"a":' * 500_000, "nested too deeply"),
        (b"<html>", "XML or HTML"),
        (b'{"resourceType": "OperationOutcome"}', "server"),
        (b'{"resourceType": "<script>alert(1)</script>"}', "none that says something"),
        (b"42", "no resourceType"),
    ],
)
def test_a_file_that_is_no_record_is_told_at_its_field(
    anonymous: Client, content: bytes, told: str
) -> None:
    page = give(anonymous, content)
    text = page.content.decode()
    assert page.status_code == 400
    assert "<title>Error: " in text
    assert told in text.replace("&#x27;", "'")
    assert re.search(r'<input type="file"[^>]*aria-invalid="true"', text)
    assert "<script>alert" not in text


@pytest.mark.django_db
def test_no_file_is_told(anonymous: Client) -> None:
    page = anonymous.post("/work-up/report/", {})
    assert (page.status_code, b"Choose a file." in page.content) == (400, True)


@pytest.mark.django_db
def test_a_file_that_is_too_large_is_not_read(anonymous: Client) -> None:
    page = give(anonymous, b"{" + b" " * (21 * 1024 * 1024))
    assert (page.status_code, b"larger than 20 MB" in page.content) == (413, True)


@pytest.mark.django_db
@pytest.mark.parametrize("bad", sorted(BAD.glob("*.json")), ids=lambda one: one.name)
def test_every_broken_record_gives_a_page(anonymous: Client, bad: Path) -> None:
    page = give(anonymous, bad.read_bytes())
    assert page.status_code in {200, 400}
    assert b"Traceback" not in page.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"as_of": "yesterday"},
        {"as_of": "0001-01-01"},
        {"as_of": "9999-12-31"},
        {"setting": "mars"},
        {"form": "exe"},
    ],
)
def test_a_wish_that_can_not_be_met_is_told(anonymous: Client, fields: dict[str, str]) -> None:
    assert give(anonymous, path("right-hand").read_bytes(), **fields).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("broken", ["", "x", "x:y", "\0", "A" * 100_000])
def test_only_what_we_sealed_is_opened(anonymous: Client, broken: str) -> None:
    page = anonymous.post("/work-up/report/again/", {"record": broken})
    assert page.status_code == 400
    assert "This page is too old" in page.content.decode()


def test_a_seal_is_of_one_record_and_one_version() -> None:
    record = read(path("right-hand"), knowledge=knowledge())
    seal = sealed(record, version="1")
    assert opened(seal, version="1") == record
    assert opened(seal, version="2") is None
    changed = ("A" if seal[0] != "A" else "B") + seal[1:]
    assert opened(changed, version="1") is None


@pytest.mark.django_db
def test_a_hostile_name_is_text_and_turns_nothing(anonymous: Client) -> None:
    page = give(anonymous, (BAD / "emoji-rtl-name.json").read_bytes())
    assert page.status_code == 200
    assert "\u202e" not in page.content.decode()


# The short form


@pytest.mark.django_db
def test_the_form_asks_every_question_of_the_knowledge(anonymous: Client) -> None:
    text = anonymous.get("/work-up/form/").content.decode()
    asked = [field.id for section in knowledge().form for field in section.field]
    assert [name for name in asked if f'name="{name}"' not in text] == []


@pytest.mark.django_db
def test_answers_are_shown_while_they_are_given(anonymous: Client) -> None:
    empty = anonymous.post("/work-up/form/", {}, headers={"X-Part": "1"}).content.decode()
    assert "Nothing is entered yet" in empty
    # NICE NG12, as the red flag cites it: persistent bone pain, a blood count within 48 hours.
    part = anonymous.post("/work-up/form/", PAIN, headers={"X-Part": "1"}).content.decode()
    assert "Full blood count" in part
    assert "<html" not in part
    calm: dict[str, Any] = {
        **PAIN,
        "wbc": "7",
        "hb": "125",
        "platelets": "300",
        "blasts_on_film": "no",
    }
    calm |= {"xray_study": "abnormal", "lesions": ["right-metacarpal_3"]}
    part = anonymous.post("/work-up/form/", calm, headers={"X-Part": "1"}).content.decode()
    assert "What it could be" in part
    assert "Next test" in part
    assert "What would change this" in part


@pytest.mark.django_db
def test_the_form_gives_the_work_up_and_can_be_changed(anonymous: Client) -> None:
    answers = {**PAIN, "crp": "1.2", "crp.unit": "mg/dL", "lesions": ["right-metacarpal_3"]}
    page = anonymous.post("/work-up/form/", answers).content.decode()
    assert "9 years" in page
    assert "right third metacarpal" in page.lower()
    as_json = anonymous.post("/work-up/form/", {**answers, "form": "json"})
    facts = json.loads(as_json.content)["facts"]
    assert next(fact["value"] for fact in facts if fact["concept"] == "crp") == 12
    again = anonymous.post("/work-up/form/", {**answers, "change": "1"}).content.decode()
    assert 'name="crp" value="1.2"' in again
    assert re.search(r'name="bone_pain" value="yes" checked', again)
    assert re.search(r'value="right-metacarpal_3"[^>]* checked', again)
    for name in ("crp", "crp.unit", "lesions"):
        assert f'type="hidden" name="{name}"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("crp", "much"),
        ("crp", "-1"),
        ("crp", "1e999"),
        ("crp", "1,240"),
        ("hb", "12.9"),  # offered first in g/L, it looks like g/dL
        ("crp.unit", "furlong"),
        ("age", "9.5"),
        ("age", "9999"),
        ("age.unit", "x"),
        ("lesions", "left-nose"),
        ("painful", "<script>alert(1)</script>"),
        ("xray_study", "perhaps"),
        ("xray_study.region", "moon"),
        ("fever", "maybe"),
        ("sex", "\u202e"),
        ("as_of", "0001-01-01"),
    ],
)
def test_a_wrong_answer_is_told_at_its_field(anonymous: Client, name: str, bad: str) -> None:
    answers = {**PAIN, "crp": "5", "xray_study": "abnormal", name: bad}
    part = anonymous.post("/work-up/form/", answers, headers={"X-Part": "1"})
    assert (part.status_code, b"One answer can" in part.content) == (200, True)
    assert f'href="#{name.partition(".")[0]}"' in part.content.decode()
    assert b"<script>alert" not in part.content


@pytest.mark.django_db
def test_what_was_typed_stays_beside_what_is_wrong_with_it(anonymous: Client) -> None:
    page = anonymous.post("/work-up/form/", {**PAIN, "crp": "much"})
    text = page.content.decode()
    assert page.status_code == 400
    assert "<title>Error: " in text
    assert re.search(r'name="crp" value="much"[^>]* aria-invalid="true"', text)
    assert re.search(r'id="section-blood" open', text)
    assert re.search(r'name="bone_pain" value="yes" checked', text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "bad", ["\0", "9" * 10_000, "{" * 1_000, "\u202e<script>alert(1)</script>"]
)
def test_nothing_that_is_typed_breaks_the_form(anonymous: Client, bad: str) -> None:
    fields = [field.id for section in knowledge().form for field in section.field]
    extra = [f"{name}.{part}" for name in fields for part in ("unit", "region", "side")]
    page = anonymous.post("/work-up/form/", dict.fromkeys([*fields, *extra, "form"], bad))
    assert page.status_code == 400
    assert "<script>alert" not in page.content.decode()


# What is kept


def marked() -> bytes:
    """An example child with the mark in its name, an id, a code, a place and a note."""
    bundle = json.loads(path("right-hand").read_bytes())
    for entry in bundle["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] == "Patient":
            resource["name"] = [{"text": f"Ana {MARK}"}]
        if resource["resourceType"] == "Observation":
            resource["code"]["text"] = f"{resource['code'].get('text', '')} {MARK}"
            resource["bodySite"] = {"text": f"right third metacarpal {MARK}"}
            resource["note"] = [{"text": f"No fever, says {MARK}."}]
    return json.dumps(bundle).encode()


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["page", "pdf", "json", "fhir"])
def test_nothing_of_an_upload_stays_in_the_process(anonymous: Client, form: str) -> None:
    data = marked()
    before = held()
    assert b"%PDF" in give(anonymous, data, form=form).content or form != "pdf"
    assert held() - before == {}
    assert Session.objects.count() == 0


COUNTED = re.compile(
    r"(cache: \(':1:throttle_page_[0-9a-f]{32}',.*|counting_count: \('[0-9a-f]{64}', [\d.]+, \d+\))"
)
"""How often an address asked, under a name that doesn't tell it: the one thing that is noted."""
ROWS = """
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    for table in sorted(connection.introspection.table_names(cursor)):
        cursor.execute(f'SELECT * FROM "{table}"')
        print(*sorted(f"{table}: {row!r}" for row in cursor.fetchall()), sep="\\n")
"""


def snapshot(folder: Path, *, but: str) -> dict[str, tuple[int, int]]:
    """Give every file with its size and its time of change; the database is looked into by rows."""
    return {
        one.relative_to(folder).as_posix(): (one.stat().st_size, one.stat().st_mtime_ns)
        for one in sorted(folder.rglob("*"))
        if one.is_file() and one.name != but and not one.name.startswith("site.sqlite3")
    }


def rows(site: Served) -> list[str]:
    """Give all that the site's database holds, but how often an address asked."""
    settings = {"DJANGO_SETTINGS_MODULE": "multifocal.portal.settings"}
    told = subprocess.run(
        [sys.executable, "-c", ROWS],
        env=site.environment | settings,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return [one for one in told.stdout.splitlines() if one and not COUNTED.fullmatch(one)]


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Served]:
    """A site whose every file, temporary ones too, lies in a folder of its own."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    site = Served(tmp_path, TMPDIR=str(temporary))
    try:
        site.ready()
        yield site
    finally:
        site.stop()


@pytest.mark.browser
@pytest.mark.long
def test_a_server_writes_nothing_of_what_is_sent(
    alone: Served, chromium: Any, tmp_path: Path
) -> None:
    record = tmp_path.parent / f"{tmp_path.name}-sent.json"
    record.write_bytes(marked())
    context = chromium.new_context(base_url=alone.url)
    page = context.new_page()
    page.goto("/work-up/")
    before = snapshot(tmp_path, but="output.txt")
    kept = rows(alone)
    page.set_input_files("input[type=file]", record)
    page.get_by_role("button", name="Give the work-up").click()
    page.get_by_role("heading", name=f"Ana {MARK}").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="PDF").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    page.goto("/work-up/form/")
    page.locator("#section-blood > summary").click()
    page.locator("#crp").fill("34.56")
    page.get_by_role("heading", name="Next test").wait_for()
    assert snapshot(tmp_path, but="output.txt") == before
    assert any(one.startswith("django_migrations: ") for one in kept)
    assert rows(alone) == kept
    assert MARK not in alone.output()
    assert "34.56" not in alone.output()
    assert [
        one for one in tmp_path.rglob("*") if one.is_file() and MARK.encode() in one.read_bytes()
    ] == []
    assert {cookie["name"] for cookie in context.cookies()} <= {"csrftoken"}
    context.close()
    record.unlink()


# In a browser


@pytest.mark.browser
def test_a_file_is_dropped_on_the_page(page: Any) -> None:
    page.goto("/work-up/")
    content = path("right-hand").read_text(encoding="utf-8")
    page.evaluate(
        """(content) => {
            const carried = new DataTransfer();
            carried.items.add(new File([content], "record.json", {type: "application/json"}));
            for (const kind of ["dragenter", "dragover", "drop"]) {
                document.querySelector(".drop").dispatchEvent(
                    new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: carried}));
            }
        }""",
        content,
    )
    page.get_by_role("heading", name="Example Girl One").wait_for()
    expect(page.locator(".letter .small-map")).to_be_visible()
    expect(page.locator("#drawings figure svg")).to_have_count(2)
    style = (
        "getComputedStyle(document.querySelector('#drawings svg .bone, #drawings svg path')).fill"
    )
    assert page.evaluate(style) != "rgb(0, 0, 0)"  # the drawing's own style is let through


@pytest.mark.browser
def test_the_form_is_filled_in_by_keyboard_alone(page: Any) -> None:
    page.goto("/work-up/form/")
    page.locator("#age").focus()
    page.keyboard.type("9")
    page.keyboard.press("Tab")  # its unit
    page.keyboard.press("Tab")  # the sex: the answer that is checked
    page.keyboard.press("ArrowRight")  # round to the first
    page.keyboard.press("Tab")  # the next section
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.locator('[name=sex][value="female"]')).to_be_checked()
    expect(page.locator('[name=bone_pain][value="yes"]')).to_be_checked()
    page.locator("#glance", has_text="Next test").wait_for()
    expect(page.locator("#glance")).to_contain_text("Radiograph")  # pain, and nobody has looked
    expect(page.locator("#said")).to_contain_text("Radiograph")
    page.keyboard.press("Enter")
    page.get_by_role("navigation", name="Site").get_by_role("button", name="PDF").wait_for()
    expect(page.locator(".identity")).to_contain_text("9 years")
    page.get_by_role("button", name="Change the answers").click()
    expect(page.locator("#age")).to_have_value("9")


@pytest.mark.browser
@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("where", ["start", "form", "wrong", "report", "which"])
def test_nobody_is_shut_out(chromium: Any, served: Any, scheme: str, where: str) -> None:
    for width in (1440, 720, 390):  # 720 is 1440 at 200 %
        context = chromium.new_context(
            base_url=served.url, color_scheme=scheme, viewport={"width": width, "height": 900}
        )
        page = context.new_page()
        go_to(page, where)
        found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        assert [(one["id"], [n["target"] for n in one["nodes"]]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()


def go_to(page: Any, where: str) -> None:
    """Open a kind of page of the work-up."""
    if where == "form":
        page.goto("/work-up/form/")
        page.evaluate("document.querySelectorAll('details.part').forEach(p => { p.open = true })")
        return
    page.goto("/work-up/")
    if where == "start":
        return
    if where == "which":
        page.set_input_files("input[type=file]", BAD / "two-patients.json")
    name = "Right hand" if where == "report" else "Give the work-up"
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()
