"""Free text: each sentence says what a reader wrote down that it says, and never more."""

import re
import sys
import time
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multifocal.exchange.assertions import Assertion, Narrative
from multifocal.exchange.lexicon import folded, spelled, tokens_of
from multifocal.exchange.numbers import Amount
from multifocal.exchange.text import TextReader, text_reader
from multifocal.exchange.units import spelled as spelled_unit
from multifocal.knowledge.load import load
from multifocal.model.day import Day

DATA = Path(__file__).parents[2] / "data" / "sentences.toml"
SENTENCES = tomllib.loads(DATA.read_text(encoding="utf-8"))["sentence"]
WORDS = sorted({word for one in SENTENCES for word in one["text"].split()})


KNOWLEDGE = load()


def reader() -> TextReader:
    return text_reader(KNOWLEDGE)


DAY = Day(date(2020, 7, 1), date(2020, 7, 1))


def read(text: str, section: Any = None, modality: Any = None, **more: Any) -> list[Assertion]:
    narrative = Narrative(text=text, section=section, modality=modality, day=DAY, **more)
    return list(reader().assertions(narrative))


def concept(one: Assertion) -> str:
    return one.about.codes[0].code


def stated(found: list[Assertion], state: str) -> set[str]:
    return {concept(one) for one in found if one.state == state and one.value is None}


def place(one: Assertion) -> list[str]:
    return [
        " ".join(part for part in (site.bone or site.region, site.laterality) if part)
        for site in one.sites
        if site.bone or site.region
    ]


def measured(one: Assertion) -> str:
    assert isinstance(one.value, Amount)
    bound = one.value.comparator or ""
    unit = spelled_unit(one.value.unit)
    return f"{concept(one)} {bound}{one.value.value:g} {unit} {one.level or '-'}"


def test_there_are_a_hundred_and_fifty_sentences() -> None:
    assert len(SENTENCES) >= 150


@pytest.mark.parametrize("one", SENTENCES, ids=[one["text"][:60] for one in SENTENCES])
class TestSentence:
    def test_says_what_a_reader_wrote_down(self, one: dict[str, Any]) -> None:
        found = read(one["text"], one.get("section"), one.get("modality"))
        assert stated(found, "present") == set(one.get("present", ()))
        assert stated(found, "absent") == set(one.get("absent", ()))

    def test_names_the_places(self, one: dict[str, Any]) -> None:
        found = read(one["text"], one.get("section"), one.get("modality"))
        if "sites" in one:
            first = next(s for s in found if concept(s) == one["present"][0])
            assert place(first) == one["sites"]

    def test_gives_the_value(self, one: dict[str, Any]) -> None:
        found = read(one["text"], one.get("section"), one.get("modality"))
        assert [measured(s) for s in found if s.value] == ([one["value"]] if "value" in one else [])


class TestReach:
    def test_a_place_of_one_clause_is_not_the_other_clauses(self) -> None:
        found = read(
            "Lytic lesion of the left tibia; sclerosis of the right fibula.", "imaging", "xray"
        )
        assert {concept(one): place(one) for one in found} == {
            "xray_lytic": ["tibia left"],
            "xray_sclerotic": ["fibula right"],
        }

    def test_a_following_sentence_goes_on_about_the_only_place(self) -> None:
        found = read(
            "Lytic lesion of the left tibia. There is periosteal reaction.", "imaging", "xray"
        )
        assert place(found[-1]) == ["tibia left"]

    def test_a_named_study_gives_the_modality_of_what_follows(self) -> None:
        found = read("MRI of the left foot shows marrow oedema of the calcaneus.")
        assert [(concept(one), one.modality) for one in found] == [("mri_marrow_oedema", "mri")]

    def test_oedema_outside_an_mri_is_no_marrow_oedema(self) -> None:
        assert stated(read("Oedema of the left foot."), "present") == set()

    def test_normal_is_not_said_of_a_study_that_shows_something(self) -> None:
        found = read("Normal. Lytic lesion of the left tibia.", "imaging", "xray")
        assert stated(found, "present") == {"xray_lytic"}

    def test_an_image_report_states_no_symptom(self) -> None:
        assert stated(read("Pain in the left knee.", "imaging", "xray"), "present") == set()

    def test_four_months_are_121_days_or_up_to_half_a_month_more(self) -> None:
        onset = read("Pain in the left knee for 4 months.")[-1]
        assert onset.onset
        assert onset.day == Day(date(2020, 2, 16), date(2020, 3, 2))

    def test_a_fever_three_weeks_ago_was_21_days_ago_give_or_take_3(self) -> None:
        [fever] = read("Fever 3 weeks ago.")
        assert fever.day == Day(date(2020, 6, 7), date(2020, 6, 13))

    def test_the_laboratorys_own_interval_is_read_beside_the_value(self) -> None:
        [value] = read("CRP 19.5 mg/L (normal < 5).")
        [interval] = value.intervals
        assert interval.high == Amount(5, comparator="<")

    def test_a_relatives_disease_is_not_the_childs(self) -> None:
        assert stated(read("Mother has psoriasis."), "family") == {"psoriasis"}


