"""Whether the chain of events is as it was written: nothing changed, taken out or put in."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

FIRST = "0" * 64
"""What the first event has in place of the hash before it."""


class Event(msgspec.Struct, frozen=True):
    """One event as it is hashed; every field but the hash itself goes into the hash."""

    seq: int
    """1, 2, 3, ... without a gap."""
    at: str
    """Time in UTC with microseconds."""
    who: str
    """Id of the user; empty for somebody who is not signed in, or for the program."""
    action: str
    granted: bool
    kind: str
    """Kind of the object."""
    object: str
    """Its id."""
    child: str
    """Id of the child whom it concerns; empty for none."""
    why: str
    """The purpose, one of few words; never a text that somebody typed."""
    request: str
    previous: str
    hash: str


class Verdict(NamedTuple):
    """What was found: how many events hold, and what is wrong after them."""

    good: int
    head: str
    """Hash of the last event that holds: a copy kept elsewhere shows whether the end was cut."""
    fault: str | None


def hash_of(event: Event) -> str:
    """Give the hash that an event must have: SHA-256 over a list of its fields as JSON."""
    fields = [getattr(event, name) for name in Event.__struct_fields__ if name != "hash"]
    return hashlib.sha256(msgspec.json.encode(fields)).hexdigest()


def verify(
    events: Iterable[Event], *, head: str | None = None, noted: Mapping[int, str] | None = None
) -> Verdict:
    """Walk the chain in the order of its numbers, up to the first fault.

    ``head`` is the hash of an event as it was noted elsewhere, earlier, and ``noted`` are such
    hashes by the numbers of their events: a chain that doesn't hold one any more was cut, or
    written anew.
    """
    left = {seq: hash_ for seq, hash_ in (noted or {}).items() if seq}
    good, last, is_seen = 0, FIRST, head in (None, FIRST)
    for event in events:
        if fault := _fault(event, after=good, previous=last):
            return Verdict(good, last, fault)
        if left.pop(event.seq, event.hash) != event.hash:
            fault = f"event {event.seq} is not the one whose head was noted: it was written anew"
            return Verdict(good, last, fault)
        good, last = event.seq, event.hash
        is_seen = is_seen or last == head
    if not is_seen:
        return Verdict(
            good, last, "the noted head is not in the chain: its end was cut or rewritten"
        )
    if left:
        fault = f"event {min(left)}, whose head was noted, is not there: the end was cut"
        return Verdict(good, last, fault)
    return Verdict(good, last, None)


def _fault(event: Event, *, after: int, previous: str) -> str | None:
    if event.seq != after + 1:
        return f"after event {after} comes event {event.seq}: one was taken out or put in"
    if event.previous != previous:
        return f"event {event.seq} does not follow from the event before it"
    if event.hash != hash_of(event):
        return f"event {event.seq} was changed after it was written"
    return None
