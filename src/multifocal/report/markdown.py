"""A text of ours in Markdown as a document, and as a PDF: the article, treatment."""

import re
from collections.abc import Iterator
from functools import cache

import typst
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from multifocal.model.issue import MultifocalError
from multifocal.report.document import (
    Block,
    Document,
    Heading,
    Items,
    Line,
    Page,
    Row,
    Run,
    Table,
    Text,
)
from multifocal.report.pdf import print_content
from multifocal.report.typeset import typeset

MARK = re.compile(r"\[(\d+)([dmj]?)\]")
"""The mark of a source: ``[3]``, ``[3m]``."""
TARGETS = re.compile(r"^\[\d+[dmj]?\]: \S+\n?", re.MULTILINE)
"""Lines that say where a mark leads; in print it leads to the list of sources at the end."""


def render(text: str, *, foot: str) -> bytes:
    """Give Markdown as PDF/UA-1. ``foot`` stands at the foot of every page.

    Raises `MultifocalError` when a letter of the text is in no font of ours.
    """
    content = print_content(document(text, foot=foot), None, style="text")
    try:
        return typeset("document.typ", content)
    except typst.TypstError:
        raise MultifocalError("The PDF could not be set. Print the page instead.") from None


def document(text: str, *, foot: str) -> Document:
    """Compose a document of Markdown: its first heading is its title, its last list the sources."""
    nodes = _tree(text).children
    title = next((_plain(node) for node in nodes if node.tag == "h1"), "multifocal")
    lists = [node for node in nodes if node.type == "ordered_list"]
    sources = lists[-1] if lists else None
    blocks = tuple(_block(node, sources) for node in nodes if node.tag != "h1")
    return Document(title, "", (), (), (Page("text", title, blocks),), (foot,))


def _tree(text: str) -> SyntaxTreeNode:
    escaped = MARK.sub(r"\\[\1\2\\]", TARGETS.sub("", text))
    return SyntaxTreeNode(_parser().parse(escaped))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _plain(node: SyntaxTreeNode) -> str:
    return "".join(run.text for run in _runs(node))


def _block(node: SyntaxTreeNode, sources: SyntaxTreeNode | None) -> Block:
    match node.type:
        case "heading":
            return Heading(_runs(node), int(node.tag[1]))
        case "bullet_list" | "ordered_list":
            items = tuple(_item(one) for one in node.children)
            ids = tuple(f"source-{n}" for n in range(1, len(items) + 1)) if node is sources else ()
            return Items(items, node.type == "ordered_list", ids)
        case "table":
            head, *body = (part.children for part in node.children)
            rows = tuple(Row(tuple(map(_runs, row.children))) for part in body for row in part)
            names = tuple(map(_plain, head[0].children))
            return Table("text", "", names, rows)
        case _:
            return Text(_runs(node))


def _item(node: SyntaxTreeNode) -> Line:
    """Give an item as one line; a list inside it follows in the same words."""
    return tuple(run for child in node.children for run in (*_runs(child), Run(" ")))[:-1]


def _runs(node: SyntaxTreeNode, *, strong: bool = False) -> Line:
    return tuple(_found(node, strong=strong))


def _found(node: SyntaxTreeNode, *, strong: bool) -> Iterator[Run]:
    """Give the words of a block: text, whether it is bold, and where it or its mark leads."""
    for child in node.children:
        match child.type:
            case "text":
                yield from _marked(child.content, strong=strong)
            case "softbreak" | "hardbreak":
                yield Run(" ")
            case "link":
                yield Run(_plain(child), link=str(child.attrs["href"]))
            case _:
                yield from _found(child, strong=strong or child.type == "strong")


def _marked(text: str, *, strong: bool) -> Iterator[Run]:
    last = 0
    for mark in MARK.finditer(text):
        yield Run(text[last : mark.start()], "strong" if strong else "")
        yield Run(mark[1] + mark[2], "mark", link=f"#source-{mark[1]}")
        last = mark.end()
    yield Run(text[last:], "strong" if strong else "")
