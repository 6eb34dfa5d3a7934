"""Kill the site's writers at a random moment, again and again: nothing acknowledged may be lost.

`python -m tests.portal.kill_rounds 1000` on SQLite, or on the database of `DATABASE_URL`.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.portal.database import database_of

WRITERS, THREADS = 2, 4

CHECK = """
import django; django.setup()
import json, sys
from django.db import connection
from multifocal.portal.accounts.models import User
from multifocal.portal.audit.models import AccessEvent
from multifocal.portal.audit.verify import verify
verdict = verify(row.event() for row in AccessEvent.objects.order_by("seq").iterator())
whole = True
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        whole = cursor.execute("PRAGMA integrity_check").fetchone() == ("ok",)
users = {str(user) for user in User.objects.values_list("id", flat=True)}
events = set(AccessEvent.objects.values_list("object", flat=True))
json.dump([verdict.fault, whole, sorted(users ^ events), sorted(users)], sys.stdout)
"""


def environment(data: Path) -> dict[str, str]:
    """Give the options of a site in a folder."""
    site = {"MULTIFOCAL_DATA": str(data), "DJANGO_SETTINGS_MODULE": "multifocal.portal.settings"}
    return os.environ | site | database_of(data)


def kill_once(data: Path, folder: Path, chance: random.Random) -> list[str]:
    """Let writers write, kill them, and give the ids that they had acknowledged."""
    said = folder / "said.txt"
    with said.open("wb") as output:
        running = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.portal.writer", str(THREADS), "0"],
                env=environment(data),
                stdout=output,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            for _ in range(WRITERS)
        ]
        until = time.monotonic() + 60
        while said.stat().st_size == 0 and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(chance.uniform(0.0, 0.6))
        for one in running:
            os.killpg(one.pid, signal.SIGKILL)
        for one in running:
            one.wait()
    text = said.read_text(encoding="ascii")
    return [line for line in text.split("\n")[:-1] if line]


def fault_of(data: Path, acknowledged: set[str]) -> str:
    """Say what is wrong with the database; empty when nothing is."""
    ended = subprocess.run(
        [sys.executable, "-c", CHECK],
        env=environment(data),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    fault, whole, halves, users = json.loads(ended.stdout)
    lost = acknowledged - set(users)
    if fault or not whole or halves or lost:
        return f"{fault=}, {whole=}, {len(halves)} halves of a write, {len(lost)} lost"
    return ""


def rounds(count: int, folder: Path, *, seed: int) -> tuple[int, str]:
    """Kill so many times; give how many writes were acknowledged, and the first fault."""
    data = folder / "data"
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
        env=environment(data),
        check=True,
    )
    chance = random.Random(seed)  # noqa: S311 # moments, no secrets
    acknowledged: set[str] = set()
    for number in range(1, count + 1):
        acknowledged |= set(kill_once(data, folder, chance))
        if fault := fault_of(data, acknowledged):
            return len(acknowledged), f"round {number}: {fault}"
    return len(acknowledged), ""


def main() -> int:
    """Run the rounds."""
    count = int(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="multifocal-kill-") as folder:
        written, fault = rounds(count, Path(folder), seed=count)
    print(f"{count} rounds, {written} writes acknowledged. {fault or 'Nothing was lost.'}")  # noqa: T201
    return 1 if fault else 0


if __name__ == "__main__":
    raise SystemExit(main())
