"""All pages together: what stands where, the links between them, the index."""

import re
from collections.abc import Mapping
from typing import get_args

from multifocal.knowledge.article import markdown
from multifocal.knowledge.catalogue import Listed, catalogue, is_named, kinds, users
from multifocal.knowledge.entries import Audience, ConceptEntry
from multifocal.knowledge.load import Knowledge
from multifocal.knowledge.pages.entries import Links, blocks, rows
from multifocal.knowledge.pages.markdown import NOTICE, anchor, page, safe
from multifocal.knowledge.pages.plan import ELSEWHERE, MORE, MOST_ROWS, PLAN, Page
from multifocal.knowledge.pages.publications import certainty, gaps, sources, statements

ARTICLE: Mapping[Audience, str] = {"family": "for families", "clinician": "for clinicians"}


def pages(knowledge: Knowledge) -> Mapping[str, str]:
    """Give every page by its file's name."""
    everything = catalogue(knowledge)
    listed = tuple(one for one in everything if not _is_medicine(one))
    by_kind = kinds(listed)
    plan = _plan(by_kind)
    titles = _titles(plan, by_kind)
    links = Links(_places(plan, by_kind, titles), titles)
    used = users(listed)
    found = {f"{one.name}.md": _page(one, by_kind, knowledge, links, used) for one in plan}
    found["statements.md"] = statements(knowledge)
    for audience in get_args(Audience):
        found[f"article-{audience}.md"] = f"{NOTICE}\n\n{markdown(audience, knowledge)}"
    found["sources.md"] = sources(knowledge, listed, used)
    found["certainty.md"] = certainty(everything)
    found["not-verified.md"] = gaps(knowledge, listed, links)
    return {"README.md": _index(plan, by_kind), **found}


def _is_medicine(one: Listed) -> bool:
    """Whether an entry is there to recognise a medicine: treatment has no place in these pages."""
    return isinstance(one.entry, ConceptEntry) and one.entry.kind == "treatment"


def _plan(by_kind: Mapping[str, tuple[Listed, ...]]) -> tuple[Page, ...]:
    """Give the pages; a kind that none of them names gets its place on one page more."""
    planned = {kind for one in PLAN for kind in one.kinds} | ELSEWHERE
    more = tuple(kind for kind in by_kind if kind not in planned)
    extra = (Page(MORE.name, MORE.title, MORE.about, more),) if more else ()
    return (*PLAN, *extra)


def _titles(
    plan: tuple[Page, ...], by_kind: Mapping[str, tuple[Listed, ...]]
) -> Mapping[tuple[str, str], str]:
    """Give each entry's heading: its id, with its kind where a heading of the page has that."""
    found: dict[tuple[str, str], str] = {}
    for each in plan:
        taken = {each.title.lower(), *(_heading(kind).lower() for kind in each.kinds)}
        for kind in each.kinds:
            for one in by_kind.get(kind, ()):
                if not one.is_row:
                    title = one.id
                    if title.lower() in taken:
                        title = f"{one.id} ({kind.replace('_', ' ')})"
                    taken.add(title.lower())
                    found[kind, one.id] = title
    return found


def _places(
    plan: tuple[Page, ...],
    by_kind: Mapping[str, tuple[Listed, ...]],
    titles: Mapping[tuple[str, str], str],
) -> Mapping[tuple[str, str], str]:
    """Give each entry's address: of its heading, or of its page when it is a row of a table."""
    found = {
        (kind, one.id): f"{each.name}.md"
        + ("" if one.is_row else f"#{anchor(titles[kind, one.id])}")
        for each in plan
        for kind in each.kinds
        for one in by_kind.get(kind, ())
        if is_named(one)
    }
    found |= {("topic", one.id): f"statements.md#{anchor(one.id)}" for one in by_kind["topic"]}
    for one in by_kind["statement"]:
        topic = getattr(one.entry, "topic", "")
        found["statement", one.id] = f"statements.md#{anchor(topic)}"
    found |= {("source", one.id): f"sources.md#{anchor(one.id)}" for one in by_kind["source"]}
    return found


def _page(
    one: Page,
    by_kind: Mapping[str, tuple[Listed, ...]],
    knowledge: Knowledge,
    links: Links,
    used: Mapping[str, tuple[Listed, ...]],
) -> str:
    parts = [one.about]
    there = [kind for kind in one.kinds if kind in by_kind]
    for kind in there:
        if len(there) > 1:
            parts.append(f"## {_heading(kind)}")
        if len(by_kind[kind]) > MOST_ROWS:
            parts.append(
                f"{len(by_kind[kind])} rows, in `{by_kind[kind][0].file}`, each with its source;"
                " `multifocal knowledge show ID` shows those of one condition."
            )
        elif by_kind[kind][0].is_row:
            parts.append(rows(by_kind[kind], links))
        else:
            parts += blocks(by_kind[kind], knowledge, links, used)
    return _near(one.name, page(one.title, *parts))


def _near(name: str, text: str) -> str:
    """Shorten the links that lead to the page on which they stand."""
    text = text.replace(f"]({name}.md#", "](#")
    return re.sub(rf"\[([^\]]+)\]\({name}\.md\)", r"`\1`", text)


def _heading(kind: str) -> str:
    """Give the heading of a kind: a word that no entry has for its id."""
    return f"Every {kind.replace('_', ' ')}"


def _several(kind: str) -> str:
    word = kind.replace("_", " ")
    if word.endswith("y"):
        return f"{word.removesuffix('y')}ies"
    return word if word.endswith("a") else f"{word}s"


def _index(plan: tuple[Page, ...], by_kind: Mapping[str, tuple[Listed, ...]]) -> str:
    lines = []
    for one in plan:
        counts = [f"{len(by_kind[kind])} {_several(kind)}" for kind in one.kinds if kind in by_kind]
        lines.append(f"- [{one.title}]({one.name}.md): {', '.join(counts)}. {safe(one.about)}")
    lines.append(
        f"- [Statements](statements.md): {len(by_kind['statement'])} values from publications,"
        f" under {len(by_kind['topic'])} topics; contradictions side by side."
    )
    for audience, words in ARTICLE.items():
        lines.append(f"- [The article {words}](article-{audience}.md), as the public reads it.")
    lines.append(f"- [Sources](sources.md): {len(by_kind['source'])}, with their addresses.")
    lines.append("- [Certainty, counted](certainty.md): how sure we are, file by file.")
    lines.append("- [Not verified yet](not-verified.md): what is still open.")
    return page(
        "What the program knows",
        "All entries of `src/multifocal/knowledge/data`, written out by `make docs`. From any"
        " number two clicks lead to the literature: its source on these pages, and the address"
        " there."
        " The same is in the terminal: `multifocal knowledge show ID`. How the files are made:"
        " [data files](../data-files.md).",
        "\n".join(lines),
    )
