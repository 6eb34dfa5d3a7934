"""Phrases of clinical language found in a sentence: patterns of words over tokens, from data.

A pattern is words parted by spaces: ``a|b`` is either, ``a?`` may be left out, ``..`` stands for
up to four words with no comma among them, ``...`` for up to four words, ``#`` for a number, and
``@concept`` for every name of a concept. Spelling is made one on both sides: British and American,
singular and plural. A pattern is looked for only where its rarest words are.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import pairwise
from operator import attrgetter, itemgetter
from typing import Generic, NamedTuple, TypeVar

from multifocal.exchange.cache import cached

T = TypeVar("T")
_LETTERS = r"[^\W\d_]+(?:'[^\W\d_]+)?"
_PART = rf"{_LETTERS}|\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:[.,]\d+)?|\n"
MARK = re.compile(rf"{_PART}|[^\w\s]")
"""A word, a number, or a mark of a text."""
WORD = re.compile(rf"{_PART}|[^\w\s-]|(?<!\S)-|-(?!\S)")
"""The same without the hyphens inside words."""
NUMBER = "#"
GAPS = {"..": ",;.", "...": ";."}
"""Signs for other words, and what may not stand among those."""
WIDEST_GAP = 4
FEW = 4
"""So few words are looked up one by one."""
_FOLDED = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
    | {"\u00ba": "\u00b0", "\u00df": "ss", "\u2019": "'"}
)
_POWER = re.compile(r"10([\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+)")
_SHORT = (
    ("won't", "will not"), ("Won't", "Will not"), ("can't", "can not"), ("Can't", "Can not"),
    ("n't", " not"),
)  # fmt: skip
_LIGATURES = (("oe", "e"), ("ae", "e"), ("our", "or"), ("ysis", "yse"), ("isation", "ization"))
SHORTEST_SPELLED = 4
SPAN = attrgetter("start", "end")
ARTICLES = frozenset({"a", "an", "the"})
COUNTS = (
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_COUNTED = {word: str(number) for number, word in enumerate(COUNTS, start=2)}
_TIMES = frozenset({"year", "month", "week", "day", "hour"})
_LONG_TIMES = frozenset({"year", "month"})
_VAGUE = {
    "one": ("1", _TIMES),
    "several": ("3", _LONG_TIMES | {"day"}),
    "many": ("3", _LONG_TIMES),
    "few": ("3", _TIMES),
}
"""Numbers only before a time: "one" may be anyone; "several months" are three, so a long time."""
ABBREVIATED = {"neg": "negative", "pos": "positive", "abx": "antibiotics"}
AS_WRITTEN = frozenset({"patients"})
"""Plurals that say something else than their singular: not this child, but others."""
COMMON = frozenset(
    "after also and any as at be been before by can child could did do does for from had has have"
    " he her his if in into is it its like may more most new next no not of on only or other out"
    " over patient she so some such than that their then there they this time to up was we were"
    " when which while who will with without would year".split()
)
"""Words that most texts hold: a pattern is looked for by another of its words, if it has one."""
NEGATORS = frozenset({"no", "without", "nor", "non"})
"""What a gap does not reach over after a comma: "lytic, no sclerosis" is not "lytic sclerosis"."""


class Step(NamedTuple):
    """One place in a pattern."""

    runs: Mapping[str, tuple[tuple[str, ...], ...]]
    """The runs of words that fit it, by their first word."""
    not_over: str | None
    """Marks that may not stand among the up to four other words before it; `None`: no others."""
    is_optional: bool


Pattern = tuple[Step, ...]


class Found(NamedTuple, Generic[T]):
    """A phrase in a sentence: what it means, and the tokens it is made of."""

    meaning: T
    tokens: frozenset[int]
    """Those of its own words; what stands in a gap is not among them."""
    start: int
    """Its first token."""
    end: int
    """The token after its last."""


def plain(text: str) -> str:
    """Give a text without accents and short forms of "not", with one kind of dash and of powers.

    >>> plain("WBC 12 \u00d7 10\u2079/L \u2013 H\u00f6he")
    'WBC 12 \u00d7 10^9/L - Hohe'
    """
    if not text.isascii():
        text = _POWER.sub(lambda power: "10^" + unicodedata.normalize("NFKC", power[1]), text)
        decomposed = unicodedata.normalize("NFKD", text.translate(_FOLDED))
        text = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    if "n't" in text:
        for short, long in _SHORT:
            text = text.replace(short, long)
    return text


def folded(text: str) -> str:
    """Give a text as `plain` does, in lower case."""
    return plain(text).casefold()


@cached(most=16384)
def spelled(word: str) -> str:
    """Give the spelling that stands for all of a word's, and the number of a count in words.

    >>> spelled("oedemas"), spelled("tumour"), spelled("biopsies"), spelled("masses")
    ('edema', 'tumor', 'biopsy', 'mass')
    """
    word = ABBREVIATED.get(word, word)
    if len(word) >= SHORTEST_SPELLED and word not in AS_WRITTEN:
        for before, after in _LIGATURES:
            word = word.replace(before, after)
        if word.endswith("ies"):
            word = word[:-3] + "y"
        elif word.endswith(("sses", "ches", "shes", "xes", "nuses")):
            word = word[:-2]
        elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
            word = word[:-1]
    return _COUNTED.get(word, word)


@cached(most=16384)
def _token(word: str) -> str:
    """Give the token of a word; empty for an article."""
    return "" if word in ARTICLES else spelled(word)


def tokens_of(sentence: str) -> list[str]:
    """Part a folded sentence into words, numbers and marks, counts in words as numbers.

    Articles and hyphens inside words are left out.

    >>> tokens_of("for two weeks")
    ['for', '2', 'week']
    """
    found = list(filter(None, map(_token, WORD.findall(sentence))))
    if not _VAGUE.keys().isdisjoint(found):
        for at, (word, after) in enumerate(pairwise(found)):
            if word in _VAGUE and after in _VAGUE[word][1]:
                found[at] = _VAGUE[word][0]
    return found


def spans_of(sentence: str) -> list[tuple[int, int]]:
    """Give where each token of a sentence begins and ends."""
    return [mark.span() for mark in WORD.finditer(sentence) if mark[0].lower() not in ARTICLES]


@cached(most=16384)
def words_of(text: str) -> tuple[str, ...]:
    """Give the words of a name as they stand in a sentence."""
    return tuple(tokens_of(folded(text)))


def pattern_of(written: str, classes: Mapping[str, Iterable[str]]) -> Pattern:
    """Make a written pattern ready to be found; ``classes`` are the names behind ``@``."""
    steps: list[Step] = []
    not_over: str | None = None
    for part in written.split():
        if part in GAPS:
            not_over = GAPS[part]
            continue
        is_optional = part.endswith("?") and len(part) > 1
        runs: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for way in (part[:-1] if is_optional else part).split("|"):
            for name in classes[way[1:]] if way.startswith("@") else (way,):
                if run := (NUMBER,) if name == NUMBER else words_of(name):
                    runs[run[0]] += [run] if run not in runs[run[0]] else []
        if runs:
            begun = {word: tuple(sorted(ways)) for word, ways in runs.items()}
            steps.append(Step(begun, not_over if steps else None, is_optional))
            not_over = not_over if is_optional else None
    return tuple(steps)


class _Entry(NamedTuple, Generic[T]):
    """A pattern with what it means."""

    pattern: Pattern
    meaning: T
    group: int
    first: frozenset[str]
    """Words that it can begin with."""
    takes: Callable[[Pattern, int, Sequence[str], int], Sequence[int] | None] | None
    """What finds its tokens from one on; `None` where it is a single word."""


Needed = tuple[frozenset[str], ...]


class Lexicon(Generic[T]):
    """Patterns with their meanings, by the rarest words that they need."""

    def __init__(self, *groups: Iterable[tuple[Pattern, T]]) -> None:
        """Index the patterns; those of one group neither hide those of another nor are hidden."""
        self._groups = len(groups)
        self._entries: list[_Entry[T]] = []
        needing: dict[str, dict[Needed, set[int]]] = defaultdict(lambda: defaultdict(set))
        written = [(*entry, group) for group, part in enumerate(groups) for entry in part]
        common = Counter(
            word for pattern, _, _ in written for step in pattern for word in step.runs
        )
        for pattern, meaning, group in written:
            needed = sorted(_needed(pattern), key=lambda ways: sum(_cost(w, common) for w in ways))
            for word in needed[0]:
                needing[word][tuple(needed[1:])].add(len(self._entries))
            first = frozenset(_beginnings(pattern))
            takes = None if len(pattern) == 1 else _row
            takes = takes if _is_plain(pattern) else _longest
            self._entries.append(_Entry(pattern, meaning, group, first, takes))
        self._needing = {word: tuple(rest.items()) for word, rest in needing.items()}
        """By the rarest word of patterns: what else they need, and which they are."""

    def that(self, matter: Callable[[T], bool]) -> frozenset[int]:
        """Give the numbers of the patterns whose meanings matter."""
        return frozenset(n for n, entry in enumerate(self._entries) if matter(entry.meaning))

    def may_be(self, words: Set[str]) -> set[int]:
        """Give the numbers of the patterns all of whose needed words are among these."""
        found: set[int] = set()
        needing = self._needing
        for word in needing.keys() & words:
            for others, numbers in needing[word]:
                for ways in others:
                    if ways.isdisjoint(words):
                        break
                else:
                    found |= numbers
        return found

    def every(self, words: Sequence[str], may_be: Iterable[int]) -> list[list[Found[T]]]:
        """Give all phrases of a sentence, each group apart, with what is only part of another."""
        places: dict[str, list[int]] = {}
        for at, word in enumerate(words):
            places.setdefault(word, []).append(at)
            if word[0].isdecimal():
                places.setdefault(NUMBER, []).append(at)
        found: list[list[Found[T]]] = [[] for _ in range(self._groups)]
        for number in sorted(may_be):
            pattern, meaning, group, first, takes = self._entries[number]
            for word in first if len(first) < FEW else first & places.keys():
                for at in places.get(word, ()):
                    if takes is None:
                        found[group].append(Found(meaning, frozenset((at,)), at, at + 1))
                    elif taken := takes(pattern, 0, words, at):
                        whole = frozenset(taken)
                        found[group].append(Found(meaning, whole, taken[0], taken[-1] + 1))
        return found

    def found(self, words: Sequence[str]) -> list[Found[T]]:
        """Give the phrases of a sentence in order; what a longer one is made of is left out."""
        every = self.every(words, self.may_be(different(words)))
        return [one for group in every for one in outermost(group)]


_FIRST = itemgetter(0)


def different(words: Iterable[str]) -> set[str]:
    """Give the different words of a sentence; `#` is among them where there is a number."""
    found = set(words)
    return {*found, NUMBER} if any(map(str.isdecimal, map(_FIRST, found))) else found


def _is_plain(pattern: Pattern) -> bool:
    """Whether it is single words in a row, none of them a number."""
    return all(
        step.not_over is None
        and not step.is_optional
        and NUMBER not in step.runs
        and all(runs == ((word,),) for word, runs in step.runs.items())
        for step in pattern
    )


def _row(pattern: Pattern, step: int, words: Sequence[str], at: int) -> Sequence[int] | None:
    """Give the tokens of a plain pattern that begins here."""
    if at + len(pattern) > len(words):
        return None
    for n, (runs, _, _) in enumerate(pattern, start=at):
        if words[n] not in runs:
            return None
    return range(at, at + len(pattern))


def _needed(pattern: Pattern) -> list[frozenset[str]]:
    """Give for each step that can't be left out the words of which one must be there."""
    must = [frozenset(step.runs) for step in pattern if not step.is_optional]
    return must or [frozenset(word for step in pattern for word in step.runs)]


