"""Free text: each sentence says what a reader wrote down that it says, and never more."""

import re
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multifocal.exchange.lexicon import folded, spelled, tokens_of
from multifocal.exchange.text import Setting, Statement, TextReader, text_reader
from multifocal.knowledge.load import load

DATA = Path(__file__).parents[2] / "data" / "sentences.toml"
SENTENCES = tomllib.loads(DATA.read_text(encoding="utf-8"))["sentence"]
WORDS = sorted({word for one in SENTENCES for word in one["text"].split()})


KNOWLEDGE = load()


def reader() -> TextReader:
    return text_reader(KNOWLEDGE)


def read(text: str, section: Any = None, modality: Any = None) -> tuple[Statement, ...]:
    return reader().read(text, Setting(section, modality))


def stated(statements: tuple[Statement, ...], state: str) -> set[str]:
    return {one.concept for one in statements if one.state == state and one.value is None}


def place(statement: Statement) -> list[str]:
    return [
        " ".join(part for part in (site.bone or site.region, site.laterality) if part)
        for site in statement.sites
    ]


def measured(statement: Statement) -> str:
    value = statement.value
    assert value is not None
    return f"{statement.concept} {value.number:g} {value.unit} {value.level or '-'}"


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
            first = next(s for s in found if s.concept == one["present"][0])
            assert place(first) == one["sites"]

    def test_gives_the_value(self, one: dict[str, Any]) -> None:
        found = read(one["text"], one.get("section"), one.get("modality"))
        assert [measured(s) for s in found if s.value] == ([one["value"]] if "value" in one else [])


class TestReach:
    def test_a_place_of_one_clause_is_not_the_other_clauses(self) -> None:
        found = read(
            "Lytic lesion of the left tibia; sclerosis of the right fibula.", "imaging", "xray"
        )
        assert {one.concept: place(one) for one in found} == {
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
        assert [(one.concept, one.modality) for one in found] == [("mri_marrow_oedema", "mri")]

    def test_oedema_outside_an_mri_is_no_marrow_oedema(self) -> None:
        assert stated(read("Oedema of the left foot."), "present") == set()

    def test_normal_is_not_said_of_a_study_that_shows_something(self) -> None:
        found = read("Normal. Lytic lesion of the left tibia.", "imaging", "xray")
        assert stated(found, "present") == {"xray_lytic"}

    def test_an_image_report_states_no_symptom(self) -> None:
        assert stated(read("Pain in the left knee.", "imaging", "xray"), "present") == set()

    def test_four_months_are_a_hundred_and_twenty_two_days_give_or_take_half_a_month(self) -> None:
        onset = read("Pain in the left knee for 4 months.")[-1]
        assert (onset.days_ago, onset.give_or_take) == (121.75, 15.21875)

    def test_a_fever_three_weeks_ago_is_dated_so(self) -> None:
        assert [one.days_ago for one in read("Fever 3 weeks ago.")] == [21.0]

    def test_the_laboratorys_own_interval_is_read_beside_the_value(self) -> None:
        value = read("CRP 19.5 mg/L (normal < 5).")[0].value
        assert value is not None
        assert value.interval == "< 5"

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
        assert [token.word for token in tokens_of("soft-tissue")] == ["soft", "tissue"]


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
        assert {one.concept for one in read(" ".join(words))} <= concepts

    def test_time_grows_with_the_length_and_no_faster(self) -> None:
        text = "No lytic and sclerotic lesion of the left tibia with pain and fever, "
        spent = []
        for times in (100, 400):
            begun = time.perf_counter()
            read(text * times, "imaging", "xray")
            spent.append(time.perf_counter() - begun)
        assert spent[1] < 12 * spent[0]
