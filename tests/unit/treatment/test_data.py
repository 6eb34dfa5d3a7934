"""The figures and statements of the section against paper arithmetic and the dossier."""

import re
from fractions import Fraction

import pytest

from multifocal.knowledge.figures import wilson
from multifocal.knowledge.load import load as load_knowledge
from multifocal.model.source import Certainty
from multifocal.treatment.entries import ResponseEntry
from multifocal.treatment.load import load

TREATMENT = load(knowledge=load_knowledge())
COUNTED = [one for one in TREATMENT.responses if one.figure.k is not None]
RESPONSES = {one.id: one for one in TREATMENT.responses}
ADVICE = {one.id: one for one in TREATMENT.advice}


@pytest.mark.parametrize(
    "one", [each for each in COUNTED if each.figure.printed], ids=lambda each: each.id
)
def test_counts_give_the_share_that_is_printed(one: ResponseEntry) -> None:
    figure = one.figure
    assert figure.k is not None
    assert figure.n is not None
    printed = figure.printed.removesuffix("%")
    places = len(printed.partition(".")[2])
    unit = Fraction(1, 10**places)
    share = 100 * Fraction(figure.k, figure.n)
    assert abs(share - Fraction(printed)) < unit, "cut or rounded, it is within one last place"


@pytest.mark.parametrize(
    "one",
    [each for each in COUNTED if each.source.certainty is Certainty.DERIVED],
    ids=lambda each: each.id,
)
def test_a_derived_count_is_the_only_one_that_rounds_to_the_printed_share(
    one: ResponseEntry,
) -> None:
    figure = one.figure
    assert figure.n is not None
    printed = figure.printed.removesuffix("%")
    places = len(printed.partition(".")[2])
    fitting = [k for k in range(figure.n + 1) if f"{100 * k / figure.n:.{places}f}" == printed]
    assert fitting == [figure.k]


@pytest.mark.parametrize(
    ("k", "n", "low", "high"), [(4, 9, 0.189, 0.733), (12, 17, 0.469, 0.867), (2, 27, 0.021, 0.234)]
)
def test_the_interval_is_that_of_wilson_worked_on_paper(
    k: int, n: int, low: float, high: float
) -> None:
    z = 1.959964
    centre = (k + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * (k * (n - k) / n + z * z / 4) ** 0.5
    assert (centre - half, centre + half) == pytest.approx((low, high), abs=1e-3)
    assert wilson(k, n) == pytest.approx((low, high), abs=1e-3)


def test_no_interval_is_made_from_a_group_whose_size_was_not_read() -> None:
    vague = [
        one.id
        for one in TREATMENT.responses
        if "was not read" in one.population and one.figure.n is not None
    ]
    assert vague == []


def test_what_the_dossier_says_of_leukaemia_stands_first_and_before_every_steroid() -> None:
    first = [one for one in TREATMENT.advice if one.section == "safety"]
    assert any("leukaemia" in one.text.lower() for one in first)
    [steroid] = [one for one in TREATMENT.advice if one.id == "prednisone_before"]
    assert (steroid.use, steroid.of) == ("before", ("glucocorticoid",))
    assert "leukaemia" in steroid.text.lower()


def test_a_statement_on_one_medicine_is_carried_over_only_as_our_judgement() -> None:
    carried = {one.id for one in TREATMENT.advice if one.carried_to}
    assert carried == {
        "adalimumab_azathioprine",
        "adalimumab_label_tb",
        "adalimumab_stop",
        "biologic_before_tb",
        "pamidronate_before",
        "pamidronate_mri",
        "pamidronate_not_if",
        "tnf_vaccination",
    }


def test_the_hand_is_told_to_be_no_reason_to_skip_a_biopsy() -> None:
    one = ADVICE["before_biopsy_hand"]
    assert one.source.certainty is Certainty.JUDGEMENT
    assert "hand" in one.plain
    assert "biopsy" in one.plain


def test_the_three_arms_are_those_of_the_plan() -> None:
    [plan] = TREATMENT.plans
    assert {arm.id: arm.of for arm in plan.arm} == {
        "A": ("csdmard",),
        "B": ("tnf_inhibitor", "methotrexate"),
        "C": ("bisphosphonate",),
    }


def test_every_medicine_is_told_with_its_names_and_a_code() -> None:
    assert len(TREATMENT.drugs) == 16
    for drug in TREATMENT.drugs:
        assert re.fullmatch(r"[A-Z]\d\d[A-Z]{2}(\d\d)?", drug.atc.code)
        assert any(name.split()[0] in drug.name.lower() for name in drug.names)


def test_the_only_large_shares_of_success_say_how_small_they_are() -> None:
    assert RESPONSES["zoledronate_pilot_remission"].figure.n == 22
    assert "uncontrolled" in RESPONSES["zoledronate_pilot_remission"].population
