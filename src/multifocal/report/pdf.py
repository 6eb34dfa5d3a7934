"""Prints a document as a PDF: set by typst, tagged to PDF/UA-1, with links inside."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal
from unicodedata import category

import typst

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment
from multifocal.model.issue import MultifocalError
from multifocal.report import pages
from multifocal.report.compose import Reader, compose
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
from multifocal.report.typeset import typeset
from multifocal.report.words import words

PLAIN = frozenset({"L", "N", "P", "S", "Z"})
"""First letters of the Unicode categories that can be printed."""
LATIN = 0x024F
"""Last letter that every font of ours has; above it a glyph may be missing."""
TYPOGRAPHY = "≤≥≠\N{EN DASH}\N{RIGHT SINGLE QUOTATION MARK}"
SHORT = 3
"""Pages of the document that are printed where not all is asked for."""


def render(
    assessment: Assessment,
    *,
    knowledge: Knowledge,
    full: bool = False,
    reader: Reader = "clinician",
) -> bytes:
    """Give the PDF of a work-up: a sheet and what stands behind it, or with ``full`` everything.

    A name in letters that no font on this machine has is printed with question marks, since the
    standard does not allow a letter that can't be shown; the HTML page shows it in full.
    """
    document = compose(assessment, knowledge=knowledge, reader=reader)
    shown = document.pages if full else document.pages[:SHORT]
    books = numbered(shown, knowledge)
    kept = Document(
        document.title, document.name, document.identity, document.tags, shown, document.foot
    )
    given = pages.with_sources(kept, books) if full else kept
    content = print_content(given, books, style="letter")
    try:
        return typeset("document.typ", content)
    except typst.TypstError:
        content = _printable(content)
    try:
        return typeset("document.typ", content)
    except typst.TypstError:
        raise MultifocalError(
            "The PDF could not be set. Use the HTML form, and report this with the example."
        ) from None


def print_content(
    document: Document, books: Bibliography | None, *, style: Literal["letter", "text"]
) -> dict[str, Any]:
    """Give a document as plain values for the template: text as data, drawings as SVG."""
    setter = _Setter(document, books)
    return {
        "style": style,
        "title": document.title,
        "name": document.name,
        "tags": document.tags,
        "foot": document.foot,
        "identity": setter.line(document.identity),
        "pages": [
            {
                "title": page.title,
                "new": place == 1,
                "blocks": [setter.block(b) for b in page.blocks],
            }
            for place, page in enumerate(document.pages)
        ],
    }


class _Setter:
    """Turns blocks into values; a run leads only to what the document holds."""

    def __init__(self, document: Document, books: Bibliography | None) -> None:
        self.books = books
        self.targets = {id_ for page in document.pages for id_ in _targets(page)}

    def block(self, block: Block) -> dict[str, Any]:
        match block:
            case Heading(line=line, level=level):
                return {"is": "heading", "level": level, "runs": self.line(line)}
            case Text(line=line, role=role):
                return {"is": "text", "role": role, "runs": self.line(line)}
            case Items(items=items, ordered=ordered, ids=ids):
                return {
                    "is": "items",
                    "items": [self.line(item) for item in items],
                    "ordered": ordered,
                    "ids": ids,
                }
            case Pairs(rows=rows):
                return {"is": "pairs", "rows": [[name, self.line(line)] for name, line in rows]}
            case Figure():
                return _figure(block)
            case Table():
                return self.table(block)
            case Alarm(kind=kind, heading=heading, blocks=inside):
                blocks = [self.block(one) for one in inside]
                return {"is": "alarm", "kind": kind, "heading": heading, "blocks": blocks}
            case Columns(parts=parts, wide=wide):
                shown = [[self.block(one) for one in part] for part in parts]
                return {"is": "columns", "parts": shown, "wide": wide}
            case Part(title=title, blocks=inside):
                return {"is": "part", "title": title, "blocks": [self.block(b) for b in inside]}

    def table(self, table: Table) -> dict[str, Any]:
        rows = [
            {
                "id": row.id,
                "cells": [
                    _figure(cell) if isinstance(cell, Figure) else self.line(cell)
                    for cell in row.cells
                ],
            }
            for row in table.rows
        ]
        named = {"kind": table.kind, "caption": table.caption, "head": table.head}
        return {"is": "table", **named, "widths": words().widths.get(table.kind, ()), "rows": rows}

    def line(self, line: Line) -> list[dict[str, str]]:
        return [self.run(run) for run in line]

    def run(self, run: Run) -> dict[str, str]:
        inside = run.link.startswith("#")
        to = run.link[1:] if inside else f"fact-{run.facts[0]}" if run.facts else ""
        said = words().say["fact" if len(run.facts) == 1 else "facts_word"] if run.text else ""
        numbers = f" {said} {ranges(run.facts)}".rstrip() if run.facts and run.shown else ""
        ref = None if run.cite is None or self.books is None else self.books.cite(run.cite)
        source = "" if ref is None else f"source-{ref.number}"
        return {
            "text": run.text,
            "tone": run.tone,
            "to": to if to in self.targets else "",
            "link": "" if inside else run.link,
            "numbers": numbers if to in self.targets else "",
            "mark": "" if ref is None else f"{ref.number}{ref.mark}",
            "source": source if source in self.targets else "",
        }


def _targets(page: Page) -> set[str]:
    found: set[str] = set()
    for block in page.blocks:
        inside = block.blocks if isinstance(block, Part) else (block,)
        for one in inside:
            if isinstance(one, Table):
                found |= {row.id for row in one.rows if row.id}
            elif isinstance(one, Items):
                found |= set(one.ids)
    return found


def _figure(figure: Figure) -> dict[str, Any]:
    svg = figure.draw("print")
    named = {"alt": figure.alt, "caption": figure.caption, "wide": figure.wide}
    return {"is": "figure", "svg": svg, **named}


def _printable(value: Any) -> Any:
    """Give the same content with a mark for each letter that may have no glyph."""
    match value:
        case str():
            return "".join(map(_letter, value))
        case Mapping():
            return {key: _printable(item) for key, item in value.items()}
        case list() | tuple():
            return [_printable(item) for item in value]
        case _:
            return value


def _letter(letter: str) -> str:
    if ord(letter) <= LATIN or letter in _ours():
        return letter if category(letter)[0] in PLAIN or letter == "\n" else ""
    return "?" if category(letter)[0] in PLAIN else ""


@cache
def _ours() -> frozenset[str]:
    """Give the letters of our own texts, all of which have been seen to print."""
    said = (words().say, words().letter, words().unit)
    return frozenset("".join([*(text for part in said for text in part.values()), TYPOGRAPHY]))
