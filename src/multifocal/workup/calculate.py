"""A criteria set or score as a calculator: answers by name in, a state and a value out."""

from collections.abc import Iterable, Mapping, Sequence
from math import inf, isfinite
from typing import Any

from multifocal.knowledge.entries import CriteriaEntry, ItemEntry, Performance, ValueEntry
from multifocal.knowledge.figures import wilson
from multifocal.knowledge.load import Knowledge
from multifocal.model.calculation import Calculation, Reference, Share, Study, Word
from multifocal.model.issue import MultifocalError
from multifocal.model.source import Certainty, Citation
from multifocal.model.truth import Span, truth_of
from multifocal.rules.parse import parse
from multifocal.rules.reduce import Kind
from multifocal.rules.score import Pair, Words
from multifocal.workup.classify import (
    CONTRADICTION,
    Answer,
    answered,
    item_answer,
    item_state,
    maximum,
    nothing_of,
    range_of,
    settling,
    state_label,
    state_of,
)
from multifocal.workup.ready import ReadyCriteria, ready_criteria, rule_texts

Given = Mapping[str, Any]
"""Answers by name: bool, number, `Span` for a number between two ends, text, texts, a mapping from
names to numbers, or pairs of place and side. None, like a name left out, is unknown; inside a table
it is what was not assessed or does not apply."""

NOT_ASSESSED = "not assessed"
"""None, in a file format that has no null."""
REQUEST = "request"
PRESENT = "present"

GENERAL: Mapping[str, str] = {
    CONTRADICTION: "Two of the answers contradict each other",
    "error:range": "An answer lies outside what it can be",
    "refused:unit_missing": "Not computed: a number needs its unit",
}
"""States that any set can have, in words."""

LEAST_SURE = (Certainty.JUDGEMENT, Certainty.MEMORY, Certainty.DERIVED, Certainty.VERIFIED)


class AnswerError(MultifocalError):
    """An answer that this set does not ask for, or that it can't take."""


def answer(entry: CriteriaEntry, given: Given, *, refused: str = "") -> Answer:
    """Answer a set from its items by name; an item left out or `None` is unknown.

    ``refused`` is a state that reading the answers led to already. Raises `AnswerError` for a name
    that the set does not have or a value that doesn't fit.
    """
    return _worked(entry, given, refused)[0]


def calculate(
    entry: CriteriaEntry, given: Given, *, knowledge: Knowledge, refused: str = ""
) -> Calculation:
    """Give all that a set says of these answers, with its label, population and sources.

    ``refused`` is a state that reading the answers led to already. Raises `AnswerError`.
    """
    base, prepared, items, told = _worked(entry, given, refused)
    states = {item.name: item_state(item, items[item.name]) for item in entry.item}
    states |= {
        value.name: state_of(base.words[value.name])
        for value in entry.value
        if value.may_be_given and value.name in base.words
    }
    open_ends = base.low is None or base.high is None
    studies = tuple(_study(one, knowledge) for one in entry.performance)
    return Calculation(
        id=entry.id,
        name=entry.name,
        label=entry.label,
        as_published=entry.as_published,
        state=base.state,
        state_label=_state_label(entry, base.state),
        decided=base.decided,
        possible=base.possible,
        value=None if open_ends or base.low != base.high else base.low,
        low=_finite(base.low),
        high=_finite(base.high),
        maximum=maximum(entry),
        known=tuple(name for name, state in states.items() if state == "known"),
        unknown=tuple(name for name, state in states.items() if state == "unknown"),
        missing=_missing(entry, base, settling(prepared, items, told, base), states),
        items=tuple(
            item_answer(item, base.words, prepared) for item in entry.item if not item.refused
        ),
        words=tuple(_words(entry, base)),
        population=entry.population,
        note=entry.note,
        locked=entry.locked,
        performance=studies,
        performance_withheld=""
        if entry.as_published
        else "What is computed here is not the set as published, so its published sensitivity "
        "and specificity are not shown beside it.",
        source=reference(entry.source, knowledge),
        certainty=certainty(entry),
        knowledge_version=knowledge.version,
    )


def _missing(
    entry: CriteriaEntry, base: Answer, alone: tuple[str, ...], states: Mapping[str, str]
) -> tuple[str, ...]:
    """Give what could change the state: alone, or if nothing can alone, together."""
    if base.decided or alone:
        return () if base.decided else alone
    return tuple(
        item.name for item in entry.item if not item.refused and states[item.name] != "known"
    )


