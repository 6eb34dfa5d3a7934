"""The knowledge made ready to answer with: selectors indexed, rules compiled, findings ordered."""

from collections.abc import Mapping
from functools import lru_cache

import msgspec

from multifocal.knowledge.entries import (
    ChoiceEntry,
    CriteriaEntry,
    FindingEntry,
    ItemEntry,
    Row,
    SelectEntry,
    ValueEntry,
)
from multifocal.knowledge.load import Knowledge
from multifocal.model.record import Fact
from multifocal.rules.fold import Folder, Looked, Select
from multifocal.rules.nodes import Compare, Name, Node, Number, Type, children, names
from multifocal.rules.reduce import Kind, Reduction, unknown, working
from multifocal.rules.score import Scorer, compiled, total


class ReadyChoice(msgspec.Struct, frozen=True):
    """A choice with its rules compiled."""

    name: str
    type: Kind
    rows: tuple[tuple[Scorer, str | float | bool, str], ...]
    """Rule, what it gives, what is said while it is undecided."""


class ReadyValue(msgspec.Struct, frozen=True):
    """A value with what works it out: a rule or reduction, or else a choice."""

    name: str
    type: Kind
    may_be_given: bool
    work: Scorer | None
    choice: ReadyChoice | None
    record: Scorer | None
    """What answers it from a record itself."""


class ReadyCriteria(msgspec.Struct, frozen=True):
    """A criteria set with its rules compiled."""

    entry: CriteriaEntry
    items: tuple[tuple[str, Scorer], ...]
    values: tuple[ReadyValue, ...]
    points: tuple[tuple[Scorer, int], ...]
    choices: tuple[ReadyChoice, ...]
    thresholds: Mapping[str, tuple[float, ...]]
    """For each number item: the constants that some rule compares it with."""

    @property
    def score(self) -> Scorer:
        """The sum of points."""
        return total(self.points)


class Ready(msgspec.Struct, frozen=True, eq=False):
    """Everything that does not depend on the child."""

    folder: Folder
    findings: tuple[tuple[FindingEntry, Scorer | None], ...]
    """In an order in which each uses only what stands before it; None is folded, not worked out."""
    criteria: Mapping[str, ReadyCriteria]
    scorers: Mapping[str, Scorer]
    """By rule text: red flags, cautions, the symptom checker, tests, coding."""


@lru_cache(maxsize=4)
def ready(knowledge: Knowledge) -> Ready:
    """Make the knowledge ready, once."""
    places = knowledge.places

    def around(fact: Fact) -> tuple[str, ...]:
        return places.get(fact.bone or fact.region or "", ())

    selectors = {
        measure.id: select(measure.select, knowledge, gives=measure.gives)
        for measure in knowledge.measures
    } | {
        finding.id: select(finding.select, knowledge, gives="truth")
        for finding in knowledge.findings
        if finding.select is not None
    }
    texts = {
        *(flag.when for flag in knowledge.red_flags),
        *(caution.when for caution in knowledge.cautions),
        *(demotion.when for demotion in knowledge.demotions),
        *(rule for step in knowledge.steps for rule in (step.rule, step.unless) if rule),
        *(rule.when for rule in knowledge.check_rules),
        *(aside.when for aside in knowledge.set_aside),
        *(contradiction.when for contradiction in knowledge.check_contradictions),
        *(rule for test in knowledge.tests for rule in test.rules),
        knowledge.coding.enough,
        knowledge.coding.provisional,
    }
    return Ready(
        folder=Folder(selectors, around),
        findings=tuple(
            (finding, compiled(knowledge.rules[finding.when]) if finding.when else None)
            for finding in _ordered(knowledge)
        ),
        criteria={entry.id: ready_criteria(entry, knowledge.rules) for entry in knowledge.criteria},
        scorers={text: compiled(knowledge.rules[text]) for text in sorted(texts)},
    )


