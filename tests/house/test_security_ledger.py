"""The security ledger is whole, and every proof that it names is there."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

CHAPTERS = dict(enumerate((27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7), start=1))
"""Requirements of levels 1 and 2 by chapter, counted in the standard's table."""
LEVELS = {1: 70, 2: 183}
"""The same by level."""

NUMBER = re.compile(r"[1-9]\d?\.[1-9]\.[1-9]\d?")
MET, PARTLY, NOT_MET, ELSEWHERE = "met", "partly", "not met", "does not apply"
PROOF = re.compile(r"`([^`]+)`")


class Line(NamedTuple):
    """A row of the ledger."""

    chapter: int
    number: str
    level: int
    words: str
    state: str
    shown: tuple[str, ...]

    @property
    def is_missing(self) -> bool:
        """Whether something is left to do."""
        return self.state.startswith((PARTLY, NOT_MET))


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "security" / "asvs.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def lines(page: str) -> list[Line]:
    found = []
    for chapter in re.split(r"^## (?=\d)", page, flags=re.MULTILINE)[1:]:
        for row in re.findall(r"^\| (\d.*) \|$", chapter, flags=re.MULTILINE):
            number, level, words, state, *rest = (cell.strip() for cell in row.split(" | "))
            shown = tuple(PROOF.findall(" ".join(rest)))
            found.append(
                Line(int(chapter.split()[0]), number, int(level), words, state.rstrip(" |"), shown)
            )
    return found


def test_every_requirement_of_the_standard_has_one_line(lines: list[Line]) -> None:
    numbers = [line.number for line in lines]
    assert [number for number in numbers if not NUMBER.fullmatch(number)] == []
    assert [number for number, count in Counter(numbers).items() if count > 1] == []
    assert all(line.number.startswith(f"{line.chapter}.") for line in lines)
    assert dict(Counter(line.chapter for line in lines)) == CHAPTERS
    assert dict(Counter(line.level for line in lines)) == LEVELS
    order = [tuple(map(int, number.split("."))) for number in numbers]
    assert order == sorted(order)


def test_the_counts_that_are_told_are_those_of_the_lines(page: str, lines: list[Line]) -> None:
    told = [int(count) for count in re.findall(r"^(\d+) requirements\.$", page, re.MULTILINE)]
    assert told == list(CHAPTERS.values())
    counts = Counter(line.state.partition(":")[0] for line in lines)
    assert counts.keys() == {MET, PARTLY, NOT_MET, ELSEWHERE}
    wanted = [*(counts[state] for state in (MET, PARTLY, NOT_MET, ELSEWHERE)), len(lines)]
    assert f"| {' | '.join(map(str, wanted))} |" in page


def test_what_is_not_wholly_met_says_what_is_missing_and_stands_at_the_top(
    page: str, lines: list[Line]
) -> None:
    silent = [line for line in lines if line.state != MET and not line.state.partition(": ")[2]]
    assert silent == []
    top = page.partition("## What is missing")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (\d[\d.]+) \| \d \| (.*) \|$", top, flags=re.MULTILINE)
    assert sorted(rows) == sorted((line.number, line.state) for line in lines if line.is_missing)


def test_every_line_that_applies_has_its_proof(lines: list[Line]) -> None:
    bare = [
        line.number for line in lines if line.state.startswith((MET, PARTLY)) and not line.shown
    ]
    assert bare == []


def test_every_test_and_file_that_is_named_is_there(lines: list[Line], root: Path) -> None:
    missing = [
        f"{line.number}: {name}"
        for line in lines
        for name in line.shown
        if not is_there(root, name)
    ]
    assert missing == []


def test_a_proof_that_is_not_there_is_seen(root: Path) -> None:
    here = "tests/house/test_security_ledger.py"
    assert is_there(root, f"{here}::test_a_proof_that_is_not_there_is_seen")
    assert not is_there(root, f"{here}::test_of_nothing")
    assert not is_there(root, "tests/house/test_of_nothing.py")


def is_there(root: Path, name: str) -> bool:
    file, _, function = name.partition("::")
    path = root / file
    return path.is_file() and (not function or function in functions_in(path))


@cache
def functions_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )
