"""Codes and names of the world to concepts of ours."""

import csv
import string
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multifocal.exchange.vocabulary import Code, Vocabulary, code_of, compact, vocabulary_of
from multifocal.exchange.words import Words, words_in
from multifocal.knowledge.load import DATA, Knowledge, load
from multifocal.knowledge.value_sets import NAMES_ONLY, PROVEN, ValueSetRow
from multifocal.model.record import ConceptId

SNOMED, ICD10CM, ICD10GM = (
    "http://snomed.info/sct",
    "http://hl7.org/fhir/sid/icd-10-cm",
    ("http://fhir.de/CodeSystem/bfarm/icd-10-gm"),
)


@cache
def knowledge() -> Knowledge:
    return load()


def vocabulary() -> Vocabulary:
    return vocabulary_of(knowledge())


def coded(system: str, code: str, text: str = "") -> Words:
    found = code_of(system, code)
    return Words(codes=(found,) if found else (), said=(text,) if text else ())


def meant(words: Words) -> set[str]:
    """Give the concepts that words prove."""
    match = vocabulary().match(words)
    if match is None or not match.is_proven or not match.present:
        return set()
    return {match.concept.id, *(one.id for one in match.also)}


def relation(words: Words) -> str:
    match = vocabulary().match(words)
    return "" if match is None else match.relation


@cache
def rows() -> tuple[ValueSetRow, ...]:
    def read() -> Iterator[ValueSetRow]:
        for name in ("names", "diseases", "findings", "tests", "drugs"):
            with (DATA / "terms" / f"{name}.tsv").open(encoding="utf-8", newline="") as opened:
                for row in csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE):
                    cells = {key: cell for key, cell in row.items() if cell}
                    yield msgspec.convert(cells, ValueSetRow)

    return tuple(read())


# --- value sets ----------------------------------------------------------------------------------


def own_codes() -> set[Code]:
    """Give the codes that concepts.toml reads before the value sets are asked."""
    return {
        Code(system, code)
        for concept in knowledge().concepts
        for system, codes in concept.codes.items()
        for code in codes
    }


def test_every_sure_row_gives_its_concept() -> None:
    own = own_codes()
    lost = [
        row
        for row in rows()
        if row.relation in ("exact", "narrower")
        and row.system != NAMES_ONLY
        and Code(row.system, row.code) not in own
        and row.means not in meant(Words(codes=(Code(row.system, row.code.rstrip("*")),)))
    ]
    assert lost == []


def test_every_name_gives_its_concept() -> None:
    # "vitamin C" by itself is the laboratory test, among medicines it is the medicine
    lost = [
        row
        for row in rows()
        if row.system == NAMES_ONLY
        and row.relation in PROVEN
        and row.means not in meant(words_in(row.code))
        and getattr(vocabulary().mentioned([row.code], "treatment"), "id", "") != row.means
    ]
    assert lost == []


def test_no_row_that_only_may_mean_a_concept_makes_a_fact() -> None:
    sure = {(row.system, row.code.rstrip("*")) for row in rows() if row.relation in PROVEN}
    unsure = [row for row in rows() if row.relation not in PROVEN and row.system != NAMES_ONLY]
    believed = [
        row
        for row in unsure
        if (row.system, row.code.rstrip("*")) not in sure
        and row.means in meant(Words(codes=(Code(row.system, row.code.rstrip("*")),)))
    ]
    assert len(unsure) > 500
    assert believed == []


def test_every_condition_is_recognised_by_a_code_and_by_a_name() -> None:
    # what no terminology has a code for is found by its name alone
    nameless = {"nothing_found", "normal_variant", "growing_pains", "foreign_body_thorn"}
    by_code = {row.means for row in rows() if row.relation in PROVEN and row.system != NAMES_ONLY}
    by_name = {row.means for row in rows() if row.relation in PROVEN and row.system == NAMES_ONLY}
    conditions = {ConceptId(condition.id) for condition in knowledge().conditions}
    assert conditions - by_name == set()
    assert conditions - by_code <= nameless


