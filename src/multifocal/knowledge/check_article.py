"""What must hold for the public article: every name known, every topic told, no bare figure."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import get_args

from multifocal.knowledge.article import blocks, pages_for
from multifocal.knowledge.check_figures import Fault
from multifocal.knowledge.entries import Audience, Entries
from multifocal.knowledge.figures import FigureError
from multifocal.knowledge.references import PATTERN, Reference, Target, references, targets, words

NAME = re.compile(r"(?<!\w)[A-Za-z][A-Za-z./:-]*\d[\w.:/-]*")
"""A name with a digit in it, such as T1 or M86.341: it is no figure."""

COUNTING = re.compile(
    r"\b(three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty"
    r"|seventy|eighty|ninety|hundred|thousand|million|half|quarters?|dozen|per ?cent)\b",
    re.IGNORECASE,
)
"""Figures in words."""


def article_faults(knowledge: Entries) -> Iterator[Fault]:
    """Give every fault of the article, and of what the topics say in our words."""
    known = targets(knowledge)
    for page in knowledge.article:
        file = f"article/{page.audience}/{page.id}"
        for message in bare_figures(page.title):
            yield Fault(file, page.title, message)
        for block in blocks(page.text):
            for message in bare_figures(block):
                yield Fault(file, page.title, message)
            for one in references(block):
                if (wrong := _wrong(one, block, known, knowledge)) is not None:
                    yield Fault(file, one.name, wrong)
    for topic in knowledge.topics:
        for message in bare_figures(f"{topic.why_they_differ} {topic.not_found}"):
            yield Fault("topics.toml", topic.id, message)
    if knowledge.article:
        yield from _sections(knowledge)
        yield from _untold(knowledge)


def bare_figures(text: str) -> Iterator[str]:
    """Give what prose must not hold: figures, in digits or words, and braces that name nothing.

    >>> list(bare_figures("About {bone_pain|in10} children, M86.341, T1"))
    []
    >>> [fault.split(";")[0] for fault in bare_figures("About half, or 50%.")]
    ["a figure is written out: '50%.'", "a figure is written out: 'half'"]
    """
    rest = PATTERN.sub("", text)
    for brace in re.findall(r"[{}].{0,30}", rest):
        yield f"a brace that names nothing: {brace!r}"
    rest = NAME.sub("", re.sub(r"^\d+\. ", "", rest, flags=re.MULTILINE))
    for found in (*re.findall(r"\S*[\d%]\S*", rest), *COUNTING.findall(rest)):
        yield f"a figure is written out: {found!r}; name a statement instead"


def _wrong(
    one: Reference, block: str, known: Mapping[str, Target], knowledge: Entries
) -> str | None:
    if one.name not in known:
        close = get_close_matches(one.name, known, n=1)
        return "is unknown" + (f". Did you mean {close[0]!r}?" if close else "")
    if one.form == "table" and not PATTERN.fullmatch(block):
        return "a table stands alone in its paragraph"
    try:
        words(one, known[one.name], knowledge)
    except FigureError as fault:
        return str(fault)
    return None


def _sections(knowledge: Entries) -> Iterator[Fault]:
    ids = {
        audience: [page.id for page in pages_for(audience, knowledge)]
        for audience in get_args(Audience)
    }
    first, *others = ids.values()
    if any(other != first for other in others):
        yield Fault("article", "", f"the versions have different sections: {ids}")
    for name in sorted({name for name in first if first.count(name) > 1}):
        yield Fault("article", name, "is there more than once")


def _untold(knowledge: Entries) -> Iterator[Fault]:
    pages = pages_for("clinician", knowledge)
    named = {one.name for page in pages for one in references(page.text)}
    for topic in knowledge.topics:
        mine = {one.id for one in knowledge.statements if one.topic == topic.id} | {topic.id}
        if not mine & named:
            yield Fault("topics.toml", topic.id, "the article for clinicians never speaks of it")
