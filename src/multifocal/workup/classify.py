"""What a criteria set says: from the items of a calculator, or from one child's findings."""

from collections.abc import Iterable, Mapping
from math import floor, inf, isfinite, log10, nextafter
from typing import Literal

import msgspec

from multifocal.knowledge.entries import CriteriaEntry, ItemEntry
from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import CriteriaResult, ItemAnswer
from multifocal.model.record import FactId
from multifocal.model.truth import UNKNOWN_NUMBER, UNKNOWN_TRUTH, Span, truth_of
from multifocal.rules.explain import NOTHING, reasons
from multifocal.rules.nodes import Type
from multifocal.rules.parse import parse
from multifocal.rules.score import UNKNOWN_TEXT, Pair, Words
from multifocal.workup.find import Found
from multifocal.workup.ready import ReadyChoice, ReadyCriteria, ready, ready_criteria

UNKNOWN: Mapping[Type, Pair] = {
    "truth": UNKNOWN_TRUTH,
    "number": UNKNOWN_NUMBER,
    "text": UNKNOWN_TEXT,
}


class Answer(msgspec.Struct, frozen=True):
    """What a set answers: its state, every state still possible, the score interval, all words."""

    state: str
    possible: tuple[str, ...]
    low: int | None
    high: int | None
    words: Mapping[str, Pair]

    @property
    def decided(self) -> bool:
        """Whether no missing answer can change the state."""
        return len(self.possible) == 1


def answer(entry: CriteriaEntry, given: Mapping[str, bool | float | str | None]) -> Answer:
    """Answer a set from its items by name; an item left out or `None` is unknown."""
    texts = [
        *(item.of for item in entry.item),
        *(value.rule for value in entry.value),
        *(points.when for points in entry.points),
        *(row.when for choice in entry.choice for row in choice.rows),
    ]
    prepared = ready_criteria(entry, {text: parse(text) for text in texts})
    items = {item.name: _pair(given.get(item.name), item.type) for item in entry.item}
    return _answer(prepared, items)


def _pair(value: bool | float | str | None, wanted: Type) -> Pair:  # noqa: FBT001 # an answer
    if value is None:
        return UNKNOWN[wanted]
    return (float(value), float(value)) if wanted == "number" else (value, value)


def _answer(prepared: ReadyCriteria, items: Words) -> Answer:
    words = dict(items)
    for name, scorer in prepared.values:
        words[name] = scorer(words)
    low = high = None
    if prepared.points:
        low, high = prepared.score(words)
        words["score"] = (float(low), float(high))
    state = "undetermined"
    possible: tuple[str, ...] = (state,)
    for choice in prepared.choices:
        shown, candidates = _choose(choice, words)
        words[choice.name] = _chosen(candidates, choice.type)
        if choice.name == "state":
            state, possible = shown, tuple(str(candidate) for candidate in candidates)
    return Answer(state, possible, low, high, words)


def _choose(choice: ReadyChoice, words: Words) -> tuple[str, tuple[str | float, ...]]:
    """Give what is said, and every answer that is still possible."""
    candidates: dict[str | float, None] = {}
    undecided = ""
    for scorer, gives, unknown in choice.rows:
        low, high = scorer(words)
        if not high:
            continue
        candidates[gives] = None
        if low:
            break
        undecided = undecided or unknown
    if len(candidates) == 1:
        return str(next(iter(candidates))), tuple(candidates)
    return undecided or "undetermined", tuple(candidates)


def _chosen(candidates: Iterable[str | float], wanted: Type) -> Pair:
    several = tuple(candidates)
    if wanted == "number":
        numbers = [float(value) for value in several]
        return (min(numbers), max(numbers)) if numbers else UNKNOWN_NUMBER
    return (several[0], several[0]) if len(several) == 1 else UNKNOWN[wanted]


def classify(found: Found, knowledge: Knowledge) -> tuple[CriteriaResult, ...]:
    """Answer every criteria set from one child's findings."""
    return tuple(
        _result(prepared, found, knowledge) for prepared in ready(knowledge).criteria.values()
    )


