"""Measure how the site answers others while somebody sends it hard work; `make hostile`.

Eight senders post the hardest records that we know, again and again, for so many seconds as the
first argument says; meanwhile the health check and the article are asked for, one after the other.
"""

import json
import statistics
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.portal.conftest import Served

SENDERS = 8
SECONDS = 30
SENTENCE = "No lytic and sclerotic lesion of the left tibia number {}, with pain and fever. "
PATIENT = {"resourceType": "Patient", "id": "simulated", "birthDate": "2017-03-14"}
ASKED = ("/healthz", "/article/")


def texts() -> bytes:
    """Give some 20 MB of clinical sentences that all differ, in reports; simulated."""
    reports: list[dict[str, object]] = [
        {
            "resourceType": "DiagnosticReport",
            "status": "final",
            "code": {"text": "MRI of the whole body"},
            "conclusion": "".join(SENTENCE.format(f"{part}.{at}") for at in range(600)),
        }
        for part in range(400)
    ]
    return bundle(reports)


def results() -> bytes:
    """Give some 20 MB of results that all differ; simulated."""
    return bundle(
        [
            {
                "resourceType": "Observation",
                "status": "final",
                "id": f"crp-{at}",
                "code": {"coding": [{"system": "http://loinc.org", "code": "1988-5"}]},
                "effectiveDateTime": f"20{at % 10 + 17}-{at % 12 + 1:02}-{at % 28 + 1:02}",
                "valueQuantity": {"value": at % 997 / 10, "unit": "mg/L"},
            }
            for at in range(80_000)
        ]
    )


def bundle(resources: list[dict[str, object]]) -> bytes:
    """Put resources of one child into a bundle."""
    entries = [{"resource": one} for one in (PATIENT, *resources)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def asked(url: str, data: bytes | None = None) -> int:
    """Ask, and give the status; 0 where there was no answer."""
    head = {"Content-Type": "application/json"} if data else {}
    try:
        request = urllib.request.Request(url, data, head)  # our own server
        with urllib.request.urlopen(request, timeout=120) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as fault:
        return fault.code
    except OSError:
        return 0


def under(url: str, records: list[bytes], seconds: float) -> tuple[list[float], Counter[int]]:
    """Give the milliseconds of what others ask meanwhile, and how the senders were answered."""
    over = threading.Event()
    said: Counter[int] = Counter()

    def send(record: bytes) -> None:
        while not over.is_set():
            said[asked(f"{url}/api/v1/assess", record)] += 1

    senders = [
        threading.Thread(target=send, args=(records[at % len(records)],), daemon=True)
        for at in range(SENDERS if records else 0)
    ]
    for one in senders:
        one.start()
    taken: list[float] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for path in ASKED:
            begun = time.perf_counter()
            said[-asked(f"{url}{path}")] += 1
            taken.append(1000 * (time.perf_counter() - begun))
        time.sleep(0.05)
    over.set()
    for one in senders:
        one.join(timeout=120)
    return taken, said


def shown(name: str, taken: list[float], say: Callable[[str], object]) -> None:
    """Print one line of figures."""
    steps = statistics.quantiles(taken, n=20)
    say(f"{name}: p50 {steps[9]:.0f} ms, p95 {steps[18]:.0f} ms of {len(taken)}\n")


def main() -> None:
    """Measure without load, then under it."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with tempfile.TemporaryDirectory(prefix="multifocal-hostile-") as folder:
        site = Served(Path(folder), MULTIFOCAL_API_RATE="999999/m")
        try:
            site.ready()
            quiet, _ = under(site.url, [], seconds / 5)
            shown("alone", quiet, sys.stdout.write)
            taken, said = under(site.url, [texts(), results()], seconds)
            shown(f"while {SENDERS} send", taken, sys.stdout.write)
            told = {code: count for code, count in sorted(said.items()) if code >= 0}
            sys.stdout.write(f"answers to the senders by status: {told}\n")
            others = {-code: count for code, count in said.items() if code < 0}
            sys.stdout.write(f"answers to the others by status: {others}\n")
        finally:
            site.stop()


if __name__ == "__main__":
    main()
