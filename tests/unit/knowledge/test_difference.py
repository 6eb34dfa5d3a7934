from pathlib import Path

import pytest

from multifocal.knowledge.difference import Change, Field, differences
from multifocal.model.issue import KnowledgeError

FLAGS = """
[[flag]]
id = "a"
when = "crp > 5"
source = { id = "x-2020", certainty = "verified" }

[[flag]]
id = "b"
when = "esr > 20"
signs = [ { finding = "f", strength = "weak" }, { finding = "g", strength = "weak" } ]
"""
SET = """
id = "whole"
[[item]]
name = "crp"
points = 3
[[item]]
name = "esr"
points = 4
"""
LABS = "analyte,from,to,high\ncrp,0,1,8\ncrp,1,4,9\nesr,0,18,10\n"
PAGE = "# Title\n\nOne.\n\nTwo.\n"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return written(tmp_path / "old")


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return written(tmp_path / "new")


def written(folder: Path) -> Path:
    (folder / "criteria").mkdir(parents=True)
    (folder / "flags.toml").write_text(FLAGS)
    (folder / "criteria" / "whole.toml").write_text(SET)
    (folder / "labs.csv").write_text(LABS)
    (folder / "page.md").write_text(PAGE)
    return folder


def replace(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert text.count(before) == 1
    path.write_text(text.replace(before, after))


def test_the_same_files_do_not_differ(old: Path, new: Path) -> None:
    assert differences(old, new) == ()


def test_another_order_of_entries_is_no_difference(old: Path, new: Path) -> None:
    (new / "labs.csv").write_text("analyte,from,to,high\nesr,0,18,10\ncrp,1,4,9\ncrp,0,1,8\n")
    assert differences(old, new) == ()


def test_another_order_of_the_parts_of_an_entry_is_one(old: Path, new: Path) -> None:
    replace(new / "flags.toml", '{ finding = "f", strength = "weak" }, ', "")
    replace(new / "flags.toml", '"weak" } ]', '"weak" }, { finding = "f", strength = "weak" } ]')
    assert differences(old, new) == (
        Change("changed", "flags.toml", "b", (Field("signs, order", "f, g", "g, f"),)),
    )


def test_a_threshold_is_told_by_entry_and_key(old: Path, new: Path) -> None:
    replace(new / "flags.toml", "crp > 5", "crp > 6")
    assert differences(old, new) == (
        Change("changed", "flags.toml", "a", (Field("when", "crp > 5", "crp > 6"),)),
    )


def test_a_key_inside_a_part_is_told_by_the_name_of_the_part(old: Path, new: Path) -> None:
    replace(new / "criteria" / "whole.toml", "points = 4", "points = 5")
    replace(new / "flags.toml", '"g", strength = "weak"', '"g", strength = "strong"')
    assert [(one.id, one.fields[0].path) for one in differences(old, new)] == [
        ("whole", "item[esr].points"),
        ("b", "signs[g].strength"),
    ]


def test_a_row_that_shares_its_key_is_told_apart_from_the_others(old: Path, new: Path) -> None:
    replace(new / "labs.csv", "crp,1,4,9", "crp,1,4,7")
    [change] = differences(old, new)
    assert change.id == "crp (1, 4, 7)"
    assert change.fields == (Field("high", "9", "7"),)


def test_entries_and_keys_that_come_and_go_are_told(old: Path, new: Path) -> None:
    replace(new / "flags.toml", 'id = "b"', 'id = "c"')
    replace(new / "flags.toml", 'source = { id = "x-2020", certainty = "verified" }', "")
    (new / "labs.csv").unlink()
    found = {(one.what, one.file, one.id) for one in differences(old, new)}
    assert found == {
        ("changed", "flags.toml", "a"),
        ("added", "flags.toml", "c"),
        ("removed", "flags.toml", "b"),
        ("removed", "labs.csv", "crp (0, 1, 8)"),
        ("removed", "labs.csv", "crp (1, 4, 9)"),
        ("removed", "labs.csv", "esr"),
    }
    [gone] = [one.fields for one in differences(old, new) if one.what == "changed"]
    assert gone == (Field("source", "{ id = x-2020, certainty = verified }", None),)


def test_a_paragraph_of_the_article_is_told(old: Path, new: Path) -> None:
    replace(new / "page.md", "Two.", "Three.")
    assert differences(old, new) == (
        Change("changed", "page.md", "page", (Field("paragraph[3]", "Two.", "Three."),)),
    )


def test_a_paragraph_put_in_between_does_not_change_the_others(old: Path, new: Path) -> None:
    replace(new / "page.md", "One.\n", "One.\n\nBetween.\n")
    [change] = differences(old, new)
    assert change.fields == (Field("paragraph[3]", None, "Between."),)


def test_a_file_that_cannot_be_parsed_is_named(old: Path, new: Path) -> None:
    (new / "flags.toml").write_text("[[flag]\n")
    with pytest.raises(KnowledgeError, match=r"flags\.toml: can't be read"):
        differences(old, new)
