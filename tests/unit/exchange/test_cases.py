"""Published cases to records: what is told becomes facts, what was concluded never does."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multifocal.exchange.case_format import Case, schema
from multifocal.exchange.case_told import SEEN
from multifocal.exchange.cases import MASKS, read_cases
from multifocal.knowledge.load import load
from multifocal.model.day import Day
from multifocal.model.issue import RecordError
from multifocal.model.record import ConceptId, Fact
from multifocal.workup.find import find

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


class TestFiles:
    def test_a_file_without_any_case_is_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "cases.json"
        file.write_text("[]", encoding="utf-8")
        with pytest.raises(RecordError, match="holds no case"):
            read_cases(file, knowledge=KNOWLEDGE)

    def test_two_cases_with_one_id_are_told_apart(self, tmp_path: Path) -> None:
        file = tmp_path / "cases.json"
        file.write_text(json.dumps([{"id": "a"}, {"id": "b"}, {"id": "a"}]), encoding="utf-8")
        told = [
            any("id of another case" in one.message for one in case.record.issues)
            for case in read_cases(file, knowledge=KNOWLEDGE)
        ]
        assert told == [False, False, True]

    def test_what_was_written_is_read_back_whole(self, tmp_path: Path) -> None:
        case = read_one(
            tmp_path, age_years=9, sex="F", history={"pets": "x"}, presenting={"fever": True}
        )
        file = tmp_path / "written.json"
        file.write_bytes(msgspec.json.encode(case))
        assert read_cases(file, knowledge=KNOWLEDGE) == (case,)

    def test_a_written_fact_that_this_version_does_not_know_is_left_out_and_told(
        self, tmp_path: Path
    ) -> None:
        case = read_one(tmp_path, presenting={"fever": True})
        [fact] = case.record.facts
        foreign = msgspec.structs.replace(fact, concept=ConceptId("SECRET"))
        record = msgspec.structs.replace(case.record, facts=(fact, foreign))
        file = tmp_path / "written.json"
        file.write_bytes(msgspec.json.encode(msgspec.structs.replace(case, record=record)))
        [back] = read_cases(file, knowledge=KNOWLEDGE)
        assert back.record.facts == (fact,)
        [issue] = back.record.issues
        assert "none that this version knows" in issue.message
        assert "SECRET" not in issue.message

    @pytest.mark.parametrize(
        "day", [("2021-01-01", "2020-01-01"), ("9999-12-31", "9999-12-31"), ("0001-01-01",) * 2]
    )
    def test_a_written_day_that_can_not_be_is_told(
        self, day: tuple[str, str], tmp_path: Path
    ) -> None:
        case = read_one(tmp_path, age_years=9, presenting={"fever": True})
        told = msgspec.to_builtins(case)
        told["record"]["patient"]["birth"] = dict(zip(("earliest", "latest"), day, strict=True))
        told["record"]["facts"][0]["day"] = told["record"]["patient"]["birth"]
        file = tmp_path / "written.json"
        file.write_text(json.dumps(told), encoding="utf-8")
        [back] = read_cases(file, knowledge=KNOWLEDGE)
        assert (back.record.patient.birth, back.record.facts) == (None, ())
        assert len(back.record.issues) == 2

    @pytest.mark.parametrize("record", ["3", '{"patient": 3}', '{"facts": []}', '"SECRET"'])
    def test_a_written_record_that_is_broken_is_refused_without_its_values(
        self, record: str, tmp_path: Path
    ) -> None:
        file = tmp_path / "written.json"
        file.write_text('{"id": "SECRET", "record": ' + record + "}", encoding="utf-8")
        with pytest.raises(RecordError, match="Write it anew") as refused:
            read_cases(file, knowledge=KNOWLEDGE)
        assert "SECRET" not in str(refused.value)


class TestNumber:
    """How many lesions words tell, by the definitions of the findings."""

    def answers(self, folder: Path, *images: dict[str, Any]) -> dict[str, bool | None]:
        case = read_one(folder, imaging=list(images))
        found = find(case.record.facts, case.record.patient, as_of=SEEN, knowledge=KNOWLEDGE)
        return {one.id: one.truth for one in found.findings}

    def test_one_bone_and_several_others_are_not_unifocal(self, tmp_path: Path) -> None:
        told = self.answers(
            tmp_path,
            {"modality": "MRI", "site": "femur", "side": "left", "finding": "marrow oedema"},
            {"modality": "MRI", "finding": "multiple further bone lesions"},
        )
        assert told["number_unifocal"] is False
        assert told["number_2_to_4"] is None
        assert told["number_5_or_more"] is None

    def test_one_bone_is_unifocal_only_where_somebody_says_so(self, tmp_path: Path) -> None:
        image = {"modality": "MRI", "site": "femur", "side": "left", "finding": "marrow oedema"}
        told = self.answers(tmp_path, image)
        assert told["number_unifocal"] is None
        assert told["number_5_or_more"] is None
        image["finding"] = "solitary lesion with marrow oedema"
        assert self.answers(tmp_path, image)["number_unifocal"] is True
        image = {"modality": "whole-body MRI", "site": "femur", "side": "left", "finding": "lesion"}
        assert self.answers(tmp_path, image)["number_unifocal"] is True

    def test_a_bilateral_image_shows_both_sides(self, tmp_path: Path) -> None:
        image = {
            "modality": "MRI",
            "site": "distal femoral metaphysis",
            "side": "bilateral",
            "finding": "distal femoral metaphysis with marrow oedema",
        }
        assert self.answers(tmp_path, image)["symmetric_lesions"] is True

    def test_lesions_called_symmetrical_are(self, tmp_path: Path) -> None:
        image = {"modality": "XR", "finding": "symmetrical hyperostosis"}
        assert self.answers(tmp_path, image)["symmetric_lesions"] is True


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
        assert [one.name for one in case.record.not_read] == ["trendelenburg"]

    def test_a_key_of_the_case_that_is_not_known_is_told(self, tmp_path: Path) -> None:
        case = read_one(tmp_path, favourite_colour="green")
        assert any("favourite_colour" in one.message for one in case.issues)

    @pytest.mark.parametrize(
        ("part", "row"),
        [
            ("labs", {"name": "CRP", "value": 3, "unit": "mg/L", "shade": "SECRET"}),
            ("imaging", {"modality": "MRI", "finding": "oedema", "shade": "SECRET"}),
            ("timeline", {"month": 0, "event": "pain", "shade": "SECRET"}),
        ],
    )
    def test_a_key_inside_a_list_that_is_not_known_is_told(
        self, part: str, row: dict[str, Any], tmp_path: Path
    ) -> None:
        told = [one.message for one in read_one(tmp_path, (), **{part: [row]}).record.issues]
        assert any("not known: shade" in message for message in told)
        assert "SECRET" not in " ".join(told)

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"age_years": -3}, "age_years is no age"),
            ({"age_years": 300}, "age_years is no age"),
            ({"sex": "Q"}, "the sex is neither F nor M"),
            ({"age_years": 9, "presenting": {"onset_age_years": 12}}, "onset_age_years is no time"),
            ({"presenting": {"onset_age_years": 2}}, "onset_age_years is no time"),
            ({"presenting": {"duration_months": -1}}, "duration_months is no time"),
        ],
    )
    def test_an_age_sex_or_time_that_can_not_be_is_told(
        self, fields: dict[str, Any], said: str, tmp_path: Path
    ) -> None:
        case = read_one(tmp_path, **fields)
        assert any(said in one.message for one in case.record.issues)
        assert "symptom_onset" not in concepts(case)

    def test_an_age_sex_and_time_that_can_be_are_not_told(self, tmp_path: Path) -> None:
        case = read_one(
            tmp_path, age_years=9, sex="F", presenting={"fever": True, "onset_age_years": 8}
        )
        assert case.record.issues == ()

    def test_no_value_is_told_in_an_issue(self, tmp_path: Path) -> None:
        case = read_one(
            tmp_path,
            history={"pets": "Zebulon the tortoise"},
            labs=[{"name": "Quux", "value": 77.25}],
        )
        told = " ".join(one.where + one.message for one in case.issues)
        assert [secret for secret in ("Zebulon", "Quux", "77") if secret in told] == []

    def test_a_quality_alone_in_a_field_is_the_fields(self, tmp_path: Path) -> None:
        case = read_one(tmp_path, presenting={"pain": "left hip; intermittent, worse with walking"})
        assert concepts(case) >= {"bone_pain", "pain_intermittent", "pain_with_movement"}

    def test_a_relatives_disease_in_a_field_is_the_family_history(self, tmp_path: Path) -> None:
        case = read_one(tmp_path, history={"family_psoriasis": True})
        assert concepts(case) == {"family_history_inflammatory"}

    def test_a_disease_that_no_relative_has_is_no_family_history(self, tmp_path: Path) -> None:
        for words in ("mother has no psoriasis", "neither parent has psoriasis"):
            facts = read_one(tmp_path, history={"family": words}).record.facts
            assert [fact.concept for fact in facts if fact.present] == []

    def test_an_organism_in_an_unnamed_culture_grew(self, tmp_path: Path) -> None:
        labs = [{"name": "culture", "flag": "Pseudomonas aeruginosa"}]
        assert only(read_one(tmp_path, labs=labs), "bone_culture").present

    def test_an_unnamed_culture_without_growth_excludes_nothing(self, tmp_path: Path) -> None:
        assert read_one(tmp_path, labs=[{"name": "culture", "flag": "negative"}]).record.facts == ()

    def test_a_duration_is_the_day_of_onset(self, tmp_path: Path) -> None:
        day = only(read_one(tmp_path, presenting={"duration_weeks": 6}), "symptom_onset").day
        assert day is not None
        assert [(SEEN - end).days for end in (day.earliest, day.latest)] == [45, 42]

    def test_of_several_durations_the_finest_is_the_day_of_onset(self, tmp_path: Path) -> None:
        case = read_one(tmp_path, presenting={"duration_months": 0.3, "duration_days": 10})
        assert only(case, "symptom_onset").day == Day(date(2019, 12, 22), date(2019, 12, 22))

    def test_a_long_duration_in_words_is_a_day_of_onset(self, tmp_path: Path) -> None:
        told = {"pain": False, "duration": "past several months"}
        day = only(read_one(tmp_path, presenting=told), "symptom_onset").day
        assert day is not None
        assert (SEEN - day.latest).days > 60

    def test_a_bone_named_as_the_place_is_affected_and_a_joint_is_not(self, tmp_path: Path) -> None:
        places = [{"site": "mandible"}, {"site": "ring finger", "side": "left"}, {"site": "knee"}]
        case = read_one(tmp_path, presenting={"sites": places})
        affected = [fact for fact in case.record.facts if fact.concept == "bone_affected"]
        assert [(fact.bone, fact.region) for fact in affected] == [
            ("mandible", "jaw"),
            (None, "fingers"),
        ]
        hidden = read_one(tmp_path, ("imaging",), presenting={"sites": places})
        assert "bone_affected" not in concepts(hidden)

    def test_where_an_image_is_of_stays_where_its_words_do_not_say_otherwise(
        self, tmp_path: Path
    ) -> None:
        image = {
            "modality": "XR",
            "site": "proximal and middle phalanges of 4th and 5th fingers",
            "side": "right",
            "finding": "lucent lesions",
        }
        case = read_one(tmp_path, imaging=[image])
        bones = {fact.bone for fact in case.record.facts if fact.concept == "xray_lytic"}
        assert bones == {
            f"{part}_phalanx_hand_{finger}" for part in ("proximal", "middle") for finger in (4, 5)
        }


class TestAnswers:
    """What an answer in words says of the field, and what else it tells."""

    @pytest.mark.parametrize("words", ["n/a", "unknown", "not known", "?", "-", "...", "pending"])
    def test_an_answer_that_is_none_leaves_the_field_open(self, words: str, tmp_path: Path) -> None:
        for key in ("fever", "swelling", "limp"):
            assert concepts(read_one(tmp_path, presenting={key: words})) == set()

    @pytest.mark.parametrize("words", ["no", "denied", "absent", "denied; no travel", "none"])
    def test_a_plain_no_is_an_absence(self, words: str, tmp_path: Path) -> None:
        assert not only(read_one(tmp_path, presenting={"fever": words}), "fever").present

    @pytest.mark.parametrize(
        ("key", "words", "also"),
        [
            ("pain", "left hip; comes and goes", "pain_intermittent"),
            ("pain", "knee, worse on walking", "pain_with_movement"),
            ("swelling", "recurrent, left knee", "local_swelling"),
        ],
    )
    def test_what_is_said_of_the_field_is_read_under_it(
        self, key: str, words: str, also: str, tmp_path: Path
    ) -> None:
        assert also in concepts(read_one(tmp_path, presenting={key: words}))

    @pytest.mark.parametrize(
        ("key", "told", "degrees"),
        [
            ("fever", "up to 39.2 C for days", 39.2),
            ("temperature", "37.0", 37.0),
            ("temp_max_c", 38.4, 38.4),
            ("temperature_c", 36.5, 36.5),
            ("fever", "102.2 F", 39.0),  # 39 degrees Celsius are 102.2 degrees Fahrenheit
        ],
    )
    def test_degrees_are_measured_however_the_field_is_called(
        self, key: str, told: Any, degrees: float, tmp_path: Path
    ) -> None:
        fact = only(read_one(tmp_path, presenting={key: told}), "temperature")
        assert fact.value == pytest.approx(degrees)

    def test_days_of_fever_are_no_degrees(self, tmp_path: Path) -> None:
        told = concepts(read_one(tmp_path, presenting={"fever": "5-7 days every month"}))
        assert told & {"fever", "temperature"} == {"fever"}

    def test_a_number_above_zero_is_yes_and_zero_is_no(self, tmp_path: Path) -> None:
        lost, kept = ({"weight_loss_kg": number} for number in (4, 0))
        assert only(read_one(tmp_path, presenting=lost), "weight_loss").present
        assert not only(read_one(tmp_path, presenting=kept), "weight_loss").present

    @pytest.mark.parametrize(
        ("part", "name", "kind"),
        [
            ({"history": {"pets": "tortoise"}}, "pets", "answer"),
            ({"exam": {"ober": True}}, "ober", "answer"),
            ({"labs": [{"name": "Quux", "value": 7.5}]}, "Quux", "result"),
            (
                {"labs": [{"name": "enzyme in leukocytes", "flag": "low"}]},
                "enzyme in leukocytes",
                "result",
            ),
            ({"imaging": [{"modality": "MRI", "finding": "xyzzy"}]}, "MRI", "report"),
            ({"biopsy": "xyzzy"}, "biopsy", "report"),
        ],
    )
    def test_what_is_not_read_is_told_by_its_own_name(
        self, part: dict[str, Any], name: str, kind: str, tmp_path: Path
    ) -> None:
        told = [(one.name, one.kind) for one in read_one(tmp_path, **part).record.not_read]
        assert told == [(name, kind)]

    def test_an_image_whose_finding_is_not_read_is_done_and_unread(self, tmp_path: Path) -> None:
        case = read_one(tmp_path, imaging=[{"modality": "MRI", "finding": "xyzzy"}])
        assert only(case, "mri_study").unread
        case = read_one(tmp_path, imaging=[{"modality": "MRI", "finding": "marrow oedema"}])
        assert not only(case, "mri_study").unread


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

    def test_a_stated_truth_wins_over_the_wording(self, tmp_path: Path) -> None:
        case = read_one(tmp_path, final_diagnosis="Osteomyelitis, scurvy", truth="lch")
        assert (case.truth, case.guessed) == ("lch", False)
        case = read_one(tmp_path, final_diagnosis="Scurvy")
        assert (case.truth, case.guessed) == ("scurvy", True)

    def test_a_stated_truth_that_is_none_of_ours_is_told(self, tmp_path: Path) -> None:
        case = read_one(tmp_path, final_diagnosis="Scurvy", truth="moonstroke")
        assert (case.truth, case.guessed) == (None, False)
        assert [one for one in case.issues if "truth is none" in one.message]

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
            "blood_count", "leukocytosis", "leukopenia", "anaemia", "thrombocytopenia",
            "thrombocytosis",
        }  # fmt: skip
        assert {fact.concept for fact in case.record.facts if fact.present} == {"blood_count"}

    def test_a_blood_count_told_as_a_value_in_words_is_read(self, tmp_path: Path) -> None:
        case = read_one(tmp_path, labs=[{"name": "blood count", "value": "unremarkable"}])
        assert only(case, "blood_count").present
        assert not only(case, "anaemia").present

    @pytest.mark.parametrize(
        ("name", "finding"),
        [
            ("CRP", "crp_gt_5"),
            ("CRP", "crp_gt_10"),
            ("ESR", "esr_gt_20"),
            ("haemoglobin", "hb_low"),
            ("platelets", "platelets_low"),
            ("white cell count", "wbc_low"),
            ("LDH", "ldh_high"),
            ("vitamin C", "vitamin_c_low"),
        ],
    )
    def test_what_is_called_normal_is_neither_high_nor_low(
        self, name: str, finding: str, tmp_path: Path
    ) -> None:
        case = read_one(tmp_path, labs=[{"name": name, "flag": "normal"}])
        found = find(case.record.facts, case.record.patient, as_of=case.as_of, knowledge=KNOWLEDGE)
        assert found.words[finding] == (False, False)

    def test_a_number_stands_against_the_word_normal(self, tmp_path: Path) -> None:
        labs = [{"name": "CRP", "flag": "normal"}, {"name": "CRP", "value": 48, "unit": "mg/L"}]
        case = read_one(tmp_path, labs=labs)
        found = find(case.record.facts, case.record.patient, as_of=case.as_of, knowledge=KNOWLEDGE)
        assert found.words["crp_gt_30"] == (True, True)

    def test_an_enzyme_in_leukocytes_is_no_leukocyte_count(self, tmp_path: Path) -> None:
        lab = {"name": "enzyme in leukocytes", "value": None, "flag": "low"}
        assert concepts(read_one(tmp_path, labs=[lab])) == set()

    def test_a_value_without_a_unit_is_left_out_and_told(self, tmp_path: Path) -> None:
        case = read_one(tmp_path, labs=[{"name": "CRP", "value": 25, "unit": None, "flag": None}])
        assert "crp" not in concepts(case)
        assert any("no unit" in one.message for one in case.issues)

    @pytest.mark.parametrize("value", ["450,000", "450 000", "450000", 450000])
    def test_a_count_is_read_with_any_mark_for_thousands(self, value: Any, tmp_path: Path) -> None:
        lab = {"name": "platelets", "value": value, "unit": "/uL"}
        assert only(read_one(tmp_path, labs=[lab]), "platelets").value == pytest.approx(450)

    @pytest.mark.parametrize(
        ("flag", "present"),
        [("H", True), ("\u2191", True), ("slightly raised", True), ("N", False), ("wnl", False),
         ("not raised", False)],
    )  # fmt: skip
    def test_a_flag_alone_calls_a_value(self, flag: str, *, present: bool, tmp_path: Path) -> None:
        fact = only(read_one(tmp_path, labs=[{"name": "CRP", "flag": flag}]), "crp_raised")
        assert fact.present is present

    def test_an_interval_in_the_flag_is_the_laboratorys(self, tmp_path: Path) -> None:
        lab = {"name": "CRP", "value": 7, "unit": "mg/L", "flag": "high (ref < 8)"}
        fact = only(read_one(tmp_path, labs=[lab]), "crp")
        assert (fact.high, fact.interval) == (8.0, "laboratory")

    @pytest.mark.parametrize("name", ["HLA-B27", "HLA B27"])
    @pytest.mark.parametrize(("flag", "present"), [("+", True), ("neg", False), ("pos", True)])
    def test_a_result_is_answered(
        self, name: str, flag: str, *, present: bool, tmp_path: Path
    ) -> None:
        fact = only(read_one(tmp_path, labs=[{"name": name, "flag": flag}]), "hlab27")
        assert fact.present is present


class TestPainfulPlaces:
    def test_a_place_that_is_no_region_of_ours_hurts_by_its_name(self, tmp_path: Path) -> None:
        case = read_one(tmp_path, presenting={"pain": True, "sites": [{"site": "back"}]})
        assert only(case, "back_pain").present

    @pytest.mark.parametrize("pain", [False, None, "none"])
    def test_without_pain_a_place_does_not_hurt(self, pain: Any, tmp_path: Path) -> None:
        case = read_one(tmp_path, presenting={"pain": pain, "sites": [{"site": "back"}]})
        assert "back_pain" not in concepts(case)


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
        assert len(cases) == 117
        assert [case.id for case in cases if case.truth is None] == []

    def test_the_diagnosis_is_the_one_that_the_report_concludes_with(self) -> None:
        # Each case states it, by a reader of the reports; nothing of it is guessed.
        cases = read_cases(DEVELOPMENT, knowledge=KNOWLEDGE)
        assert [case.id for case in cases if case.guessed] == []

    def test_wording_gives_the_same_diagnosis_as_the_one_that_is_stated(
        self, tmp_path: Path
    ) -> None:
        told = json.loads(DEVELOPMENT.read_bytes())
        file = tmp_path / "worded.json"
        worded = [{k: v for k, v in one.items() if k != "truth"} for one in told]
        file.write_text(json.dumps(worded), encoding="utf-8")
        cases = read_cases(file, knowledge=KNOWLEDGE)
        forms = KNOWLEDGE.differential.model.forms
        assert {case.id: forms.get(case.truth or "", case.truth) for case in cases} == {
            one["id"]: one["truth"] for one in told
        }
        assert all(case.guessed for case in cases)

    def test_no_case_that_is_kept_back_is_among_them(self) -> None:
        kept = json.loads(DEVELOPMENT.with_name("kept_back_findings.json").read_bytes())
        cases = read_cases(DEVELOPMENT, knowledge=KNOWLEDGE)
        assert len(kept) == 25
        assert not {case.id for case in cases} & kept.keys()

    def test_cmo_and_mimics_stay_apart(self) -> None:
        cases = read_cases(DEVELOPMENT, knowledge=KNOWLEDGE)
        cmo = {"cmo", "cmo_hand", "sapho"}
        assert {case.is_cno for case in cases if case.truth in cmo} == {True}
        assert Counter(case.is_cno for case in cases)[True] == 40

    def test_ids_of_facts_are_unique(self) -> None:
        for case in read_cases(DEVELOPMENT, knowledge=KNOWLEDGE):
            ids = [fact.id for fact in case.record.facts]
            assert len(ids) == len(set(ids))


def test_the_shipped_schema_is_that_of_the_types() -> None:
    file = Path(__file__).parents[3] / "schema" / "cases.schema.json"
    assert json.loads(file.read_text(encoding="utf-8")) == schema()
