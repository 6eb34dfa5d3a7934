"""A document: what a page says, in an order, before any printer gives it a form.

Makers compose it from an assessment or from our own texts; printers (`html`, `terminal`, `pdf`)
show it. A run of text can name the facts and the source that it rests on; sources are numbered
once, from the finished pages, by `multifocal.report.sources.numbered`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from multifocal.model.record import Fact
from multifocal.model.source import Citation
from multifocal.report.plots import Theme

Tone = Literal["", "strong", "quiet", "alarm", "tag", "outside", "mark"]


class Run(msgspec.Struct, frozen=True):
    """Words of one kind, and what they rest on."""

    text: str
    tone: Tone = ""
    facts: tuple[int, ...] = ()
    """Numbers of the facts that they rest on: the words lead to the first."""
    shown: bool = False
    """Whether the numbers of these facts are printed behind the words."""
    cite: Citation | None = None
    link: str = ""
    """Where they lead outside of the document."""
    foreign: bool = False
    """Whether the words come from the record, and may run in a direction of their own."""


Line = tuple[Run, ...]


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """A heading below that of its page; levels begin at 3."""

    line: Line
    level: int = 3


class Text(msgspec.Struct, frozen=True, tag="text"):
    """A paragraph."""

    line: Line
    role: Literal["", "lead", "fine", "caution"] = ""


class Items(msgspec.Struct, frozen=True, tag="items"):
    """A list."""

    items: tuple[Line, ...]
    ordered: bool = False
    ids: tuple[str, ...] = ()
    """Their names in the document; none where nothing leads to them."""


class Pairs(msgspec.Struct, frozen=True, tag="pairs"):
    """Names with what is said of each."""

    rows: tuple[tuple[str, Line], ...]


class Figure(msgspec.Struct, frozen=True, tag="figure"):
    """A drawing, which repeats in its ``alt`` what it shows."""

    draw: Callable[[Theme], str]
    alt: str
    caption: str = ""
    wide: bool = True
    """Whether it stands for itself, rather than in a cell."""


class Row(msgspec.Struct, frozen=True):
    """A row of a table."""

    cells: tuple["Line | Figure", ...]
    id: str = ""
    """Its name in the document; empty where nothing leads to it."""


class Table(msgspec.Struct, frozen=True, tag="table"):
    """Rows under a head; the first cell of a row names it."""

    kind: str
    """What it is a table of: by it printers know how wide its columns are."""
    caption: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]


class Alarm(msgspec.Struct, frozen=True, tag="alarm"):
    """A box: what must be done, what must be looked at, or that nothing of it stands."""

    kind: Literal["act", "check", "calm"]
    heading: str
    blocks: tuple["Block", ...]


class Columns(msgspec.Struct, frozen=True, tag="columns"):
    """Blocks side by side, where there is room."""

    parts: tuple[tuple["Block", ...], ...]
    wide: bool = False
    """Whether only a wide window has room for them; a sheet of paper has not."""


class Part(msgspec.Struct, frozen=True, tag="part"):
    """A section: in a page it is folded when it is ``folded``."""

    id: str
    title: str
    blocks: tuple["Block", ...]
    folded: bool = False


Block = Heading | Text | Items | Pairs | Figure | Table | Alarm | Columns | Part


class Page(msgspec.Struct, frozen=True):
    """What stands together. The first page of a work-up is a letter of one sheet."""

    id: str
    title: str
    blocks: tuple[Block, ...]


class Document(msgspec.Struct, frozen=True):
    """Pages under one head."""

    title: str
    """What it is, without a name: it becomes the title of a file."""
    name: str
    """Whom it is about, from the record; empty for a text of ours."""
    identity: Line
    tags: tuple[str, ...]
    """What must be seen at once, such as that the child does not exist."""
    pages: tuple[Page, ...]
    foot: tuple[str, ...]


def runs(blocks: Iterable[Block]) -> Iterator[Run]:
    """Give the runs of blocks in the order of reading."""
    for block in blocks:
        match block:
            case Heading(line=line) | Text(line=line):
                yield from line
            case Items(items=items):
                yield from (run for item in items for run in item)
            case Pairs(rows=rows):
                yield from (run for _, line in rows for run in line)
            case Table(rows=rows):
                cells = (cell for row in rows for cell in row.cells)
                yield from (run for cell in cells if isinstance(cell, tuple) for run in cell)
            case Alarm(blocks=inside) | Part(blocks=inside):
                yield from runs(inside)
            case Columns(parts=parts):
                yield from (run for part in parts for run in runs(part))
            case Figure():
                pass


def numbers_of(facts: Iterable[Fact]) -> Mapping[str, int]:
    """Give facts their numbers, from 1 in the order of the record."""
    return {fact.id: place for place, fact in enumerate(facts, start=1)}


def ranges(numbers: Iterable[int]) -> str:
    r"""Write numbers with neighbours gathered.

    >>> ranges([9, 2, 1, 3, 11]) == "1\N{EN DASH}3, 9, 11"
    True
    """
    parts: list[list[int]] = []
    for number in sorted(set(numbers)):
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    shown = (
        f"{a}" if a == b else f"{a}, {b}" if b == a + 1 else f"{a}\N{EN DASH}{b}" for a, b in parts
    )
    return ", ".join(shown)


def say(text: str, tone: Tone = "", **more: object) -> Line:
    """Give a line of one run; of an empty text an empty line."""
    return (Run(text, tone, **more),) if text else ()  # type: ignore[arg-type] # fields of a run


def joined(lines: Iterable[Line], between: str = "; ") -> Line:
    """Put lines after one another."""
    whole: list[Run] = []
    for line in filter(None, lines):
        whole += [Run(between), *line] if whole else line
    return tuple(whole)
