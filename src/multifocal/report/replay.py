"""The record as it was known at each visit: an HTML page with a plot, a table for the terminal."""

import io
from collections.abc import Sequence
from typing import Any

from rich.table import Table

from multifocal.knowledge.load import Knowledge
from multifocal.model.replay import Replay
from multifocal.report import charts, plots
from multifocal.report.charts import Lane, Stretch
from multifocal.report.console import in_memory
from multifocal.report.plots import Axis
from multifocal.report.templating import drawn, template
from multifocal.report.words import on, words

WIDTH = 100


def render(replay: Replay, *, knowledge: Knowledge) -> str:
    """Give the page, which needs no network and no script."""
    return template("replay.html.jinja").render(page=_page(replay, knowledge), say=words().say)


def _page(replay: Replay, knowledge: Knowledge) -> dict[str, Any]:  # Any: for a template
    days = [visit.day for visit in replay.visits]
    first, last = days[0], days[-1]
    axis = Axis(first, last)
    return {
        "synthetic": replay.synthetic,
        "span": on(last) if first == last else f"{on(first)} to {on(last)}",
        "setting": replay.setting.replace("_", " "),
        "knowledge_version": replay.knowledge_version,
        "software_version": replay.software_version,
        "red_flags": [
            {
                "label": flag.label,
                "urgency": words().urgency[flag.urgency],
                "first": on(flag.first),
                "until": "" if flag.lasts else f", last on {on(flag.until)}",
            }
            for flag in replay.red_flags
        ],
        "conditions": [
            {
                "name": stay.name,
                "first": on(stay.first),
                "led": "never" if stay.led is None else on(stay.led),
                "until": "still at the last visit" if stay.lasts else on(stay.until),
            }
            for stay in replay.conditions
        ],
        "visits": [
            {
                "day": on(visit.day),
                "known": f"{visit.known} findings from {visit.facts} facts",
                "abstained": visit.abstained,
                "top": visit.top,
                "red_flags": "; ".join(_flag(id_, knowledge) for id_ in visit.red_flags),
            }
            for visit in replay.visits
        ],
        "scale": drawn(plots.scale(axis, plots.ticks(axis), theme="screen")),
        "lanes": [(one, drawn(charts.lane(one, axis, days))) for one in _lanes(replay)],
        "reading": _reading(replay),
    }


def _flag(id_: str, knowledge: Knowledge) -> str:
    return next((flag.label for flag in knowledge.red_flags if flag.id == id_), id_)


def _reading(replay: Replay) -> tuple[str, ...]:
    undated = (
        f" {replay.undated} of the facts here have no day."
        if replay.undated != 1
        else " One of the facts here has no day."
    )
    return (
        "A fact is known from the day it was written down, else from the day it was seen; of a "
        "month or a year, from its last day.",
        "The beginning of a symptom is no visit: unless the record says when it was told, it is "
        "known from the next visit on.",
        "A fact without any day counts at the last visit only, so that nothing is said to have "
        "been known early." + (undated if replay.undated else ""),
        "A visit at which too little was known to rank counts for no condition.",
        "The replay uses what is known of the disease today. It says what the record would have "
        "allowed to think of, and blames nobody.",
    )


def _lanes(replay: Replay) -> tuple[Lane, ...]:
    flags = tuple(
        Lane(
            flag.label,
            _stretches(replay, [flag.id in visit.red_flags for visit in replay.visits]),
            told=f"red flag from {on(flag.first)}",
            alarm=True,
        )
        for flag in replay.red_flags
    )
    return flags + tuple(
        Lane(
            stay.name,
            _stretches(
                replay,
                [
                    not visit.abstained
                    and stay.condition in {ranked.condition for ranked in visit.top}
                    for visit in replay.visits
                ],
                [
                    (stay.condition, "leading") in {(one.condition, one.band) for one in visit.top}
                    for visit in replay.visits
                ],
            ),
            told=f"among three from {on(stay.first)}"
            + ("" if stay.led is None else f", leading from {on(stay.led)}"),
        )
        for stay in replay.conditions
    )


def _stretches(
    replay: Replay, stands: Sequence[bool], leads: Sequence[bool] = ()
) -> tuple[Stretch, ...]:
    """Give the parts of a lane, each from a visit to the next."""
    days = [visit.day for visit in replay.visits]
    until = [*days[1:], days[-1]]
    strong = leads or stands
    return tuple(
        Stretch(day, end, led)
        for day, end, stood, led in zip(days, until, stands, strong, strict=True)
        if stood
    )


def text(replay: Replay, *, knowledge: Knowledge, width: int = WIDTH) -> str:
    """Give the visits and the first days as tables for the terminal."""
    console = in_memory(width)
    for flag in replay.red_flags:
        urgency = words().urgency[flag.urgency]
        console.print(f"RED FLAG from {on(flag.first)}: {flag.label} ({urgency})")
    visits = Table(box=None, pad_edge=False)
    for heading in ("visit", "known", "first three", "red flags"):
        visits.add_column(heading)
    for visit in replay.visits:
        top = "\n".join(f"{one.name} ({one.band})" for one in visit.top)
        visits.add_row(
            on(visit.day),
            str(visit.known),
            "too little is known to rank" if visit.abstained else top,
            "; ".join(_flag(id_, knowledge) for id_ in visit.red_flags),
        )
    console.print(visits)
    stays = Table(box=None, pad_edge=False)
    for heading in ("condition", "first among three", "first leading", "last among three"):
        stays.add_column(heading)
    for stay in replay.conditions:
        stays.add_row(
            stay.name,
            on(stay.first),
            "never" if stay.led is None else on(stay.led),
            "still at the last visit" if stay.lasts else on(stay.until),
        )
    if replay.conditions:
        console.print()
        console.print(stays)
    if replay.undated:
        console.print(f"Facts without any day, counted at the last visit only: {replay.undated}")
    console.print(words().say["judgement"])
    assert isinstance(console.file, io.StringIO)  # noqa: S101 # made above
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines()) + "\n"
