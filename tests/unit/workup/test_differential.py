"""The ranking, on hand-made truths and on synthetic children."""

import csv
from collections.abc import Mapping
from itertools import product
from math import log10
from pathlib import Path

import msgspec
import pytest

from multifocal.model.assessment import Assessment
from multifocal.model.differential import Differential, Ranked
from multifocal.model.finding import FindingId
from multifocal.model.issue import KnowledgeError
from multifocal.model.record import Fact, Patient, Record
from multifocal.workup.assess import assess
from multifocal.workup.counterfactual import would_change
from multifocal.workup.differential import SETTING, explain, moved, rank, shares_of, standing
from multifocal.workup.find import Found, find
from multifocal.workup.likelihood import weighing
from multifocal.workup.red_flags import URGENCIES, dangers, red_flags
from multifocal.workup.suppose import closed, supposing
from tests.unit.workup.children import (
    AS_OF,
    GIRL,
    assessed,
    fact,
    hand_child,
    knowledge,
    mirrored,
)

DATA = Path(__file__).parents[2] / "data" / "differential"
NOBODY = Patient("synthetic", synthetic=True)
PRESENT_FROM = 0.5
"""A textbook child has what more than half of such children have, and nothing else."""


def child(answers: Mapping[str, bool], patient: Patient = NOBODY) -> Found:
    """Give a child of whom just these findings are known."""
    nothing = find((), patient, as_of=AS_OF, knowledge=knowledge())
    told = {FindingId(name): truth for name, truth in answers.items()}
    return supposing(nothing, told, knowledge())


def ranked(answers: Mapping[str, bool], *, setting: str = SETTING) -> Differential:
    return rank(child(answers), setting=setting, knowledge=knowledge())


def shares(differential: Differential) -> dict[str, float]:
    return {one.condition: one.probability for one in differential.ranked}


def of(assessment: Assessment) -> Differential:
    assert assessment.differential is not None
    return assessment.differential


def cmo(differential: Differential) -> Ranked:
    return next(one for one in differential.ranked if one.condition == "cmo")


def answer(differential: Differential) -> dict[str, float]:
    """Give what a ranking says, facts aside."""
    return shares(differential)


# What goes in


