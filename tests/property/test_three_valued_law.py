"""The law of the rules: an answer that is decided stays, and one child is as good as a million."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from multifocal.model.truth import UNKNOWN_NUMBER, UNKNOWN_TRUTH, Truth, span_of
from multifocal.rules.explain import reasons
from multifocal.rules.nodes import All, AtLeast, Calculate, Compare, Name, Node, Not, Number, Some
from multifocal.rules.parse import parse
from multifocal.rules.score import Pair, compiled, possibly, surely, total

TRUTHS = ("fever", "swelling", "redness", "warmth")
NUMBERS = ("crp", "esr", "days")

amounts = st.one_of(
    st.sampled_from(NUMBERS).map(Name),
    st.integers(0, 6).map(lambda n: Number(float(n))),
)
sums = st.one_of(
    amounts,
    st.builds(Calculate, st.sampled_from(["+", "-"]), amounts, amounts),
    st.builds(
        Calculate, st.sampled_from(["*", "/"]), amounts, st.integers(1, 3).map(lambda n: Number(n))
    ),
)
comparisons = st.builds(Compare, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), sums, sums)
claims: st.SearchStrategy[Node] = st.recursive(
    st.one_of(st.sampled_from(TRUTHS).map(Name), comparisons),
    lambda below: st.one_of(
        below.map(Not),
        st.lists(below, min_size=2, max_size=3).map(lambda items: All(tuple(items))),
        st.lists(below, min_size=2, max_size=3).map(lambda items: Some(tuple(items))),
        st.lists(below, min_size=2, max_size=4).flatmap(
            lambda items: st.integers(1, len(items)).map(lambda n: AtLeast(n, tuple(items)))
        ),
    ),
    max_leaves=12,
)
truths: st.SearchStrategy[Truth] = st.sampled_from([True, False, None])
values = st.one_of(st.none(), st.integers(0, 6).map(float))


def number_span(value: float | None) -> Pair:
    return UNKNOWN_NUMBER if value is None else (value, value)


children = st.builds(
    lambda said, measured: {
        **dict(zip(TRUTHS, map(span_of, said), strict=True)),
        **dict(zip(NUMBERS, map(number_span, measured), strict=True)),
    },
    st.tuples(*[truths] * len(TRUTHS)),
    st.tuples(*[values] * len(NUMBERS)),
)


@given(claims, children, st.data())
@settings(max_examples=300, deadline=None)
def test_answering_an_unknown_never_overturns_an_answer_already_decided(
    rule: Node, child: dict[str, Pair], data: st.DataObject
) -> None:
    low, high = compiled(rule)(child)
    answered = dict(child)
    for name, pair in child.items():
        if pair == UNKNOWN_TRUTH:
            answered[name] = span_of(data.draw(st.booleans()))
        elif pair == UNKNOWN_NUMBER:
            answered[name] = number_span(float(data.draw(st.integers(0, 6))))
    known_low, known_high = compiled(rule)(answered)
    assert bool(known_low) == bool(known_high)
    assert low <= known_low <= high


@given(claims, st.lists(children, min_size=1, max_size=5))
@settings(max_examples=200, deadline=None)
def test_a_population_gives_each_child_the_answer_it_gets_alone(
    rule: Node, several: list[dict[str, Pair]]
) -> None:
    scorer = compiled(rule)
    together = {
        name: (
            np.array([child[name][0] for child in several]),
            np.array([child[name][1] for child in several]),
        )
        for name in several[0]
    }
    size = len(several)
    lows, highs = (np.broadcast_to(side, size).tolist() for side in scorer(together))
    alone = [scorer(child) for child in several]
    assert lows == [bool(low) for low, _ in alone]
    assert highs == [bool(high) for _, high in alone]


@given(claims, children)
@settings(max_examples=300, deadline=None)
def test_the_quick_test_agrees_with_the_kernel(rule: Node, child: dict[str, Pair]) -> None:
    low, high = compiled(rule)(child)
    assert (surely(rule)(child), possibly(rule)(child)) == (bool(low), bool(high))


@given(st.lists(st.tuples(claims, st.integers(-20, 60)), min_size=1, max_size=5), children)
@settings(max_examples=150, deadline=None)
def test_a_score_interval_holds_every_score_that_full_answers_can_give(
    points: list[tuple[Node, int]], child: dict[str, Pair]
) -> None:
    scorer = total([(compiled(rule), weight) for rule, weight in points])
    low, high = scorer(child)
    unknown = [name for name, pair in child.items() if pair == UNKNOWN_TRUTH]
    for answers in product([False, True], repeat=len(unknown)):
        full = child | {
            name: (answer, answer) for name, answer in zip(unknown, answers, strict=True)
        }
        least, most = scorer(full)
        assert low <= least <= most <= high


@given(claims, children)
@settings(max_examples=200, deadline=None)
def test_explain_names_only_words_that_alone_keep_a_decided_answer(
    rule: Node, child: dict[str, Pair]
) -> None:
    scorer = compiled(rule)
    low, high = scorer(child)
    if low != high:
        return
    named = reasons(rule, child)
    rest = {
        name: pair if name in named else (UNKNOWN_TRUTH if name in TRUTHS else UNKNOWN_NUMBER)
        for name, pair in child.items()
    }
    assert scorer(rest) == (low, high)


def test_the_three_valued_tables_are_kleenes() -> None:
    """Tables from S. C. Kleene, Introduction to Metamathematics (1952), paragraph 64."""
    both = {
        (True, True): True, (True, False): False, (True, None): None,
        (False, True): False, (False, False): False, (False, None): False,
        (None, True): None, (None, False): False, (None, None): None,
    }  # fmt: skip
    for (a, b), expected in both.items():
        words = {"a": span_of(a), "b": span_of(b)}
        assert compiled(parse("a and b"))(words) == span_of(expected)
        opposite = None if expected is None else not expected
        assert compiled(parse("not (a and b)"))(words) == span_of(opposite)
        flipped = {name: compiled(Not(Name(name)))(words) for name in words}
        assert compiled(parse("a or b"))(flipped) == span_of(opposite)
