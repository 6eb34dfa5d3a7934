"""Every problem of the files is told at once, with file, entry and what was meant."""

import shutil
from pathlib import Path

import pytest

from multifocal.knowledge.load import load as load_knowledge
from multifocal.model.issue import KnowledgeError
from multifocal.treatment.load import DATA, TOML, load

KNOWLEDGE = load_knowledge()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def change(data: Path, file: str, old: str, new: str) -> None:
    path = data / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(data: Path) -> list[str]:
    with pytest.raises(KnowledgeError) as caught:
        load(knowledge=KNOWLEDGE, data=data)
    return str(caught.value).splitlines()


def test_the_shipped_files_hold() -> None:
    assert load(knowledge=KNOWLEDGE).drugs
    assert {path.name for path in DATA.iterdir()} == {f"{name}.toml" for name in TOML}


def test_a_misspelt_key_names_the_one_that_was_meant(data: Path) -> None:
    change(data, "doses.toml", "schedule =", "shedule =")
    [line] = [one for one in problems(data) if one.startswith("doses.toml: naproxen_pro_kind")]
    assert "Did you mean 'schedule'?" in line


def test_a_misspelt_key_of_a_source_is_refused_too(data: Path) -> None:
    change(data, "sources.toml", "year = 2021", "yeer = 2021")
    assert any("unknown field `yeer`. Did you mean 'year'?" in one for one in problems(data))


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("doses.toml", '"pro-kind-jia"', '"pro-kind-jai"', "Did you mean 'pro-kind-jia'?"),
        ("doses.toml", 'drug = "naproxen"', 'drug = "naproxn"', "Did you mean 'naproxen'?"),
        ("drugs.toml", 'drug_class = "nsaid"', 'drug_class = "nsaids"', "Did you mean 'nsaid'?"),
        ("drugs.toml", 'line = "bridge"', 'line = "brigde"', "Did you mean 'bridge'?"),
        ("advice.toml", 'of = ["jak"]', 'of = ["jakk"]', "Did you mean 'jak'?"),
        ("advice.toml", 'section = "safety"', 'section = "savety"', "Did you mean 'safety'?"),
        ("advice.toml", "{relapse_beck_2010|in10}", "{relapse_bek_2010|in10}", "Did you mean"),
        ("advice.toml", "{relapse_beck_2010|in10}", "{relapse_beck_2010|unit}", "has no form"),
        ("sections.toml", '"remission"', '"remision"', "Did you mean 'remission'?"),
        ("conflicts.toml", '"naproxen_textbook"', '"naproxen_text"', "Did you mean"),
        ("doses.toml", 'low = "10"\nhigh = "15"', 'low = "15"\nhigh = "10"', "not below its high"),
        ("doses.toml", 'low = "10"', 'low = "ten"', "Expected `str` matching regex"),
        ("doses.toml", 'low = "10"', "low = 10", "Expected `str`, got `int`"),
        ("doses.toml", 'unit = "mg/kg"\n', "", "a figure has a unit"),
        ("doses.toml", 'text = "into 2 doses"\n', "", "a printed figure or a text"),
        ("responses.toml", "k = 16, n = 37", "k = 38, n = 37", "k must be one of 0 to n"),
        ("responses.toml", ', printed = "43%"', "", "`derived` shows what was `printed`"),
        ("drugs.toml", 'no_dose = "No', 'line_note2 = "No', "unknown field"),
        ("advice.toml", 'certainty = "memory"', 'certainty = "verified"', "go together"),
        ("advice.toml", 'certainty = "judgement"', 'certainty = "verified"', "of our own"),
        ("conflicts.toml", 'certainty = "judgement"', 'certainty = "verified"', "words are ours"),
        ("advice.toml", 'use = "before"\n', "", "needs either `section`, or `use` with `of`"),
        ("lines.toml", 'id = "first"', 'id = "second"', "is defined 2 times"),
        ("sources.toml", 'id = "turk-review-2025"', 'id = "carra-2018"', "leave it out"),
        ("plans.toml", 'group = "entry"', 'group = "entrance"', "Invalid enum value"),
        ("lines.toml", "[[line]]", "[[lines]]", "unknown table; entries are [[line]]"),
        ("classes.toml", "[[class]]", "[[class]", "is not TOML"),
    ],
)
def test_a_fault_is_told(data: Path, file: str, old: str, new: str, told: str) -> None:
    change(data, file, old, new)
    assert any(told in one for one in problems(data))


def test_doses_that_differ_need_somebody_to_say_so(data: Path) -> None:
    change(data, "conflicts.toml", '"meloxicam_label"]', '"meloxicam_max"]')
    told = problems(data)
    assert any("meloxicam" in one and "no conflict says so" in one for one in told)


def test_a_source_that_nothing_cites_is_told(data: Path) -> None:
    path = data / "sources.toml"
    extra = '\n[[source]]\nid = "spare"\ntitle = "Spare"\nread = "page"\n'
    path.write_text(path.read_text(encoding="utf-8") + extra, encoding="utf-8")
    assert problems(data) == ["sources.toml: spare: is never cited"]


def test_an_empty_text_is_told(data: Path) -> None:
    change(data, "advice.toml", 'plain = "Little is known."', 'plain = " "')
    assert problems(data) == [
        "advice.toml: anakinra_pregnancy: has an empty text: both kinds of reader need words"
    ]


def test_a_missing_file_is_told(data: Path) -> None:
    (data / "plans.toml").unlink()
    assert "plans.toml: : is missing" in problems(data)


def test_faults_of_shape_and_of_reference_are_told_together(data: Path) -> None:
    change(data, "lines.toml", "plain_title =", "plane_title =")
    change(data, "advice.toml", 'of = ["jak"]', 'of = ["jakk"]')
    change(data, "responses.toml", "k = 16, n = 37", "k = 38, n = 37")
    told = "\n".join(problems(data))
    assert "Did you mean 'plain_title'?" in told
    assert "Did you mean 'jak'?" in told
    assert "k must be one of 0 to n" in told


def test_an_entry_that_was_refused_is_not_called_unknown_as_well(data: Path) -> None:
    change(data, "drugs.toml", 'names = ["naproxen"]', 'nams = ["naproxen"]')
    told = problems(data)
    assert [one for one in told if "unknown medicine" in one] == []
