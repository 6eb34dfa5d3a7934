"""The treatment section as one page of Markdown, for a family or for a clinician.

Marks of sources stand at the end of each statement, as in the public article: ``[3]``, ``[3m]`` for
what is from memory, ``[3j]`` for our judgement, ``[3d]`` for what is worked out. The page for a
family gives no dose.
"""

from collections.abc import Iterable, Iterator

import msgspec

from multifocal.knowledge.article import MARK, Cited, address, line
from multifocal.knowledge.entries import Audience
from multifocal.knowledge.figures import said
from multifocal.knowledge.references import statements_of
from multifocal.model.source import Certainty, Citation, SourceId
from multifocal.treatment.entries import (
    AdviceEntry,
    ClassEntry,
    DoseEntry,
    DrugEntry,
    PlanEntry,
    ResponseEntry,
    SectionEntry,
    Treatment,
    Use,
)
from multifocal.treatment.texts import Named, cited, filled, named

USES: dict[Use, tuple[str, str]] = {
    "before": ("Before starting", "Before it starts"),
    "monitoring": ("Monitoring", "While you take it"),
    "not_if": ("Contraindications", "Not for you if"),
    "interaction": ("Interactions", "With other medicine"),
    "vaccination": ("Vaccination", "Vaccines"),
    "pregnancy": ("Pregnancy", "Pregnancy"),
    "note": ("Notes", "Good to know"),
}
"""What is told of each medicine, in this order, as a clinician and as a family reads it."""

GROUPS = {
    "entry": ("Who enters", "Who it is for"),
    "exclude": ("Who doesn't", "Who it is not for"),
    "active": ("What counts as active", 'What "active" means'),
    "imaging": ("Imaging", "Scans"),
    "allowed": ("Allowed in every arm", "What else is allowed"),
    "doses": ("Doses", "Doses"),
}
"""The parts of a plan, in this order."""

GAP = (
    "Nothing was found in what was read. That is a gap, not a sign of safety.",
    "We found nothing on this. That does not mean that it is safe. Ask.",
)
LEGEND = (
    "Marks: a number alone, read in that source; d, worked out from numbers that were read; m, "
    "from memory, not read yet; j, our own judgement. Intervals are Wilson's, where counts exist.",
    'The numbers at the end of a line show where it comes from. An "m" is from memory: we have '
    'not read it yet. A "j" is what we think.',
)


def markdown(audience: Audience, treatment: Treatment) -> str:
    """Give the whole section as one page of Markdown; the source marks are links."""
    return _Page(audience, treatment).text()


