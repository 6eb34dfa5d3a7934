"""An assessment put into words, in the order of the page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Literal

from multifocal.knowledge.entries import CriteriaEntry
from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import (
    Argument,
    Assessment,
    Coding,
    Covered,
    CriteriaResult,
    Danger,
    ItemAnswer,
    LabResult,
    Lesion,
    Missing,
    NextTest,
    RedFlag,
)
from multifocal.model.day import Day
from multifocal.model.finding import FindingId
from multifocal.model.issue import Issue
from multifocal.model.record import Fact, FactId
from multifocal.report import words
from multifocal.report.differential import Citing, differential, outcomes, would_answer
from multifocal.report.plots import Axis, Bar, Threshold
from multifocal.report.prose import Passage, passages
from multifocal.report.reading import reading
from multifocal.report.sheet import (
    AnswersView,
    ArgumentView,
    CautionView,
    CodingView,
    CriteriaView,
    DangerView,
    DifferentialView,
    FactRange,
    FactView,
    IssueView,
    ItemView,
    LabView,
    LesionView,
    MissingView,
    PassageView,
    PerformanceView,
    RedFlagView,
    Settled,
    Sheet,
    SignView,
    TestView,
    TimelineRow,
    ValueView,
)
from multifocal.report.sources import Bibliography, Ref
from multifocal.rules.nodes import Compare, Name, Node, Number, children

SIGNS = {">": ">", ">=": "≥", "<": "<", "<=": "≤", "==": "=", "!=": "≠"}


def arrange(assessment: Assessment, *, knowledge: Knowledge) -> Sheet:
    """Put an assessment into words, sources numbered in the order in which the page cites them."""
    return _Arranger(assessment, knowledge).sheet()


class _Arranger:
    """Held open while one sheet is put together: fact numbers and the bibliography."""

    def __init__(self, assessment: Assessment, knowledge: Knowledge) -> None:
        self.assessment = assessment
        self.knowledge = knowledge
        self.books = Bibliography(knowledge)
        self.numbers: Mapping[FactId, int] = {
            fact.id: place for place, fact in enumerate(assessment.facts, start=1)
        }
        self.truths = {finding.id: finding.truth for finding in assessment.findings}
        self.because: Mapping[FindingId, tuple[FactId, ...]] = {
            finding.id: finding.because for finding in assessment.findings
        }

    @cached_property
    def by_id(self) -> Mapping[FactId, Fact]:
        return {fact.id: fact for fact in self.assessment.facts}

    def sheet(self) -> Sheet:
        given, knowledge = self.assessment, self.knowledge
        paused = bool(given.red_flags)
        summary = tuple(self.passage(part) for part in passages(given, knowledge))
        red_flags = tuple(map(self.red_flag, given.red_flags))
        dangers = tuple(map(self.danger, given.dangers))
        early = None if paused else self.differential()
        verdict = None if paused else self.verdict()
        cautions = tuple(CautionView(text, self.books.cite(at)) for text, at in given.notes)
        lesions = tuple(map(self.lesion, given.lesions))
        timeline = tuple(self.timeline())
        labs = tuple(self.lab(lab) for lab in sorted(given.labs, key=self.is_inside) if lab.facts)
        next_tests = tuple(map(self.next_test, given.next_tests))
        shown = early if early is not None else self.differential()
        coding, criteria = verdict or self.verdict()
        speaks_for = tuple(self.arguments("for"))
        speaks_against = tuple(self.arguments("against"))
        return Sheet(
            name=words.clean(given.patient.name),
            age=words.age(given.age_years),
            sex=words.sex(given.patient.sex),
            synthetic=given.patient.synthetic,
            as_of=words.on(given.as_of),
            as_of_day=given.as_of,
            knowledge_version=given.knowledge_version,
            software_version=given.software_version,
            paused=paused,
            reading=reading(given),
            summary=summary,
            red_flags=red_flags,
            dangers=dangers,
            differential=shown,
            coding=coding,
            criteria=criteria,
            cautions=cautions,
            lesions=lesions,
            regions_imaged=self.regions(given.regions_imaged),
            regions_unread=self.unread(given.regions_unread),
            axis=_axis(timeline, given.as_of),
            timeline=timeline,
            labs=labs,
            missing=tuple(map(self.missing, given.missing)),
            next_tests=next_tests,
            speaks_for=speaks_for,
            speaks_against=speaks_against,
            answers=tuple(map(self.answers, given.criteria)),
            issues=tuple(map(self.issue, given.issues)),
            facts=tuple(self.fact(place, fact) for place, fact in enumerate(given.facts, start=1)),
            sources=self.books.cited(),
        )

    def regions(self, covered: Iterable[Covered]) -> tuple[str, ...]:
        """Name regions by their sides, as `multifocal.workup.coverage` decided them."""
        sides: dict[str, list[str]] = {}
        for region, side in covered:
            known = side is not None or region in self.knowledge.regions_across
            told = words.site("", side).strip() if known else words.words().say["no_side"]
            sides.setdefault(told, []).append(words.region(region, self.knowledge))
        return tuple(_on_side(side, names) for side, names in sorted(sides.items()))

    def unread(self, covered: tuple[Covered, ...]) -> str:
        if not covered:
            return ""
        regions = "; ".join(self.regions(covered))
        return words.words().say["images_unread"].format(regions=regions)

    def differential(self) -> DifferentialView | None:
        citing = Citing(self.books.cite, self.facts_of)
        return differential(self.assessment, knowledge=self.knowledge, citing=citing)

    def verdict(self) -> tuple[CodingView, tuple[CriteriaView, ...]]:
        """Give the code and the criteria sets, which a red flag moves to the end."""
        given = self.assessment
        return self.coding(given.coding), tuple(map(self.criteria, given.criteria))

    def arguments(self, speaks: Literal["for", "against"]) -> Iterator[ArgumentView]:
        for argument in self.assessment.arguments:
            if argument.speaks == speaks:
                yield self.argument(argument)

    def facts_of(self, because: Iterable[FactId]) -> tuple[FactRange, ...]:
        """Give the numbers of facts, neighbours gathered."""
        numbers = sorted({self.numbers[id_] for id_ in because if id_ in self.numbers})
        starts = [n for place, n in enumerate(numbers) if place == 0 or numbers[place - 1] < n - 1]
        ends = [n for n, after in pairwise([*numbers, 0]) if after != n + 1]
        return tuple(map(FactRange, starts, ends))

    def passage(self, part: Passage) -> PassageView:
        ref = None if part.source is None else self.books.cite(part.source)
        return PassageView(part.id, part.heading, tuple(map(words.clean, part.sentences)), ref)

    def red_flag(self, flag: RedFlag) -> RedFlagView:
        signs = (words.finding(id_, self.knowledge) for id_ in flag.findings)
        return RedFlagView(
            urgency=words.words().urgency[flag.urgency],
            label=flag.label,
            action=flag.action,
            signs=tuple(sign for sign in signs if sign != flag.label),
            facts=self.facts_of(flag.because),
            ref=self.books.cite(flag.source),
        )

    def sign(self, id_: FindingId) -> SignView:
        return SignView(
            words.finding(id_, self.knowledge), self.facts_of(self.because.get(id_, ()))
        )

    def danger(self, danger: Danger) -> DangerView:
        return DangerView(
            urgency=words.words().danger[danger.urgency],
            name=danger.name,
            excluded_by=danger.excluded_by,
            supported_by=tuple(map(self.sign, danger.supported_by)),
            ref=self.books.cite(danger.source),
            tier=danger.tier,
            why=danger.why,
            test=f"{danger.test_label}: {danger.standing}" if danger.standing else "",
        )

    def coding(self, coding: Coding) -> CodingView:
        return CodingView(
            code=coding.code or "",
            title=coding.title or words.words().say["no_evidence"],
            reason=coding.reason,
            caution=coding.caution,
            facts=self.facts_of(coding.because),
            ref=self.books.cite(coding.source),
        )

    def criteria(self, result: CriteriaResult) -> CriteriaView:
        entry = self.knowledge.criteria_by_id.get(result.id)
        ref = self.books.cite(result.source)
        labels = {item.name: item.label for item in result.items}
        return CriteriaView(
            id=result.id,
            name=result.name,
            label=result.label,
            state=result.state_label,
            decided=result.decided,
            still_possible=()
            if result.decided
            else tuple(dict.fromkeys(_state_label(state, entry) for state in result.possible)),
            low=result.low,
            high=result.high,
            maximum=result.maximum,
            thresholds=self.thresholds(entry),
            points=_points(result),
            settles=tuple(labels.get(name, words.named(name)) for name in result.settles),
            unknown=len(result.unknown),
            note=result.note,
            facts=self.facts_of(id_ for item in result.items for id_ in item.because),
            ref=ref,
        )

    def answers(self, result: CriteriaResult) -> AnswersView:
        entry = self.knowledge.criteria_by_id.get(result.id)
        return AnswersView(
            id=result.id,
            name=result.name,
            items=tuple(map(self.item, result.items)),
            performance=() if entry is None else tuple(self.performance(entry)),
        )

    def item(self, item: ItemAnswer) -> ItemView:
        low, high = item.points or (None, None)
        return ItemView(
            label=item.label,
            shown=item.shown,
            known=item.state == "known",
            points="" if low is None or high is None else _range(low, high),
            facts=self.facts_of(item.because),
            ref=self.books.cite(item.source),
        )

    def performance(self, entry: CriteriaEntry) -> Iterator[PerformanceView]:
        for study in entry.performance:
            yield PerformanceView(
                setting=study.setting,
                sensitivity=_percent(study.sensitivity),
                specificity=_percent(study.specificity),
                ref=self.books.cite(study.source),
            )

    def thresholds(self, entry: CriteriaEntry | None) -> tuple[Threshold, ...]:
        """Give the scores at which the rows of a set change its answer."""
        if entry is None:
            return ()
        texts = [row.when for choice in entry.choice for row in choice.rows]
        texts += [value.rule for value in entry.value]
        rules = (rule for text in texts if (rule := self.knowledge.rules.get(text)) is not None)
        found = {
            (node.right.value, SIGNS[node.op])
            for rule in rules
            for node in _walk(rule)
            if isinstance(node, Compare)
            and node.left == Name("score")
            and isinstance(node.right, Number)
        }
        return tuple(Threshold(at, sign) for at, sign in sorted(found))

    def lesion(self, lesion: Lesion) -> LesionView:
        known = self.knowledge.bones_by_id.get(lesion.bone)
        one_of_two = known is None or known.paired
        side = "" if lesion.laterality or not one_of_two else " (side not recorded)"
        place = words.site(
            words.bone(lesion.bone, self.knowledge), lesion.laterality, lesion.part, lesion.end
        )
        days = [words.when(day) for day in (lesion.first_seen, lesion.last_seen) if day is not None]
        return LesionView(
            site=words.sentence(place) + side,
            features=words.listed(
                words.inside(words.concept(id_, self.knowledge)) for id_ in lesion.features
            ),
            modalities=words.listed(words.words().modality[name] for name in lesion.modalities),
            seen=" to ".join(dict.fromkeys(days)),
            facts=self.facts_of(lesion.because),
        )

    def timeline(self) -> Iterator[TimelineRow]:
        rows: dict[tuple[str, str], list[Fact]] = {}
        for fact in self.assessment.facts:
            if (key := self.timeline_key(fact)) is not None:
                rows.setdefault(key, []).append(fact)
        order = list(words.words().group)
        for (group, label), facts in sorted(
            rows.items(), key=lambda entry: (order.index(entry[0][0]), _first_day(entry[1]))
        ):
            yield self.timeline_row(group, label, facts)

    def timeline_key(self, fact: Fact) -> tuple[str, str] | None:
        """Give the group and row that a fact stands in; None when the timeline leaves it out."""
        entry = self.knowledge.concepts_by_id.get(fact.concept)
        if entry is None:
            return None
        modality = fact.modality or entry.modality
        match entry.kind:
            case "symptom" | "condition" if fact.present:
                return "symptom", entry.label
            case "sign" if fact.present:
                return "sign", words.words().group["sign"]
            case "lab" | "result":
                return "test", words.words().group["test"]
            case "study" | "biopsy" if not fact.present:
                return None
            case "image" | "study":
                name = (
                    words.words().modality[modality] if modality else words.words().group["image"]
                )
                unread = f", {words.words().say['result_not_read']}" if fact.unread else ""
                return "image", words.sentence(name) + unread
            case "biopsy":
                return "biopsy", words.words().group["biopsy"]
            case "treatment" if fact.present:
                return "treatment", entry.label
            case _:
                return None

    def timeline_row(self, group: str, label: str, facts: Sequence[Fact]) -> TimelineRow:
        today = Day(self.assessment.as_of, self.assessment.as_of)
        dated = [fact for fact in facts if fact.day is not None]
        since = [fact for fact in dated if group == "treatment" or _has_begun(group, fact)]
        lasting = bool(since)
        bars = tuple(
            dict.fromkeys(_bar(fact, today, lasting=fact in since) for fact in dated if fact.day)
        )
        return TimelineRow(
            group=group,
            label=label,
            when=_spoken(since or dated, lasting=lasting) if dated else words.when(None),
            bars=_merged(bars) if lasting else bars,
            facts=self.facts_of(fact.id for fact in facts),
        )

    def is_inside(self, lab: LabResult) -> bool:
        """Say whether the latest value gives no reason to be read first."""
        last = self.by_id.get(lab.facts[-1]) if lab.facts else None
        return last is None or last.flag not in ("low", "high")

    def lab(self, lab: LabResult) -> LabView:
        facts = [self.by_id[id_] for id_ in lab.facts if id_ in self.by_id]
        *earlier, latest = map(self.value, facts)
        last = facts[-1]
        ref = None if lab.interval is None else self.books.cite(lab.interval)
        return LabView(
            label=lab.label,
            latest=latest,
            earlier=tuple(reversed(earlier)),
            interval=words.interval(last.low, last.high, last.unit),
            whose=_whose(last, ref),
            ref=ref,
            outside=last.flag in ("low", "high"),
            points=tuple(facts),
        )

    def value(self, fact: Fact) -> ValueView:
        return ValueView(
            shown=words.measured(fact) or "no value",
            when=words.when(fact.day),
            flag="" if fact.flag is None else words.words().flag[fact.flag],
            fact=self.numbers[fact.id],
        )

    def missing(self, missing: Missing) -> MissingView:
        return MissingView(
            words.finding(missing.finding, self.knowledge), self.settled(missing.settles)
        )

    def settled(self, questions: Iterable[str]) -> tuple[Settled, ...]:
        return _settled(questions, [result.name for result in self.assessment.criteria])

    def next_test(self, test: NextTest) -> TestView:
        settles = {gap.finding: gap.settles for gap in self.assessment.missing}
        return TestView(
            label=test.label,
            settles=self.settled(text for id_ in test.answers for text in settles.get(id_, ())),
            reason=test.reason or would_answer(test, self.knowledge),
            answers=tuple(words.finding(id_, self.knowledge) for id_ in test.answers),
            burden=tuple(
                (dimension.label, words.named(step))
                for dimension in self.knowledge.burdens
                if (step := test.burden.get(dimension.id, dimension.steps[0])) != dimension.steps[0]
            ),
            ref=self.books.cite(test.source),
            outcomes=outcomes(test.outcomes, self.knowledge),
        )

    def argument(self, argument: Argument) -> ArgumentView:
        label = words.finding(argument.finding, self.knowledge)
        if self.truths.get(argument.finding) is False:
            label = f"Not present: {words.inside(label)}"
        return ArgumentView(
            label=label,
            strength=argument.strength,
            facts=self.facts_of(argument.because),
            ref=self.books.cite(argument.source),
        )

    def issue(self, issue: Issue) -> IssueView:
        names = {one.place: words.short(one.name) for one in self.assessment.not_read}
        level = words.words().level[issue.level]
        name = names.get(issue.where, "")
        return IssueView(level, issue.where, name, issue.message, issue.count)

    def fact(self, place: int, fact: Fact) -> FactView:
        return FactView(
            number=place,
            label=words.concept(fact.concept, self.knowledge),
            present=fact.present,
            unread=fact.unread,
            when=_period(fact),
            value=words.measured(fact),
            interval=words.interval(fact.low, fact.high, fact.unit),
            site=words.sentence(words.fact_site(fact, self.knowledge)),
            resource=words.clean(fact.origin.resource),
            text=words.clean(fact.origin.text),
        )


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _walk(child)


def _state_label(state: str, entry: CriteriaEntry | None) -> str:
    labels = {} if entry is None else entry.state_labels
    if state in labels:
        return labels[state]
    family = state.partition(":")[0] + ":"
    return labels.get(family, words.named(state))


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def _settled(questions: Iterable[str], sets: Sequence[str]) -> tuple[Settled, ...]:
    """Gather questions that begin alike: "can exclude: A", "can exclude: B"."""
    gathered: dict[str, dict[str, None]] = {}
    for question in questions:
        named = next((name for name in sets if question.startswith(f"{name}: ")), None)
        what = question.partition(": ")[0] if named is None else named
        gathered.setdefault(what, {})[question.removeprefix(f"{what}: ")] = None
    return tuple(Settled(words.sentence(what), tuple(parts)) for what, parts in gathered.items())


def _points(result: CriteriaResult) -> str:
    if result.low is None or result.high is None:
        return ""
    whole = "" if result.maximum is None else f" of {result.maximum}"
    return f"{_range(result.low, result.high)}{whole} points"


def _on_side(side: str, names: Sequence[str]) -> str:
    if side and len(names) == 1:
        after = side == words.words().say["no_side"]
        return f"{names[0]} ({side})" if after else f"{side} {names[0]}"
    return ": ".join(filter(None, (side, ", ".join(names))))


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}".replace(".0%", "%")


def _whose(fact: Fact, ref: Ref | None) -> str:
    match fact.interval:
        case "laboratory":
            return "the laboratory's own interval"
        case "knowledge":
            return (
                f"our fallback for age and sex, {ref.words.partition(': ')[2]}"
                if ref
                else "our fallback"
            )
        case None:
            return "no interval for this age and sex"


def _first_day(facts: Iterable[Fact]) -> date:
    return min((fact.day.earliest for fact in facts if fact.day is not None), default=date.max)


def _has_begun(group: str, fact: Fact) -> bool:
    """Whether a symptom's day is its beginning, not only the day on which it was told."""
    return group == "symptom" and fact.onset


