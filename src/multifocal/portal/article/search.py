"""Search over the public pages: words weighed by how rare they are, spelling forgiven."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from math import log
from typing import NamedTuple

LETTERS = 200
"""A longer query is cut."""
TERMS = 12
"""So many words of a query count."""
SHOWN = 24
"""So many results are shown."""
EXCERPT = 220
"""Letters of an excerpt."""
TITLE = 6
"""A word in a title counts as so many in the text."""
SATURATION, LENGTH = 1.2, 0.6
"""The two settings of BM25: how soon repeats stop to count, how much long texts are held back."""
PREFIX, MISSPELT = 0.5, 0.4
"""What a word counts that only begins like the one asked for, or is a letter off."""
SHORT = 3
"""A word of fewer letters must be met exactly."""
WORD = re.compile(r"\w+")


class Document(NamedTuple):
    """One page, or a place on one."""

    title: str
    address: str
    kind: str
    text: str
    others: str = ""
    """Other names for it: searched, not shown."""


class Piece(NamedTuple):
    """A piece of an excerpt."""

    text: str
    is_hit: bool


class Result(NamedTuple):
    """A document that was found."""

    document: Document
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]


class Index:
    """Documents made ready to be searched; built once."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents = tuple(documents)
        self._counts = [_counted(document) for document in self._documents]
        self._lengths = [count.total() for count in self._counts]
        self._mean = sum(self._lengths) / max(1, len(self._lengths))
        holders: dict[str, list[int]] = defaultdict(list)
        for place, count in enumerate(self._counts):
            for word in count:
                holders[word].append(place)
        self._holders: Mapping[str, list[int]] = holders
        near: dict[str, set[str]] = defaultdict(set)
        for word in holders:
            if len(word) > SHORT:
                for part in _shortened(word):
                    near[part].add(word)
        self._near: Mapping[str, set[str]] = near

    def search(self, query: str) -> tuple[Result, ...]:
        """Give what fits a query best, the best first; documents with every word come first."""
        asked = list(dict.fromkeys(folded(query[:LETTERS])))[:TERMS]
        meant = [self._meant(word) for word in asked]
        scores: dict[int, float] = defaultdict(float)
        held: Counter[int] = Counter()
        for words in meant:
            best: dict[int, float] = {}
            for word, weight in words.items():
                for place in self._holders[word]:
                    found = weight * self._weight(word, place)
                    best[place] = max(best.get(place, 0.0), found)
            for place, score in best.items():
                scores[place] += score
                held[place] += 1
        order = sorted(scores, key=lambda place: (-held[place], -scores[place], place))
        hits = frozenset(word for words in meant for word in words)
        return tuple(_result(self._documents[place], hits) for place in order[:SHOWN])

    def _meant(self, asked: str) -> Mapping[str, float]:
        """Give the known words that a word may mean, and how much each counts."""
        found = {asked: 1.0} if asked in self._holders else {}
        if len(asked) < SHORT:
            return found
        for word in self._holders:
            if word.startswith(asked) and word != asked:
                found[word] = PREFIX
        if not found:
            for part in _shortened(asked):
                found |= dict.fromkeys(self._near.get(part, ()), MISSPELT)
        return found

    def _weight(self, word: str, place: int) -> float:
        """Give the weight of a word in a document by BM25 (Robertson and others, 1994)."""
        holding, all_ = len(self._holders[word]), len(self._documents)
        rare = log(1 + (all_ - holding + 0.5) / (holding + 0.5))
        often = self._counts[place][word]
        long = 1 - LENGTH + LENGTH * self._lengths[place] / self._mean
        return rare * often * (SATURATION + 1) / (often + SATURATION * long)


def folded(text: str) -> list[str]:
    """Give the words of a text in small letters, without accents.

    >>> folded("Poignet, MÉTACARPE 3!")
    ['poignet', 'metacarpe', '3']
    """
    return [_fold(word) for word in WORD.findall(text)]


def _fold(word: str) -> str:
    parted = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


def _counted(document: Document) -> Counter[str]:
    counted = Counter(folded(f"{document.text} {document.others}"))
    for word in folded(document.title):
        counted[word] += TITLE
    return counted


def _shortened(word: str) -> Iterator[str]:
    """Give a word, and it without each of its letters: words a letter apart share one of these."""
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _result(document: Document, hits: frozenset[str]) -> Result:
    text = document.text
    first = next((word.start() for word in WORD.finditer(text) if _fold(word[0]) in hits), 0)
    start = max(0, first - EXCERPT // 4)
    if start:
        start = text.find(" ", start) + 1
    cut = text[start : start + EXCERPT]
    if start + EXCERPT < len(text):
        cut = cut.rpartition(" ")[0] + " …"
    return Result(
        document,
        tuple(_pieces(document.title, hits)),
        tuple(_pieces(f"… {cut}" if start else cut, hits)),
    )


def _pieces(text: str, hits: frozenset[str]) -> Iterator[Piece]:
    end = 0
    for word in WORD.finditer(text):
        if _fold(word[0]) in hits:
            yield Piece(text[end : word.start()], is_hit=False)
            yield Piece(word[0], is_hit=True)
            end = word.end()
    yield Piece(text[end:], is_hit=False)
