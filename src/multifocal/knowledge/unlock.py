"""Weights of a locked criteria set that somebody transcribed: checked, kept, and named.

Such weights stay outside this package, in the user's data folder. Whatever is worked out with them
names the document, who transcribed it and who checked it.
"""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path

import msgspec

from multifocal.knowledge.check import rule_faults
from multifocal.knowledge.check_criteria import criteria_rules
from multifocal.knowledge.entries import (
    ChoiceEntry,
    CriteriaEntry,
    InvariantEntry,
    ItemEntry,
    Row,
    ValueEntry,
    WeightsEntry,
)
from multifocal.knowledge.load import Knowledge
from multifocal.model.issue import KnowledgeError
from multifocal.model.source import Certainty, Citation
from multifocal.rules.nodes import names
from multifocal.rules.parse import parse
from multifocal.rules.score import compiled

FOLDER = "weights"
SAID = ("document", "table", "transcribed_by", "checked_by")
"""What a file must say about itself; besides, the day."""


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A level of a domain: its points, and the rule by which a record answers it, if any."""

    id: str
    label: str
    points: int
    when: str = ""


class Domain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A domain with its levels, of which the first that holds counts."""

    id: str
    level: tuple[Level, ...] = ()


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A weights file as somebody wrote it."""

    set: str
    document: str
    table: str
    date: date
    transcribed_by: str
    checked_by: str
    threshold: int
    domain: tuple[Domain, ...] = ()
    note: str = ""


class Checked(msgspec.Struct, frozen=True):
    """A weights file, what breaks a rule, and what only asks for a second look."""

    weights: Weights
    violations: tuple[str, ...]
    warnings: tuple[str, ...]


def lockable(knowledge: Knowledge, wanted: str) -> CriteriaEntry:
    """Give the locked set that a name or the beginning of one means. Raises `KnowledgeError`."""
    there = {entry.id: entry for entry in knowledge.criteria if entry.weights is not None}
    begun = [id_ for id_ in there if id_.startswith(wanted.lower())]
    if len(begun) == 1:
        return there[begun[0]]
    close = get_close_matches(wanted.lower(), there, n=1, cutoff=0)
    raise KnowledgeError(f"{wanted!r} is no set that weights unlock. Did you mean {close[0]!r}?")


def checked(entry: CriteriaEntry, text: bytes, *, knowledge: Knowledge) -> Checked:
    """Read a weights file and hold it against all that must be true of it.

    Raises `KnowledgeError` where it can't be read at all.
    """
    if entry.weights is None:
        raise KnowledgeError(f"{entry.id}: its weights are not locked")
    try:
        weights = msgspec.convert(tomllib.loads(text.decode("utf-8")), Weights)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as fault:
        raise KnowledgeError(f"the weights file can't be read: {fault}") from None
    violations = [
        *_about(entry, weights),
        *_domains(entry.weights, weights),
        *_rules(entry, weights, knowledge),
    ]
    warnings: list[str] = []
    for invariant in entry.weights.invariant:
        if broken := _broken(invariant, weights):
            (warnings if invariant.warns else violations).append(broken)
    return Checked(weights, tuple(violations), tuple(warnings))


def _about(entry: CriteriaEntry, weights: Weights) -> Iterator[str]:
    if weights.set != entry.id:
        yield f"`set` must be {entry.id!r}"
    for key in SAID:
        if not getattr(weights, key).strip():
            yield f"`{key}` is empty: say it"
    people = [
        " ".join(name.lower().split()) for name in (weights.transcribed_by, weights.checked_by)
    ]
    if people[0] and people[0] == people[1]:
        yield "`checked_by` must be a second person"


def _domains(entry: WeightsEntry, weights: Weights) -> Iterator[str]:
    wanted = [domain.id for domain in entry.domain]
    there = [domain.id for domain in weights.domain]
    for id_ in wanted:
        if there.count(id_) != 1:
            yield f"domain {id_!r} is there {there.count(id_)} times; it must be there once"
    for id_ in there:
        if id_ not in wanted:
            close = get_close_matches(id_, wanted, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            yield f"domain {id_!r} is none of this set.{hint}"
    for domain in weights.domain:
        levels = [level.id for level in domain.level]
        if not levels:
            yield f"domain {domain.id!r} has no levels"
        for id_ in sorted({id_ for id_ in levels if levels.count(id_) > 1}):
            yield f"domain {domain.id!r} has level {id_!r} {levels.count(id_)} times"
        for id_ in levels:
            if not id_.isidentifier():
                yield f"domain {domain.id!r}: a level is named in letters, digits and underscores"


def _rules(entry: CriteriaEntry, weights: Weights, knowledge: Knowledge) -> Iterator[str]:
    """Tell rules of levels that can't be answered from a record."""
    for domain in weights.domain:
        for level in domain.level:
            if level.when:
                for fault in rule_faults(level.when, knowledge):
                    yield f"{domain.id}, level {level.id}: {fault}"


def _words(weights: Weights) -> Mapping[str, tuple[float, float]]:
    """Give the words that an invariant may speak of."""
    found: dict[str, float] = {"threshold": weights.threshold, "total_max": 0, "total_min": 0}
    for domain in weights.domain:
        points = [level.points for level in domain.level]
        if not points:
            continue
        found |= {f"{domain.id}_{level.id}": level.points for level in domain.level}
        found[f"{domain.id}_max"], found[f"{domain.id}_min"] = max(points), min(points)
        found["total_max"] += max(points)
        found["total_min"] += min(points)
    return {name: (float(value), float(value)) for name, value in found.items()}


