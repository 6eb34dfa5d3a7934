"""Markdown of ours as HTML; marks of sources become links to the list of sources."""

import re
from collections.abc import Iterator
from functools import partial

import msgspec
from django.utils.html import format_html
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

MARKS = re.compile(r"\s*\[(\d+)([dmj]?)\]")
"""The mark of a source and the blank before it: `` [3]``, `` [3m]``."""
TARGETS = re.compile(r"^\[\d+[dmj]?\]: \S+\n?", re.MULTILINE)
"""Lines that say where a mark leads; on a page it leads to the list of sources."""
REF = '<a class="ref"'
PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
TABLE = '<div class="table" role="region" aria-label="Table {number}" tabindex="0"><table>'
"""A wide table scrolls by itself, and by keyboard too."""


class Heading(msgspec.Struct, frozen=True):
    """A heading of the second level: where it is and what it says."""

    id: str
    title: str


class Page(msgspec.Struct, frozen=True):
    """A text as HTML without its first heading, and what it contains."""

    title: str
    body: SafeString
    contents: tuple[Heading, ...]


def html(markdown: str, *, lower: int = 1, listed: str = "") -> SafeString:
    """Give Markdown as HTML, its headings ``lower`` by so many levels; raw HTML is shown as text.

    ``listed`` is the page whose list of sources the marks lead to; empty for the same page.

    >>> html("Bones ache [2m].")
    '<p>Bones ache<a class="ref" href="#source-2" aria-label="source 2m">2m</a>.</p>\\n'
    """
    tokens = PARSER.parse(markdown)
    for token in tokens:
        _adapt(token, lower)
    return SafeString(_marked(_rendered(tokens), listed))


def text(markdown: str) -> str:
    """Give the words of Markdown alone, without marks.

    >>> text("**Pain** is the _main_ sign [1] [2j].")
    'Pain is the main sign.'
    """
    inline = [token for token in PARSER.parse(markdown) if token.type == "inline"]
    parts = ("".join(child.content for child in token.children or ()) for token in inline)
    return " ".join(MARKS.sub("", " ".join(parts)).split())


def page(markdown: str) -> Page:
    """Give a whole text as a page: headings with ids, its own list of sources led to by marks."""
    escaped = re.sub(r"\[(\d+[dmj]?)\]", r"\\[\1\\]", TARGETS.sub("", markdown))
    tokens = PARSER.parse(escaped)
    headings = list(_named(tokens))
    title = tokens[1].content if tokens and tokens[0].tag == "h1" else ""
    body = _rendered(tokens[3:] if title else tokens)
    contents = tuple(one for tag, one in headings if tag == "h2")
    return Page(title, SafeString(_listed(_scrolling(body), contents)), contents)


def ref(number: int, letter: str, *, listed: str = "") -> SafeString:
    """Give the mark of a source, a link to it in a list; letters are explained at that list."""
    mark = f"{number}{letter}"
    link = ' href="{}#source-{}" aria-label="source {}">{}</a>'
    return format_html(REF + link, listed, number, mark, mark)


def _adapt(token: Token, lower: int) -> None:
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{int(token.tag[1]) + lower}"
    elif token.type == "table_open":
        token.attrSet("class", "facts")


def _rendered(tokens: list[Token]) -> str:
    made: str = PARSER.renderer.render(tokens, PARSER.options, {})
    return made


def _marked(made: str, listed: str = "") -> str:
    """Make links of marks; a line may break between two of them, not before the first."""
    return MARKS.sub(partial(_mark, listed), made).replace(f"</a>{REF}", f"</a><wbr>{REF}")


def _mark(listed: str, found: re.Match[str]) -> str:
    number, letter = found.groups()
    return ref(int(number), letter, listed=listed)


def _named(tokens: list[Token]) -> Iterator[tuple[str, Heading]]:
    """Give each heading below the first level an id that no other has."""
    taken: set[str] = set()
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag != "h1":
            said = tokens[place + 1].content
            plain = re.sub(r"[^a-z0-9]+", "-", said.lower()).strip("-") or "part"
            found, count = plain, 1
            while found in taken:
                count += 1
                found = f"{plain}-{count}"
            taken.add(found)
            token.attrSet("id", found)
            yield token.tag, Heading(found, said)


def _scrolling(body: str) -> str:
    first, *tables = body.replace("</table>", "</table></div>").split("<table>")
    return first + "".join(
        f"{TABLE.format(number=number)}{table}" for number, table in enumerate(tables, start=1)
    )


def _listed(body: str, contents: tuple[Heading, ...]) -> str:
    """Let marks lead to the list under the last heading, and let that list be led to."""
    told, head, sources = body.rpartition(f'<h2 id="{contents[-1].id}">') if contents else ("",) * 3
    if "<ol>" not in sources:
        return body
    for number in range(1, sources.count("<li>") + 1):
        sources = sources.replace("<li>", f'<li id="source-{number}">', 1)
    led = re.sub(r"&lt;(https://[^&\s]+)&gt;", r'<a href="\1">\1</a>', sources)
    return _marked(told) + head + led
