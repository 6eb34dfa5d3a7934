"""The text of an attached document, and the language that it is in.

Whatever is attached, the answer is its text or why there is none; nothing raises, and time and
memory are bounded by the size of what was sent.
"""

import base64
import html
import io
import logging
import re
import struct
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any, NamedTuple

import msgspec

from multifocal.exchange.cache import cached
from multifocal.knowledge.load import Knowledge

LARGEST = 10_000_000
"""Bytes of a document that is read."""
PAGES = 50
PDF_LIMITS: Mapping[str, Any] = {
    "zlib_maximum_output_length": 5_000_000,
    "lzw_maximum_output_length": 5_000_000,
    "run_length_maximum_output_length": 5_000_000,
    "array_based_stream_maximum_output_length": 5_000_000,
    "stream_decoding_work_maximum_length": 20_000_000,
    "stream_parsing_work_maximum_count": 200_000,
}
"""What one part of a PDF may grow to."""
FIRST = 2_000
"""Characters by which a kind of document or a script is told."""
FEW_WORDS = 8
MOST_WORDS = 20_000
SHARE = 0.3
"""So many of the letters may be of another script."""
BREAK = "\x1f"
"""Between the lines of one cell."""
UNREAD: Sequence[tuple[str, tuple[bytes, ...], tuple[str, ...]]] = (
    ("is an image", (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*"), ("image/",)),
    ("is an image", (), ("application/dicom", "video/")),
    ("is a recording", (), ("audio/",)),
    (
        "is a word-processor file or an archive",
        (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"),
        (),
    ),
    ("is JSON, which is no report", (), ("application/json", "application/fhir")),
)
"""Why a document is not read, by how it begins and by what it is said to be."""
_HIDDEN = frozenset({"script", "style", "head", "template", "del", "s", "strike"})
_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd div dl dt fieldset footer form h1"
    " h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table tbody tfoot thead tr"
    " ul".split()
)
_CELLS = frozenset({"td", "th"})
_TAG = re.compile(r"(/?)([a-zA-Z][\w:-]{0,30})((?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+)>")
_COMMENT = re.compile(r"<!--.*?-->|<[!?][^<>]*>", re.DOTALL)
_RTF = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)",
    re.DOTALL,
)
_ASIDE = frozenset(
    "fonttbl colortbl stylesheet info pict object header headerl headerr footer footerl footerr"
    " themedata listtable listoverridetable rsidtbl generator xmlnstbl fldinst bkmkstart".split()
)
"""Groups of RTF that hold no text of the document."""
_SAYS: Mapping[str, str] = {
    **dict.fromkeys(("par", "line", "row", "sect", "page"), "\n"),
    **dict.fromkeys(("cell", "tab", "nestcell"), "\t"),
    **dict.fromkeys(("emdash", "endash"), "-"),
    **dict.fromkeys(("lquote", "rquote"), "'"),
    "bullet": "-",
    "super": "^",
}
_SIGNS: Mapping[str, str] = {"~": " ", "_": "-", "-": "", "*": "", "\n": "\n", "\r": "\n"}
_CODE_PAGES = frozenset("437 850 852 866 932 936 949 950".split()) | {*map(str, range(1250, 1259))}
_STRUCK = frozenset({"strike", "striked", "v", "deleted"})
_LINES = re.compile(r"\r\n?|\\\.br\\")
_WRAPPED = re.compile(r"(?<=[^\n]{49}[^\s.:;!?])\n(?=[a-z(])")
"""The end of a line that is full, before one that goes on."""
_NUMBER = re.compile(r"[<>]?\s*\d[\d.,]*")
_WORD = re.compile(r"[^\W\d_]+")
_BOXES: Mapping[str, re.Pattern[str]] = {
    r"\[\s?\]|\[[xX\u2713\u2714]\]": re.compile(r"\[[\sxX\u2713\u2714]?\]"),
    r"[\u2610-\u2612\u2713\u2714]": re.compile(r"[\u2610-\u2612]"),
    r"\(\s?\)|\([xX]\)": re.compile(r"\(\s\)"),
    r"[\u25a0\u25a1]": re.compile(r"\u25a1[^\u25a0]*\u25a0|\u25a0[^\u25a1]*\u25a1"),
    r"\b_+[xX]_+|__+": re.compile(r"\b_+[xX]_+"),
}
"""What ticked and empty boxes look like, and what tells that they are boxes."""
_BOX_LIKE = re.compile(r"[\[\u2610-\u2612\u25a0\u25a1]|\(\s\)|_[xX]")
"""Without one of these there is no box that is sure to be one."""
_UNTICKED = re.compile(r"\[\s?\]|\(\s?\)|[\u2610\u25a1]|__+")
_BEYOND = re.compile(r"(?<=[.;])\s+|\s{3,}|\t")
"""Where what an empty box belongs to ends at the latest."""
_ANSWER = re.compile(r"yes|no|none|nil|y|n|unknown|absent|negative|present|normal", re.IGNORECASE)
_SPELLED: Mapping[str, str] = {"y": "yes", "n": "no"}


