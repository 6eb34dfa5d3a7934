"""The symptom checker: answers as facts, words for families, nothing that calms or names."""

import re
import shutil
from datetime import date
from pathlib import Path

import msgspec
import pytest

from multifocal.knowledge.entries_checker import QuestionEntry
from multifocal.knowledge.load import DATA, load
from multifocal.model.anatomy import BoneId, RegionId, Site
from multifocal.model.checker import HOW_SOON, NO, UNKNOWN, YES, Answers, CheckResult
from multifocal.model.issue import KnowledgeError
from multifocal.model.place import read_site
from multifocal.workup.checker import TODAY, check, choices, is_asked, record_of
from multifocal.workup.find import find
from tests.reading import grade

KNOWLEDGE = load()
HAND = Site(BoneId("metacarpal_3"), RegionId("metacarpus"), "right")
YES_NO = [question for question in KNOWLEDGE.questions if question.concepts and question.asks]
CALM = {question.id: NO for question in KNOWLEDGE.questions if question.danger}


def words(given: dict[str, str]) -> dict[str, tuple[float, float]]:
    record = record_of(Answers(given), KNOWLEDGE)
    found = find(record.facts, record.patient, as_of=TODAY, knowledge=KNOWLEDGE)
    return {name: (pair[0], pair[1]) for name, pair in found.words.items()}


@pytest.mark.parametrize("question", YES_NO, ids=lambda question: question.id)
def test_yes_no_and_not_known_are_present_absent_and_unknown(question: QuestionEntry) -> None:
    for word in question.asks:
        if word in KNOWLEDGE.findings_by_id:
            assert words({question.id: YES})[word] == (True, True)
            assert words({question.id: NO})[word] == (False, False)
            assert words({})[word] == (False, True)


@pytest.mark.parametrize(
    ("choice", "months", "years"),
    [
        ("m0", (0, 2), (0, 0.25)),
        ("m3", (3, 11), (0.25, 1)),
        ("y2", (24, 35), (2, 3)),
        ("y6", (72, 143), (6, 12)),
        ("y12", (144, 215), (12, 18)),
    ],
)
def test_an_age_is_from_its_first_day_to_its_last(
    choice: str, months: tuple[int, int], years: tuple[float, float]
) -> None:
    found = words({"age": choice})
    assert found["age_months"] == months
    least, most = found["age_years"]
    assert least == pytest.approx(years[0], abs=0.01)
    assert years[1] - 0.01 < most < years[1]


@pytest.mark.parametrize(
    ("choice", "true"),
    [
        ("days", "duration_under_2_weeks"),
        ("weeks", "duration_2_to_6_weeks"),
        ("months", "duration_over_6_weeks"),
        ("years", "duration_over_6_weeks"),
    ],
)
def test_how_long_is_one_of_three_bands(choice: str, true: str) -> None:
    found = words({"since": choice, "pain": YES})
    bands = ("duration_under_2_weeks", "duration_2_to_6_weeks", "duration_over_6_weeks")
    assert {band for band in bands if found[band] == (True, True)} == {true}
    assert {band for band in bands if found[band] == (False, False)} == set(bands) - {true}


def test_pain_and_swelling_are_facts_at_each_marked_place() -> None:
    other = Site(None, RegionId("wrist"), "left")
    record = record_of(Answers({"swelling": YES, "fever": YES}, (HAND, other)), KNOWLEDGE)
    places = {
        (fact.concept, fact.bone, fact.region, fact.laterality, fact.day) for fact in record.facts
    }
    today = record.facts[0].day
    assert today is not None
    assert today.earliest == today.latest == date(2020, 1, 1)
    assert places == {
        ("local_swelling", "metacarpal_3", "metacarpus", "right", today),
        ("local_swelling", None, "wrist", "left", today),
        ("fever", None, None, None, today),
    }


def test_what_is_not_understood_is_counted_and_never_repeated() -> None:
    odd = Answers(
        {"fever": "<script>", "no such": YES, "pale": NO}, (Site(BoneId("no such")), HAND, HAND)
    )
    result = check(odd, knowledge=KNOWLEDGE)
    [issue] = result.issues
    assert issue.count == 3
    assert result.sites == (HAND,)
    assert b"script" not in msgspec.json.encode(result)
    assert b"no such" not in msgspec.json.encode(result)


def test_the_json_of_answers_and_of_a_result_comes_back() -> None:
    sent = b'{"given": {"fever": "yes"}, "sites": [{"bone": "metacarpal_3", "laterality": "left"}]}'
    answers = msgspec.json.decode(sent, type=Answers)
    result = check(answers, knowledge=KNOWLEDGE)
    assert msgspec.json.decode(msgspec.json.encode(result), type=CheckResult) == result