def names(entry: CriteriaEntry) -> tuple[str, ...]:
    """Give every name that an answer to this set can have."""
    return (
        *(item.name for item in entry.item),
        *(value.name for value in entry.value if value.may_be_given),
        *((REQUEST,) if entry.request else ()),
        *((PRESENT,) if entry.lists_present else ()),
    )


def certainty(entry: CriteriaEntry) -> Certainty:
    """Give the least certainty of all that a result of this set rests on."""
    parts: tuple[Any, ...] = (
        entry,
        *entry.item,
        *entry.value,
        *entry.points,
        *entry.choice,
    )  # Any: each has a source
    rests_on = {part.source.certainty for part in parts}
    return next(one for one in LEAST_SURE if one in rests_on)


def reference(citation: Citation, knowledge: Knowledge) -> Reference:
    """Give a citation with what a reader needs to find its source."""
    source = knowledge.sources_by_id[citation.id]
    return Reference(
        id=source.id,
        title=source.title,
        certainty=citation.certainty,
        at=citation.at,
        year=source.year,
        doi=source.doi,
        pmid=source.pmid,
        url=source.url,
    )


def _worked(
    entry: CriteriaEntry, given: Given, refused: str = ""
) -> tuple[Answer, ReadyCriteria, Words, Words]:
    """Answer a set; give also its rules, and its items and given values as pairs."""
    prepared = ready_criteria(entry, {text: parse(text) for text in _texts(entry)})
    said = {name: value for name, value in given.items() if value is not None}
    if wrong := sorted(given.keys() - {*names(entry)}):
        raise AnswerError(f"{entry.id} has no item {', '.join(map(repr, wrong))}")
    asked = said.pop(REQUEST, None)
    said = _listed(entry, said)
    out = [
        item.name
        for item in entry.item
        if item.name in said and _is_out(item, pair_of(item, said[item.name]))
    ]
    items = {
        item.name: nothing_of(item)
        if item.name in out
        else _clipped(item, pair_of(item, said.get(item.name)))
        for item in entry.item
    }
    told = {
        value.name: pair_of(value, said[value.name])
        for value in entry.value
        if value.may_be_given and value.name in said
    }
    base = answered(prepared, items, told)
    if asked is not None:
        refused = _asked(entry, asked)
    refused = refused or next((i.refused for i in entry.item if i.refused and i.name in said), "")
    refused = refused or (entry.out_of_range if out else "")
    if refused:
        base = Answer(refused, (refused,), None, None, base.words)
    return base, prepared, items, told


def _texts(entry: CriteriaEntry) -> Iterable[str]:
    return (
        *rule_texts(entry),
        *(item.of for item in entry.item if item.of),
        *(value.answered_by for value in entry.value if value.answered_by),
    )


def _asked(entry: CriteriaEntry, text: str) -> str:
    for request in entry.request:
        if request.text.lower() == str(text).lower():
            return request.gives
    raise AnswerError(f"{entry.id} has no such request")


def _listed(entry: CriteriaEntry, said: Mapping[str, Any]) -> dict[str, Any]:
    """Spell out a list of all that is present: what it doesn't name is absent."""
    found = dict(said)
    if (present := found.pop(PRESENT, None)) is None:
        return found
    truths = {item.name for item in entry.item if item.type == "truth"}
    truths |= {value.name for value in entry.value if value.type == "truth"}
    named = truths & {*names(entry)}
    if wrong := sorted(set(present) - named):
        raise AnswerError(f"{entry.id} has no item {', '.join(map(repr, wrong))}")
    worked_out = {
        value.name
        for value in entry.value
        if any(item.name in found and item.name in value.rule for item in entry.item)
    }
    for name in named - found.keys():
        if name in present:
            found[name] = True
        elif name not in worked_out:
            found[name] = False
    return found


def pair_of(part: ItemEntry | ValueEntry, value: Any) -> Pair:
    """Give an answer as the pair that rules work with. Raises `AnswerError`."""
    if value is None:
        return nothing_of(part)
    try:
        return _pair(part, part.type, value)
    except (TypeError, ValueError, OverflowError, AttributeError):
        raise AnswerError(f"{part.name}: this is no answer to it") from None


