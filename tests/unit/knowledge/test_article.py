"""The public article: safe, cited, free of typed figures, and readable."""

import csv
import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from markdown_it import MarkdownIt

from multifocal.knowledge.article import MARK, Section, article, markdown
from multifocal.knowledge.check_article import article_faults, bare_figures
from multifocal.knowledge.entries import Audience, Entries, PageEntry
from multifocal.knowledge.load import load
from multifocal.knowledge.references import references
from tests.reading import grade

KNOWLEDGE = load()
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
ARTICLE = {audience: article(audience, KNOWLEDGE) for audience in AUDIENCES}
FAMILY = {section.id: section for section in ARTICLE["family"]}
CLINICIAN = {section.id: section for section in ARTICLE["clinician"]}
SECTIONS = [
    "overview",
    "causes",
    "who",
    "symptoms",
    "the-right-hand",
    "other-places",
    "diagnosis",
    "what-else",
    "living-with-it",
    "when-to-see-a-doctor-now",
    "treatment",
    "sources",
]


def read(section: Section) -> str:
    """Give a section as somebody reads it aloud: no marks of sources, no signs of Markdown."""
    lines = []
    for line in "\n".join(section.blocks).splitlines():
        words = re.sub(r" ?\[\d+[dmj]?\]", "", line)
        words = re.sub(r"^(?:#+|-|\d+\.) |\*\*", "", words).strip()
        if words:
            lines.append(words if words[-1] in ".?!" else f"{words.rstrip(':,')}.")
    return " ".join(lines)


# --- sections ------------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", AUDIENCES)
def test_both_versions_have_all_sections_in_their_order(audience: Audience) -> None:
    assert [section.id for section in ARTICLE[audience]] == SECTIONS


@pytest.mark.parametrize("audience", AUDIENCES)
def test_no_name_in_braces_is_left_in_the_text(audience: Audience) -> None:
    assert not re.search(r"[{}\x00]", markdown(audience, KNOWLEDGE))


# --- reading grade -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SECTIONS)
def test_a_family_reads_each_section_at_grade_6_or_below(name: str) -> None:
    assert grade(read(FAMILY[name])) <= 6


# --- safety --------------------------------------------------------------------------------------


def flags(section: str, audience: Audience) -> set[str]:
    """Give the red flags that a section cites."""
    text = next(
        page.text for page in KNOWLEDGE.article if page.audience == audience and page.id == section
    )
    names = {one.name for one in references(text)}
    return {name.removeprefix("flag:") for name in names if name.startswith("flag:")}


ONLY_TESTS_SHOW = {
    "blasts",
    "diffuse_marrow_change",
    "enlarged_liver_or_spleen",
    "germ_found",
    "low_platelets_below_100",
    "low_white_cells_or_platelets",
    "malignant_cells",
    "malignancy_named",
    "emergency_named",
}
"""Emergencies that a family can't see: a laboratory, an image or an examining hand finds them, or
a letter names them."""


def test_a_clinician_is_told_every_red_flag() -> None:
    told = flags("when-to-see-a-doctor-now", "clinician")
    assert told == {flag.id for flag in KNOWLEDGE.red_flags}


def test_a_flag_stands_under_the_haste_that_it_has() -> None:
    text = next(
        page.text
        for page in KNOWLEDGE.article
        if (page.audience, page.id) == ("clinician", "when-to-see-a-doctor-now")
    )
    parts = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    urgencies = {flag.id: flag.urgency for flag in KNOWLEDGE.red_flags}
    for part, haste in zip(parts, ("emergency", "urgent", "soon"), strict=True):
        told = re.findall(r"\{@flag:(\w+)\}", part)
        assert told
        assert {urgencies[name] for name in told} == {haste}, part.partition("\n")[0]


def test_a_family_is_told_every_emergency_that_it_can_see() -> None:
    emergencies = {flag.id for flag in KNOWLEDGE.red_flags if flag.urgency == "emergency"}
    assert emergencies - ONLY_TESTS_SHOW <= flags("when-to-see-a-doctor-now", "family")


@pytest.mark.parametrize(
    "sign",
    [
        # section 6 of the dossier, sign by sign
        "high fever and a very sore bone or joint",
        "can't use a hand or an arm",
        "can't walk",
        "pale",
        "new bruises",
        "tiny red or purple spots",
        "weak or numb legs",
        "trouble with pee or poo",
        "red, hot finger that hurts when someone makes it straight",
    ],
)
def test_get_help_today_lists_each_sign_of_the_dossier(sign: str) -> None:
    text = "\n".join(FAMILY["when-to-see-a-doctor-now"].blocks)
    today = text.partition("## Get help today")[2].partition("\n## ")[0]
    assert sign in today