def test_what_is_open_says_whom_to_call_and_what_is_sure_says_go() -> None:
    advice = {one.id: one for one in KNOWLEDGE.advice}["emergency"]
    sure = check(Answers(CALM | {"bruises": YES}), knowledge=KNOWLEDGE)
    opened = check(Answers(CALM | {"bruises": UNKNOWN}), knowledge=KNOWLEDGE)
    assert (sure.how_soon, sure.sure, sure.do) == ("emergency", True, advice.do)
    assert (opened.how_soon, opened.sure, opened.do) == ("emergency", False, advice.open_do)
    [reason] = opened.reasons[:1]
    assert [told.question for told in reason.because] == ["bruises"]


def test_a_list_of_which_nothing_was_answered_is_open_and_a_box_without_a_tick_is_not() -> None:
    assert check(Answers(), knowledge=KNOWLEDGE).how_soon == "emergency"
    for part in {q.part for q in KNOWLEDGE.questions if q.danger}:
        rest = {q: a for q, a in CALM.items() if KNOWLEDGE.questions_by_id[q].part != part}
        assert check(Answers(rest), knowledge=KNOWLEDGE).how_soon == "emergency"
    ticked = check(Answers({"very_ill": NO, "not_used": NO, "tired": YES}), knowledge=KNOWLEDGE)
    assert ticked.how_soon == "urgent"


@pytest.mark.parametrize(
    ("question", "given", "places", "asked"),
    [
        ("pus_spots", {"age": "m3"}, (), True),
        ("pus_spots", {"age": "y2"}, (), False),
        ("pus_spots", {}, (), True),
        ("limp", {"age": "y3"}, ("left-knee",), True),
        ("limp", {"age": "y3"}, ("left-hand",), False),
        ("limp", {"age": "m0"}, ("left-knee",), False),
        ("sore_finger", {"age": "y3"}, ("left-metacarpal_3",), True),
        ("how_injured", {}, (), False),
        ("how_injured", {"injury": "yes"}, (), True),
        ("xray_result", {"xray": "no"}, (), False),
    ],
)
def test_a_question_is_asked_of_whom_it_concerns(
    question: str, given: dict[str, str], places: tuple[str, ...], *, asked: bool
) -> None:
    sites = tuple(
        site
        for place in places
        if (site := read_site(place, bones=KNOWLEDGE.bones_by_id, regions=KNOWLEDGE.regions_by_id))
    )
    entry = KNOWLEDGE.questions_by_id[question]
    assert is_asked(entry, Answers(given, sites), KNOWLEDGE) is asked


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"pain": YES, "pattern": "none"}, "pain_and_none"),
        ({"pain": NO, "nights": "some"}, "pain_denied"),
        ({"pus_spots": YES, "age": "y12"}, "pus_spots_and_age"),
        ({"limp": YES, "age": "m0"}, "baby_limps"),
        ({"since": "years", "age": "m3"}, "older_than_the_child"),
        ({"injury": NO, "how_injured": "big"}, "injury_denied"),
        ({"xray": NO, "xray_result": "normal"}, "result_without_test"),
    ],
)
def test_answers_that_do_not_fit_are_told_and_the_more_urgent_counts(
    given: dict[str, str], told: str
) -> None:
    result = check(Answers(CALM | given), knowledge=KNOWLEDGE)
    assert [issue.where for issue in result.issues] == [told]


def test_two_answers_that_do_not_fit_count_as_the_more_urgent() -> None:
    for given in ({"pain": YES, "pattern": "none"}, {"pain": NO, "nights": "all"}):
        alone = [{name: answer} for name, answer in given.items()]
        hastes = [
            HOW_SOON.index(check(Answers(CALM | one), knowledge=KNOWLEDGE).how_soon)
            for one in (given, *alone)
        ]
        assert hastes[0] == min(hastes)


def test_each_emergency_number_is_of_one_country_once_and_was_read() -> None:
    countries = [code for row in KNOWLEDGE.emergency_numbers for code in row.countries]
    assert len(countries) == len(set(countries))
    for row in KNOWLEDGE.emergency_numbers:
        assert row.number.isdecimal()
        assert row.source.certainty == "verified"


# --- words ---