def _result(prepared: ReadyCriteria, found: Found, knowledge: Knowledge) -> CriteriaResult:
    entry = prepared.entry
    items = {name: scorer(found.words) for name, scorer in prepared.items}
    given = _answer(prepared, items)
    open_items = tuple(name for name, (low, high) in items.items() if low != high)
    return CriteriaResult(
        id=entry.id,
        name=entry.name,
        label=entry.label,
        state=given.state,
        state_label=state_label(entry, given.state),
        decided=given.decided,
        possible=given.possible,
        low=given.low,
        high=given.high,
        maximum=sum(max(points.points, 0) for points in entry.points) if entry.points else None,
        unknown=tuple(name for name in open_items if items[name] in NOTHING),
        settles=tuple(name for name in open_items if _matters(name, prepared, items, given)),
        items=tuple(_item(item, items, prepared, found, knowledge) for item in entry.item),
        note=entry.note,
        source=entry.source,
    )


def state_label(entry: CriteriaEntry, state: str) -> str:
    """Give a state in words."""
    if state in entry.state_labels:
        return entry.state_labels[state]
    before, _, after = state.partition(":")
    words = entry.state_labels.get(f"{before}:", before)
    return f"{words} {after.replace('_', ' ')}".strip()


def _matters(name: str, prepared: ReadyCriteria, items: Words, base: Answer) -> bool:
    """Whether some answer to this item alone would change what is possible."""
    item = next(item for item in prepared.entry.item if item.name == name)
    return any(
        _answer(prepared, {**items, name: value}).possible != base.possible
        for value in _trials(item, prepared, items[name])
    )


def _trials(item: ItemEntry, prepared: ReadyCriteria, now: Pair) -> Iterable[Pair]:
    """Give one value on each side of every threshold of the item, within what is possible."""
    if item.type == "truth":
        return ((False, False), (True, True))
    if item.type == "text":
        return tuple((text, text) for text in item.texts)
    values = [
        value
        for threshold in prepared.thresholds.get(item.name, ())
        for value in (nextafter(threshold, -inf), threshold, nextafter(threshold, inf))
    ]
    return tuple((value, value) for value in values if now[0] <= value <= now[1])


def _item(
    item: ItemEntry, items: Words, prepared: ReadyCriteria, found: Found, knowledge: Knowledge
) -> ItemAnswer:
    low, high = items[item.name]
    return ItemAnswer(
        name=item.name,
        label=item.label,
        state=_state(low, high),
        shown=_shown(item, (low, high)),
        because=_because(item, found, knowledge),
        source=item.source,
        truth=truth_of(Span(low, high)) if item.type == "truth" else None,
        low=low if item.type == "number" and low != -inf else None,
        high=high if item.type == "number" and high != inf else None,
        points=_points(item.name, prepared, items),
    )


def _state(low: object, high: object) -> Literal["known", "partly", "unknown"]:
    if low == high:
        return "known"
    return "unknown" if (low, high) in NOTHING else "partly"


def _because(item: ItemEntry, found: Found, knowledge: Knowledge) -> tuple[FactId, ...]:
    return found.facts_for(sorted(reasons(knowledge.rules[item.of], found.words)))


def _points(name: str, prepared: ReadyCriteria, items: Words) -> tuple[int, int] | None:
    least = most = 0
    earns = False
    for points, (scorer, weight) in zip(prepared.entry.points, prepared.points, strict=True):
        if points.item == name:
            low, high = scorer(items)
            least, most = least + weight * low, most + weight * high
            earns = True
    return (least, most) if earns else None


def _shown(item: ItemEntry, pair: Pair) -> str:
    """Write an item's value in words."""
    low, high = pair
    if item.type == "truth":
        return {True: "yes", False: "no", None: "unknown"}[truth_of(Span(low, high))]
    if item.type == "text":
        return str(low) if low == high else "unknown"
    unit = f" {item.unit}" if item.unit else ""
    low, high = _rounded(low), _rounded(high)
    if low == high:
        return f"{low:g}{unit}"
    if low == -inf and high == inf:
        return "unknown"
    if high == inf:
        return f"{low:g}{unit} or more"
    if low in {-inf, 0.0}:
        return f"up to {high:g}{unit}"
    return f"{low:g} to {high:g}{unit}"


def _rounded(value: float) -> float:
    """Round for reading: whole numbers from 100 on, below that three digits."""
    if not isfinite(value) or value == 0:
        return value
    return round(value, max(2 - floor(log10(abs(value))), 0))