def _pair(part: ItemEntry | ValueEntry, kind: Kind, value: Any) -> Pair:
    match kind:
        case "truth" if isinstance(value, bool):
            return value, value
        case "number" if not isinstance(value, bool):
            return _number(value)
        case "text" if isinstance(value, bool):
            return _text(part, "yes" if value else "no")
        case "text":
            return _text(part, f"{value:g}" if isinstance(value, int | float) else value)
        case "texts" if isinstance(part, ItemEntry):
            several = tuple(_text(part, one)[0] for one in value)
            return several, several
        case "numbers" if isinstance(part, ItemEntry):
            table = _table(part, value)
            return table, table
        case "sites" if isinstance(part, ItemEntry):
            sites = tuple(_site(part, one) for one in value)
            return sites, sites
        case _:
            raise TypeError


def _number(value: Any) -> Pair:
    low, high = value if isinstance(value, Span) else (float(value), float(value))
    if not low <= high or low == inf or high == -inf:
        raise ValueError
    return float(low), float(high)


def _text(part: ItemEntry | ValueEntry, value: str) -> Pair:
    if part.texts and value not in part.texts:
        raise AnswerError(f"{part.name}: can be {', '.join(part.texts)}")
    return value, value


def _table(item: ItemEntry, value: Mapping[str, Any] | Sequence[Any]) -> dict[str, Pair | None]:
    """Give a table: by name; or in order, named by the parts or else by their place."""
    if not isinstance(value, Mapping):
        keys = item.parts or tuple(str(place + 1) for place in range(len(value)))
        if len(keys) != len(value):
            raise AnswerError(f"{item.name}: needs {len(keys)} entries")
        value = dict(zip(keys, value, strict=True))
    if item.parts and (wrong := sorted(value.keys() - {*item.parts})):
        raise AnswerError(
            f"{item.name}: has no entry {', '.join(map(repr, wrong))}; "
            f"there are {', '.join(item.parts)}"
        )
    cells = {
        name: None if cell in {None, NOT_ASSESSED} else _number(cell)
        for name, cell in value.items()
    }
    return dict.fromkeys(item.parts, range_of(item)) | cells


def _site(item: ItemEntry, value: Sequence[str | None]) -> tuple[str, str | None]:
    place, side = value
    places = [place for several in item.groups.values() for place in several]
    if place not in places:
        raise AnswerError(f"{item.name}: a place can be {', '.join(places)}")
    if side not in {"R", "L", "B", "M", None}:
        raise AnswerError(f"{item.name}: a side can be R, L, B (both) or M (midline)")
    return place, side


def _is_out(item: ItemEntry, pair: Pair) -> bool:
    """Whether an answer lies outside what it can be."""
    low, high = range_of(item)
    cells = pair[0].values() if isinstance(pair[0], Mapping) else (pair,)
    return item.type in {"number", "numbers"} and any(
        cell is not None and (cell[0] > high or cell[1] < low) for cell in cells
    )


def _clipped(item: ItemEntry, pair: Pair) -> Pair:
    """Narrow a number known in part to what it can be."""
    if item.type != "number":
        return pair
    low, high = range_of(item)
    return max(pair[0], low), min(pair[1], high)


def _state_label(entry: CriteriaEntry, state: str) -> str:
    return (
        state_label(entry, state)
        if state in entry.state_labels
        else (GENERAL.get(state) or state_label(entry, state))
    )


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None


def _words(entry: CriteriaEntry, base: Answer) -> Iterable[Word]:
    parts: tuple[Any, ...] = (*entry.value, *entry.choice)
    for part in parts:
        if part.name == "state" or part.name not in base.words:
            continue
        low, high = base.words[part.name]
        match part.type:
            case "truth":
                yield Word(part.name, truth=truth_of(Span(low, high)))
            case "number":
                yield Word(part.name, low=_finite(low), high=_finite(high))
            case "text":
                yield Word(part.name, text=low if low == high else None)
            case _:
                yield Word(part.name, table=_plain(low))


def _plain(table: Mapping[str, Pair | None] | None) -> dict[str, Any] | None:
    """Give a table for a reader: None for what was not assessed or is not known."""
    if table is None:
        return None
    return {
        name: pair[0] if pair is not None and pair[0] == pair[1] else None
        for name, pair in table.items()
    }


def _study(one: Performance, knowledge: Knowledge) -> Study:
    return Study(
        setting=one.setting,
        source=reference(one.source, knowledge),
        sensitivity=_share(one.sensitivity, one.found, one.cases),
        specificity=_share(one.specificity, one.cleared, one.controls),
        result=one.result,
    )


def _share(printed: float | None, k: int | None, n: int | None) -> Share | None:
    if k is not None and n:
        low, high = wilson(k, n)
        return Share(k / n, low, high, k, n)
    return None if printed is None else Share(printed)
