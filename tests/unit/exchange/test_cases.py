"""Published cases to records: what is told becomes facts, what was concluded never does."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multifocal.exchange.cases import MASKS, SEEN, Case, read_cases, schema
from multifocal.knowledge.load import load
from multifocal.model.issue import RecordError
from multifocal.model.record import Fact

KNOWLEDGE = load()
DEVELOPMENT = Path(__file__).parents[2] / "data" / "cases" / "development_cases.json"


def read_one(folder: Path, masks: tuple[Any, ...] = (), **told: Any) -> Case:
    file = folder / "cases.json"
    file.write_text(json.dumps([{"id": "made-up", **told}]), encoding="utf-8")
    return read_cases(file, knowledge=KNOWLEDGE, masks=masks)[0]


def only(case: Case, concept: str) -> Fact:
    found = [fact for fact in case.record.facts if fact.concept == concept]
    assert len(found) == 1, [fact.concept for fact in case.record.facts]
    return found[0]


def concepts(case: Case) -> set[str]:
    return {fact.concept for fact in case.record.facts}


class TestFields:
    def test_true_is_present_false_is_absent_null_is_nothing(self, tmp_path: Path) -> None:
        case = read_one(tmp_path, presenting={"fever": True, "weight_loss": False, "limp": None})
        assert only(case, "fever").present
        assert not only(case, "weight_loss").present
        assert "limp" not in concepts(case)

    def test_pain_is_at_the_sites_of_the_complaint(self, tmp_path: Path) -> None:
        sites = [{"site": "knee", "side": "left"}]
        fact = only(read_one(tmp_path, presenting={"pain": True, "sites": sites}), "bone_pain")
        assert (fact.region, fact.laterality) == ("knee", "left")

    def test_a_text_in_a_field_is_read(self, tmp_path: Path) -> None:
        case = read_one(tmp_path, history={"antibiotics": "no improvement"})
        assert concepts(case) == {"antibiotics_no_response"}

    def test_a_text_that_denies_is_no_finding(self, tmp_path: Path) -> None:
        case = read_one(tmp_path, history={"trauma": "not ruled out"})
        assert concepts(case) == set()

    def test_a_field_that_nobody_knows_is_read_as_words(self, tmp_path: Path) -> None:
        case = read_one(tmp_path, exam={"nail_pitting": True, "night_sweats": False})
        assert only(case, "nail_pits").present
        assert not only(case, "night_sweats").present

    def test_a_field_without_meaning_is_told_by_its_name(self, tmp_path: Path) -> None:
        case = read_one(tmp_path, exam={"trendelenburg": True})
        assert any("trendelenburg" in one.message for one in case.issues)

    def test_a_key_of_the_case_that_is_not_known_is_told(self, tmp_path: Path) -> None:
        case = read_one(tmp_path, favourite_colour="green")
        assert any("favourite_colour" in one.message for one in case.issues)

    def test_no_value_is_told_in_an_issue(self, tmp_path: Path) -> None:
        case = read_one(
            tmp_path,
            history={"pets": "Zebulon the tortoise"},
            labs=[{"name": "Quux", "value": 77.25}],
        )
        told = " ".join(one.where + one.message for one in case.issues)
        assert [secret for secret in ("Zebulon", "Quux", "77") if secret in told] == []

    def test_a_duration_is_the_day_of_onset(self, tmp_path: Path) -> None:
        day = only(read_one(tmp_path, presenting={"duration_weeks": 6}), "symptom_onset").day
        assert day is not None
        assert [(SEEN - end).days for end in (day.earliest, day.latest)] == [45, 39]


class TestConclusion:
    def test_never_becomes_a_fact(self, tmp_path: Path) -> None:
        case = read_one(
            tmp_path,
            final_diagnosis="Scurvy with psoriasis and fever",
            is_cno=False,
            category="metabolic",
            hand_involved=True,
        )
        assert concepts(case) == set()

    @pytest.mark.parametrize(
        ("words", "hand", "truth"),
        [
            ("Chronic recurrent multifocal osteomyelitis", False, "cmo"),
            ("Chronic nonbacterial osteomyelitis of a metacarpal", True, "cmo_hand"),
            ("Acute lymphoblastic leukaemia taken for septic arthritis", False, "acute_leukaemia"),
            ("Brodie abscess of the tibia", False, "subacute_osteomyelitis_brodie"),
            ("Acute osteomyelitis", False, "acute_bacterial_osteomyelitis"),
            ("Langerhans cell histiocytosis", False, "lch"),
            ("Something that nobody has named", False, None),
        ],
    )
    def test_is_mapped_to_a_condition_of_ours_or_to_none(
        self, tmp_path: Path, words: str, *, hand: bool, truth: str | None
    ) -> None:
        assert read_one(tmp_path, final_diagnosis=words, hand_involved=hand).truth == truth

    def test_every_condition_that_words_are_mapped_to_exists(self) -> None:
        known = {condition.id for condition in KNOWLEDGE.conditions}
        assert {entry.condition for entry in KNOWLEDGE.diagnoses} <= known


class TestLabs:
    def test_value_and_unit_become_ours_with_the_printed_flag(self, tmp_path: Path) -> None:
        lab = {"name": "CRP", "value": 4.2, "unit": "mg/dL", "flag": "high"}
        fact = only(read_one(tmp_path, labs=[lab]), "crp")
        assert (fact.value, fact.unit, fact.flag) == (42.0, "mg/L", "high")

    def test_a_value_that_is_only_called_high_is_reported_as_high(self, tmp_path: Path) -> None:
        lab = {"name": "ESR", "value": None, "unit": None, "flag": "high"}
        assert only(read_one(tmp_path, labs=[lab]), "esr_raised").present

    def test_a_blood_count_called_normal_says_nothing_of_a_film(self, tmp_path: Path) -> None:
        case = read_one(tmp_path, labs=[{"name": "CBC", "value": None, "flag": "normal"}])
        assert concepts(case) == {
            "leukocytosis", "leukopenia", "anaemia", "thrombocytopenia", "thrombocytosis",
        }  # fmt: skip
        assert not any(fact.present for fact in case.record.facts)

    def test_an_enzyme_in_leukocytes_is_no_leukocyte_count(self, tmp_path: Path) -> None:
        lab = {"name": "enzyme in leukocytes", "value": None, "flag": "low"}
        assert concepts(read_one(tmp_path, labs=[lab])) == set()

    def test_a_value_without_a_unit_is_left_out_and_told(self, tmp_path: Path) -> None:
        case = read_one(tmp_path, labs=[{"name": "CRP", "value": 25, "unit": None, "flag": None}])
        assert "crp" not in concepts(case)
        assert any("no unit" in one.message for one in case.issues)


class TestImaging:
    def test_a_finding_is_at_the_place_and_on_the_kind_of_image(self, tmp_path: Path) -> None:
        image = {
            "modality": "XR",
            "site": "distal radius",
            "side": "left",
            "finding": "lytic lesion",
        }
        fact = only(read_one(tmp_path, imaging=[image]), "xray_lytic")
        assert (fact.bone, fact.laterality, fact.end, fact.modality) == (
            "radius", "left", "distal", "xray",
        )  # fmt: skip

    def test_a_bone_named_in_the_finding_takes_the_side_of_the_image(self, tmp_path: Path) -> None:
        image = {
            "modality": "MRI",
            "site": "hand",
            "side": "right",
            "finding": "lesion of the lunate",
        }
        fact = only(read_one(tmp_path, imaging=[image]), "bone_lesion")
        assert (fact.bone, fact.laterality) == ("lunate", "right")

    def test_an_image_of_a_later_time_is_not_known_at_the_visit(self, tmp_path: Path) -> None:
        image = {
            "modality": "XR (2 years later)",
            "site": "tibia",
            "side": "left",
            "finding": "sclerosis",
        }
        fact = only(read_one(tmp_path, imaging=[image]), "xray_sclerotic")
        assert fact.recorded is not None
        assert fact.recorded.earliest > SEEN


TOLD: dict[str, Any] = {
    "presenting": {"fever": True},
    "labs": [{"name": "ESR", "value": 50, "unit": "mm/h", "flag": "high"}],
    "imaging": [{"modality": "XR", "site": "tibia", "side": "left", "finding": "lytic lesion"}],
    "biopsy": "granulomas",
    "history": {"nsaid_response": "good"},
}
IMAGING = {"xray_lytic", "xray_study"}
BIOPSY = {"biopsy", "biopsy_granuloma", "nsaid_response"}


class TestMasks:
    @pytest.mark.parametrize(
        ("masks", "left"),
        [
            ((), {"fever", "esr"} | IMAGING | BIOPSY),
            (("labs",), {"fever"} | IMAGING | BIOPSY),
            (("imaging",), {"fever", "esr"} | BIOPSY),
            (("biopsy",), {"fever", "esr"} | IMAGING),
            (MASKS, {"fever"}),
        ],
    )
    def test_take_out_what_is_not_known_yet(
        self, tmp_path: Path, masks: tuple[Any, ...], left: set[str]
    ) -> None:
        assert concepts(read_one(tmp_path, masks, **TOLD)) == left


class TestTimeline:
    def test_counts_from_the_presentation(self, tmp_path: Path) -> None:
        case = read_one(
            tmp_path,
            timeline=[{"month": -2, "event": "limp"}],
            timeline_zero="presentation",
        )
        day = only(case, "limp").recorded
        assert day is not None
        assert (SEEN - day.latest).days == 61

    def test_counts_from_the_first_event_by_the_duration(self, tmp_path: Path) -> None:
        case = read_one(
            tmp_path,
            presenting={"duration_months": 7},
            timeline=[{"month": 0, "event": "limp"}],
            timeline_zero="first event",
        )
        day = only(case, "limp").recorded
        assert day is not None
        assert (SEEN - day.latest).days == 213


class TestBadInput:
    @pytest.mark.parametrize("text", ["", "nonsense", "3", '["a"]', '[{"age_years": 3}]', "[{]"])
    def test_what_is_no_case_is_one_clear_line(self, tmp_path: Path, text: str) -> None:
        file = tmp_path / "cases.json"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(RecordError) as told:
            read_cases(file, knowledge=KNOWLEDGE)
        assert "\n" not in str(told.value)

    def test_a_broken_field_is_left_out_and_told(self, tmp_path: Path) -> None:
        case = read_one(tmp_path, labs="many", presenting={"fever": True})
        assert only(case, "fever").present
        assert any(one.message.startswith("labs") for one in case.issues)

    def test_an_empty_case_says_that_it_holds_nothing(self, tmp_path: Path) -> None:
        assert any("holds nothing" in one.message for one in read_one(tmp_path).issues)

    @settings(max_examples=40, deadline=None)
    @given(
        st.dictionaries(
            st.sampled_from(
                [
                    "presenting",
                    "exam",
                    "history",
                    "labs",
                    "imaging",
                    "biopsy",
                    "timeline",
                    "age_years",
                    "sex",
                ]
            ),
            st.recursive(
                st.none()
                | st.booleans()
                | st.floats(allow_nan=False, allow_infinity=False)
                | st.text(max_size=20),
                lambda inner: (
                    st.lists(inner, max_size=3)
                    | st.dictionaries(
                        st.sampled_from(
                            [
                                "pain",
                                "sites",
                                "site",
                                "name",
                                "value",
                                "month",
                                "event",
                                "duration_weeks",
                            ]
                        ),
                        inner,
                        max_size=3,
                    )
                ),
                max_leaves=6,
            ),
        )
    )
    def test_any_json_in_the_fields_gives_a_case(
        self, tmp_path_factory: pytest.TempPathFactory, told: dict[str, Any]
    ) -> None:
        read_one(tmp_path_factory.mktemp("fuzz"), **told)


class TestDevelopmentCases:
    def test_all_are_read_and_every_diagnosis_is_one_of_ours(self) -> None:
        cases = read_cases(DEVELOPMENT, knowledge=KNOWLEDGE)
        assert len(cases) == 67
        assert [case.id for case in cases if case.truth is None] == []

    def test_cmo_and_mimics_stay_apart(self) -> None:
        cases = read_cases(DEVELOPMENT, knowledge=KNOWLEDGE)
        cmo = {"cmo", "cmo_hand", "sapho"}
        assert {case.is_cno for case in cases if case.truth in cmo} == {True}
        assert Counter(case.is_cno for case in cases)[True] == 18

    def test_ids_of_facts_are_unique(self) -> None:
        for case in read_cases(DEVELOPMENT, knowledge=KNOWLEDGE):
            ids = [fact.id for fact in case.record.facts]
            assert len(ids) == len(set(ids))


def test_the_shipped_schema_is_that_of_the_types() -> None:
    file = Path(__file__).parents[3] / "schema" / "cases.schema.json"
    assert json.loads(file.read_text(encoding="utf-8")) == schema()
