"""A toy ontology: `all` over `bone` and `skin`, `bone` over `lysis` and `pain`.

Four diseases; information content on paper: `all` log(4/4), `bone` log(4/3), `skin` log(4/2),
`lysis` log(4/1), `pain` log(4/2).
"""

from math import isclose, log

import pytest

from multifocal.model.validation import CaseResult, Place
from multifocal.workup.generic import Ontology, baseline, engine, place_of, scores

TREE = Ontology(
    name="toy",
    ancestors={
        "all": frozenset({"all"}),
        "bone": frozenset({"bone", "all"}),
        "skin": frozenset({"skin", "all"}),
        "lysis": frozenset({"lysis", "bone", "all"}),
        "pain": frozenset({"pain", "bone", "all"}),
    },
    diseases={
        "D:1": frozenset({"lysis"}),
        "D:2": frozenset({"pain", "skin"}),
        "D:3": frozenset({"pain"}),
        "D:4": frozenset({"skin"}),
    },
)


def outcome(id_: str, truth: str, *order: str) -> CaseResult:
    return CaseResult(
        id=id_,
        truth=truth,
        is_cmo=truth == "cmo",
        called_cmo=False,
        abstained=False,
        rank=None,
        known=1,
        red_flags=(),
        flag_due=False,
        alarm=False,
        dangerous=False,
        held_open=False,
        ranked=tuple(Place(one, 0.1, 0.0, 0.2, "possible") for one in order),
        age="",
        sex=None,
        hand=None,
        source_depth="",
    )


def test_a_term_matches_by_its_most_informative_shared_ancestor() -> None:
    scored = scores(["lysis"], engine(TREE))
    assert isclose(scored["D:1"], log(4))
    assert isclose(scored["D:2"], log(4 / 3))
    assert scored["D:4"] == 0.0


def test_a_disease_scores_the_mean_over_the_terms() -> None:
    scored = scores(["pain", "skin"], engine(TREE))
    assert isclose(scored["D:2"], log(2))
    assert isclose(scored["D:3"], log(2) / 2)
    assert isclose(scored["D:1"], log(4 / 3) / 2)


def test_a_term_that_the_ontology_lacks_counts_for_nothing() -> None:
    assert scores(["pain", "fever"], engine(TREE)) == scores(["pain"], engine(TREE))


def test_without_terms_all_diseases_tie() -> None:
    assert place_of(["D:1"], scores([], engine(TREE))) == 2.5


def test_a_disease_that_is_not_there_has_no_place() -> None:
    assert place_of(["D:9"], {"D:1": 1.0}) is None


def test_both_engines_are_ranked_among_the_conditions_that_the_generic_one_knows() -> None:
    cases = [
        outcome("a", "cmo", "unknown_to_it", "cmo_hand", "other"),
        outcome("b", "unknown_to_it", "unknown_to_it"),
    ]
    found = baseline(
        cases,
        {"a": ["pain"], "b": ["pain"]},
        engine(TREE),
        {"cmo": ("D:1",), "other": ("D:3", "D:9"), "unknown_to_it": ("D:8",), "none": ()},
    )
    [rank] = found.ranks
    assert rank.id == "a"
    assert (rank.ours_closed, rank.rank_closed) == (1, 2.0)
    assert rank.rank_open == 3.0
    assert (found.diseases, found.conditions, found.nameable) == (4, 2, 1)
    first = found.paired[0]
    assert (first.both, first.ours_only, first.theirs_only, first.neither) == (0, 1, 0, 0)
    assert first.p == 1.0


@pytest.mark.parametrize("ranks", [0, 1])
def test_quartiles_of_one_child_are_that_child_and_of_none_are_none(ranks: int) -> None:
    cases = [outcome("a", "cmo", "cmo")][:ranks]
    found = baseline(cases, {"a": ["lysis"]}, engine(TREE), {"cmo": ("D:1",)})
    assert found.cmo_rank_open == ((1.0, 1.0, 1.0) if ranks else None)
