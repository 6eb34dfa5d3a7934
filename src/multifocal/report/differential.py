"""What the page says of what it could be: conditions in bands, and what moved each of them."""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment, NextTest
from multifocal.model.differential import (
    Contribution,
    Counterfactual,
    Differential,
    Outcome,
    Ranked,
)
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
DECIBANS = 10
"""In a decade."""


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
        intro=_intro(given, setting),
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


def _intro(given: Differential, setting: str) -> str:
    say = words.words().say
    rests_on = (
        say["moved_by"].format(known=given.known, published=_percent(given.published_share))
        if given.known
        else say["moved_by_nothing"]
    )
    return f"{say['ranked_for'].format(setting=setting)} {rests_on} {say['bands']}"


TOLD = frozenset({"leading", "possible"})
"""Bands of which each condition is told with what moved it."""


def outcomes(told: Sequence[Outcome], knowledge: Knowledge) -> tuple[str, ...]:
    """Say what each result of a test would do: which condition is first, which gain and lose."""
    say = words.words().say
    if not told:
        return ()
    question = say["outcome_question"].format(
        finding=words.inside(words.finding(told[0].finding, knowledge))
    )
    same = len(told) > 1 and len({one.leading for one in told}) == 1
    if same:
        first = say["outcome_same"].format(name=_named(told[0].leading, knowledge))
        question = f"{question} {first}"
    return (question, *(_outcome(one, knowledge, same=same) for one in told))


def _outcome(one: Outcome, knowledge: Knowledge, *, same: bool) -> str:
    say = words.words().say
    changes = [
        say[name].format(name=_named(condition, knowledge))
        for name, condition in (
            ("outcome_first", "" if same else one.leading),
            ("outcome_gains", one.gains),
            ("outcome_loses", one.loses),
        )
        if condition
    ]
    shown = say["outcome_present" if one.truth else "outcome_absent"]
    return shown.format(changes="; ".join(changes or [say["outcome_nothing"]]))


def would_answer(test: NextTest, knowledge: Knowledge) -> str:
    """Say what a test would answer, the most telling first."""
    telling = dict.fromkeys((*(one.finding for one in test.outcomes), *test.answers))
    shown = [words.inside(words.finding(name, knowledge)) for name in telling]
    more = len(shown) - MOST
    return (
        words.words()
        .say["would_answer_more" if more > 0 else "would_answer"]
        .format(findings="; ".join(shown[:MOST]), number=more)
    )


def _named(condition: str, knowledge: Knowledge) -> str:
    """Name a condition; of one that calms it is said that nothing is excluded by it."""
    name = words.inside(knowledge.conditions_by_id[condition].name)
    if condition in knowledge.differential.model.calming:
        return words.words().say["calms"].format(name=name)
    return name


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
        weight=words.signed(part.log10 * DECIBANS),
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
