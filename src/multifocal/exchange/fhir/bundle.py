"""Bytes to resources that are not decoded yet: bundles, single resources, NDJSON."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from multifocal.exchange.cache import cached
from multifocal.exchange.fhir.resources import (
    DECODERS,
    TYPES,
    Bundle,
    Entry,
    Head,
    Kind,
    LooseBundle,
    is_there,
)
from multifocal.exchange.issue_log import IssueLog
from multifocal.model.issue import RecordError

DEEPEST = 4
"""Bundles inside bundles are opened to this depth."""

_PATH = re.compile(r"at `\$\.?([A-Za-z0-9_.\[\]]*)`$")
_BUNDLE = msgspec.json.Decoder(Bundle)
_LOOSE_BUNDLE = msgspec.json.Decoder(LooseBundle)
_ENTRY = msgspec.json.Decoder(Entry)
_HEAD = msgspec.json.Decoder(Head)
_KIND = msgspec.json.Decoder(Kind)

DECODING_FAULTS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What decoding raises on bytes that are not what they should be."""


class Item(msgspec.Struct, frozen=True, gc=False):
    """One resource, not decoded yet."""

    kind: str
    """FHIR resource type."""
    where: str
    """Its place in the input, for issues."""
    raw: msgspec.Raw
    id: str = ""
    url: str = ""
    subject: str = ""
    """Key of the patient that it names; empty when it names none."""

    @property
    def path(self) -> str:
        """Where it was read, for facts: resource type and id."""
        return f"{self.kind}/{self.id}" if self.id else self.where.replace(" ", "/")

    @property
    def keys(self) -> tuple[str, ...]:
        """What a reference to it may say."""
        keys = (f"{self.kind}/{self.id}",) if self.id else ()
        return (*keys, key_of(self.url)) if self.url else keys


@cached(most=4096)
def key_of(reference: str) -> str:
    """Give the part of a reference that says which resource is meant.

    >>> key_of("https://hospital.example/fhir/Patient/1/_history/2"), key_of("urn:uuid:0-1")
    ('Patient/1', 'urn:uuid:0-1')
    """
    plain = reference.split("/_history/", maxsplit=1)[0].split("|", maxsplit=1)[0].rstrip("/")
    if plain.startswith("urn:"):
        return plain.casefold()
    return "/".join(plain.split("/")[-2:])


def fault_place(fault: Exception) -> str:
    """Give the element at which decoding failed, without any value."""
    found = _PATH.search(str(fault))
    return re.sub(r"\[[^\]]*\]", "", found[1]) if found and found[1] else "its JSON"


def items_of(data: bytes, issue_log: IssueLog) -> Iterator[Item]:
    """Give the resources of a JSON text: a bundle's, or the one that it is.

    Raises `RecordError` when it is neither.
    """
    kind = kind_of(data)
    if kind == "Bundle":
        yield from _bundled(data, issue_log, Counter(), depth=1)
        return
    if kind == "OperationOutcome":
        raise RecordError("is a server's message, not a record. Export the record again.")
    if kind not in DECODERS:
        raise RecordError(
            "the resourceType is none that says something about a child. "
            "Give a Bundle, or a resource such as Observation."
        )
    raw = msgspec.Raw(data)
    try:
        yield _item(raw, "", _head(raw), f"{kind} 1")
    except DECODING_FAULTS as fault:
        raise RecordError(left_out(fault)) from None


def kind_of(data: bytes) -> str:
    """Give the resourceType of a JSON text; raises `RecordError` when it has none."""
    try:
        return _KIND.decode(data).resource_type
    except msgspec.ValidationError:
        raise RecordError(
            "this JSON has no resourceType. Give a FHIR R4 Bundle, a FHIR R4 resource, a "
            "phenopacket or a published case."
        ) from None
    except RecursionError:
        raise RecordError("this JSON is nested too deeply to be FHIR.") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
        message = "the JSON is cut off: export or copy the file again."
        if "truncated" not in str(fault):
            message = "this is not JSON. Give a FHIR R4 Bundle as JSON."
        raise RecordError(message) from None


