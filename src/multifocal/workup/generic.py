"""A generic rare-disease engine to compare with: best match by information content.

Each term of the child is matched with the term of the disease that it shares the most informative
ancestor with; a disease scores the mean over the child's terms (Resnik 1995; the direction from
query to disease of Köhler 2009). It knows no imaging beyond the ontology, no absence, no numbers.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log
from statistics import quantiles

import msgspec

from multifocal.knowledge.load import Knowledge
from multifocal.model.finding import Finding
from multifocal.model.record import Fact
from multifocal.model.validation import Baseline, BaselineRank, CaseResult, Paired, Trial
from multifocal.workup.assess import assess
from multifocal.workup.statistics import mcnemar, share_of
from multifocal.workup.validate import CMO, FEW, MANY, rank_of

SYSTEM = "hpo"
CATALOGUES = {"omim": "OMIM", "orpha": "ORPHA"}


class Ontology(msgspec.Struct, frozen=True):
    """Terms with all that stands above them, and diseases with the terms they are known by."""

    name: str
    ancestors: Mapping[str, frozenset[str]]
    """Of each term, itself included."""
    diseases: Mapping[str, frozenset[str]]


class Engine(msgspec.Struct, frozen=True):
    """An ontology made ready to rank its diseases."""

    ontology: Ontology
    closures: Mapping[str, frozenset[str]]
    information: Mapping[str, float]


def engine(ontology: Ontology) -> Engine:
    """Work out what each disease implies and how informative each term is.

    Information content is minus the logarithm of the share of diseases with the term or one below.
    """
    none: frozenset[str] = frozenset()
    closures = {
        disease: none.union(*(ontology.ancestors.get(term, none) for term in terms))
        for disease, terms in ontology.diseases.items()
    }
    counts = Counter(term for closure in closures.values() for term in closure)
    return Engine(
        ontology, closures, {term: log(len(closures) / count) for term, count in counts.items()}
    )


def scores(terms: Iterable[str], generic: Engine) -> dict[str, float]:
    """Score every disease against the terms of one child; all zero without any term."""
    chains = [
        sorted(
            ((generic.information.get(above, 0.0), above) for above in found),
            reverse=True,
        )
        for term in terms
        if (found := generic.ontology.ancestors.get(term))
    ]
    return {
        disease: sum(
            next((bits for bits, above in chain if above in closure), 0.0) for chain in chains
        )
        / max(len(chains), 1)
        for disease, closure in generic.closures.items()
    }


def place_of(wanted: Iterable[str], scored: Mapping[str, float]) -> float | None:
    """Give the rank of the best of the wanted; those that tie share the mean of their places.

    >>> place_of(["b"], {"a": 2.0, "b": 1.0, "c": 1.0, "d": 0.0})
    2.5
    """
    best = max((scored[one] for one in wanted if one in scored), default=None)
    if best is None:
        return None
    above = sum(score > best for score in scored.values())
    level = sum(score == best for score in scored.values())
    return above + (level + 1) / 2


def diseases_in(knowledge: Knowledge) -> dict[str, tuple[str, ...]]:
    """Give the diseases that each of our conditions is in the generic engine's catalogues."""
    return {
        condition.id: tuple(
            f"{CATALOGUES[code.system]}:{code.code.rpartition(':')[2]}"
            for code in condition.codes
            if code.system in CATALOGUES
        )
        for condition in knowledge.conditions
    }


def terms_in(trial: Trial, knowledge: Knowledge) -> tuple[str, ...]:
    """Give the ontology's terms for what the record says is present at the visit of the case."""
    seen = assess(trial.record, as_of=trial.as_of, knowledge=knowledge)
    return terms_of(seen.facts, seen.findings, knowledge)


