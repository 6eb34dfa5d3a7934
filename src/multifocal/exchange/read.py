"""Any record that can be read: what a path holds is found out, then read."""

import bz2
import gzip
import lzma
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import msgspec

from multifocal.exchange.cache import forgetting
from multifocal.exchange.cases import holds_cases, read_case
from multifocal.exchange.fhir.bundle import Item, items_of, lines_of
from multifocal.exchange.fhir.elements import ABSENT
from multifocal.exchange.fhir.people import Held, Pile, Shelves, people_of
from multifocal.exchange.fhir.read import read_each, read_items
from multifocal.exchange.issue_log import IssueLog
from multifocal.exchange.phenopackets import read_phenopacket
from multifocal.knowledge.load import Knowledge
from multifocal.model.issue import RecordError
from multifocal.model.record import Record

LARGEST_BYTES = 1 << 30
"""A larger file, packed or unpacked, is no record of one child; it would fill the memory."""
NDJSON = (".ndjson", ".ndjson.gz", ".ndjson.bz2", ".ndjson.xz", ".ndjson.zst")


def _zstandard(file: IO[bytes]) -> Any:  # Any: a stream of bytes
    # Imported here: only few records are packed this way, and it takes its time to load.
    from zstandard import ZstdDecompressor

    return ZstdDecompressor().stream_reader(file)


Unpacker = Callable[[IO[bytes]], Any]
PACKED: tuple[tuple[bytes, Unpacker], ...] = (
    (b"\x1f\x8b", lambda file: gzip.GzipFile(fileobj=file)),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ", lzma.LZMAFile),
    (b"\x28\xb5\x2f\xfd", _zstandard),
)
"""How packed files begin, and what unpacks them."""
BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "is a zip archive: unpack it first"),
    (b"PK\x05\x06", "is an empty zip archive: unpack the right one first"),
    (b"7z\xbc\xaf", "is a 7-zip archive: unpack it first"),
    (b"%PDF", "is a PDF: export the record as FHIR R4 JSON"),
    (b"PAR1", "is a Parquet table: export the record as FHIR R4 JSON"),
    (b"\xff\xfe", "is UTF-16 text: save it as UTF-8"),
    (b"\xfe\xff", "is UTF-16 text: save it as UTF-8"),
)
_BEGINS_FHIR = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"')
_A_TYPE = msgspec.Raw(b'""')
"""Stands for the type of a resource where it is known that there is one."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class _Root(msgspec.Struct, rename="camel"):
    """What tells one format from another."""

    resource_type: msgspec.Raw = ABSENT
    phenotypic_features: msgspec.Raw = ABSENT
    meta_data: msgspec.Raw = ABSENT


@forgetting()
def read(path: Path, *, knowledge: Knowledge, patient: str | None = None) -> Record:
    """Read one child's record from a file, or from a folder of NDJSON; packed ones too.

    ``patient`` is the id of the child when there are several. Raises `RecordError`, in one line,
    when there is nothing that can be read.
    """
    try:
        if path.is_file() and not path.name.endswith(NDJSON):
            return _one(content(path), knowledge=knowledge, patient=patient)
        log = IssueLog()
        return read_items(_items(path, log), log, knowledge=knowledge, patient=patient)
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
    if _is_phenopacket(_root(data)):
        yield read_phenopacket(data, knowledge=knowledge)
        return
    log = IssueLog()
    with forgetting():
        items = _items_in(data, log)
        if len(people_of(items)) > 1:
            yield from read_each(Pile(items, log), log, knowledge=knowledge)
        else:
            yield read_items(items, log, knowledge=knowledge)


def read_many(path: Path, *, knowledge: Knowledge) -> Iterator[Record]:
    """Read the records of all patients of a file or folder, one after the other.

    Of a folder, memory holds only where each line stands, and one patient's resources at a time.
    """
    try:
        log = IssueLog()
        with forgetting(), ExitStack() as open_files:
            held: Held
            if path.is_dir():
                held = Shelves(_opened(_files(path), open_files, log), log)
            else:
                held = Pile(_items(path, log), log)
            yield from read_each(held, log, knowledge=knowledge)
    except RecordError as fault:
        raise _named(path, fault) from None


def _opened(
    files: Iterable[Path], open_files: ExitStack, log: IssueLog
) -> Iterator[tuple[str, IO[bytes]]]:
    """Open files of lines, each with its name; packed ones are unpacked into memory."""
    for file in files:
        try:
            with file.open("rb") as begun:
                is_packed = _unpacker(begun.read(8)) is not None
            if is_packed:
                yield file.name, BytesIO(content(file))
            else:
                yield file.name, open_files.enter_context(file.open("rb"))
        except (OSError, RecordError):
            log.warning(file.name, "can't be opened or unpacked; it was left out")


def _named(path: Path, fault: RecordError) -> RecordError:
    return RecordError(f"{path.name or path}: {fault}")


def _one(data: bytes, *, knowledge: Knowledge, patient: str | None) -> Record:
    """Read one child's record from a text, whatever format it holds."""
    root = _root(data)
    if _is_phenopacket(root):
        return read_phenopacket(data, knowledge=knowledge)
    if root.resource_type == ABSENT and holds_cases(data):
        return read_case(data, knowledge=knowledge, patient=patient)
    log = IssueLog()
    return read_items(_items_in(data, log), log, knowledge=knowledge, patient=patient)


