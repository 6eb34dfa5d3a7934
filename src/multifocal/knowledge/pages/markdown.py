"""Pieces of Markdown: text made safe, links, tables, citations."""

import re
from collections.abc import Iterable

from multifocal.knowledge.article import CERTAINTY, address
from multifocal.model.source import Citation, Source

NOTICE = (
    "<!-- Written by `multifocal knowledge pages` from the data files: change those instead. -->"
)


def safe(text: str) -> str:
    """Make a text stand for itself in Markdown, in a table too.

    >>> safe("10*9/L, <5 | [x]")
    '10\\\\*9/L, &lt;5 \\\\| \\\\[x\\\\]'
    """
    text = " ".join(text.split())
    return re.sub(r"([*|\[\]`])", r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;"))


def code(text: str) -> str:
    """Set a text as code, in a table too."""
    return f"`{' '.join(text.split()).replace('`', chr(39)).replace('|', '¦')}`"


def anchor(title: str) -> str:
    """Give the anchor of a heading, as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Give a table; cells must be safe already."""
    head = list(columns)
    lines = [head, ["---"] * len(head), *(list(row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def page(title: str, *parts: str) -> str:
    """Give a whole page; empty parts are left out."""
    return "\n\n".join((NOTICE, f"# {title}", *(part for part in parts if part))) + "\n"


def cite(citation: Citation | None) -> str:
    """Give a citation that leads to its source: place and certainty beside it."""
    if citation is None:
        return "**no source**"
    at = f", {safe(citation.at)}" if citation.at else ""
    note = f"; {safe(citation.note)}" if citation.note else ""
    link = f"[{citation.id}](sources.md#{anchor(citation.id)})"
    return f"{link}{at} ({CERTAINTY[citation.certainty]}{note})"


def outside(source: Source) -> str:
    """Give the way to a source itself: a link, if it is a secure one; empty when none is known."""
    where = re.sub(r"[\s<>()\"`]", lambda found: f"%{ord(found[0]):02X}", address(source))
    return f"<{where}>" if where.startswith("https://") else code(where) if where else ""
