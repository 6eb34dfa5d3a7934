"""Prints a document as HTML: what comes from the record is escaped and isolated."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from markupsafe import Markup, escape

from multifocal.model.source import Citation
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
    Row,
    Run,
    Table,
    Text,
    ranges,
)
from multifocal.report.sources import Bibliography
from multifocal.report.templating import drawn, template
from multifocal.report.words import words

TONES: Mapping[str, str] = {
    "strong": "<strong>{}</strong>",
    "quiet": '<span class="fine">{}</span>',
    "alarm": '<strong class="outside">{}</strong>',
    "outside": '<span class="outside">{}</span>',
    "tag": '<span class="tag">{}</span>',
    "mark": "<sup>{}</sup>",
}
PARENT = {3: "h3", 4: "h4", 2: "h2"}


class Frame(msgspec.Struct, frozen=True):
    """What a site adds to the page. Its own policy then says what the page may load."""

    nonce: str
    """By which the policy knows the page's own styles."""
    head: str
    """Markup for the end of the head."""
    bar: str
    """Markup to stand above the page."""


def render(document: Document, books: Bibliography, *, frame: Frame | None = None) -> str:
    """Give the page: its first page open, what stands behind it folded.

    Without a ``frame`` it is a file by itself, and its policy forbids to load anything.
    """
    first, *behind = document.pages
    page = template("document.html.jinja").render(
        document=document,
        head=None if frame is None else drawn(frame.head),
        bar="" if frame is None else drawn(frame.bar),
        identity=_line(document.identity, books),
        first=_blocks(first.blocks, books),
        first_id=first.id,
        behind=[(one, _page(one, books)) for one in behind],
        say=words().say,
    )
    if frame is None:
        return page
    # Drawings bring styles of their own; a text of the record can't hold this, it is escaped.
    return page.replace("<style>", f'<style nonce="{frame.nonce}">')


def _page(page: Page, books: Bibliography) -> Markup:
    return _blocks(page.blocks, books)


def _blocks(blocks: Iterable[Block], books: Bibliography) -> Markup:
    return Markup("\n").join(_block(block, books) for block in blocks)


def _block(block: Block, books: Bibliography) -> Markup:
    match block:
        case Heading(line=line, level=level):
            return _tag(PARENT[level], _line(line, books))
        case Text(line=line, role=role):
            return _tag("p", _line(line, books), role)
        case Items(items=items, ordered=ordered, ids=ids):
            return _tag("ol" if ordered else "ul", _items(items, ids, books))
        case Pairs(rows=rows):
            return _tag("dl", Markup("\n").join(_pair(name, line, books) for name, line in rows))
        case Figure():
            return _figure(block)
        case Table():
            return _table(block, books)
        case Alarm(kind=kind, heading=heading, blocks=inside):
            title = _tag("p", escape(heading), "alarm-head")
            return _tag("div", title + _blocks(inside, books), f"alarm {kind}")
        case Columns(parts=parts, wide=wide):
            columns = Markup("").join(_tag("div", _blocks(part, books)) for part in parts)
            return _tag("div", columns, "beside wide" if wide else "beside")
        case Part(id=id_, title=title, blocks=inside):
            name = Markup('<h2 id="{}-h">{}</h2>').format(id_, title)
            opened = Markup('<section id="{0}" aria-labelledby="{0}-h">').format(id_)
            content = _tag("div", _blocks(inside, books), "content")
            return opened + name + content + Markup("</section>")


def _tag(name: str, content: Markup, kind: str = "") -> Markup:
    attribute = Markup(' class="{}"').format(kind) if kind else ""
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), attribute, content)  # noqa: S704 # ours


def _items(items: Sequence[Line], ids: Sequence[str], books: Bibliography) -> Markup:
    names = [Markup(' id="{}"').format(id_) for id_ in ids] or [Markup("")] * len(items)
    return Markup("\n").join(
        Markup("<li{}>{}</li>").format(name, _line(item, books))
        for name, item in zip(names, items, strict=True)
    )


def _pair(name: str, line: Line, books: Bibliography) -> Markup:
    return Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, _line(line, books))


def _figure(figure: Figure) -> Markup:
    drawing = drawn(figure.draw("screen"))
    if not figure.wide:
        return _tag("div", drawing, "plot") if drawing else drawing
    caption = _tag("figcaption", escape(figure.caption)) if figure.caption else Markup("")
    return _tag("figure", drawing + caption)


def _table(table: Table, books: Bibliography) -> Markup:
    # A small screen shows rows as blocks, which would hide from a listener that this is a table.
    heads = Markup("").join(
        Markup('<th scope="col" role="columnheader">{}</th>').format(one) for one in table.head
    )
    rows = Markup("\n").join(_row(row, books) for row in table.rows)
    return Markup(
        '<table class="{}" role="table"><caption>{}</caption><thead role="rowgroup"><tr role="row">'
        '{}</tr></thead><tbody role="rowgroup">{}</tbody></table>'
    ).format(table.kind, table.caption, heads, rows)


def _row(row: Row, books: Bibliography) -> Markup:
    id_ = Markup(' id="{}"').format(row.id) if row.id else ""
    return Markup('<tr role="row"{}>{}</tr>').format(id_, Markup("").join(_cells(row, books)))


def _cells(row: Row, books: Bibliography) -> Iterator[Markup]:
    for place, cell in enumerate(row.cells):
        inside = _figure(cell) if isinstance(cell, Figure) else _line(cell, books)
        if place == 0:
            yield Markup('<th scope="row" role="rowheader">{}</th>').format(inside)
        else:
            yield Markup('<td role="cell">{}</td>').format(inside)


def _line(line: Line, books: Bibliography) -> Markup:
    return Markup("").join(_run(run, books) for run in line)


def _run(run: Run, books: Bibliography) -> Markup:
    text = escape(run.text)
    if run.foreign:
        text = _tag("bdi", text)
    if run.link:
        outward = Markup("") if run.link.startswith("#") else Markup(' rel="noreferrer"')
        text = Markup('<a href="{}"{}>{}</a>').format(run.link, outward, text)
    elif run.facts and run.text:
        text = Markup('<a class="value" href="#fact-{}">{}</a>').format(run.facts[0], text)
    if run.tone and run.text:
        text = Markup(TONES[run.tone]).format(text)  # noqa: S704 # ours
    if run.facts and run.shown:
        text += _numbers(run.facts, named=bool(run.text))
    return text if run.cite is None else text + _ref(run.cite, books)


def _numbers(facts: Sequence[int], *, named: bool) -> Markup:
    said = words().say["fact" if len(facts) == 1 else "facts_word"] + " " if named else ""
    return Markup(' <a class="fine" href="#fact-{}">{}{}</a>').format(facts[0], said, ranges(facts))


def _ref(citation: Citation, books: Bibliography) -> Markup:
    ref = books.cite(citation)
    return Markup(
        '<sup class="ref"><a href="#source-{0}" title="{1}" aria-label="{1}">{0}{2}</a></sup>'
    ).format(ref.number, ref.words, ref.mark)
