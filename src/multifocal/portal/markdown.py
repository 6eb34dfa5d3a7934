"""Markdown of ours as HTML: headings with ids, source marks that lead to the list of sources."""

import re
from functools import cache

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token

MARK = re.compile(r"\[(\d+)([dmj]?)\]")
"""The mark of a source: ``[3]``, ``[3m]``."""


TABLE = '<div class="table" role="region" aria-label="Table {number}" tabindex="0"><table>'
"""A wide table scrolls by itself, and by keyboard too."""


class Heading(msgspec.Struct, frozen=True):
    """A heading of the second level: where it is and what it says."""

    id: str
    title: str


class Html(msgspec.Struct, frozen=True):
    """A text as HTML without its first heading, and what it contains."""

    title: str
    body: str
    contents: tuple[Heading, ...]


def html(text: str) -> Html:
    """Give a page of Markdown as HTML; HTML inside it is shown as text."""
    env: dict[str, object] = {}
    tokens = _parser().parse(MARK.sub(r"\\[\1\2\\]", _without_targets(text)), env)
    title, taken, contents = "", set[str](), []
    kept: list[Token] = []
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            said = tokens[place + 1].content
            if token.tag == "h1":
                title = said
            else:
                token.attrSet("id", _id(said, taken))
                if token.tag == "h2":
                    contents.append(Heading(str(token.attrGet("id")), said))
        kept.append(token)
    body = _parser().renderer.render(_beyond_title(kept), _parser().options, env)
    first, *tables = body.replace("</table>", "</table></div>").split("<table>")
    body = first + "".join(
        f"{TABLE.format(number=number)}{table}" for number, table in enumerate(tables, start=1)
    )
    return Html(title, _linked(body, contents), tuple(contents))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _without_targets(text: str) -> str:
    """Leave out the lines that say where a mark leads: here it leads to the list of sources."""
    return re.sub(r"^\[\d+[dmj]?\]: \S+\n?", "", text, flags=re.MULTILINE)


def _beyond_title(tokens: list[Token]) -> list[Token]:
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        return tokens[3:]
    return tokens


def _id(said: str, taken: set[str]) -> str:
    """Give an id that no other heading has."""
    plain = re.sub(r"[^a-z0-9]+", "-", said.lower()).strip("-") or "part"
    found, count = plain, 1
    while found in taken:
        count += 1
        found = f"{plain}-{count}"
    taken.add(found)
    return found


def _linked(body: str, contents: list[Heading]) -> str:
    """Let marks lead to the list under the last heading, and let that list be led to."""
    text, head, sources = body.rpartition(f'<h2 id="{contents[-1].id}">') if contents else ("",) * 3
    if "<ol>" not in sources:
        return body
    found = MARK.sub(r'<sup class="ref"><a href="#source-\1">\1\2</a></sup>', text)
    for number in range(1, sources.count("<li>") + 1):
        sources = sources.replace("<li>", f'<li id="source-{number}">', 1)
    return found + head + re.sub(r"&lt;(https://[^&\s]+)&gt;", r'<a href="\1">\1</a>', sources)
