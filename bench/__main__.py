"""Measure the speed of the whole and print a table; `make bench`.

Each figure is taken five times; the table shows the median of the five. Repeats within one take
are of warm code. The goals stand beside the figures; a missed goal is shown, not hidden.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from importlib.metadata import version
from itertools import cycle, islice
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from bench.guarded import PIPE, run, watched
from bench.likelihood import million
from bench.reading_speed import measure as measure_reading
from bench.site import AT_LEAST
from bench.site import measure as measure_site
from multifocal.cli.folders import cache_folder
from multifocal.examples import path
from multifocal.exchange.read import read
from multifocal.knowledge.load import Knowledge, load
from multifocal.model.record import Record
from multifocal.workup.assess import assess
from multifocal.workup.find import find
from multifocal.workup.interpret import combined, flagged
from multifocal.workup.ready import ready

TAKES = 5
AS_OF = date(2026, 10, 20)
RESOURCES = 200


def milliseconds(work: Callable[[], object], repeats: int) -> list[float]:
    """Time each of several repeats."""
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def percentile(values: list[float], share: float) -> float:
    """Give the value below which this share of the values lies."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def grown(bundle: dict[str, object], resources: int) -> bytes:
    """Add observations like a bundle's own until it has so many resources; no two are alike."""
    entries = list(bundle["entry"])  # type: ignore[call-overload] # JSON
    observed = [e["resource"] for e in entries if e["resource"]["resourceType"] == "Observation"]
    for number, resource in enumerate(islice(cycle(observed), resources - len(entries)), start=1):
        earlier = (AS_OF - timedelta(days=number)).isoformat()
        other = {**resource, "id": f"other-{number}", "effectiveDateTime": earlier}
        if "valueQuantity" in other:
            quantity = other["valueQuantity"]
            value = quantity["value"] * (1 + number / 10_000)
            other["valueQuantity"] = {**quantity, "value": value}
        entries.append({"fullUrl": f"urn:other:{number}", "resource": other})
    return json.dumps({**bundle, "entry": entries}).encode()


def record_of(content: bytes, knowledge: Knowledge) -> Record:
    """Read a bundle from bytes through a file, as the command does."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        file.write(content)
        file.flush()
        return read(Path(file.name), knowledge=knowledge)


def words(record: Record, knowledge: Knowledge) -> dict[str, tuple[object, object]]:
    """Give one child's folded words, so that scoring can be timed alone."""
    against, _ = flagged(record.facts, record.patient, knowledge)
    facts = combined(against, knowledge)
    return dict(find(facts, record.patient, as_of=AS_OF, knowledge=knowledge).words)


def score(knowledge: Knowledge, folded: dict[str, tuple[object, object]]) -> None:
    """Run the score kernel for one child: every finding, gate, point, flag and caution."""
    prepared = ready(knowledge)
    answered = dict(folded)
    for entry, scorer in prepared.findings:
        if scorer is not None:
            answered[entry.id] = scorer(answered)
    for scorer in prepared.scorers.values():
        scorer(answered)
    for criteria in prepared.criteria.values():
        items = {name: scorer(answered) for name, scorer in criteria.items}
        for value in criteria.values:
            if value.work is not None:
                items[value.name] = value.work(items)
        if criteria.points:
            criteria.score(items)


def process() -> float:
    """Time one `multifocal assess` as a process, to its first output."""
    command = [sys.executable, "-m", "multifocal", "assess", "example:right-hand"]
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as running:  # our own command
        assert running.stdout is not None  # noqa: S101 # piped
        running.stdout.read(1)
        taken = time.perf_counter() - start
        running.stdout.read()
    return taken * 1000


def measure() -> dict[str, dict[str, float | list[float]]]:
    """Take every figure five times."""
    knowledge = load(cache=cache_folder())
    bundle = json.loads(path("right-hand").read_bytes())
    record = record_of(grown(bundle, RESOURCES), knowledge)
    folded = words(record, knowledge)

    def once() -> object:
        return assess(record, as_of=AS_OF, knowledge=knowledge)

    def thoroughly() -> object:
        return assess(record, as_of=AS_OF, knowledge=knowledge, thorough=True)

    once()
    assessed = [milliseconds(once, 200) for _ in range(TAKES)]
    takes: dict[str, tuple[float, list[float]]] = {
        "work-up, 200 resources, p50 (ms)": (5, [percentile(t, 0.5) for t in assessed]),
        "work-up, 200 resources, p99 (ms)": (25, [percentile(t, 0.99) for t in assessed]),
        "score kernel, one child (ms)": (
            0.3,
            [
                statistics.median(milliseconds(lambda: score(knowledge, folded), 300))
                for _ in range(TAKES)
            ],
        ),
        "work-up with what would change it, p50 (ms)": (
            5,
            [percentile(milliseconds(thoroughly, 50), 0.5) for _ in range(TAKES)],
        ),
        "a million children's weights, two cores (s)": (2, million(knowledge, TAKES)),
        "knowledge, kept form (ms)": (
            50,
            [
                statistics.median(milliseconds(lambda: load(cache=cache_folder()), 9))
                for _ in range(TAKES)
            ],
        ),
        "knowledge, checked anew (ms)": (
            0,
            [milliseconds(lambda: load(), 1)[0] for _ in range(TAKES)],
        ),
        "process to first output (ms)": (
            600,
            [statistics.median([process() for _ in range(3)]) for _ in range(TAKES)],
        ),
    }
    takes |= measure_reading(TAKES, knowledge)
    takes |= measure_site(TAKES, grown(bundle, RESOURCES))
    return {
        name: {"goal": goal, "median": statistics.median(values), "takes": values}
        for name, (goal, values) in takes.items()
    }


def machine() -> dict[str, object]:
    """Say what the figures were taken on."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("multifocal", "msgspec", "typer", "rich")},
    }


def main() -> None:
    """Measure in a process of its own, which takes with it whatever it started."""
    if PIPE not in os.environ:
        sys.exit(run([sys.executable, "-m", "bench"]))
    watched()
    told()


def told() -> None:
    """Measure, print, and write build/bench.json."""
    before = machine()
    results = measure()
    table = Table(title="Median of five takes")
    for heading in ("what", "median", "least", "most", "goal"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for name, result in results.items():
        takes = result["takes"]
        assert isinstance(takes, list)  # noqa: S101 # written so above
        bound = result["goal"]
        assert isinstance(bound, int | float)  # noqa: S101 # written so above
        least = f">= {AT_LEAST * bound:g}" if bound < 0 else "-"
        goal = f"<= {bound:g}" if bound > 0 else least
        table.add_row(
            name, f"{result['median']:.3g}", f"{min(takes):.3g}", f"{max(takes):.3g}", goal
        )
    console = Console()
    console.print(table)
    console.print(f"{before['cpu']}, {before['cores']} cores, load {before['load']}")
    out = Path("build/bench.json")
    out.parent.mkdir(exist_ok=True)
    content = {"machine": before, "load_after": os.getloadavg(), "results": results}
    out.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=2))


if __name__ == "__main__":
    main()
