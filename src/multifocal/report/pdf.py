"""The work-up as a PDF: the page's content set by typst, tagged, with links inside."""

from functools import cache
from unicodedata import category

import msgspec
import typst

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment
from multifocal.model.issue import MultifocalError
from multifocal.report import figures
from multifocal.report.arrange import arrange
from multifocal.report.sheet import Sheet
from multifocal.report.typeset import typeset
from multifocal.report.words import words

PLAIN = frozenset({"L", "N", "P", "S", "Z"})
"""First letters of the Unicode categories that can be printed."""
LATIN = 0x024F
"""Last letter that every font of ours has; above it a glyph may be missing."""
TYPOGRAPHY = "≤≥≠\N{EN DASH}\N{RIGHT SINGLE QUOTATION MARK}"


def render(assessment: Assessment, *, knowledge: Knowledge) -> bytes:
    """Give the PDF. Text reaches typst as data, never as markup.

    A name in letters that no font on this machine has is printed with question marks, since the
    standard does not allow a letter that can't be shown; the HTML page shows it in full.
    """
    content = _content(assessment, knowledge)
    try:
        return typeset("page.typ", content)
    except typst.TypstError:
        content = _printable(content)
    try:
        return typeset("page.typ", content)
    except typst.TypstError:
        raise MultifocalError(
            "The PDF could not be set. Use the HTML form, and report this with the example."
        ) from None


def _content(assessment: Assessment, knowledge: Knowledge) -> object:
    sheet = arrange(assessment, knowledge=knowledge)
    scale, rows = figures.timeline(sheet, theme="print")
    conditions = () if sheet.differential is None else sheet.differential.conditions
    return {
        "sheet": _told(sheet),
        "say": dict(words().say),
        "hands": figures.hands(assessment, knowledge=knowledge, theme="print"),
        "body": figures.body(assessment, knowledge=knowledge, theme="print"),
        "scale": scale,
        "rows": rows,
        "scores": [figures.score(criteria, theme="print") for criteria in sheet.criteria],
        "stands": [figures.stand(one, theme="print") for one in conditions],
        "moves": [
            [figures.move(one, theme="print") for one in (*each.speaks_for, *each.speaks_against)]
            for each in conditions
        ],
        "labs": [figures.lab(lab, theme="print") for lab in sheet.labs],
    }


def _told(sheet: Sheet) -> object:
    """Give the sheet as plain values; what only drawings need is left out."""
    slim = msgspec.structs.replace(
        sheet,
        timeline=tuple(msgspec.structs.replace(row, bars=()) for row in sheet.timeline),
        labs=tuple(msgspec.structs.replace(lab, points=()) for lab in sheet.labs),
    )
    return msgspec.to_builtins(slim)


def _printable(value: object) -> object:
    """Give the same content with a mark for each letter that may have no glyph."""
    match value:
        case str():
            return "".join(map(_letter, value))
        case dict():
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
    return frozenset("".join([*words().say.values(), *words().unit.values(), TYPOGRAPHY]))