CODED = [
    # SNOMED ids and titles as Mondo, DO and HPO refer to them
    (SNOMED, "91857003", "acute_leukaemia"),
    (SNOMED, "240151005", "cmo"),
    (SNOMED, "76169001", "scurvy"),
    ("http://snomed.info/sct/731000124108", "65399007", "lch"),
    (ICD10CM, "C91.00", "acute_leukaemia"),
    (ICD10CM, "C9100", "acute_leukaemia"),
    (ICD10CM, "C96.0", "lch"),
    (ICD10CM, "C40.11", "malignancy"),
    (ICD10CM, "M86.341", "cmo_hand"),
    (ICD10CM, "M86.11", "acute_bacterial_osteomyelitis"),
    (ICD10GM, "M86.3-", "cmo"),
    (ICD10GM, "M86.39", "cmo"),
    (ICD10GM, "E54", "scurvy"),
    ("http://hl7.org/fhir/sid/icd-10-de", "M86.35", "cmo"),
    ("http://hl7.org/fhir/sid/icd-10", "C91.0", "acute_leukaemia"),
    ("http://terminology.hl7.org/CodeSystem/icd-o-3", "9836/3", "acute_leukaemia"),
    ("http://terminology.hl7.org/CodeSystem/icd-o-3", "9180/3", "osteosarcoma"),
    ("http://www.orpha.net", "324964", "cmo"),
    ("http://www.orpha.net", "ORPHA:389", "lch"),
    ("http://www.omim.org", "609628", "majeed"),
    ("http://www.omim.org", "PS609628", "cmo"),
    ("http://purl.obolibrary.org/obo/mondo.owl", "MONDO_0009412", "scurvy"),
]


@pytest.mark.parametrize(("system", "code", "concept"), CODED)
def test_a_disease_is_read_by_its_code(system: str, code: str, concept: str) -> None:
    assert concept in meant(coded(system, code))


def test_a_phenotypic_series_is_no_disease_of_the_same_number() -> None:
    # PS609628 is the series of CRMO, 609628 is Majeed syndrome
    assert compact("OMIM:609628") == Code("omim", "609628")
    assert compact("OMIMPS:609628") == code_of("http://www.omim.org", "PS609628")


@pytest.mark.parametrize("code", ["C91.00", "C92.01", "C41.9", "C74.90", "C49.9", "C79.51"])
def test_every_malignant_code_is_malignant(code: str) -> None:
    assert "malignancy" in meant(coded(ICD10CM, code))


def test_a_code_that_is_also_used_for_the_disease_itself_proves_nothing() -> None:
    for code in ("M86.5", "M86.60", "M86.8X4", "M86.9"):
        assert relation(coded(ICD10CM, code)) == "broader"
        assert meant(coded(ICD10CM, code)) == set()


def test_a_history_of_cancer_is_history() -> None:
    assert relation(coded(ICD10CM, "Z85.6")) == "history"


def test_the_trait_is_not_the_disease() -> None:
    assert "sickle_cell_disease" not in meant(coded(ICD10CM, "D57.3"))


def test_terms_wider_than_a_finding_are_not_the_finding() -> None:
    # HPO 2025-01-16: joint swelling; inflammation of the large intestine; increased density
    assert meant(Words(codes=(Code("hpo", "HP:0001386"),))) == {"local_swelling"}
    assert meant(Words(codes=(Code("hpo", "HP:0002037"),))) == set()
    assert meant(Words(codes=(Code("hpo", "HP:0011001"),))) == set()


# --- laboratory tests ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "concept"),
    [("778-1", "platelets"), ("20509-6", "hb"), ("59260-0", "hb"), ("709-6", "blasts_on_film"),
     ("26446-5", "blasts_on_film"), ("804-5", "wbc"), ("45323-3", "igra"), ("4821-5", "hlab27")],
)  # fmt: skip
def test_a_test_is_read_by_any_of_its_codes(code: str, concept: str) -> None:
    assert meant(Words(codes=(Code("loinc", code),))) == {concept}


@pytest.mark.parametrize(
    ("code", "said", "kind"),
    [
        ("18184-2", "Erythrocyte sedimentation rate", "other"),
        ("43402-7", "ESR", "other"),
        ("770-8", "Neutrophils", "percent"),
        ("71772-8", "IGRA", "other"),
        ("1990-1", "Vitamin D", "other"),
    ],
)
def test_another_quantity_is_never_ours_whatever_its_text_says(
    code: str, said: str, kind: str
) -> None:
    words = Words(codes=(Code("loinc", code),), said=(said,))
    assert meant(words) == set()
    assert relation(words) == kind


def test_immature_cells_are_no_blasts() -> None:
    assert meant(Words(codes=(Code("loinc", "38518-7"),))) == set()


def test_blasts_in_marrow_are_not_blasts_in_blood() -> None:
    assert meant(words_in("Blasts/100 cells in Bone marrow")) == {"marrow_blasts"}


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Acute lymphoblastic leukemia", "acute_leukaemia"),
        ("acute lymphoblastic leukaemia", "acute_leukaemia"),
        ("Akute lymphatische Leukämie", "acute_leukaemia"),
        ("Langerhans-cell histiocytosis", "lch"),
        ("Langerhanszell-Histiozytose", "lch"),
        ("Skorbut", "scurvy"),
        ("Ewing's sarcoma", "ewing_sarcoma"),
        ("chronische nicht-bakterielle Osteitis", "cmo"),
        ("Brodie's abscess (disorder)", "subacute_osteomyelitis_brodie"),
    ],
)
def test_a_disease_is_read_by_its_name(text: str, concept: str) -> None:
    assert concept in meant(words_in(text))