def test_the_prior_by_age_and_sex_is_that_of_the_published_table() -> None:
    # Expected: the table that ships with the evidence, computed there as base x age x sex.
    text = (DATA / "priors_by_age_and_sex.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    wrong = []
    for row in rows:
        key = (row["setting"], row["band"], row["sex"] == "female")
        column = weighing(knowledge()).priors[key]
        place = weighing(knowledge()).conditions.index(row["condition"])
        share, expected = 10 ** (column[place] / 1000), float(row["share"])
        # Priors of zero are lifted to the smallest other one, which moves the rest by nothing seen.
        if expected > 1e-5 and abs(log10(share / expected)) > 0.03:
            wrong.append((row, share))
    assert wrong == []


def test_a_count_is_a_beta_distribution_with_half_a_child_on_each_side() -> None:
    # 486 of 774 girls (reiser-2021): (486 + 0.5) / (774 + 1) = 0.6277, on paper.
    cell = weighing(knowledge()).cells["cmo"][FindingId("sex_female")]
    assert cell.share == (486.5, 288.5)
    assert round(cell.share.mean, 4) == 0.6277
    assert cell.published


def test_cohorts_of_one_pair_are_added() -> None:
    # Fever in four cohorts, 32/164 and 31/91 and 12/46 and 8/18, is 83/319.
    cell = weighing(knowledge()).cells["cmo"][FindingId("fever")]
    assert cell.share == (83.5, 236.5)


def test_the_background_is_of_children_with_disease_of_bone() -> None:
    # Added up anew from the files: of each condition its share, as common as in referral.
    ready, model = weighing(knowledge()), knowledge().differential.model
    judged = next(
        one
        for one in knowledge().differential.cells
        if (one.condition, one.finding) == ("background", "weight_loss")
    )
    rates = {one.id: one.share for one in knowledge().differential.classes}
    often = {
        one.condition: one.share
        for one in knowledge().differential.priors
        if one.setting == "paediatric_rheumatology_referral"
        and knowledge().conditions_by_id[one.condition].category
        not in {"normal", "pain", "rheumatic"}
    }
    assert {"cmo", "scurvy", "trauma_stress_fracture"} <= often.keys()
    assert not {"nothing_found", "growing_pains", "jia_oligo_poly", "crps"} & often.keys()
    name = FindingId("weight_loss")
    shares = {one: ready.cells[one][name].share for one in often if name in ready.cells[one]}
    expected = sum(
        share * (shares[one].mean if one in shares else rates[judged.class_])
        for one, share in often.items()
    ) / sum(often.values())
    assert ready.cells[model.background][name].share.mean == pytest.approx(expected)
    assert expected > 2 * rates[judged.class_]


def test_a_judgement_is_wider_than_any_cohort_of_ten() -> None:
    wide = [
        sum(cell.share)
        for column in weighing(knowledge()).cells.values()
        for cell in column.values()
        if not cell.published and 0.2 <= cell.share.mean <= 0.8
    ]
    assert max(wide) <= 10


def test_exhaustive_sets_sum_to_one_in_every_condition_that_has_them_whole() -> None:
    members = ("duration_under_2_weeks", "duration_2_to_6_weeks", "duration_over_6_weeks")
    for condition, column in weighing(knowledge()).cells.items():
        if all(name in column for name in members):
            total = sum(column[FindingId(name)].share.mean for name in members)
            assert total == pytest.approx(1, abs=0.002), condition


def test_the_hand_form_inherits_what_it_does_not_say_itself() -> None:
    cells = weighing(knowledge()).cells
    assert cells["cmo_hand"][FindingId("fever")] == cells["cmo"][FindingId("fever")]
    hand = FindingId("site_hand_tubular")
    assert hand in cells["cmo_hand"]
    assert hand not in cells["cmo"]


def test_shares_are_powers_of_ten_of_thousandths() -> None:
    assert shares_of((0, -1000, -1000)) == pytest.approx((10 / 12, 1 / 12, 1 / 12))


# What comes out


def test_an_empty_record_gives_the_priors_and_says_that_nothing_is_known() -> None:
    empty = ranked({})
    base = {
        row.condition: row.share
        for row in knowledge().differential.priors
        if row.setting == SETTING
    }
    base["cmo"] += base.pop("cmo_hand")
    assert shares(empty) == pytest.approx(base, rel=0.01)
    assert empty.abstained
    assert "Nothing is known" in empty.why
    assert empty.known == 0


def test_the_two_forms_of_the_disease_are_one_entry_with_their_sum() -> None:
    found = child({"site_hand_tubular": True, "bone_pain": True, "xray_mixed": True})
    apart = standing(found, setting=SETTING, knowledge=knowledge())
    by_form = dict(zip(weighing(knowledge()).conditions, shares_of(apart.totals), strict=True))
    whole = rank(found, knowledge=knowledge())
    assert "cmo_hand" not in shares(whole)
    assert cmo(whole).probability == pytest.approx(by_form["cmo"] + by_form["cmo_hand"])
    assert sum(shares(whole).values()) == pytest.approx(1)


def test_intervals_hold_their_estimate_and_are_wide_on_judgement() -> None:
    told = ranked({"xray_normal": True, "evening_bilateral_leg_pain": True, "limp": False})
    for one in told.ranked:
        assert 0 <= one.low <= one.probability <= one.high <= 1
    assert told.ranked[0].high - told.ranked[0].low > 0.2


def test_a_setting_without_priors_is_refused_in_words() -> None:
    with pytest.raises(KnowledgeError, match="hand_clinic"):
        rank(child({}), setting="moon", knowledge=knowledge())


def test_the_setting_sets_how_common_each_condition_is_to_begin_with() -> None:
    known = child({"bone_pain": True, "local_swelling": True, "xray_lytic": True})
    hand = rank(known, setting="hand_clinic", knowledge=knowledge())
    referral = rank(known, knowledge=knowledge())
    assert shares(hand)["enchondroma"] > shares(referral)["enchondroma"]
    assert hand.setting == "hand_clinic"


def test_an_adult_is_outside_the_evidence() -> None:
    names = ("age_under_2", "age_2_to_5", "age_6_to_11", "age_12_to_17")
    told = ranked({**dict.fromkeys(names, False), "fever": True, "limp": True, "bone_pain": True})
    assert told.abstained
    assert "age" in told.why


DECISIVE = {
    "acute_leukaemia": {"blasts_on_film": True},
    "scurvy": {"vitamin_c_low": True, "restricted_diet_or_autism": True},
    "hypophosphatasia": {"alp_low": True, "plp_or_pea_high": True},
    "lch": {"biopsy_langerhans_cells": True},
    "sickle_dactylitis": {"sickle_test_positive": True, "dactylitis": True},
}


@pytest.mark.parametrize("condition", DECISIVE)
def test_a_decisive_finding_puts_its_condition_first(condition: str) -> None:
    around = {"bone_pain": True, "local_swelling": True}
    told = ranked({**around, **DECISIVE[condition]}, setting="equal")
    assert told.ranked[0].condition == condition


def test_every_definitive_exclusion_moves_the_disease_by_three_decades_at_least() -> None:
    # Stated in model.toml: a definitive sign counts at least three decades.
    for sign in knowledge().conditions_by_id["cmo"].rule_out:
        if sign.strength == "definitive":
            [one] = explain(child({sign.finding: sign.present}), "cmo", knowledge=knowledge())
            assert one.log10 <= -3, sign.finding


def test_the_hand_form_is_excluded_by_whatever_excludes_the_disease() -> None:
    # A form inherits; else what excludes the disease would leave it standing under another name.
    for sign in knowledge().conditions_by_id["cmo"].rule_out:
        if sign.strength in {"definitive", "strong"}:
            found = child({sign.finding: sign.present})
            at = standing(found, setting=SETTING, knowledge=knowledge())
            before = standing(child({}), setting=SETTING, knowledge=knowledge())
            place = weighing(knowledge()).conditions.index("cmo_hand")
            decades = knowledge().differential.model.strength[sign.strength].value
            assert before.totals[place] - at.totals[place] >= decades * 1000, sign.finding


def test_a_weakened_exclusion_moves_no_further_than_its_cell_says() -> None:
    # Decision 0013: no fever at one visit does not let systemic arthritis go.
    [one] = explain(child({"fever": False}), "systemic_jia", knowledge=knowledge())
    cells = weighing(knowledge()).cells
    absent = 1 - cells["systemic_jia"][FindingId("fever")].share.mean
    usual = 1 - cells["background"][FindingId("fever")].share.mean
    dial = knowledge().differential.model.temperature.value
    assert one.log10 == pytest.approx(dial * log10(absent / usual), abs=0.001)


def textbook(condition: str) -> dict[str, bool]:
    """Give what more than half of such children have as present, the rest of the column as absent.

    Of an exclusive set that the column holds whole the commonest member is present.
    """
    column = weighing(knowledge()).cells[condition]
    answers = {name: cell.share.mean >= PRESENT_FROM for name, cell in column.items()}
    for one in knowledge().differential.exclusive_sets:
        there = [name for name in one.members if name in column]
        if there:
            first = max(there, key=lambda name: column[name].share.mean)
            share = column[first].share.mean
            answers |= dict.fromkeys(there, False)
            whole = one.exhaustive and len(there) == len(one.members)
            answers[first] = whole or share >= 0.4
    for rule in knowledge().differential.implications:
        if answers.get(rule.present) and not answers.get(rule.implies):
            answers[rule.implies] = True
    return {
        name: truth for name, truth in answers.items() if name in weighing(knowledge()).group_of
    }


@pytest.mark.parametrize(
    "condition", [one.id for one in knowledge().conditions if one.id != "cmo_hand"]
)
def test_every_condition_ranks_first_on_its_own_textbook_record(condition: str) -> None:
    """A check that the cells, once weighed, still say what they say; it validates nothing.

    No condition is commoner than another here: where they are, a rare one needs more than its
    textbook to come before its common kin, as blood signs of neuroblastoma before leukaemia.
    """
    told = ranked(textbook(condition), setting="equal")
    assert told.ranked[0].condition == condition


@pytest.mark.parametrize(
    "condition", [one.id for one in knowledge().conditions if one.id != "cmo_hand"]
)
def test_in_a_clinic_a_textbook_record_comes_second_to_commoner_kin_at_most(condition: str) -> None:
    first, second, *_ = ranked(textbook(condition)).ranked
    assert condition in {first.condition, second.condition}


# Laws


FLAGS = (
    fact("blood_culture", present=True),
    fact("bruising_or_bleeding", present=True),
    fact("night_sweats", present=True),
)


def urgency(assessment: Assessment) -> int:
    return min(
        (URGENCIES.index(flag.urgency) for flag in assessment.red_flags), default=len(URGENCIES)
    )


@pytest.mark.parametrize("name", ["bruising_or_bleeding", "pallor", "hepatosplenomegaly"])
def test_adding_a_red_flag_never_lowers_the_urgency(name: str) -> None:
    before, after = assessed(hand_child()), assessed(hand_child("right", fact(name)))
    assert urgency(after) <= urgency(before)
    assert set(of(before).cannot_be_excluded) - set(of(after).cannot_be_excluded) == set()


def test_adding_an_unknown_changes_nothing() -> None:
    asked = fact("crp", value=None, unit="mg/L")  # a test without a result
    before, after = assessed(hand_child()), assessed(hand_child("right", asked))
    assert answer(of(before)) == answer(of(after))


def test_the_order_of_facts_does_not_matter() -> None:
    record = hand_child()
    turned = msgspec.structs.replace(record, facts=tuple(reversed(record.facts)))
    assert answer(of(assessed(record))) == answer(of(assessed(turned)))


def test_a_mirrored_hand_gives_the_same_ranking() -> None:
    right = hand_child("right")
    assert answer(of(assessed(right))) == answer(of(assessed(mirrored(right))))


def test_a_fact_that_no_explanation_names_can_be_taken_away() -> None:
    record = hand_child("right", fact("psoriasis", present=False), fact("nsaid"))
    before = assessed(record)
    found = find(before.facts, record.patient, as_of=AS_OF, knowledge=knowledge())
    named = {
        id_
        for condition in weighing(knowledge()).conditions
        for one in explain(found, condition, knowledge=knowledge())
        for id_ in one.because
    }
    spare = [one for one in record.facts if one.id not in named]
    assert spare
    left = msgspec.structs.replace(
        record, facts=tuple(one for one in record.facts if one.id in named)
    )
    assert answer(of(assessed(left))) == answer(of(before))


def test_the_explanation_adds_up_to_what_moved_the_ranking() -> None:
    found = child({"fever": True, "crp_gt_5": True, "esr_gt_20": True, "xray_lytic": True})
    nothing = child({})
    at, was = (
        standing(one, setting=SETTING, knowledge=knowledge()).totals for one in (found, nothing)
    )
    for place, condition in enumerate(weighing(knowledge()).conditions):
        moved = sum(one.log10 for one in explain(found, condition, knowledge=knowledge()))
        assert at[place] - was[place] == round(moved * 1000), condition


def test_of_a_group_one_finding_for_and_one_against_count_at_most() -> None:
    found = child(
        dict.fromkeys(["pallor", "bruising_or_bleeding", "hb_low", "platelets_low"], True)
    )
    told = explain(found, "acute_leukaemia", knowledge=knowledge())
    assert len([one for one in told if one.log10 > 0]) == 1
    assert len([one for one in told if one.log10 < 0]) <= 1


def test_what_is_implied_counts_no_second_time() -> None:
    whole = {"crp_gt_5": True, "crp_gt_10": True, "crp_gt_30": True, "crp_gt_100": True}
    assert shares(ranked(whole)) == shares(ranked({"crp_gt_100": True}))


# Danger and calm


CALM = {
    "xray_normal": True,
    "evening_bilateral_leg_pain": True,
    "crp_gt_5": False,
    "limp": False,
    "bone_tenderness": False,
    "fever": False,
    "local_swelling": False,
}


def test_nothing_that_calms_leads_while_a_danger_is_not_excluded() -> None:
    told = ranked(CALM)
    assert told.cannot_be_excluded
    assert told.ranked[0].condition in knowledge().differential.model.calming
    assert told.ranked[0].band == "possible"


MARROW_REPLACED = Record(
    GIRL,
    (
        fact("bone_pain", days_ago=60, onset=True, region="knee", laterality="left"),
        fact("mri_diffuse_marrow_replacement", bone="femur", laterality="left", modality="mri"),
        fact("crp", value=2.0, unit="mg/L"),
        fact("hb", value=125.0, unit="g/L"),
        fact("platelets", value=310.0, unit="10*9/L"),
    ),
)


def test_calm_blood_does_not_put_no_bone_disease_above_leukaemia_when_marrow_is_replaced() -> None:
    assessment = assessed(MARROW_REPLACED)
    assert assessment.red_flags
    order = [one.condition for one in of(assessment).ranked]
    calming = knowledge().differential.model.calming
    assert all(order.index("acute_leukaemia") < order.index(one) for one in calming)
    assert order[0] not in calming


def test_where_a_condition_has_no_opinion_it_is_no_commoner_than_the_background() -> None:
    classes = {one.id: one.share for one in knowledge().differential.classes}
    cells = knowledge().differential.cells
    background = {
        one.finding: classes[one.class_] if one.share is None else one.share
        for one in cells
        if one.condition == "background" and one.n is None
    }
    for one in cells:
        if one.source.note.startswith("not a feature") and one.class_:
            assert classes[one.class_] <= background[one.finding], (one.condition, one.finding)


def test_every_open_danger_is_in_the_ranking_and_none_is_called_unlikely() -> None:
    told = ranked(CALM)
    bands = {one.condition: one.band for one in told.ranked}
    assert {bands[name] for name in told.cannot_be_excluded} <= {
        "leading",
        "possible",
        "can't be excluded",
    }


def test_the_open_dangers_are_those_of_the_assessment() -> None:
    assessment = assessed(hand_child())
    assert of(assessment).cannot_be_excluded == tuple(one.id for one in assessment.dangers)
    assert of(assessment).cannot_be_excluded == tuple(
        one.id
        for one in dangers(
            find(assessment.facts, GIRL, as_of=AS_OF, knowledge=knowledge()), knowledge()
        )
    )


# What would change it


def test_what_is_added_anew_is_what_a_whole_count_gives() -> None:
    record = hand_child()
    facts = assess(record, as_of=AS_OF, knowledge=knowledge()).facts
    found = find(facts, record.patient, as_of=AS_OF, knowledge=knowledge())
    at = standing(found, setting=SETTING, knowledge=knowledge())
    tried = 0
    for name, truth in product(weighing(knowledge()).rates, (True, False)):
        unknown = found.words[name][0] != found.words[name][1]
        answers = closed(found, {name: truth}, knowledge()) if unknown else None
        if answers is not None:
            tried += 1
            then = supposing(found, answers, knowledge())
            whole = standing(then, setting=SETTING, knowledge=knowledge())
            assert moved(at, then, answers, knowledge()) == whole.totals, (name, truth)
    assert tried > 50


def test_where_too_little_is_known_nothing_is_said_to_lead() -> None:
    nobody = assess(Record(GIRL), as_of=AS_OF, knowledge=knowledge(), thorough=True)
    assert of(nobody).abstained
    leading = [one for one in nobody.would_change if one.changes == "leading"]
    tissue = {name for row in knowledge().differential.model.decisive for name in row}
    assert all(tissue & {name for name, _ in one.answers} for one in leading)


@pytest.mark.parametrize("seen", ["arthritis", "pain_at_night", "xray_mixed"])
def test_what_calms_is_not_said_to_lead_while_a_danger_stands(seen: str) -> None:
    normal = (
        fact("crp", value=1.0, unit="mg/L"),
        fact("hb", value=125.0, unit="g/L"),
        fact("platelets", value=310.0, unit="10*9/L"),
    )
    record = Record(GIRL, (fact(seen), *normal))
    assessment = assess(record, as_of=AS_OF, knowledge=knowledge(), thorough=True)
    assert assessment.dangers
    assert not of(assessment).abstained
    told = {one.to for one in assessment.would_change}
    assert told.isdisjoint(knowledge().differential.model.calming)


def test_each_change_gives_what_it_promised() -> None:
    record = hand_child()
    assessment = assess(record, as_of=AS_OF, knowledge=knowledge(), thorough=True)
    assert {one.changes for one in assessment.would_change} == {"leading", "urgency"}
    found = find(assessment.facts, record.patient, as_of=AS_OF, knowledge=knowledge())
    for change in assessment.would_change:
        answers = closed(found, dict(change.answers), knowledge())
        assert answers is not None
        then = supposing(found, answers, knowledge())
        if change.changes == "leading":
            [first_then, *_] = rank(then, knowledge=knowledge()).ranked
            assert (first_then.condition, first_then.band) == (change.to, "leading")
            assert change.to != of(assessment).ranked[0].condition
        else:
            [first, *_] = red_flags(then, knowledge())
            assert (first.urgency, first.label) == (change.to, change.name)


def test_no_smaller_set_changes_the_leading_condition_when_two_are_told() -> None:
    sure = {"blasts_on_film": True, "platelets_low": True, "hepatosplenomegaly": True}
    found = child(sure)
    at = standing(found, setting=SETTING, knowledge=knowledge())
    told = [one for one in would_change(at, found, (), knowledge()) if one.changes == "leading"]
    first = rank(found, knowledge=knowledge()).ranked[0].condition
    assert all(len(one.answers) == 2 for one in told)
    for one in told:
        for name, truth in one.answers:
            answers = closed(found, {name: truth}, knowledge())
            assert answers is not None
            alone = rank(supposing(found, answers, knowledge()), knowledge=knowledge())
            assert alone.ranked[0].condition == first


def test_without_being_asked_for_no_change_is_looked_for() -> None:
    assert assessed(hand_child()).would_change == ()


# The next best test


def test_a_test_that_answers_nothing_new_is_not_offered() -> None:
    assessment = assessed(hand_child())
    truths = {finding.id: finding.truth for finding in assessment.findings}
    for test in assessment.next_tests:
        assert all(truths[name] is None for name in test.answers)


def test_each_result_of_a_test_leads_to_what_it_promised() -> None:
    assessment = assess(hand_child(), as_of=AS_OF, knowledge=knowledge(), thorough=True)
    found = find(assessment.facts, GIRL, as_of=AS_OF, knowledge=knowledge())
    outcomes = [one for test in assessment.next_tests for one in test.outcomes]
    assert outcomes
    for one in outcomes:
        answers = closed(found, {one.finding: one.truth}, knowledge())
        assert answers is not None
        then = rank(supposing(found, answers, knowledge()), knowledge=knowledge())
        assert then.ranked[0].condition == one.leading
        assert then.ranked[0].probability == pytest.approx(one.probability)


def test_while_a_red_flag_stands_the_tests_that_decide_on_the_danger_come_first() -> None:
    pale = [fact(name) for name in ("pallor", "bruising_or_bleeding", "hepatosplenomegaly")]
    assessment = assessed(hand_child("right", *pale))
    assert assessment.red_flags
    pointed = [one for one in assessment.dangers if one.supported_by]
    deciding = {
        sign.finding
        for one in pointed
        for entry in (knowledge().conditions_by_id[one.id],)
        for sign in (*entry.rule_in, *entry.rule_out)
        if sign.strength in {"definitive", "strong"}
    }
    assert deciding & set(assessment.next_tests[0].answers)


def test_at_most_five_tests_are_offered_with_what_each_tells() -> None:
    telling = [test for test in assessed(hand_child()).next_tests if test.answers]
    assert 0 < len(telling) <= 5
    assert all(test.bits > 0 for test in telling)


# Contradictions


def told(*facts: Fact) -> list[str]:
    assessment = assessed(Record(GIRL, facts))
    return [issue.message for issue in assessment.issues if issue.level == "error"]


def test_a_culture_both_positive_and_negative_on_one_day_is_told() -> None:
    both = (
        fact("fever", present=True),
        msgspec.structs.replace(fact("fever"), id="Observation/other", present=False),
    )
    assert any("present and as absent" in message for message in told(*both))


def test_a_value_both_normal_and_raised_on_one_day_is_told() -> None:
    low = fact("crp", value=2.0, unit="mg/L", high=5.0)
    high = msgspec.structs.replace(low, id="Observation/other", value=60.0)
    assert any("normal and not normal" in message for message in told(low, high))


def test_a_value_that_changes_from_day_to_day_contradicts_nothing() -> None:
    first = fact("crp", value=2.0, unit="mg/L", high=5.0, days_ago=20)
    then = fact("crp", value=60.0, unit="mg/L", high=5.0, days_ago=10)
    assert told(first, then) == []


@pytest.mark.parametrize("setting", [SETTING, "hand_clinic", "published_cases"])
def test_what_has_no_lesion_of_bone_does_not_lead_over_three_lytic_phalanges(setting: str) -> None:
    hand = ranked(
        {
            "bone_pain": True,
            "local_swelling": True,
            "duration_over_6_weeks": True,
            "site_hand_tubular": True,
            "number_2_to_4": True,
            "xray_lytic": True,
        },
        setting=setting,
    )
    leading = {one.condition for one in hand.ranked if one.band == "leading"}
    assert leading
    assert leading.isdisjoint(
        {
            "jia_oligo_poly",
            "psoriatic_dactylitis",
            "chilblains_frostbite",
            "growing_pains",
            "hand_soft_tissue_infection",
            "nothing_found",
        }
    )
