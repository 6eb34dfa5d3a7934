"""Reports of images: titles, where the text stands, what was looked at, and how it is said."""

from typing import Any

from tests.failing.build import (
    Json,
    attached,
    bundle,
    concept,
    condition,
    div,
    letter,
    observation,
    pdf,
    report,
    resource,
    rtf,
)
from tests.failing.right import Case, Right, Says, case, no, unread

LYSIS = "Permeative lysis with onion-skin periosteal reaction and a soft-tissue mass."
MARROW = (
    "STIR-bright marrow of the medial right clavicle and of both distal tibiae. T8 is collapsed."
)
READ = (
    Says("mri_marrow_oedema", side="right", place="clavicle"),
    Says("mri_marrow_oedema", side="left", place="tibia"),
    Says("mri_marrow_oedema", side="right", place="tibia"),
    Says("vertebra_plana", place="thoracic_vertebra_8"),
)
UNREAD = Right(
    facts=(unread("whole_body_mri"),), told=(r"not read|no (text|result|report)",), uncovered=True
)
DONE = Right(facts=(unread("whole_body_mri"),), uncovered=True)


def titled(title: str, *right: Right, words: str = LYSIS, name: str = "") -> Case:
    return case("xr_clavicle_unread", name or title, bundle(report(title, words)), *right)


def seen(study: str, place: str, side: str | None = None) -> Right:
    """Give a study that is read as what it is, with the mass that its text tells of."""
    return Right(
        facts=(Says(study, side=side, place=place), "soft_tissue_mass"),
        flags=("bone_or_joint_mass",),
    )


def foreign(title: str, study: str, place: str, side: str, words: str) -> Case:
    """Give a report in a language that is not read: the study counts, its text is told."""
    done = unread(study, side=side, place=place)
    return titled(title, Right(facts=(done,), told=("not read",)), words=words)


def whole_body(name: str, *right: Right, **elements: Any) -> Case:
    return case("wbmri_report_attached", name, bundle(report("MRI whole body", **elements)), *right)


def done(name: str, *resources: Json, right: Right = UNREAD) -> Case:
    return case("wbmri_no_report", name, bundle(*resources), right)


def sides(name: str, title: str, words: str, *right: Right, **more: Any) -> Case:
    return case("report_side_conflict", name, bundle(report(title, words, **more)), *right)


def said(kind: str, name: str, title: str, words: str, *right: Right) -> Case:
    return case(kind, name, bundle(report(title, words)), *right)


def both(concept_id: str, *bones: str, sides: tuple[str, ...] = ("left", "right")) -> Right:
    return Right(
        facts=tuple(Says(concept_id, side=side, place=bone) for bone in bones for side in sides)
    )


