"""The pages of docs/reference/knowledge are what the data files say, and every number has a way."""

import re
from pathlib import Path

import pytest

from multifocal.knowledge.article import address
from multifocal.knowledge.catalogue import is_ours
from multifocal.knowledge.load import load
from multifocal.knowledge.pages import pages

KNOWLEDGE = load()
WRITTEN = pages(KNOWLEDGE)


@pytest.fixture
def folder(root: Path) -> Path:
    return root / "docs" / "reference" / "knowledge"


def test_the_pages_are_what_the_generator_gives(folder: Path) -> None:
    kept = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    stale = {name for name in WRITTEN if kept.get(name) != WRITTEN[name]}
    assert (stale, kept.keys() - WRITTEN.keys()) == (set(), set()), "run `make docs`"


def test_writing_them_twice_gives_the_same() -> None:
    assert pages(load()) == WRITTEN


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_no_two_headings_of_a_page_are_the_same(name: str) -> None:
    titles = re.findall(r"^#+ (.*)$", WRITTEN[name], flags=re.MULTILINE)
    assert len(titles) == len({title.lower() for title in titles})


def test_every_source_has_its_heading_and_its_way_out() -> None:
    parts = re.split(r"^### (.*)$", WRITTEN["sources.md"], flags=re.MULTILINE)[1:]
    told = dict(zip(parts[::2], parts[1::2], strict=True))
    assert told.keys() == {source.id for source in KNOWLEDGE.sources}
    for source in KNOWLEDGE.sources:
        if is_ours(source):
            assert "there is nothing to look up" in told[source.id]
        elif address(source):
            assert re.search("<https://|`http://", told[source.id]), source.id
        else:
            assert "no address known" in told[source.id], source.id
            assert f"[{source.id}](sources.md#" in WRITTEN["not-verified.md"]


def test_every_value_of_every_topic_stands_on_the_page_of_statements() -> None:
    page = WRITTEN["statements.md"]
    assert {one.id for one in KNOWLEDGE.statements if f"| `{one.id}` |" not in page} == set()
    differing = [topic for topic in KNOWLEDGE.topics if topic.why_they_differ]
    assert page.count("Why they differ:") == len(differing)
    assert differing


def test_every_entry_with_an_id_stands_on_some_page() -> None:
    text = "\n".join(WRITTEN.values())
    wanted = [
        *(finding.id for finding in KNOWLEDGE.findings),
        *(criteria.id for criteria in KNOWLEDGE.criteria),
        *(condition.id for condition in KNOWLEDGE.conditions),
        *(flag.id for flag in KNOWLEDGE.red_flags),
        *(caution.id for caution in KNOWLEDGE.cautions),
        *(test.id for test in KNOWLEDGE.tests),
        *(row.id for row in KNOWLEDGE.variants),
    ]
    assert {id_ for id_ in wanted if f"\n### {id_}\n" not in text} == set()


def test_no_page_is_too_long_to_be_shown() -> None:
    # Code hosts show Markdown as a page up to half a megabyte.
    assert {name: len(text.encode()) for name, text in WRITTEN.items() if len(text) > 500_000} == {}


def test_the_names_by_which_medicines_are_recognised_are_not_listed() -> None:
    medicines = {
        name
        for concept in KNOWLEDGE.concepts
        if concept.kind == "treatment"
        for name in concept.names
        if re.fullmatch(r"[a-z]+(ab|ept|ine|one|ate|en|in|mide|cept|coxib|kinra)", name)
    } - {"bisphosphonate"}  # a class; a red flag says when it must not be given
    assert len(medicines) > 10
    lists = ("concepts", "findings", "measures", "words")
    text = "\n".join(WRITTEN[f"{name}.md"] for name in lists).lower()
    assert {name for name in medicines if re.search(rf"\b{name}\b", text)} == set()
