"""How well the work-up did, as one HTML page and as a table for the terminal."""

import io
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from markupsafe import Markup
from rich.console import Console
from rich.table import Table

from multifocal.knowledge.load import Knowledge
from multifocal.model.issue import Issue, Level
from multifocal.model.validation import (
    Baseline,
    Beside,
    Calibration,
    CaseResult,
    Group,
    Proportion,
    Validation,
)
from multifocal.report import charts
from multifocal.report.console import in_memory
from multifocal.report.templating import drawn, template
from multifocal.report.words import listed, number, words

WIDTH = 100
LEAST_P = 0.001
FIRST = 3
"""Places that count as being among the first."""
GROUPED = ("n", "sensitivity", "specificity", "top1", "top3", "top10", "red_flag_recall")
"""Figures that the tables of groups show."""


class FigureWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a figure is called, and the project's goal for it."""

    id: str
    label: str
    means: str
    goal: float | None = None


class ValidationWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words and goals of the page."""

    figure: tuple[FigureWords, ...]
    masked: Mapping[str, str]
    by: Mapping[str, str]
    text: Mapping[str, str]
    beside: Mapping[str, str]
    calibration: Mapping[str, str]
    safety: Mapping[str, Mapping[str, str]]
    method: tuple[Mapping[str, str], ...]


@cache
def wording() -> ValidationWords:
    """Read the words once."""
    text = (files("multifocal.report") / "templates" / "validation.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), ValidationWords)


class Row(msgspec.Struct, frozen=True):
    """One figure in words, with its drawing."""

    label: str
    means: str
    share: str
    counts: str
    interval: str
    goal: str
    met: str
    drawing: Markup


class Cell(msgspec.Struct, frozen=True):
    """One figure of a group, and its counts and interval in small."""

    value: str
    detail: str = ""


class GroupRow(msgspec.Struct, frozen=True):
    """One group's figures in words."""

    name: str
    cells: tuple[Cell, ...]


class GroupTable(msgspec.Struct, frozen=True):
    """Groups by one trait."""

    caption: str
    head: str
    columns: tuple[str, ...]
    rows: tuple[GroupRow, ...]


class CaseView(msgspec.Struct, frozen=True):
    """One outcome in words."""

    number: int
    id: str
    truth: str
    rank: str
    missed: bool
    first: str
    three: tuple[str, ...]
    abstained: bool
    known: int
    called: str
    wrong_call: bool
    flags: str


class SafetyView(msgspec.Struct, frozen=True):
    """Cases that were not safe in one way."""

    title: str
    means: str
    quieter: bool
    cases: tuple[CaseView, ...]


def render(validation: Validation, *, knowledge: Knowledge) -> str:
    """Give the page, which needs no network and no script."""
    return template("validation.html.jinja").render(page=_page(validation, knowledge))


def _page(validation: Validation, knowledge: Knowledge) -> dict[str, Any]:  # Any: for a template
    found = validation.figures
    cases = tuple(
        _case(place, outcome, knowledge) for place, outcome in enumerate(validation.outcomes, 1)
    )
    by_id = {case.id: case for case in cases}
    outcomes = validation.outcomes
    return {
        "n": found.n,
        "n_cmo": found.n_cmo,
        "n_mimic": found.n_mimic,
        "n_sapho": len(validation.sapho),
        "n_unsaid": found.n - found.n_cmo - found.n_mimic - len(validation.sapho),
        "n_hand_cmo": sum(one.is_cmo is True and one.hand is True for one in outcomes),
        "n_dangerous": sum(one.dangerous for one in outcomes),
        "unnamed": sum(one.truth is None for one in outcomes),
        "hidden": _hidden(validation),
        "setting": validation.setting.replace("_", " "),
        "knowledge_version": validation.knowledge_version,
        "software_version": validation.software_version,
        "unsafe": validation.unsafe,
        "figures": rows(validation),
        "safety": tuple(
            SafetyView(
                title=wording().safety[name]["title"],
                means=wording().safety[name]["means"],
                quieter=name == "quiet",
                cases=tuple(by_id[id_] for id_ in ids),
            )
            for name, ids in unsafe_lists(validation)
        ),
        "flags": _flags(outcomes, knowledge),
        "calibration_words": calibration_words(validation.calibration),
        "calibrations": (
            _plot(
                "The leading condition: stated probability, and how often it was the truth",
                validation.calibration,
            ),
            _plot("CMO: stated probability, and how often it was CMO", validation.calibration_cmo),
        ),
        "guessed": _guessed_words(len(validation.guessed)),
        "beside": _beside(validation.beside),
        "masks": _table("masked", validation.masks, knowledge),
        "groups": tuple(
            _table(by, [group for group in validation.groups if group.by == by], knowledge)
            for by in dict.fromkeys(group.by for group in validation.groups)
        ),
        "baseline": _baseline(validation.baseline),
        "cases": cases,
        "issues": _issues(outcomes),
        "method": tuple(line["text"] for line in wording().method),
    }