def test_a_code_that_is_not_known_falls_back_on_its_text() -> None:
    words = Words(codes=(Code("snomed", "12345679"),), said=("Langerhans cell histiocytosis",))
    assert "lch" in meant(words)


def test_a_disease_that_only_the_text_names_is_not_lost_beside_a_known_code() -> None:
    assert {"hand_pain", "malignancy"} <= meant(coded(ICD10CM, "M79.641", "Leukaemia"))


@given(st.text(alphabet=string.punctuation + " \t\u2013\u2014\u2022\u2026\u00b7", max_size=12))
def test_punctuation_means_nothing(text: str) -> None:
    assert vocabulary().match(words_in(text)) is None
    assert vocabulary().danger([text]) == ""


# --- dangers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Malignant tumor of craniopharyngeal duct",
        "B-lymphoblastic leukaemia",
        "Verdacht auf Ewing-Sarkom",
        "Langerhans cell histiocytosis",
        "small round blue cell tumour",
        "pyogenic osteomyelitis",
        "Leucémie aiguë",
        "Skorbut",
        "Mycobacterium tuberculosis complex DNA",
        "Sickle cell crisis",
    ],
)
def test_a_text_that_names_a_danger_says_so(text: str) -> None:
    assert vocabulary().danger([text]) != ""


@pytest.mark.parametrize(
    "text",
    [
        "Chronic recurrent multifocal osteomyelitis",
        "non-malignant lesion",
        "Tumor necrosis factor alpha",
        "Haemoglobin",
        "Pain in right hand",
        "Sickle cell trait",
        "Tuberculin skin test",
        "",
    ],
)
def test_a_text_without_a_danger_says_nothing(text: str) -> None:
    assert vocabulary().danger([text]) == ""


# --- drugs ---------------------------------------------------------------------------------------


def test_the_longest_name_in_a_text_wins() -> None:
    def drug(text: str) -> str | None:
        found = vocabulary().mentioned([text], "treatment")
        return None if found is None else found.id

    assert drug("Naproxen 250 MG Oral Tablet") == "nsaid"
    assert drug("Humira 40 mg pen") == "tnf_inhibitor"
    assert drug("Voltaren Emulgel 1 %") is None


def test_a_class_of_drugs_is_read_by_what_begins_its_code() -> None:
    def atc(code: str) -> Any:
        return meant(Words(codes=(Code("atc", code),)))

    assert atc("M01AE01") == {"nsaid"}
    assert atc("M01AX05") == set()  # glucosamine is none
    assert atc("L01BA01") == {"methotrexate"}
    assert atc("L04AB04") == {"tnf_inhibitor"}


# --- how a named disease counts ------------------------------------------------------------------


def counted(words: Words, state: str, *, in_tissue: bool = False) -> dict[str, bool]:
    match = vocabulary().match(words)
    assert match is not None
    told = vocabulary().counted(match, state, in_tissue=in_tissue)
    return {one.concept.id: one.present for one in told}


LEUKAEMIA = coded(SNOMED, "91857003")


def test_a_confirmed_disease_is_a_fact_and_what_it_is_too() -> None:
    assert counted(LEUKAEMIA, "present") == {"acute_leukaemia": True, "malignancy": True}


def test_a_disease_shown_by_tissue_is_a_finding_of_the_tissue_too() -> None:
    told = counted(LEUKAEMIA, "present", in_tissue=True)
    assert {"biopsy_leukaemia", "biopsy_malignant_cells"} <= told.keys()
    assert "biopsy_langerhans_cells" in counted(words_in("LCH"), "present", in_tissue=True)


def test_a_suspected_disease_is_a_suspicion() -> None:
    assert counted(LEUKAEMIA, "uncertain") == {"disease_suspected": True}
    assert counted(words_in("CRMO"), "uncertain") == {}


def test_a_refuted_disease_is_the_absence_of_that_disease_alone() -> None:
    assert counted(LEUKAEMIA, "absent") == {"acute_leukaemia": False}


def test_a_past_disease_is_no_fact() -> None:
    assert counted(LEUKAEMIA, "past") == {}
    assert counted(coded(ICD10CM, "Z85.6"), "present") == {}


def test_a_disease_of_a_relative_is_what_it_is_for_the_child() -> None:
    assert counted(words_in("CRMO"), "family") == {"family_history_inflammatory": True}
    assert counted(LEUKAEMIA, "family") == {}
