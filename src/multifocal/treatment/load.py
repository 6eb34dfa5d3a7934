"""The treatment section: its data files read and checked, every problem told at once."""

import re
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from multifocal.knowledge.check import Problem
from multifocal.knowledge.entries import Entries
from multifocal.knowledge.load import digest
from multifocal.model.issue import KnowledgeError
from multifocal.model.source import Source
from multifocal.treatment.check import check
from multifocal.treatment.entries import (
    AdviceEntry,
    ClassEntry,
    ConflictEntry,
    DoseEntry,
    DrugEntry,
    LineEntry,
    PlanEntry,
    ResponseEntry,
    SectionEntry,
    Treatment,
)

DATA = Path(str(files("multifocal.treatment").joinpath("data")))

TOML: dict[str, tuple[str, type[Any]]] = {
    "sources": ("source", Source),
    "sections": ("section", SectionEntry),
    "lines": ("line", LineEntry),
    "classes": ("class", ClassEntry),
    "drugs": ("drug", DrugEntry),
    "doses": ("dose", DoseEntry),
    "responses": ("response", ResponseEntry),
    "advice": ("advice", AdviceEntry),
    "conflicts": ("conflict", ConflictEntry),
    "plans": ("plan", PlanEntry),
}
"""Every file by its name without `.toml`: the name of its tables, the type of its entries."""


def load(*, knowledge: Entries, data: Path = DATA) -> Treatment:
    """Read and check the section; raises `KnowledgeError` that names every problem.

    ``knowledge`` is the public knowledge, whose sources and statements the section cites.
    """
    problems: list[Problem] = []
    parts: dict[str, Any] = {
        name: tuple(_entries(data.joinpath(f"{name}.toml"), table, kind, problems))
        for name, (table, kind) in TOML.items()
    }
    left_out = {repr(one.entry) for one in problems}
    treatment = Treatment(**parts, version=digest(data), knowledge=knowledge)
    problems += [
        one for one in check(treatment) if not any(name in one.message for name in left_out)
    ]
    if problems:
        lines = (f"{one.file}: {one.entry}: {one.message}" for one in dict.fromkeys(problems))
        raise KnowledgeError("\n".join(lines))
    return treatment


def _entries(path: Path, table: str, kind: type[Any], problems: list[Problem]) -> Iterator[Any]:
    try:
        parsed = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(Problem(path.name, "", "is missing"))
        return
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        problems.append(Problem(path.name, "", f"is not TOML: {fault}"))
        return
    for key in sorted(parsed.keys() - {table}):
        problems.append(Problem(path.name, key, f"unknown table; entries are [[{table}]]"))
    for place, raw in enumerate(parsed.get(table, ()), start=1):
        name = str(raw.get("id") or f"entry {place}")
        if kind is Source:
            for key in sorted(raw.keys() - set(Source.__struct_fields__)):
                message = f"Object contains unknown field `{key}`"
                problems.append(Problem(path.name, name, _hinted(message, kind)))
        try:
            yield msgspec.convert(raw, kind)
        except msgspec.ValidationError as fault:
            problems.append(Problem(path.name, name, _hinted(str(fault), kind)))


def _hinted(message: str, kind: type[Any]) -> str:
    """Add the key that a misspelt one was meant to be."""
    wrong = re.search(r"unknown field `([^`]+)`", message)
    close = get_close_matches(wrong[1], kind.__struct_fields__, n=1) if wrong else []
    return f"{message}. Did you mean {close[0]!r}?" if close else message
