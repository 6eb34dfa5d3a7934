"""Prints a document for a terminal, a pipe or a file: 80 columns are enough, colour is extra."""

import io
from collections.abc import Iterable, Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text as Shown

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment
from multifocal.report import pages
from multifocal.report.compose import Reader, compose
from multifocal.report.console import in_memory
from multifocal.report.document import (
    Alarm,
    Block,
    Columns,
    Document,
    Figure,
    Heading,
    Items,
    Line,
    Page,
    Pairs,
    Part,
    Run,
    Table,
    Text,
    ranges,
)
from multifocal.report.sources import Bibliography, numbered
from multifocal.report.words import words

WIDTH = 80
NAME = 15
"""Columns that the names of pairs may take; longer ones stand above what is said of them."""
STYLES = {"strong": "bold", "quiet": "dim", "alarm": "bold red", "outside": "bold", "tag": "dim"}
PAGES = (1,)
FOOT = 2
BRAND = "multifocal"
BARE = frozenset({"first", "steps"})
"""Tables of the letter, which need no head."""


def render(
    assessment: Assessment,
    *,
    knowledge: Knowledge,
    colour: bool,
    shown: Sequence[int] = PAGES,
    reader: Reader = "clinician",
    width: int = WIDTH,
) -> str:
    """Give pages of a work-up as text; ``shown`` are their numbers from 1, empty for all."""
    document = compose(assessment, knowledge=knowledge, reader=reader)
    books = numbered(document.pages, knowledge)
    if not shown:
        document = pages.with_sources(document, books)
    console = in_memory(width, colour=colour)
    for part in _document(document, books, shown):
        console.print(part, markup=False, highlight=False, emoji=False)
    assert isinstance(console.file, io.StringIO)  # noqa: S101 # it is in memory
    return "".join(f"{line.rstrip()}\n" for line in console.file.getvalue().splitlines())


def _document(
    document: Document, books: Bibliography, shown: Sequence[int]
) -> Iterator[RenderableType]:
    yield Shown(". ".join((BRAND, *document.tags)), style="dim")
    yield Shown.assemble((document.name, "bold"), "  ", _line(document.identity, books))
    chosen = [page for n, page in enumerate(document.pages, start=1) if not shown or n in shown]
    for page in chosen:
        yield from _page(page, books, named=page is not document.pages[0])
    if len(chosen) < len(document.pages):
        yield Shown(words().say["more_pages"], style="dim")
    yield Shown(" ".join(document.foot[:FOOT]), style="dim")


def _page(page: Page, books: Bibliography, *, named: bool) -> Iterator[RenderableType]:
    if named:
        yield from (Shown(), Shown(page.title.upper(), style="bold"))
    yield from _blocks(page.blocks, books)


def _blocks(blocks: Iterable[Block], books: Bibliography) -> Iterator[RenderableType]:
    for block in blocks:
        yield from _block(block, books)


def _block(block: Block, books: Bibliography) -> Iterator[RenderableType]:
    match block:
        case Heading(line=line):
            yield from (Shown(), _line(line, books))
        case Text(line=line, role=role):
            yield Padding(_line(line, books), (0, 0, 0, 2 if role == "lead" else 0))
        case Items(items=items, ordered=ordered):
            for place, item in enumerate(items, start=1):
                yield _hanging(f"{place}." if ordered else "-", _line(item, books), 2)
        case Pairs(rows=rows):
            width = max((len(name) for name, _ in rows), default=0)
            for name, line in rows:
                yield from _pair(name, _line(line, books), width)
        case Table():
            name = block.caption.upper() if block.kind in BARE else block.caption
            gap = [] if block.kind in BARE else [Shown()]
            yield from (*gap, Shown(name, style="bold"), _table(block, books))
        case Alarm(kind="check" | "calm", heading=heading, blocks=(Text(line=line),)):
            yield Shown.assemble((f"{heading}. ", "bold"), _line(line, books))
        case Alarm(kind=kind, heading=heading, blocks=inside):
            yield Shown(heading if kind == "calm" else heading.upper(), style=_alarm(kind))
            yield from (Padding(one, (0, 0, 0, 2)) for one in _blocks(inside, books))
        case Columns(parts=parts):
            yield from (one for part in parts for one in _blocks(part, books))
        case Part(blocks=inside) if all(isinstance(one, Figure) for one in inside):
            pass
        case Part(title=title, blocks=inside):
            yield from (Shown(), Shown(title, style="bold"), Shown("─" * WIDTH, style="dim"))
            yield from _blocks(inside, books)
        case Figure():
            pass  # what it shows stands in words beside it


def _alarm(kind: str) -> str:
    return "bold" if kind == "calm" else "bold red"


def _pair(name: str, line: Shown, width: int) -> Iterator[RenderableType]:
    if width > NAME:
        yield from (Shown(name, style="bold"), Padding(line, (0, 0, 0, 2)))
    else:
        yield _hanging(name, line, width)


def _hanging(name: str, line: Shown, width: int) -> RenderableType:
    grid = Grid.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=width)
    grid.add_column(overflow="fold")
    grid.add_row(Shown(name, style="bold"), line)
    return grid


def _table(table: Table, books: Bibliography) -> RenderableType:
    drawn = [
        all(isinstance(row.cells[n], Figure) for row in table.rows) for n in range(len(table.head))
    ]
    grid = Grid(box=None, pad_edge=False, padding=(0, 1, 0, 0), expand=True, show_header=False)
    for wide, is_drawn in zip(words().widths[table.kind], drawn, strict=True):
        if not is_drawn:
            grid.add_column(ratio=wide, overflow="fold")
    if any(table.head) and table.kind not in BARE:
        grid.add_row(
            *(Shown(h, "dim") for h, gone in zip(table.head, drawn, strict=True) if not gone)
        )
    for row in table.rows:
        cells = (cell for cell, gone in zip(row.cells, drawn, strict=True) if not gone)
        lines = [Shown() if isinstance(cell, Figure) else _line(cell, books) for cell in cells]
        if any(line.plain for line in lines):
            grid.add_row(*lines)
    return grid


def _line(line: Line, books: Bibliography) -> Shown:
    return Shown.assemble(*(_run(run, books) for run in line))


def _run(run: Run, books: Bibliography) -> Shown:
    shown = Shown(run.text, style=STYLES.get(run.tone, ""))
    if run.facts and run.shown:
        word = words().say["fact" if len(run.facts) == 1 else "facts_word"]
        numbers = ranges(run.facts)
        shown.append(f" ({word} {numbers})" if run.text else numbers, style="dim")
    if run.cite is not None:
        ref = books.cite(run.cite)
        shown.append(f" [{ref.number}{ref.mark}]", style="dim")
    return shown
