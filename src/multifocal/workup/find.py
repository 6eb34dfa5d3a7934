"""Facts to findings: every question about the child answered yes, no or unknown."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from math import isfinite, nextafter

import msgspec

from multifocal.knowledge.load import Knowledge
from multifocal.model.day import Day
from multifocal.model.finding import Finding, FindingId
from multifocal.model.record import Fact, FactId, Patient
from multifocal.model.truth import UNKNOWN_NUMBER, Span, truth_of
from multifocal.rules.explain import reasons
from multifocal.rules.nodes import names
from multifocal.rules.score import UNKNOWN_TEXT, Pair
from multifocal.workup.age import MONTHS_A_YEAR, months_between, years_between
from multifocal.workup.ready import ready


class Found(msgspec.Struct, frozen=True):
    """The child in words: every measure and finding as least and greatest value, and its facts."""

    words: Mapping[str, Pair]
    because: Mapping[str, tuple[FactId, ...]]
    findings: tuple[Finding, ...]

    def facts_for(self, words: Iterable[str]) -> tuple[FactId, ...]:
        """Give the facts that these words rest on, each once."""
        return tuple(dict.fromkeys(fact for word in words for fact in self.because.get(word, ())))


def find(facts: Iterable[Fact], patient: Patient, *, as_of: date, knowledge: Knowledge) -> Found:
    """Answer every finding from the facts, as of a day."""
    prepared = ready(knowledge)
    folded = prepared.folder.fold(facts, as_of=as_of)
    words: dict[str, Pair] = {**folded.words, **_given(patient, folded.words, as_of)}
    because = dict(folded.because)
    found = []
    for entry, scorer in prepared.findings:
        if scorer is not None:
            words[entry.id] = scorer(words)
            because[entry.id] = ()
        truth = truth_of(Span(*words[entry.id]))
        if scorer is not None and truth is not None:
            rests_on = reasons(knowledge.rules[entry.when], words)
            because[entry.id] = tuple(
                dict.fromkeys(fact for name in sorted(rests_on) for fact in because.get(name, ()))
            )
        found.append(Finding(entry.id, truth, because[entry.id]))
    return Found(words, because, tuple(found))


def decisive(rule: str, found: Found, knowledge: Knowledge) -> frozenset[str]:
    """Give the measures and findings that decide a rule."""
    return reasons(knowledge.rules[rule], found.words)


def rests_on(rule: str, found: Found, knowledge: Knowledge) -> tuple[FactId, ...]:
    """Give the facts that decide a rule."""
    return found.facts_for(sorted(decisive(rule, found, knowledge)))


def findings_in(rule: str, knowledge: Knowledge) -> frozenset[FindingId]:
    """Give the findings that a rule speaks of, directly."""
    spoken = names(knowledge.rules[rule])
    return frozenset(
        finding for finding in map(FindingId, spoken) if finding in knowledge.findings_by_id
    )


def _given(patient: Patient, words: Mapping[str, Pair], as_of: date) -> dict[str, Pair]:
    """Answer the names that come from the patient: age now and at onset, and sex."""
    sex = UNKNOWN_TEXT if patient.sex is None else (patient.sex, patient.sex)
    if patient.birth is None:
        age = _completed(words["stated_age_years"])
        return {
            "age_years": age,
            "age_months": (age[0] * MONTHS_A_YEAR, age[1] * MONTHS_A_YEAR),
            "age_onset_years": (0.0, age[1]) if isfinite(age[1]) else UNKNOWN_NUMBER,
            "sex": sex,
        }
    day = Day(as_of, as_of)
    return {
        "age_years": years_between(patient.birth, day),
        "age_months": months_between(patient.birth, day),
        "age_onset_years": _age_at_onset(patient.birth, words["symptom_days"], as_of),
        "sex": sex,
    }


def _completed(age: Pair) -> Pair:
    """Read a stated age as people mean it: of whole years, from that birthday to the next."""
    low, high = age
    if low == high and isfinite(low) and low == int(low):
        return (low, nextafter(low + 1, low))
    return age


def _age_at_onset(birth: Day, symptom_days: Pair, as_of: date) -> Pair:
    """Give the age when symptoms began; at most the present age when the onset is not known."""
    least, most = symptom_days
    latest = as_of - timedelta(days=int(least)) if isfinite(least) else as_of
    earliest = as_of - timedelta(days=int(most)) if isfinite(most) else birth.earliest
    return years_between(birth, Day(earliest, latest))
