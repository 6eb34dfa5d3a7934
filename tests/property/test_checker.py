"""Laws of the symptom checker: it is never calmed by what is not known, nor by a sign of danger."""

from collections.abc import Mapping

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
OTHER: dict[Laterality | None, Laterality | None] = {"left": "right", "right": "left"}

forms = st.fixed_dictionaries({name: st.sampled_from(of) for name, of in OPTIONS.items()})
calm = st.fixed_dictionaries(
    {name: st.just(NO) if name in DANGERS else st.sampled_from(of) for name, of in OPTIONS.items()}
)
"""Children without a sign of danger: those that may be told to watch."""
mostly_calm = st.one_of(forms, calm)
sites = st.lists(
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


def haste(answers: Mapping[str, str]) -> int:
    """How urgent, as a number that grows with haste."""
    return -HOW_SOON.index(found(answers).how_soon)


@laws
@given(mostly_calm, st.sampled_from(list(OPTIONS)), st.data())
def test_to_know_more_never_asks_for_more_haste(
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
        assert {answers[name] for name in DANGERS} == {NO}
    for name in DANGERS:
        assert found(answers | {name: UNKNOWN}).how_soon in {"emergency", "urgent"}


@laws
@given(st.sets(st.sampled_from(list(OPTIONS))), mostly_calm)
def test_a_question_left_out_is_one_not_known(left: set[str], answers: dict[str, str]) -> None:
    silent = {name: answer for name, answer in answers.items() if name not in left}
    assert found(silent) == found(answers | dict.fromkeys(left, UNKNOWN))


@laws
@given(forms, st.randoms(use_true_random=False))
def test_the_order_of_the_answers_changes_nothing(answers: dict[str, str], shuffle: object) -> None:
    order = list(answers)
    shuffle.shuffle(order)  # type: ignore[attr-defined] # a Random of hypothesis
    assert found({name: answers[name] for name in order}) == found(answers)


@laws
@given(mostly_calm, sites)
def test_a_child_in_the_mirror_gets_the_same(answers: dict[str, str], places: list[Site]) -> None:
    def mirrored(site: Site) -> Site:
        return replace(site, laterality=OTHER.get(site.laterality, site.laterality))

    here = found(answers, tuple(places))
    there = found(answers, tuple(map(mirrored, places)))
    assert there == replace(here, sites=tuple(map(mirrored, here.sites)))


@laws
@given(mostly_calm, sites)
def test_a_reason_that_is_sure_is_a_red_flag_of_the_record(
    answers: dict[str, str], places: list[Site]
) -> None:
    from multifocal.workup.assess import assess
    from multifocal.workup.checker import TODAY, record_of

    flags = {flag.id for flag in KNOWLEDGE.red_flags if not flag.test}
    told = Answers(answers, tuple(dict.fromkeys(places)))
    record = record_of(told, KNOWLEDGE)
    standing = {flag.id for flag in assess(record, as_of=TODAY, knowledge=KNOWLEDGE).red_flags}
    sure = {one.id for one in check(told, knowledge=KNOWLEDGE).reasons if one.sure}
    assert sure & flags == standing


@given(
    st.dictionaries(st.text(max_size=20) | st.sampled_from(list(OPTIONS)), st.text(max_size=20)),
    st.lists(st.builds(Site, bone=st.text(max_size=5), region=st.none() | st.text(max_size=5))),
)
def test_any_answer_is_understood_or_counts_as_not_known(
    given_: dict[str, str], places: list[Site]
) -> None:
    result = check(Answers(given_, tuple(places)), knowledge=KNOWLEDGE)
    assert result.how_soon in HOW_SOON
    for told in result.answers:
        assert told.known is (given_.get(told.question) in OPTIONS[told.question][:-1])