def _broken(invariant: InvariantEntry, weights: Weights) -> str:
    words = _words(weights)
    rule = parse(invariant.when)
    if absent := sorted(names(rule) - words.keys()):
        if invariant.if_there:
            return ""
        return f"{invariant.text}: can't be checked without {', '.join(absent)}"
    return "" if compiled(rule)(words)[0] else f"does not hold: {invariant.text}"


def kept(folder: Path, entry: CriteriaEntry) -> Path:
    """Give where the weights of a set are kept in the user's data folder."""
    return folder / FOLDER / f"{entry.id}.toml"


def unlocked(knowledge: Knowledge, folder: Path) -> Knowledge:
    """Give the knowledge with the weights that the user has unlocked; its version names them.

    Raises `KnowledgeError` when a kept file does not hold any more.
    """
    for entry in knowledge.criteria:
        if entry.weights is None or not (path := kept(folder, entry)).is_file():
            continue
        text = path.read_bytes()
        found = checked(entry, text, knowledge=knowledge)
        if found.violations:
            lines = "\n".join(f"{path.name}: {fault}" for fault in found.violations)
            raise KnowledgeError(f"{lines}\n{path.name}: unlock it again, or remove it")
        knowledge = _with(knowledge, entry, found.weights, _digest(text))
    return knowledge


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:12]


def _with(knowledge: Knowledge, entry: CriteriaEntry, weights: Weights, digest: str) -> Knowledge:
    opened = opened_by(entry, weights, digest)
    texts = {text for _, _, text, _, _ in criteria_rules(opened, {})}
    return msgspec.structs.replace(
        knowledge,
        criteria=tuple(opened if one.id == entry.id else one for one in knowledge.criteria),
        version=f"{knowledge.version}+weights.{digest}",
        rules={**knowledge.rules, **{text: parse(text) for text in texts - knowledge.rules.keys()}},
    )


def opened_by(entry: CriteriaEntry, weights: Weights, digest: str) -> CriteriaEntry:
    """Give a locked set with these weights in place: nine domains, their points, the threshold."""
    if entry.weights is None:
        raise KnowledgeError(f"{entry.id}: its weights are not locked")
    source = Citation(
        entry.source.id,
        Certainty.MEMORY,
        weights.table,
        f"transcribed by {weights.transcribed_by}, checked by {weights.checked_by}, "
        f"{weights.date.isoformat()}; file {digest}",
    )
    label = (
        f"{entry.weights.label} {weights.document}, {weights.table}; transcribed by "
        f"{weights.transcribed_by}, checked by {weights.checked_by}, {weights.date.isoformat()}; "
        f"file {digest}."
    )
    return msgspec.structs.replace(
        entry,
        label=label,
        computes=f"points, with the weights file {digest}",
        locked="",
        item=(*entry.item, *_items(entry.weights, weights, source)),
        value=(*entry.value, *_values(weights, source)),
        choice=tuple(_choice(one, entry.weights, weights) for one in entry.choice),
        state_labels={**entry.state_labels, **entry.weights.state_labels},
        answer="total",
        maximum=sum(max(level.points for level in domain.level) for domain in weights.domain),
    )


def _items(entry: WeightsEntry, weights: Weights, source: Citation) -> Iterator[ItemEntry]:
    """Give an item for each level that a record can answer."""
    labels = {domain.id: domain.label for domain in entry.domain}
    for domain in weights.domain:
        for level in domain.level:
            if level.when:
                yield ItemEntry(
                    name=f"{domain.id}_{level.id}",
                    label=f"{labels[domain.id]}: {level.label}",
                    type="truth",
                    of=level.when,
                    source=source,
                )


def _values(weights: Weights, source: Citation) -> Iterator[ValueEntry]:
    """Give the level and the points of each domain, and their total."""
    for domain in weights.domain:
        yield ValueEntry(
            name=domain.id,
            type="text",
            may_be_given=True,
            texts=tuple(level.id for level in domain.level),
            rows=tuple(
                Row(level.id, f"{domain.id}_{level.id}" if level.when else "False")
                for level in domain.level
            ),
            source=source,
        )
    for domain in weights.domain:
        *others, last = domain.level
        yield ValueEntry(
            name=f"{domain.id}_points",
            type="number",
            rows=(
                *(Row(level.points, f"{domain.id} == '{level.id}'") for level in others),
                Row(last.points),
            ),
            source=source,
        )
    points = tuple(f"{domain.id}_points" for domain in weights.domain)
    yield ValueEntry(name="total", type="number", how="sum", of=points, source=source)


def _choice(choice: ChoiceEntry, entry: WeightsEntry, weights: Weights) -> ChoiceEntry:
    """Put the rows that speak of the total in the place of the one that says it is locked."""
    if choice.name != "state":
        return choice
    rows: list[Row] = []
    for row in choice.rows:
        if row.gives == entry.replaces:
            rows += [
                Row("classified", f"total >= {weights.threshold}", "score_undetermined"),
                Row("not_classified"),
            ]
        elif row.unknown == entry.replaces:
            rows.append(msgspec.structs.replace(row, unknown=entry.waits))
        else:
            rows.append(row)
    return msgspec.structs.replace(choice, rows=tuple(rows))
