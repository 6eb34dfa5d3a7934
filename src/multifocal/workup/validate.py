"""The work-up tried on children whose diagnosis is known.

Every rule here was written down before the first figure was taken.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version

import msgspec

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment
from multifocal.model.differential import Differential
from multifocal.model.issue import Issue
from multifocal.model.validation import (
    Baseline,
    Beside,
    Calibration,
    CaseResult,
    Figures,
    Group,
    Masked,
    Place,
    Trial,
    Validation,
)
from multifocal.workup.assess import assess
from multifocal.workup.red_flags import URGENCIES
from multifocal.workup.statistics import calibration, share_of

CMO = frozenset({"cmo", "cmo_hand"})
"""The disease and its hand form: one answer."""
SAPHO = "sapho"
"""A condition of its own: a child with it counts neither as having CMO nor as being without it."""
NOT_DUE = frozenset({"autoinflammatory", "rheumatic"})
"""Categories of dangerous conditions for which no flag is due: they can wait for a clinic."""
DECIDES = ("none", "short_list", "decides")
"""What a text gives of its diagnosis, by how far it can be known from it."""
AGE_BANDS = "age_band"
"""The exclusive set of the findings that are age bands."""
FEW, MANY = 3, 10
"""Places that count as being among the first, and as being on the list."""


def has_cmo(truth: str | None, *, guessed: bool, told: bool | None) -> bool | None:
    """Tell whether a child counts as having CMO: a stated truth decides, else what the case says.

    SAPHO counts as neither, whatever the case says.

    >>> has_cmo("sapho", guessed=False, told=True), has_cmo("lch", guessed=False, told=None)
    (None, False)
    """
    if truth == SAPHO:
        return None
    if truth is None or (guessed and told is not None):
        return told
    return truth in CMO


def try_out(
    trials: Iterable[Trial], *, knowledge: Knowledge, setting: str
) -> tuple[CaseResult, ...]:
    """Assess each record as of the visit at which the case is told, and set it beside the truth."""
    return tuple(
        _outcome(
            trial,
            assess(trial.record, as_of=trial.as_of, knowledge=knowledge, setting=setting),
            knowledge,
        )
        for trial in trials
    )


def calls_cmo(differential: Differential) -> bool:
    """Tell whether the work-up calls this CMO."""
    return differential.called in CMO


def ranking(assessment: Assessment) -> Differential:
    """Give the ranking of an assessment that was made with one."""
    assert assessment.differential is not None  # noqa: S101 # `assess` always ranks
    return assessment.differential


def _outcome(trial: Trial, assessment: Assessment, knowledge: Knowledge) -> CaseResult:
    bands = _age_bands(knowledge)
    present = {finding.id for finding in assessment.findings if finding.truth is True}
    return result(
        trial,
        ranking(assessment),
        [flag.id for flag in assessment.red_flags],
        alarm=assessment.urgency in URGENCIES,
        age=next((band for band in bands if band in present), ""),
        issues=assessment.issues,
        knowledge=knowledge,
    )


def result(
    trial: Trial,
    differential: Differential,
    red_flags: Iterable[str],
    *,
    alarm: bool,
    age: str,
    issues: tuple[Issue, ...] = (),
    knowledge: Knowledge,
) -> CaseResult:
    """Set a ranking, and the red flags that stood, beside the truth."""
    condition = knowledge.conditions_by_id.get(trial.truth or "")
    dangerous = condition is not None and condition.danger != "routine" and condition.id not in CMO
    due = dangerous and condition is not None and condition.category not in NOT_DUE
    return CaseResult(
        id=trial.id,
        truth=trial.truth,
        is_cmo=trial.is_cmo,
        called_cmo=calls_cmo(differential),
        abstained=differential.abstained,
        rank=rank_of(trial.truth, [ranked.condition for ranked in differential.ranked]),
        known=differential.known,
        red_flags=tuple(red_flags),
        flag_due=due,
        alarm=alarm,
        dangerous=dangerous,
        held_open=trial.truth in differential.cannot_be_excluded,
        ranked=tuple(
            Place(ranked.condition, ranked.probability, ranked.low, ranked.high, ranked.band)
            for ranked in differential.ranked
        ),
        age=age,
        sex=trial.record.patient.sex,
        hand=trial.hand,
        source_depth=trial.source_depth,
        issues=issues,
        guessed=trial.guessed,
        decidable=trial.decidable,
        names_diagnosis=trial.names_diagnosis,
        blind=trial.blind,
    )


def rank_of(truth: str | None, order: Iterable[str]) -> int | None:
    """Give the place of a condition in an order, 1 for the first; CMO and its hand form are one.

    >>> rank_of("cmo_hand", ["lch", "cmo", "scurvy"]), rank_of("rickets", ["lch"])
    (2, None)
    """
    wanted = CMO if truth in CMO else {truth}
    return next((at for at, condition in enumerate(order, 1) if condition in wanted), None)


def figures(outcomes: Sequence[CaseResult]) -> Figures:
    """Count the figures of some outcomes.

    Ranks count where the truth is one of our conditions; sensitivity and specificity wherever it is
    said whether it was CMO.
    """
    named = [one for one in outcomes if one.truth is not None]
    cmo = [one for one in outcomes if one.is_cmo is True]
    mimics = [one for one in outcomes if one.is_cmo is False]
    due = [one for one in outcomes if one.flag_due]
    not_due = [one for one in outcomes if one.truth is not None and not one.flag_due]
    return Figures(
        n=len(outcomes),
        n_cmo=len(cmo),
        n_mimic=len(mimics),
        top1=share_of(_within(one, 1) for one in named),
        top3=share_of(_within(one, 3) for one in named),
        top5=share_of(_within(one, 5) for one in named),
        top10=share_of(_within(one, MANY) for one in named),
        top1_answered=share_of(_within(one, 1) and not one.abstained for one in named),
        abstained=share_of(one.abstained for one in outcomes),
        sensitivity=share_of(one.called_cmo for one in cmo),
        specificity=share_of(not one.called_cmo for one in mimics),
        red_flag_recall=share_of(bool(one.red_flags) for one in due),
        red_flag_elsewhere=share_of(bool(one.red_flags) for one in not_due),
        alarm_recall=share_of(one.alarm for one in due),
        alarm_elsewhere=share_of(one.alarm for one in not_due),
    )


def _within(outcome: CaseResult, places: int) -> bool:
    return outcome.rank is not None and outcome.rank <= places


def _order(outcome: CaseResult) -> tuple[str, ...]:
    return tuple(place.condition for place in outcome.ranked)


def validation(
    outcomes: tuple[CaseResult, ...],
    *,
    knowledge: Knowledge,
    setting: str,
    masked: tuple[Masked, ...] = (),
    others: Mapping[str, Sequence[CaseResult]] | None = None,
    settings: Mapping[str, Sequence[CaseResult]] | None = None,
    bare: Sequence[CaseResult] = (),
    baseline: Baseline | None = None,
) -> Validation:
    """Give every figure of these outcomes, and the chief ones of others: with parts hidden, in
    other settings, and with nothing known but age and sex (``bare``).
    """
    dangerous = [one for one in outcomes if one.dangerous]
    missed = [one for one in dangerous if not _within(one, FEW) and not one.red_flags]
    return Validation(
        knowledge_version=knowledge.version,
        software_version=version("multifocal"),
        setting=setting,
        masked=masked,
        figures=figures(outcomes),
        unsafe=tuple(one.id for one in missed if not one.held_open),
        quiet=tuple(one.id for one in missed if one.held_open),
        reassured=tuple(one.id for one in dangerous if one.called_cmo),
        calibration=_of_the_first(outcomes),
        calibration_cmo=calibration(
            [(_cmo(one), one.is_cmo) for one in outcomes if one.is_cmo is not None]
        ),
        groups=(
            *(Group("setting", name, figures(there)) for name, there in (settings or {}).items()),
            *_groups(outcomes, knowledge),
        ),
        masks=tuple(
            Group("masked", name, figures(hidden)) for name, hidden in (others or {}).items()
        ),
        outcomes=outcomes,
        guessed=tuple(one.id for one in outcomes if one.guessed),
        sapho=tuple(one.id for one in outcomes if one.truth == SAPHO),
        beside=tuple(_beside(outcomes, bare)),
        baseline=baseline,
    )


def without_facts(trials: Iterable[Trial]) -> tuple[Trial, ...]:
    """Give the same children with nothing known but age and sex."""
    return tuple(
        msgspec.structs.replace(
            one, record=msgspec.structs.replace(one.record, facts=(), issues=(), not_read=())
        )
        for one in trials
    )


def _beside(outcomes: Sequence[CaseResult], bare: Sequence[CaseResult]) -> Iterator[Beside]:
    """Give the ways to answer side by side, on the children whom the blind reader read, or on all.

    Each but ours calls CMO where it puts CMO first.
    """
    read = [one for one in outcomes if one.blind]
    children = read or outcomes
    yield _answering("ours", children, _order, {one.id for one in children if one.called_cmo})
    if read:
        yield _answering("blind_reader", children, lambda one: one.blind)
    if bare:
        orders = {one.id: _order(one) for one in bare}
        yield _answering("age_and_sex", children, lambda one: orders[one.id])
    yield _answering("always_cmo", children, lambda _: ("cmo",))


def _answering(
    name: str,
    children: Sequence[CaseResult],
    order: Callable[[CaseResult], Sequence[str]],
    called: Collection[str] | None = None,
) -> Beside:
    if called is None:
        called = {one.id for one in children if not CMO.isdisjoint(order(one)[:1])}
    ranks = [rank_of(one.truth, order(one)) for one in children if one.truth is not None]
    return Beside(
        name=name,
        n=len(children),
        sensitivity=share_of(one.id in called for one in children if one.is_cmo is True),
        specificity=share_of(one.id not in called for one in children if one.is_cmo is False),
        top1=share_of(rank == 1 for rank in ranks),
        top3=share_of(rank is not None and rank <= FEW for rank in ranks),
    )


def _of_the_first(outcomes: Iterable[CaseResult]) -> Calibration:
    return calibration(
        [
            (one.ranked[0].probability, one.rank == 1)
            for one in outcomes
            if one.truth is not None and one.ranked
        ]
    )


def _cmo(outcome: CaseResult) -> float:
    return min(sum(place.probability for place in outcome.ranked if place.condition in CMO), 1.0)


def _age_bands(knowledge: Knowledge) -> tuple[str, ...]:
    """Give the findings that are age bands, from the youngest."""
    return next(
        (one.members for one in knowledge.differential.exclusive_sets if one.id == AGE_BANDS), ()
    )


def _groups(outcomes: Sequence[CaseResult], knowledge: Knowledge) -> Iterable[Group]:
    """Give the figures by trait; ages in the order of the knowledge, what is not said last."""
    bands = _age_bands(knowledge)
    order = {name: place for place, name in enumerate((*bands, *reversed(DECIDES), ""))}
    traits: tuple[tuple[str, Callable[[CaseResult], str]], ...] = (
        ("age", lambda one: one.age),
        ("sex", lambda one: one.sex or ""),
        ("hand", lambda one: {True: "yes", False: "no", None: ""}[one.hand]),
        ("source depth", lambda one: one.source_depth),
        ("text", lambda one: "" if one.decidable is None else DECIDES[one.decidable]),
        ("answer", lambda one: {True: "yes", False: "no", None: ""}[one.names_diagnosis]),
    )
    for by, trait in traits:
        names = {trait(one) for one in outcomes}
        for name in sorted(names, key=lambda name: (order.get(name, 0), name)):
            yield Group(by, name, figures([one for one in outcomes if trait(one) == name]))