NAMES = [
    one
    for one in SENTENCES
    if len(one.get("present", ())) == 1
    and not re.search(r"[.,;].|\b(he|she|his|but|noticed|except|apart)\b", one["text"].lower())
]
"""Sentences that name one thing."""


class TestDoubt:
    @pytest.mark.parametrize("one", NAMES, ids=[one["text"][:60] for one in NAMES])
    @pytest.mark.parametrize("doubt", ["Cannot exclude {}", "Possible {}", "Rule out {}"])
    def test_in_front_of_a_thing_leaves_no_finding(self, one: dict[str, Any], doubt: str) -> None:
        text = doubt.format(one["text"][0].lower() + one["text"][1:])
        found = read(text, one.get("section"), one.get("modality"))
        assert one["present"][0] not in stated(found, "present")


GENERAL = [
    "Bone pain may occur in this disorder.",
    "Patients with CRMO often have bone pain and fever.",
    "CRMO is an autoinflammatory disorder which causes bone pain and fever.",
    "Variants of this kind were reported together with a response to anti-TNF therapy.",
    "Mutations in LPIN2 cause Majeed syndrome with anaemia and fever.",
    "Variants in LPIN2 are associated with fever, anaemia and multifocal osteomyelitis.",
    "TNF inhibitors are effective in carriers of this allele.",
    "This variant is a risk factor for methotrexate toxicity.",
    "Children with this condition may develop fever.",
    "Osteomyelitis should be considered in any child with fever and limp.",
    "Ewing sarcoma usually presents with pain and swelling.",
    "Fever, weight loss and night sweats are typical of lymphoma.",
    "Petechiae are commonly seen in leukaemia.",
    "Common side effects include fever and rash.",
    "NSAIDs are the first-line treatment of CNO.",
    "Weight loss has been reported in the literature.",
    "Joint pain has been described in 30 % of cases.",
    "An elevated CRP may indicate bacterial infection.",
]
"""Said of a disease, a drug, a gene or of others."""
OF_HER = [
    ("She often presents with fever.", "fever"),
    ("The pain has been described as worse at night.", "pain_at_night"),
    ("Fever and bone pain have been described by her mother.", "fever"),
    ("He has been reported to have fever.", "fever"),
    ("Her disease began with bone pain and fever.", "fever"),
    ("Pain is associated with swelling of the left ankle.", "local_swelling"),
    ("A pathogenic variant in LPIN2 was found.", "gene_lpin2"),
    ("She has bone pain, which may occur in this disorder.", "bone_pain"),
    ("Bone pain may occur in this disorder. She has had a fever since Monday.", "fever"),
]
"""Said of the child, in words that are near to those."""


class TestGeneral:
    @pytest.mark.parametrize("text", GENERAL)
    def test_what_is_said_of_others_says_nothing_of_the_child(self, text: str) -> None:
        assert read(text) == []

    @pytest.mark.parametrize(("text", "said"), OF_HER)
    def test_what_is_said_of_the_child_is_kept(self, text: str, said: str) -> None:
        assert said in stated(read(text), "present")

    def test_a_report_may_call_what_it_sees_typical(self) -> None:
        text = "Multifocal lytic lesions of the left tibia are typical of LCH."
        assert "xray_lytic" in stated(read(text, "imaging", "xray"), "present")


class TestAge:
    @pytest.mark.parametrize("age", [3.0, 9.8, None])
    @pytest.mark.parametrize("text", ["Not walking.", "Not walking since yesterday."])
    def test_a_child_that_does_not_walk_does_not_use_a_limb(
        self, text: str, age: float | None
    ) -> None:
        assert stated(read(text, age_years=age), "present") == {"refuses_to_use_limb"}

    def test_a_baby_that_does_not_walk_has_not_learnt_it(self) -> None:
        assert stated(read("Not walking.", age_years=0.9), "present") == {"not_walking_yet"}

    @pytest.mark.parametrize("age", [0.9, 9.8, None])
    def test_not_yet_is_not_yet_at_any_age(self, age: float | None) -> None:
        assert stated(read("Not yet walking.", age_years=age), "present") == {"not_walking_yet"}

    def test_a_baby_that_stopped_walking_does_not_use_a_limb(self) -> None:
        found = read("Not walking since yesterday.", age_years=1.4)
        assert stated(found, "present") == {"refuses_to_use_limb"}