def unsafe_lists(validation: Validation) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give the ways of not being safe, the gravest first, each with its cases."""
    return (
        ("unsafe", validation.unsafe),
        ("reassured", validation.reassured),
        ("quiet", validation.quiet),
    )


def _flags(outcomes: Sequence[CaseResult], knowledge: Knowledge) -> GroupTable:
    """Tell which red flags stood where one is due and where none is."""
    due = [one for one in outcomes if one.flag_due]
    other = [one for one in outcomes if one.truth is not None and not one.flag_due]
    counts = [
        (
            flag.label,
            sum(flag.id in one.red_flags for one in due),
            sum(flag.id in one.red_flags for one in other),
        )
        for flag in knowledge.red_flags
    ]
    return GroupTable(
        caption="Which red flags stood",
        head="Red flag",
        columns=(f"Of {len(due)} where one is due", f"Of {len(other)} others"),
        rows=tuple(
            GroupRow(label, (Cell(str(there)), Cell(str(elsewhere))))
            for label, there, elsewhere in counts
            if there or elsewhere
        ),
    )


def _hidden(validation: Validation) -> str:
    said = wording().masked
    return listed(said[part] for part in validation.masked) if validation.masked else said[""]


def rows(validation: Validation) -> tuple[Row, ...]:
    """Give every figure in words, with its goal."""
    return tuple(_row(one, getattr(validation.figures, one.id)) for one in wording().figure)


def _row(one: FigureWords, share: Proportion) -> Row:
    goal = goal_words(one)
    alt = f"{one.label}: {percent(share.value)}, {interval(share)}" + (
        f"; goal {goal}" if goal else ""
    )
    return Row(
        label=one.label,
        means=one.means,
        share=percent(share.value),
        counts=f"{share.k} of {share.n}",
        interval=interval(share),
        goal=goal,
        met=_met(share, one.goal),
        drawing=drawn(charts.share(share, goal=one.goal, alt=alt)),
    )


def goal_words(one: FigureWords) -> str:
    """Write the goal of a figure; empty when it has none."""
    if one.goal is None:
        return ""
    return percent(one.goal) if one.goal == 1 else f"≥ {percent(one.goal)}"


def _met(share: Proportion, goal: float | None) -> str:
    """Say whether a goal is met: only where the whole interval reaches it is it shown."""
    if goal is None or share.value is None or share.low is None:
        return ""
    if share.value < goal:
        return "missed"
    return "met" if share.low >= goal else "reached, not shown"


def percent(value: float | None) -> str:
    """Write a share as a percentage.

    >>> percent(48 / 49), percent(1.0), percent(None)
    ('98.0%', '100%', 'nobody')
    """
    if value is None:
        return "nobody"
    return f"{value:.0%}" if (100 * value).is_integer() else f"{value:.1%}"


def probability(p: float) -> str:
    """Write a p value.

    >>> probability(0.0625), probability(0.00002)
    ('0.062', 'below 0.001')
    """
    return "below 0.001" if p < LEAST_P else f"{p:.2g}"


def distance(value: float) -> str:
    """Write a calibration error to two places."""
    return f"{value:.2f}"


def interval(share: Proportion) -> str:
    """Write the interval of a share."""
    if share.low is None or share.high is None:
        return ""
    return f"{percent(share.low)} to {percent(share.high)}"


def calibration_words(found: Calibration) -> str:
    """Say how large the calibration error is, and how much of it so few answers can tell."""
    if found.error is None or found.by_chance is None or found.by_chance_most is None:
        return "Nobody's diagnosis is one of our conditions, so calibration can't be seen."
    return (
        f"Expected calibration error of the leading condition: {distance(found.error)}; goal at "
        f"most {wording().calibration['goal']}. Simulated {found.draws} times with so few answers, "
        "a program whose every probability is exactly true shows an error of "
        f"{distance(found.by_chance)} on the mean, and of at most "
        f"{distance(found.by_chance_most)} in 95 of 100: an error within that shows nothing, one "
        "above it shows that the probabilities are off. The work-up prints bands, not percentages."
    )


class Plot(msgspec.Struct, frozen=True):
    """A drawing with its caption."""

    drawing: Markup
    caption: str


def _plot(caption: str, found: Calibration) -> Plot:
    bins = "; ".join(
        f"{percent(one.low)} to {percent(one.high)}: stated {percent(one.stated)}, "
        f"seen {one.right.k} of {one.right.n}"
        for one in found.bins
        if one.stated is not None
    )
    error = "" if found.error is None else f". Error {distance(found.error)}"
    by_chance = (
        ""
        if found.by_chance is None
        else f", simulated by chance alone {distance(found.by_chance)}"
    )
    alt = f"{caption}. {bins or 'no answers'}"
    return Plot(drawn(charts.calibration(found, alt=alt)), f"{caption}{error}{by_chance}.")


def _table(by: str, groups: Sequence[Group], knowledge: Knowledge) -> GroupTable:
    labels = {one.id: one.label for one in wording().figure} | {"n": "Children"}
    head = wording().by[by]
    return GroupTable(
        caption=f"By {head[:1].lower()}{head[1:]}"
        if by != "masked"
        else "The same children with parts of the record hidden",
        head=head,
        columns=tuple(labels[figure] for figure in GROUPED),
        rows=tuple(
            GroupRow(
                group_name(group, knowledge),
                tuple(_cell(getattr(group.figures, figure)) for figure in GROUPED),
            )
            for group in groups
        ),
    )


BESIDE = ("sensitivity", "specificity", "top1", "top3")
"""Figures that are given of everything that stands beside this program."""


def _beside(found: Sequence[Beside]) -> GroupTable:
    labels = {one.id: one.label for one in wording().figure}
    return GroupTable(
        caption=f"On the same {found[0].n if found else 0} children",
        head="Who answers",
        columns=tuple(labels[name] for name in BESIDE),
        rows=tuple(
            GroupRow(
                wording().beside[one.name], tuple(_cell(getattr(one, name)) for name in BESIDE)
            )
            for one in found
        ),
    )


def group_name(group: Group, knowledge: Knowledge) -> str:
    """Give a group's name in words."""
    if group.by == "masked":
        return wording().masked[group.name]
    if group.by == "text" and group.name:
        return wording().text[group.name]
    if group.by == "age" and group.name:
        return knowledge.findings_by_id[group.name].label
    if group.by == "sex" and group.name:
        return words().sex[group.name]
    return group.name.replace("_", " ") or "not said"


