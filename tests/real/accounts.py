"""What becomes of each resource that goes in: a fact, an issue, or a line of what was not read."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from multifocal.model.record import Record
from tests.real.packages import HELPING, KINDS, Json

TWICE = "more than once"
"""Stands in the issue that says how many facts were kept once; their types are not named."""


def resources(resource: Json) -> Iterator[Json]:
    """Give the resources of a file that are read: itself, or all of a bundle, whatever is in it."""
    if resource.get("resourceType") == "Bundle":
        for entry in resource.get("entry", ()):
            if "resource" in entry:
                yield from resources(entry["resource"])
    elif resource.get("resourceType") in KINDS:
        yield resource


def lost(resource: Json, records: Iterable[Record]) -> dict[str, tuple[int, int]]:
    """Give the types of which more resources went in than are accounted for, with both numbers.

    A resource counts when a fact names it as its origin, or an issue or a line of what was not
    read names it or counts it. One that only gathers others, all of them there, says nothing.
    """
    held = list(resources(resource))
    there = {f"{one['resourceType']}/{one.get('id')}" for one in held} | set(_addresses(resource))
    put_in = Counter(one["resourceType"] for one in held if not _gathers(one, there))
    told = _told(records)
    return {
        kind: (count, told[kind])
        for kind, count in put_in.items()
        if kind not in HELPING and told[kind] + told[TWICE] < count
    }


def _addresses(resource: Json) -> Iterator[str]:
    for entry in resource.get("entry", ()):
        yield entry.get("fullUrl", "")
        yield from _addresses(entry.get("resource", {}))


def _gathers(resource: Json, there: set[str]) -> bool:
    """Tell whether a report or panel holds nothing but references to what is there."""
    own = ("conclusion", "conclusionCode", "presentedForm", "component", "note")
    members = [*resource.get("result", ()), *resource.get("hasMember", ())]
    written = resource.get("text", {}).get("status", "generated") != "generated"
    says = written or any(name in own or name.startswith("value") for name in resource)
    return bool(members) and not says and all(_is_there(one, there) for one in members)


def _is_there(reference: Json, there: set[str]) -> bool:
    target = reference.get("reference", "")
    return target.startswith("#") or target in there or "/".join(target.split("/")[-2:]) in there


def _told(records: Iterable[Record]) -> Counter[str]:
    told: Counter[str] = Counter()
    for record in records:
        told["Patient"] += 1
        origins = {fact.origin.resource.partition("#")[0] for fact in record.facts}
        told.update(origin.partition("/")[0] for origin in origins)
        for issue in record.issues:
            told[TWICE if TWICE in issue.message else _kind(issue.where)] += issue.count
        for entry in record.not_read:
            told[_kind(entry.place)] += entry.count
    return told


def _kind(place: str) -> str:
    """Give the type that a place names: `Observation 3`, or a line of `Observation.ndjson`."""
    return re.split(r"[ ./]", place, maxsplit=1)[0]
