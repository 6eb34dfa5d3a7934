"""Identifiers that carry a check digit: one that fails it is mistyped."""

import csv
import re
from pathlib import Path

import pytest

LOINC = re.compile(r"(?<![\w.-])(\d{3,7}-\d)(?![\w.-])")
TELLS_LOINC = re.compile(r"loinc", re.IGNORECASE)
NEAR = 200
"""How far from the word LOINC a number of this shape is taken for a code of it."""

MADE_UP = {"99999-9"}
"""Codes that tests use because nobody has given them a meaning."""

SNOMED = re.compile(
    r"""(?:snomed\.info/sct["',\s]+(?:"code":\s*)?["']?|snomed["']?\s*[,:=]\s*["']?)(\d{6,18})"""
)

_TIMES = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_MOVED = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip
"""The two tables of Verhoeff's check, as SNOMED International publishes them."""


def mod_10_holds(code: str) -> bool:
    """Check a LOINC code: every second digit from the right counts twice.

    The example is worked out in the LOINC users' guide: 2345-7 is glucose.
    """
    digits, _, check = code.partition("-")
    doubled = str(int(digits[::-1][::2][::-1]) * 2)
    others = digits[::-1][1::2][::-1]
    return (10 - sum(map(int, others + doubled)) % 10) % 10 == int(check)


def verhoeff_holds(code: str) -> bool:
    """Check a SNOMED CT identifier."""
    check = 0
    for place, digit in enumerate(reversed(code)):
        check = int(_TIMES[check][int(_MOVED[place % 8][int(digit)])])
    return check == 0


def texts(files: tuple[Path, ...]) -> dict[Path, str]:
    """Give every text file that may hold codes; records of others are as they are."""
    kinds = {".py", ".toml", ".csv", ".tsv", ".json", ".md"}
    return {
        path: path.read_text(encoding="utf-8")
        for path in files
        if path.suffix in kinds and "tests/data" not in path.as_posix()
    }


@pytest.mark.parametrize("code", ["2345-7", "1988-5", "718-7", "45323-3"])
def test_a_loinc_code_that_is_in_use_passes(code: str) -> None:
    assert mod_10_holds(code)


@pytest.mark.parametrize("code", ["45323-1", "26028-3", "2345-6"])
def test_a_mistyped_loinc_code_fails(code: str) -> None:
    assert not mod_10_holds(code)


@pytest.mark.parametrize("code", ["73211009", "138875005", "900000000000207008"])
def test_a_snomed_id_that_is_in_use_passes(code: str) -> None:
    # diabetes mellitus, the root concept, and the core module, as SNOMED International names them
    assert verhoeff_holds(code)


@pytest.mark.parametrize("code", ["73211008", "73211090", "138875050"])
def test_a_mistyped_snomed_id_fails(code: str) -> None:
    assert not verhoeff_holds(code)


def test_every_loinc_code_holds(files: tuple[Path, ...]) -> None:
    wrong = [
        f"{path}: {found[1]}"
        for path, text in texts(files).items()
        if path.name != "test_check_digits.py" and TELLS_LOINC.search(text)
        for found in LOINC.finditer(text)
        if TELLS_LOINC.search(text, max(0, found.start() - NEAR), found.start())
        and found[1] not in MADE_UP
        and not mod_10_holds(found[1])
    ]
    assert wrong == []


def test_every_snomed_id_holds(files: tuple[Path, ...]) -> None:
    wrong = [
        f"{path}: {found[1]}"
        for path, text in texts(files).items()
        for found in SNOMED.finditer(text)
        if not verhoeff_holds(found[1])
    ]
    assert wrong == []


def test_every_row_of_the_value_sets_and_tables_holds(root: Path) -> None:
    data = root / "src" / "multifocal" / "knowledge" / "data"
    checks = {"loinc": mod_10_holds, "snomed": verhoeff_holds}
    seen = 0
    for path in (
        *sorted((data / "terms").glob("*.tsv")),
        data / "site_codes.csv",
        data / "answers.csv",
    ):
        with path.open(encoding="utf-8", newline="") as opened:
            for row in csv.DictReader(opened, delimiter="\t" if path.suffix == ".tsv" else ","):
                check = checks.get(row.get("system") or "")
                code = row.get("code") or ""
                if check is not None and not code.startswith("LA"):
                    seen += 1
                    assert check(code), f"{path.name}: {code}"
    assert seen > 1000
