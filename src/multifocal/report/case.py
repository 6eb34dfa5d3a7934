"""One assessment as its makers read it: facts by number, findings by what is known of them."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment, Covered, Lesion
from multifocal.model.finding import Finding, FindingId
from multifocal.model.record import Fact, FactId
from multifocal.report import words
from multifocal.report.document import Line, Run, joined, numbers_of, say


class Case:
    """An assessment with its knowledge; nothing in it changes."""

    def __init__(self, assessment: Assessment, knowledge: Knowledge) -> None:
        """Keep both."""
        self.given, self.knowledge = assessment, knowledge

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Give facts their numbers, from 1 in the order of the record."""
        return numbers_of(self.given.facts)

    @cached_property
    def facts(self) -> Mapping[FactId, Fact]:
        """Give facts by id."""
        return {fact.id: fact for fact in self.given.facts}

    @cached_property
    def findings(self) -> Mapping[FindingId, Finding]:
        """Give findings by id."""
        return {finding.id: finding for finding in self.given.findings}

    def facts_of(self, because: Iterable[FactId]) -> tuple[int, ...]:
        """Give the numbers of facts; of one that is no longer there none."""
        return tuple(sorted({self.numbers[id_] for id_ in because if id_ in self.numbers}))

    def label(self, id_: str, *, truth: bool | None = True) -> str:
        """Name a finding, as absent where it is."""
        label = words.finding(id_, self.knowledge)
        if truth is False:
            return words.words().say["not_present"].format(finding=words.inside(label))
        return label

    def brief(self, id_: str) -> str:
        """Name a finding or a concept shortly, as it stands inside a sentence."""
        known = self.knowledge.findings_by_id.get(FindingId(id_))
        label = known.label if known else words.concept(id_, self.knowledge)
        return words.brief(id_, label)

    def known(self, kinds: Iterable[str], *, truth: bool) -> Iterator[Finding]:
        """Give the findings of some kinds that are surely there, or surely not."""
        for finding in self.given.findings:
            entry = self.knowledge.findings_by_id.get(finding.id)
            if finding.truth is truth and entry is not None and entry.kind in kinds:
                yield finding

    def told(self, findings: Iterable[Finding], *, most: int) -> Line:
        """Name findings inside a sentence, each leading to its first fact; the rest are counted."""
        every = tuple(findings)
        named = [say(self.brief(one.id), facts=self.facts_of(one.because)) for one in every[:most]]
        more = len(every) - len(named)
        left = words.words().say["and_more"].format(number=more)
        return joined([*named, *([say(left)] if more else [])], ", ")

    def site(self, lesion: Lesion) -> str:
        """Say where a lesion is, and that its side is not recorded where it has one."""
        known = self.knowledge.bones_by_id.get(lesion.bone)
        one_of_two = known is None or known.paired
        side = "" if lesion.laterality or not one_of_two else " (side not recorded)"
        place = words.bone(lesion.bone, self.knowledge)
        return words.site(place, lesion.laterality, lesion.part, lesion.end) + side

    def regions(self, covered: Iterable[Covered]) -> tuple[str, ...]:
        """Name regions by their sides, as `multifocal.workup.coverage` decided them."""
        sides: dict[str, list[str]] = {}
        for region, side in covered:
            known = side is not None or region in self.knowledge.regions_across
            told = words.site("", side).strip() if known else words.words().say["no_side"]
            sides.setdefault(told, []).append(words.region(region, self.knowledge))
        return tuple(_on_side(side, names) for side, names in sorted(sides.items()))

    @property
    def unread(self) -> str:
        """Say what images show whose result was not read; empty where there are none."""
        if not self.given.regions_unread:
            return ""
        regions = "; ".join(self.regions(self.given.regions_unread))
        return words.words().say["images_unread"].format(regions=regions)

    def value(self, fact: Fact) -> Run:
        """Write a measured value, which leads to its fact."""
        outside = fact.flag in ("low", "high")
        shown = words.measured(fact) or words.words().say["no_value"]
        return Run(shown, "outside" if outside else "", (self.numbers[fact.id],))


def _on_side(side: str, names: list[str]) -> str:
    if side and len(names) == 1:
        after = side == words.words().say["no_side"]
        return f"{names[0]} ({side})" if after else f"{side} {names[0]}"
    return ": ".join(filter(None, (side, ", ".join(names))))
