"""Answers to a criteria set as a person types them: `crp=<5 mg/L`, `lesions=clavicle:R`."""

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from math import inf, nextafter
from typing import Any

import msgspec

from multifocal.exchange.cache import forgetting
from multifocal.exchange.limits import CHECK, TWO_WAYS, doubt_of, stated_amount
from multifocal.exchange.numbers import Amount, Unclear, amount_of
from multifocal.exchange.units import UNCHANGED, Conversion, Converted, Units, units_of
from multifocal.knowledge.entries import ConceptEntry, CriteriaEntry, ItemEntry, ValueEntry
from multifocal.knowledge.load import Knowledge
from multifocal.model.issue import MultifocalError
from multifocal.model.truth import Span

UNIT_MISSING = "refused:unit_missing"

YES = frozenset({"yes", "y", "true", "1", "present"})
NO = frozenset({"no", "n", "false", "0", "absent"})
OPEN = frozenset({"", "?", "unknown", "null", "none known"})
NOTHING = frozenset({"null", "na", "n/a", "not assessed", "not done", "not_done"})
"""What is not there to be answered: an entry of a table, or a test."""
EMPTY = frozenset({"none", "[]", "-"})

ALSO = ("request", "present")
"""Names that every set understands, or says that it doesn't."""


class Entered(msgspec.Struct, frozen=True):
    """What was understood: values by name, and a state where a number lacked its unit."""

    values: Mapping[str, Any]
    refused: str = ""


class EnteredError(MultifocalError):
    """What was typed can't be understood; every fault is told, none repeats a value."""


def parted(typed: Iterable[str]) -> dict[str, str]:
    """Part `name=value` at the first equals sign. Raises `EnteredError`."""
    found: dict[str, str] = {}
    faults = []
    for place, text in enumerate(typed, start=1):
        name, equals, value = text.partition("=")
        if not equals:
            faults.append(f"argument {place}: write it as name=value")
        elif name.strip() in found:
            faults.append(f"{name.strip()}: is given twice")
        else:
            found[name.strip()] = value.strip()
    if faults:
        raise EnteredError("\n".join(faults))
    return found


@forgetting()
def entered(entry: CriteriaEntry, answers: Mapping[str, Any], *, knowledge: Knowledge) -> Entered:
    """Read answers, texts and plain values alike. Raises `EnteredError` with every fault."""
    parts: dict[str, ItemEntry | ValueEntry] = {item.name: item for item in entry.item}
    parts |= {value.name: value for value in entry.value if value.may_be_given}
    values: dict[str, Any] = {}
    faults = []
    refused = ""
    for name, given in answers.items():
        part = parts.get(name)
        if name in ALSO:
            values[name] = _several(given) if name == "present" else given
        elif part is None:
            faults.append(_unknown_name(entry, name, parts))
        elif _lacks_unit(part, given):
            refused = UNIT_MISSING
        else:
            try:
                values[name] = _value(part, given, knowledge)
            except EnteredError as fault:
                faults.append(f"{name}: {fault}")
    if faults:
        raise EnteredError("\n".join(faults))
    return Entered(values, refused)


def _unknown_name(entry: CriteriaEntry, name: str, parts: Iterable[str]) -> str:
    known = tuple(parts)
    words = {word: one for one in reversed(known) for word in one.split("_")}
    close = get_close_matches(name.lower(), known, n=1)
    close = close or [words[word] for word in get_close_matches(name.lower(), words, n=1)]
    if close:
        return f"{entry.id} has no item {name!r}. Did you mean {close[0]!r}?"
    return f"{entry.id} has no item {name!r}; there are {', '.join(known) or 'none'}"


def _lacks_unit(part: ItemEntry | ValueEntry, given: Any) -> bool:
    if not isinstance(part, ItemEntry) or not part.unit_needed or given is None:
        return False
    amount = amount_of(str(given))
    if isinstance(amount, Unclear):
        amount = amount.readings[0]
    return amount is not None and not amount.unit


def _value(part: ItemEntry | ValueEntry, given: Any, knowledge: Knowledge) -> Any:
    if not isinstance(given, str):
        return given
    text = given.strip()
    if text.lower() in NOTHING and isinstance(part, ItemEntry) and "not_done" in part.texts:
        return "not_done"
    if text.lower() in OPEN:
        return None
    match part.type:
        case "truth":
            return _truth(text)
        case "number":
            return _number(part, text, knowledge)
        case "text":
            return _one_of(part, text)
        case "texts":
            return [_one_of(part, one) for one in _several(text)]
        case "numbers":
            return _table(part, text)
        case "sites":
            return _sites(text)


def _truth(text: str) -> bool:
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise EnteredError("can be yes, no or unknown")


