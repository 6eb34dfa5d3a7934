"""Markdown of ours as HTML; marks of sources become links to the list of sources."""

import re
from functools import partial

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

from multifocal.knowledge.article import CERTAINTY, MARK

MARKS = re.compile(r"\s*\[(\d+)([dmj]?)\]")
SURE = {MARK[certainty]: words for certainty, words in CERTAINTY.items()}
PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")


def html(markdown: str, *, lower: int = 1, listed: str = "") -> SafeString:
    """Give Markdown as HTML, its headings ``lower`` by so many levels; raw HTML is shown as text.

    ``listed`` is the page whose list of sources the marks lead to; empty for the same page.

    >>> html("Bones ache [2m].")
    '<p>Bones ache<sup class="ref"><a href="#source-2" aria-label="source 2, from memory, \
not read yet">2m</a></sup>.</p>\\n'
    """
    tokens = PARSER.parse(markdown)
    for token in tokens:
        _adapt(token, lower)
    made: str = PARSER.renderer.render(tokens, PARSER.options, {})
    return SafeString(MARKS.sub(partial(_mark, listed), made))


def text(markdown: str) -> str:
    """Give the words of Markdown alone, without marks.

    >>> text("**Pain** is the _main_ sign [1] [2j].")
    'Pain is the main sign.'
    """
    inline = [token for token in PARSER.parse(markdown) if token.type == "inline"]
    parts = ("".join(child.content for child in token.children or ()) for token in inline)
    return " ".join(MARKS.sub("", " ".join(parts)).split())


def _adapt(token: Token, lower: int) -> None:
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{int(token.tag[1]) + lower}"
    elif token.type == "table_open":
        token.attrSet("class", "facts")


def _mark(listed: str, found: re.Match[str]) -> str:
    number, letter = found.groups()
    label = f"source {number}, {SURE[letter]}" if letter else f"source {number}"
    link = f'<a href="{listed}#source-{number}" aria-label="{label}">{number}{letter}</a>'
    return f'<sup class="ref">{link}</sup>'