class Unreadable(msgspec.Struct, frozen=True):
    """Why a document gave no text, without anything of what is in it."""

    reason: str


def text_of(content_type: str, data: bytes | str) -> str | Unreadable:
    """Give the text of a document; a `str` is its Base64. Cells of a table are kept apart."""
    if len(data) > LARGEST * 4 / 3:
        return Unreadable("is too large to be read")
    if isinstance(data, str):
        try:
            data = base64.b64decode("".join(data.split()), validate=True)
        except ValueError:
            return Unreadable("is not the Base64 that it should be")
    kind, _, parameters = content_type.strip().casefold().partition(";")
    for reason, starts, kinds in UNREAD:
        if data.startswith(starts) or kind.startswith(kinds):
            return Unreadable(reason)
    found = _read(kind, data, parameters)
    if isinstance(found, Unreadable):
        return found
    rows = (_row(line) for line in found.split("\n"))
    text = _WRAPPED.sub(" ", "\n".join(row for row in rows if row))
    return text or Unreadable("holds no text")


def _read(kind: str, data: bytes, parameters: str) -> str | Unreadable:
    if data.startswith(b"%PDF"):
        return _pdf(data)
    if data.startswith(b"{\\rtf"):
        return _rtf(data.decode("latin-1"))
    text = _decoded(data, parameters)
    if isinstance(text, Unreadable):
        return text
    begun = text[:FIRST].casefold()
    if "html" in kind or (begun.lstrip().startswith("<") and ("<html" in begun or "<div" in begun)):
        return _html(text)
    if kind.endswith("xml") or begun.lstrip().startswith("<?xml"):
        return Unreadable("is XML, such as CDA")
    if not kind or kind.startswith("text/"):
        return _LINES.sub("\n", text)
    return Unreadable("is of a kind that is not read")


def _decoded(data: bytes, parameters: str) -> str | Unreadable:
    """Give the characters: by the mark at the beginning, as it says itself, else by what fits."""
    named = re.findall(r"charset=\"?([\w-]{1,40})", parameters)
    marked = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else []
    for codec in (*marked, *named, "utf-8-sig", "cp1252"):
        try:
            text = data.decode(codec)
        except (LookupError, ValueError):
            continue
        if "\x00" not in text:
            return text.removeprefix("\ufeff")
    return Unreadable("is not text")


def _row(line: str) -> str:
    """Write the cells of a row as a sentence has them: what it is, then what is said of it.

    >>> _row("Fever\\tno"), _row("CRP\\t12\\tmg/L\\thigh")
    ('Fever: no.', 'CRP: 12 mg/L, high')
    """
    cells = [cell for part in line.split("\t") if (cell := part.strip(f" \r{BREAK}"))]
    if len(cells) < 2:
        return "".join(cells).replace(BREAK, "\n")
    row = cells[0]
    for before, cell in pairwise(cells):
        joint = ", " if row != before else ": "
        if before[-1] in ".:)-" or _NUMBER.fullmatch(before):
            joint = " "
        row += joint + cell
    return row.replace(BREAK, "; ") + ("." if _ANSWER.fullmatch(cells[-1]) else "")


