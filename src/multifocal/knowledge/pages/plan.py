"""Which kinds of entry stand on which page, and what the page says first."""

import msgspec


class Page(msgspec.Struct, frozen=True):
    """One page: its file's name, its title, a few words, and the kinds of entry in their order."""

    name: str
    title: str
    about: str
    kinds: tuple[str, ...]


PLAN = (
    Page(
        "findings",
        "Findings",
        "The questions about a child. Each is answered yes, no or unknown; unknown is never taken"
        " for no. Criteria, red flags and the differential speak of these.",
        ("finding",),
    ),
    Page(
        "measures",
        "Measures",
        "Values folded from the facts of a record, for rules to use; the sets of concepts and the"
        " words that they are folded with.",
        ("measure", "set", "term"),
    ),
    Page(
        "concepts",
        "Concepts",
        "Our names for what a record may hold, and the codes by which it is recognised. The words"
        " are in `multifocal knowledge show ID`. Medicines are recognised too and not listed here.",
        ("concept",),
    ),
    Page(
        "criteria",
        "Criteria sets and scores",
        "Published sets, each exactly as far as its evidence goes. The label must stand beside any"
        " result. What is locked is not computed.",
        ("criteria",),
    ),
    Page(
        "conditions",
        "Conditions",
        "What else it could be, and which findings speak for or against. Weighing them is mostly"
        " our own judgement, and each says so.",
        ("condition",),
    ),
    Page(
        "differential",
        "Differential",
        "How often findings go with conditions, how common the conditions are, and how that is"
        " weighed.",
        ("model", "frequency_class", "group", "exclusive_set", "implication", "prior", "cell"),
    ),
    Page(
        "laboratory",
        "Laboratory",
        "What is measured; reference intervals by age and sex, used only where the laboratory gives"
        " none of its own; other published intervals, which decide nothing; the units that are"
        " understood.",
        ("analyte", "lab_interval", "lab_alternative", "unit_factor"),
    ),
    Page(
        "red-flags",
        "Red flags and cautions",
        "What means that somebody must act, and what must be said beside a result.",
        ("red_flag", "caution"),
    ),
    Page(
        "checker",
        "Symptom checker",
        "What a family is asked and of whom, what asks for haste beside the red flags, what is"
        " said, and whom to call.",
        (
            "check_part",
            "question",
            "place",
            "check_word",
            "check_rule",
            "aside",
            "contradiction",
            "advice",
            "unasked",
            "emergency_number",
        ),
    ),
    Page(
        "tests",
        "Tests",
        "What can be done next, the findings that each test answers, and how it weighs on a child.",
        ("test", "dimension"),
    ),
    Page(
        "anatomy",
        "Anatomy",
        "Bones, regions and landmarks; when bones form; the groups of bones that published scores"
        " count. Both sides of a bone share one id.",
        ("bone", "region", "landmark", "ossification", "grouping", "grouping_region", "bone_group"),
    ),
    Page(
        "variants",
        "Normal variants",
        "What images show in people without bone disease, the ages at which marrow changes, and how"
        " the program reads a signal that healthy children have too.",
        ("variant", "conversion", "policy"),
    ),
    Page(
        "coding",
        "ICD-10-CM coding",
        "How a code is chosen, and when none is.",
        ("coding", "code"),
    ),
    Page(
        "guardianship",
        "Guardianship",
        "Ages at which a guardian's access to a child's record on the site is looked at again, and"
        " when it ends.",
        ("guardianship",),
    ),
    Page(
        "words",
        "Words and codes that are understood",
        "How the place and the answer are read from texts and codes. How free text is read is told"
        " by `multifocal knowledge list phrase` and its neighbours.",
        ("site_word", "site_code", "answer"),
    ),
)

STATEMENTS, SOURCES = "statements", "sources"
"""The pages that are not one entry after another."""

IN_STATEMENTS = ("topic", "statement")
READING = frozenset({"phrase", "cue", "quantity", "text_group", "case_field", "diagnosis_words"})
"""Kinds that say how free text is read: patterns, which tell a reader of these pages nothing."""

ELSEWHERE = frozenset({"source", "page", *IN_STATEMENTS, *READING})
"""Kinds with a page of another form, or with none."""

UNWRITTEN = frozenset({"names", "absent_names"})
"""Keys of entries with a heading that pages leave out: texts of records, some of which name
medicines."""

MOST_ROWS = 1000
"""A longer table would not be shown by code hosts: its page tells where to look instead."""

MORE = Page("more", "More", "Kinds of entry that have no page of their own.", ())