class _Page(msgspec.Struct):
    """A page while it is written: sources get their numbers as they are first cited."""

    audience: Audience
    treatment: Treatment
    places: dict[SourceId, dict[Citation, None]] = msgspec.field(default_factory=dict)
    known: Named = msgspec.field(default_factory=dict)

    def text(self) -> str:
        self.known = named(self.treatment)
        parts = ["# Treatment", self.either(*LEGEND)]
        for section in self.treatment.sections:
            parts.append(f"## {self.either(section.title, section.plain)}")
            parts += self.section(section)
        return "\n\n".join([*parts, self.links(), self.foot()]) + "\n"

    def either(self, text: str, plain: str) -> str:
        """Give the words for this reader."""
        return text if self.audience == "clinician" else plain

    def section(self, section: SectionEntry) -> Iterator[str]:
        match section.shows:
            case "lines":
                yield from self.lines()
            case "plans":
                for plan in self.treatment.plans:
                    yield from self.plan(plan)
            case "drugs":
                for kind in self.treatment.classes:
                    yield from self.kind(kind)
            case "sources":
                yield "\n".join(f"{one.number}. {line(one)}" for one in self.listed())
            case "advice" | "course":
                mine = [one for one in self.treatment.advice if one.section == section.id]
                yield self.bullets(self.statement(one) for one in mine)
        if section.shows == "course":
            yield from self.course(section)

    def course(self, section: SectionEntry) -> Iterator[str]:
        own = tuple(one for one in self.treatment.responses if not one.of)
        if self.audience == "family":
            yield from self.responses(own)
            return
        for topic in self.treatment.knowledge.topics:
            if topic.id in section.topics:
                rows = [
                    (one.label, said(one.figure), one.population, self.marks([one.source]))
                    for one in statements_of(topic, self.treatment.knowledge)
                ]
                yield self.table((topic.title, "value", "in whom", "source"), rows)
                if topic.why_they_differ:
                    yield self.marked(f"Why they differ: {topic.why_they_differ}", [topic.source])
        yield from self.responses(own)

    def lines(self) -> Iterator[str]:
        for step in self.treatment.lines:
            drugs = [drug for drug in self.treatment.drugs if drug.line == step.id]
            names = ", ".join(self.name(drug) for drug in drugs)
            yield f"### {self.either(step.title, step.plain_title)}"
            yield self.marked(self.either(step.text, step.plain), [step.source])
            yield f"Medicines: {names}."

    def plan(self, plan: PlanEntry) -> Iterator[str]:
        yield f"### {self.either(plan.name, plan.plain_name)}"
        yield self.marked(self.either(plan.purpose, plan.plain), [plan.source])
        yield self.bullets(
            self.marked(f"{self.either('Arm', 'Plan')} {arm.id}: {words}", [arm.source])
            for arm in plan.arm
            if (words := self.either(arm.text, arm.plain))
        )
        for group, titles in GROUPS.items():
            mine = [item for item in plan.item if item.group == group]
            if mine:
                yield f"**{self.either(*titles)}**"
                yield self.bullets(
                    self.marked(self.either(item.text, item.plain), [item.source]) for item in mine
                )

    def kind(self, kind: ClassEntry) -> Iterator[str]:
        """Give a kind of medicine: what holds for all of it, then each medicine."""
        drugs = [drug for drug in self.treatment.drugs if drug.drug_class == kind.id]
        yield f"### {self.either(kind.label, kind.plain_label[0].upper() + kind.plain_label[1:])}"
        yield self.marked(
            self.either(f"Purpose: {kind.purpose}", f"What it is for: {kind.plain}"), [kind.source]
        )
        told = frozenset(self.uses(kind.id))
        yield from self.told(kind.id)
        yield from self.responses(one for one in self.treatment.responses if kind.id in one.of)
        yield from self.conflicts(kind.id)
        for drug in drugs:
            yield from self.drug(drug, told)

    def drug(self, drug: DrugEntry, told: frozenset[Use]) -> Iterator[str]:
        """Give one medicine; ``told`` is what its kind has told already."""
        yield f"#### {self.name(drug)}"
        step = next(one for one in self.treatment.lines if one.id == drug.line)
        place = self.either(step.title, step.plain_title)
        if self.audience == "clinician":
            note = f"; {drug.line_note}" if drug.line_note else ""
            code = self.marked(f"ATC {drug.atc.code}", [drug.atc.source])
            yield f"{place}{note}. {code}. Not licensed for CNO."
            yield "All that is said above of its kind holds for it too."
            yield from self.doses(drug)
        else:
            yield f"{place}. Read what is said above, too: it is true for this one as well."
        yield from self.told(drug.id)
        yield from self.responses(one for one in self.treatment.responses if drug.id in one.of)
        yield from self.conflicts(drug.id)
        missing = [
            self.either(*titles)
            for use, titles in USES.items()
            if use != "note" and use not in told and use not in set(self.uses(drug.id))
        ]
        if missing:
            yield f"**{', '.join(missing)}**: {self.either(*GAP)}"

    def doses(self, drug: DrugEntry) -> Iterator[str]:
        rows = [
            (dose.label, _printed(dose), dose.max, dose.basis, dose.note, self.marks([dose.source]))
            for dose in self.treatment.doses_of(drug)
        ]
        if drug.no_dose_source is not None:
            yield self.marked(f"**Doses**: {drug.no_dose}", [drug.no_dose_source])
        if rows:
            yield "**Doses as printed: ranges to compare, not for prescribing**"
            yield self.table(("what", "dose", "ceiling", "printed for", "note", "source"), rows)

    def uses(self, subject: str) -> Iterator[Use]:
        return (one.use for one, _ in self.about(subject) if one.use is not None)

    def about(self, subject: str) -> Iterator[tuple[AdviceEntry, Citation]]:
        """Give what is said of a medicine or kind; carried over, it is our judgement."""
        for one in self.treatment.advice:
            if subject in one.of:
                yield one, one.source
            elif subject in one.carried_to:
                yield one, msgspec.structs.replace(one.source, certainty=Certainty.JUDGEMENT)

    def told(self, subject: str) -> Iterator[str]:
        about = list(self.about(subject))
        for use, titles in USES.items():
            mine = [
                self.statement(one, citation, is_carried=subject in one.carried_to)
                for one, citation in about
                if one.use == use
            ]
            if mine:
                yield f"**{self.either(*titles)}**"
                yield self.bullets(mine)

    def statement(
        self, one: AdviceEntry, citation: Citation | None = None, *, is_carried: bool = False
    ) -> str:
        words = self.either(one.text, one.plain)
        sources = [citation or one.source, *cited(words, self.known)]
        words = filled(words, self.known)
        if is_carried:
            names = " and ".join(self.subject(name) for name in one.of)
            words = self.either(
                f"Printed for {names}, carried over by us: {words}",
                f"{words} This was written for {names}. We think it holds here too.",
            )
        return self.marked(words, sources)

    def responses(self, responses: Iterable[ResponseEntry]) -> Iterator[str]:
        mine = tuple(responses)
        if self.audience == "family":
            plain = [
                self.marked(
                    filled(one.plain, self.known), [one.source, *cited(one.plain, self.known)]
                )
                for one in mine
                if one.plain
            ]
            if plain:
                yield "**How well it works**"
                yield self.bullets(plain)
            return
        rows = [(one.label, _figure(one), one.population, self.marks([one.source])) for one in mine]
        if rows:
            yield self.table(("response", "value", "in whom", "source"), rows)

    def conflicts(self, subject: str) -> Iterator[str]:
        mine = [one for one in self.treatment.conflicts if subject in one.of]
        if mine:
            yield f"**{self.either('Sources disagree', 'Where sources do not agree')}**"
            yield self.bullets(
                self.marked(self.either(one.text, one.plain), [one.source]) for one in mine
            )

    def name(self, drug: DrugEntry) -> str:
        return self.either(drug.name, drug.plain_name or drug.name)

    def subject(self, name: str) -> str:
        """Give the name of a medicine or of a kind of medicine."""
        for drug in self.treatment.drugs:
            if drug.id == name:
                return self.name(drug).lower()
        kind = next(one for one in self.treatment.classes if one.id == name)
        return self.either(kind.label, kind.plain_label)

    def marked(self, text: str, sources: Iterable[Citation]) -> str:
        """Give a text with its marks before its full stop."""
        end = text[-1] if text.endswith((".", "?", "!")) else ""
        return f"{text.removesuffix(end)} {self.marks(sources)}{end}"

    def marks(self, sources: Iterable[Citation]) -> str:
        found = set()
        for citation in sources:
            self.places.setdefault(citation.id, {})[citation] = None
            number = list(self.places).index(citation.id) + 1
            found.add((number, MARK[citation.certainty]))
        return " ".join(f"[{number}{mark}]" for number, mark in sorted(found))

    def bullets(self, lines: Iterable[str]) -> str:
        return "\n".join(f"- {one}" for one in lines)

    def table(self, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
        lines = [head, tuple("---" for _ in head), *rows]
        return "\n".join(f"| {' | '.join(cell or '-' for cell in row)} |" for row in lines)

    def listed(self) -> Iterator[Cited]:
        knowledge = self.treatment.knowledge.sources
        sources = {one.id: one for one in (*knowledge, *self.treatment.sources)}
        for number, (name, places) in enumerate(self.places.items(), start=1):
            yield Cited(number, sources[name], tuple(places))

    def links(self) -> str:
        found = {
            (one.number, MARK[place.certainty]): address(one.source)
            for one in self.listed()
            for place in one.places
            if address(one.source)
        }
        return "\n".join(f"[{number}{mark}]: {link}" for (number, mark), link in found.items())

    def foot(self) -> str:
        version = f"{self.treatment.version}, knowledge {self.treatment.knowledge.version}"
        return self.either(
            f"Treatment section {version}. It supports a clinician's judgement, no more.",
            f"Version {version}. It helps you to talk with your doctor. It does not tell you "
            "what to take.",
        )


def _printed(dose: DoseEntry) -> str:
    """Say a dose as printed; its parts are put beside one another, never worked with."""
    if dose.text:
        return dose.text
    amount = f"{dose.low} to {dose.high}" if dose.high else dose.low
    every = f" every {dose.per}" if dose.per[0].isdigit() else f"/{dose.per}"
    return ", ".join(part for part in (f"{amount} {dose.unit}{every}", dose.schedule) if part)


def _figure(one: ResponseEntry) -> str:
    value, printed = said(one.figure), one.figure.printed
    value = f"{value}; printed as {printed}" if printed and printed not in value else value
    return f"{value}; {one.note}" if one.note else value