def _html(text: str) -> str | Unreadable:
    """Give what a page shows; what is struck out, scripts and styles are left out."""
    out: list[str] = []
    hidden, in_cell = "", False
    if text.find("<!--", max(text.rfind("-->"), 0)) >= 0:
        return Unreadable("is a page that is cut off")
    for at, chunk in enumerate(_COMMENT.sub("", text).split("<")):
        tag = _TAG.match(chunk) if at else None
        if tag:
            name = tag[2].casefold()
            if hidden:
                hidden = "" if tag[1] and name == hidden else hidden
            elif name in _HIDDEN and not tag[1] and not tag[3].endswith("/"):
                hidden = name
            in_cell = not tag[1] if name in _CELLS else in_cell and name != "tr"
            if not hidden:
                out.append(_shown(name, tag[3], is_end=bool(tag[1]), in_cell=in_cell))
            chunk = chunk[tag.end() :]
        elif at:
            chunk = "<" + chunk
        if not hidden:
            out.append(" ".join(html.unescape(f".{chunk}.").split())[1:-1])
    return Unreadable("is a page that is cut off") if hidden else "".join(out)


def _shown(name: str, attributes: str, *, is_end: bool, in_cell: bool) -> str:
    """Give what stands for a tag in plain text."""
    if name in _CELLS:
        return "" if is_end else "\t"
    if name == "sup" and not is_end:
        return "^"
    if name == "input":
        return "[x] " if re.search(r"\bchecked\b", attributes, re.IGNORECASE) else "[ ] "
    if name in _BLOCKS:
        return BREAK if in_cell else "\n"
    return ""


class _Style(NamedTuple):
    """What holds inside a group of RTF."""

    aside: bool = False
    hidden: bool = False
    after: int = 1
    """Characters behind a Unicode sign that stand for it where it is not known."""


def _rtf(text: str) -> str:
    """Give the text of RTF; what is struck out, hidden or aside is left out."""
    out: list[str] = []
    stack: list[_Style] = []
    style, codec, skipped, at = _Style(), "cp1252", 0, 0
    while (mark := _RTF.match(text, at)) is not None:
        at = mark.end()
        word, number, byte, sign, brace, run = mark.groups()
        said = _said(mark, codec)
        if byte or run:
            said, skipped = said[skipped:], max(skipped - len(said), 0)
        else:
            skipped = 0
        if brace == "{":
            stack.append(style)
        elif brace:
            style = stack.pop() if stack else _Style()
        elif word == "bin":
            at += max(int(number or 0), 0)
        elif word == "ansicpg":
            codec = f"cp{number}" if number in _CODE_PAGES else codec
        elif word or sign == "*":
            style = _styled(style, word or sign, number)
            skipped = style.after if word == "u" else 0
        if said and not style.aside and not style.hidden:
            out.append(said)
    return "".join(out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _said(mark: re.Match[str], codec: str) -> str:
    word, number, byte, sign, _, run = mark.groups()
    if word == "u":
        return chr(int(number or 0) % 0x10000)
    if word:
        return _SAYS.get(word, "")
    if byte:
        return bytes([int(byte, 16)]).decode(codec, "replace")
    return _SIGNS.get(sign, sign) if sign else run or ""


def _styled(style: _Style, word: str, number: str | None) -> _Style:
    if word in _ASIDE:
        return style._replace(aside=True)
    if word in _STRUCK:
        return style._replace(hidden=number != "0")
    if word == "plain":
        return style._replace(hidden=False)
    return style._replace(after=int(number or 1)) if word == "uc" else style


def _pdf(data: bytes) -> str | Unreadable:
    # Imported here, and only here: few records hold a PDF, and it takes as long as a work-up.
    import pypdf
    from pypdf.errors import FileNotDecryptedError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)  # it may say what it met
    faults = (PyPdfError, ArithmeticError, AttributeError, LookupError, OSError, RuntimeError)
    others = (AssertionError, EOFError, TypeError, ValueError, struct.error, zlib.error)
    try:
        with pypdf.apply_configuration(**PDF_LIMITS):
            pages = pypdf.PdfReader(io.BytesIO(data)).pages
            if len(pages) > PAGES:
                return Unreadable("has more pages than are read")
            return "\n".join(page.extract_text() for page in pages)
    except FileNotDecryptedError:
        return Unreadable("is a PDF under a password")
    except (*faults, *others):
        return Unreadable("is a PDF that is broken or too large")


