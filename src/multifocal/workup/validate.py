"""The work-up tried on children whose diagnosis is known.

Every rule here was written down before the first figure was taken.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import version

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment
from multifocal.model.differential import Differential
from multifocal.model.validation import (
    Baseline,
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
from multifocal.workup.red_flags import EXCLUDING
from multifocal.workup.statistics import calibration, share_of

CMO = frozenset({"cmo", "cmo_hand"})
"""The disease and its hand form: one answer."""
AGE_BANDS = "age_band"
"""The exclusive set of the findings that are age bands."""
FEW, MANY = 3, 10
"""Places that count as being among the first, and as being on the list."""


def try_out(
    trials: Iterable[Trial], *, knowledge: Knowledge, setting: str
) -> tuple[CaseResult, ...]:
    """Assess each record as of the visit at which the case is told, and set it beside the truth."""
    return tuple(
        _outcome(
            trial,
            assess(
                trial.record,
                as_of=trial.as_of,
                knowledge=knowledge,
                setting=setting,
            ),
            knowledge,
        )
        for trial in trials
    )


def calls_cmo(assessment: Assessment) -> bool:
    """Tell whether the work-up calls this CMO.

    It does when CMO, its hand form included, is ranked first, the ranking did not abstain, and no
    finding of a strength that excludes a condition speaks against CMO.
    """
    differential = ranking(assessment)
    if differential.abstained or not differential.ranked:
        return False
    if differential.ranked[0].condition not in CMO:
        return False
    return not any(
        argument.speaks == "against" and argument.strength in EXCLUDING
        for argument in assessment.arguments
    )


def ranking(assessment: Assessment) -> Differential:
    """Give the ranking of an assessment that was made with one."""
    assert assessment.differential is not None  # noqa: S101 # `assess` always ranks
    return assessment.differential


def _outcome(trial: Trial, assessment: Assessment, knowledge: Knowledge) -> CaseResult:
    differential = ranking(assessment)
    condition = knowledge.conditions_by_id.get(trial.truth or "")
    dangerous = condition is not None and condition.danger != "routine" and condition.id not in CMO
    due = dangerous and (
        condition is not None
        and (condition.danger == "emergency" or condition.category == "malignancy")
    )
    bands = _age_bands(knowledge)
    return CaseResult(
        id=trial.id,
        truth=trial.truth,
        is_cmo=trial.is_cmo,
        called_cmo=calls_cmo(assessment),
        abstained=differential.abstained,
        rank=rank_of(trial.truth, [ranked.condition for ranked in differential.ranked]),
        known=differential.known,
        red_flags=tuple(flag.id for flag in assessment.red_flags),
        flag_due=due,
        dangerous=dangerous,
        held_open=trial.truth in differential.cannot_be_excluded,
        ranked=tuple(
            Place(ranked.condition, ranked.probability, ranked.low, ranked.high, ranked.band)
            for ranked in differential.ranked
        ),
        age=next(
            (
                finding.id
                for finding in assessment.findings
                if finding.id in bands and finding.truth is True
            ),
            "",
        ),
        sex=trial.record.patient.sex,
        hand=trial.hand,
        source_depth=trial.source_depth,
        issues=assessment.issues,
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
        top10=share_of(_within(one, 10) for one in named),
        top1_answered=share_of(_within(one, 1) and not one.abstained for one in named),
        cmo_top10=share_of(not CMO.isdisjoint(_order(one)[:MANY]) for one in cmo),
        abstained=share_of(one.abstained for one in outcomes),
        sensitivity=share_of(one.called_cmo for one in cmo),
        specificity=share_of(not one.called_cmo for one in mimics),
        red_flag_recall=share_of(bool(one.red_flags) for one in due),
        red_flag_elsewhere=share_of(bool(one.red_flags) for one in not_due),
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
    baseline: Baseline | None = None,
) -> Validation:
    """Give every figure of these outcomes, and the chief ones of others: with parts hidden, and in
    other settings.
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
        baseline=baseline,
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
    order = {band: place for place, band in enumerate((*bands, ""))}
    traits: tuple[tuple[str, Callable[[CaseResult], str]], ...] = (
        ("age", lambda one: one.age),
        ("sex", lambda one: one.sex or ""),
        ("hand", lambda one: {True: "yes", False: "no", None: ""}[one.hand]),
        ("source depth", lambda one: one.source_depth),
    )
    for by, trait in traits:
        names = {trait(one) for one in outcomes}
        for name in sorted(names, key=lambda name: (order.get(name, 0), name)):
            yield Group(by, name, figures([one for one in outcomes if trait(one) == name]))
