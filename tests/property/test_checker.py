"""Laws of the symptom checker: no danger calms, known or not; a blank and a test change nothing."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from multifocal.knowledge.load import load
from multifocal.model.anatomy import Laterality, Site
from multifocal.model.checker import HOW_SOON, NO, UNKNOWN, Answers, CheckResult
from multifocal.workup.checker import check, choices

KNOWLEDGE = load()
OPTIONS = {question.id: tuple(choices(question)) for question in KNOWLEDGE.questions}
DANGERS = [question.id for question in KNOWLEDGE.questions if question.danger]
ALONE = [name for name in DANGERS if name not in {"sickle", "calm_immune"}]
"""Signs that ask for haste by themselves; the other two do beside any trouble."""
OTHERS = [question.id for question in KNOWLEDGE.questions if not question.danger]
OPTIONAL = [
    question.id for question in KNOWLEDGE.questions if not (question.danger or question.required)
]
HIDDEN = [question.id for question in KNOWLEDGE.questions if question.asked_of]
OTHER: dict[Laterality | None, Laterality | None] = {"left": "right", "right": "left"}

forms = st.fixed_dictionaries({name: st.sampled_from(of) for name, of in OPTIONS.items()})
calm = st.fixed_dictionaries(
    {name: st.just(NO) if name in DANGERS else st.sampled_from(of) for name, of in OPTIONS.items()}
)
"""Children without a sign of danger: those that may be told to watch."""
mostly_calm = st.one_of(forms, calm)
places = st.lists(
    st.builds(
        Site,
        bone=st.sampled_from([bone.id for bone in KNOWLEDGE.bones]),
        laterality=st.sampled_from([None, "left", "right", "midline"]),
    ),
    max_size=4,
)
laws = settings(max_examples=200, deadline=None)


def found(answers: Mapping[str, str], places: tuple[Site, ...] = ()) -> CheckResult:
    return check(Answers(answers, places), knowledge=KNOWLEDGE)


def haste(answers: Mapping[str, str], marked: Sequence[Site] = ()) -> int:
    """How urgent, as a number that grows with haste."""
    return -HOW_SOON.index(found(answers, tuple(marked)).how_soon)


@laws
@given(mostly_calm, st.sampled_from(DANGERS), st.data())
def test_to_know_more_of_a_danger_never_asks_for_more_haste(
    answers: dict[str, str], question: str, data: st.DataObject
) -> None:
    known = data.draw(st.sampled_from(OPTIONS[question]))
    assert haste(answers | {question: UNKNOWN}) >= haste(answers | {question: known})


@laws
@given(mostly_calm, st.sampled_from(DANGERS), st.data())
def test_a_sign_of_danger_never_asks_for_less_haste(
    answers: dict[str, str], question: str, data: st.DataObject
) -> None:
    there = data.draw(st.sampled_from([one for one in OPTIONS[question] if one != NO]))
    assert haste(answers | {question: there}) >= haste(answers | {question: NO})


@laws
@given(mostly_calm)
def test_to_watch_needs_a_no_to_every_sign_of_danger(answers: dict[str, str]) -> None:
    if found(answers).how_soon == "watch":
        assert {answers[name] for name in ALONE} == {NO}
    for name in ALONE:
        assert found(answers | {name: UNKNOWN}).how_soon in {"emergency", "urgent"}


@pytest.mark.parametrize("name", ALONE)
def test_an_injury_that_somebody_saw_explains_no_sign_of_danger_away(name: str) -> None:
    seen = dict.fromkeys(DANGERS, NO) | {"injury": "yes", "how_injured": "bump", "age": "y6"}
    assert found(seen).how_soon in {"soon", "watch"}
    assert found(seen | {name: UNKNOWN}).how_soon in {"emergency", "urgent"}


@laws
@given(st.sampled_from(OTHERS), mostly_calm, places)
def test_what_is_not_known_elsewhere_is_as_if_nobody_had_asked(
    question: str, answers: dict[str, str], marked: list[Site]
) -> None:
    silent = {name: answer for name, answer in answers.items() if name != question}
    told = found(answers | {question: UNKNOWN}, tuple(marked))
    assert told == found(silent, tuple(marked))


@laws
@given(st.sampled_from(OPTIONAL), mostly_calm, places)
def test_an_optional_question_left_blank_never_raises(
    question: str, answers: dict[str, str], marked: list[Site]
) -> None:
    silent = {name: answer for name, answer in answers.items() if name != question}
    calm_answer = {"yes": NO}.get(OPTIONS[question][0])
    if calm_answer:
        assert haste(silent, marked) <= haste(silent | {question: calm_answer}, marked)
    assert haste(silent, marked) <= max(
        haste(silent | {question: answer}, marked) for answer in OPTIONS[question][:-1]
    )


@laws
@given(st.sampled_from(("xray", "blood", "mri")), mostly_calm, places)
def test_that_a_test_was_done_changes_nothing(
    test: str, answers: dict[str, str], marked: list[Site]
) -> None:
    calm = {name: answer for name, answer in answers.items() if name != f"{test}_result"}
    assert haste(calm | {test: "yes"}, marked) == haste(calm | {test: NO}, marked)


@laws
@given(mostly_calm, st.sampled_from(HIDDEN), st.data())
def test_an_answer_to_a_hidden_question_counts(
    answers: dict[str, str], question: str, data: st.DataObject
) -> None:
    """Hiding changes what is asked, never what is said: whatever the questions before say."""
    entry = KNOWLEDGE.questions_by_id[question]
    there = data.draw(st.sampled_from(OPTIONS[question][:-1]))
    told = found(answers | {question: there})
    [one] = [one for one in told.answers if one.question == question]
    assert one.known
    if entry.danger and there != NO:
        assert told.how_soon != "watch"


@laws
@given(forms, st.randoms(use_true_random=False))
def test_the_order_of_the_answers_changes_nothing(answers: dict[str, str], shuffle: object) -> None:
    order = list(answers)
    shuffle.shuffle(order)  # type: ignore[attr-defined] # a Random of hypothesis
    assert found({name: answers[name] for name in order}) == found(answers)


@laws
@given(mostly_calm, places)
def test_a_child_in_the_mirror_gets_the_same(answers: dict[str, str], marked: list[Site]) -> None:
    def mirrored(site: Site) -> Site:
        return replace(site, laterality=OTHER.get(site.laterality, site.laterality))

    here = found(answers, tuple(marked))
    there = found(answers, tuple(map(mirrored, marked)))
    assert there == replace(here, sites=tuple(map(mirrored, here.sites)))


@laws
@given(mostly_calm, places)
def test_a_reason_that_is_sure_is_a_red_flag_of_the_record(
    answers: dict[str, str], marked: list[Site]
) -> None:
    from multifocal.workup.assess import assess
    from multifocal.workup.checker import TODAY, record_of

    flags = {flag.id for flag in KNOWLEDGE.red_flags if not flag.test}
    aside = {one.id for one in KNOWLEDGE.set_aside}
    told = Answers(answers, tuple(dict.fromkeys(marked)))
    record = record_of(told, KNOWLEDGE)
    standing = {flag.id for flag in assess(record, as_of=TODAY, knowledge=KNOWLEDGE).red_flags}
    sure = {one.id for one in check(told, knowledge=KNOWLEDGE).reasons if one.sure}
    assert sure & flags <= standing <= sure & flags | aside


@given(
    st.dictionaries(st.text(max_size=20) | st.sampled_from(list(OPTIONS)), st.text(max_size=20)),
    st.lists(st.builds(Site, bone=st.text(max_size=5), region=st.none() | st.text(max_size=5))),
)
def test_any_answer_is_understood_or_counts_as_not_known(
    given_: dict[str, str], marked: list[Site]
) -> None:
    result = check(Answers(given_, tuple(marked)), knowledge=KNOWLEDGE)
    assert result.how_soon in HOW_SOON
    for told in result.answers:
        assert told.known is (given_.get(told.question) in OPTIONS[told.question][:-1])
