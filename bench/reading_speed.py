"""How fast records are read, in CPU seconds of a machine whose speed is measured beside.

A figure is taken five times; before each take a fixed loop tells how fast the machine is just now,
and the figure is turned to a machine on which that loop takes `BEAT` seconds. Ratios are taken
within one run, the two sides in turn. Run alone: `python -m bench.reading_speed [FOLDER]`, where
a folder of NDJSON stands for the export.
"""

import json
import re
import statistics
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.bulk import of_one, written
from bench.rows import rows_of
from multifocal.cli.folders import cache_folder
from multifocal.exchange.read import read_bytes, read_many
from multifocal.knowledge.load import Knowledge, load

ROOT = Path(__file__).parents[1]
Takes = dict[str, tuple[float, list[float]]]
AT_LEAST = -1
"""Sign of a goal that a figure should not fall below."""
BEAT = 0.020
"""CPU seconds of the loop on the machine to which figures are turned."""
ROUNDS = 60_000
MEGABYTE = 1_000_000
PATIENTS = 80
FEW, MANY = 40, 400
NOTHING = "no " * 20_000
FOREIGN = re.compile(r"```.*?```|<[^>]+>|[|#*`_\[\]]", re.DOTALL)
TITLES = (
    ("MRI of the left lower leg", "RAD"),
    ("X-ray of the right hand", "RAD"),
    ("Bone biopsy", "PAT"),
    ("Whole-body MRI", "RAD"),
    ("Consultation", ""),
)
PARAGRAPH = 12
"""Sentences of a report."""


def measure(takes: int, knowledge: Knowledge, folder: Path | None = None) -> Takes:
    """Take every figure so many times; a goal of 0 is none, one below 0 a least."""
    with TemporaryDirectory(prefix="multifocal-bench-") as made:
        export = folder or Path(made)
        if folder is None:
            written(export, PATIENTS)
        figures = structured(takes, export, knowledge)
    figures |= texts(takes, knowledge)
    one = of_one(MEGABYTE)
    figures["reading one ordinary 1 MB bundle (CPU ms)"] = (
        12,
        [1000 * cpu(lambda: read_bytes(one, knowledge=knowledge), 5) for _ in range(takes)],
    )
    return figures | memory()


def structured(takes: int, export: Path, knowledge: Knowledge) -> Takes:
    """Measure the reading of an export, beside a plain reader of the same files."""
    size = sum(file.stat().st_size for file in export.glob("*.ndjson")) / MEGABYTE
    speeds, shares = [], []
    for _ in range(takes):
        plain = [seconds(lambda: rows_of(export))]
        before = beat()
        ours = seconds(lambda: sum(1 for _ in read_many(export, knowledge=knowledge)))
        speeds.append(size / turned(ours, before, beat()))
        plain += [seconds(lambda: rows_of(export)) for _ in range(2)]
        shares.append(statistics.median(plain) / ours)
    return {
        "structured reading, bulk folder (MB/CPU s)": (AT_LEAST * 90, speeds),
        "the same, share of the speed of plain rows": (AT_LEAST * 0.4, shares),
    }


def texts(takes: int, knowledge: Knowledge) -> Takes:
    """Measure the reading of text: dense reports, pages without findings, and nothing at all."""

    def speed(sentences: tuple[str, ...]) -> list[float]:
        record, size = reports(sentences)
        return [
            size / MEGABYTE / cpu(lambda: read_bytes(record, knowledge=knowledge))
            for _ in range(takes)
        ]

    nothing, _ = reports((NOTHING,))
    return {
        "free text, dense reports (MB/CPU s)": (AT_LEAST * 0.5, speed(dense())),
        "free text, filler (MB/CPU s)": (AT_LEAST * 2, speed(filler())),
        '"no no no", 60 kB (CPU s)': (
            0.2,
            [cpu(lambda: read_bytes(nothing, knowledge=knowledge)) for _ in range(min(takes, 3))],
        ),
    }