def _cost(word: str, common: Mapping[str, int]) -> int:
    """Give how common a word is in texts, by how many patterns use it; numbers and marks are."""
    return common[word] + (len(common) if word in COMMON or not word[0].isalpha() else 0)


def _beginnings(pattern: Pattern) -> Iterator[str]:
    for step in pattern:
        yield from step.runs
        if not step.is_optional:
            return


def _longest(pattern: Pattern, step: int, words: Sequence[str], at: int) -> tuple[int, ...] | None:
    """Give the tokens that the rest of a pattern takes from here, as many as it can."""
    if step == len(pattern):
        return ()
    runs, not_over, is_optional = pattern[step]
    best: tuple[int, ...] | None = None
    for start in range(at, at + 1 + WIDEST_GAP if not_over else at + 1):
        if start >= len(words):
            break
        word = words[start]
        ways = runs.get(word, ())
        if NUMBER in runs and word[0].isdecimal():
            ways = (*ways, *runs[NUMBER])
        for run in ways:
            if len(run) > 1 and not _fits(run, words, start):
                continue
            rest = _longest(pattern, step + 1, words, start + len(run))
            if rest is not None and (best is None or len(run) + len(rest) > len(best)):
                best = (*range(start, start + len(run)), *rest)
        if best is not None or not not_over or word in not_over:
            break
        if word in NEGATORS and start and words[start - 1] == ",":
            break
    if best is None and is_optional:
        return _longest(pattern, step + 1, words, at)
    return best


def _fits(run: tuple[str, ...], words: Sequence[str], start: int) -> bool:
    return start + len(run) <= len(words) and all(
        words[start + n] == word or (word == NUMBER and words[start + n][0].isdecimal())
        for n, word in enumerate(run)
    )


def outermost(every: Iterable[Found[T]]) -> list[Found[T]]:
    """Leave out what is made of some of the words of a longer phrase; in order."""
    ordered = sorted(every, key=SPAN)
    last, overlap = 0, False
    for one in ordered:
        overlap = overlap or one.start < last
        last = one.end
    if not overlap:
        return ordered
    others: dict[int, list[Found[T]]] = defaultdict(list)
    for one in ordered:
        for token in one.tokens:
            others[token].append(one)
    return [
        one for one in ordered if not any(one.tokens < other.tokens for other in others[one.start])
    ]
