"""What a criteria set says of one child, from the child's findings or from answers given."""

from collections.abc import Iterable, Mapping, Sequence
from math import floor, inf, isfinite, log10, nextafter
from typing import Any, Literal, NamedTuple

import msgspec

from multifocal.knowledge.entries import CriteriaEntry, ItemEntry, ValueEntry
from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import CriteriaResult, ItemAnswer
from multifocal.model.record import FactId
from multifocal.model.truth import Span, truth_of
from multifocal.rules.explain import NOTHING, reasons
from multifocal.rules.reduce import Kind, unknown
from multifocal.rules.score import Pair, Words
from multifocal.workup.find import Found
from multifocal.workup.ready import ReadyChoice, ReadyCriteria, ready

CONTRADICTION = "error:contradiction"


class Answer(msgspec.Struct, frozen=True):
    """What a set answers: its state, every state still possible, its number, all words."""

    state: str
    possible: tuple[str, ...]
    low: float | None
    """The least that the number of this set can be; None when it has none."""
    high: float | None
    words: Mapping[str, Pair]

    @property
    def decided(self) -> bool:
        """Whether no missing answer can change the state."""
        return len(self.possible) == 1


def answered(prepared: ReadyCriteria, items: Words, given: Words) -> Answer:
    """Answer a set from all its items, and from values that were `given` in place of them."""
    words = dict(items)
    for value in prepared.values:
        if value.work is not None:
            words[value.name] = value.work(words)
        elif value.choice is not None:
            words[value.name] = _choose(value.choice, words).word
        if value.name in given:
            if _apart(words[value.name], given[value.name]):
                return Answer(CONTRADICTION, (CONTRADICTION,), None, None, words)
            words[value.name] = given[value.name]
    if prepared.points:
        low, high = prepared.score(words)
        words["score"] = (float(low), float(high))
    state = "undetermined"
    possible: tuple[str, ...] = (state,)
    for choice in prepared.choices:
        chosen = _choose(choice, words)
        words[choice.name] = chosen.word
        if choice.name == "state":
            state, possible = chosen.shown, tuple(map(str, chosen.possible))
    name = prepared.entry.answer or ("score" if prepared.points else "")
    low, high = words[name] if name else (None, None)
    return Answer(state, possible, low, high, words)


def _apart(worked_out: Pair, given: Pair) -> bool:
    return bool(worked_out[1] < given[0] or worked_out[0] > given[1])


class Chosen(NamedTuple):
    """What a choice says, every answer still possible, and the word that it makes."""

    shown: str
    possible: tuple[str | float | bool, ...]
    word: Pair


def _choose(choice: ReadyChoice, words: Words) -> Chosen:
    candidates: dict[str | float | bool, None] = {}
    undecided = ""
    closed = False
    for scorer, gives, otherwise in choice.rows:
        low, high = scorer(words)
        if not high:
            continue
        candidates[gives] = None
        if low:
            closed = True
            break
        undecided = undecided or otherwise
    possible = tuple(candidates)
    word = _word(possible, choice.type) if closed else unknown(choice.type)
    if len(possible) == 1:
        return Chosen(str(possible[0]), possible, word)
    return Chosen(undecided or "undetermined", possible, word)


def _word(possible: Sequence[str | float | bool], wanted: Kind) -> Pair:
    """Give the word that a choice makes when one of these holds."""
    if wanted == "number":
        numbers = [float(value) for value in possible]
        return min(numbers), max(numbers)
    if len(possible) == 1:
        return possible[0], possible[0]
    return unknown(wanted)  # type: ignore[no-any-return] # a pair of that kind


def classify(found: Found, knowledge: Knowledge) -> tuple[CriteriaResult, ...]:
    """Answer every criteria set that a work-up shows from one child's findings."""
    return tuple(
        _result(prepared, found, knowledge)
        for prepared in ready(knowledge).criteria.values()
        if prepared.entry.shown == "work-up"
    )


def _result(prepared: ReadyCriteria, found: Found, knowledge: Knowledge) -> CriteriaResult:
    entry = prepared.entry
    items = {name: scorer(found.words) for name, scorer in prepared.items}
    stated = {value.name: value.record(found.words) for value in prepared.values if value.record}
    told = {name: pair for name, pair in stated.items() if state_of(pair) != "unknown"}
    given = answered(prepared, items, told)
    return CriteriaResult(
        id=entry.id,
        name=entry.name,
        label=entry.label,
        state=given.state,
        state_label=state_label(entry, given.state),
        decided=given.decided,
        possible=given.possible,
        low=None if given.low is None else floor(given.low),
        high=None if given.high is None else floor(given.high),
        maximum=maximum(entry),
        unknown=tuple(
            item.name for item in entry.item if item_state(item, items[item.name]) == "unknown"
        ),
        settles=settling(prepared, items, told, given),
        items=tuple(_item(item, given.words, prepared, found, knowledge) for item in entry.item),
        note=entry.note,
        source=entry.source,
    )


def maximum(entry: CriteriaEntry) -> int | None:
    """Give the greatest that the number of a set can be; None when it has none or no end."""
    if entry.points:
        return sum(max(points.points, 0) for points in entry.points)
    return None if entry.maximum is None else floor(entry.maximum)


