"""Notes, letters and answers: what they say of the child, and what only of children in general."""

from tests.failing.build import (
    Json,
    answers,
    bundle,
    child,
    concept,
    condition,
    item,
    letter,
    observation,
    resource,
)
from tests.failing.given import LEUKAEMIA
from tests.failing.right import Case, Right, Says, case, no

STOPPED = Right(
    facts=("refuses_to_use_limb",), never=("not_walking_yet",), flags=("limb_not_used",)
)
YES = {"system": "http://loinc.org", "code": "LA33-6", "display": "Yes"}
NO = {"system": "http://loinc.org", "code": "LA32-8", "display": "No"}
NOBODY = Right(no_flag=True)


def noted(words: str, *first: Json) -> bytes:
    return bundle(*first, condition(concept("Leg pain"), note=[{"text": words}]))


def walking(words: str, right: Right = STOPPED, *first: Json) -> Case:
    return case("stopped_walking", words, noted(words, *first), right)


def comment(kind: str, words: str, *never: str) -> Case:
    """Give a sentence that says nothing of the child, in a comment of a laboratory."""
    record = bundle(observation(concept("Laboratory comment"), note=[{"text": words}]))
    return case(kind, words, record, Right(never=never, no_flag=True))


def asked(name: str, *items: Json, right: tuple[Right, ...]) -> Case:
    return case("questionnaire_plain_questions", name, bundle(answers(*items)), *right)


def heard(*concepts: str) -> tuple[Right, ...]:
    """Give: read, or at least told that an answer was not."""
    return Right(facts=concepts), Right(told=("answer|question",))


LONG = " ".join(f"On day {day} she played in room {day % 37} and ate well." for day in range(2_500))
"""More than 100,000 characters."""
LETTER = "Night pain and fever for two weeks. She refuses to bear weight."
IN_LETTER = Right(facts=("pain_at_night", "fever", "refuses_to_use_limb"), flags=("limb_not_used",))

