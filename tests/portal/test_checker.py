"""The symptom checker, one question a page: right advice, nothing kept, nothing lost."""

import gzip
import io
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.contrib.sessions.models import Session
from django.test import Client
from pypdf import PdfReader

from multifocal.portal.checker import carried
from multifocal.portal.checker.carried import NAME, opened, sealed
from multifocal.portal.checker.steps import Told, first_open, steps, ticked
from multifocal.portal.engine import knowledge
from tests.reading import grade

pytestmark = pytest.mark.django_db

PAIN = {"trouble": {"mark": ["pain"], "go": "on"}}
PLACE = {"place": {"answer": "right-hand"}}
WALKS: Mapping[str, tuple[str, dict[str, dict[str, Any]]]] = {
    "emergency": ("Get help now", {"danger": {"mark": ["bruises"], "go": "on"}}),
    "open": (
        "Call a doctor or nurse now",
        {"danger": {"go": "unsure"}, "danger-again": {"mark": ["bruises"], "go": "on"}},
    ),
    "urgent": ("See a doctor within 48 hours", PAIN | {"since": {"answer": "weeks"}}),
    "soon": (
        "See a doctor within two weeks",
        PAIN
        | {
            "since": {"answer": "weeks"},
            "injury": {"answer": "yes"},
            "how_injured": {"answer": "bump"},
        },
    ),
    "watch": (
        "Watch it, and know when to come back",
        PAIN | {"injury": {"answer": "yes"}, "how_injured": {"answer": "sport"}},
    ),
}
USUAL: dict[str, dict[str, Any]] = {
    "age": {"answer": "y6"},
    "speaker": {"answer": "parent"},
    **PLACE,
    "since": {"answer": "days"},
    "injury": {"answer": "no"},
    "how_injured": {"answer": "bump"},
    "better": {"answer": "yes"},
    "pattern": {"answer": "daily"},
    "nights": {"answer": "some"},
    "lump": {"answer": "same"},
}
HOSTILE = [
    "<script>alert(1)</script>",
    "\u202eyes",
    "no\x00",
    "9" * 400,
    "a" * 10_000,
    "{{ 7 * 7 }}",
    "' OR 1=1 --",
]


def heading(html: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", html)
    assert found
    return found[1]


def asked(html: str) -> str:
    """The step that a page asks; empty for the result."""
    found = re.search(r'name="step" value="([^"]+)"', html)
    return found[1] if found else ""


def walk(client: Client, answers: Mapping[str, dict[str, Any]], *, to: str = "") -> Any:
    """Answer step by step as told, `none of these` to the rest, to a step or to the result."""
    page = client.get("/checker/", follow=True)
    for _ in range(30):
        step = asked(page.content.decode())
        if step in {"", to}:
            return page
        said = (USUAL | dict(answers)).get(step, {"go": "none"})
        address = page.redirect_chain[-1][0] if page.redirect_chain else "/checker/"
        page = client.post(address, {"step": step, **said}, follow=True)
        assert page.status_code == 200, step
    raise AssertionError("no end")


def told_by(client: Client) -> Told:
    found = opened(client.cookies[NAME].value)
    assert found is not None
    return found


def words_of(html: str) -> str:
    main = html.partition("<main")[2].partition("</main>")[0]
    main = re.sub(r"<details.*?</details>|<dl.*?</dl>|<select.*?</select>", " ", main, flags=re.S)
    main = re.sub(r"</(?:h\d|li|p|button|a|label|span)>", ". ", main)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))
    return re.sub(r"(?:\s*\.)+", ".", text)


@pytest.mark.parametrize("way", WALKS)
def test_each_advice_stands_first_with_what_to_do_and_why(anonymous: Client, way: str) -> None:
    title, answers = WALKS[way]
    html = walk(anonymous, answers).content.decode()
    assert heading(html) == title
    assert f"<title>{title}" in html
    assert "This is not a diagnosis." in html
    assert 'href="tel:' in html or "call your emergency number" in html.lower()


def test_age_and_place_come_first_and_every_list_ends_with_none_of_these(
    anonymous: Client,
) -> None:
    path = steps(Told(), knowledge())
    assert [one.id for one in path[:2]] == ["age", "place"]
    for one in path:
        if one.kind == "list":
            page = walk(anonymous, {}, to=one.id).content.decode()
            assert ">None of these<" in page
            walk(anonymous, {})


