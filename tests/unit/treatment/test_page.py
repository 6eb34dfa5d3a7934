"""The page holds every statement with its source, for each kind of reader in their words."""

import re
from collections.abc import Iterator

import msgspec
import pytest

from multifocal.knowledge.entries import Audience
from multifocal.knowledge.load import load as load_knowledge
from multifocal.treatment.load import load
from multifocal.treatment.page import markdown
from multifocal.treatment.texts import filled, named
from tests.reading import grade

TREATMENT = load(knowledge=load_knowledge())
PAGES: dict[Audience, str] = {
    "family": markdown("family", TREATMENT),
    "clinician": markdown("clinician", TREATMENT),
}
GRADE = 6.0
CALMING = ("don't worry", "harmless", "good news", "all clear", "nothing serious", "perfectly safe")
AMOUNT = re.compile(r"\d\s*(?:mg|mcg|ug|g|ml|IU)\b", re.IGNORECASE)
EITHER = pytest.mark.parametrize("audience", ["family", "clinician"])


def sections(text: str) -> dict[str, str]:
    parts = re.split(r"^## (.*)$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def bare(text: str) -> str:
    """Give a text without marks of sources."""
    return re.sub(r"(?: \[\d+[a-z]?\])+", "", text)


def sentences(text: str) -> Iterator[str]:
    """Give the sentences of a page's prose: no headings, tables or lists of names."""
    for line in bare(text).splitlines():
        if line and not line.startswith(("#", "**", "|", "Medicines:", "[")):
            for one in re.split(r"(?<=[.?!:])\s+", line.removeprefix("- ")):
                if words := re.findall(r"[\w'-]+", one):
                    yield " ".join(words)


FAMILY = {
    title: text
    for title, text in sections(PAGES["family"]).items()
    if not title.startswith("Where")
}


@pytest.mark.parametrize("title", FAMILY)
def test_every_section_for_a_family_reads_at_grade_six_or_below(title: str) -> None:
    assert grade(". ".join(sentences(FAMILY[title])) + ".") <= GRADE


def test_no_sentence_for_a_family_is_long() -> None:
    longest = max(
        (one for text in FAMILY.values() for one in sentences(text)),
        key=lambda one: len(one.split()),
    )
    assert len(longest.split()) <= 25, longest


def test_the_page_for_a_family_gives_no_dose() -> None:
    text = "\n".join(FAMILY.values())
    assert AMOUNT.findall(text) == []
    assert "We show no doses here" in text


def test_the_page_for_a_clinician_gives_every_dose_with_its_source() -> None:
    rows = [line for line in PAGES["clinician"].splitlines() if line.startswith("| ")]
    for dose in TREATMENT.doses:
        mine = [row for row in rows if row.startswith(f"| {dose.label} |")]
        wanted = dose.text or f"{dose.low}{f' to {dose.high}' if dose.high else ''} {dose.unit}"
        assert any(wanted in row and re.search(r"\[\d+m?\] \|$", row) for row in mine), dose.id


@EITHER
def test_every_statement_is_there(audience: Audience) -> None:
    text, known = bare(PAGES[audience]), named(TREATMENT)
    told = {one.id: (one.text, one.plain) for one in TREATMENT.advice}
    told |= {one.id: (one.text, one.plain) for one in TREATMENT.conflicts}
    for name, (for_clinician, plain) in told.items():
        words = filled(for_clinician if audience == "clinician" else plain, known)
        assert words.rstrip(".?!") in text, name
    for step in TREATMENT.lines:
        assert (step.text if audience == "clinician" else step.plain).rstrip(".") in text
    for plan in TREATMENT.plans:
        for item in plan.item:
            assert (item.text if audience == "clinician" else item.plain).rstrip(".") in text
    for drug in TREATMENT.drugs:
        name = drug.name if audience == "clinician" else drug.plain_name or drug.name
        assert f"#### {name}\n" in text


@EITHER
def test_the_sections_stand_in_the_order_of_the_file(audience: Audience) -> None:
    wanted = [one.title if audience == "clinician" else one.plain for one in TREATMENT.sections]
    assert list(sections(PAGES[audience])) == wanted


@EITHER
def test_every_line_of_a_list_and_every_row_ends_with_its_source(audience: Audience) -> None:
    body = PAGES[audience].split("\n## Sources\n")[0].split("\n## Where this comes from\n")[0]
    lines = [line for line in body.splitlines() if line.startswith(("- ", "| "))]
    heads = ("| ---", "| what |", "| response |")
    topics = tuple(f"| {topic.title} |" for topic in TREATMENT.knowledge.topics)
    bare_lines = [
        line
        for line in lines
        if not re.search(r"\[\d+[dmj]?\](?:[.?!]| \|)?$", line)
        and not line.startswith((*heads, *topics))
    ]
    assert bare_lines == []


@EITHER
def test_every_mark_is_in_the_list_of_sources_and_every_source_is_marked(
    audience: Audience,
) -> None:
    text = PAGES[audience]
    body, _, listed = text.rpartition("\n## ")
    numbers = {int(number) for number in re.findall(r"\[(\d+)[dmj]?\]", body)}
    told = [int(number) for number in re.findall(r"^(\d+)\. ", listed, flags=re.MULTILINE)]
    assert told == list(range(1, len(told) + 1))
    assert numbers == set(told)


def test_what_is_from_memory_is_marked_so_for_both() -> None:
    known = named(TREATMENT)
    for audience, text in PAGES.items():
        for one in TREATMENT.advice:
            if one.source.certainty == "memory":
                words = filled(one.text if audience == "clinician" else one.plain, known)
                shown = rf"- {re.escape(words.rstrip('.?!'))} \[\d+m\][.?!]?$"
                assert re.search(shown, text, flags=re.MULTILINE), one.id


def test_a_figure_with_counts_has_its_interval() -> None:
    assert "4 of 9 (44%; 95% interval 19% to 73%)" in PAGES["clinician"]


def test_what_was_not_found_is_told_as_a_gap() -> None:
    clinician = sections(PAGES["clinician"])["Drug by drug"]
    ibuprofen = clinician.split("#### Ibuprofen")[1].split("####")[0]
    assert "**Vaccination**: Nothing was found in what was read. That is a gap" in ibuprofen
    family = sections(PAGES["family"])["Each medicine"]
    canakinumab = family.split("#### Canakinumab")[1].split("###")[0]
    assert "**With other medicine, Pregnancy**: We found nothing on this." in canakinumab


def test_what_is_carried_over_says_so_and_is_marked_as_ours() -> None:
    drugs = sections(PAGES["clinician"])["Drug by drug"]
    etanercept = drugs.split("#### Etanercept")[1].split("####")[0]
    line = next(one for one in etanercept.splitlines() if "latent TB" in one)
    assert line.startswith("- Printed for adalimumab, carried over by us:")
    assert re.search(r"\[\d+j\]\.$", line)


def test_nothing_on_the_page_for_a_family_calms() -> None:
    assert [word for word in CALMING if word in PAGES["family"].lower()] == []


def test_both_pages_name_the_versions_they_were_made_from() -> None:
    for text in PAGES.values():
        assert TREATMENT.version in text.splitlines()[-1]
        assert TREATMENT.knowledge.version in text.splitlines()[-1]


def test_the_same_data_give_the_same_page() -> None:
    again = msgspec.structs.replace(TREATMENT)
    assert markdown("family", again) == PAGES["family"]
