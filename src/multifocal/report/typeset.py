"""Documents set by typst: accessible PDFs, and nothing of them kept."""

import json
from functools import cache
from importlib.resources import files
from typing import Literal

import typst

STANDARD: Literal["ua-1"] = "ua-1"
"""PDF/UA-1, the standard of accessible PDF: typst refuses to write what does not meet it."""
KEPT_FOR = 12
"""Documents after which typst has dropped what an earlier one left; it drops at ten."""


def typeset(template: str, content: object) -> bytes:
    """Give a PDF of a template of ours; its content reaches typst as data, never as markup.

    Raises `typst.TypstError`, for one when a letter is in no font.
    """
    pdf = typst.compile(
        _template(template),
        format="pdf",
        pdf_standards=[STANDARD],
        sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
        timestamp=0,
    )
    assert isinstance(pdf, bytes)  # noqa: S101 # one document, no output path
    return pdf


def forget() -> None:
    """Make typst forget the documents it set; a process that goes on must not gather them.

    It keeps what it worked out until so many later documents did not need it.
    """
    for _ in range(KEPT_FOR):
        typst.compile(b"", format="svg")


@cache
def _template(name: str) -> bytes:
    return (files("multifocal.report") / "templates" / name).read_bytes()
