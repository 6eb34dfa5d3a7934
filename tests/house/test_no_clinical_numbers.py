"""A number in the code is a clinical number without a source, until it is shown to be none."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

PLAIN = {-1, 0, 1, 2}
"""Numbers that any code needs."""

ALLOWED: dict[str, dict[float, str]] = {
    "cli/score.py": {0.4: "how alike a name is to one that was mistyped"},
    "exchange/cases.py": {120: "years that nobody lives"},
    "exchange/context.py": {
        3: "names in a row that make a list",
        7: "words over which a cue reaches",
    },
    "exchange/dates.py": {
        1880: "year before which nobody was born",
        2500: "year of no end",
        150: "years that nobody lives",
        15: "years between two days of which one is mistyped",
        366: "days in a leap year",
    },
    "exchange/documents.py": {
        0.3: "share of words of a language that make a text one of it",
        3: "bytes that base64 writes as four",
        4: "letters for three bytes in base64",
        0x10000: "characters of the first plane of Unicode",
    },
    "exchange/fhir/bundle.py": {4: "bundles inside bundles that are opened"},
    "exchange/mentions.py": {12: "bones in a row of them"},
    "exchange/numbers.py": {
        4: "how far from the usual a reading is ruled out",
        0xFEE0: "from wide signs to plain ones in Unicode",
    },
    "exchange/limits.py": {0.001: "a thousandth of a power of ten"},
    "exchange/read.py": {30: "bits of the size of a file", 8: "bytes that tell how it is packed"},
    "exchange/text.py": {0.5: "half of a unit"},
    "exchange/units.py": {0.001: "rounding of a factor"},
    "knowledge/check_criteria.py": {0.006: "rounding of a printed share"},
    "knowledge/check_differential.py": {0.001: "rounding of a sum"},
    "knowledge/figures.py": {
        0.95: "level of the intervals",
        0.05: "how near a share has to be to a whole number",
        4: "in the formula of Wilson's interval",
        10: "parts of a rate",
    },
    "portal/accounts/people.py": {
        60: "seconds and minutes",
        20: "children and invitations an hour",
        10: "emergencies an hour",
    },
    "portal/article/kept.py": {200: "status of an answer that is well"},
    "portal/article/search.py": {
        1.2: "of the ranking of words found",
        0.6: "of the ranking of words found",
        0.5: "of the ranking of words found",
        0.4: "of the ranking of words found",
        4: "quarters of an excerpt",
    },
    "portal/calculators/forms.py": {4: "choices that are shown as buttons"},
    "portal/care/suppress.py": {10: "least count of children that is shown"},
    "portal/lesion_map/drawing.py": {12: "a length on paper", 3: "a length on paper"},
    "portal/limits.py": {4: "the version of an address"},
    "portal/markdown.py": {3: "parts of a page"},
    "portal/middleware.py": {60: "seconds after which activity is noted again"},
    "portal/audit/verify.py": {64: "digits of a digest"},
    "portal/passwords.py": {4: "keys in a row that count as one"},
    "portal/private.py": {0o077: "rights of others on a file"},
    "report/checker.py": {24: "places that are named on the page"},
    "report/reading.py": {5: "things not read that the first page names"},
    "report/pdf.py": {0x024F: "end of the Latin letters in Unicode", 3: "pages that are printed"},
    "report/plots.py": {
        366: "days in a leap year, to choose how an axis is written",
        3: "years that still fit on an axis by months; three quarters of a width",
        4: "quarters of a width",
    },
    "report/terminal.py": {80: "columns of a terminal", 15: "columns of a name"},
    "report/document.py": {3: "the level of a heading"},
    "report/family.py": {3: "things, places and tests that the page names"},
    "report/glance.py": {5: "conditions that stand beside a form"},
    "report/html.py": {3: "the level of a heading", 4: "the level of a heading"},
    "report/letter.py": {
        3: "things of a kind that the first page names",
        5: "things of a kind that a line of facts names",
        99: "behind all others",
    },
    "report/pages.py": {
        3: "conditions that are told in full; days that a row names",
        5: "findings that are shown of a condition",
        10: "tenths of a decade",
    },
    "report/replay.py": {100: "columns of a terminal"},
    "report/typeset.py": {12: "documents after which typst has forgotten one"},
    "report/validation.py": {
        100: "columns of a terminal; per cent",
        3: "places of a ranking that a case shows",
        0.001: "a smaller p is not written out",
    },
    "report/words.py": {
        12: "months in a year",
        120: "letters of a name that are shown",
        1000: "from here on a number is written whole",
    },
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
    "workup/differential.py": {
        10: "shares are powers of ten",
        4: "how many versions of the knowledge are kept ready",
    },
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
        2000: "sets of answers that are simulated",
        31: "bits of the numbers that are drawn",
        48271: "of the generator of what is simulated",
    },
    "workup/validate.py": {
        3: "places of a ranking that count as the first",
        5: "the same, one of the figures",
        10: "the same, one of the figures",
    },
    "workup/steps.py": {3: "steps on a first page"},
    "workup/ready.py": {4: "how many versions of the knowledge are kept ready"},
}
"""By module: a number, and why it is none of medicine."""

DRAWN = ("report/bodymap.py", "report/charts.py", "report/locator.py", "report/plots.py")
"""Modules that draw: lengths on paper are free there, but nothing may be compared with a number."""


DECIDING = ("workup", "rules", "report")
"""Packages that conclude something or show it: each number there is explained."""
MEASURES = {7, 12, 24, 60, 100, 1000, 1024, 30.4375, 365.25}
"""Factors between units of time, of size, and per cent. Elsewhere they may stand as factors, but
nothing may be compared with them."""


class Literal(NamedTuple):
    """A number as it stands in the code."""

    value: float
    line: int
    is_compared: bool
    is_reckoned: bool = False
    """Whether it may meet a value: it is compared with more than a length, itself or by the name of
    its constant; it is a term beside something that is no number; or it is no whole number."""


def literals(text: str) -> Iterator[Literal]:
    """Give every number written in a module, a minus sign being part of it."""
    tree = ast.parse(text)
    signed: set[ast.AST] = set()
    compared = {
        part for one in ast.walk(tree) for side in _compared(one) for part in ast.walk(side)
    }
    met = set(_met(tree))
    reckoned = met | set(_reckoned(tree))
    for node in ast.walk(tree):
        match node:
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                signed.add(node.operand)
                value = -value
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                pass
            case _:
                continue
        if node not in signed:
            is_whole = value % 1 == 0 or value in MEASURES
            is_factor = value in MEASURES and node not in met
            used = (node in reckoned and not is_factor) or not is_whole
            yield Literal(value, node.lineno, node in compared, used)


def _compared(node: ast.AST) -> tuple[ast.expr, ...]:
    return (node.left, *node.comparators) if isinstance(node, ast.Compare) else ()


def _met(tree: ast.Module) -> Iterator[ast.AST]:
    """Give what is compared by size with more than a length, and what is behind a name that is."""
    places = _places(tree)
    parts = [
        part
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and not _has_length(_compared(node))
        if not isinstance(node.ops[0], ast.In | ast.NotIn)
        for side in _compared(node)
        for part in ast.walk(side)
        if part not in places
    ]
    names = {part.id for part in parts if isinstance(part, ast.Name)}
    yield from parts
    for node in ast.walk(tree):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ) if name in names and name.isupper():
                yield from ast.walk(value)


def _has_length(sides: Iterable[ast.expr]) -> bool:
    calls = (part for side in sides for part in ast.walk(side) if isinstance(part, ast.Call))
    return any(isinstance(call.func, ast.Name) and call.func.id == "len" for call in calls)


def _reckoned(tree: ast.Module) -> Iterator[ast.AST]:
    """Give the terms beside what is no number; a place in a text or list is none."""
    places = _places(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and node not in places:
            if not all(map(_is_number, (node.left, node.right))):
                yield from (node.left, node.right)


def _places(tree: ast.Module) -> set[ast.AST]:
    slices = (node.slice for node in ast.walk(tree) if isinstance(node, ast.Subscript))
    return {part for one in slices for part in ast.walk(one)}


def _is_number(side: ast.expr) -> bool:
    """Whether it is made of numbers alone, such as `60 * 60`."""
    parts = [node for node in ast.walk(side) if isinstance(node, ast.expr)]
    return all(isinstance(part, ast.Constant | ast.BinOp | ast.UnaryOp) for part in parts)


def unexplained(source: Path) -> list[str]:
    found = []
    for path in sorted(source.rglob("*.py")):
        name = path.relative_to(source).as_posix()
        allowed = PLAIN | ALLOWED.get(name, {}).keys()
        decides = name.startswith(DECIDING)
        found += [
            f"{name}:{literal.line}: {literal.value}"
            for literal in literals(path.read_text(encoding="utf-8"))
            if literal.value not in allowed
            and (literal.is_compared or name not in DRAWN)
            and (literal.is_reckoned or decides)
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


@pytest.mark.parametrize(
    "text",
    [
        "FEVER = 38\ndef has(degrees):\n    return degrees > FEVER",
        "def has(degrees):\n    return 38 < degrees",
        "def has(weeks, since=12):\n    return weeks > 12",
        "def converted(value):\n    return value * 113",
        "def converted(value):\n    return convert(value, factor=11.3)",
        "LOW = {'hb': 115}\ndef low(one, value):\n    return value < LOW[one]",
    ],
)
def test_a_number_that_meets_a_value_is_one_to_explain(text: str) -> None:
    assert any(one.is_reckoned for one in literals(text))


@pytest.mark.parametrize(
    "text",
    [
        "LIMIT = 60 * 60\nanswer = reply(status=404)",
        "def first(text):\n    return text[:512] if len(text) > 512 else text",
        "def days(weeks):\n    return weeks * 7",
    ],
)
def test_a_number_that_meets_none_needs_no_explanation_where_nothing_is_decided(text: str) -> None:
    assert not any(one.is_reckoned for one in literals(text))