def memory() -> Takes:
    """Measure the most memory that is held while a folder is read, and one ten times as large."""
    peaks = []
    for patients in (FEW, MANY):
        with TemporaryDirectory(prefix="multifocal-bench-") as folder:
            written(Path(folder), patients)
            command = [sys.executable, "-m", "bench.reading_memory", folder]
            ended = subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
            peaks.append(float(ended.stdout) / MEGABYTE)
    few, many = peaks
    return {
        f"memory, export of {FEW} patients (MB)": (0, [few]),
        f"memory, export of {MANY} patients (MB)": (0, [many]),
        "memory, ten times as many patients (times)": (1.5, [many / few]),
    }


def cpu(work: Callable[[], object], repeats: int = 1) -> float:
    """Give the CPU seconds of work, turned to a machine of a known speed."""
    before = beat()
    taken = seconds(work, repeats)
    return turned(taken, before, beat())


def seconds(work: Callable[[], object], repeats: int = 1) -> float:
    """Give the CPU seconds of work as this machine takes them."""
    start = time.process_time()
    for _ in range(repeats):
        work()
    return (time.process_time() - start) / repeats


def turned(taken: float, *beats: float) -> float:
    """Turn CPU seconds to a machine of a known speed, by what the loop took around them."""
    return taken * BEAT / statistics.mean(beats)


def beat() -> float:
    """Give the CPU seconds of a fixed loop of the kind of work that reading is."""
    start = time.process_time()
    seen: dict[str, int] = {}
    for number in range(ROUNDS):
        word = f"w{number % 997}"
        seen[word] = seen.get(word, 0) + len(word.upper())
    return time.process_time() - start


def reports(sentences: Iterable[str]) -> tuple[bytes, int]:
    """Give a bundle whose reports hold these sentences, and the bytes of text in it."""
    held = list(sentences)
    child = {"resourceType": "Patient", "id": "p", "birthDate": "2015-05-01", "gender": "female"}
    entries: list[dict[str, object]] = [{"resource": child}]
    size = 0
    for number, start in enumerate(range(0, len(held), PARAGRAPH)):
        words = " ".join(held[start : start + PARAGRAPH])
        size += len(words.encode())
        title, section = TITLES[number % len(TITLES)]
        report: dict[str, object] = {
            "resourceType": "DiagnosticReport",
            "id": f"d{number}",
            "status": "final",
            "subject": {"reference": "Patient/p"},
            "code": {"text": title},
            "effectiveDateTime": "2025-03-04",
            "conclusion": words,
        }
        if section:
            coded = {"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": section}
            report["category"] = [{"coding": [coded]}]
        entries.append({"resource": report})
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return json.dumps(bundle).encode(), size


def dense() -> tuple[str, ...]:
    """Give sentences that are full of findings, each once: the words of published cases."""
    tests = ROOT / "tests" / "data"
    said = [
        one["text"]
        for one in tomllib.loads((tests / "sentences.toml").read_text(encoding="utf-8"))["sentence"]
    ]
    for name in ("development_cases.json", "told.json"):
        cases = json.loads((tests / "cases" / name).read_bytes())
        said += [f"{words.rstrip('.')}." for words in _words(cases) if " " in words]
    return tuple(dict.fromkeys(said))


def filler() -> tuple[str, ...]:
    """Give prose that names hardly a finding, each sentence once: our own pages."""
    pages = sorted((ROOT / "docs").glob("*.md")) + sorted((ROOT / "docs").glob("[dhst]*/*.md"))
    prose = " ".join(FOREIGN.sub(" ", page.read_text(encoding="utf-8")) for page in pages)
    return tuple(dict.fromkeys(re.split(r"(?<=[.:?])\s+", " ".join(prose.split()))))


def _words(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for one in value:
                yield from _words(one)
        case dict():
            for name, one in value.items():
                if name not in ("id", "url", "citation"):
                    yield from _words(one)
        case _:
            return


def main() -> None:
    """Measure and print."""
    folder = Path(sys.argv[1]) if sys.argv[1:] else None
    beats = [beat() for _ in range(5)]
    for name, (goal, values) in measure(5, load(cache=cache_folder()), folder).items():
        wanted = f">= {-goal:g}" if goal < 0 else f"<= {goal:g}" if goal else "-"
        told = f"{statistics.median(values):8.3g}  ({min(values):.3g} to {max(values):.3g})"
        print(f"{name:50} {told:32} {wanted}")
    print(f"the loop takes {1000 * statistics.median(beats):.1f} ms here; {BEAT * 1000:.0f} stand")


if __name__ == "__main__":
    main()
