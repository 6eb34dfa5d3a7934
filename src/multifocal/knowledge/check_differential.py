"""What must hold for what the differential weighs: names that exist, shares that can be."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from multifocal.knowledge.check_figures import Fault
from multifocal.knowledge.entries import Entries
from multifocal.knowledge.entries_differential import CellEntry, DifferentialEntries

MODEL, PRIORS, CELLS = "model.toml", "priors.csv", "differential/cells"
NEAR_ONE = 1e-3
"""How far the priors of one setting may be from one, being printed rounded."""


def differential_faults(entries: Entries) -> Iterator[Fault]:
    """Give every fault of cells, priors, groups, sets, implications and settings."""
    weighed = entries.differential
    findings = {finding.id for finding in entries.findings}
    conditions = {condition.id for condition in entries.conditions}
    columns = {*conditions, weighed.model.background}
    yield from _cells(weighed, findings, columns)
    yield from _classes(weighed)
    yield from _columns(weighed, columns)
    yield from _priors(weighed, conditions)
    measures = {measure.id for measure in entries.measures}
    yield from _named(weighed, findings, conditions, measures)
    groups = {group.id for group in weighed.groups}
    filled = {cell.finding for cell in weighed.cells}
    for finding in entries.findings:
        if finding.id in filled and finding.group not in groups:
            yield Fault("findings.toml", finding.id, f"unknown group {finding.group!r}")


def _cells(
    weighed: DifferentialEntries, findings: Iterable[str], columns: Iterable[str]
) -> Iterator[Fault]:
    known, names = set(findings), set(columns)
    classes = {one.id: one for one in weighed.classes}
    pairs: Mapping[tuple[str, str], list[CellEntry]] = defaultdict(list)
    for cell in weighed.cells:
        where = (CELLS, f"{cell.condition}, {cell.finding}")
        pairs[(cell.condition, cell.finding)].append(cell)
        if cell.finding not in known:
            yield Fault(*where, "unknown finding")
        if cell.condition not in names:
            yield Fault(*where, "unknown condition")
        if cell.class_ and cell.class_ not in classes:
            yield Fault(*where, f"unknown class {cell.class_!r}")
        if message := _form(cell):
            yield Fault(*where, message)
    for (condition, finding), rows in pairs.items():
        if len(rows) > 1 and any(row.n is None for row in rows):
            yield Fault(CELLS, f"{condition}, {finding}", "several rows must all be counts")


def _form(cell: CellEntry) -> str:
    """Say what is wrong with the form of a cell; empty when nothing is."""
    counted = cell.k is not None or cell.n is not None
    if counted + bool(cell.class_ or cell.share is not None) != 1:
        return "needs k and n, or a class, or a share, or a class with a share in it"
    if counted and (cell.k is None or not cell.n or not 0 <= cell.k <= cell.n):
        return "k of n needs 0 <= k <= n and n above 0"
    if cell.share is not None and not 0 <= cell.share <= 1:
        return "the share is not between 0 and 1"
    return ""


def _classes(weighed: DifferentialEntries) -> Iterator[Fault]:
    for one in weighed.classes:
        if not 0 < one.share < 1 or one.low > one.high:
            yield Fault("frequency_classes.toml", one.id, "its share or range can't be")
    used = {cell.class_ for cell in weighed.cells}
    for one in weighed.classes:
        if one.id not in used:
            yield Fault("frequency_classes.toml", one.id, "is defined but no cell uses it")


def _columns(weighed: DifferentialEntries, columns: Iterable[str]) -> Iterator[Fault]:
    """Every condition needs a column, and every finding of a column a background."""
    filled = {cell.condition for cell in weighed.cells}
    for name in sorted(set(columns) - filled):
        yield Fault(CELLS, name, "has no cells")
    background = {
        cell.finding for cell in weighed.cells if cell.condition == weighed.model.background
    }
    aside = {*weighed.model.given, *weighed.model.unweighed}
    for name in sorted({cell.finding for cell in weighed.cells} - background - aside):
        yield Fault(CELLS, name, "has no background rate")


def _priors(weighed: DifferentialEntries, conditions: Iterable[str]) -> Iterator[Fault]:
    wanted = set(conditions)
    for setting in weighed.model.setting:
        rows = [row for row in weighed.priors if row.setting == setting.id]
        named = {row.condition for row in rows}
        for name in sorted(wanted ^ named):
            yield Fault(PRIORS, f"{setting.id}, {name}", "has no prior, or is no condition")
        if len(rows) != len(named):
            yield Fault(PRIORS, setting.id, "names a condition twice")
        if abs(sum(row.share for row in rows) - 1) > NEAR_ONE:
            yield Fault(PRIORS, setting.id, "does not sum to one")
    settings = {setting.id for setting in weighed.model.setting}
    for name in sorted({row.setting for row in weighed.priors} - settings):
        yield Fault(PRIORS, name, "unknown setting")


def _named(
    weighed: DifferentialEntries,
    findings: Iterable[str],
    conditions: Iterable[str],
    measures: Iterable[str],
) -> Iterator[Fault]:
    """Give every finding or condition that sets, implications and settings name wrongly."""
    wanted = [
        *(("exclusive_sets.toml", one.id, name) for one in weighed.exclusive_sets
          for name in one.members),
        *(("implications.csv", one.present, name) for one in weighed.implications
          for name in (one.present, one.implies)),
        *((MODEL, "given", name) for name in (*weighed.model.given, *weighed.model.unweighed)),
        *((MODEL, "decisive", name) for row in weighed.model.decisive for name in row),
        *((MODEL, "seen_in_tissue", name) for name in weighed.model.seen_in_tissue),
    ]  # fmt: skip
    known, names, measured = set(findings), set(conditions), set(measures)
    for file, entry, name in wanted:
        if name not in known:
            yield Fault(file, entry, f"unknown finding {name!r}")
    for single, measure in (*weighed.model.exact.items(), *weighed.model.places.items()):
        if single not in known or measure not in measured:
            yield Fault(MODEL, single, f"unknown finding, or unknown measure {measure!r}")
    if weighed.model.seen_on_image not in measured:
        yield Fault(MODEL, "seen_on_image", f"unknown measure {weighed.model.seen_on_image!r}")
    forms = weighed.model.forms
    for condition in (*weighed.model.calming, *weighed.model.apart, *forms.keys(), *forms.values()):
        if condition not in names:
            yield Fault(MODEL, condition, "unknown condition")