def test_a_list_without_a_tick_is_asked_again_and_so_is_none_beside_a_tick(
    anonymous: Client,
) -> None:
    walk(anonymous, {}, to="danger")
    for sent in ({"go": "on"}, {"mark": ["fever"], "go": "none"}):
        page = anonymous.post("/checker/3/", {"step": "danger", **sent})
        html = page.content.decode()
        assert page.status_code == 422
        assert "<title>Error: " in html
        assert 'role="alert"' in html
    assert re.search(r'value="fever" checked', html)
    assert "danger" not in told_by(anonymous).seen


def test_who_can_not_tell_is_asked_once_more_in_other_words(anonymous: Client) -> None:
    page = walk(anonymous, {"danger": {"mark": ["tired"], "go": "unsure"}}, to="danger-again")
    html = page.content.decode()
    assert knowledge().questions_by_id["fever"].again in html
    result = walk(anonymous, {"danger": {"go": "unsure"}, "danger-again": {"go": "none"}})
    assert heading(result.content.decode()) != "Call a doctor or nurse now"


def test_an_emergency_is_told_at_once_and_the_questions_can_go_on(anonymous: Client) -> None:
    page = walk(anonymous, {"danger": {"mark": ["bruises"], "go": "on"}})
    assert page.redirect_chain[-1][0] == "/checker/result/"
    assert "Go on with the questions" in page.content.decode()
    further = anonymous.get("/checker/4/")
    assert asked(further.content.decode()) == "sore_part"
    after = anonymous.post("/checker/4/", {"step": "sore_part", "go": "none"})
    assert after["Location"] == "/checker/5/"


def test_a_result_needs_every_step_unless_it_is_an_emergency(anonymous: Client) -> None:
    walk(anonymous, {}, to="trouble")
    assert anonymous.get("/checker/result/")["Location"] == "/checker/6/"
    assert anonymous.get("/checker/9/")["Location"] == "/checker/6/"


def test_back_and_reload_keep_everything_and_forward_never_loses_a_result(
    anonymous: Client,
) -> None:
    result = walk(anonymous, WALKS["urgent"][1]).content
    path = steps(told_by(anonymous), knowledge())
    for number, one in enumerate(path, 1):
        address = "/checker/" if number == 1 else f"/checker/{number}/"
        for _ in range(2):
            page = anonymous.get(address).content.decode()
            assert asked(page) == one.id
    assert 'aria-current="true"' in anonymous.get("/checker/").content.decode()
    assert re.search(r'value="pain" checked', anonymous.get("/checker/6/").content.decode())
    assert anonymous.get("/checker/result/").content == result


def test_a_posted_page_that_is_sent_again_changes_nothing(anonymous: Client) -> None:
    walk(anonymous, {}, to="danger")
    for _ in range(2):
        anonymous.post("/checker/3/", {"step": "danger", "mark": ["fever"], "go": "on"})
    for _ in range(2):
        anonymous.post("/checker/4/", {"step": "sore_part", "mark": ["digit"], "go": "on"})
    assert told_by(anonymous).seen == ("age", "place", "danger", "sore_part")


def test_the_summary_leads_to_a_step_and_back(anonymous: Client) -> None:
    page = walk(anonymous, WALKS["urgent"][1], to="summary").content.decode()
    assert '<a class="link" href="/checker/7/?change" aria-label="Change: How long">' in page
    back = anonymous.post("/checker/7/?change", {"step": "since", "answer": "months"})
    assert back["Location"] == "/checker/10/"
    assert "6 weeks to a year" in anonymous.get("/checker/10/").content.decode()


def test_a_changed_age_asks_what_is_new_and_counts_what_is_hidden(anonymous: Client) -> None:
    baby: dict[str, dict[str, Any]] = {
        "age": {"answer": "m3"},
        "weeks": {"mark": ["pus_spots"], "go": "on"},
    }
    walk(anonymous, baby, to="summary")
    again = anonymous.post("/checker/?change", {"step": "age", "answer": "y12"}, follow=True)
    assert asked(again.content.decode()) == "speaker"
    page = walk(anonymous, {"age": {"answer": "y12"}}, to="summary").content.decode()
    assert "do not fit together" in page
    assert "Told before, and still counted" in page


