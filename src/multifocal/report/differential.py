"""What the page says of what it could be: conditions in bands, and what moved each of them."""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment
from multifocal.model.differential import Contribution, Counterfactual, Outcome, Ranked
from multifocal.model.finding import FindingId
from multifocal.model.record import FactId
from multifocal.model.source import Citation
from multifocal.report import words
from multifocal.report.sheet import (
    BandView,
    ConditionView,
    ContributionView,
    DifferentialView,
    FactRange,
)
from multifocal.report.sources import Ref

MOST = 6
"""Findings for, against and open that are shown of one condition."""


class Citing(msgspec.Struct, frozen=True):
    """How the page cites sources and numbers facts."""

    cite: Callable[[Citation], Ref]
    facts_of: Callable[[Iterable[FactId]], tuple[FactRange, ...]]


def differential(
    assessment: Assessment, *, knowledge: Knowledge, citing: Citing
) -> DifferentialView | None:
    """Put the differential into words; None where there is none."""
    given = assessment.differential
    if given is None:
        return None
    say = words.words().say
    told = [one for one in given.ranked if one.contributions and one.band in TOLD]
    named = [one for one in given.ranked if one not in told]
    setting = next(
        one.label for one in knowledge.differential.model.setting if one.id == given.setting
    )
    return DifferentialView(
        intro=say["differential"].format(
            setting=setting, known=given.known, published=_percent(given.published_share)
        ),
        why=f"{given.why} {say['abstained']}" if given.abstained else "",
        caution=say["not_calm"].format(number=len(given.cannot_be_excluded))
        if given.cannot_be_excluded
        else "",
        conditions=()
        if given.abstained
        else tuple(_condition(one, assessment, knowledge, citing) for one in told),
        bands=tuple(_bands(given.ranked if given.abstained else named)),
        changes=tuple(_change(one, knowledge) for one in assessment.would_change),
    )


TOLD = frozenset({"leading", "possible"})
"""Bands of which each condition is told with what moved it."""


def outcomes(told: Sequence[Outcome], knowledge: Knowledge) -> tuple[str, ...]:
    """Say what each result of a test would do, or that neither would change what is first."""
    say = words.words().say
    if not told:
        return ()
    label = words.inside(words.finding(told[0].finding, knowledge))
    if len(told) > 1 and len({one.leading for one in told}) == 1:
        name = words.inside(told[0].name)
        return (say["outcome_same"].format(finding=label, name=name),)
    return tuple(
        say["outcome_present" if one.truth else "outcome_absent"].format(
            finding=label, name=words.inside(one.name)
        )
        for one in told
    )


def _bands(ranked: Iterable[Ranked]) -> Iterable[BandView]:
    names: dict[str, list[str]] = {}
    for one in ranked:
        names.setdefault(one.band, []).append(one.name)
    for band in ("leading", "possible", "can't be excluded", "unlikely"):
        if band in names:
            yield BandView(words.words().band[band], tuple(names[band]))


def _condition(
    one: Ranked, assessment: Assessment, knowledge: Knowledge, citing: Citing
) -> ConditionView:
    say = words.words().say
    views = [_contribution(part, knowledge, citing) for part in one.contributions]
    speaks_for = tuple(view for view in views if view.log10 > 0)
    against = tuple(view for view in views if view.log10 < 0)
    shown = min(len(speaks_for), MOST) + min(len(against), MOST)
    form = knowledge.conditions_by_id[one.form].name if one.form else ""
    return ConditionView(
        name=one.name,
        form=say["form"].format(form=words.inside(form)) if form else "",
        band=words.words().band[one.band],
        danger="" if one.danger == "routine" else words.words().danger[one.danger],
        share=one.probability,
        low=one.low,
        high=one.high,
        rests_on=say["rests_on"].format(published=_percent(one.published_share)),
        speaks_for=speaks_for[:MOST],
        speaks_against=against[:MOST],
        more=len(views) - shown,
        unknown=_unknown(one, assessment, knowledge),
    )


def _contribution(part: Contribution, knowledge: Knowledge, citing: Citing) -> ContributionView:
    label = words.finding(part.finding, knowledge)
    return ContributionView(
        label=label
        if part.truth
        else words.words().say["not_present"].format(finding=words.inside(label)),
        log10=part.log10,
        low=part.low,
        high=part.high,
        published=part.published,
        facts=citing.facts_of(part.because),
        ref=citing.cite(part.source),
    )


def _unknown(one: Ranked, assessment: Assessment, knowledge: Knowledge) -> tuple[str, ...]:
    """Give the signs that would decide on it and are not known."""
    entry = knowledge.conditions_by_id[one.condition]
    unknown = {finding.id for finding in assessment.findings if finding.truth is None}
    signs: dict[FindingId, None] = dict.fromkeys(
        sign.finding for sign in (*entry.rule_in, *entry.rule_out) if sign.finding in unknown
    )
    return tuple(words.finding(name, knowledge) for name in signs)[:MOST]


def _change(one: Counterfactual, knowledge: Knowledge) -> str:
    say = words.words().say
    parts = [
        say["found" if truth else "not_found"].format(
            finding=words.inside(words.finding(name, knowledge))
        )
        for name, truth in one.answers
    ]
    together = words.listed(parts)
    if one.changes == "leading":
        return say["would_lead"].format(findings=together, name=words.inside(one.name))
    return say["would_flag"].format(
        findings=together, name=words.inside(one.name), urgency=words.words().urgency[one.to]
    )


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")