def _bundled(
    data: bytes, issue_log: IssueLog, counts: Counter[str], *, depth: int
) -> Iterator[Item]:
    bundle: Bundle | LooseBundle
    try:
        bundle = _opened(data)
    except DECODING_FAULTS as fault:
        if depth == 1:
            raise RecordError(
                f"the Bundle can't be read at {fault_place(fault)}. Give entry as a list of "
                "entries, each with a resource."
            ) from None
        issue_log.warning("Bundle", "a Bundle inside the Bundle can't be read and was left out")
        return
    if any(link.relation == "next" for link in bundle.link or ()):
        issue_log.warning(
            "Bundle",
            "this is one page of a longer search result; what the other pages hold was not read. "
            "Export all pages as one Bundle.",
        )
    entries: Iterable[Entry | msgspec.Raw] = bundle.entry or ()
    items = (
        item
        for place, raw in enumerate(entries, start=1)
        for item in _entry(raw, place, issue_log, counts, depth=depth)
    )
    yield from _newest(items, bundle.type)


def _opened(data: bytes) -> Bundle | LooseBundle:
    """Decode a bundle; when an entry is broken, the entries stay as they are for now."""
    try:
        return _BUNDLE.decode(data)
    except msgspec.ValidationError:
        return _LOOSE_BUNDLE.decode(data)


def _newest(items: Iterator[Item], bundle_type: str | None) -> Iterator[Item]:
    """Leave out what was deleted, and older versions: a history lists the newest first."""
    seen: set[str] = set()
    for item in items:
        if bundle_type == "history" and item.id and item.id in seen:
            continue
        seen.add(item.id)
        if item.kind != DELETED:
            yield item


DELETED = "(deleted)"


def _entry(
    raw: Entry | msgspec.Raw, place: int, issue_log: IssueLog, counts: Counter[str], *, depth: int
) -> Iterator[Item]:
    where = f"entry {place}"
    try:
        entry = raw if isinstance(raw, Entry) else _ENTRY.decode(raw)
    except DECODING_FAULTS as fault:
        issue_log.warning(where, left_out(fault))
        return
    if not is_there(entry.resource):
        issue_log.info("entry", "holds no resource")
        return
    try:
        head = _head(entry.resource)
    except DECODING_FAULTS as fault:
        issue_log.warning(where, left_out(fault))
        return
    kind = head.resource_type
    if kind == "Bundle":
        if depth >= DEEPEST:
            issue_log.warning(where, "is nested too deeply and was left out")
            return
        yield from _bundled(bytes(entry.resource), issue_log, counts, depth=depth + 1)
        return
    counts[kind] += 1
    item = _item(entry.resource, entry.full_url or "", head, f"{shown_kind(kind)} {counts[kind]}")
    is_deleted = entry.request is not None and (entry.request.method or "").upper() == "DELETE"
    yield msgspec.structs.replace(item, kind=DELETED) if is_deleted else item


def _head(raw: msgspec.Raw) -> Head:
    """Decode type, id and subject; what is no resource that is read needs only a type."""
    try:
        return _HEAD.decode(raw)
    except msgspec.ValidationError:
        kind = _KIND.decode(raw).resource_type
        if kind in DECODERS:
            raise
        return Head(resource_type=kind)


def lines_of(data: bytes, name: str, issue_log: IssueLog) -> Iterator[Item]:
    """Give the resources of NDJSON, one on each line; bad lines are noted with their number."""
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        where, raw = f"{name} line {number}", msgspec.Raw(line)
        try:
            head = _head(raw)
        except DECODING_FAULTS as fault:
            issue_log.warning(where, left_out(fault))
            continue
        yield _item(raw, "", head, where)


def _item(raw: msgspec.Raw, url: str, head: Head, where: str) -> Item:
    subject = head.subject or head.patient
    named = subject.reference if subject and subject.reference else ""
    return Item(
        kind=head.resource_type,
        where=where,
        raw=raw,
        id=head.id or "",
        url=url,
        subject="" if named.startswith("#") else key_of(named),
    )


def left_out(fault: Exception) -> str:
    """Say that something is broken and where, without any value."""
    return f"can't be read at {fault_place(fault)} and was left out. Mend it to FHIR R4."


def shown_kind(kind: str) -> str:
    """Give a resource type for an issue; a word that is no such type is not repeated."""
    return kind if kind in TYPES else "resource"
