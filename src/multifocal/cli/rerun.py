"""The answers of one version of the knowledge: to every spec case and every example child."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from multifocal import examples
from multifocal.exchange.entered import entered
from multifocal.exchange.read import read as read_record
from multifocal.knowledge.entries import CriteriaEntry
from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment
from multifocal.model.issue import MultifocalError
from multifocal.workup.assess import assess, latest_day
from multifocal.workup.calculate import answer

UNKNOWN = "unknown"

Answers = Mapping[str, Mapping[str, str]]
"""By case: by question, the answer in words."""


class Changed(msgspec.Struct, frozen=True):
    """One answer that two versions give differently; None where a version doesn't give it."""

    case: str
    question: str
    before: str | None
    after: str | None


def spec_folder() -> Path | None:
    """Give the folder of spec cases; None where we don't run from a checkout."""
    folder = Path(str(files("multifocal"))).parents[1] / "tests" / "spec"
    return folder if folder.is_dir() else None


def spec_answers(folder: Path, knowledge: Knowledge) -> Answers:
    """Answer every spec case of a criteria set; other tables of cases are no questions to one."""
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted(folder.glob("*.toml")):
        spec = tomllib.loads(path.read_text(encoding="utf-8"))
        if "criteria" not in spec:
            continue
        entry = knowledge.criteria_by_id.get(spec["criteria"])
        for case in spec["case"]:
            name = f"{spec['criteria']} {case['id']}: {case['shows']}"
            found[name] = (
                {} if entry is None else _answered(entry, case.get("given", {}), knowledge)
            )
    return found


def example_answers(knowledge: Knowledge, *, otherwise: date) -> Answers:
    """Assess every shipped example; one without any date as of the day given."""
    found = {}
    for name in examples.names():
        record = read_record(examples.path(name), knowledge=knowledge)
        day = latest_day(record) or otherwise
        found[f"example:{name}"] = dict(_said(assess(record, as_of=day, knowledge=knowledge)))
    return found


def changed(old: Answers, new: Answers) -> tuple[Changed, ...]:
    """Give every answer that differs."""
    return tuple(
        Changed(case, question, before, after)
        for case in dict.fromkeys((*old, *new))
        for question in dict.fromkeys((*old.get(case, {}), *new.get(case, {})))
        if (before := old.get(case, {}).get(question)) != (after := new.get(case, {}).get(question))
    )


def _answered(
    entry: CriteriaEntry, given: Mapping[str, Any], knowledge: Knowledge
) -> dict[str, str]:
    try:
        read = entered(entry, given, knowledge=knowledge)
        found = answer(entry, read.values, refused=read.refused)
    except MultifocalError as fault:
        return {"state": f"no answer: {fault}"}
    said = {"state": found.state, "possible": ", ".join(found.possible)}
    if found.low is not None and found.high is not None:
        said["score"] = _span(found.low, found.high)
    return said | {
        name: _span(*pair) for name, pair in found.words.items() if name not in {*given, "score"}
    }


def _said(found: Assessment) -> Iterator[tuple[str, str]]:
    """Give what a reader of the work-up would notice, as questions and answers in words."""
    for finding in found.findings:
        truth = {True: "yes", False: "no", None: "unknown"}[finding.truth]
        yield f"finding {finding.id}", truth
    for result in found.criteria:
        yield f"{result.id} state", result.state
        yield f"{result.id} possible", ", ".join(result.possible)
        if result.low is not None and result.high is not None:
            yield f"{result.id} score", _span(result.low, result.high)
        yield from ((f"{result.id} {item.name}", item.shown) for item in result.items)
    if found.differential is not None:
        could_be = [one for one in found.differential.ranked if one.band != "unlikely"]
        yield "could be", ", ".join(f"{one.condition} ({one.band})" for one in could_be)
    yield "code", found.coding.code or f"none: {found.coding.reason}"
    for flag in found.red_flags:
        yield f"red flag {flag.id}", f"{flag.urgency}: {flag.action}"
    for danger in found.dangers:
        yield f"not excluded: {danger.id}", f"{danger.urgency}; by {', '.join(danger.excluded_by)}"
    for text, _ in found.notes:
        yield f"caution “{text[:40]}”", text
    for argument in found.arguments:
        yield f"argument {argument.finding}", f"{argument.speaks}, {argument.strength}"
    yield "missing", ", ".join(gap.finding for gap in found.missing)
    yield "next tests", ", ".join(test.id for test in found.next_tests)
    for lab in found.labs:
        yield f"interval of {lab.analyte}", "own" if lab.interval is None else lab.interval.id
    for fact in found.facts:
        if fact.flag is not None:
            yield f"fact {fact.id} flag", fact.flag
    for issue in found.issues:
        yield f"issue “{issue.message[:60]}” at {issue.where}", f"{issue.level}, {issue.count}"


def _span(low: object, high: object) -> str:
    if low == high:
        return _word(low)
    if isinstance(low, bool):
        return UNKNOWN
    return f"{_word(low)} to {_word(high)}"


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, int | float) else str(value)
