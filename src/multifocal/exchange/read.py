"""Any record that can be read: what a path holds is found out, then read."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from multifocal.exchange.cache import forgetting
from multifocal.exchange.cases import holds_cases, read_case
from multifocal.exchange.fhir.bundle import Item, items_of, lines_of
from multifocal.exchange.fhir.read import people_of, read_each, read_items
from multifocal.exchange.fhir.resources import ABSENT, is_there
from multifocal.exchange.issue_log import IssueLog
from multifocal.exchange.phenopackets import read_phenopacket
from multifocal.knowledge.load import Knowledge
from multifocal.model.issue import RecordError
from multifocal.model.record import Record

LARGEST_BYTES = 1 << 30
"""A larger file is no record of one child; it would fill the memory."""

BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "is a zip archive: unpack it first"),
    (b"PK\x05\x06", "is an empty zip archive: unpack the right one first"),
    (b"\x1f\x8b", "is compressed with gzip: unpack it first"),
    (b"BZh", "is compressed with bzip2: unpack it first"),
    (b"\xfd7zXZ", "is compressed with xz: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "is compressed with zstandard: unpack it first"),
    (b"7z\xbc\xaf", "is a 7-zip archive: unpack it first"),
    (b"%PDF", "is a PDF: export the record as FHIR R4 JSON"),
    (b"PAR1", "is a Parquet table: export the record as FHIR R4 JSON"),
    (b"\xff\xfe", "is UTF-16 text: save it as UTF-8"),
    (b"\xfe\xff", "is UTF-16 text: save it as UTF-8"),
)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class _Root(msgspec.Struct, rename="camel"):
    """What tells one format from another."""

    resource_type: msgspec.Raw = ABSENT
    phenotypic_features: msgspec.Raw = ABSENT
    meta_data: msgspec.Raw = ABSENT


@forgetting()
def read(path: Path, *, knowledge: Knowledge, patient: str | None = None) -> Record:
    """Read one child's record from a file, or from a folder of NDJSON.

    ``patient`` is the id of the child when there are several. Raises `RecordError`, in one line,
    when there is nothing that can be read.
    """
    try:
        return _read(path, knowledge=knowledge, patient=patient)
    except RecordError as fault:
        raise _named(path, fault) from None


@forgetting()
def read_bytes(data: bytes, *, knowledge: Knowledge, patient: str | None = None) -> Record:
    """Read one child's record from the bytes of a file, as `read` does."""
    return _one(text_of(data), knowledge=knowledge, patient=patient)


def read_each_of(data: bytes, *, knowledge: Knowledge) -> Iterator[Record]:
    """Read the records of all patients from the bytes of a file, whatever format it holds.

    Raises `RecordError` when there is nothing that can be read.
    """
    data = text_of(data)
    root = _root(data)
    if not is_there(root.resource_type) and is_there(root.phenotypic_features):
        yield read_phenopacket(data, knowledge=knowledge)
        return
    issue_log = IssueLog()
    with forgetting():
        read = lines_of(data, "line", issue_log) if is_ndjson(data) else items_of(data, issue_log)
        items = tuple(read)
        if len(people_of(items)) > 1:
            yield from read_each(items, issue_log, knowledge=knowledge)
        else:
            yield read_items(items, issue_log, knowledge=knowledge)


def read_many(path: Path, *, knowledge: Knowledge) -> Iterator[Record]:
    """Read the records of all patients of a file or folder, one after the other."""
    try:
        issue_log = IssueLog()
        with forgetting():
            yield from read_each(_items(path, issue_log), issue_log, knowledge=knowledge)
    except RecordError as fault:
        raise _named(path, fault) from None


def _named(path: Path, fault: RecordError) -> RecordError:
    return RecordError(f"{path.name or path}: {fault}")


def _read(path: Path, *, knowledge: Knowledge, patient: str | None) -> Record:
    if path.is_file() and path.suffix != ".ndjson":
        return _one(content(path), knowledge=knowledge, patient=patient)
    issue_log = IssueLog()
    return read_items(_items(path, issue_log), issue_log, knowledge=knowledge, patient=patient)


def _one(data: bytes, *, knowledge: Knowledge, patient: str | None) -> Record:
    """Read one child's record from a text, whatever format it holds."""
    root = _root(data)
    if not is_there(root.resource_type):
        if is_there(root.phenotypic_features):
            return read_phenopacket(data, knowledge=knowledge)
        if holds_cases(data):
            return read_case(data, knowledge=knowledge, patient=patient)
    issue_log = IssueLog()
    items = lines_of(data, "line", issue_log) if is_ndjson(data) else items_of(data, issue_log)
    return read_items(tuple(items), issue_log, knowledge=knowledge, patient=patient)


def _items(path: Path, issue_log: IssueLog) -> tuple[Item, ...]:
    """Give the resources of a file or folder."""
    if not path.is_dir():
        if path.suffix == ".ndjson":
            return tuple(lines_of(content(path), path.name, issue_log))
        return tuple(items_of(content(path), issue_log))
    try:
        files = sorted(file for file in path.iterdir() if file.suffix == ".ndjson")
    except OSError:
        raise RecordError("can't be opened. Check who may read it.") from None
    if not files:
        raise RecordError("holds no .ndjson file. Give a folder of NDJSON, unpacked, or a file.")
    return tuple(item for file in files for item in _lines(file, issue_log))


def _lines(file: Path, issue_log: IssueLog) -> Iterator[Item]:
    try:
        data = content(file)
    except RecordError as fault:
        issue_log.warning(file.name, f"{fault}; it was left out")
        return
    yield from lines_of(data, file.name, issue_log)


def content(path: Path) -> bytes:
    """Give the bytes of a text file as UTF-8; raises `RecordError` for what is none."""
    try:
        if not path.is_file():
            raise RecordError("is not there, or is no file. Check the path.")
        if path.stat().st_size > LARGEST_BYTES:
            raise RecordError("is larger than 1 GiB. Export the record of one child.")
        data = path.read_bytes()
    except OSError:
        raise RecordError("can't be opened. Check the path and who may read it.") from None
    return text_of(data)


def text_of(data: bytes) -> bytes:
    """Give text without its byte order mark; raises `RecordError` for what is no text."""
    for beginning, what in BEGINNINGS:
        if data.startswith(beginning):
            raise RecordError(f"{what}.")
    data = data.removeprefix(_BYTE_ORDER_MARK)
    start = data[:512].lstrip()
    if not start:
        raise RecordError("is empty. Export it again.")
    if start.startswith(b"<"):
        raise RecordError("is not JSON but XML or HTML. Export the record as FHIR R4 JSON.")
    if b"\0" in data[:512]:
        raise RecordError("is not text in UTF-8. Export the record as FHIR R4 JSON in UTF-8.")
    return data


def is_ndjson(data: bytes) -> bool:
    """Tell whether a text is one JSON object a line."""
    first, _, rest = data.strip().partition(b"\n")
    return rest.lstrip().startswith(b"{") and first.rstrip().endswith(b"}")


def _root(data: bytes) -> _Root:
    """Give what tells the format of a JSON text; of one that is no object, nothing."""
    try:
        return msgspec.json.decode(data, type=_Root)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _Root()
