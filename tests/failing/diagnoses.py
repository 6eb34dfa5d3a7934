"""Diagnoses that a record names, in codes and in words, and what it says of tissue."""

from typing import Any

from tests.failing.build import (
    Json,
    attached,
    bundle,
    clear_case,
    concept,
    condition,
    lab,
    letter,
    observation,
    report,
    resource,
)
from tests.failing.given import LEUKAEMIA
from tests.failing.right import Case, Right, Says, case, no


def added(*resources: Json) -> bytes:
    """Give the clear case with something beside it."""
    return bundle(*clear_case(), *resources)


def tissue(title: str, words: str, **more: Any) -> Json:
    return report(title, words, kind="PAT", **more)


DANGER = Right(emergency=True, no_code=True)
"""Whatever it is called: somebody must act today, and the code stays off the page."""
HELD_BACK = Right(no_code=True)
NOT_READ = Right(no_code=True, told=("not read",))
CLEAR = Right(code=True, no_flag=True)
"""Nothing speaks against the disease: the code stands."""

DIAGNOSES: tuple[Case, ...] = (
    # Leukaemia and other tumours in a pathology report
    case(
        "path_leukaemia_unread",
        "marrow with lymphoblasts",
        added(tissue("Bone marrow aspirate", "Hypercellular marrow, 85 % lymphoblasts.")),
        DANGER,
    ),
    case(
        "path_leukaemia_unread",
        "American spelling, precursor B",
        added(
            tissue(
                "Bone marrow biopsy",
                "Left iliac crest: precursor B acute lymphoblastic leukemia, CD10 positive.",
            )
        ),
        DANGER,
    ),
    case(
        "path_leukaemia_unread",
        "AML by its letters",
        added(tissue("Flow cytometry, bone marrow", "Findings are those of AML.")),
        DANGER,
    ),
    case(
        "path_leukaemia_unread",
        "Ewing sarcoma in an attached text",
        added(
            report(
                "Histopathology",
                kind="PAT",
                presentedForm=[
                    attached(
                        "Core biopsy, left femur.\nSmall round blue cell tumour, CD99 positive, "
                        "EWSR1 rearranged: Ewing sarcoma.",
                        "text/plain",
                    )
                ],
            )
        ),
        DANGER,
    ),
    case(
        "path_leukaemia_unread",
        "osteosarcoma without a section",
        added(
            report(
                "Histology", "High-grade conventional osteosarcoma of the distal femur.", kind=""
            )
        ),
        DANGER,
    ),
    case(
        "path_leukaemia_unread",
        "the diagnosis is only coded",
        added(
            report(
                "Surgical pathology",
                kind="PAT",
                conclusionCode=[concept(snomed=("91861009", "Acute myeloid leukemia"))],
            )
        ),
        DANGER,
    ),
    case(
        "path_leukaemia_unread",
        "metastasis of a neuroblastoma",
        added(tissue("Trephine biopsy", "Marrow replaced by metastatic neuroblastoma.")),
        DANGER,
    ),
    case(
        "path_leukaemia_unread",
        "a result of pathology as an observation",
        added(
            observation(
                concept("Final diagnosis", loinc=("22637-3", "Pathology report final diagnosis")),
                valueString="Anaplastic large cell lymphoma of bone.",
            )
        ),
        DANGER,
    ),
    case(
        "path_leukaemia_unread",
        "in German: flagged, or told to be unread",
        added(tissue("Pathologischer Befund", "Infiltrate einer akuten lymphatischen Leukämie.")),
        DANGER,
        NOT_READ,
    ),
    case(
        "path_leukaemia_unread",
        "none found",
        added(tissue("Bone biopsy", "Sterile chronic inflammation. No evidence of malignancy.")),
        Right(code=True, no_flag=True, never=("biopsy_malignant_cells", "biopsy_leukaemia")),
    ),
    case(
        "path_leukaemia_unread",
        "marrow with the blasts of everybody",
        added(
            tissue(
                "Bone marrow aspirate",
                "Normal trilineage maturation, blasts 1 %. No leukaemic infiltrate.",
            )
        ),
        Right(code=True, no_flags=("blasts", "malignant_cells"), never=("blasts_on_film",)),
    ),
    # Langerhans cells in a pathology report
    case(
        "path_lch_unread",
        "by its older name",
        added(tissue("Bone, left rib", "Eosinophilic granuloma.")),
        Right(
            facts=("biopsy_langerhans_cells",),
            flags=("langerhans_cells",),
            no_flags=("malignant_cells",),
            no_code=True,
        ),
    ),
    case(
        "path_lch_unread",
        "by its markers",
        added(
            tissue("Biopsy of the skull", "Sheets of Langerhans cells, S100 and CD207 positive.")
        ),
        Right(
            facts=("biopsy_langerhans_cells",),
            flags=("langerhans_cells",),
            no_flags=("malignant_cells",),
            no_code=True,
        ),
    ),
    case(
        "path_lch_unread",
        "by its letters, in an attached page",
        added(
            report(
                "Surgical pathology",
                kind="PAT",
                presentedForm=[
                    attached(
                        "<html><head><style>p {color: red}</style></head><body><p>Clavicle:</p>"
                        "<p>LCH, BRAF&nbsp;V600E mutated.</p></body></html>",
                        "text/html",
                    )
                ],
            )
        ),
        Right(facts=("biopsy_langerhans_cells",), no_code=True),
    ),
    case(
        "path_lch_unread",
        "looked for and not there",
        added(
            tissue("Bone biopsy", "CD1a and langerin negative: no Langerhans cell histiocytosis.")
        ),
        Right(code=True, never=("biopsy_langerhans_cells",), no_flags=("malignant_cells",)),
    ),
    # Leukaemia and other cancers by code
    case(
        "snomed_leukaemia_problem_list",
        "a kind of it in SNOMED CT",
        added(condition(concept(snomed="277571004"))),
        Right(facts=(LEUKAEMIA,), flag_for=(LEUKAEMIA,), emergency=True, no_code=True),
    ),
    case(
        "snomed_leukaemia_problem_list",
        "ICD-10-GM as it is coded in Germany",
        added(condition(concept(icd10gm="C91.00"))),
        Right(facts=(LEUKAEMIA,), flag_for=(LEUKAEMIA,), emergency=True, no_code=True),
    ),
    case(
        "snomed_leukaemia_problem_list",
        "ICD-10-CM, acute myeloid",
        added(condition(concept(icd10cm="C92.00"))),
        DANGER,
    ),
    case(
        "snomed_leukaemia_problem_list",
        "Orphanet",
        added(condition(concept(orpha="513"))),
        DANGER,
    ),
    case(
        "snomed_leukaemia_problem_list",
        "Mondo, osteosarcoma",
        added(condition(concept(mondo="MONDO:0009807"))),
        DANGER,
    ),
    case(
        "snomed_leukaemia_problem_list",
        "morphology of ICD-O, Ewing sarcoma",
        added(condition(concept(icdo="9260/3"))),
        DANGER,
    ),
    case(
        "snomed_leukaemia_problem_list",
        "a lymphoma in SNOMED CT",
        added(condition(concept(snomed=("118600007", "Malignant lymphoma")))),
        DANGER,
        Right(no_code=True, told=("malig|cancer|lymphoma|not read",)),
    ),
    case(
        "snomed_leukaemia_problem_list",
        "a code that nobody knows, with its display",
        added(condition(concept(local=("X-881", "Acute myeloid leukaemia")))),
        DANGER,
        Right(no_code=True, told=("leuk|malig|cancer|not read",)),
    ),
    case(
        "snomed_leukaemia_problem_list",
        "the reason for a visit",
        added(
            resource(
                "Encounter",
                status="finished",
                period={"start": "2025-03-05"},
                reasonCode=[concept(snomed=("91857003", "Acute lymphoid leukemia"))],
            )
        ),
        DANGER,
    ),
    case(
        "snomed_leukaemia_problem_list",
        "in a letter of discharge",
        added(
            letter(
                "Discharge summary",
                "Diagnosis: B-cell acute lymphoblastic leukaemia. Induction begun on 4 March.",
            )
        ),
        DANGER,
    ),
    case(
        "snomed_leukaemia_problem_list",
        "a relative's",
        added(
            resource(
                "FamilyMemberHistory",
                status="completed",
                subject=None,
                patient={"reference": "Patient/p1"},
                relationship=concept("mother"),
                condition=[{"code": concept(snomed="91857003")}],
            )
        ),
        CLEAR,
    ),
    case(
        "snomed_leukaemia_problem_list",
        "refuted",
        added(condition(concept(snomed="91857003"), sure="refuted")),
        Right(code=True, never=(LEUKAEMIA,), no_flag=True),
    ),
    case(
        "snomed_leukaemia_problem_list",
        "only suspected",
        added(condition(concept(snomed="91857003"), sure="provisional")),
        Right(no_code=True, never=(LEUKAEMIA,)),
    ),
    case(
        "snomed_leukaemia_problem_list",
        "entered in error",
        added(condition(concept(snomed="91857003"), sure="entered-in-error")),
        Right(code=True, never=(LEUKAEMIA,), no_flag=True),
    ),
    case(
        "snomed_leukaemia_problem_list",
        "the disease itself as Germany codes it",
        bundle(condition(concept(icd10gm="M86.39"))),
        Right(facts=("cno_diagnosis|cmo",)),
    ),
    case(
        "snomed_leukaemia_problem_list",
        "the disease itself in SNOMED CT",
        bundle(condition(concept(snomed="240151005"))),
        Right(facts=("cno_diagnosis|cmo",)),
    ),
    case(
        "snomed_leukaemia_problem_list",
        "carrying sickle cell is not having it",
        bundle(condition(concept(icd10cm="D57.3"))),
        Right(never=("sickle_cell_disease",)),
    ),
    *(
        case(
            "snomed_leukaemia_problem_list",
            f"{code} is wider than {finding}",
            bundle(condition(concept(hpo=(code, display)))),
            Right(never=(finding,)),
        )
        for code, display, finding in (
            ("HP:0001386", "Joint swelling", "arthritis"),
            ("HP:0002037", "Inflammation of the large intestine", "inflammatory_bowel_disease"),
            ("HP:0011001", "Increased bone mineral density", "xray_sclerotic"),
        )
    ),
    case(
        "snomed_leukaemia_problem_list",
        "a kind of it in HPO",
        added(condition(concept(hpo=("HP:0006721", "Acute lymphoblastic leukemia")))),
        DANGER,
    ),
    # Scurvy
    case(
        "scurvy_gets_cmo_code",
        "vitamin C in mg/dL",
        added(lab("1903-4", 0.05, "mg/dL")),
        Right(facts=(Says("vitc", value=2.84),), flags=("vitamin_c_low",), no_code=True),
    ),
    case(
        "scurvy_gets_cmo_code",
        "in SNOMED CT",
        added(condition(concept(snomed="76169001"))),
        Right(facts=("scurvy",), no_code=True),
    ),
    case(
        "scurvy_gets_cmo_code",
        "in ICD-10-GM",
        added(condition(concept(icd10gm="E54"))),
        Right(facts=("scurvy",), no_code=True),
    ),
    case(
        "scurvy_gets_cmo_code",
        "in Mondo",
        added(condition(concept(mondo="MONDO:0009412"))),
        Right(facts=("scurvy",), no_code=True),
    ),
    case(
        "scurvy_gets_cmo_code",
        "in words that doctors use",
        added(condition(concept("Vitamin C deficiency"))),
        HELD_BACK,
    ),
    # Langerhans cell histiocytosis by code
    case(
        "lch_gets_cmo_code",
        "in SNOMED CT",
        added(condition(concept(snomed="65399007"))),
        HELD_BACK,
    ),
    case(
        "lch_gets_cmo_code",
        "in ICD-10-GM, in one place",
        added(condition(concept(icd10gm="C96.6"))),
        HELD_BACK,
    ),
    case(
        "lch_gets_cmo_code",
        "in Orphanet",
        added(condition(concept(orpha="389"))),
        HELD_BACK,
    ),
    case(
        "lch_gets_cmo_code",
        "by a name of a century ago",
        added(condition(concept("Hand-Schüller-Christian disease"))),
        HELD_BACK,
    ),
    # Cells of which nobody is sure
    case(
        "atypical_cells",
        "cannot be excluded",
        added(tissue("Bone biopsy", "Atypical lymphoid cells; malignancy cannot be excluded.")),
        Right(
            never=("biopsy_malignant_cells", no("biopsy_malignant_cells")),
            no_flags=("malignant_cells",),
            no_code=True,
        ),
    ),
    case(
        "atypical_cells",
        "suspicious, more to come",
        added(
            tissue(
                "Needle aspirate, right clavicle",
                "Suspicious for lymphoma, immunohistochemistry pending.",
                status="preliminary",
            )
        ),
        Right(
            never=("biopsy_malignant_cells", "biopsy_lymphoma", no("biopsy_malignant_cells")),
            no_flags=("malignant_cells",),
            no_code=True,
        ),
    ),
    case(
        "atypical_cells",
        "of undetermined significance",
        added(
            tissue("Cytology", "Scattered large cells of undetermined significance. Please repeat.")
        ),
        Right(
            never=("biopsy_malignant_cells", no("biopsy_malignant_cells"), "blasts_on_film"),
            no_flags=("malignant_cells", "blasts"),
        ),
    ),
    case(
        "atypical_cells",
        "reactive after all",
        added(tissue("Bone biopsy", "Atypical cells, reactive. No malignancy.")),
        Right(never=("biopsy_malignant_cells", "blasts_on_film"), no_flags=("malignant_cells",)),
    ),
    case(
        "atypical_cells",
        "a withdrawn report keeps no flag",
        added(
            tissue(
                "Bone biopsy", "Acute lymphoblastic leukaemia.", status="entered-in-error", id="w"
            )
        ),
        Right(code=True, no_flag=True, never=("biopsy_malignant_cells", "biopsy_leukaemia")),
    ),
)
