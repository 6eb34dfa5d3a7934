"""Words that name something behind a red flag, looked for in any text."""

import re
from collections.abc import Iterable

from multifocal.exchange.cache import cached

_WORD = re.compile(r"[^\W_]+")


class Dangers:
    """Phrases by their first word; a ``*`` stands for the rest of a word."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """Index phrases with their labels; an empty label is a harmless use of such words."""
        self._by_first: dict[str, list[tuple[list[str], str]]] = {}
        for phrase, label in phrases:
            first, *more = phrase.casefold().split()
            self._by_first.setdefault(first, []).append((more, label))
        for several in self._by_first.values():
            several.sort(key=lambda one: (-len(one[0]), bool(one[1])))
        self._stems = {one[:-1]: self._by_first[one] for one in self._by_first if one[-1] == "*"}
        self._lengths = sorted(set(map(len, self._stems)), reverse=True)
        self._begun = cached(most=16384)(self._beginning)

    def in_(self, text: str) -> str:
        """Give the label of the first danger that the text names; empty if there is none.

        >>> Dangers([("malign*", "Cancer"), ("non malign*", "")]).in_("A non-malignant node")
        ''
        """
        words = _WORD.findall(text.casefold())
        if not any(map(self._begun, set(words))):
            return ""
        at = 0
        while at < len(words):
            begun = self._begun(words[at])
            length, label = _longest(begun, words, at) if begun else (1, "")
            if label:
                return label
            at += max(length, 1)
        return ""

    def _beginning(self, word: str) -> tuple[list[tuple[list[str], str]], ...]:
        """Give the phrases that can begin with a word, the longest first word first."""
        begun = [self._by_first[word]] if word in self._by_first else []
        lengths = (n for n in self._lengths if n <= len(word))
        begun += [self._stems[word[:n]] for n in lengths if word[:n] in self._stems]
        return tuple(begun)


def _longest(
    begun: Iterable[list[tuple[list[str], str]]], words: list[str], at: int
) -> tuple[int, str]:
    """Give how many words the longest phrase here has, and its label."""
    best = (0, "")
    for several in begun:
        for more, label in several:
            if len(more) + 1 > best[0] and _fits(more, words[at + 1 : at + 1 + len(more)]):
                best = (len(more) + 1, label)
                break
    return best


def _fits(wanted: list[str], words: list[str]) -> bool:
    return len(wanted) == len(words) and all(
        word.startswith(one[:-1]) if one.endswith("*") else word == one
        for one, word in zip(wanted, words, strict=True)
    )
