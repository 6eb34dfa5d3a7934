"""The thirty-six records that failed: what is right for each, and why it matters."""

from tests.failing.right import Case, Right, Says, no, unread

LEUKAEMIA = "malignancy|acute_leukaemia"
"""That it is a cancer, or which."""


def given(file: str, why: str, *right: Right) -> Case:
    return Case(kind=file, name="as it was given", why=why, file=f"{file}.json", right=right)


GIVEN = (
    given(
        "path_leukaemia_unread",
        "leukaemia in the pathology report, and a code for CMO on the page",
        Right(flags=("malignant_cells",), no_code=True),
    ),
    given(
        "path_lch_unread",
        "proven Langerhans cell histiocytosis is passed over",
        Right(
            facts=("biopsy_langerhans_cells",),
            flags=("langerhans_cells",),
            no_flags=("malignant_cells",),
            no_code=True,
        ),
    ),
    given(
        "snomed_leukaemia_problem_list",
        "problem lists in SNOMED CT are what most hospitals send",
        Right(facts=(LEUKAEMIA,), flag_for=(LEUKAEMIA,), no_code=True),
    ),
    given(
        "blasts_loinc_unread",
        "42 % blasts in the blood under an ordinary code",
        Right(facts=("blasts_on_film",), flags=("blasts",), no_code=True),
    ),
    given(
        "platelets_manual_unread",
        "a count that is there and deadly is called missing",
        Right(
            facts=(Says("platelets", value=18), Says("hb", value=59)),
            flags=("low_platelets_below_100", "anaemia"),
        ),
    ),
    given(
        "hb_mmol_per_l",
        "the usual unit in Germany, the Netherlands and Denmark",
        Right(facts=(Says("hb", value=58, flag="low"),), flags=("anaemia",), untold=("unit",)),
    ),
    given(
        "xr_clavicle_unread",
        "an ordinary title of an X-ray",
        Right(
            facts=(
                Says("xray_study", side="right", place="clavicle", unread=False),
                Says("xray_lytic", side="right", place="clavicle", kind="xray"),
                "periosteal_aggressive",
                "soft_tissue_mass",
            ),
            flags=("bone_or_joint_mass",),
        ),
    ),
    given(
        "wbmri_report_attached",
        "an image whose report was not read looks like a clean one",
        Right(
            facts=(
                Says("mri_marrow_oedema", side="right", place="clavicle"),
                Says("mri_marrow_oedema", side="left", place="tibia"),
                Says("mri_marrow_oedema", side="right", place="tibia"),
                Says("vertebra_plana", place="thoracic_vertebra_8"),
            ),
            flags=("vertebral_collapse",),
        ),
        Right(facts=(unread("whole_body_mri"),), told=("not read",), uncovered=True),
    ),
    given(
        "wbmri_no_report",
        "the same, with no word about it",
        Right(facts=(Says("mri_marrow_oedema", side="right", place="clavicle"),)),
        Right(facts=(unread("whole_body_mri"),), told=("not read",), uncovered=True),
    ),
    given(
        "imaging_observation_text",
        "the form in which patient summaries hold radiology",
        Right(
            facts=(
                Says("mri_marrow_oedema", side="right", place="clavicle"),
                "soft_tissue_mass",
                "mri_study",
            ),
            flags=("bone_or_joint_mass",),
        ),
    ),
    given(
        "dash_means_no",
        "four dashes and dots became four red flags",
        Right(
            never=("bruising_or_bleeding", "night_sweats", "biopsy_malignant_cells", "fever"),
            no_flag=True,
        ),
    ),
    given(
        "scurvy_gets_cmo_code",
        "a code for the wrong disease, for one that fruit would cure",
        Right(
            facts=("restricted_diet_or_autism", "bruising_or_bleeding"),
            flags=("bleeding_or_bruising", "limb_not_used", "anaemia"),
            no_code=True,
        ),
    ),
    given(
        "lch_gets_cmo_code",
        "a punched-out skull and a flat vertebra are no CMO",
        Right(
            facts=(
                Says("xray_lytic", side="left", place="parietal_bone"),
                Says("vertebra_plana", place="thoracic_vertebra_8"),
            ),
            flags=("vertebral_collapse",),
            no_code=True,
        ),
    ),
    given(
        "hand_ranks_jia_first",
        "the hand is what this project is for: its lesions must be read bone by bone",
        Right(
            facts=(
                Says("xray_mixed", side="right", place="proximal_phalanx_hand_3"),
                Says("xray_mixed", side="right", place="proximal_phalanx_hand_4"),
                Says("mri_marrow_oedema", side="right", place="middle_phalanx_hand_2"),
                no("soft_tissue_mass"),
            ),
            never=("arthritis",),
            no_flag=True,
        ),
    ),
    given(
        "growing_pains_wholebody_mri",
        "a healthy child: nothing in the text is a sign of danger",
        Right(
            facts=(
                "evening_bilateral_leg_pain",
                Says("leg_pain", side="left"),
                Says("leg_pain", side="right"),
                no("limp"),
                no("fever"),
            ),
            untold=("body site is not understood",),
            no_flag=True,
            no_code=True,
        ),
    ),
    given(
        "ewing_biopsy_first",
        "the words of a sarcoma on film",
        Right(
            facts=(
                Says("xray_lytic", side="right", place="fibula"),
                "periosteal_aggressive",
                "soft_tissue_mass",
            ),
            flags=("bone_or_joint_mass", "ldh_abnormal"),
            no_code=True,
        ),
    ),
    given(
        "lab_report_date",
        "results without a day of their own: what many practices send",
        Right(
            facts=(
                Says("crp", value=80, day="2024-02-01"),
                Says("crp", value=3, day="2025-02-01"),
            ),
            as_of="2025-02-01",
        ),
    ),
    given(
        "implausible_values",
        "slips of the unit are the commonest fault of an interface",
        Right(
            never=(
                Says("hb", value=12.9),
                Says("temperature", value=102.4),
                Says("platelets", value=250000),
                Says("wbc", value=7400),
            ),
            no_flags=("anaemia",),
            told=("h[a]?emoglobin", "temperature", "platelet|thrombocyte", "leu[ck]ocyte|white"),
        ),
    ),
    given(
        "unit_code_disagree",
        "a factor of ten",
        Right(never=(Says("crp", value=12), Says("crp", value=120)), told=("unit",)),
    ),
    given(
        "corrected_value_kept_twice",
        "a value that the laboratory took back",
        Right(facts=(Says("crp", value=22),), never=(Says("crp", value=220),)),
    ),
    given(
        "duplicate_key",
        "nobody can know which of the two was meant",
        Right(told=("twice|duplicate|more than once|repeated",)),
        Right(refused="twice|duplicate|more than once|repeated"),
    ),
    given(
        "future_typo",
        "one slip of a key ruins all ages",
        Right(told=("future|later than|lies after",), as_of="2025-01-01", age=(9, 10)),
    ),
    given(
        "stopped_walking",
        "a girl of nine who no longer walks is an emergency, not slow to develop",
        Right(facts=("refuses_to_use_limb",), never=("not_walking_yet",), flags=("limb_not_used",)),
    ),
    given(
        "atypical_cells",
        "uncertain cells made a leukaemia",
        Right(
            never=(
                "biopsy_malignant_cells",
                "biopsy_leukaemia",
                "blasts_on_film",
                no("biopsy_malignant_cells"),
            ),
            no_flags=("malignant_cells", "blasts"),
        ),
    ),
    given(
        "note_response_to_therapy",
        "a sentence about a variant says nothing of the child",
        Right(never=("nsaid_response", "tnf_inhibitor"), no_flag=True),
    ),
    given(
        "note_general_statement",
        "textbook sentences stand in every comment of a laboratory",
        Right(never=("bone_pain", no("bone_pain")), no_flag=True),
    ),
    given(
        "condition_note_lost",
        "red flags stood in a note under a heading that means nothing",
        Right(facts=("pain_at_night", "fever", "refuses_to_use_limb"), flags=("limb_not_used",)),
    ),
    given(
        "questionnaire_plain_questions",
        "a family said yes, and nobody heard it",
        Right(
            facts=("fever", "pain_at_night", "weight_loss", "refuses_to_use_limb"),
            flags=("limb_not_used",),
        ),
        Right(told=("answer|question",)),
    ),
    given(
        "report_side_conflict",
        "the wrong hand",
        Right(
            facts=(Says("xray_lytic", side="", place="metacarpal_3"),),
            never=(Says("xray_lytic", side="right"), Says("xray_lytic", side="left")),
            told=("side",),
        ),
    ),
    given(
        "adult_range_on_child",
        "children's bones make alkaline phosphatase",
        Right(
            facts=(Says("alp", value=310),),
            never=(Says("alp", flag="high"), Says("alp", flag="low")),
        ),
    ),
    given(
        "checkbox_template",
        "a box that is not ticked says nothing",
        Right(
            facts=(Says("xray_sclerotic", side="right", place="clavicle"),),
            never=("xray_mixed", "xray_lytic"),
        ),
    ),
    given(
        "adjective_coordination",
        "the classical sentence of a report on this disease",
        Right(
            facts=(
                Says("mri_marrow_oedema", side="left", place="femur"),
                Says("mri_marrow_oedema", side="right", place="femur"),
                Says("mri_marrow_oedema", side="left", place="tibia"),
                Says("mri_marrow_oedema", side="right", place="tibia"),
            ),
        ),
    ),
    given(
        "well_defined_rim",
        "a rim is the mark of a harmless lesion, not sclerosis",
        Right(
            facts=(Says("xray_lytic", side="left", place="proximal_phalanx_hand_2"),),
            never=("xray_mixed", "xray_sclerotic", "biopsy_enchondroma"),
        ),
    ),
    given(
        "capsule_oedema",
        "the marrow is normal",
        Right(never=("mri_marrow_oedema", "bone_lesion"), no_flag=True),
    ),
    given(
        "r5_encounter_completed",
        "a record of another version of FHIR is not one entered in error",
        Right(told=("R5",), untold=("entered in error", "did not take place")),
    ),
    given(
        "phenopacket_birth_and_age",
        "converters write a birth date that is none",
        Right(age=(7, 8)),
    ),
)

JUDGED = {
    "hand_ranks_jia_first": (
        "That CMO, infection and tumour lead and not arthritis, that a biopsy is among the next "
        "tests, and that no code is given while they don't: the weights and the order of tests."
    ),
    "growing_pains_wholebody_mri": (
        "Which dangers a family is shown and which tests are named for a child in whom nothing "
        "was found: the order of tests."
    ),
    "ewing_biopsy_first": ("That images and a centre come before the biopsy: the order of tests."),
    "lch_gets_cmo_code": "That Langerhans cell histiocytosis leads by far: the weights.",
}
"""What is right for some of these records beyond reading them: the next step answers for it."""