def settling(prepared: ReadyCriteria, items: Words, given: Words, base: Answer) -> tuple[str, ...]:
    """Give the names of items, unknown or partly known, that could change what is possible."""

    def matters(item: ItemEntry) -> bool:
        if item.type in {"texts", "numbers", "sites"}:
            return not base.decided
        return any(
            answered(prepared, {**items, item.name: value}, given).possible
            not in {base.possible, (CONTRADICTION,)}
            for value in _trials(item, prepared, items[item.name])
        )

    chosen = tuple(
        value.name
        for value in prepared.entry.value
        if value.texts and state_of(base.words[value.name]) != "known"
        if any(
            answered(prepared, items, {**given, value.name: (text, text)}).possible != base.possible
            for text in value.texts
        )
    )
    return chosen + tuple(
        item.name
        for item in prepared.entry.item
        if state_of(items[item.name]) != "known" and matters(item)
    )


def state_label(entry: CriteriaEntry, state: str) -> str:
    """Give a state in words."""
    if state in entry.state_labels:
        return entry.state_labels[state]
    before, _, after = state.partition(":")
    words = entry.state_labels.get(f"{before}:", before)
    return f"{words} {after.replace('_', ' ')}".strip()


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
    values += [end for end in now if isfinite(end)] or ([] if values else [0.0])
    return tuple((value, value) for value in values if now[0] <= value <= now[1])


def _item(
    item: ItemEntry, words: Words, prepared: ReadyCriteria, found: Found, knowledge: Knowledge
) -> ItemAnswer:
    because = _because(item, found, knowledge) if item.of else ()
    return item_answer(item, words, prepared, because)


def item_answer(
    item: ItemEntry, words: Words, prepared: ReadyCriteria, because: tuple[FactId, ...] = ()
) -> ItemAnswer:
    """Give an item as it was answered, in words too."""
    low, high = words[item.name]
    return ItemAnswer(
        name=item.name,
        label=item.label,
        state=item_state(item, (low, high)),
        shown=_shown(item, (low, high)),
        because=because,
        source=item.source,
        truth=truth_of(Span(low, high)) if item.type == "truth" else None,
        low=low if item.type == "number" and low != -inf else None,
        high=high if item.type == "number" and high != inf else None,
        points=_points(item.name, prepared, words),
    )


def nothing_of(part: ItemEntry | ValueEntry) -> Pair:
    """Give the pair of an item, or of a value in its place, of which nothing is said."""
    if isinstance(part, ItemEntry):
        if part.absent_unless_told:
            return (False, False) if part.type == "truth" else ((), ())
        if part.parts:
            table = dict.fromkeys(part.parts, range_of(part))
            return table, table
        if part.type == "number":
            return range_of(part)
        if part.type == "texts":
            return (), part.texts
    return unknown(part.type)  # type: ignore[no-any-return] # a pair of that kind


def range_of(item: ItemEntry) -> Pair:
    """Give the least and greatest that a number can be."""
    return (-inf if item.low is None else item.low), (inf if item.high is None else item.high)


def item_state(item: ItemEntry, pair: Pair) -> Literal["known", "partly", "unknown"]:
    """Say whether an item is known; what it can be at all is no knowledge of it."""
    is_open = item.type in {"number", "numbers"} and pair == nothing_of(item)
    return "unknown" if is_open else state_of(pair)


def state_of(pair: Pair) -> Literal["known", "partly", "unknown"]:
    """Say whether a word is known; a table is when each of its entries is, or does not apply."""
    low, high = pair
    if isinstance(low, Mapping):
        entries = [entry for entry in low.values() if entry is not None]
        known = [entry[0] == entry[1] for entry in entries]
        if all(known):
            return "known"
        return "partly" if any(known) else "unknown"
    if low is None:
        return "unknown"
    if low == high:
        return "known"
    return "unknown" if pair in NOTHING else "partly"


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
    if item_state(item, pair) == "unknown":
        return "unknown"
    if item.type == "truth":
        return {True: "yes", False: "no", None: "unknown"}[truth_of(Span(low, high))]
    if item.type == "text":
        return str(low) if low == high else "unknown"
    if item.type != "number":
        return _several(low)
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


def _several(value: Any) -> str:
    """Write a table, sites or several texts in words."""
    if value is None:
        return "unknown"
    if isinstance(value, Mapping):
        cells = (
            f"{name} {'not assessed' if pair is None else _cell(pair)}"
            for name, pair in value.items()
        )
        return ", ".join(cells) or "none"
    words = (
        " ".join(part for part in one if part) if isinstance(one, tuple) else one for one in value
    )
    return ", ".join(words) or "none"


def _cell(pair: Pair) -> str:
    return f"{pair[0]:g}" if pair[0] == pair[1] else "unknown"


def _rounded(value: float) -> float:
    """Round for reading: whole numbers from 100 on, below that three digits."""
    if not isfinite(value) or value == 0:
        return value
    return round(value, max(2 - floor(log10(abs(value))), 0))
