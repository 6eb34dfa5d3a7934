import pytest

from multifocal.rules.nodes import AtLeast, Compare, Name, Not, Number, Text, Within
from multifocal.rules.parse import RuleError, parse, type_of


def test_a_comparison_reads_as_written() -> None:
    assert parse("crp >= 10") == Compare(">=", Name("crp"), Number(10.0))


def test_at_least_takes_a_count_and_items() -> None:
    assert parse("at_least(2, a, b, c)") == AtLeast(2, (Name("a"), Name("b"), Name("c")))


def test_not_in_is_the_opposite_of_in() -> None:
    assert parse("bone not in ('radius', 'ulna')") == Not(Within(Name("bone"), ("radius", "ulna")))


def test_a_text_may_be_sought_among_the_places_of_a_fact() -> None:
    assert parse("'hand' in place") == Within(Text("hand"), Name("place"))


@pytest.mark.parametrize(
    ("rule", "column"),
    [
        ("crp >", "column"),
        ("__import__('os')", "column 1"),
        ("a if b else c", "column 1"),
        ("a and open('x')", "column 7"),
        ("1 < crp < 5", "column 1"),
        ("at_least(3, a, b)", "column 1"),
        ("at_least(n, a)", "column 1"),
        ("crp / esr", "column 7"),
        ("crp * -1", "column 7"),
        ("crp ** 2", "column 1"),
        ("a.b", "column 1"),
        ("lambda: a", "column 1"),
        ("bone in bones + others", "column 9"),
        ("a is None", "column 1"),
    ],
)
def test_anything_else_is_refused_with_its_column(rule: str, column: str) -> None:
    with pytest.raises(RuleError, match=column):
        parse(rule)


@pytest.mark.parametrize(
    "rule", ["crp and fever", "not crp", "fever > 3", "crp == sex", "sex in fever", "unheard"]
)
def test_types_that_do_not_fit_are_refused(rule: str) -> None:
    with pytest.raises(RuleError):
        type_of(parse(rule), {"crp": "number", "fever": "truth", "sex": "text"})
