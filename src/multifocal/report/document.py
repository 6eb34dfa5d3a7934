"""A text of ours in Markdown as a PDF: set by typst, tagged, with links inside.

For the article and what else is written by us; a work-up has a form of its own (`report.pdf`).
"""

import re
from functools import cache
from typing import Any

import typst
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from multifocal.model.issue import MultifocalError
from multifocal.report.typeset import typeset

MARK = re.compile(r"\[(\d+)([dmj]?)\]")
"""The mark of a source: ``[3]``, ``[3m]``."""
TARGETS = re.compile(r"^\[\d+[dmj]?\]: \S+\n?", re.MULTILINE)
"""Lines that say where a mark leads; in print it leads to the list of sources at the end."""


def render(text: str, *, foot: str) -> bytes:
    """Give Markdown as PDF/UA-1. ``foot`` stands at the foot of every page.

    Raises `MultifocalError` when a letter of the text is in no font of ours.
    """
    content = {"blocks": _blocks(_tree(text)), "foot": foot}
    try:
        return typeset("document.typ", content)
    except typst.TypstError:
        raise MultifocalError("The PDF could not be set. Print the page instead.") from None


def _tree(text: str) -> SyntaxTreeNode:
    escaped = MARK.sub(r"\\[\1\2\\]", TARGETS.sub("", text))
    return SyntaxTreeNode(_parser().parse(escaped))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _blocks(parent: SyntaxTreeNode) -> list[dict[str, Any]]:
    return [_block(node) for node in parent.children]


def _block(node: SyntaxTreeNode) -> dict[str, Any]:
    match node.type:
        case "heading":
            return {"is": "heading", "level": int(node.tag[1]), "runs": _runs(node)}
        case "bullet_list" | "ordered_list":
            ordered = node.type == "ordered_list"
            items = [_blocks(one) for one in node.children]
            return {"is": "list", "ordered": ordered, "items": items}
        case "table":
            head, *body = (part.children for part in node.children)
            rows = [row for part in body for row in part]
            return {
                "is": "table",
                "head": [_runs(cell) for cell in head[0].children],
                "rows": [[_runs(cell) for cell in row.children] for row in rows],
            }
        case _:
            return {"is": "paragraph", "runs": _runs(node)}


def _runs(node: SyntaxTreeNode, *, strong: bool = False) -> list[dict[str, Any]]:
    """Give the words of a block: text, whether it is bold, and where it or its mark leads."""
    found: list[dict[str, Any]] = []
    for child in node.children:
        match child.type:
            case "text":
                found += _marked(child.content, strong=strong)
            case "softbreak" | "hardbreak":
                found.append({"text": " "})
            case "link":
                said = "".join(run["text"] for run in _runs(child))
                found.append({"text": said, "link": str(child.attrs["href"])})
            case _:
                found += _runs(child, strong=strong or child.type == "strong")
    return found


def _marked(text: str, *, strong: bool) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    last = 0
    for mark in MARK.finditer(text):
        found.append({"text": text[last : mark.start()], "strong": strong})
        found.append({"text": mark[1] + mark[2], "source": int(mark[1])})
        last = mark.end()
    return [*found, {"text": text[last:], "strong": strong}]