def number(text: str, concept: ConceptEntry | None, *, knowledge: Knowledge) -> Amount:
    """Read a typed number, of a concept or of none. Raises `EnteredError`."""
    amount = (
        amount_of(text) if concept is None else stated_amount(text, concept, knowledge=knowledge)
    )
    if isinstance(amount, Unclear):
        raise EnteredError(f"{TWO_WAYS}; write it without a mark for thousands")
    if amount is None or amount.form != "number":
        raise EnteredError("needs a number")
    return amount


def believed(amount: Amount, concept: ConceptEntry, *, knowledge: Knowledge) -> None:
    """Raise `EnteredError` for an amount that can't be, with the slip that it suggests."""
    converted = units_of(knowledge).converted(amount, concept)
    if isinstance(converted, Converted):
        doubt = doubt_of(concept, converted, knowledge=knowledge)
        if doubt is not None and not doubt.keep:
            raise EnteredError(f"{doubt.why}. {CHECK.rstrip('.')}")


def _number(part: ItemEntry | ValueEntry, text: str, knowledge: Knowledge) -> float | Span:
    concept = None
    if isinstance(part, ItemEntry):
        concept = knowledge.concepts_by_id.get(part.analyte)
    amount = number(text, concept, knowledge=knowledge)
    value, high = amount.value, amount.high
    if amount.unit:
        conversion = _conversion(part, amount.unit, units_of(knowledge))
        value, high = conversion(value), None if high is None else conversion(high)
    if concept is not None and isinstance(part, ItemEntry):
        unit = amount.unit or part.ucum or part.unit
        believed(msgspec.structs.replace(amount, unit=unit), concept, knowledge=knowledge)
    match amount.comparator:
        case "<":
            return Span(0.0, nextafter(value, -inf))
        case "<=":
            return Span(0.0, value)
        case ">":
            return Span(nextafter(value, inf), inf)
        case ">=":
            return Span(value, inf)
        case _:
            return value if high is None else Span(value, high)


def _conversion(part: ItemEntry | ValueEntry, unit: str, units: Units) -> Conversion:
    if not isinstance(part, ItemEntry) or not part.unit:
        raise EnteredError("has no unit; give the number alone")
    if unit == part.unit:
        return UNCHANGED
    conversion = units.conversion(part.analyte, unit, part.ucum or part.unit)
    if conversion is None:
        raise EnteredError(f"this unit can't be turned into {part.unit}")
    return conversion


def _one_of(part: ItemEntry | ValueEntry, text: str) -> str:
    """Give the text that is meant: the whole of it, or its beginning where only one begins so."""
    texts = part.texts
    spelled = text.lower().replace(" ", "_")
    if "yes" in texts and spelled in YES | NO:
        return "yes" if spelled in YES else "no"
    begun = [one for one in texts if one.lower().startswith(spelled)]
    if spelled in texts:
        return spelled
    if len(begun) == 1:
        return begun[0]
    raise EnteredError(f"can be {', '.join(texts)}")


def _several(given: Any) -> list[str]:
    if not isinstance(given, str):
        return list(given)
    text = given.strip()
    if text.lower() in EMPTY or not text:
        return []
    if text.startswith("["):
        return [str(one) for one in _json(text)]
    return [one.strip() for one in text.split(",")]


def _table(part: ItemEntry | ValueEntry, text: str) -> Any:
    if text.startswith(("{", "[")):
        return _json(text)
    cells = [cell.strip() for cell in text.split(",")]
    names = isinstance(part, ItemEntry) and part.parts
    if len(cells) == 1 and ":" not in text and names:
        return dict.fromkeys(part.parts, _cell(text)) if isinstance(part, ItemEntry) else None
    if not any(":" in cell for cell in cells):
        return [_cell(cell) for cell in cells]
    table: dict[str, float | None] = {}
    for cell in cells:
        name, colon, value = cell.rpartition(":")
        if not colon or name.strip() in table:
            raise EnteredError("write it as name:number,name:number, each name once")
        table[name.strip()] = _cell(value)
    return table


def _cell(text: str) -> float | None:
    if text.strip().lower() in NOTHING | OPEN:
        return None
    amount = amount_of(text)
    if not isinstance(amount, Amount) or amount != Amount(amount.value):
        raise EnteredError("needs numbers, or `null` for what was not assessed")
    return amount.value


def _sites(text: str) -> Any:
    if text.startswith("["):
        return _json(text)
    if text.lower() in EMPTY:
        return []
    pairs = (cell.strip().partition(":") for cell in text.split(","))
    return [(place.strip(), side.strip().upper() or None) for place, _, side in pairs]


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise EnteredError("is not JSON") from None
