"""Bytes to resources: bundles, single resources, NDJSON; each is decoded once."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from multifocal.exchange.cache import cached
from multifocal.exchange.fhir.elements import ABSENT, Meta, Reference, Struct
from multifocal.exchange.fhir.views import DECODERS, TABLE, Patient, Resource
from multifocal.exchange.issue_log import IssueLog
from multifocal.model.issue import RecordError

Data = bytes | msgspec.Raw
DEEPEST = 4
"""Bundles inside bundles are opened to this depth."""


class Owner(Struct, frozen=True):
    """Type and subject of a resource, which is all that is read of most types."""

    resource_type: str
    id: str | None = None
    subject: Reference | None = None
    patient: Reference | None = None


class Request(Struct, frozen=True):
    """What a transaction or history entry did."""

    method: str | None = None
    url: str | None = None


class Link(Struct, frozen=True):
    """A link of a bundle, such as to its next page."""

    relation: str | None = None


class Entry(Struct, frozen=True):
    """One entry of a bundle; its resource is not decoded yet."""

    full_url: str | None = None
    resource: msgspec.Raw = ABSENT
    request: Request | None = None


class Bundle(Struct, frozen=True):
    """A bundle of any type; its entries are not decoded yet."""

    type: str | None = None
    timestamp: str | None = None
    entry: tuple[Entry, ...] | None = None
    link: tuple[Link, ...] | None = None


class LooseBundle(Struct, frozen=True):
    """A bundle of which an entry is broken."""

    type: str | None = None
    timestamp: str | None = None
    entry: tuple[msgspec.Raw, ...] | None = None
    link: tuple[Link, ...] | None = None


STANDING = ("registered", "preliminary", "final", "corrected", "amended", "entered-in-error")
"""FHIR's states of a result, the one that stands last; any other state stands like `final`."""
_PATH = re.compile(r"at `\$\.?([A-Za-z0-9_.\[\]]*)`$")
_BUNDLE = msgspec.json.Decoder(Bundle)
_LOOSE_BUNDLE = msgspec.json.Decoder(LooseBundle)
_ENTRY = msgspec.json.Decoder(Entry)
_ANYTHING = msgspec.json.Decoder()
_ENCODER = msgspec.json.Encoder()
_OWNER = msgspec.json.Decoder(Owner)
_NO_REQUEST = Request()
_BEGINS_BUNDLE = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"Bundle"')
_KIND = re.compile(rb'"resourceType"\s*:\s*"([A-Za-z]{1,40})"')