def _cell(value: Proportion | int) -> Cell:
    if isinstance(value, int):
        return Cell(str(value))
    if value.value is None:
        return Cell("-")
    return Cell(percent(value.value), f"{value.k} of {value.n}; {interval(value)}")


class BaselineView(msgspec.Struct, frozen=True):
    """The comparison in words."""

    words: str
    method: str
    pairs: GroupTable


def _baseline(found: Baseline | None) -> BaselineView | None:
    if found is None:
        return None
    quartiles = found.cmo_rank_open
    among = (
        "No child with CMO could be compared."
        if quartiles is None
        else (
            f"In children with CMO it puts the disease at a median rank of {number(quartiles[1])} "
            f"(quartiles {number(quartiles[0])} and {number(quartiles[2])}), among the first ten "
            f"in {found.cmo_top10_open.k} of {found.cmo_top10_open.n}."
        )
    )
    return BaselineView(
        words=(
            f"{found.name} ranks {found.diseases} diseases. {among} That task is harder than ours, "
            f"so the pairs below rank only the {found.conditions} of our conditions that it has a "
            f"disease for, for both; {found.nameable} children have one of them."
        ),
        method=f"Method: {found.method}. p: exact two-sided McNemar.",
        pairs=GroupTable(
            caption="Paired on the same children",
            head="Question",
            columns=(
                "This program",
                "Generic engine",
                "Both",
                "Only ours",
                "Only theirs",
                "Neither",
                "p",
            ),
            rows=tuple(
                GroupRow(
                    pair.question,
                    (
                        _cell(pair.ours),
                        _cell(pair.theirs),
                        Cell(str(pair.both)),
                        Cell(str(pair.ours_only)),
                        Cell(str(pair.theirs_only)),
                        Cell(str(pair.neither)),
                        Cell(probability(pair.p)),
                    ),
                )
                for pair in found.paired
            ),
        ),
    )