def _bar(fact: Fact, today: Day, *, lasting: bool) -> Bar:
    start = fact.day or today
    if not lasting:
        return Bar(start, start)
    return Bar(start, fact.ended or today, ongoing=fact.ended is None)


def _merged(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """Give the bars without those that lie inside another."""
    return tuple(
        bar
        for bar in bars
        if not any(
            other is not bar
            and other.start.earliest <= bar.start.earliest
            and bar.end.latest <= other.end.latest
            and (other.start, other.end) != (bar.start, bar.end)
            for other in bars
        )
    )


def _spoken(facts: Sequence[Fact], *, lasting: bool) -> str:
    days = sorted({fact.day for fact in facts if fact.day is not None})
    if not lasting:
        shown = [words.when(day) for day in days]
        return (
            ", ".join(shown)
            if len(shown) <= SPOKEN
            else f"{shown[0]} to {shown[-1]}, {len(shown)} days"
        )
    ends = [fact.ended for fact in facts]
    if None in ends:
        return f"since {words.when(days[0])}, no end recorded"
    last = max(end for end in ends if end is not None)
    return f"{words.when(days[0])} to {words.when(last)}"


SPOKEN = 3
"""Days that a row of the timeline names before it gives the first and the last only."""


def _period(fact: Fact) -> str:
    if fact.day is None:
        return "" if fact.recorded is None else f"recorded {words.when(fact.recorded)}"
    return words.when(fact.day) + (f" to {words.when(fact.ended)}" if fact.ended else "")


def _axis(rows: Iterable[TimelineRow], as_of: date) -> Axis | None:
    firsts = [bar.start.earliest for row in rows for bar in row.bars]
    return Axis(min(firsts), max(as_of, min(firsts))) if firsts else None