@pytest.mark.parametrize("sign", ["lump that grows", "bad pain all night, every night"])
def test_what_is_urgent_for_a_clinician_is_urgent_for_a_family(sign: str) -> None:
    """The dossier lists them under today; NICE, as read for these flags, asks for 48 hours."""
    text = "\n".join(FAMILY["when-to-see-a-doctor-now"].blocks)
    assert sign in text.partition("## See a doctor within")[2].partition("\n## ")[0]


def test_bone_pain_without_a_reason_is_seen_within_48_hours() -> None:
    text = "\n".join(FAMILY["when-to-see-a-doctor-now"].blocks)
    assert "## See a doctor within 48 hours" in text
    assert "blood count and an X-ray" in text


def test_help_comes_before_all_else() -> None:
    assert "When to get help" in FAMILY["overview"].blocks[0]
    assert FAMILY["when-to-see-a-doctor-now"].title == "When to get help"


FALSE_COMFORT = re.compile(
    r"don't worry|do not worry|no need to|nothing to fear|harmless|always get well|not dangerous"
    r"|not serious|will go away|goes away by itself|safe to wait|just growing|wait and see",
    re.IGNORECASE,
)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_nothing_calms_without_ground(audience: Audience) -> None:
    assert FALSE_COMFORT.findall(markdown(audience, KNOWLEDGE)) == []


@pytest.mark.parametrize(
    ("claim", "warning"),
    [
        ("It is not cancer", "some kinds of cancer look like it at first"),
        ("heals by itself", "let a doctor decide"),
        ("bright spot on a scan may be normal", "if the same place hurts or swells"),
        ("Your child may look well", "does not prove that all is well"),
        ("No such tools against bone", "close, but not quite the same"),
        ("Most children have none", "needs a doctor today"),
        ("free of signs at the last check", "But it can come back"),
    ],
)
def test_what_could_calm_falsely_has_its_warning_in_the_same_paragraph(
    claim: str, warning: str
) -> None:
    lines = [line for line in prose("family").splitlines() if claim in line]
    assert lines
    assert all(warning in line for line in lines)


# --- treatment -----------------------------------------------------------------------------------

DRUGS = (
    "adalimumab anakinra baricitinib canakinumab celecoxib etanercept ibuprofen indometacin "
    "infliximab meloxicam methotrexate naproxen pamidronate prednisolone prednisone sulfasalazine "
    "tofacitinib zoledronic zoledronate"
).split()
"""Names only: which drugs the treatment section for signed-in readers speaks of."""
DRUG_CLASSES = "nsaid bisphosphonate glucocorticoid steroid dmard biologic inhibitor".split()
DOSES = r"mg/kg|mg/m2|\bdos(?:e|es|ing)\b|tablet|infusion|injection|twice daily|milligram"
INVITATION = "To see full information about treatment please sign up or log in."


def prose(audience: Audience) -> str:
    return "\n".join(block for section in ARTICLE[audience] for block in section.blocks)


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("word", [*DRUGS, *DRUG_CLASSES])
def test_no_drug_is_named(audience: Audience, word: str) -> None:
    assert word not in prose(audience).lower()


@pytest.mark.parametrize("audience", AUDIENCES)
def test_no_drug_is_named_in_the_list_of_sources(audience: Audience) -> None:
    whole = markdown(audience, KNOWLEDGE).lower()
    assert [word for word in DRUGS if word in whole] == []


@pytest.mark.parametrize("audience", AUDIENCES)
def test_no_dose_is_spoken_of(audience: Audience) -> None:
    assert re.findall(DOSES, prose(audience), re.IGNORECASE) == []


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_treatment_section_is_one_sentence_and_the_invitation(audience: Audience) -> None:
    section = next(one for one in ARTICLE[audience] if one.id == "treatment")
    sentence, invitation = section.blocks
    assert invitation == INVITATION
    assert len(re.findall(r"[.?!](?:\s|$)", sentence)) == 1


# --- sources -------------------------------------------------------------------------------------


def marks(section: Section) -> set[tuple[int, str]]:
    found = re.findall(r"\[(\d+)([dmj]?)\]", "\n".join(section.blocks))
    return {(int(number), letter) for number, letter in found}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_mark_leads_to_a_source_of_its_section_with_that_certainty(
    audience: Audience,
) -> None:
    for section in ARTICLE[audience]:
        listed = {
            (one.number, MARK[place.certainty]) for one in section.sources for place in one.places
        }
        if section.id != "sources":
            assert marks(section) == listed


@pytest.mark.parametrize("audience", AUDIENCES)
def test_sources_are_numbered_in_the_order_in_which_they_are_first_cited(
    audience: Audience,
) -> None:
    *sections, last = ARTICLE[audience]
    assert [one.number for one in last.sources] == list(range(1, len(last.sources) + 1))
    highest = 0
    for section in sections:
        new = sorted({one.number for one in section.sources if one.number > highest})
        assert new == list(range(highest + 1, highest + len(new) + 1))
        highest += len(new)
    assert highest == len(last.sources)


