"""Results of the laboratory: other codes, other units, slips, and answers that are none."""

from tests.failing.build import (
    UCUM,
    Json,
    bundle,
    clear_case,
    concept,
    interval,
    lab,
    observation,
    quantity,
    resource,
    says,
)
from tests.failing.right import Case, Right, Says, case, no

BLASTS = Right(facts=("blasts_on_film",), flags=("blasts",), no_code=True)
NO_BLASTS = Right(never=("blasts_on_film",), no_flags=("blasts",))


def added(*resources: Json) -> bytes:
    return bundle(*clear_case(), *resources)


def slip(concept_id: str, value: float, words: str, *, flags: tuple[str, ...] = ()) -> Right:
    """Give what is right for a value that can't be: it is asked about and raises nothing."""
    return Right(never=(Says(concept_id, value=value),), told=(words,), no_flags=flags)


def counted(name: str, count: str, *right: Right) -> Case:
    """Give platelets in a text with a mark between the thousands."""
    platelets = concept("Platelets", loinc="777-3")
    return case(
        "implausible_values", name, bundle(observation(platelets, valueString=count)), *right
    )


def panel(*parts: tuple[Json, Json]) -> Json:
    return observation(
        concept("Differential count"),
        component=[{"code": code, "valueQuantity": value} for code, value in parts],
    )


