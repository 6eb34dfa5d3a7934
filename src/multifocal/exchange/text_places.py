"""Which places of a sentence go with which of its phrases."""

from collections.abc import Sequence
from functools import cached_property

from multifocal.exchange.context import Sentence
from multifocal.exchange.lexicon import Found
from multifocal.exchange.mentions import mentions_of
from multifocal.exchange.site_lexicon import SiteLexicon, may_name_place
from multifocal.exchange.sites import sites_in
from multifocal.knowledge.entries import PhraseEntry
from multifocal.model.anatomy import Site

SHARED = frozenset({"adjective", "end", "side", "ordinal"})
"""Roles of words that may be said of a bone which only the next part names."""


class Places:
    """The places that a sentence names; they are read when somebody asks."""

    def __init__(self, sentence: Sentence, site_lexicon: SiteLexicon) -> None:
        """Hold what is needed to read them."""
        self._sentence = sentence
        self._lexicon = site_lexicon
        self._folded = sentence.plain.lower()

    def of(self, one: Found[PhraseEntry]) -> tuple[Site, ...]:
        """Give the places of a phrase."""
        return self._by_part[1].get(self._sentence.part_at[one.start], ())

    def carried(self, before: tuple[Site, ...]) -> tuple[Site, ...]:
        """Give the places that the next sentence goes on to speak of, if they are clear."""
        if self._sentence.with_role("ELSEWHERE"):
            return ()
        groups = self._by_part[0]
        if not groups:
            return before
        return groups[0] if len(groups) == 1 else ()

    @cached_property
    def _by_part(self) -> tuple[list[tuple[Site, ...]], dict[int, tuple[Site, ...]]]:
        """The groups of parts that name places, each read as one; and the places of each part."""
        count = len(self._sentence.parts)
        named = [self._has_place(n) for n in range(count)]
        if not any(named):
            return [], {}
        ends = list(range(1, count + 1))
        for n in range(count - 2, -1, -1):
            if not named[n] and named[n + 1] and self._shares_place(n, ends[n + 1]):
                named[n], ends[n] = True, ends[n + 1]
        groups: list[tuple[Site, ...]] = []
        by_part: dict[int, tuple[Site, ...]] = {}
        at = 0
        while at < count:
            end = at + 1
            if named[at]:
                speaks = at in self._sentence.speaking
                while end < count and self._goes_on(end, named, begun=speaks):
                    speaks = speaks or end in self._sentence.speaking
                    end += 1
                sites = self._read(at, end)
                by_part |= dict.fromkeys(range(at, end), sites)
                groups += [sites] if sites else []
            at = end
        return groups, self._spread(by_part)

    def _text(self, start: int, end: int) -> str:
        parts, spans = self._sentence.parts, self._sentence.spans
        first, last = parts[start].start, parts[end - 1].end
        return self._sentence.plain[spans[first][0] : spans[last - 1][1]] if last > first else ""

    def _words(self, part: int) -> list[str]:
        _, first, last = self._sentence.parts[part]
        return [self._folded[start:end] for start, end in self._sentence.spans[first:last]]

    def _has_place(self, part: int) -> bool:
        if not any(may_name_place(word, self._lexicon) for word in self._words(part)):
            return False
        mentions = mentions_of(self._text(part, part + 1), self._lexicon)
        return any(mention.kind == "place" for mention in mentions)

    def _shares_place(self, part: int, end: int) -> bool:
        """Whether a part names a place only in a list with the next.

        So in "fractures of T4 and T7" and in "distal femoral and proximal tibial metaphyses".
        """
        if self._sentence.parts[part + 1].joint not in ("comma", "and", "or"):
            return False
        found = (self._lexicon.words.get(word) for word in self._words(part))
        shared = any(word is not None and word.role in SHARED for word in found)
        speaking = self._sentence.speaking
        if not (shared and not {part, part + 1} <= speaking) and not any(
            map(str.isdigit, self._text(part, part + 1))
        ):
            return False
        return len(self._read(part, end)) > len(self._read(part + 1, end))

    def _goes_on(self, part: int, named: Sequence[bool], *, begun: bool) -> bool:
        """Whether a part belongs to the places before it: "tibia, femur and left clavicle"."""
        if self._sentence.parts[part].joint not in ("comma", "and", "or", "bracket"):
            return False
        speaks = part in self._sentence.speaking
        if not named[part]:
            words = self._words(part)
            return not speaks and bool(words) and self._lexicon.sides.issuperset(words)
        return not (begun and speaks)

    def _read(self, start: int, end: int) -> tuple[Site, ...]:
        return sites_in(self._text(start, end), self._lexicon)

    def _spread(self, placed: dict[int, tuple[Site, ...]]) -> dict[int, tuple[Site, ...]]:
        """Give parts without a place that of the next over "and", else of the last."""
        parts = self._sentence.parts
        by_part = dict(placed)
        for n in range(len(parts) - 2, -1, -1):
            after = by_part.get(n + 1) if parts[n + 1].joint in ("and", "or") else None
            if n not in by_part and after:
                by_part[n] = after
        before: tuple[Site, ...] = ()
        for n, part in enumerate(parts):
            if part.joint == "stop" and n:
                before = before if self._sentence.tokens[part.start - 1] != ";" else ()
            if n in placed:
                before = placed[n]
            elif n not in by_part and before:
                by_part[n] = before
        first = next((placed[n] for n in sorted(placed) if placed[n]), ())
        for n in range(len(parts)):
            if first and not by_part.get(n):
                by_part[n] = first
        return by_part
