"""What it could be: conditions ranked, what speaks for and against, how far to lean on it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import exp, inf, log, sqrt
from operator import mul
from typing import NamedTuple, TypeVar

from multifocal.knowledge.load import Knowledge
from multifocal.model.differential import Band, Contribution, Differential, Ranked
from multifocal.model.finding import FindingId
from multifocal.model.issue import KnowledgeError
from multifocal.model.record import FactId
from multifocal.model.truth import Span, Truth, truth_of
from multifocal.workup.find import Found
from multifocal.workup.likelihood import (
    ABSENT,
    LOG_10,
    PRESENT,
    SPREADS,
    UNIT,
    UNKNOWN,
    Row,
    answered,
    informative,
    informative_anew,
    weighing,
)
from multifocal.workup.red_flags import EXCLUDING, dangers
from multifocal.workup.suppose import Answers, reached

Number = TypeVar("Number", int, float)

SETTING = "paediatric_rheumatology_referral"

__all__ = [
    "SETTING",
    "Standing",
    "alone",
    "called",
    "explain",
    "joined",
    "leads",
    "moved",
    "rank",
    "standing",
    "told",
]


class Standing(NamedTuple):
    """Where every condition stands, forms apart, in the order of `Weighing.conditions`."""

    totals: tuple[int, ...]
    """Thousandths of log10, up to what they have in common, as decisive findings leave them."""
    sums: tuple[int, ...]
    """The same without what decisive findings forbid."""
    truths: Mapping[FindingId, int]
    """See `likelihood.UNKNOWN`."""
    answers: Mapping[FindingId, int]
    """What is known and says something new; see `likelihood.informative`."""
    rows: tuple[Row, ...]
    variances: tuple[float, ...]
    moved: tuple[int, ...]
    published: tuple[int, ...]
    """These as in `likelihood.Row`, added up."""


def rank(found: Found, *, setting: str = SETTING, knowledge: Knowledge) -> Differential:
    """Rank every condition on what is known of this child; raises `KnowledgeError` for a setting
    that the knowledge has no priors for.
    """
    at = standing(found, setting=setting, knowledge=knowledge)
    open_ = tuple(danger.id for danger in dangers(found, knowledge))
    return told(at, found, open_, setting=setting, knowledge=knowledge)


def told(
    at: Standing, found: Found, open_: Sequence[str], *, setting: str, knowledge: Knowledge
) -> Differential:
    """Put where the conditions stand, and which dangers are open, into a ranking."""
    model = knowledge.differential.model
    merged = tuple(_merged(at, knowledge))
    ordered = sorted(merged, key=lambda one: (-one.share, one.condition))
    known = sum(truth != UNKNOWN for truth in at.answers.values())
    why = _abstains(found, known, knowledge)
    bands = tuple(_bands(ordered, open_, knowledge, abstained=bool(why)))
    explained = int(model.explained.value)
    ranked = tuple(
        _ranked(one, band, at, found, knowledge, explained=place < explained or one.is_ours)
        for place, (one, band) in enumerate(zip(ordered, bands, strict=True))
    )
    return Differential(
        setting=setting,
        ranked=ranked,
        abstained=bool(why),
        why=why,
        cannot_be_excluded=tuple(open_),
        published_share=_published(at),
        known=known,
        called="" if why else called(ranked, found, knowledge),
        alone="" if why else alone(ranked, found, knowledge),
    )


def called(ranked: Sequence[Ranked], found: Found, knowledge: Knowledge) -> str:
    """Give the condition that the work-up calls; empty where it calls none.

    It is the first, and no finding that excludes a condition speaks against it. The disease itself
    is called only where a lesion was seen, on an image or in tissue, and by a margin over every
    condition that can't wait and every malignancy; any other one only where nothing leads beside.
    """
    first, model = ranked[0], knowledge.differential.model
    against = knowledge.conditions_by_id[first.condition].rule_out
    excluded = any(
        sign.strength in EXCLUDING and truth_of(Span(*found.words[sign.finding])) is sign.present
        for sign in against
    )
    if excluded or first.band != "leading":
        return ""
    if first.condition not in model.forms.values():
        return "" if _beside(ranked) else first.condition
    least = 10**model.ahead_of_dangers.value
    near = any(
        one.probability * least > first.probability
        for one in ranked[1:]
        if one.danger != "routine"
        or knowledge.conditions_by_id[one.condition].category == "malignancy"
    )
    seen = any(found.words[name][0] for name in (model.seen_on_image, *model.seen_in_tissue))
    return first.condition if seen and not near else ""


def alone(ranked: Sequence[Ranked], found: Found, knowledge: Knowledge) -> str:
    """Give the condition that is called and beside which nothing leads; empty where there is none.

    The disease itself leads alone only where an image shows a lesion: a code rests on it.
    """
    name, model = called(ranked, found, knowledge), knowledge.differential.model
    imaged = name not in model.forms.values() or found.words[model.seen_on_image][0]
    return name if imaged and not _beside(ranked) else ""


def _beside(ranked: Sequence[Ranked]) -> bool:
    return any(one.band == "leading" for one in ranked[1:])


def standing(found: Found, *, setting: str, knowledge: Knowledge) -> Standing:
    """Add up priors and what every answered finding says."""
    ready = weighing(knowledge)
    if setting not in ready.settings:
        there = ", ".join(sorted(ready.settings))
        raise KnowledgeError(f"There is no setting {setting!r}. There are: {there}.")
    prior = ready.priors[(setting, *_given(found, knowledge))]
    truths = truths_of(found, knowledge)
    answers = informative(truths, ready)
    rows = answered(answers, ready)
    nothing = (0,) * len(prior)
    spread = (knowledge.differential.model.prior_spread.value * UNIT) ** 2
    sums = _sums(prior, (row.weights for row in rows))
    return Standing(
        totals=decided(sums, found, knowledge),
        sums=sums,
        truths=truths,
        answers=answers,
        rows=rows,
        variances=_sums((spread,) * len(prior), (row.variances for row in rows)),
        moved=_sums(nothing, (row.moved for row in rows)),
        published=_sums(nothing, (row.published for row in rows)),
    )


def _sums(first: tuple[Number, ...], more: Iterable[tuple[Number, ...]]) -> tuple[Number, ...]:
    return tuple(map(sum, zip(first, *more, strict=True)))


def moved(at: Standing, found: Found, answers: Answers, knowledge: Knowledge) -> tuple[int, ...]:
    """Give the totals after these answers, with what is ``found`` then: only the rows that they
    touch are added anew.
    """
    ready = weighing(knowledge)
    touched = [name for name in reached(frozenset(answers), knowledge) if name in ready.group_of]
    told = truths_of(found, knowledge, touched)
    changed = {name: truth for name, truth in told.items() if truth != at.truths[name]}
    anew = informative_anew(changed, at.truths, ready)
    totals = at.sums
    for place in dict.fromkeys(ready.group_of[name] for name in anew):
        group = ready.groups[place]
        before = tuple([at.answers[name] for name in group])
        after = tuple([anew.get(name, at.answers[name]) for name in group])
        if before != after:
            olds, news = ready.row(place, before).weights, ready.row(place, after).weights
            totals = tuple(
                [one - old + new for one, old, new in zip(totals, olds, news, strict=True)]
            )
    return decided(totals, found, knowledge)


def decided(totals: tuple[int, ...], found: Found, knowledge: Knowledge) -> tuple[int, ...]:
    """Set every condition that a decisive finding leaves out behind all that it names.

    A decisive finding names the conditions that have it as a definitive or strong sign. Several of
    one row name what all of them have, or, where that is nothing, what any of them has.
    """
    named = named_by_tissue(found, knowledge)
    if not named:
        return totals
    places = [name in named for name in weighing(knowledge).conditions]
    best = max(total for total, inside in zip(totals, places, strict=True) if inside)
    other = max(total for total, inside in zip(totals, places, strict=True) if not inside)
    far = round(knowledge.differential.model.strength["definitive"].value * UNIT)
    back = max(other - best + far, 0)
    return tuple(
        total if inside else total - back for total, inside in zip(totals, places, strict=True)
    )


def named_by_tissue(found: Found, knowledge: Knowledge) -> frozenset[str]:
    """Give the conditions, forms apart, that a decisive finding allows to lead; empty for all."""
    deciding = _decisive(knowledge)
    for row in knowledge.differential.model.decisive:
        named = [deciding[name] for name in row if found.words[name][0]]
        if named:
            return frozenset.intersection(*named) or frozenset.union(*named)
    return frozenset()


@lru_cache(maxsize=4)
def _decisive(knowledge: Knowledge) -> Mapping[FindingId, frozenset[str]]:
    """Give by decisive finding the conditions that have it as a definitive or strong sign."""
    return {
        name: frozenset(
            condition.id
            for condition in knowledge.conditions
            for sign in condition.rule_in
            if sign.finding == name and sign.present and sign.strength in EXCLUDING
        )
        for row in knowledge.differential.model.decisive
        for name in row
    }


def joined(totals: Sequence[int], knowledge: Knowledge) -> dict[str, float]:
    """Give the probability of each condition, its forms together."""
    forms = knowledge.differential.model.forms
    shares: dict[str, float] = {}
    for condition, share in zip(weighing(knowledge).conditions, shares_of(totals), strict=True):
        name = forms.get(condition, condition)
        shares[name] = shares.get(name, 0.0) + share
    return shares


def truths_of(
    found: Found, knowledge: Knowledge, those: Iterable[FindingId] | None = None
) -> dict[FindingId, int]:
    """Give every weighed finding, or only those, as a whole number; see `likelihood.UNKNOWN`."""
    words = found.words
    truths = {}
    for name in weighing(knowledge).group_of if those is None else those:
        low, high = words[name]
        truths[name] = PRESENT if low else UNKNOWN if high else ABSENT
    model = knowledge.differential.model
    for name, measure in model.exact.items():
        if words[measure][0] != words[measure][1] and truths.get(name) == PRESENT:
            truths[name] = UNKNOWN
    for name, measure in model.places.items():
        if words[measure][0] and truths.get(name) == UNKNOWN:
            truths[name] = PRESENT
    return truths


def shares_of(totals: Sequence[int]) -> tuple[float, ...]:
    """Turn totals into shares of one.

    >>> shares_of((1000, 0))  # one decade apart
    (0.9090909090909091, 0.09090909090909091)
    """
    most = max(totals)
    powers = [10 ** ((total - most) / UNIT) for total in totals]
    whole = sum(powers)
    return tuple(power / whole for power in powers)


def explain(
    found: Found, condition: str, *, setting: str = SETTING, knowledge: Knowledge
) -> tuple[Contribution, ...]:
    """Give what speaks for and against one condition, or one form of it, the strongest first."""
    at = standing(found, setting=setting, knowledge=knowledge)
    place = weighing(knowledge).conditions.index(condition)
    return _contributions(at, place, found, knowledge)


def _given(found: Found, knowledge: Knowledge) -> tuple[str, Truth]:
    """Give the age band, if one is sure, and whether it is a girl."""
    girl: Truth = None
    band = ""
    for name in knowledge.differential.model.given:
        low, high = found.words[name]
        if name.startswith("age_"):
            band = name if low else band
        elif low == high:
            girl = bool(low)
    return band, girl


class _Merged(NamedTuple):
    """A condition with its forms: the place of the one that holds most, and all of their share."""

    condition: str
    place: int
    share: float
    low: float
    high: float
    form: str
    is_ours: bool


def _merged(at: Standing, knowledge: Knowledge) -> Iterator[_Merged]:
    """Join the forms of a condition, and give the interval of each."""
    ready, model = weighing(knowledge), knowledge.differential.model
    shares = shares_of(at.totals)
    variances = at.variances
    places: dict[str, list[int]] = {}
    for place, condition in enumerate(ready.conditions):
        places.setdefault(model.forms.get(condition, condition), []).append(place)
    means = {
        condition: (
            sum(shares[place] for place in several),
            variances[max(several, key=lambda place: (shares[place], -place))],
        )
        for condition, several in places.items()
    }
    whole = sum(share**2 * variance for share, variance in means.values())
    for condition, several in places.items():
        place = max(several, key=lambda one: (shares[one], -one))
        share, variance = means[condition]
        rest = (
            1 - share
            if share <= 1 / 2
            else sum(other for name, (other, _) in means.items() if name != condition)
        )
        others = (
            whole - share**2 * variance
            if share <= 1 / 2
            else sum(other**2 * its for name, (other, its) in means.items() if name != condition)
        )
        low, high = _interval(share, rest, variance, others)
        name = ready.conditions[place]
        yield _Merged(
            condition=condition,
            place=place,
            share=share,
            low=low,
            high=high,
            form=name if name != condition else "",
            is_ours=condition in model.forms.values(),
        )


def _interval(share: float, rest: float, variance: float, others: float) -> tuple[float, float]:
    """Give the 90 % interval by moments of the log odds: its own spread and that of the rest."""
    if rest <= 0 or share <= 0:
        return share, share
    spread = sqrt(variance + max(others, 0) / rest**2) * LOG_10 / UNIT
    odds = log(share / rest)
    return _of_odds(odds - SPREADS * spread), _of_odds(odds + SPREADS * spread)


def _of_odds(log_odds: float) -> float:
    """Turn log odds into a share without overflow."""
    if log_odds < 0:
        power = exp(log_odds)
        return power / (1 + power)
    return 1 / (1 + exp(-log_odds))


def _bands(
    ordered: Sequence[_Merged], open_: Sequence[str], knowledge: Knowledge, *, abstained: bool
) -> Iterator[Band]:
    """Say how near each is to the first; what calms does not lead while a danger stands."""
    model = knowledge.differential.model
    standing_ = set(open_)
    for one in ordered:
        behind = log(ordered[0].share / one.share) / LOG_10 if one.share else inf
        calms = one.condition in model.calming and bool(standing_)
        if behind <= model.leading_within.value and not abstained and not calms:
            yield "leading"
        elif behind <= model.possible_within.value:
            yield "possible"
        elif one.condition in standing_:
            yield "can't be excluded"
        else:
            yield "unlikely"


def _abstains(found: Found, known: int, knowledge: Knowledge) -> str:
    """Say why no order is offered as an answer; empty when one is."""
    model = knowledge.differential.model
    ages = [found.words[name] for name in model.given if name.startswith("age_")]
    if not any(high for _, high in ages):
        return "The evidence is of children and adolescents; this age lies outside it."
    if named_by_tissue(found, knowledge):
        return ""
    if not known:
        return "Nothing is known of this child but what is common where children are seen."
    if known < model.least_known.value:
        return "Too few findings are known for an order to mean much."
    return ""


def leads(condition: str, found: Found, knowledge: Knowledge) -> bool:
    """Whether a condition that is first is told as leading: enough is known, and it calms nobody
    while a danger stands.
    """
    answers = informative(truths_of(found, knowledge), weighing(knowledge))
    known = sum(answer != UNKNOWN for answer in answers.values())
    if _abstains(found, known, knowledge):
        return False
    return condition not in knowledge.differential.model.calming or not dangers(found, knowledge)


def _published(at: Standing) -> float:
    """Give the share of all that moved any condition, by probability, that was published."""
    shares = shares_of(at.totals)
    moved_ = sum(map(mul, shares, at.moved))
    return sum(map(mul, shares, at.published)) / moved_ if moved_ else 0.0


def _ranked(
    one: _Merged,
    band: Band,
    at: Standing,
    found: Found,
    knowledge: Knowledge,
    *,
    explained: bool,
) -> Ranked:
    entry = knowledge.conditions_by_id[one.condition]
    moved_, published = at.moved[one.place], at.published[one.place]
    return Ranked(
        condition=one.condition,
        name=entry.name,
        danger=entry.danger,
        probability=one.share,
        low=one.low,
        high=one.high,
        band=band,
        published_share=published / moved_ if moved_ else 0.0,
        contributions=_contributions(at, one.place, found, knowledge) if explained else (),
        form=one.form,
    )


def _contributions(
    at: Standing, place: int, found: Found, knowledge: Knowledge
) -> tuple[Contribution, ...]:
    weights = weighing(knowledge).weights
    given = []
    for row in at.rows:
        for name in row.counted[place]:
            truth = at.answers[name] == PRESENT
            one = weights[(name, PRESENT if truth else ABSENT)][place]
            room = SPREADS * sqrt(one.variance)
            assert one.source is not None  # noqa: S101 # what counted has a source
            given.append(
                Contribution(
                    finding=name,
                    truth=truth,
                    log10=one.weight / UNIT,
                    low=(one.weight - room) / UNIT,
                    high=(one.weight + room) / UNIT,
                    published=one.published,
                    because=_because(name, found, knowledge),
                    source=one.source,
                )
            )
    return tuple(sorted(given, key=lambda one: (-abs(one.log10), one.finding)))


def _because(name: FindingId, found: Found, knowledge: Knowledge) -> tuple[FactId, ...]:
    """Give the facts of a finding; where trouble told at a place stands in for it, those."""
    own = found.because.get(name, ())
    measure = knowledge.differential.model.places.get(name)
    return own if own or measure is None else found.because.get(measure, ())