def _case(place: int, outcome: CaseResult, knowledge: Knowledge) -> CaseView:
    name = _namer(knowledge)
    three = tuple(f"{name(one.condition)} ({one.band})" for one in outcome.ranked[:FIRST])
    labels = {flag.id: flag.label for flag in knowledge.red_flags}
    rank = "not ranked" if outcome.rank is None else str(outcome.rank)
    wrong = outcome.is_cmo is not None and outcome.called_cmo is not outcome.is_cmo
    flags = "; ".join(labels[flag] for flag in outcome.red_flags)
    return CaseView(
        number=place,
        id=outcome.id,
        truth="none of our conditions" if outcome.truth is None else name(outcome.truth),
        rank="-" if outcome.truth is None else rank,
        missed=outcome.truth is not None and (outcome.rank is None or outcome.rank > FIRST),
        first=name(outcome.ranked[0].condition) if outcome.ranked else "nothing",
        three=three,
        abstained=outcome.abstained,
        known=outcome.known,
        called="yes" if outcome.called_cmo else "no",
        wrong_call=wrong,
        flags=flags or ("none, one is due" if outcome.flag_due else ""),
    )


def _namer(knowledge: Knowledge) -> Callable[[str], str]:
    known = knowledge.conditions_by_id
    return lambda id_: known[id_].name if id_ in known else id_.replace("_", " ")


def _issues(outcomes: Iterable[CaseResult]) -> tuple[Issue, ...]:
    """Put alike issues together, the most frequent first."""
    counts: Counter[tuple[Any, str]] = Counter()  # Any: a level, used as a key
    for outcome in outcomes:
        for issue in outcome.issues:
            counts[issue.level, issue.message] += issue.count
    return tuple(
        Issue(level, "cases", message, count) for (level, message), count in counts.most_common()
    )


def text(validation: Validation, *, knowledge: Knowledge, width: int = WIDTH) -> str:
    """Give the figures as a table for the terminal, and the unsafe results by name."""
    console = in_memory(width)
    found = validation.figures
    console.print(
        f"{found.n} children whose diagnosis is known: {found.n_cmo} with CMO, {found.n_mimic} "
        f"with another condition; {_hidden(validation)}; setting {validation.setting}"
    )
    table = Table(box=None, pad_edge=False)
    for heading in ("figure", "share", "of", "95 % interval", "goal", ""):
        table.add_column(heading)
    for row in rows(validation):
        table.add_row(row.label, row.share, row.counts, row.interval, row.goal, row.met)
    console.print(table)
    console.print(_guessed_words(len(validation.guessed)))
    for one in validation.beside:
        console.print(
            f"{wording().beside[one.name]}: sensitivity {percent(one.sensitivity.value)}, "
            f"specificity {percent(one.specificity.value)}, first {percent(one.top1.value)}, "
            f"first three {percent(one.top3.value)}"
        )
    console.print(calibration_words(validation.calibration))
    for name, ids in unsafe_lists(validation):
        console.print(f"{wording().safety[name]['title']}: {', '.join(ids) or 'none'}")
    problems = [issue for issue in _issues(validation.outcomes) if issue.level is not Level.INFO]
    for issue in problems:
        console.print(f"Input ({issue.count} times): {issue.message}")
    if validation.baseline is not None:
        _print_baseline(console, validation.baseline)
    console.print(
        "If these cases were used in development, the figures are too good: see the page (-o)."
    )
    assert isinstance(console.file, io.StringIO)  # noqa: S101 # made above
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines()) + "\n"


def _guessed_words(guessed: int) -> str:
    return (
        f"Truth guessed from the wording of the published diagnosis: {guessed}"
        if guessed
        else "Every truth is stated by its case; none was guessed from wording."
    )


def _print_baseline(console: Console, found: Baseline) -> None:
    view = _baseline(found)
    assert view is not None  # noqa: S101 # there is one
    console.print(view.words)
    for pair in found.paired:
        console.print(
            f"{pair.question}: ours {pair.ours.k}, theirs {pair.theirs.k} of {pair.ours.n}; "
            f"only ours {pair.ours_only}, only theirs {pair.theirs_only}, p {probability(pair.p)}"
        )