def test_answers_that_do_not_fit_are_asked_about_before_the_result(anonymous: Client) -> None:
    odd: dict[str, dict[str, Any]] = {
        "trouble": {"go": "none"},
        "weeks": {"mark": ["nights"], "go": "on"},
    }
    page = walk(anonymous, odd, to="summary").content.decode()
    assert "These answers do not fit together." in page
    assert "You said that nothing hurts, and told of pain." in page


def test_only_the_result_of_a_test_lowers_the_haste(anonymous: Client) -> None:
    walk(anonymous, WALKS["urgent"][1], to="summary")
    anonymous.post("/checker/tests/", {"step": "tests", "xray": "none", "blood": "none"})
    assert told_by(anonymous).given["xray"] == "yes"
    assert heading(anonymous.get("/checker/result/").content.decode()) == WALKS["urgent"][0]
    anonymous.post("/checker/tests/", {"step": "tests", "xray": "normal", "blood": "normal"})
    assert heading(anonymous.get("/checker/result/").content.decode()) == WALKS["soon"][0]


def test_places_are_marked_on_the_map_too(anonymous: Client) -> None:
    walk(anonymous, {}, to="place")
    assert anonymous.get("/checker/map/").status_code == 200
    sent = {"sites": ["left-radius", "right-metacarpal_3"]}
    assert anonymous.post("/checker/map/", sent)["Location"] == "/checker/3/"
    assert told_by(anonymous).sites == ("left-radius", "right-metacarpal_3")
    assert anonymous.post("/checker/map/", {"sites": ["nowhere at all"]}).status_code == 422


@pytest.mark.parametrize(
    ("language", "number"),
    [
        ("de-DE,de;q=0.9", "112"),
        ("en-GB", "999"),
        ("en-US,en", "911"),
        ("fr-CH", "112"),
        ("ja-JP", ""),
        ("en", ""),
        ("<script>-XX", ""),
    ],
)
def test_the_emergency_number_is_that_of_the_language_or_none(
    anonymous: Client, language: str, number: str
) -> None:
    html = anonymous.get("/checker/", headers={"Accept-Language": language}).content.decode()
    found = set(re.findall(r'href="tel:(\d+)"', html))
    assert found == ({number} if number else set())
    assert number or "your emergency number" in html


def test_a_country_can_be_chosen_and_stays(anonymous: Client) -> None:
    walk(anonymous, {}, to="danger")
    back = anonymous.post("/checker/country/", {"country": "NZ", "back": "3"})
    assert back["Location"] == "/checker/3/"
    assert 'href="tel:111"' in anonymous.get("/checker/3/").content.decode()
    anonymous.post("/checker/country/", {"country": "", "back": "3"})
    assert "tel:" not in anonymous.get("/checker/3/").content.decode()


def test_a_teenager_is_spoken_to_on_every_page(anonymous: Client) -> None:
    teenager = {"age": {"answer": "y12"}, "speaker": {"answer": "self"}}
    page = anonymous.get("/checker/")
    seen = set()
    for way in WALKS.values():
        for stop in ("place", "danger", "danger-again", "sore_part", "weeks", "trouble", "since"):
            page = walk(anonymous, way[1] | teenager, to=stop)
            seen.add(asked(page.content.decode()))
            assert "your child" not in words_of(page.content.decode()).lower()
        page = walk(anonymous, way[1] | teenager)
        assert "your child" not in words_of(page.content.decode()).lower()
        assert heading(page.content.decode()) == way[0]
        anonymous.post("/checker/again/")
    assert {"place", "danger", "danger-again", "trouble"} <= seen