def select(entry: SelectEntry, knowledge: Knowledge, *, gives: Type) -> Select:
    """Give a selector with its rules parsed."""

    def rule(text: str) -> Node | None:
        return knowledge.rules[text] if text else None

    looked = entry.looked
    return Select(
        how=entry.how,
        concepts=knowledge.concepts_of(entry),
        where=rule(entry.where),
        of=rule(entry.of),
        looked=None
        if looked is None
        else Looked(knowledge.concepts_of(looked), rule(looked.where)),
        gives=gives,
    )


def rule_texts(entry: CriteriaEntry) -> tuple[str, ...]:
    """Give every rule of a set that speaks of its own words."""
    rows = [row for value in entry.value for row in value.rows]
    rows += [row for choice in entry.choice for row in choice.rows]
    texts = (
        *(text for value in entry.value for text in (value.rule, value.where)),
        *(points.when for points in entry.points),
        *(row.when for row in rows),
    )
    return tuple(text for text in texts if text)


def ready_criteria(entry: CriteriaEntry, rules: Mapping[str, Node]) -> ReadyCriteria:
    """Compile the rules of one criteria set."""
    used = [rules[text] for text in rule_texts(entry)]
    return ReadyCriteria(
        entry=entry,
        items=tuple((item.name, _item(item, rules)) for item in entry.item),
        values=tuple(_value(value, entry, rules) for value in entry.value),
        points=tuple((compiled(rules[points.when]), points.points) for points in entry.points),
        choices=tuple(_choice(choice, choice.rows, rules) for choice in entry.choice),
        thresholds={
            item.name: tuple(sorted({c for node in used for c in _constants(node, item.name)}))
            for item in entry.item
            if item.type == "number"
        },
    )


def _item(item: ItemEntry, rules: Mapping[str, Node]) -> Scorer:
    if item.of:
        return compiled(rules[item.of])
    nothing = unknown(item.type)
    return lambda _: nothing


def _value(value: ValueEntry, entry: CriteriaEntry, rules: Mapping[str, Node]) -> ReadyValue:
    work = choice = None
    if value.rows:
        choice = _choice(value, value.rows, rules)
    elif value.how is None:
        work = compiled(rules[value.rule])
    else:
        groups = {item.name: item.groups for item in entry.item}
        way = Reduction(
            how=value.how,
            of=value.of,
            where=compiled(rules[value.where]) if value.where else None,
            floor=value.floor,
            floor_for=value.floor_for,
            by=value.by,
            groups=groups.get(value.of[0], {}),
        )
        work = working(way)
    record = compiled(rules[value.answered_by]) if value.answered_by else None
    return ReadyValue(value.name, value.type, value.may_be_given, work, choice, record)


def _choice(
    part: ChoiceEntry | ValueEntry, rows: tuple[Row, ...], rules: Mapping[str, Node]
) -> ReadyChoice:
    return ReadyChoice(
        part.name,
        part.type,
        tuple((compiled(rules[row.when]), row.gives, row.unknown) for row in rows),
    )


def _constants(node: Node, name: str) -> set[float]:
    """Give every constant that a rule compares this name with."""
    found: set[float] = set()
    if isinstance(node, Compare):
        for left, right in ((node.left, node.right), (node.right, node.left)):
            if left == Name(name) and isinstance(right, Number):
                found.add(right.value)
    return found.union(*(_constants(child, name) for child in children(node)))


def _ordered(knowledge: Knowledge) -> tuple[FindingEntry, ...]:
    """Order the findings so that each stands after those it uses; the check refused circles."""
    entries = knowledge.findings_by_id
    done: dict[str, FindingEntry] = {}

    def place(entry: FindingEntry) -> None:
        if entry.id in done:
            return
        if entry.when:
            for name in sorted(names(knowledge.rules[entry.when])):
                if name in entries:
                    place(entries[name])
        done[entry.id] = entry

    for entry in knowledge.findings:
        place(entry)
    return tuple(done.values())
