"""Figures counted by hand from made-up outcomes; then the whole way with synthetic children."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from bench.validation import without
from multifocal.knowledge.entries_differential import PriorEntry
from multifocal.model.record import Record
from multifocal.model.validation import CaseResult, Place, Trial
from multifocal.workup.validate import (
    figures,
    has_cmo,
    rank_of,
    try_out,
    validation,
    without_facts,
)
from tests.unit.workup.children import AS_OF, GIRL, fact, hand_child, knowledge

SETTING = "paediatric_rheumatology_referral"


def outcome(id_: str, truth: str | None, *order: str, **columns: Any) -> CaseResult:
    """Give an outcome whose conditions have probabilities 0.5, 0.25, ... in this order."""
    plain = CaseResult(
        id=id_,
        truth=truth,
        is_cmo=truth == "cmo",
        called_cmo=order[:1] == ("cmo",),
        abstained=False,
        rank=rank_of(truth, order),
        known=5,
        red_flags=(),
        flag_due=False,
        alarm=False,
        dangerous=False,
        held_open=False,
        ranked=tuple(
            Place(one, 0.5 ** (place + 1), 0.0, 1.0, "possible") for place, one in enumerate(order)
        ),
        age="age_6_to_11",
        sex="female",
        hand=False,
        source_depth="abstract",
    )
    return msgspec.structs.replace(plain, **columns)


def judged(*outcomes: CaseResult) -> Any:
    return validation(outcomes, knowledge=knowledge(), setting=SETTING)


def test_ranks_are_counted_among_those_whose_truth_is_one_of_our_conditions() -> None:
    found = figures(
        [
            outcome("a", "cmo", "cmo", "lch"),
            outcome("b", "lch", "cmo", "lch"),
            outcome("c", "scurvy", "cmo", "lch", "rickets", "scurvy"),
            outcome("d", None, "cmo"),
        ]
    )
    assert (found.n, found.n_cmo, found.n_mimic) == (4, 1, 3)
    assert (found.top1.k, found.top1.n) == (1, 3)
    assert (found.top3.k, found.top5.k, found.top10.k) == (2, 3, 3)


def test_a_truth_that_is_not_ranked_is_a_miss() -> None:
    found = figures([outcome("a", "rickets", "cmo", "lch")])
    assert (found.top10.k, found.top10.n) == (0, 1)


def test_sensitivity_is_of_those_who_have_it_and_specificity_of_those_who_do_not() -> None:
    found = figures(
        [
            outcome("a", "cmo", "cmo"),
            outcome("b", "cmo", "lch", "cmo"),
            outcome("c", "lch", "lch"),
            outcome("d", "scurvy", "scurvy"),
            outcome("e", "rickets", "cmo"),
            outcome("f", None, "cmo", is_cmo=None),
        ]
    )
    assert (found.sensitivity.k, found.sensitivity.n) == (1, 2)
    assert (found.specificity.k, found.specificity.n) == (2, 3)


def test_an_abstention_counts_as_a_miss_where_only_answers_count() -> None:
    found = figures([outcome("a", "cmo", "cmo", abstained=True), outcome("b", "lch", "lch")])
    assert (found.top1.k, found.top1_answered.k, found.abstained.k) == (2, 1, 1)


def test_red_flags_are_counted_apart_where_one_is_due_and_where_none_is() -> None:
    found = figures(
        [
            outcome("a", "acute_leukaemia", "cmo", flag_due=True, red_flags=("one",)),
            outcome("b", "acute_leukaemia", "cmo", flag_due=True),
            outcome("c", "cmo", "cmo", red_flags=("one",)),
            outcome("d", "rickets", "cmo"),
            outcome("e", "lch", "cmo"),
        ]
    )
    assert (found.red_flag_recall.k, found.red_flag_recall.n) == (1, 2)
    assert (found.red_flag_elsewhere.k, found.red_flag_elsewhere.n) == (1, 3)


def test_a_dangerous_truth_is_unsafe_only_where_nothing_on_the_page_shows_it() -> None:
    order = ("cmo", "rickets", "scurvy", "lch")
    found = judged(
        outcome("shown", "lch", "cmo", "lch", dangerous=True),
        outcome("flagged", "lch", *order, dangerous=True, red_flags=("one",)),
        outcome("held", "lch", *order, dangerous=True, held_open=True),
        outcome("hidden", "lch", *order, dangerous=True),
        outcome("harmless", "caffey", *order),
    )
    assert found.unsafe == ("hidden",)
    assert found.quiet == ("held",)
    assert found.reassured == ("shown", "flagged", "held", "hidden")


def test_calibration_is_of_the_first_condition_and_of_cmo() -> None:
    # the first is stated at 0.5 twice and right once: no error. CMO is stated at 0.5 and true, and
    # at 0.25 and false: (0.5 + 0.25) / 2
    found = judged(outcome("a", "cmo", "cmo", "lch"), outcome("b", "rickets", "lch", "cmo"))
    assert found.calibration.error == 0.0
    assert found.calibration_cmo.error == 0.375


def test_every_group_is_counted_and_what_is_not_said_is_a_group_too() -> None:
    found = judged(
        outcome("a", "cmo", "cmo", hand=True, decidable=2, names_diagnosis=True),
        outcome("b", "lch", "lch", hand=None, sex="male", decidable=0, names_diagnosis=False),
        outcome("c", "lch", "lch", age=""),
    )
    counts = {(group.by, group.name): group.figures.n for group in found.groups}
    assert counts == {
        ("age", "age_6_to_11"): 2,
        ("age", ""): 1,
        ("sex", "female"): 2,
        ("sex", "male"): 1,
        ("hand", "yes"): 1,
        ("hand", "no"): 1,
        ("hand", ""): 1,
        ("source depth", "abstract"): 3,
        ("text", "decides"): 1,
        ("text", "none"): 1,
        ("text", ""): 1,
        ("answer", "yes"): 1,
        ("answer", "no"): 1,
        ("answer", ""): 1,
    }


def test_hidden_parts_are_counted_beside_each_other() -> None:
    whole = [outcome("a", "cmo", "cmo")]
    blind = [outcome("a", "cmo", "lch", "cmo")]
    found = validation(
        tuple(whole),
        knowledge=knowledge(),
        setting=SETTING,
        others={"": whole, "imaging": blind},
    )
    assert [(one.name, one.figures.top1.k) for one in found.masks] == [("", 1), ("imaging", 0)]


def test_each_setting_is_a_group_of_its_own_and_comes_first() -> None:
    here, there = [outcome("a", "cmo", "cmo")], [outcome("a", "cmo", "lch", "cmo")]
    found = validation(
        tuple(here),
        knowledge=knowledge(),
        setting=SETTING,
        settings={SETTING: here, "hand_clinic": there},
    )
    settings = [(one.by, one.name, one.figures.top1.k) for one in found.groups[:2]]
    assert settings == [("setting", SETTING, 1), ("setting", "hand_clinic", 0)]


def test_a_case_that_is_left_out_was_never_counted() -> None:
    # 16 of 67 development cases have the disease and one is added to each of 49 conditions (a
    # published case has a diagnosis): 17 of 116, and 16 of 115 without one of them.
    counted = knowledge().differential.priors
    left = without("cmo", 16, knowledge()).differential.priors
    assert _share(counted, "cmo") == pytest.approx(17 / 116, abs=1e-6)
    assert _share(left, "cmo") == pytest.approx(16 / 115, abs=1e-6)
    assert _share(left, "lch") == pytest.approx(5 / 115, abs=1e-6)


def _share(priors: Sequence[PriorEntry], condition: str) -> float:
    forms = knowledge().differential.model.forms
    rows = [row for row in priors if row.setting == "published_cases"]
    own = [row.share for row in rows if forms.get(row.condition, row.condition) == condition]
    return sum(own) / sum(row.share for row in rows)


def trial(id_: str, record: Record, truth: str | None) -> Trial:
    return Trial(id_, record, truth, truth == "cmo", AS_OF, hand=True, source_depth="synthetic")


def tried(*trials: Trial) -> tuple[CaseResult, ...]:
    return try_out(trials, knowledge=knowledge(), setting=SETTING)


def test_a_red_flag_is_due_where_a_danger_can_not_wait_for_a_clinic() -> None:
    """Infection, malignancy, immune deficiency and scurvy count; fever syndromes can wait."""
    empty = Record(GIRL)
    truths = ("acute_leukaemia", "osteosarcoma", "septic_arthritis", "scurvy", "majeed", "cmo")
    found = tried(*(trial(truth, empty, truth) for truth in truths))
    assert [one.id for one in found if one.flag_due] == [
        "acute_leukaemia",
        "osteosarcoma",
        "septic_arthritis",
        "scurvy",
    ]
    assert [one.id for one in found if one.dangerous] == [
        "acute_leukaemia",
        "osteosarcoma",
        "septic_arthritis",
        "scurvy",
        "majeed",
    ]


def test_an_empty_record_is_never_called_cmo() -> None:
    [found] = tried(trial("empty", Record(GIRL), "cmo"))
    assert found.abstained
    assert not found.called_cmo


def test_the_truth_never_reaches_the_work_up() -> None:
    [one] = tried(trial("a", hand_child(), "cmo"))
    [other] = tried(trial("a", hand_child(), "rickets"))
    assert one.ranked == other.ranked
    assert one.red_flags == other.red_flags


def test_what_came_after_the_visit_is_not_known() -> None:
    later = fact("blasts_on_film", days_ago=-30)
    [one] = tried(trial("a", hand_child(), "cmo"))
    [other] = tried(trial("a", hand_child("right", later), "cmo"))
    assert one.ranked == other.ranked


@pytest.mark.parametrize("truth", ["cmo", "cmo_hand"])
def test_the_hand_form_and_the_disease_are_one_answer(truth: str) -> None:
    assert rank_of(truth, ["lch", "cmo"]) == rank_of(truth, ["lch", "cmo_hand"]) == 2


def test_age_groups_stand_in_the_order_of_age_and_what_is_not_said_last() -> None:
    ages = ("", "age_12_to_17", "age_2_to_5", "age_under_2")
    found = judged(*(outcome(age or "x", "cmo", "cmo", age=age) for age in ages))
    assert [group.name for group in found.groups if group.by == "age"] == [
        "age_under_2",
        "age_2_to_5",
        "age_12_to_17",
        "",
    ]


@pytest.mark.parametrize(
    ("truth", "guessed", "told", "has"),
    [
        ("cmo", False, None, True),
        ("cmo_hand", False, False, True),
        ("lch", False, True, False),
        ("sapho", False, True, None),
        ("sapho", True, True, None),
        ("lch", True, True, True),
        ("lch", True, None, False),
        (None, False, True, True),
        (None, False, None, None),
    ],
)
def test_a_stated_truth_decides_who_has_cmo_and_sapho_counts_as_neither(
    *, truth: str | None, guessed: bool, told: bool | None, has: bool | None
) -> None:
    assert has_cmo(truth, guessed=guessed, told=told) is has


def test_guessed_truths_and_children_with_sapho_are_named() -> None:
    found = judged(
        outcome("a", "cmo", "cmo", guessed=True),
        outcome("b", "sapho", "cmo", is_cmo=None),
    )
    assert (found.guessed, found.sapho) == (("a",), ("b",))
    assert (found.figures.n, found.figures.n_cmo, found.figures.n_mimic) == (2, 1, 0)


def test_others_answer_for_the_children_whom_the_blind_reader_read() -> None:
    # a and b were read, c was not. The reader puts CMO first in both: 1 of 1, and 0 of 1 not
    # called; its first three hold both truths. Age and sex put rickets first, then CMO.
    outcomes = (
        outcome("a", "cmo", "cmo", blind=("cmo", "lch")),
        outcome("b", "lch", "lch", blind=("cmo", "scurvy", "lch")),
        outcome("c", "lch", "rickets"),
    )
    bare = [outcome(one.id, one.truth, "rickets", "cmo") for one in outcomes]
    found = validation(outcomes, knowledge=knowledge(), setting=SETTING, bare=bare)
    told = {
        one.name: (one.n, one.sensitivity.k, one.specificity.k, one.top1.k, one.top3.k)
        for one in found.beside
    }
    assert told == {
        "ours": (2, 1, 1, 2, 2),
        "blind_reader": (2, 1, 0, 1, 2),
        "age_and_sex": (2, 0, 1, 0, 1),
        "always_cmo": (2, 1, 0, 1, 1),
    }


def test_without_facts_nothing_is_known_but_age_and_sex() -> None:
    [one] = without_facts([trial("a", hand_child(), "cmo")])
    assert one.record.facts == ()
    assert one.record.patient == GIRL
    [found] = tried(one)
    assert (found.known, found.age, found.sex) == (0, "age_6_to_11", "female")
