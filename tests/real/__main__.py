"""Write what becomes of real records into docs/real-records.md.

`python -m tests.real [--bulk FOLDER] [--phenopackets FOLDER]`: the public examples are fetched by
npm; the two folders, of which the tests carry a part, are counted where they are given.
"""

import argparse
import re
import statistics
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from multifocal.exchange.read import read, read_each_of, read_many
from multifocal.knowledge.load import Knowledge, load
from multifocal.model.assessment import Assessment
from multifocal.model.issue import Level, RecordError
from multifocal.model.record import Record
from multifocal.workup.assess import assess, latest_day
from tests.real.accounts import resources
from tests.real.packages import examples, fetched

PAGE = Path(__file__).parents[2] / "docs" / "real-records.md"
UNDATED = date(2026, 10, 20)


class Read(NamedTuple):
    """Records of one source, with what they led to."""

    records: list[Record]
    assessments: list[Assessment]
    refused: int = 0
    resources: int = 0


Row = tuple[str, Callable[[Read], object]]

ROWS: tuple[Row, ...] = (
    ("records", lambda read: len(read.records)),
    ("that could not be read", lambda read: read.refused),
    ("that were given a code for the disease", lambda read: _codes(read)),
    ("facts, all together", lambda read: sum(len(one.facts) for one in read.records)),
    ("facts of one record: fewest, median, most", lambda read: _spread(read)),
    ("issues, all together", lambda read: _issues(read, tuple(Level))),
    (
        "issues that are warnings or errors",
        lambda read: _issues(read, (Level.WARNING, Level.ERROR)),
    ),
    ("not read, all together", lambda read: _not_read(read, tuple(Level))),
    ("not read, and it may matter", lambda read: _not_read(read, (Level.WARNING, Level.ERROR))),
    ("records with a red flag", lambda read: sum(bool(a.red_flags) for a in read.assessments)),
)
EXAMPLES: tuple[Row, ...] = (
    ROWS[0],
    ("resources of a type that is read", lambda read: read.resources),
    *ROWS[1:],
)


def of(records: Iterable[Record], knowledge: Knowledge, **more: int) -> Read:
    """Assess records as of the day of their latest entry."""
    held = list(records)
    assessed = [assess(one, as_of=latest_day(one) or UNDATED, knowledge=knowledge) for one in held]
    return Read(held, assessed, **more)


def package(path: Path, knowledge: Knowledge) -> Read:
    """Read the examples of a package."""
    records: list[Record] = []
    refused = count = 0
    for example in examples(path):
        count += sum(1 for _ in resources(example.resource))
        try:
            records += read_each_of(example.data, knowledge=knowledge)
        except RecordError:
            refused += 1
    return of(records, knowledge, refused=refused, resources=count)


def table(rows: Iterable[Row], columns: dict[str, Read]) -> str:
    """Give a table in Markdown, a column for each source."""
    head = f"| | {' | '.join(columns)} |\n|{' --- |' * (len(columns) + 1)}\n"
    lines = (
        f"| {label} | {' | '.join(_shown(give(read)) for read in columns.values())} |"
        for label, give in rows
    )
    return head + "\n".join(lines)


def put(text: str, name: str, content: str) -> str:
    """Put content between the marks of a name."""
    marks = rf"(<!-- {name} -->\n).*?(\n<!-- end of {name} -->)"
    return re.sub(marks, lambda found: found[1] + content + found[2], text, flags=re.DOTALL)


def _codes(read: Read) -> int:
    return sum(one.coding.code is not None for one in read.assessments)


def _spread(read: Read) -> str:
    counts = [len(one.facts) for one in read.records]
    return f"{min(counts)}, {statistics.median(counts):g}, {max(counts)}"


def _issues(read: Read, levels: tuple[Level, ...]) -> int:
    held = (issue for one in read.records for issue in one.issues)
    return sum(issue.count for issue in held if issue.level in levels)


def _not_read(read: Read, levels: tuple[Level, ...]) -> int:
    held = (entry for one in read.records for entry in one.not_read)
    return sum(entry.count for entry in held if entry.level in levels)


def _shown(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def main() -> None:
    """Count, and write the page anew."""
    options = argparse.ArgumentParser(prog="python -m tests.real", description=__doc__)
    options.add_argument("--bulk", type=Path)
    options.add_argument("--phenopackets", type=Path)
    given = options.parse_args()
    knowledge = load()
    text = PAGE.read_text(encoding="utf-8")
    if given.bulk and given.phenopackets:
        files = sorted(given.phenopackets.glob("*.json"))
        held = {
            "bulk export": of(read_many(given.bulk, knowledge=knowledge), knowledge),
            "phenopackets": of((read(file, knowledge=knowledge) for file in files), knowledge),
        }
        counted = f"Run with knowledge {knowledge.version}.\n\n{table(ROWS, held)}"
        text = put(text, "records", counted)
    with TemporaryDirectory() as folder:
        found = {
            f"`{name}`": package(path, knowledge) for name, path in fetched(Path(folder)).items()
        }
    counted = f"Run with knowledge {knowledge.version}.\n\n{table(EXAMPLES, found)}"
    PAGE.write_text(put(text, "examples", counted), encoding="utf-8")


if __name__ == "__main__":
    main()