RESULTS: tuple[Case, ...] = (
    # Blasts
    case(
        "blasts_loinc_unread",
        "share, whatever the method",
        added(lab("26446-5", 12, "%")),
        BLASTS,
    ),
    case(
        "blasts_loinc_unread",
        "number in a volume",
        added(lab("30376-8", 1.4, "10*9/L")),
        BLASTS,
    ),
    case(
        "blasts_loinc_unread",
        "number by eye, as printed in America",
        added(lab(("708-8", "Blasts"), 2.2, "K/uL", "10*3/uL")),
        BLASTS,
    ),
    case(
        "blasts_loinc_unread",
        "a part of a differential count",
        added(panel((concept("Blasts", loinc="709-6"), quantity(30, "%")))),
        BLASTS,
    ),
    case(
        "blasts_loinc_unread",
        "a code of the clinic's own, with its display",
        added(observation(concept(local=("HAEM-77", "Blasts")), valueQuantity=quantity(55, "%"))),
        BLASTS,
    ),
    case("blasts_loinc_unread", "none", added(lab("709-6", 0, "%")), NO_BLASTS),
    case(
        "blasts_loinc_unread",
        "one in a hundred, in marrow",
        added(
            observation(
                concept("Blasts in bone marrow"),
                valueQuantity=quantity(1, "%"),
            )
        ),
        NO_BLASTS,
    ),
    # Counts under other codes
    case(
        "platelets_manual_unread",
        "platelets by estimate",
        bundle(lab("49497-1", 22, "10*9/L")),
        Right(facts=(Says("platelets", value=22),), flags=("low_platelets_below_100",)),
    ),
    case(
        "platelets_manual_unread",
        "platelets in capillary blood",
        bundle(lab("74464-9", 31, "G/l", None)),
        Right(facts=(Says("platelets", value=31),), flags=("low_platelets_below_100",)),
    ),
    case(
        "platelets_manual_unread",
        "platelets by light",
        bundle(lab("97995-5", 14, "10*3/uL")),
        Right(facts=(Says("platelets", value=14),), flags=("low_platelets_below_100",)),
    ),
    case(
        "platelets_manual_unread",
        "haemoglobin of venous blood",
        bundle(lab("30350-3", 6.8, "g/dL")),
        Right(facts=(Says("hb", value=68),), flags=("anaemia",)),
    ),
    case(
        "platelets_manual_unread",
        "haemoglobin of a drop of blood",
        bundle(lab("30352-9", 71, "g/L")),
        Right(facts=(Says("hb", value=71),), flags=("anaemia",)),
    ),
    case(
        "platelets_manual_unread",
        "leukocytes by eye",
        bundle(lab("804-5", 1.1, "10*3/uL")),
        Right(facts=(Says("wbc", value=1.1),), flags=("low_white_cells_or_platelets",)),
    ),
    case(
        "platelets_manual_unread",
        "neutrophils by eye",
        bundle(lab("753-4", 0.4, "10*9/L")),
        Right(facts=(Says("neutrophils", value=0.4),), flags=("neutropenia",)),
    ),
    case(
        "platelets_manual_unread",
        "under their German name",
        bundle(observation(concept("Thrombozyten"), valueQuantity=quantity(18, "Tsd./µl", None))),
        Right(facts=(Says("platelets", value=18),), flags=("low_platelets_below_100",)),
    ),
    case(
        "platelets_manual_unread",
        "a sedimentation of two hours is another test",
        bundle(lab("18184-2", 60, "mm")),
        Right(never=("esr",)),
    ),
    case(
        "platelets_manual_unread",
        "a power written with a space",
        bundle(lab("777-3", 250, "10 3/uL", None)),
        Right(facts=(Says("platelets", value=250),), no_flag=True),
    ),
    case(
        "platelets_manual_unread",
        "a power of nine written with a space",
        bundle(lab("6690-2", 7.1, "10 9/L", None)),
        Right(facts=(Says("wbc", value=7.1),), no_flag=True),
    ),
    case(
        "platelets_manual_unread",
        "the blood test for tuberculosis",
        bundle(
            observation(
                concept(loinc="45323-3"),
                valueCodeableConcept=concept(snomed=("10828004", "Positive")),
            )
        ),
        Right(facts=("igra",)),
    ),
    # Haemoglobin in mmol/L: one mmol/L of the monomer is 16.114 g/L
    case(
        "hb_mmol_per_l",
        "of venous blood",
        bundle(lab("93846-4", 4.2, "mmol/L")),
        Right(facts=(Says("hb", value=67.7),), flags=("anaemia",)),
    ),
    case(
        "hb_mmol_per_l",
        "the unit is printed only",
        bundle(lab("718-7", 4.0, "mmol/l", None)),
        Right(facts=(Says("hb", value=64.5),), flags=("anaemia",)),
    ),
    case(
        "hb_mmol_per_l",
        "normal",
        bundle(lab("59260-0", 8.0, "mmol/L")),
        Right(facts=(Says("hb", value=128.9),), no_flags=("anaemia",), calm=True),
    ),
    case(
        "hb_mmol_per_l",
        "in a letter",
        bundle(says("Laboratory", "Hb 4.1 mmol/L, CRP 12 mg/L.")),
        Right(facts=(Says("hb", value=66.1), Says("crp", value=12)), flags=("anaemia",)),
    ),
    case(
        "hb_mmol_per_l",
        "uric acid in mg/dL, calcium in mg/dL",
        bundle(lab("3084-1", 4.2, "mg/dL"), lab("17861-6", 9.6, "mg/dL")),
        Right(facts=(Says("uric_acid", value=249.8), Says("calcium", value=2.395)), calm=True),
    ),
    case(
        "hb_mmol_per_l",
        "an enzyme in microkatal",
        bundle(lab("6768-6", 4.0, "ukat/L")),
        Right(facts=(Says("alp", value=240),), no_flags=("alkaline_phosphatase_low",)),
    ),
    # Slips of the unit
    case(
        "implausible_values",
        "alkaline phosphatase in ukat under U/L",
        bundle(lab("6768-6", 4.1, "U/L")),
        slip("alp", 4.1, "alkaline phosphatase", flags=("alkaline_phosphatase_low",)),
    ),
    case(
        "implausible_values",
        "vitamin C in mg/dL under umol/L",
        bundle(lab("14622-5", 1.0, "umol/L")),
        slip("vitc", 1.0, "vitamin c|ascorb", flags=("vitamin_c_low",)),
    ),
    case(
        "implausible_values",
        "calcium in mg/dL under mmol/L",
        bundle(lab("2000-8", 9.6, "mmol/L")),
        slip("calcium", 9.6, "calcium"),
    ),
    case(
        "implausible_values",
        "neutrophils per microlitre, the interval too",
        bundle(
            lab(
                "26499-4",
                3000,
                "10*3/uL",
                referenceRange=interval(2500, 5000, "10*3/uL"),
            )
        ),
        slip("neutrophils", 3000, "neutrophil"),
    ),
    case(
        "implausible_values",
        "a tube is 200 mm long",
        bundle(lab("4537-7", 310, "mm/h")),
        slip("esr", 310, "sedimentation|ESR"),
    ),
    case(
        "implausible_values",
        "platelets as 10*12",
        bundle(lab("777-3", 0.25, "10*9/L")),
        Right(told=("platelet|thrombocyte",)),
    ),
    case(
        "implausible_values",
        "in a note",
        bundle(says("Laboratory", "Hb 12.4 g/L, platelets 310.")),
        slip("hb", 12.4, "h[a]?emoglobin", flags=("anaemia",)),
    ),
    case(
        "implausible_values",
        "fever in Fahrenheit is none in Celsius",
        bundle(lab("8310-5", 98.6, "Cel")),
        Right(never=(Says("temperature", value=98.6), "fever"), told=("temperature",)),
    ),
    case(
        "implausible_values",
        "fever in Fahrenheit as it should be sent",
        bundle(lab("8310-5", 102.4, "[degF]")),
        Right(facts=(Says("temperature", value=39.1),), calm=True),
    ),
    case(
        "implausible_values",
        "leukocytes of a leukaemia are believed",
        bundle(lab("6690-2", 280, "10*9/L")),
        Right(facts=(Says("wbc", value=280),)),
    ),
    case(
        "implausible_values",
        "very few platelets are believed",
        bundle(lab("777-3", 3, "10*9/L")),
        Right(facts=(Says("platelets", value=3),), flags=("low_platelets_below_100",)),
    ),
    counted(
        "a comma between thousands",
        "450,000 /uL",
        Right(facts=(Says("platelets", value=450),), no_flag=True),
    ),
    counted(
        "a space between thousands",
        "450 000/µL",
        Right(facts=(Says("platelets", value=450),), no_flag=True),
    ),
    counted(
        "a dot between thousands",
        "450.000 /µl",
        Right(facts=(Says("platelets", value=450),), no_flag=True),
        Right(told=("platelet|thrombocyte",), no_flag=True),
    ),
    counted(
        "a bound",
        "< 10 x10^9/L",
        Right(facts=("platelets",), flags=("low_platelets_below_100",)),
    ),
    case(
        "implausible_values",
        "a comma between thousands of CRP",
        bundle(says("Laboratory", "CRP 1,240 mg/L")),
        Right(never=(Says("crp", value=1.24),)),
    ),
    case(
        "implausible_values",
        "an interval with commas between thousands",
        bundle(
            observation(
                concept(loinc="777-3"),
                valueQuantity=quantity(310000, "/uL"),
                referenceRange=[{"text": "150,000-450,000"}],
            )
        ),
        Right(
            facts=(Says("platelets", value=310),),
            never=(Says("platelets", flag="high"), Says("platelets", flag="low")),
            no_flag=True,
        ),
    ),
    case(
        "implausible_values",
        "an interval upside down",
        bundle(lab("1988-5", 3, "mg/L", referenceRange=interval(5, 0, "mg/L"))),
        Right(
            facts=(Says("crp", value=3),),
            never=(Says("crp", flag="low"), Says("crp", flag="high")),
            told=("interval|range",),
        ),
    ),
    # Unit and code that disagree
    case(
        "unit_code_disagree",
        "haemoglobin",
        bundle(lab("718-7", 12.4, "g/dL", "g/L")),
        Right(never=("hb",), no_flags=("anaemia",), told=("unit",)),
    ),
    case(
        "unit_code_disagree",
        "platelets",
        bundle(lab("777-3", 250, "10^3/uL", "/uL")),
        Right(never=("platelets",), no_flag=True, told=("unit",)),
    ),
    case(
        "unit_code_disagree",
        "vitamin D",
        bundle(lab("1989-3", 30, "ng/mL", "nmol/L")),
        Right(never=("vitd",), told=("unit",)),
    ),
    case(
        "unit_code_disagree",
        "two spellings of one unit agree",
        bundle(
            lab("718-7", 12.6, "g/dl", "g/dL"),
            lab("777-3", 310, "x10^9/l", "10*9/L"),
            lab("4537-7", 12, "mm/hr", "mm/h"),
        ),
        Right(
            facts=(Says("hb", value=126), Says("platelets", value=310), Says("esr", value=12)),
            calm=True,
        ),
    ),
    case(
        "unit_code_disagree",
        "a number in words in another unit than the one beside it",
        bundle(
            observation(
                concept(loinc="1988-5"),
                valueQuantity={"value": 4, "unit": "mg/L", "system": UCUM, "code": "g/L"},
            )
        ),
        Right(never=("crp",), told=("unit",)),
    ),
    # Intervals of adults
    case(
        "adult_range_on_child",
        "told by age",
        bundle(
            lab(
                "6768-6",
                290,
                "U/L",
                referenceRange=interval(
                    35, 105, "U/L", age={"low": {"value": 18, "unit": "a", "code": "a"}}
                ),
            )
        ),
        Right(facts=(Says("alp", value=290),), never=(Says("alp", flag="high"),)),
    ),
    case(
        "adult_range_on_child",
        "told in German",
        bundle(
            lab("6768-6", 270, "U/L", referenceRange=interval(40, 130, "U/L", text="Erwachsene"))
        ),
        Right(facts=(Says("alp", value=270),), never=(Says("alp", flag="high"),)),
    ),
    case(
        "adult_range_on_child",
        "for men",
        bundle(
            lab("718-7", 122, "g/L", referenceRange=interval(135, 175, "g/L", text="Adult male"))
        ),
        Right(
            facts=(Says("hb", value=122),), never=(Says("hb", flag="low"),), no_flags=("anaemia",)
        ),
    ),
    case(
        "adult_range_on_child",
        "by whom it applies to",
        bundle(
            lab(
                "2160-0",
                0.4,
                "mg/dL",
                referenceRange=interval(
                    0.7, 1.2, "mg/dL", appliesTo=[{"text": "Adults 18 years and older"}]
                ),
            )
        ),
        Right(facts=("creatinine",), never=(Says("creatinine", flag="low"),)),
    ),
    case(
        "adult_range_on_child",
        "of newborns",
        bundle(lab("718-7", 128, "g/L", referenceRange=interval(145, 225, "g/L", text="Newborn"))),
        Right(facts=(Says("hb", value=128),), no_flags=("anaemia",)),
    ),
    case(
        "adult_range_on_child",
        "of children of her age: it counts",
        bundle(
            lab(
                "6768-6",
                480,
                "U/L",
                referenceRange=interval(
                    130,
                    420,
                    "U/L",
                    age={
                        "low": {"value": 6, "unit": "a", "code": "a"},
                        "high": {"value": 12, "unit": "a", "code": "a"},
                    },
                ),
            )
        ),
        Right(facts=(Says("alp", value=480, flag="high"),)),
    ),
    # Answers that are none
    *(
        case(
            "dash_means_no",
            f'"{answer}" is no answer',
            bundle(
                says("Bruising", answer),
                says("Night sweats", answer),
                says("Blasts on the blood film", answer),
                says("Refuses to walk", answer),
            ),
            Right(
                never=(
                    "bruising_or_bleeding",
                    "night_sweats",
                    "blasts_on_film",
                    "refuses_to_use_limb",
                ),
                no_flag=True,
            ),
        )
        for answer in ("n/a", "pending", "see comment", "--", "???", "not done", "…", "N.A.", "tbc")
    ),
    case(
        "dash_means_no",
        "not asked, as a code",
        bundle(
            observation(
                concept("Fever"), dataAbsentReason=concept("Not asked"), valueString="unknown"
            )
        ),
        Right(never=("fever", no("fever")), no_flag=True),
    ),
    case(
        "dash_means_no",
        "neg stands for no",
        bundle(says("Fever", "neg"), says("Bruising", "negative")),
        Right(facts=(no("fever"),), never=("fever", "bruising_or_bleeding"), no_flag=True),
    ),
    case(
        "dash_means_no",
        "yes stands for yes",
        bundle(says("Bruising", "yes"), says("Night sweats", "positive")),
        Right(
            facts=("bruising_or_bleeding", "night_sweats"),
            flags=("bleeding_or_bruising", "lymphoma_signs"),
        ),
    ),
    case(
        "dash_means_no",
        "a culture that nobody has read yet",
        bundle(
            observation(
                concept("Blood culture", loinc="600-7"), status="preliminary", valueString="pending"
            )
        ),
        Right(never=("blood_culture", no("blood_culture")), no_flag=True),
    ),
    case(
        "dash_means_no",
        "a withdrawn result keeps no flag",
        bundle(
            resource(
                "Observation",
                status="entered-in-error",
                code=concept(loinc="777-3"),
                valueQuantity=quantity(18, "10*9/L"),
            )
        ),
        Right(never=("platelets",), no_flag=True),
    ),
)
