"""Heads of the chain that were noted outside the database: they show whether its end was cut.

A file of lines: a time, the number of an event, its hash, and whether it was `noted`, or `restored`
from a backup. After a restore the heads of later events are expected no more.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

NAME = "audit-heads.txt"
NOTED, RESTORED = "noted", "restored"


class Head(NamedTuple):
    """The end of the chain at a time."""

    at: str
    seq: int
    hash: str
    how: str = NOTED

    @property
    def line(self) -> str:
        """How it is written."""
        return f"{self.at} {self.seq} {self.hash} {self.how}"


class Noted(NamedTuple):
    """What a file of heads says: the hash that each of these events must have."""

    hashes: dict[int, str]
    last: Head | None
    restored: tuple[Head, ...]
    wrong: int
    """Lines that say something else."""


def note(folder: Path, head: Head) -> None:
    """Add a head to the file of a folder; it is on the disk before this ends."""
    file = os.open(folder / NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, f"{head.line}\n".encode("ascii"))
        os.fsync(file)
    finally:
        os.close(file)


def read(*files: Path) -> Noted:
    """Read files of heads, in the order of their times; one that isn't there says nothing."""
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in files if file.exists()]
    found = [_head(line) for text in texts for line in text.splitlines() if line.strip()]
    good = sorted((head for head in found if head), key=lambda head: head.at)
    return noted([*good, *[None] * found.count(None)])


def noted(heads: Iterable[Head | None]) -> Noted:
    """Give what heads say together, in the order in which they were noted."""
    found = Noted({}, None, (), 0)
    for head in heads:
        if head is None or found.hashes.get(head.seq, head.hash) != head.hash:
            found = found._replace(wrong=found.wrong + 1)
            continue
        hashes, restored = found.hashes, found.restored
        if head.how == RESTORED:
            hashes = {seq: hash_ for seq, hash_ in hashes.items() if seq <= head.seq}
            restored = (*restored, head)
        found = Noted(hashes | {head.seq: head.hash}, head, restored, found.wrong)
    return found


def _head(line: str) -> Head | None:
    parts = line.split()
    if len(parts) != len(Head._fields) or not parts[1].isdigit() or len(parts[2]) != 64:
        return None
    return (
        Head(parts[0], int(parts[1]), parts[2], parts[3]) if parts[3] in (NOTED, RESTORED) else None
    )