REPORTS: tuple[Case, ...] = (
    # Titles
    titled("XR HAND 3+ VW LEFT", seen("xray_study", "hand", "left")),
    titled("XR Chest PA and Lateral", seen("xray_study", "chest")),
    titled("MR PELVIS W WO CONTRAST", seen("mri_study", "pelvis")),
    titled("MRI LEFT TIBIA/FIBULA W/O CONTRAST", seen("mri_study", "lower_leg", "left")),
    titled("US HAND RIGHT", seen("ultrasound_study", "hand", "right")),
    titled("CR WRIST AP/LAT L", seen("xray_study", "wrist", "left")),
    titled("CT FEMUR RIGHT W CONTRAST", seen("ct_study", "femur", "right")),
    titled(
        "MRI Total Body WO Contrast",
        Right(facts=("whole_body_mri", "soft_tissue_mass"), never=("mri_study",)),
    ),
    titled(
        "CT-guided bone biopsy left femur",
        Right(never=("ct_study",)),
        words="Needle passed into the lesion without complication.",
    ),
    case(
        "xr_clavicle_unread",
        "by a code alone: a radiology report of an unknown kind keeps its lesions",
        bundle(
            report(
                "",
                f"Right clavicle: {LYSIS}",
                code=concept(loinc=("18748-4", "Diagnostic imaging study")),
            )
        ),
        Right(facts=("soft_tissue_mass",), flags=("bone_or_joint_mass",)),
    ),
    case(
        "xr_clavicle_unread",
        "by a code of LOINC for a narrative",
        bundle(
            report(
                "",
                f"Right clavicle: {LYSIS}",
                kind="",
                code=concept(loinc=("18782-3", "Radiology Study observation (narrative)")),
            )
        ),
        Right(facts=("soft_tissue_mass",), flags=("bone_or_joint_mass",)),
    ),
    case(
        "xr_clavicle_unread",
        "by a code of LOINC that holds the side",
        bundle(
            report(
                "", LYSIS, code=concept(loinc=("36601-3", "XR Hand - left Lateral")), category=None
            )
        ),
        seen("xray_study", "hand", "left"),
    ),
    foreign(
        "Röntgen Klavikula links",
        "xray_study",
        "clavicle",
        "left",
        "Permeative Osteolyse mit zwiebelschalenartiger Periostreaktion.",
    ),
    foreign(
        "Radiographie de la main droite",
        "xray_study",
        "hand",
        "right",
        "Lésion lytique de la deuxième phalange, sans masse des parties molles.",
    ),
    foreign(
        "RX clavícula izquierda",
        "xray_study",
        "clavicle",
        "left",
        "Lesión lítica con reacción perióstica y masa de partes blandas.",
    ),
    # Where the text of a report stands
    whole_body(
        "Rich Text Format",
        Right(facts=READ, flags=("vertebral_collapse",)),
        presentedForm=[attached(rtf(MARROW), "application/rtf")],
    ),
    whole_body(
        "a page",
        Right(facts=READ, flags=("vertebral_collapse",)),
        presentedForm=[
            attached(
                f"<html><head><title>MRI</title></head><body><p>{MARROW}</p></body></html>",
                "text/html; charset=utf-8",
            )
        ],
    ),
    whole_body(
        "text of another encoding",
        Right(facts=(*READ[:1],)),
        presentedForm=[
            attached(
                "For Dr Müller, Zürich: marrow oedema of the medial right clavicle.".encode(
                    "latin-1"
                ),
                "text/plain; charset=iso-8859-1",
            )
        ],
    ),
    whole_body(
        "PDF: read, or told to be unread",
        Right(facts=(*READ[:1],)),
        UNREAD,
        presentedForm=[attached(pdf(MARROW), "application/pdf")],
    ),
    whole_body("a picture", UNREAD, presentedForm=[attached(b"\xff\xd8\xff\xe0", "image/jpeg")]),
    whole_body(
        "only where it can be fetched",
        UNREAD,
        presentedForm=[{"contentType": "text/plain", "url": "Binary/77"}],
    ),
    whole_body(
        "broken",
        UNREAD,
        presentedForm=[{"contentType": "text/plain", "data": "=not base64="}],
    ),
    case(
        "wbmri_report_attached",
        "a document beside nothing",
        bundle(
            letter(
                "MRI whole body",
                MARROW,
                category=[concept(loinc=("18748-4", "Diagnostic imaging study"))],
            )
        ),
        Right(facts=READ, flags=("vertebral_collapse",)),
    ),
    case(
        "wbmri_report_attached",
        "a list of lesions is no complete count",
        bundle(report("MRI whole body", "Oedema of the right clavicle.")),
        Right(
            facts=(Says("mri_marrow_oedema", side="right", place="clavicle"),),
            never=(no("mri_marrow_oedema"), no("bone_lesion"), no("vertebra_plana")),
        ),
    ),
    # Studies without a report
    done("a report without a word", report("MR WHOLE BODY STIR")),
    done(
        "a series of images",
        resource(
            "ImagingStudy",
            status="available",
            started="2025-03-04T09:00:00Z",
            description="WBMRI STIR coronal",
            modality=[{"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "MR"}],
        ),
        right=DONE,
    ),
    done(
        "a procedure",
        resource(
            "Procedure",
            status="completed",
            code={"text": "Whole-body MRI"},
            performedDateTime="2025-03-04",
        ),
        right=DONE,
    ),
    done(
        "a narrative that the system made",
        report("MRI whole body", text=div("MRI whole body, 4 March 2025, final", "generated")),
    ),
    done(
        "only a hint where to look",
        report("MRI whole body", "See attached report."),
    ),
    done(
        "a negative report answers for what it looked at",
        report("MRI of the pelvis", "No marrow oedema of the pelvis."),
        right=Right(
            facts=(Says("mri_study", place="pelvis"),),
            never=("whole_body_mri", Says("mri_marrow_oedema", place="femur")),
        ),
    ),
    # Images as observations
    case(
        "imaging_observation_text",
        "an impression in a component",
        bundle(
            observation(
                concept("XR left hand", loinc="36601-3"),
                category=[
                    {
                        "coding": [
                            {
                                "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                                "code": "imaging",
                            }
                        ]
                    }
                ],
                component=[
                    {
                        "code": concept(dcm=("121073", "Impression")),
                        "valueString": "Lysis of the proximal phalanx of the left index finger.",
                    }
                ],
            )
        ),
        Right(
            facts=(Says("xray_lytic", side="left", place="proximal_phalanx_hand_2", kind="xray"),)
        ),
    ),
    case(
        "imaging_observation_text",
        "a narrative under a code of LOINC",
        bundle(
            observation(
                concept(
                    "MRI right knee", loinc=("18782-3", "Radiology Study observation (narrative)")
                ),
                valueString="Marrow oedema of the distal right femoral metaphysis.",
            )
        ),
        Right(facts=(Says("mri_marrow_oedema", side="right", place="femur"),)),
    ),
    case(
        "imaging_observation_text",
        "without a category, by its title",
        bundle(
            observation(concept("XR FOOT LT"), valueString="Sclerosis of the second metatarsal.")
        ),
        Right(facts=(Says("xray_sclerotic", side="left", place="metatarsal_2"),)),
    ),
    case(
        "imaging_observation_text",
        "as an answer in words",
        bundle(
            observation(
                concept("MRI of the pelvis"),
                valueCodeableConcept=concept("Marrow oedema of the left ilium"),
            )
        ),
        Right(facts=(Says("mri_marrow_oedema", side="left", place="ilium"),)),
    ),
    # Sides that conflict
    sides(
        "foot",
        "XR FOOT LT",
        "Lytic lesion of the right second metatarsal.",
        Right(
            facts=(Says("xray_lytic", side="", place="metatarsal_2"),),
            never=(Says("xray_lytic", side="right"), Says("xray_lytic", side="left")),
            told=("side",),
        ),
    ),
    sides(
        "the side is in the code of the study",
        "",
        "Lytic lesion of the right third metacarpal.",
        Right(never=(Says("xray_lytic", side="right"),), told=("side",)),
        code=concept(loinc=("36601-3", "XR Hand - left Lateral")),
    ),
    sides(
        "knee on MRI",
        "MRI KNEE WO CONTRAST RT",
        "Marrow oedema of the left distal femur.",
        Right(never=(Says("mri_marrow_oedema", side="left"),), told=("side",)),
    ),
    sides(
        "both hands: no conflict",
        "DX Hand Bilateral",
        "Lytic lesion of the right third metacarpal.",
        Right(
            facts=(Says("xray_lytic", side="right", place="metacarpal_3"),),
            untold=("side",),
        ),
    ),
    sides(
        "a side that is only compared with",
        "XR HAND MIN 3 VIEWS RT",
        "Lytic lesion of the third metacarpal. The left hand, taken for comparison, is normal.",
        Right(
            facts=(Says("xray_lytic", side="right", place="metacarpal_3"),),
            never=(Says("xray_lytic", side="left"),),
        ),
    ),
    # Boxes to tick
    said(
        "checkbox_template",
        "boxes as signs",
        "X-ray of the left tibia",
        "☐ Periosteal reaction  ☑ Lytic lesion of the left tibia  ☐ Soft tissue mass",
        Right(
            facts=(Says("xray_lytic", side="left", place="tibia"),),
            never=(
                "soft_tissue_mass",
                "periosteal_reaction",
                "periosteal_lamellar",
                "periosteal_aggressive",
            ),
            no_flags=("bone_or_joint_mass",),
        ),
    ),
    said(
        "checkbox_template",
        "round ones",
        "X-ray of the right hand",
        "( ) lytic (x) sclerotic: third right metacarpal",
        Right(
            facts=(Says("xray_sclerotic", side="right", place="metacarpal_3"),),
            never=("xray_lytic", "xray_mixed"),
        ),
    ),
    case(
        "checkbox_template",
        "nothing ticked",
        bundle(
            report("Admission form", "Fever [ ]  Night sweats [ ]  Bruising [ ]  Limp [ ]", kind="")
        ),
        Right(never=("fever", "night_sweats", "bruising_or_bleeding", "limp"), no_flag=True),
    ),
    case(
        "checkbox_template",
        "yes and no",
        bundle(report("Admission form", "Fever: [ ] yes [x] no\nLimp: [x] yes [ ] no", kind="")),
        Right(facts=("limp",), never=("fever",)),
    ),
    # Two bones in one breath
    said(
        "adjective_coordination",
        "both ends of one bone, on one side",
        "MRI LEFT TIBIA/FIBULA W/O CONTRAST",
        "Marrow oedema of the proximal and distal left tibial metaphyses.",
        both("mri_marrow_oedema", "tibia", sides=("left",)),
    ),
    said(
        "adjective_coordination",
        "a side each",
        "MRI of both legs",
        "Marrow oedema of the left femoral and right tibial metaphyses.",
        Right(
            facts=(
                Says("mri_marrow_oedema", side="left", place="femur"),
                Says("mri_marrow_oedema", side="right", place="tibia"),
            ),
            never=(
                Says("mri_marrow_oedema", side="right", place="femur"),
                Says("mri_marrow_oedema", side="left", place="tibia"),
            ),
        ),
    ),
    said(
        "adjective_coordination",
        "forearms",
        "X-ray of both wrists",
        "Sclerosis of the distal radial and ulnar metaphyses bilaterally.",
        both("xray_sclerotic", "radius", "ulna"),
    ),
    said(
        "adjective_coordination",
        "three",
        "MRI of the right ankle",
        "Marrow oedema of the distal tibial, fibular and talar bones of the right ankle.",
        both("mri_marrow_oedema", "tibia", "fibula", "talus", sides=("right",)),
    ),
    said(
        "adjective_coordination",
        "fingers",
        "XR HAND RT",
        "Lytic lesions of the second and third metacarpals.",
        both("xray_lytic", "metacarpal_2", "metacarpal_3", sides=("right",)),
    ),
    # A rim of a harmless lesion
    said(
        "well_defined_rim",
        "non-ossifying fibroma",
        "XR KNEE 3 VIEWS LEFT",
        "Sharply marginated lucency with a sclerotic border in the distal left femur: "
        "non-ossifying fibroma.",
        Right(never=("xray_mixed", "xray_sclerotic")),
    ),
    said(
        "well_defined_rim",
        "simple cyst",
        "X-ray of the right humerus",
        "Geographic lytic lesion with a narrow zone of transition and sclerotic margins, a simple "
        "bone cyst.",
        Right(
            facts=(Says("xray_lytic", side="right", place="humerus"),),
            never=("xray_mixed", "xray_sclerotic"),
        ),
    ),
    said(
        "well_defined_rim",
        "in the tibia",
        "XR Tib/Fib LT",
        "Lucency of the left tibia rimmed by thin sclerosis, a fibrous cortical defect.",
        Right(never=("xray_mixed", "xray_sclerotic")),
    ),
    said(
        "well_defined_rim",
        "lysis beside sclerosis is mixed",
        "X-ray of the right clavicle",
        "Mixed lytic and sclerotic lesion of the right clavicle.",
        Right(facts=(Says("xray_mixed", side="right", place="clavicle"),)),
    ),
    # Oedema of what is no marrow
    said(
        "capsule_oedema",
        "under the skin",
        "MRI of the left lower leg",
        "Oedema of the subcutaneous tissue around the left tibia. Marrow signal is normal.",
        Right(never=("mri_marrow_oedema", "bone_lesion"), no_flag=True),
    ),
    said(
        "capsule_oedema",
        "muscle",
        "MRI right thigh",
        "Oedema of the right vastus muscle. Bones normal.",
        Right(never=("mri_marrow_oedema", "bone_lesion"), no_flag=True),
    ),
    said(
        "capsule_oedema",
        "fat pad",
        "MRI KNEE WO CONTRAST RT",
        "Oedema of the infrapatellar fat pad. No bone marrow oedema.",
        Right(facts=(no("mri_marrow_oedema"),), never=("mri_marrow_oedema",), no_flag=True),
    ),
    said(
        "capsule_oedema",
        "soft tissue and marrow",
        "MRI Ankle Left without contrast",
        "Soft tissue oedema of the left ankle; marrow oedema of the left talus.",
        Right(
            facts=(Says("mri_marrow_oedema", side="left", place="talus"),),
            never=(Says("mri_marrow_oedema", place="ankle"),),
        ),
    ),
    # The words of a sarcoma
    said(
        "ewing_biopsy_first",
        "moth-eaten",
        "XR FEMUR 2V RT",
        "Moth-eaten destruction of the right femoral diaphysis with sunburst periosteal reaction.",
        Right(facts=("periosteal_aggressive",), flags=("bone_or_joint_mass",), no_code=True),
        Right(facts=("periosteal_aggressive",), flag_for=("periosteal_aggressive",), no_code=True),
    ),
    said(
        "ewing_biopsy_first",
        "a triangle",
        "X-ray of the left humerus",
        "Destruction of the left proximal humerus, Codman triangle, large soft tissue mass.",
        Right(
            facts=("periosteal_aggressive", "soft_tissue_mass"),
            flags=("bone_or_joint_mass",),
            no_code=True,
        ),
    ),
    said(
        "ewing_biopsy_first",
        "a mass on MRI",
        "MR PELVIS W WO CONTRAST",
        "Destruction of the left ilium with an 8 cm extraosseous soft tissue mass.",
        Right(facts=("soft_tissue_mass",), flags=("bone_or_joint_mass",), no_code=True),
    ),
    # The hand, bone by bone
    said(
        "hand_ranks_jia_first",
        "by the numbers of rays",
        "XR HAND 3 VIEWS LT",
        "Lytic and sclerotic change of the proximal phalanges of the 2nd and 4th fingers.",
        Right(
            facts=(
                Says("xray_mixed", side="left", place="proximal_phalanx_hand_2"),
                Says("xray_mixed", side="left", place="proximal_phalanx_hand_4"),
            ),
            never=("arthritis",),
        ),
    ),
    said(
        "hand_ranks_jia_first",
        "thumb and wrist",
        "MRI HAND WITHOUT AND WITH IV CONTRAST RIGHT",
        "Marrow oedema of the first metacarpal, the scaphoid and the lunate. No synovitis.",
        Right(
            facts=(
                *both(
                    "mri_marrow_oedema", "metacarpal_1", "scaphoid", "lunate", sides=("right",)
                ).facts,
                no("mri_effusion_or_synovitis"),
            ),
            never=("arthritis",),
        ),
    ),
    said(
        "hand_ranks_jia_first",
        "the little finger and its ray",
        "X-ray of the right hand",
        "Sclerosis of the middle phalanx of the little finger and of the fifth metacarpal.",
        both("xray_sclerotic", "middle_phalanx_hand_5", "metacarpal_5", sides=("right",)),
    ),
    case(
        "lch_gets_cmo_code",
        "punched out, in other words",
        bundle(
            report(
                "X-ray of the skull",
                "Sharply punched-out lucency of the right frontal bone with bevelled edges.",
            ),
            condition(concept("Polydipsia")),
        ),
        Right(facts=(Says("xray_lytic", place="frontal_bone"),), no_code=True),
    ),
)