TEXTS: tuple[Case, ...] = (
    # A child that no longer walks
    walking("She has stopped walking."),
    walking("No longer walks since Tuesday."),
    walking("Has been carried everywhere since the weekend, will not stand."),
    walking("Won't put weight on the left leg."),
    walking("Unable to walk."),
    walking(
        "Not walking yet, crawls well.",
        Right(never=("refuses_to_use_limb",), no_flags=("limb_not_used",)),
        child(born="2024-05-10"),
    ),
    walking(
        "Walked late, at 20 months. Walks and runs normally now.",
        Right(never=("refuses_to_use_limb", "not_walking_yet"), no_flags=("limb_not_used",)),
    ),
    # Sentences about diseases in general
    comment(
        "note_general_statement",
        "Fever, weight loss and night sweats are typical of lymphoma.",
        "fever",
        "weight_loss",
        "night_sweats",
        "biopsy_lymphoma",
        LEUKAEMIA,
    ),
    comment(
        "note_general_statement",
        "Petechiae are commonly seen in leukaemia.",
        "bruising_or_bleeding",
        LEUKAEMIA,
        "biopsy_leukaemia",
    ),
    comment(
        "note_general_statement",
        "Return at once if she develops fever or refuses to walk.",
        "fever",
        "refuses_to_use_limb",
    ),
    comment(
        "note_general_statement",
        "Blasts are not normally found in peripheral blood.",
        "blasts_on_film",
    ),
    comment(
        "note_general_statement",
        "An elevated CRP may indicate bacterial infection.",
        "crp_raised",
        "bone_infection",
    ),
    case(
        "note_general_statement",
        "a sentence beside it does speak of the child",
        noted("Bone pain may occur in this disorder. She has had a fever since Monday."),
        Right(facts=("fever",)),
    ),
    # What drugs do
    comment(
        "note_response_to_therapy",
        "Patients with this genotype respond to NSAIDs in most studies.",
        "nsaid_response",
        "nsaid",
    ),
    comment(
        "note_response_to_therapy",
        "The EGFR p.L858R mutation has been associated with response to anti-EGFR therapy.",
        "nsaid_response",
        "tnf_inhibitor",
    ),
    comment(
        "note_response_to_therapy",
        "TNF inhibitors are effective in carriers of this allele.",
        "tnf_inhibitor",
        "nsaid_response",
    ),
    comment(
        "note_response_to_therapy",
        "This variant is a risk factor for methotrexate toxicity and infection by mycobacteria.",
        "methotrexate",
        "bone_mycobacterial_culture",
        "bone_infection",
    ),
    # Notes under what nobody knows
    case(
        "condition_note_lost",
        "under a code of SNOMED CT",
        bundle(condition(concept(snomed="371531000"), note=[{"text": LETTER}])),
        IN_LETTER,
    ),
    case(
        "condition_note_lost",
        "under an observation",
        bundle(observation(concept("Consultation"), note=[{"text": LETTER}])),
        IN_LETTER,
    ),
    case(
        "condition_note_lost",
        "in a letter",
        bundle(letter("Outpatient letter", LETTER)),
        IN_LETTER,
    ),
    case(
        "condition_note_lost",
        "in two notes, the second matters",
        bundle(
            condition(
                concept("Well child visit"),
                note=[{"text": "Vaccinated today."}, {"text": LETTER}],
            )
        ),
        IN_LETTER,
    ),
    case(
        "condition_note_lost",
        "of a procedure",
        bundle(
            resource(
                "Procedure",
                status="completed",
                code=concept("Physical examination"),
                performedDateTime="2025-03-03",
                note=[{"text": LETTER}],
            )
        ),
        IN_LETTER,
        Right(told=("not read|note",)),
    ),
    case(
        "condition_note_lost",
        "in a language that is not read: told, and never half read",
        bundle(
            letter(
                "Arztbrief",
                "Seit zwei Wochen nächtliche Schmerzen und Fieber. Kein Gewichtsverlust.",
            )
        ),
        Right(never=("weight_loss",), told=("not read",)),
    ),
    case(
        "condition_note_lost",
        "the last words of a very long letter: read, or told to be unread",
        bundle(letter("Summary of the stay", f"{LONG} She refuses to bear weight.")),
        Right(facts=("refuses_to_use_limb",), flags=("limb_not_used",)),
        Right(told=("not read|too long|longer",)),
    ),
    # Plain questions
    asked(
        "as a truth",
        item("Has your child lost weight?", valueBoolean=True),
        right=heard("weight_loss"),
    ),
    asked(
        "by a letter",
        item("Does the pain wake her at night?", valueString="Y"),
        right=heard("pain_at_night"),
    ),
    asked(
        "within a group",
        {
            "linkId": "g1",
            "text": "In the last two weeks",
            "item": [item("Any unexplained bruises?", valueCoding=YES)],
        },
        right=heard("bruising_or_bleeding"),
    ),
    asked(
        "yes in SNOMED CT",
        item(
            "Night sweats?",
            valueCoding={"system": "http://snomed.info/sct", "code": "373066001", "display": "Yes"},
        ),
        right=heard("night_sweats"),
    ),
    asked(
        "in German",
        item("Hat Ihr Kind Fieber?", valueCoding=YES),
        right=heard("fever"),
    ),
    asked(
        "a no makes nothing",
        item("Does your child have a fever?", valueCoding=NO),
        item("Any bruises?", valueBoolean=False),
        right=(Right(never=("fever", "bruising_or_bleeding"), no_flag=True),),
    ),
    asked(
        "a question that asks for absence",
        item("Is your child free of fever?", valueCoding=YES),
        right=(Right(never=("fever",)),),
    ),
    # Pains that are gone by the morning
    *(
        case(
            "growing_pains_wholebody_mri",
            words,
            bundle(
                child(born="2018-11-01"),
                condition(
                    concept("Pain in leg"),
                    onsetDateTime="2024-09-01",
                    bodySite=[{"text": site}],
                    note=[{"text": words}],
                ),
                observation(concept("Fever"), valueBoolean=False),
            ),
            Right(
                facts=(
                    "evening_bilateral_leg_pain",
                    Says("leg_pain", side="left"),
                    Says("leg_pain", side="right"),
                    no("fever"),
                ),
                never=("pain_all_night", "refuses_to_use_limb", "limp"),
                untold=("body site is not understood",),
                no_flags=("limb_not_used",),
            ),
        )
        for words, site in (
            (
                "Aching in both calves at bedtime, fine by breakfast. Runs all day.",
                "Both lower legs",
            ),
            ("Both thighs hurt in the evening; nothing in the morning. No limp.", "Both thighs"),
            (
                "Both legs ache in the evening and are well in the morning, no limp.",
                "Legs, bilateral",
            ),
        )
    ),
    # A diet without fruit
    case(
        "scurvy_gets_cmo_code",
        "what she eats, in a note",
        noted("Autistic. Lives on pasta and milk, no fruit and no vegetables. Gums bleed."),
        Right(
            facts=("restricted_diet_or_autism", "bruising_or_bleeding"),
            flags=("bleeding_or_bruising",),
        ),
    ),
)
