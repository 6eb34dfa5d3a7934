"""A million made-up children through the kernel of the differential, on two cores."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from multifocal.knowledge.load import Knowledge
from multifocal.workup.likelihood import tables, together, weighing

CHILDREN = 1_000_000
AT_ONCE = 8192
MOST_ROWS = 3**7
"""Rows of a table: what a core keeps near it."""
KNOWN = 0.3
"""Share of the findings that are known of a made-up child."""


def million(knowledge: Knowledge, takes: int) -> list[float]:
    """Give the seconds that each take needs: weights of every condition for every child."""
    ready = weighing(knowledge)
    made = [
        (table.findings, np.array(table.rows, dtype=np.int32))
        for table in tables(ready, most=MOST_ROWS)
    ]
    random = np.random.default_rng(7)
    columns = {
        name: np.where(
            random.random(CHILDREN, dtype=np.float32) < KNOWN, random.integers(1, 3, CHILDREN), 0
        ).astype(np.int16)
        for name in ready.group_of
    }
    totals = np.empty((CHILDREN, len(ready.conditions)), dtype=np.int32)

    def some(start: int) -> None:
        part: dict[Any, Any] = {
            name: column[start : start + AT_ONCE] for name, column in columns.items()
        }
        totals[start : start + AT_ONCE] = together(part, made, ready)

    taken = []
    for _ in range(takes):
        begin = time.perf_counter()
        with ThreadPoolExecutor(min(os.cpu_count() or 1, 2)) as pool:
            list(pool.map(some, range(0, CHILDREN, AT_ONCE)))
        taken.append(time.perf_counter() - begin)
    return taken