@cached(most=2048)
def ticked(text: str) -> str:
    """Give a form's text with only what is ticked on it; any other text as it is.

    >>> ticked("[ ] Lytic lesion  [x] Sclerosis"), ticked("Fever: ( ) yes (x) no")
    ('Sclerosis', 'Fever: no.')
    >>> ticked("Fever Yes [ ] No [x]"), ticked("\u2610 Mass. Growing since May.")
    ('Fever: No.', 'Growing since May.')
    """
    if (box := _box(text)) is None:
        return text
    lines = (_ticked(line, box) if box.search(line) else line for line in text.split("\n"))
    return "\n".join(lines)


def _box(text: str) -> re.Pattern[str] | None:
    """Give what boxes look like in a text; round ones and bullets need one to tell them by."""
    if not _BOX_LIKE.search(text):
        return None
    styles = [style for style, sure in _BOXES.items() if sure.search(text)]
    return re.compile("|".join(styles)) if styles else None


def _ticked(line: str, box: re.Pattern[str]) -> str:
    """Give what is ticked on a line, behind the question that stands before the boxes."""
    boxes = list(box.finditer(line))
    ends = [one.start() for one in boxes[1:]]
    label, rest = line[: boxes[0].start()].strip(" :"), line[boxes[-1].end() :]
    items = [line[one.end() : end] for one, end in zip(boxes, [*ends, len(line)], strict=True)]
    if label and not rest.strip(" .;,"):  # each box stands behind its item
        question, _, answer = label.rpartition(" ")
        label, first = (question, answer) if _ANSWER.fullmatch(answer) else ("", label)
        items = [first, *items[:-1]]
    said, left = [], []
    for one, item in zip(boxes, items, strict=True):
        if _UNTICKED.fullmatch(one[0]):
            left.append(_BEYOND.split(item, maxsplit=1)[1] if _BEYOND.search(item) else "")
        else:
            said.append(item.strip(" ;,"))
    said = [_SPELLED.get(item.casefold(), item) for item in said]
    question = f"{label.strip(' :')}: " if label and said else ""
    stop = "." if question and _ANSWER.fullmatch(said[-1]) else ""
    parts = (question + "; ".join(said) + stop, *left)
    return " ".join(part for part in parts if part.strip())


def language_of(text: str, knowledge: Knowledge) -> str | None:
    """Give the language of a text (`en`, `de`, ...) by its commonest words; `None`: none we know.

    A few words that are of no language alone count as English, which notes in shorthand are.
    """
    letters = [] if text.isascii() else [one for one in text[:FIRST] if one.isalpha()]
    foreign = sum("LATIN" not in unicodedata.name(one, "LATIN") for one in letters)
    if foreign > SHARE * len(letters):
        return None
    languages = _languages_of(knowledge)
    if text.isascii():
        words = _WORD.findall(text.casefold())[:MOST_WORDS]
    else:
        words = [mark[0].casefold() for mark in islice(_WORD.finditer(text), MOST_WORDS)]
    votes = Counter[str]()
    for word, count in Counter(filter(languages.__contains__, words)).items():
        for language in languages[word]:
            votes[language] += count
    if votes:
        return max(votes, key=lambda one: (votes[one], one == "en"))
    known = sum(word in _english_of(knowledge) for word in words)
    return "en" if len(words) < FEW_WORDS or known > SHARE * len(words) else None


@lru_cache(maxsize=4)
def _english_of(knowledge: Knowledge) -> frozenset[str]:
    """Give the words of the phrases, which are English."""
    patterns = (words for phrase in knowledge.phrases for words in phrase.words)
    return frozenset(word for pattern in patterns for word in _WORD.findall(pattern))


@lru_cache(maxsize=4)
def _languages_of(knowledge: Knowledge) -> Mapping[str, tuple[str, ...]]:
    """Give the languages of each common word."""
    words = defaultdict[str, list[str]](list)
    for language in knowledge.languages:
        for word in language.words:
            words[word].append(language.id)
    return {word: tuple(ones) for word, ones in words.items()}