def _items_in(data: bytes, log: IssueLog) -> tuple[Item, ...]:
    return tuple(lines_of(data, "line", log) if is_ndjson(data) else items_of(data, log))


def _items(path: Path, log: IssueLog) -> tuple[Item, ...]:
    """Give the resources of a file or folder."""
    if not path.is_dir():
        data = content(path)
        lines = path.name.endswith(NDJSON)
        return tuple(lines_of(data, path.name, log) if lines else items_of(data, log))
    return tuple(item for file in _files(path) for item in _lines(file, log))


def _files(folder: Path) -> list[Path]:
    """Give the files of lines in a folder; raises `RecordError` when there is none."""
    try:
        files = sorted(file for file in folder.iterdir() if file.name.endswith(NDJSON))
    except OSError:
        raise RecordError("can't be opened. Check who may read it.") from None
    if not files:
        raise RecordError(
            "holds no .ndjson file. Give a folder of NDJSON, packed or not, or a file."
        )
    return files


def _lines(file: Path, log: IssueLog) -> Iterator[Item]:
    try:
        data = content(file)
    except RecordError as fault:
        log.warning(file.name, f"{fault}; it was left out")
        return
    yield from lines_of(data, file.name, log)


def content(path: Path) -> bytes:
    """Give the bytes of a text file as UTF-8, unpacked; raises `RecordError` for what is none."""
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
    """Give text, unpacked and without its byte order mark; raises `RecordError` for other bytes."""
    data = _unpacked(data)
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


def _unpacked(data: bytes) -> bytes:
    """Unpack what is packed, up to the size that a file may have."""
    opened = _unpacker(data)
    if opened is None:
        return data
    try:
        with opened(BytesIO(data)) as file:
            found: bytes = file.read(LARGEST_BYTES + 1)
    except _faults():
        raise RecordError("is packed and can't be unpacked. Copy it again.") from None
    if len(found) > LARGEST_BYTES:
        raise RecordError("is larger than 1 GiB when unpacked. Export the record of one child.")
    return found


def _unpacker(data: bytes) -> Unpacker | None:
    return next((opener for start, opener in PACKED if data.startswith(start)), None)


def _faults() -> tuple[type[Exception], ...]:
    """Give what unpacking raises on bytes that are not what they should be."""
    from zstandard import ZstdError

    return (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, ZstdError)


def is_ndjson(data: bytes) -> bool:
    """Tell whether a text is one JSON object a line."""
    first, _, rest = data.strip().partition(b"\n")
    return rest.lstrip().startswith(b"{") and first.rstrip().endswith(b"}")


def _is_phenopacket(root: _Root) -> bool:
    return root.resource_type == ABSENT and root.phenotypic_features != ABSENT


def _root(data: bytes) -> _Root:
    """Give what tells the format of a JSON text; of one that is no object, nothing."""
    if _BEGINS_FHIR.match(data):
        return _Root(resource_type=_A_TYPE)
    try:
        return msgspec.json.decode(data, type=_Root)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _Root()
