"""Rules and selectors in words, for a reader who doesn't read the rule language."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from multifocal.knowledge.catalogue import key_of, rule_of
from multifocal.knowledge.entries import (
    CriteriaEntry,
    ItemEntry,
    Landmark,
    LookedEntry,
    Place,
    SelectEntry,
    TermEntry,
)
from multifocal.knowledge.load import Knowledge
from multifocal.rules.fold import How
from multifocal.rules.nodes import (
    All,
    AtLeast,
    Calculate,
    Compare,
    Comparison,
    Constant,
    Name,
    Node,
    Not,
    Number,
    Some,
    Text,
    Within,
)
from multifocal.rules.parse import RuleError, parse

Label = Callable[[str], str]
"""From a name in a rule to what it is called."""

COMPARED: Mapping[Comparison, str] = {
    "<": "is below",
    "<=": "is at most",
    ">": "is above",
    ">=": "is at least",
    "==": "is",
    "!=": "is not",
}

ALWAYS = "True"
"""The rule of a last row: it says nothing."""

PATIENT: Mapping[str, str] = {
    "age_years": "age in years",
    "age_months": "age in months",
    "age_onset_years": "age at the first symptom in years",
    "sex": "sex",
    "score": "the score",
}

FACT: Mapping[str, str] = {
    "concept": "what is recorded",
    "present": "it is present",
    "value": "its value",
    "flag": "its flag",
    "bone": "its bone",
    "region": "its region",
    "place": "its place",
    "laterality": "its side",
    "site": "its bone and side",
    "part": "its part of the bone",
    "end": "its end of the bone",
    "modality": "its kind of image",
    "dated": "its day is recorded",
    "days_ago": "days since it was recorded",
    "ended_days_ago": "days since it ended",
}
"""The columns of a fact."""

FOLDED: Mapping[How, str] = {
    "any": "yes, if any fact",
    "count": "how many different values of “{of}” facts have",
    "pairs": "how many different values of “{of}” are on both sides in facts",
    "latest": "“{of}” of the latest fact",
    "max": "the greatest “{of}” of all facts",
    "min": "the least “{of}” of all facts",
    "first_day": "days since the first fact",
    "last_day": "days since the last fact",
    "longest": "the longest time, in days, of a fact",
}


class Phrase(msgspec.Struct, frozen=True):
    """A rule of an entry: the keys that lead to it, as written, and in words."""

    path: str
    rule: str
    words: str


def phrases(entry: Any, knowledge: Knowledge) -> tuple[Phrase, ...]:
    """Give every rule of an entry in words; one that stands at several places, once."""
    label = label_in(knowledge, entry if isinstance(entry, CriteriaEntry) else None)
    found: dict[tuple[str, str], Phrase] = {}
    for phrase in _phrases(entry, "", label, knowledge):
        if phrase.rule != ALWAYS:
            found.setdefault((phrase.rule, phrase.words), phrase)
    return tuple(found.values())


def _phrases(value: Any, path: str, label: Label, knowledge: Knowledge) -> Iterator[Phrase]:
    match value:
        case SelectEntry():
            yield Phrase(path, _written(value), select_in_words(value, knowledge))
            return
        case Landmark() | Place():
            return
        case ItemEntry():
            label = label_in(knowledge)
        case TermEntry():
            label = label_of_fact(knowledge)
        case tuple():
            for place, part in enumerate(value, start=1):
                yield from _phrases(part, f"{path}[{key_of(part) or place}]", label, knowledge)
        case _:
            pass
    if not isinstance(value, msgspec.Struct):
        return
    for key in value.__struct_fields__:
        below, inside = getattr(value, key), f"{path}.{key}".lstrip(".")
        if not isinstance(below, str):
            yield from _phrases(below, inside, label, knowledge)
        elif rule_of(key, below) is not None:
            yield Phrase(inside, below, rule_in_words(below, label))


def _written(select: SelectEntry) -> str:
    """Write a selector as it stands in the file, but shorter."""
    names = (*(f"set:{name}" for name in select.sets), *select.concepts)
    parts = [f"{select.how}({', '.join(names)})"]
    parts += [f"of {select.of}"] if select.of else []
    parts += [f"where {select.where}"] if select.where else []
    if select.looked is not None:
        looked = (*(f"set:{name}" for name in select.looked.sets), *select.looked.concepts)
        parts.append(f"looked({', '.join(looked)})")
        parts += [f"where {select.looked.where}"] if select.looked.where else []
    return " ".join(parts)


def rule_in_words(text: str, label: Label) -> str:
    """Say a rule in words; a text that is no rule stays as it is.

    >>> rule_in_words("crp > 30 and not fever", {"crp": "CRP", "fever": "Fever"}.__getitem__)
    'both “CRP” is above 30 and not “Fever”'
    """
    try:
        return _said(parse(text), label)
    except RuleError:
        return text


def label_in(knowledge: Knowledge, criteria: CriteriaEntry | None = None) -> Label:
    """Give how names are called: of the work-up, and of one criteria set inside it."""
    labels = dict(PATIENT)
    labels |= {measure.id: measure.label for measure in knowledge.measures}
    labels |= {finding.id: finding.label for finding in knowledge.findings}
    if criteria is not None:
        labels |= {item.name: item.label for item in criteria.item}
    return lambda name: labels.get(name, name.replace("_", " "))


def label_of_fact(knowledge: Knowledge) -> Label:
    """Give how the columns of a fact and the terms are called."""
    labels = dict(FACT) | {term.id: term.label for term in knowledge.terms}
    return lambda name: labels.get(name, name.replace("_", " "))


def select_in_words(select: SelectEntry, knowledge: Knowledge) -> str:
    """Say what a selector makes of the facts."""
    label = label_of_fact(knowledge)
    of = rule_in_words(select.of, label).strip("“”") if select.of else ""
    said = f"{FOLDED[select.how].format(of=of)} says: {_concepts(select, knowledge)}"
    if select.where:
        said += f"; where {rule_in_words(select.where, label)}"
    if select.looked is not None:
        said += f". Somebody looked, if a fact says: {_concepts(select.looked, knowledge)}"
        if select.looked.where:
            said += f"; where {rule_in_words(select.looked.where, label)}"
    return f"{said}."


def _concepts(select: SelectEntry | LookedEntry, knowledge: Knowledge) -> str:
    sets = [f"one of “{knowledge.sets_by_id[name].label}”" for name in select.sets]
    own = [f"“{knowledge.concepts_by_id[name].label}”" for name in select.concepts]
    return " or ".join((*sets, *own))


def _said(node: Node, label: Label) -> str:
    match node:
        case Name(id=name):
            return f"“{label(name)}”"
        case Number(value=value):
            return f"{value:g}"
        case Text(value=text):
            return text.replace("_", " ")
        case Constant(value=value):
            return "always" if value else "never"
        case Compare(op="==", left=left, right=Text(value="")):
            return f"{_said(left, label)} is not told"
        case Compare(op="!=", left=left, right=Text(value="")):
            return f"{_said(left, label)} is told"
        case Compare(op=op, left=left, right=right):
            return f"{_said(left, label)} {COMPARED[op]} {_said(right, label)}"
        case Within(item=item, group=group):
            if isinstance(group, Name):
                return f"{_said(group, label)} includes {_said(item, label)}"
            words = " or ".join(word.replace("_", " ") for word in group)
            return f"{_said(item, label)} is {words}"
        case Calculate(op=op, left=left, right=right):
            return f"{_said(left, label)} {op} {_said(right, label)}"
        case Not(item=item):
            return f"not {_bracketed(item, label)}"
        case All(items=items):
            words = " and ".join(_bracketed(item, label) for item in items)
            return f"both {words}" if len(items) == 2 else f"all of: {words}"
        case Some(items=items):
            words = " or ".join(_bracketed(item, label) for item in items)
            return f"either {words}" if len(items) == 2 else f"any of: {words}"
        case AtLeast(count=count, items=items):
            words = "; ".join(_bracketed(item, label) for item in items)
            return f"at least {count} of: {words}"


def _bracketed(node: Node, label: Label) -> str:
    said = _said(node, label)
    return f"({said})" if isinstance(node, All | Some | AtLeast) else said