def terms_of(
    facts: Iterable[Fact], findings: Iterable[Finding], knowledge: Knowledge
) -> tuple[str, ...]:
    """Give the ontology's terms for what is present.

    They come from the facts' concepts, and from the findings that can be told in one term alone,
    such as a raised CRP.
    """
    codes = {
        concept.id: concept.codes[SYSTEM][0]
        for concept in knowledge.concepts
        if concept.codes.get(SYSTEM)
    }
    told = [codes[fact.concept] for fact in facts if fact.present and fact.concept in codes]
    for finding in findings:
        select = knowledge.findings_by_id[finding.id].select
        if finding.truth is not True or select is None:
            continue
        ways = {codes[one] for one in knowledge.concepts_of(select) if one in codes}
        if len(ways) == 1:
            told += ways
    return tuple(sorted(set(told)))


def baseline(
    outcomes: Sequence[CaseResult],
    terms: Mapping[str, Sequence[str]],
    generic: Engine,
    diseases: Mapping[str, Sequence[str]],
) -> Baseline:
    """Rank the truth of each child by the generic engine and pair it with ours.

    ``terms`` is by outcome, ``diseases`` gives the engine's diseases of our conditions. Over all
    its diseases the engine has a harder task than ours, so the pairs are taken among our
    conditions that it has a disease for, and both are ranked among those only.
    """
    theirs = {
        condition: tuple(one for one in ids if one in generic.closures)
        for condition, ids in diseases.items()
    }
    theirs = {condition: ids for condition, ids in theirs.items() if ids}
    ranks = []
    for outcome in outcomes:
        truth = "cmo" if outcome.truth in CMO else outcome.truth
        if truth is None or truth not in theirs:
            continue
        scored = scores(terms[outcome.id], generic)
        closed = {condition: max(scored[one] for one in ids) for condition, ids in theirs.items()}
        order = [
            place.condition
            for place in outcome.ranked
            if place.condition in theirs or place.condition in CMO
        ]
        ranks.append(
            BaselineRank(
                id=outcome.id,
                terms=len(terms[outcome.id]),
                rank_open=place_of(theirs[truth], scored),
                rank_closed=place_of([truth], closed),
                ours_closed=rank_of(truth, order),
            )
        )
    return _compared(ranks, outcomes, generic, len(theirs))


def _compared(
    ranks: Sequence[BaselineRank], outcomes: Sequence[CaseResult], generic: Engine, conditions: int
) -> Baseline:
    had = {outcome.id for outcome in outcomes if outcome.truth in CMO}
    opened = [one.rank_open for one in ranks if one.id in had and one.rank_open is not None]
    return Baseline(
        name=generic.ontology.name,
        method="mean best match by information content (Resnik), ties at their mean place",
        diseases=len(generic.closures),
        conditions=conditions,
        nameable=len(ranks),
        cmo_rank_open=_quartiles(opened),
        cmo_top10_open=share_of(rank <= MANY for rank in opened),
        ranks=tuple(ranks),
        paired=tuple(_paired(ranks, places) for places in (1, FEW, MANY)),
    )


def _quartiles(values: Sequence[float]) -> tuple[float, float, float] | None:
    if not values:
        return None
    if min(values) == max(values):
        return values[0], values[0], values[0]
    low, middle, high = quantiles(values, n=4, method="inclusive")
    return low, middle, high


def _paired(ranks: Sequence[BaselineRank], places: int) -> Paired:
    ours = [one.ours_closed is not None and one.ours_closed <= places for one in ranks]
    theirs = [one.rank_closed is not None and one.rank_closed <= places for one in ranks]
    pairs = Counter(zip(ours, theirs, strict=True))
    return Paired(
        question=f"truth among the first {places}" if places > 1 else "truth first",
        both=pairs[True, True],
        ours_only=pairs[True, False],
        theirs_only=pairs[False, True],
        neither=pairs[False, False],
        ours=share_of(ours),
        theirs=share_of(theirs),
        p=mcnemar(pairs[True, False], pairs[False, True]),
    )
