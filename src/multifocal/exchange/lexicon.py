"""Phrases of clinical language found in a sentence: patterns of words over tokens, from data.

A pattern is words parted by spaces: ``a|b`` is either, ``a?`` may be left out, ``..`` stands for
up to four words with no comma among them, ``...`` for up to four words, ``#`` for a number, and
``@concept`` for every name of a concept. Spelling is made one on both sides: British and American,
singular and plural.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")
TOKEN = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+(?:['\u2019][^\W\d_]+)?|[^\w\s]")
NUMBER = "#"
GAPS = {"..": ",;.", "...": ";."}
"""Signs for other words, and what may not stand among those."""
WIDEST_GAP = 4
_SUPERSCRIPTS = str.maketrans(
    "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079", "0123456789"
)
_POWER = re.compile(r"10([\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+)")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_LIGATURES = (("oe", "e"), ("ae", "e"), ("our", "or"), ("ysis", "yse"), ("isation", "ization"))
SHORTEST_SPELLED = 4
ARTICLES = frozenset({"a", "an", "the"})
COUNTS = (
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_COUNTED = {word: str(number) for number, word in enumerate(COUNTS, start=2)}
_TIMES = frozenset({"year", "month", "week", "day", "hour"})


ABBREVIATED = {"neg": "negative", "pos": "positive", "abx": "antibiotics"}
NEGATORS = frozenset({"no", "without", "nor", "non"})
"""What a gap does not reach over after a comma: "lytic, no sclerosis" is not "lytic sclerosis"."""


class Token(NamedTuple):
    """One word, number or mark, with its place in the folded sentence."""

    word: str
    start: int
    end: int

    @property
    def is_number(self) -> bool:
        """Whether it is a number."""
        return self.word[0].isdecimal()

    @property
    def is_word(self) -> bool:
        """Whether it is made of letters."""
        return self.word[0].isalpha()


class Pattern(NamedTuple):
    """What one written pattern finds: for each step the runs of words that fit it."""

    steps: tuple[Mapping[str, tuple[tuple[str, ...], ...]], ...]
    """The runs by their first word."""
    gaps: Mapping[int, str]
    """Steps before which up to four other words may stand, but none of these marks."""
    optional: frozenset[int]


class Found(NamedTuple, Generic[T]):
    """A phrase in a sentence: what it means, and the tokens it is made of."""

    meaning: T
    tokens: frozenset[int]
    """Those of its own words; what stands in a gap is not among them."""

    @property
    def start(self) -> int:
        """Its first token."""
        return min(self.tokens)

    @property
    def end(self) -> int:
        """The token after its last."""
        return max(self.tokens) + 1


def folded(text: str) -> str:
    """Give a text in lower case with one kind of dash, powers written with a caret.

    >>> folded("WBC 12 \u00d7 10\u2079/L \u2013 High")
    'wbc 12 \u00d7 10^9/l - high'
    """
    text = _POWER.sub(lambda power: "10^" + power[1].translate(_SUPERSCRIPTS), text)
    return _DASHES.sub("-", unicodedata.normalize("NFC", text)).casefold()


def spelled(word: str) -> str:
    """Give the spelling that stands for all of a word's.

    >>> spelled("oedemas"), spelled("tumour"), spelled("biopsies"), spelled("masses")
    ('edema', 'tumor', 'biopsy', 'mass')
    """
    word = ABBREVIATED.get(word, word)
    if len(word) >= SHORTEST_SPELLED:
        for before, after in _LIGATURES:
            word = word.replace(before, after)
        if word.endswith("ies"):
            word = word[:-3] + "y"
        elif word.endswith(("sses", "ches", "shes", "xes", "nuses")):
            word = word[:-2]
        elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
            word = word[:-1]
    return word


def tokens_of(sentence: str) -> list[Token]:
    """Part a folded sentence into tokens, counts in words as numbers.

    Articles and hyphens inside words are left out.

    >>> [token.word for token in tokens_of("for two weeks")]
    ['for', '2', 'week']
    """
    found: list[Token] = []
    marks = list(TOKEN.finditer(sentence))
    for at, mark in enumerate(marks):
        if mark[0] == "-" and 0 < at < len(marks) - 1:
            before, after = marks[at - 1], marks[at + 1]
            if before.end() == mark.start() and mark.end() == after.start():
                continue
        if mark[0] in ARTICLES:
            continue
        found.append(Token(spelled(mark[0].replace("\u2019", "'")), mark.start(), mark.end()))
    return _counted(found)


def _counted(tokens: list[Token]) -> list[Token]:
    """Write counts in words as numbers; "one" only before a time: elsewhere it may be anyone."""
    counted: list[Token] = []
    for at, token in enumerate(tokens):
        number = _COUNTED.get(token.word)
        if token.word == "one" and at + 1 < len(tokens) and tokens[at + 1].word in _TIMES:
            number = "1"
        counted.append(token if number is None else token._replace(word=number))
    return counted


def words_of(text: str) -> tuple[str, ...]:
    """Give the words of a name as they stand in a sentence."""
    return tuple(token.word for token in tokens_of(folded(text)))


def pattern_of(written: str, classes: Mapping[str, Iterable[str]]) -> Pattern:
    """Make a written pattern ready to be found; ``classes`` are the names behind ``@``."""
    steps: list[Mapping[str, tuple[tuple[str, ...], ...]]] = []
    gaps: dict[int, str] = {}
    optional = set()
    for part in written.split():
        if part in GAPS:
            gaps[len(steps)] = GAPS[part]
            continue
        is_optional = part.endswith("?") and len(part) > 1
        part = part.removesuffix("?") if is_optional else part
        runs: set[tuple[str, ...]] = set()
        for way in part.split("|"):
            names = classes[way[1:]] if way.startswith("@") else (way,)
            runs |= {(NUMBER,) if name == NUMBER else words_of(name) for name in names}
        if not runs - {()}:
            continue
        if is_optional:
            optional.add(len(steps))
        begun = groupby(sorted(runs - {()}), key=itemgetter(0))
        steps.append({word: tuple(ways) for word, ways in begun})
    return Pattern(tuple(steps), gaps, frozenset(optional))


class Lexicon(Generic[T]):
    """Patterns with their meanings, by the words that they can begin with."""

    def __init__(self, entries: Iterable[tuple[Pattern, T]]) -> None:
        """Index the patterns."""
        self._begun: dict[str, list[tuple[Pattern, T]]] = defaultdict(list)
        for pattern, meaning in entries:
            for word in _beginnings(pattern):
                self._begun[word].append((pattern, meaning))

    def found(self, tokens: Sequence[Token], fits: Callable[[T], bool]) -> list[Found[T]]:
        """Give the phrases of a sentence in order; what a longer one is made of is left out.

        ``fits`` tells which meanings can be meant here at all.
        """
        every: list[Found[T]] = []
        for at, token in enumerate(tokens):
            begun = self._begun.get(token.word, [])
            if token.is_number:
                begun = begun + self._begun.get(NUMBER, [])
            for pattern, meaning in begun:
                if not fits(meaning):
                    continue
                taken = _longest(pattern, 0, tokens, at)
                if taken:
                    every.append(Found(meaning, frozenset(taken)))
        return _outermost(every)


def _beginnings(pattern: Pattern) -> Iterator[str]:
    for at, step in enumerate(pattern.steps):
        yield from step
        if at not in pattern.optional:
            return


def _longest(
    pattern: Pattern, step: int, tokens: Sequence[Token], at: int
) -> tuple[int, ...] | None:
    """Give the tokens that the rest of a pattern takes from here, as many as it can."""
    if step == len(pattern.steps):
        return ()
    best: tuple[int, ...] | None = None
    widest = WIDEST_GAP if step in pattern.gaps and step else 0
    for start in range(at, min(at + widest + 1, len(tokens))):
        for run in _begun(pattern.steps[step], tokens[start]):
            if not _fits(run, tokens, start):
                continue
            rest = _longest(pattern, step + 1, tokens, start + len(run))
            if rest is None:
                continue
            taken = (*range(start, start + len(run)), *rest)
            if best is None or len(taken) > len(best):
                best = taken
        if best is not None or tokens[start].word in pattern.gaps.get(step, ""):
            break
        if tokens[start].word in NEGATORS and start and tokens[start - 1].word == ",":
            break
    if best is None and step in pattern.optional:
        return _longest(pattern, step + 1, tokens, at)
    return best


def _begun(
    step: Mapping[str, tuple[tuple[str, ...], ...]], token: Token
) -> tuple[tuple[str, ...], ...]:
    """Give the runs of a step that can begin with a token."""
    runs = step.get(token.word, ())
    return runs + step.get(NUMBER, ()) if token.is_number else runs


def _fits(run: tuple[str, ...], tokens: Sequence[Token], start: int) -> bool:
    if start + len(run) > len(tokens):
        return False
    return all(
        tokens[start + n].word == word or (word == NUMBER and tokens[start + n].is_number)
        for n, word in enumerate(run)
    )


def _outermost(every: Sequence[Found[T]]) -> list[Found[T]]:
    """Leave out what is made of some of the words of a longer phrase."""
    by_token: dict[int, list[Found[T]]] = defaultdict(list)
    for one in every:
        for token in one.tokens:
            by_token[token].append(one)
    kept = [
        one for one in every if not any(one.tokens < other.tokens for other in by_token[one.start])
    ]
    return sorted(kept, key=lambda one: (one.start, one.end))
