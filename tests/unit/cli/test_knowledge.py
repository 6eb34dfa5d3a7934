import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from multifocal.cli import app
from multifocal.knowledge.load import DATA

WIDTH = 80


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _own_folders(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", str(WIDTH))


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    """A copy of the data files, to change."""
    return Path(shutil.copytree(DATA, tmp_path / "trial"))


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["knowledge", *arguments])


def answered(*arguments: str) -> str:
    result = ask(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def as_json(*arguments: str) -> Any:
    return json.loads(answered(*arguments, "--json"))


def words(text: str) -> str:
    """Give a text without its line breaks and frames."""
    return " ".join(text.replace("│", " ").split())


def replace(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_list_tells_the_kinds_and_each_kind_its_entries() -> None:
    kinds = {row["kind"]: row["entries"] for row in as_json("list")}
    assert kinds["finding"] == len(as_json("list", "finding"))
    shown = answered("list")
    assert {kind for kind in kinds if kind not in shown} == set()
    assert {"kind", "id", "label", "file"} == as_json("list", "red_flag")[0].keys()


def test_list_keeps_each_entry_in_one_line_of_a_pipe() -> None:
    lines = answered("list", "statements").splitlines()
    assert len(lines) == 1 + len(as_json("list", "statement"))


def test_an_unknown_kind_is_wrong_use_and_the_kinds_are_told() -> None:
    result = ask("list", "findigns")
    assert result.exit_code == 2
    assert "finding" in words(result.output)


def test_show_gives_rule_number_certainty_and_the_address_of_the_source() -> None:
    shown = words(answered("show", "nbods_2023"))
    assert "crp_mg_per_l <= 55 “CRP” is at most 55" in shown
    assert "55 verified kostik-2023, abstract" in shown
    assert "https://doi.org/10.3389/fped.2023.1067206" in shown


def test_show_as_json_carries_every_number_with_its_source() -> None:
    [entry] = as_json("show", "nbods_2023", "--kind", "criteria")
    values = {number["value"]: number["source"]["certainty"] for number in entry["numbers"]}
    assert values[55] == "verified"
    [source] = [one for one in entry["sources"] if one["id"] == "kostik-2023"][:1]
    assert (source["doi"], source["year"]) == ("10.3389/fped.2023.1067206", 2023)
    assert {"rules", "used_by", "entry"} <= entry.keys()


@pytest.mark.parametrize(
    "id_",
    [
        "fever",
        "crp",
        "whole_body_imaging",
        "lesion",
        "recent",
        "nbods_2023",
        "osteosarcoma",
        "blasts",
        "carpal_signal",
        "history_examination",
        "kostik-2023",
        "age_onset",
        "age_onset_bhat_2018",
        "nv1",
        "metacarpal_3",
        "hand",
        "M86.341",
        "overview",
    ],
)
def test_show_works_for_an_id_of_any_kind_and_fits_eighty_columns(id_: str) -> None:
    shown = answered("show", id_)
    assert max(map(len, shown.splitlines())) <= WIDTH
    assert id_ in shown


def test_an_unknown_id_is_wrong_use_and_says_what_may_be_meant() -> None:
    result = ask("show", "psoriassis")
    assert result.exit_code == 2
    assert "Did you mean 'psoriasis'" in words(result.output)


def test_check_is_content_with_the_files_as_they_are() -> None:
    assert answered("check").startswith("ok: version ")
    assert as_json("check")["ok"] is True


def test_check_counts_numbers_by_certainty_for_each_file() -> None:
    report = as_json("check", "--report")
    counts = {row["file"]: row for row in report["numbers"]}
    assert counts["criteria/nbods_2023.toml"]["memory"] == 0
    assert counts["criteria/nbods_2023.toml"]["verified"] > 0
    shown = answered("check", "--report")
    assert max(map(len, shown.splitlines())) <= WIDTH
    assert "all files" in shown


def test_check_tells_all_problems_at_once_and_ends_with_one(trial: Path) -> None:
    replace(trial / "criteria" / "nbods_2023.toml", 'of = "femur_lesion"', 'of = "femur_leson"')
    replace(trial / "labs.csv", "crp,1,4,female,,8,", "crp,4,1,female,,8,")
    result = ask("check", str(trial))
    assert result.exit_code == 1
    assert "criteria/nbods_2023.toml: femur" in result.output
    assert "Did you mean 'femur_lesion'?" in result.output
    assert "labs.csv: crp: has an empty age band" in result.output
    told = json.loads(ask("check", str(trial), "--json").output)
    assert (told["ok"], len(told["problems"])) == (False, len(result.output.splitlines()) - 1)


def test_sources_tells_each_with_its_address_and_how_many_have_none() -> None:
    listed = as_json("sources")
    [kostik] = [one for one in listed if one["id"] == "kostik-2023"]
    assert kostik["address"] == "https://doi.org/10.3389/fped.2023.1067206"
    assert kostik["cited_by"] > 0
    lost = [one["id"] for one in listed if not one["address"] and not one["ours"]]
    assert f"{len(lost)} of {len(listed)} have no address yet" in answered("sources")


def test_diff_of_a_threshold_names_the_entry_and_the_cases_that_change(trial: Path) -> None:
    criteria = trial / "criteria" / "nbods_2023.toml"
    replace(criteria, 'when = "crp_mg_per_l <= 55"', 'when = "crp_mg_per_l <= 40"')
    told = as_json("diff", str(DATA), str(trial))
    [entry] = told["entries"]
    assert (entry["what"], entry["file"]) == ("changed", "criteria/nbods_2023.toml")
    assert entry["fields"] == [
        {
            "path": "points[crp_mg_per_l].when",
            "before": "crp_mg_per_l <= 55",
            "after": "crp_mg_per_l <= 40",
        }
    ]
    # Case N6 has a CRP of exactly 55 and nothing else: 56 points as published, none in the trial.
    states = {
        one["case"].partition(":")[0]: (one["before"], one["after"])
        for one in told["answers"]
        if one["question"] == "state"
    }
    assert states["nbods_2023 N6"] == ("NBO more likely than BO", "BO not excluded")
    assert all(one["case"].startswith("nbods_2023 ") for one in told["answers"])


def test_diff_shows_which_example_child_would_be_answered_otherwise(trial: Path) -> None:
    flag = 'id = "bleeding_or_bruising"\nurgency = '
    replace(trial / "red_flags.toml", f'{flag}"emergency"', f'{flag}"urgent"')
    told = as_json("diff", str(DATA), str(trial))
    flags = {(one["case"], one["question"]) for one in told["answers"]}
    assert flags == {("example:leukaemia-like", "red flag bleeding_or_bruising")}


def test_diff_of_the_same_files_finds_nothing(trial: Path) -> None:
    assert answered("diff", str(DATA), str(trial)).splitlines() == [
        "Entries that differ: 0",
        "Answers that change: 0, in 0 cases",
    ]


def test_diff_takes_revisions_of_the_checkout() -> None:
    assert answered("diff", "HEAD", "HEAD").startswith("Entries that differ: 0")


def test_diff_with_a_version_that_does_not_load_still_compares_the_files(trial: Path) -> None:
    replace(trial / "criteria" / "nbods_2023.toml", 'of = "femur_lesion"', 'of = "femur_leson"')
    told = as_json("diff", str(DATA), str(trial))
    assert told["entries"][0]["fields"][0]["after"] == "femur_leson"
    assert told["answers"] is None
    assert "the new version doesn't load" in told["unanswered"][0]
    assert "Answers that change" not in answered("diff", str(DATA), str(trial))


@pytest.mark.parametrize("name", ["no-such-revision", "--exec=true", "."])
def test_what_is_no_version_is_wrong_use(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert ask("diff", "--", name, str(DATA)).exit_code == 2


def test_pages_are_made_anew_and_old_ones_go(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "old.md").write_text("old\n")
    answered("pages", "--output", str(tmp_path / "pages"))
    names = {path.name for path in (tmp_path / "pages").iterdir()}
    assert "README.md" in names
    assert "old.md" not in names