DECODING_FAULTS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What decoding raises on bytes that are not what they should be."""


class Item(msgspec.Struct, frozen=True, gc=False):
    """One resource of the input."""

    kind: str
    """FHIR resource type."""
    where: str
    """Its place in the input, for issues."""
    raw: msgspec.Raw
    path: str
    """Where it was read, for facts: resource type and id."""
    resource: Any = None
    """What was decoded, in a type made from its view; `None` where it is not read, or broken."""
    url: str = ""
    subject: str = ""
    """Key of the patient that it names; empty when it names none."""
    deleted: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """What a reference to it may say."""
        keys = (self.path,) if self.resource is not None and self.resource.id else ()
        return (*keys, key_of(self.url)) if self.url else keys

    @property
    def version(self) -> tuple[int, str, int]:
        """Number, moment and state of this version, as far as told; the greatest stands."""
        meta = (self.resource and self.resource.meta) or Meta()
        number, status = meta.version_id or "", getattr(self.resource, "status", None)
        state = STANDING.index(status) if status in STANDING else STANDING.index("final")
        return int(number) if number.isdecimal() else 0, meta.last_updated or "", state


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


def items_of(data: bytes, log: IssueLog) -> list[Item]:
    """Give the resources of a JSON text: a bundle's, or the one that it is.

    Raises `RecordError` when it is neither.
    """
    if _BEGINS_BUNDLE.match(data) or (kind := kind_of(data)) == "Bundle":
        return _bundled(data, log, Counter(), depth=1)
    if kind == "OperationOutcome":
        raise RecordError("is a server's message, not a record. Export the record again.")
    if kind not in DECODERS:
        raise RecordError(
            "the resourceType is none that says something about a child. "
            "Give a Bundle, or a resource such as Observation."
        )
    item = item_of(msgspec.Raw(data), f"{kind} 1", log)
    if item is None or item.resource is None:
        raise RecordError(log.issues()[-1].message)
    return [item]


def kind_of(data: Data) -> str:
    """Give the resourceType of a JSON text; raises `RecordError` when it has none."""
    try:
        return _OWNER.decode(data).resource_type
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


def _bundled(data: Data, log: IssueLog, counts: Counter[str], *, depth: int) -> list[Item]:
    bundle: Bundle | LooseBundle
    try:
        bundle = _opened(data)
    except DECODING_FAULTS as fault:
        if depth == 1:
            kind_of(data)  # says what else it is
            raise RecordError(
                f"the Bundle can't be read at {fault_place(fault)}. Give entry as a list of "
                "entries, each with a resource."
            ) from None
        log.warning("Bundle", "a Bundle inside the Bundle can't be read and was left out")
        return []
    if any(link.relation == "next" for link in bundle.link or ()):
        log.warning(
            "Bundle",
            "this is one page of a longer search result; what the other pages hold was not read. "
            "Export all pages as one Bundle.",
        )
    entries: Iterable[Entry | msgspec.Raw] = bundle.entry or ()
    held: list[Item] = []
    for place, raw in enumerate(entries, start=1):
        held += _entry(raw, place, log, counts, depth=depth)
    # A history lists the newest first.
    return held[::-1] if bundle.type == "history" else held


def _opened(data: Data) -> Bundle | LooseBundle:
    """Decode a bundle; when an entry is broken, the entries stay as they are for now."""
    try:
        return _BUNDLE.decode(data)
    except msgspec.ValidationError:
        return _LOOSE_BUNDLE.decode(data)


def standing(items: Iterable[Item], log: IssueLog) -> list[Item]:
    """Leave out what was deleted, and all but the version of each resource that stands."""
    by_key: dict[str | tuple[str, str], Item] = {}
    for item in items:
        server = item.url.removesuffix(item.path) if item.url.startswith("http") else ""
        key = (item.path, server) if server else item.path
        before = by_key.get(key)
        if before is None or item.version >= before.version or item.deleted:
            by_key[key] = item
        if before is not None and before.raw == item.raw:
            log.info(item.where, "the same resource is there more than once; it was read once")
        elif before is not None:
            log.info(item.where, "is there in several versions; the one that stands was read")
    return [item for item in by_key.values() if not item.deleted]


def _entry(
    raw: Entry | msgspec.Raw, place: int, log: IssueLog, counts: Counter[str], *, depth: int
) -> Sequence[Item]:
    try:
        entry = raw if isinstance(raw, Entry) else _ENTRY.decode(raw)
    except DECODING_FAULTS as fault:
        log.warning(f"entry {place}", left_out(fault))
        return ()
    request = entry.request or _NO_REQUEST
    is_deleted = request.method is not None and request.method.upper() == "DELETE"
    if entry.resource is ABSENT or entry.resource == ABSENT:
        kind, _, name = key_of(request.url or "").partition("/")
        if is_deleted and name:
            return (Item(kind, f"entry {place}", ABSENT, f"{kind}/{name}", deleted=True),)
        if not request.method:
            log.info("entry", "holds no resource")
        return ()
    kind = _kind_in(entry.resource)
    if kind == "Bundle":
        if depth < DEEPEST:
            return _bundled(entry.resource, log, counts, depth=depth + 1)
        log.warning(f"entry {place}", "is nested too deeply and was left out")
        return ()
    counts[kind] += 1
    where = f"{shown_kind(kind)} {counts[kind]}" if kind else f"entry {place}"
    item = item_of(entry.resource, where, log, kind, url=entry.full_url or "", deleted=is_deleted)
    return () if item is None else (item,)


def _kind_in(raw: Data) -> str:
    """Give the type of a resource, as its first words say."""
    found = _KIND.search(raw)
    return found[1].decode() if found else ""


def item_of(
    raw: msgspec.Raw,
    where: str,
    log: IssueLog,
    kind: str | None = None,
    *,
    url: str = "",
    deleted: bool = False,
) -> Item | None:
    """Decode a resource; one that is broken is noted. `None` when it has no type."""
    kind = _kind_in(raw) if kind is None else kind
    resource: Resource | None = None
    owner: Owner | Resource
    decoder = DECODERS.get(kind)
    try:
        if decoder is not None:
            owner = resource = decoder.decode(raw)
            named = resource.resourceType
        else:
            owner = _OWNER.decode(raw)
            named = owner.resource_type
        if named != kind:  # what it contains stands first
            kind = named
            resource = DECODERS[kind].decode(raw) if kind in DECODERS else None
            owner = resource or _OWNER.decode(raw)
    except DECODING_FAULTS as fault:
        if kind == "Patient" and (mended := _mended(raw, where, log)) is not None:
            owner = resource = mended
        else:
            log.warning(where, left_out(fault))
            return Item(kind, where, raw, where.replace(" ", "/")) if kind in DECODERS else None
    path = f"{kind}/{owner.id}" if owner.id else where.replace(" ", "/")
    return Item(kind, where, raw, path, resource, url, _subject_of(owner), deleted)


def _subject_of(owner: Owner | Resource) -> str:
    """Give the key of the patient that a resource names; empty when it names none."""
    subject = owner.subject or owner.patient
    named = subject.reference if subject is not None else None
    return key_of(named) if named and not named.startswith("#") else ""


def lines_of(data: bytes, name: str, log: IssueLog, *, first: int = 1) -> Iterator[Item]:
    """Give the resources of NDJSON, one on each line; bad lines are noted with their number."""
    for number, line in enumerate(data.split(b"\n"), start=first):
        if line and not line.isspace():
            if (item := item_of(msgspec.Raw(line), f"{name} line {number}", log)) is not None:
                yield item


def owner_in(line: bytes) -> tuple[str, str]:
    """Give type and owner of the resource of a line, without decoding the rest of it."""
    owner = _OWNER.decode(line)
    if owner.resource_type == "Patient":
        return "Patient", f"Patient/{owner.id}" if owner.id else ""
    return owner.resource_type, _subject_of(owner)


def _mended(raw: msgspec.Raw, where: str, log: IssueLog) -> Patient | None:
    """Read what can be read of a Patient: without the elements that are broken."""
    try:
        elements = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except DECODING_FAULTS:
        return None
    for _ in range(len(elements)):
        try:
            found: Patient = DECODERS["Patient"].decode(msgspec.json.encode(elements))
        except DECODING_FAULTS as fault:
            broken = fault_place(fault).split(".")[0]
            if elements.pop(broken, None) is None:
                return None
            log.warning(where, f"{broken} can't be read and was left out. Mend it to FHIR R4.")
        else:
            return found
    return None


def is_doubled(item: Item) -> bool:
    """Tell whether a name stands twice in one object: which is meant is not known."""
    raw = bytes(item.raw)
    try:
        once = _ENCODER.encode(_ANYTHING.decode(raw))
    except DECODING_FAULTS:  # a part that is not read here
        return False
    return raw.count(b'":') != once.count(b'":') and _has_doubled(raw)


def _has_doubled(raw: bytes) -> bool:
    """Tell the same for sure, object by object, up to where the JSON can be read."""
    doubled = False

    def plain(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal doubled
        found = dict(pairs)
        doubled |= len(found) < len(pairs)
        return found

    with suppress(ValueError, RecursionError):
        json.loads(raw, object_pairs_hook=plain)
    return doubled


def left_out(fault: Exception) -> str:
    """Say that something is broken and where, without any value."""
    return f"can't be read at {fault_place(fault)} and was left out. Mend it to FHIR R4."


def shown_kind(kind: str) -> str:
    """Give a resource type for an issue; a word that is no such type is not repeated."""
    return kind if kind in TABLE.types["known"] else "resource"