def test_two_marks_side_by_side_are_not_read_as_one_link() -> None:
    assert not re.search(r"\]\[", prose("family") + prose("clinician"))


def test_a_mark_keeps_its_brackets_as_a_link_so_that_it_is_not_read_as_part_of_a_number() -> None:
    # "1 in 5 [9]" must never be shown as "1 in 5 9"
    page = MarkdownIt().render(markdown("family", KNOWLEDGE))
    assert re.search(r'1 in 5 <a href="https://doi.org/[^"]*">\[9\]</a>', page)
    assert not re.search(r"<a [^>]*>\d+[dmj]?</a>", page)


def test_a_mark_stands_before_the_full_stop_of_its_sentence() -> None:
    assert "You can't catch it, and your child can't pass it on [" in prose("family")
    assert not re.search(r"\.\s+\[\d", prose("family"))


# --- codes ---------------------------------------------------------------------------------------


def test_every_code_of_m86_in_the_article_is_in_the_tabular_list() -> None:
    table = Path(__file__).parents[2] / "data" / "icd10cm_m86.tsv"
    with table.open(encoding="utf-8", newline="") as opened:
        listed = {row["code"] for row in csv.DictReader(opened, delimiter="\t")}
    named = set(re.findall(r"M86\.\w+", prose("clinician")))
    assert {"M86.341", "M86.342", "M86.39"} <= named
    assert {code.rstrip("X") for code in named} <= listed


def test_names_with_digits_are_codes_and_nothing_else() -> None:
    text = "\n".join(f"{page.title}\n{page.text}" for page in KNOWLEDGE.article)
    text = re.sub(r"\{.*?\}|^\d+\. ", "", text, flags=re.MULTILINE)
    names = set(re.findall(r"[A-Za-z][\w.-]*\d[\w.-]*", text))
    chapter = re.compile(r"M(?:04|46|86)\.")
    assert {name for name in names if not chapter.match(name)} == {
        "ICD-10",
        "ICD-10-CM",
        "T1",
        "T2",
    }


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "About 9 in 10 children.",
        "It took 15 months.",
        "Nearly 50%.",
        "About half.",
        "Nine of them.",
    ],
)
def test_a_figure_in_prose_is_refused(text: str) -> None:
    assert list(bare_figures(text))


@pytest.mark.parametrize(
    "text", ["1. First they ask.\n2. Then they look.", "Code M86.341, signal on T1.", "A doctor."]
)
def test_numbers_of_a_list_and_names_are_no_figures(text: str) -> None:
    assert list(bare_figures(text)) == []


def told(text: str, **changed: Any) -> list[str]:
    """Give the faults of an article whose family version says this in its first section."""
    pages = tuple(
        PageEntry(page.audience, page.id, page.title, text)
        if (page.audience, page.id) == ("family", "overview")
        else page
        for page in KNOWLEDGE.article
    )
    entries: Entries = msgspec.structs.replace(KNOWLEDGE, article=pages, **changed)
    return [fault.message for fault in article_faults(entries)]


def test_the_article_as_it_is_has_no_fault() -> None:
    assert list(article_faults(KNOWLEDGE)) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{bone_pain_bhat_2017}", "is unknown. Did you mean 'bone_pain_bhat_2018'?"),
        ("{bone_pain_bhat_2018|in100x}", "a share has no form 'in100x'"),
        ("{bone_pain_ma_2022|in10}", "100% is too far from any number in 10"),
        ("{flag:blasts}", "can only be cited: write it with an @"),
        ("Here {delay|table} it is.", "a table stands alone in its paragraph"),
        ("{sex|span}", "its values can't be put side by side in one range"),
        ("{bone pain}", "a brace that names nothing: '{bone pain}'"),
    ],
)
def test_a_name_that_does_not_fit_is_told_with_what_to_do(text: str, message: str) -> None:
    assert message in told(text)


def test_a_topic_that_clinicians_are_not_told_of_is_a_fault() -> None:
    pages = tuple(page for page in KNOWLEDGE.article if page.id != "who")
    entries = msgspec.structs.replace(KNOWLEDGE, article=pages)
    silent = {fault.entry for fault in article_faults(entries)}
    assert {"incidence", "delay", "sex"} <= silent


def test_versions_with_different_sections_are_a_fault() -> None:
    pages = tuple(
        page
        for page in KNOWLEDGE.article
        if (page.audience, page.id) != ("family", "when-to-see-a-doctor-now")
    )
    entries = msgspec.structs.replace(KNOWLEDGE, article=pages)
    faults = [fault.message for fault in article_faults(entries)]
    assert any(message.startswith("the versions have different sections") for message in faults)
