"""Arranging numbers facts, gathers what belongs together and orders sources as the page does."""

import msgspec

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment
from multifocal.model.record import FactId
from multifocal.report.arrange import arrange
from multifocal.report.plots import Threshold
from multifocal.report.sheet import FactRange, Settled


def test_neighbouring_facts_are_gathered_into_ranges(
    child: Assessment, knowledge: Knowledge
) -> None:
    because = tuple(FactId(f"Observation/{n}") for n in (9, 2, 1, 3, 11))
    coding = msgspec.structs.replace(child.coding, because=because)
    sheet = arrange(msgspec.structs.replace(child, coding=coding), knowledge=knowledge)
    assert sheet.coding.facts == (FactRange(1, 3), FactRange(9, 9), FactRange(11, 11))


def test_a_reason_that_is_no_longer_a_fact_is_left_out(
    child: Assessment, knowledge: Knowledge
) -> None:
    coding = msgspec.structs.replace(child.coding, because=(FactId("gone"),))
    sheet = arrange(msgspec.structs.replace(child, coding=coding), knowledge=knowledge)
    assert sheet.coding.facts == ()


def test_thresholds_are_read_from_the_rules_of_the_set(
    child: Assessment, knowledge: Knowledge
) -> None:
    assert arrange(child, knowledge=knowledge).criteria[0].thresholds == (Threshold(17, ">"),)


def test_states_that_are_still_possible_are_given_in_words(
    child: Assessment, knowledge: Knowledge
) -> None:
    criteria = arrange(child, knowledge=knowledge).criteria[0]
    assert criteria.still_possible == ("Above the threshold", "Below the threshold")
    assert criteria.points == "12 to 39 of 39 points"


def test_the_absence_of_a_finding_that_argues_is_called_absence(
    child: Assessment, knowledge: Knowledge
) -> None:
    against = arrange(child, knowledge=knowledge).speaks_against
    assert against[0].label == "Not present: lytic lesion on X-ray"


def test_questions_that_begin_alike_are_gathered(child: Assessment, knowledge: Knowledge) -> None:
    gap = msgspec.structs.replace(
        child.missing[0],
        settles=("can exclude: A (in a finger: B)", "Example score: one", "can exclude: C"),
    )
    sheet = arrange(msgspec.structs.replace(child, missing=(gap,)), knowledge=knowledge)
    assert sheet.missing[0].settles == (
        Settled("Can exclude", ("A (in a finger: B)", "C")),
        Settled("Example score", ("one",)),
    )


def test_values_outside_their_interval_come_first(child: Assessment, knowledge: Knowledge) -> None:
    swapped = msgspec.structs.replace(child, labs=child.labs[::-1])
    labs = arrange(swapped, knowledge=knowledge).labs
    assert [lab.outside for lab in labs] == [True, False]


def test_a_fallback_interval_names_itself_and_its_certainty(
    child: Assessment, knowledge: Knowledge
) -> None:
    laboratory, ours = arrange(child, knowledge=knowledge).labs
    assert laboratory.whose == "the laboratory's own interval"
    assert laboratory.ref is None
    assert ours.whose.startswith("our fallback")
    assert "memory" in ours.whose
    assert ours.ref is not None


def test_a_burden_at_its_lightest_step_is_not_listed(
    child: Assessment, knowledge: Knowledge
) -> None:
    light = msgspec.structs.replace(child.next_tests[0], burden={"needle": "no"})
    tests = (*child.next_tests, light)
    sheet = arrange(msgspec.structs.replace(child, next_tests=tests), knowledge=knowledge)
    assert [test.burden for test in sheet.next_tests] == [(("Needle", "yes"),), ()]


def test_sources_are_numbered_as_the_page_meets_them(
    child: Assessment, flagged: Assessment, knowledge: Knowledge
) -> None:
    plain = arrange(child, knowledge=knowledge)
    assert [plain.dangers[0].ref.number, plain.dangers[1].ref.number] == [2, 3]
    assert plain.coding.ref.number == 4
    paused = arrange(flagged, knowledge=knowledge)
    assert paused.red_flags[0].ref.number == 2
    assert [source.number for source in paused.sources] == [1, 2, 3, 4]


def test_the_timeline_keeps_absent_symptoms_out(child: Assessment, knowledge: Knowledge) -> None:
    row = next(
        row for row in arrange(child, knowledge=knowledge).timeline if row.label == "Pain at night"
    )
    assert row.facts == (FactRange(2, 2),)
    assert row.when == "15 Aug 2026 to 20 Sep 2026"


def test_a_name_with_control_and_direction_characters_is_cleaned(
    child: Assessment, knowledge: Knowledge
) -> None:
    patient = msgspec.structs.replace(child.patient, name="A\u202e\x1b[2J\x00\nB")
    sheet = arrange(msgspec.structs.replace(child, patient=patient), knowledge=knowledge)
    assert sheet.name == "A[2J B"


def test_a_study_that_was_not_done_is_not_on_the_timeline(
    child: Assessment, knowledge: Knowledge
) -> None:
    undone = msgspec.structs.replace(child.facts[10], present=False)
    facts = (*child.facts[:10], undone, *child.facts[13:])
    rows = arrange(msgspec.structs.replace(child, facts=facts), knowledge=knowledge).timeline
    assert undone.concept == "mri_study"
    assert "MRI" not in {row.label for row in rows}
