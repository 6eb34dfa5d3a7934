"""Published figures: what is computed from them, what is kept, what is refused."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec
import pytest

from multifocal.knowledge.check_figures import figure_faults
from multifocal.knowledge.entries import Figure, StatementEntry, TopicEntry
from multifocal.knowledge.figures import FigureError, formed, said, share, span, wilson
from multifocal.knowledge.load import load
from multifocal.model.source import Certainty, Citation, SourceId

KNOWLEDGE = load()
STATEMENTS = {one.id: one for one in KNOWLEDGE.statements}
TOPICS = {topic.id: topic for topic in KNOWLEDGE.topics}


# --- arithmetic ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 1998;17:857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_that_of_the_table_by_newcombe(
    k: int, n: int, low: float, high: float
) -> None:
    assert wilson(k, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("name", "on_paper"),
    [
        ("sex_wipff_2013", 0.7012),  # 115 / 164
        ("bone_pain_bhat_2018", 0.9147),  # 118 / 129
        ("swelling_bhat_2018", 0.4902),  # 50 / 102
        ("fever_wipff_2013", 0.1951),  # 32 / 164
        ("unifocal_wipff_2013", 0.2805),  # 46 / 164
        ("sacroiliitis_hla_b27_reiser_2021", 0.1529),  # 48 / 314
        ("biopsy_avoided_roderick_2016", 0.8293),  # 34 / 41
        ("low_alp_unnoticed", 0.3219),  # 226 / 702
        ("hand_tumours_malignant", 0.0367),  # 12 / 327
    ],
)
def test_a_share_is_what_division_on_paper_gives(name: str, on_paper: float) -> None:
    found = share(STATEMENTS[name].figure)
    assert found is not None
    assert found.value == pytest.approx(on_paper, abs=5e-5)


def test_a_share_with_counts_has_its_interval_and_one_without_has_none() -> None:
    counted = share(Figure(kind="share", k=5, n=10))
    printed = share(Figure(kind="share", value=0.5, n=10))
    assert counted is not None
    assert counted.low is not None
    assert printed is not None
    assert printed.low is None


FIGURES = {one.id: one.figure for one in KNOWLEDGE.statements}
FIGURES |= {row.id: row.figure for row in KNOWLEDGE.variants}
PRINTED = {
    name: figure
    for name, figure in FIGURES.items()
    if figure.k is not None and figure.printed.endswith("%")
}
MISPRINTED = {"nv20"}
"""115 of 196 is 58.67%; the abstract prints 58.79%."""


@pytest.mark.parametrize("name", sorted(PRINTED))
def test_a_printed_percentage_is_k_of_n_within_one_of_its_last_digit(name: str) -> None:
    figure = PRINTED[name]
    text = figure.printed.removesuffix("%")
    found = share(figure)
    assert found is not None
    last_digit = 10.0 ** -len(text.partition(".")[2])
    agrees = abs(100 * found.value - float(text)) <= last_digit
    assert agrees is (name not in MISPRINTED)


def test_the_derived_likelihood_ratio_is_that_of_its_two_shares() -> None:
    derived = [one for one in KNOWLEDGE.statements if one.source.certainty is Certainty.DERIVED]
    assert [one.id for one in derived] == ["symmetry_zhou_2020_ratio"]
    first, second = (STATEMENTS[name].figure.value for name in derived[0].derived_from)
    assert (first, second) == (0.53, 0.19)
    assert derived[0].figure.value == 2.8  # 0.53 / 0.19 = 2.79


# --- contradictions ------------------------------------------------------------------------------


def values(topic: str) -> Counter[str]:
    return Counter(said(one.figure) for one in KNOWLEDGE.statements if one.topic == topic)


def test_every_published_delay_is_kept() -> None:
    # section 1.4 of the dossier, row by row
    assert values("delay") == Counter(
        [
            "median 15 months (range 0 to 92)",
            "mean 18 months",
            "mean 12 months (range 0 to 180)",
            "median 4 months (range 1.5 to 72)",
            "mean 23 months (range 1 to 120)",
            "median 10.9 months",
            "mean 8 months",
        ]
    )


def test_every_published_number_of_lesions_is_kept() -> None:
    # section 1.5 of the dossier, first row
    assert values("lesion_count") == Counter(
        [
            "median 3 lesions",
            "mean 4.1 lesions",
            "median 6 lesions (range 1 to 27)",
            "mean 8.6 lesions (range 2 to 27)",
            "mean 11.8 lesions (range 1 to 31)",
        ]
    )


@pytest.mark.parametrize(
    ("topic", "shares"),
    [
        # dossier, sections 1.4 to 1.8, in percent
        ("sex", [62.8, 63.79, 65.3, 70.12]),
        ("unifocal", [6.7, 11, 24, 28.05, 28.6]),
        ("fever", [16, 19.51, 26, 31, 34.1, 44.4, 90.6]),
        ("bone_pain", [78.7, 91.47, 100, 100]),
        ("raised_markers", [39.7, 61.3, 65, 66.46]),
        ("arthritis", [18.92, 56, 67]),
        ("autoimmune_comorbidity", [20, 50]),
        ("site_tibia", [29.7, 64, 68]),
        ("site_pelvis", [28, 34, 38.7]),
        ("site_femur", [27.8, 61.3]),
        ("site_spine", [19, 26.7]),
        ("site_clavicle", [34, 38]),
    ],
)
def test_every_published_share_of_a_contested_topic_is_kept(
    topic: str, shares: list[float]
) -> None:
    found = [share(one.figure) for one in KNOWLEDGE.statements if one.topic == topic]
    percent = sorted(100 * one.value for one in found if one is not None)
    assert percent == pytest.approx(shares, abs=0.01)


def test_what_was_not_found_is_a_topic_without_statements() -> None:
    silent = {topic.id for topic in KNOWLEDGE.topics if topic.not_found}
    assert silent == {
        "anaemia",
        "codes_missing",
        "incidence_uk_ireland",
        "local_sign_frequency",
        "mri_hand_coverage",
        "site_hand",
    }
    assert {one.topic for one in KNOWLEDGE.statements} & silent == set()


def test_entries_stand_in_the_order_of_their_ids() -> None:
    assert list(STATEMENTS) == sorted(STATEMENTS)
    assert list(TOPICS) == sorted(TOPICS)


def test_what_the_dossier_marks_as_memory_is_no_more_than_that() -> None:
    memory = {one.id for one in KNOWLEDGE.statements if one.source.certainty is Certainty.MEMORY}
    assert memory == {
        "cause_no_antibody",
        "cause_nobodys_fault",
        "cause_not_cancer",
        "codes_icd10cm_hand",
        "missed_acr",
        "mri_magnets",
        "rare_companions_uveitis",
        "school_and_play_hand",
        "school_and_play_report",
        "school_and_play_usual",
    }


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (Figure(kind="number", value=1, unit="months"), "1 month"),
        (Figure(kind="number", low=7, high=12, unit="years"), "7 to 12 years"),
        (Figure(kind="number", value=1972, unit="year"), "1972"),
        (Figure(kind="one_in", low=160000, high=2000000), "1 in 160,000 to 1 in 2,000,000"),
        (Figure(kind="share", value=0.5, bound="at least"), "at least 50%"),
        (Figure(kind="share", low=0.05, high=0.07), "5% to 7%"),
        (Figure(kind="share", value=0.067, n=75), "6.7% of 75"),
        (Figure(kind="words", text="mainly female"), "mainly female"),
    ],
)
def test_a_figure_is_said_with_its_unit_and_bound(figure: Figure, words: str) -> None:
    assert said(figure) == words


@pytest.mark.parametrize(
    ("figure", "form", "words"),
    [
        (Figure(kind="share", value=0.628), "in3", "2 in 3"),
        (Figure(kind="share", value=0.628), "percent", "63%"),
        (
            Figure(kind="rate", value=0.4, unit="per 100,000 a year"),
            "permillion",
            "4 in every million",
        ),
        (Figure(kind="number", low=9, high=10, unit="years"), "or", "9 or 10"),
        (Figure(kind="number", value=48, unit="hours"), "unit", "48 hours"),
        (Figure(kind="number", value=48, unit="hours"), "value", "48"),
    ],
)
def test_a_short_form_says_the_same_value(figure: Figure, form: str, words: str) -> None:
    assert formed(figure, form) == words


@pytest.mark.parametrize(
    ("figure", "form"),
    [
        (Figure(kind="share", value=0.97), "in10"),  # would say 10 in 10
        (Figure(kind="share", value=0.04), "in10"),  # would say 0 in 10
        (Figure(kind="share", value=0.42), "in2"),  # would say 1 in 2
        (Figure(kind="share", low=0.05, high=0.07), "percent"),
        (Figure(kind="words", text="often"), "value"),
        (Figure(kind="number", value=3, unit="years"), "permillion"),
        (Figure(kind="number", value=3, unit="years"), "unheard"),
    ],
)
def test_a_form_that_would_mislead_is_refused(figure: Figure, form: str) -> None:
    with pytest.raises(FigureError):
        formed(figure, form)


def test_a_range_over_sources_goes_from_the_least_to_the_greatest() -> None:
    figures = tuple(one.figure for one in KNOWLEDGE.statements if one.topic == "delay")
    assert span(figures) == ("4 to 23", "months")


def test_values_in_different_units_are_not_put_into_one_range() -> None:
    months = Figure(kind="mean", value=12, unit="months")
    years = Figure(kind="mean", value=1, unit="years")
    with pytest.raises(FigureError):
        span((months, years))


# --- what is refused -----------------------------------------------------------------------------

OURS = Citation(SourceId("multifocal-clinical"), Certainty.JUDGEMENT)
READ = Citation(SourceId("bhat-2018"), Certainty.VERIFIED)
ELSEWHERE = Citation(SourceId("wipff-2013"), Certainty.VERIFIED)


def a_statement(name: str, figure: Figure, source: Citation = READ, **more: Any) -> StatementEntry:
    return StatementEntry(name, "pain", "pain", figure, "", source, **more)


def messages(
    statements: Iterable[StatementEntry], *topics: TopicEntry, **changed: Any
) -> list[str]:
    known = topics or (TopicEntry("pain", "Pain", "How many?", OURS),)
    entries = msgspec.structs.replace(
        KNOWLEDGE, statements=tuple(statements), topics=known, **changed
    )
    return [fault.message for fault in figure_faults(entries)]


HALF = Figure(kind="share", value=0.5)


def test_two_sources_that_give_values_need_a_word_on_why_they_differ() -> None:
    two = [a_statement("pain_a", HALF), a_statement("pain_b", HALF, ELSEWHERE)]
    assert messages(two) == ["several sources give values: say why they differ"]
    explained = TopicEntry("pain", "Pain", "How many?", OURS, why_they_differ="Places differ.")
    assert messages(two, explained) == []


def test_a_topic_has_statements_or_says_that_none_were_found() -> None:
    silent = TopicEntry("pain", "Pain", "How many?", OURS, not_found="Nothing was found.")
    assert messages([], silent) == []
    assert messages([]) == ["needs either statements or `not_found`"]
    assert messages([a_statement("pain_a", HALF)], silent) == [
        "needs either statements or `not_found`"
    ]


@pytest.mark.parametrize(
    "figure",
    [
        Figure(kind="share", value=50),
        Figure(kind="share", k=11, n=10),
        Figure(kind="share", k=5),
        Figure(kind="share", k=5, n=10, value=0.5),
        Figure(kind="share"),
        Figure(kind="share", value=0.5, unit="children"),
        Figure(kind="mean", low=1, high=2, unit="years"),
        Figure(kind="number", low=2, high=1, unit="years"),
        Figure(kind="number", low=2, unit="years"),
        Figure(kind="number", unit="years"),
        Figure(kind="number", value=1, text="about one", unit="years"),
        Figure(kind="one_in", value=100),
        Figure(kind="median", value=2, low=1, high=3, unit="years"),
        Figure(kind="words"),
        Figure(kind="words", text="many", value=3),
    ],
)
def test_a_figure_that_can_not_be_right_is_refused(figure: Figure) -> None:
    assert len(messages([a_statement("pain_a", figure)])) == 1


def test_a_statement_of_an_unknown_topic_is_refused() -> None:
    stray = StatementEntry("ache_a", "ache", "ache", HALF, "", READ)
    assert messages([a_statement("pain_a", HALF), stray]) == ["unknown topic 'ache'"]


def test_a_derived_value_names_what_it_is_derived_from() -> None:
    derived = Citation(SourceId("bhat-2018"), Certainty.DERIVED)
    assert messages([a_statement("pain_a", HALF, derived)]) == [
        "`derived` and `derived_from` go together"
    ]
    assert messages([a_statement("pain_a", HALF, derived, derived_from=("pain_z",))]) == [
        "derived from unknown statement 'pain_z'"
    ]
