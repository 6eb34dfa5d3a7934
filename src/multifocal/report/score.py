"""The answer of a calculator, and the list of calculators, as text for a terminal or a pipe."""

from collections.abc import Iterable, Iterator
from textwrap import fill, indent

from multifocal.knowledge.entries import CriteriaEntry, ItemEntry
from multifocal.model.assessment import ItemAnswer
from multifocal.model.calculation import Calculation, Reference, Share, Word
from multifocal.model.source import Certainty

WIDTH = 80
INDENT = "  "

SURE = {
    Certainty.VERIFIED: "read in its source",
    Certainty.DERIVED: "worked out from what was read",
    Certainty.MEMORY: "from memory, not read yet",
    Certainty.JUDGEMENT: "partly our own judgement",
}


def rendered(found: Calculation) -> str:
    """Give an answer in full, with the label that it must carry.

    The label stands in the first lines, so that no result is read without it.
    """
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Calculation) -> Iterator[str]:
    yield _wrapped(found.name if found.as_published else f"{found.name} (not as published)")
    yield _wrapped(found.label)
    yield ""
    yield _wrapped(found.state_label + ("" if found.decided else " (open)"))
    if found.low is not None or found.high is not None:
        yield f"value  {value(found)}"
    yield from _block("Worked out", filter(None, map(word_text, found.words)))
    yield from _block("Answers", map(_item, found.items))
    yield from _block("Would settle it", found.missing)
    if not found.decided:
        yield from _block("Still possible", found.possible)
    yield from _block("Published results", studies(found))
    if found.performance_withheld:
        yield from ("", _wrapped(found.performance_withheld))
    if found.locked:
        yield from ("", _wrapped(found.locked))
    yield from (
        "",
        _wrapped(f"In whom: {found.population.rstrip('.')}."),
        _wrapped(f"Hand: {found.note}"),
    )
    yield from ("", _wrapped(f"Source: {_source(found.source)}"))
    yield f"Least sure part: {SURE[found.certainty]}"


def _block(title: str, lines: Iterable[str]) -> Iterator[str]:
    there = list(lines)
    if there:
        yield from ("", title)
        yield from (indent(_wrapped(line, width=WIDTH - len(INDENT)), INDENT) for line in there)


def _wrapped(text: str, *, width: int = WIDTH) -> str:
    return fill(text, width, subsequent_indent=INDENT, break_long_words=False)


def value(found: Calculation) -> str:
    """Write the number of a result, and the greatest that it can be."""
    end = "" if found.maximum is None else f" of {found.maximum:g}"
    return f"{between(found.low, found.high)}{end}"


def between(low: float | None, high: float | None) -> str:
    """Write a number that lies between two ends; None is an end that is not known.

    >>> between(3.0, 3.0), between(12.0, 39.0), between(2.0, None), between(None, None)
    ('3', '12 to 39', '2 or more', 'unknown')
    """
    if low is None:
        return "unknown" if high is None else f"up to {high:g}"
    if high is None:
        return f"{low:g} or more"
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def word_text(word: Word) -> str:
    """Write a value; one of which nothing is known is left out."""
    name = word.name.replace("_", " ")
    if word.truth is not None:
        return f"{name}: {'yes' if word.truth else 'no'}"
    if word.text is not None:
        return f"{name}: {word.text.replace('_', ' ')}"
    if word.table is not None:
        cells = (f"{key} {between(value, value)}" for key, value in word.table.items())
        return f"{name}: {', '.join(cells)}"
    if word.low is None and word.high is None:
        return ""
    return f"{name}: {between(word.low, word.high)}"


def _item(item: ItemAnswer) -> str:
    return f"{item.name}: {item.shown}  ({item.label})"


def studies(found: Calculation) -> Iterator[str]:
    """Give what published studies found, a line each."""
    for study in found.performance:
        parts = [f"{study.setting}:"]
        if study.sensitivity is not None:
            parts.append(f"sensitivity {share_text(study.sensitivity)};")
        if study.specificity is not None:
            parts.append(f"specificity {share_text(study.specificity)};")
        if study.result:
            parts.append(study.result)
        yield " ".join(parts).rstrip(";")


def share_text(share: Share) -> str:
    """Write a proportion with its interval, where counts give one."""
    said = f"{share.value:.1%}"
    if share.low is None or share.high is None:
        return said
    interval = f"95% interval {share.low:.1%} to {share.high:.1%}"
    return f"{said} ({share.k} of {share.n}; {interval})"


def _source(source: Reference) -> str:
    where = source.doi and f"doi {source.doi}"
    parts = (source.title, str(source.year or ""), where or source.url, source.at)
    return ", ".join(part for part in parts if part) + f" [{source.certainty}]"


def listing(entries: Iterable[CriteriaEntry]) -> str:
    """List the sets: id, name, what is safe to compute, and the label where the name needs it."""
    return "\n".join(line for entry in entries for line in _listed(entry)) + "\n"


def _listed(entry: CriteriaEntry) -> Iterator[str]:
    yield entry.id
    body = [entry.name if entry.as_published else f"{entry.name} (not as published)"]
    body.append(f"computes: {entry.computes}")
    body += [] if entry.as_published else [f"label: {entry.label}"]
    yield from (indent(_wrapped(line, width=WIDTH - len(INDENT)), INDENT) for line in body)


def described(entry: CriteriaEntry) -> str:
    """Tell what may be asked of a set: its items, their units and what they can be."""
    lines = [*_listed(entry), "", "Answers"]
    lines += [
        indent(_wrapped(_asked(item.name, item.label, _kind(item))), INDENT) for item in entry.item
    ]
    lines += [
        indent(
            _wrapped(_asked(value.name, "in place of what it is worked out from", value.type)),
            INDENT,
        )
        for value in entry.value
        if value.may_be_given
    ]
    lines += [indent(_wrapped(f'request="{request.text}"'), INDENT) for request in entry.request]
    return "\n".join(lines) + "\n"


def _asked(name: str, label: str, kind: str) -> str:
    return f"{name}={kind}  ({label})"


def _kind(item: ItemEntry) -> str:
    match item.type:
        case "truth":
            return "yes|no"
        case "number":
            return f"NUMBER {item.unit}".strip()
        case "text":
            return "|".join(item.texts)
        case "texts":
            return f"{'|'.join(item.texts)},..."
        case "numbers":
            if item.parts and all(part.isdigit() for part in item.parts):
                return ",".join("N" for _ in item.parts)
            return ",".join(f"{part}:N" for part in item.parts or ("NAME",))
        case "sites":
            return "PLACE:SIDE,..."
