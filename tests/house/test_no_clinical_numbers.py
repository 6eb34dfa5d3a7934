"""A number in the code is a clinical number without a source, until it is shown to be none."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PLAIN = {-1, 0, 1, 2}
"""Numbers that any code needs."""

ALLOWED: dict[str, dict[float, str]] = {
    "report/arrange.py": {3: "days that a row names before it gives the first and the last only"},
    "report/checker.py": {24: "places that are named on the page"},
    "report/differential.py": {
        6: "findings for, against and open that are shown of a condition",
        10: "decibans in a decade",
    },
    "report/pdf.py": {0x024F: "end of the Latin letters in Unicode"},
    "report/plots.py": {
        366: "days in a leap year, to choose how an axis is written",
        3: "years that still fit on an axis by months; three quarters of a width",
        4: "quarters of a width",
    },
    "report/prose.py": {
        6: "sentences that the summary holds",
        3: "things that one sentence holds",
    },
    "report/terminal.py": {
        80: "columns of a terminal",
        30: "columns of a bar",
        3: "share of a column in the width",
        5: "share of a column in the width",
    },
    "report/replay.py": {100: "columns of a terminal"},
    "report/typeset.py": {12: "documents after which typst has forgotten one"},
    "report/validation.py": {
        100: "columns of a terminal; per cent",
        3: "places of a ranking that a case shows",
        0.001: "a smaller p is not written out",
    },
    "report/words.py": {12: "months in a year", 1000: "from here on a number is written whole"},
    "report/score.py": {80: "columns of a terminal"},
    "rules/reduce.py": {100: "a whole in per cent", 10: "digits kept of a quotient"},
    "workup/age.py": {
        12: "months in a year",
        3: "March: the birthday of a child of 29 February, in a year without one",
    },
    "workup/checker.py": {2020: "year of the day that stands for today"},
    "workup/contradictions.py": {4: "how many versions of the knowledge are kept ready"},
    "workup/counterfactual.py": {
        4: "how many versions of the knowledge are kept ready",
        10: "shares are powers of ten",
    },
    "workup/differential.py": {10: "shares are powers of ten"},
    "workup/likelihood.py": {
        1000: "weights in a decade",
        1.645: "standard deviations to each side of a 90 % interval",
        4: "how many versions of the knowledge are kept ready",
        4096: "variances kept at hand",
        10: "base of logarithm; where a series is exact enough",
        3: "answers to a finding; third term of a series",
        6: "third term of a series",
    },
    "workup/next_best.py": {4: "how many versions of the knowledge are kept ready"},
    "workup/suppose.py": {1024: "answers whose consequences are kept at hand"},
    "workup/generic.py": {4: "quartiles"},
    "workup/statistics.py": {
        4: "in the formula of Wilson's interval",
        10: "bins of the calibration",
        0.95: "level of the intervals",
    },
    "workup/validate.py": {
        3: "places of a ranking that count as the first",
        5: "the same, one of the figures",
        10: "the same, one of the figures",
    },
    "workup/ready.py": {4: "how many versions of the knowledge are kept ready"},
}
"""By module: a number, and why it is none of medicine."""

DRAWN = ("report/bodymap.py", "report/charts.py", "report/plots.py")
"""Modules that draw: lengths on paper are free there, but nothing may be compared with a number."""


class Literal(NamedTuple):
    """A number as it stands in the code."""

    value: float
    line: int
    is_compared: bool


def literals(text: str) -> Iterator[Literal]:
    """Give every number written in a module, a minus sign being part of it."""
    tree = ast.parse(text)
    signed: set[ast.expr] = set()
    compared = {
        part
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
        for part in ast.walk(side)
    }
    for node in ast.walk(tree):
        match node:
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                signed.add(node.operand)
                yield Literal(-value, node.lineno, node in compared)
            case ast.Constant(value=int() | float() as value) if node not in signed:
                if not isinstance(value, bool):
                    yield Literal(value, node.lineno, node in compared)


def unexplained(source: Path) -> list[str]:
    found = []
    for package in ("workup", "rules", "report"):
        for path in sorted((source / package).rglob("*.py")):
            name = path.relative_to(source).as_posix()
            allowed = PLAIN | ALLOWED.get(name, {}).keys()
            found += [
                f"{name}:{literal.line}: {literal.value}"
                for literal in literals(path.read_text(encoding="utf-8"))
                if literal.value not in allowed and (literal.is_compared or name not in DRAWN)
            ]
    return found


def test_no_number_stands_in_code_that_is_not_known_to_be_none_of_medicine(source: Path) -> None:
    assert unexplained(source) == []


def test_no_allowance_is_left_for_a_number_that_is_gone(source: Path) -> None:
    left = [
        f"{name}: {value}"
        for name, values in ALLOWED.items()
        for value in values
        if value not in {one.value for one in literals((source / name).read_text("utf-8"))}
    ]
    assert left == []


def test_a_threshold_is_found_wherever_it_is_written() -> None:
    text = "LIMIT = 30\ndef raised(crp=5.5):\n    return crp > LIMIT + 48 or crp == -7\n"
    assert [(one.value, one.is_compared) for one in literals(text)] == [
        (30, False),
        (5.5, False),
        (-7, True),
        (48, True),
    ]