def test_the_page_for_the_doctor_is_one_tagged_page_with_the_answers(anonymous: Client) -> None:
    unsure = {
        "weeks": {"mark": ["nights"], "go": "unsure"},
        "weeks-again": {"mark": ["glands"], "go": "on"},
    }
    walk(anonymous, WALKS["urgent"][1] | unsure)
    answer = anonymous.post("/checker/page-for-the-doctor/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="page-for-the-doctor.pdf"'
    pdf = PdfReader(io.BytesIO(answer.content))
    text = re.sub(r"\s+", " ", pdf.pages[0].extract_text())
    assert len(pdf.pages) == 1
    assert pdf.root_object["/MarkInfo"]["/Marked"]  # type: ignore[index] # a dictionary
    assert "Right hand" in text
    assert "We could not tell: swollen glands" in text
    assert "2 to 6 weeks" in text
    assert "not a diagnosis" in text
    assert answer.content == anonymous.post("/checker/page-for-the-doctor/").content


def test_the_longest_page_for_the_doctor_is_still_one_page(anonymous: Client) -> None:
    every = tuple(f"{side}-{one.id}" for one in knowledge().bones for side in ("left", "right"))
    given = {one.id: "yes" for one in knowledge().questions if not one.choices}
    given |= {one.id: one.choices[-1].id for one in knowledge().questions if one.choices}
    told = sealed(Told(given=given, sites=every, seen=("age",)))
    answer = anonymous.post("/checker/page-for-the-doctor/", {"told": told})
    pdf = PdfReader(io.BytesIO(answer.content))
    assert len(pdf.pages) == 1
    assert "more" in pdf.pages[0].extract_text()


# --- nothing kept, nothing lost ---


def test_nothing_is_kept_and_nothing_is_in_an_address(
    anonymous: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    page = walk(anonymous, WALKS["urgent"][1])
    anonymous.post("/checker/page-for-the-doctor/")
    assert page["Cache-Control"] == "no-store, private"
    assert Session.objects.count() == 0
    assert set(anonymous.cookies) == {NAME}
    cookie = anonymous.cookies[NAME]
    assert not cookie["max-age"]
    assert not cookie["expires"]
    assert cookie["httponly"]
    for word in ("weeks", "right-hand", "swelling"):
        assert word not in cookie.value
    for address, _ in page.redirect_chain:
        assert re.fullmatch(r"/checker/(\d+/|result/)?", address)
    told = capfd.readouterr()
    assert "right-hand" not in told.out + told.err
    assert "weeks" not in told.out + told.err


def test_without_cookies_the_answers_travel_sealed_in_the_forms() -> None:
    page = Client().get("/checker/").content.decode()
    for _ in range(15):
        step = asked(page)
        if not step:
            break
        field = re.search(r'name="told" value="([^"]+)"', page)
        said = (USUAL | WALKS["urgent"][1]).get(step, {"go": "none"})
        sent = {"step": step, **said, **({"told": field[1]} if field else {})}
        answer = Client().post("/checker/", sent)
        assert answer.status_code == 200
        page = answer.content.decode()
    assert heading(page) == WALKS["urgent"][0]
    field = re.search(r'name="told" value="([^"]+)"', page)
    assert field
    shown = Client().post("/checker/10/", {"told": field[1], "show": "1"})
    assert asked(shown.content.decode()) == "summary"
    sheet = Client().post("/checker/page-for-the-doctor/", {"told": field[1]})
    assert sheet["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("kind", ["changed", "yesterday", "another key", "nonsense"])
def test_a_cookie_that_can_not_be_read_says_so_and_begins_again(
    anonymous: Client, kind: str
) -> None:
    walk(anonymous, {}, to="danger")
    good = anonymous.cookies[NAME].value
    packed = carried._lock().decrypt(good)
    day = 24 * 60 * 60
    cookie = {
        "changed": good[:-4] + "AAAA",
        "yesterday": carried._lock().encrypt_at_time(packed, int(time.time()) - day).decode(),
        "another key": Fernet(Fernet.generate_key()).encrypt(packed).decode(),
        "nonsense": "<script>",
    }[kind]
    anonymous.cookies[NAME] = cookie
    page = anonymous.get("/checker/3/")
    html = page.content.decode()
    assert page.status_code == 200
    assert "Your answers are gone." in html
    assert asked(html) == "age"
    assert cookie not in html


def test_two_tabs_add_to_the_same_answers(anonymous: Client) -> None:
    walk(anonymous, {}, to="weeks")
    anonymous.post("/checker/5/", {"step": "weeks", "go": "none"})
    late = anonymous.post("/checker/3/", {"step": "danger", "mark": ["fever"], "go": "on"})
    assert late["Location"] == "/checker/4/"
    told = told_by(anonymous)
    assert (told.given["tired"], told.given["fever"]) == ("no", "yes")
    assert set(told.seen) >= {"danger", "sore_part", "weeks"}


def test_an_answer_to_a_step_that_is_not_asked_loses_nothing(anonymous: Client) -> None:
    walk(anonymous, {}, to="danger")
    before = told_by(anonymous)
    for step in ("speaker", "better", "summary", "no such", ""):
        page = anonymous.post("/checker/3/", {"step": step, "answer": "yes"})
        assert page.status_code == 200
        assert asked(page.content.decode()) == "danger"
    assert told_by(anonymous) == before


@pytest.mark.parametrize("odd", HOSTILE)
def test_odd_answers_never_come_back_and_never_break(anonymous: Client, odd: str) -> None:
    walk(anonymous, {}, to="danger")
    sent = [
        ("/checker/", {"step": "age", "answer": odd}),
        ("/checker/2/", {"step": "place", "answer": odd}),
        ("/checker/3/", {"step": "danger", "mark": odd, "go": odd}),
        ("/checker/3/", {"step": odd, odd: odd}),
        ("/checker/map/", {"sites": odd}),
        ("/checker/tests/", {"step": "tests", "xray": odd}),
        ("/checker/country/", {"country": odd, "back": odd}),
        ("/checker/page-for-the-doctor/", {"told": odd}),
        ("/checker/3/", {"told": odd}),
    ]
    for address, given in sent:
        answer = anonymous.post(address, given)
        assert answer.status_code in {200, 303, 400, 422}, address
        assert odd.encode() not in answer.content


def test_answers_are_never_taken_from_an_address(anonymous: Client) -> None:
    page = anonymous.get("/checker/", {"answer": "y6", "step": "age", "told": "x"})
    assert "aria-current" not in page.content.decode()
    for address in ("/checker/again/", "/checker/country/", "/checker/page-for-the-doctor/"):
        assert anonymous.get(address, {"step": "age"}).status_code == 405


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.invalid"}]
)
def test_a_form_of_another_site_is_refused(headers: dict[str, str]) -> None:
    strict = Client(enforce_csrf_checks=True)
    sent = {"step": "age", "answer": "y6"}
    assert strict.post("/checker/", sent, headers=headers).status_code == 403
    assert strict.post("/checker/", sent).status_code == 403
    for own in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://testserver"}):
        assert strict.post("/checker/", sent, headers=own).status_code == 200


def test_ticks_taken_back_are_no_longer_there() -> None:
    told = Told(given={"age": "y6"}, seen=("age", "place"))
    [step] = [one for one in steps(told, knowledge()) if one.id == "weeks"]
    there = ticked(told, step, ["lump", "tired"])
    assert there.given["lump"] == "unknown"
    assert first_open(there, knowledge()) == 3
    gone = ticked(there, step, ["tired"])
    assert gone.given["lump"] == "no"


# --- size and words ---


@pytest.mark.parametrize("stop", ["age", "place", "danger", "sore_part", "weeks", "summary", ""])
def test_a_step_is_small(anonymous: Client, stop: str) -> None:
    assert weight(walk(anonymous, WALKS["urgent"][1], to=stop).content) <= 30_000


def test_the_step_with_the_map_is_not_large(anonymous: Client) -> None:
    walk(anonymous, {}, to="place")
    assert weight(anonymous.get("/checker/map/").content) <= 70_000


def weight(page: bytes) -> int:
    """Bytes of a page with the styles and scripts that it loads, each compressed."""
    static = Path(__file__).parents[2] / "src/multifocal/portal"
    names = re.findall(rb'(?:href|src)="/static/([a-z_/]+)\.[0-9a-f]+\.(css|js|svg)"', page)
    files = [
        next(static.rglob(f"{one.decode().rpartition('/')[2]}.{end.decode()}"))
        for one, end in names
    ]
    assert len(files) >= 3
    return sum(len(gzip.compress(one)) for one in (page, *(file.read_bytes() for file in files)))


@pytest.mark.parametrize("way", WALKS)
def test_the_page_of_a_result_is_for_an_eleven_year_old(anonymous: Client, way: str) -> None:
    html = walk(anonymous, WALKS[way][1]).content.decode()
    assert grade(words_of(html)) <= 6