TEXTS = {
    **{
        f"{question.id} {part}": text
        for question in KNOWLEDGE.questions
        for part, text in (
            ("ask", question.ask),
            ("you", question.you),
            ("again", question.again),
            ("help", question.help),
        )
        if text
    },
    **{rule.id: rule.plain for rule in KNOWLEDGE.check_rules},
    **{part.id: part.lead for part in KNOWLEDGE.check_parts if part.lead},
    **{one.id: one.plain for one in KNOWLEDGE.check_contradictions},
    **{
        f"{advice.id} {name}": " ".join(getattr(advice, name))
        for advice in KNOWLEDGE.advice
        for name in ("do", "open_do", "meanwhile", "come_back")
        if getattr(advice, name)
    },
}
SAID = [
    *TEXTS.values(),
    *(one.plain for one in check(Answers(), knowledge=KNOWLEDGE).reasons),
    *(advice.title for advice in KNOWLEDGE.advice),
    *(advice.open_title for advice in KNOWLEDGE.advice),
    *(question.short for question in KNOWLEDGE.questions),
    *(text for question in KNOWLEDGE.questions for text in choices(question).values()),
]
CALMING = re.compile(
    r"don.t worry|no need to|not serious|nothing serious|harmless|all is well|all clear|is fine"
    r"|be fine|\bsafe\b|most likely|probably|unlikely|low risk|\bno danger\b|good news|no doctor"
    r"|nothing to worry|no cause for|reassur",
    re.IGNORECASE,
)
DIAGNOSIS = re.compile(
    r"your child (?:has|may have|might have|probably has|suffers)|this is (?!not)"
    r"|it is (?:a|an|the) [a-z]+itis|leuk|cancer|sarcoma|lymphoma|arthritis|osteomyelitis"
    r"|scurvy|tumou?r|\bCRMO\b|\bCNO\b|\bJIA\b|growing pains",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", TEXTS)
def test_words_for_a_family_are_for_an_eleven_year_old(name: str) -> None:
    assert grade(TEXTS[name]) <= 6


def test_nothing_that_is_said_calms() -> None:
    assert [text for text in SAID if CALMING.search(text)] == []
    assert CALMING.search("It is harmless.")


def test_nothing_that_is_said_names_a_diagnosis() -> None:
    assert [text for text in SAID if DIAGNOSIS.search(text)] == []
    assert DIAGNOSIS.search("Your child may have a tumour.")


def test_to_watch_says_when_to_come_back_and_that_it_can_be_wrong() -> None:
    watch = {one.id: one for one in KNOWLEDGE.advice}["watch"]
    assert any("two weeks" in line for line in watch.come_back)
    assert any("danger" in line for line in watch.come_back)
    assert "it can be wrong" in watch.do[0]
    assert watch.source.certainty == "judgement"


# --- faulty knowledge ---


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('concepts = ["fever"]', 'concepts = ["fevr"]', "fever: unknown concept 'fevr'"),
        ('asks = ["fever"]', 'asks = ["fevr"]', "fever: unknown finding or measure 'fevr'"),
        ('part = "danger"', 'part = "dangr"', "very_ill: unknown part 'dangr'"),
        ('when = "pale"', 'when = "pael"', "looks_pale: 'pael'"),
        ('id = "hepatosplenomegaly"', 'id = "hb"', "enlarged_liver_or_spleen: speaks of"),
        ('id = "watch"\ntitle', 'id = "soon"\ntitle', "watch: has no advice"),
        ('{ id = "grows"', '{ id = "unknown"', "lump: its choices must differ"),
        (
            'ask = "Has there been an MRI scan for it?"',
            'ask = "Has there been an MRI scan for it?"\ndanger = true\nagain = "a"',
            "mri: is called a danger, and no urgent rule speaks of it",
        ),
        (
            'part = "trouble"\nrequired = true\nask = "Is it swollen?"',
            'part = "trouble"\nask = "Is it swollen?"',
            "swelling: decides on an emergency",
        ),
        ('again = "Hard to wake', '# again = "Hard to wake', "very_ill: a sign of danger needs"),
        (
            'question = "injury", answers = ["yes"]',
            'question = "injury", answers = ["y"]',
            "how_inj",
        ),
        ('question = "xray", answers', 'question = "mri", answers', "xray_result: hangs on 'mri'"),
        ('region = "hand"', 'region = "hnad"', "hand: unknown region 'hnad'"),
        ('open_title = "Call a doctor or nurse now"\n', "", "emergency: needs `open_title`"),
        ('id = "multifocal-clinical"', 'id = "multifocal-clinica"', "unknown source"),
    ],
)
def test_a_fault_is_told_with_its_entry(data: Path, old: str, new: str, told: str) -> None:
    path = data / "checker.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load(data=data)
    assert any(
        line.startswith("checker.toml: ") or "red_flags" in line
        for line in str(caught.value).splitlines()
        if told in line
    ), caught.value


def test_advice_without_a_source_is_refused(data: Path) -> None:
    path = data / "checker.toml"
    text = path.read_text(encoding="utf-8")
    at = text.index("source", text.index('id = "soon"'))
    path.write_text(text[:at] + "#" + text[at:], encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"checker\.toml: soon: .*source"):
        load(data=data)
