"""How sure we are, counted: the numbers of each data file by their certainty.

Counted is every number that the program works with: each value of a TOML entry or a CSV row, and
each constant of a rule. Its certainty is that of the nearest citation: the one of its own key, else
the one of the innermost part of the entry that has one. A figure in a sentence is counted apart:
it is shown, and nothing is worked out with it.
"""

from collections import Counter
from collections.abc import Iterable

import msgspec

from multifocal.knowledge.catalogue import Listed, numbers
from multifocal.model.source import Certainty


class Tally(msgspec.Struct, frozen=True):
    """The numbers of one data file."""

    file: str
    verified: int
    derived: int
    memory: int
    judgement: int
    no_source: int
    """With no citation near; each is a gap."""

    @property
    def total(self) -> int:
        """All of them."""
        return self.verified + self.derived + self.memory + self.judgement + self.no_source


def tally(listed: Iterable[Listed], *, in_words: bool = False) -> tuple[Tally, ...]:
    """Count the numbers of each file, files without any left out; or the figures in sentences."""
    counts: dict[str, Counter[str]] = {}
    for one in listed:
        if one.kind == "code":
            continue  # a part of an entry that is counted itself
        for number in numbers(one):
            if number.in_words is in_words:
                source = number.source
                sure = "no_source" if source is None else source.certainty.value
                counts.setdefault(one.file, Counter())[sure] += 1
    return tuple(_tally(file, counts[file]) for file in sorted(counts))


def total(tallies: Iterable[Tally]) -> Tally:
    """Add up the counts of several files."""
    counted: Counter[str] = Counter()
    for one in tallies:
        counted.update({key: getattr(one, key) for key in (*Certainty, "no_source")})
    return _tally("all files", counted)


def _tally(file: str, counted: Counter[str]) -> Tally:
    return Tally(
        file,
        verified=counted["verified"],
        derived=counted["derived"],
        memory=counted["memory"],
        judgement=counted["judgement"],
        no_source=counted["no_source"],
    )