class TestLists:
    @pytest.mark.parametrize(
        "text",
        [
            "Malignancy and infection were excluded.",
            "Malignancy or infection were not seen.",
            "Malignancy and trauma have been ruled out.",
        ],
    )
    def test_a_denial_behind_a_list_reaches_its_first_name(self, text: str) -> None:
        assert "malignancy" not in stated(read(text), "present")

    def test_what_she_has_is_not_in_the_list_of_what_was_not_given(self) -> None:
        found = read("She has fever and antibiotics were not given.")
        assert stated(found, "present") == {"fever"}
        assert stated(found, "absent") == {"antibiotic"}


class TestDoubtInTissue:
    def test_cells_of_uncertain_significance_stay_uncertain(self) -> None:
        found = read("Few atypical cells, significance uncertain; no tumour.", "biopsy")
        assert {one.state for one in found} == {"uncertain"}


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "value", "unit"),
        [
            ("Platelets 450,000 /uL.", 450_000, "/uL"),
            ("CRP 1,240 mg/L.", 1240, "mg/L"),
            ("CRP 19,8 mg/L.", 19.8, "mg/L"),
            ("WBC was 7,400 /mm3.", 7400, "/mm3"),
            ("Hb 12.4 g/dL (11.5-15.5).", 12.4, "g/dL"),
        ],
    )
    def test_are_read_as_the_record_writes_them(self, text: str, value: float, unit: str) -> None:
        [one] = read(text)
        assert one.value == Amount(value, unit=unit)

    @pytest.mark.parametrize(
        "text",
        ["Hb 12.4 (ref 11.5-15.5).", "Hb 12.4 g/dL [11.5-15.5]", "Hb 12.4 (normal 11.5 to 15.5)"],
    )
    def test_the_interval_beside_one_is_its_own(self, text: str) -> None:
        [interval] = read(text)[0].intervals
        assert (interval.low, interval.high) == (Amount(11.5), Amount(15.5))

    @pytest.mark.parametrize("text", ["Fever 5-7 days every 2 weeks.", "ESR after 3 weeks"])
    def test_a_time_is_no_value(self, text: str) -> None:
        assert [one for one in read(text) if one.value is not None] == []


class TestSpelling:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("oedema", "edema"),
            ("haemoglobin", "hemoglobin"),
            ("tumours", "tumor"),
            ("leukaemia", "leukemia"),
        ],
    )
    def test_british_and_american_are_one(self, one: str, other: str) -> None:
        assert spelled(one) == spelled(other)

    def test_superscripts_are_powers(self) -> None:
        assert folded("10\u2079/L") == "10^9/l"

    def test_hyphens_inside_words_do_not_matter(self) -> None:
        assert tokens_of("soft-tissue") == ["soft", "tissue"]


def calls_of(text: str) -> int:
    """Count the calls that reading takes: unlike seconds they don't depend on the machine."""
    calls = 0

    def told(_frame: object, event: str, _of: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(told)
    try:
        read(text, "imaging", "xray")
    finally:
        sys.setprofile(before)
    return calls


class TestNeverFails:
    @settings(max_examples=60, deadline=None)
    @given(st.text(max_size=300))
    def test_any_text_is_read(self, text: str) -> None:
        for section, modality in ((None, None), ("imaging", "mri"), ("biopsy", None)):
            read(text, section, modality)

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.sampled_from(WORDS), max_size=40))
    def test_clinical_words_in_any_order_are_read(self, words: list[str]) -> None:
        concepts = {concept.id for concept in KNOWLEDGE.concepts}
        assert {concept(one) for one in read(" ".join(words))} <= concepts

    def test_nothing_said_twenty_thousand_times_is_passed_over(self) -> None:
        begun = time.process_time()
        assert read("no " * 20_000) == []
        assert time.process_time() - begun < 1

    def test_a_text_is_read_to_its_end(self) -> None:
        text = "The family came by car and asked about school. " * 5_000
        assert stated(read(f"{text}She has a fever."), "present") == {"fever"}

    def test_work_grows_with_the_length_and_no_faster(self) -> None:
        line = "No lytic and sclerotic lesion of the left tibia with pain for {} weeks and fever, "
        once, fourfold = (
            calls_of("".join(line.format(start + week) for week in range(times)))
            for start, times in ((0, 100), (1000, 400))
        )
        assert once < fourfold < 6 * once
