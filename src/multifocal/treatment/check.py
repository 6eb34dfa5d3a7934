"""What must hold between the entries of the section: every problem is told, with file and id."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from difflib import get_close_matches

from multifocal.knowledge.check import Problem, citations
from multifocal.knowledge.check_figures import faults_of
from multifocal.knowledge.figures import FigureError
from multifocal.knowledge.references import references
from multifocal.model.source import Certainty, Citation
from multifocal.treatment.entries import DoseEntry, DrugEntry, Treatment
from multifocal.treatment.texts import filled, named, texts

UNREAD = "not read"
"""What `read` of a source says when nothing of it was read."""

OURS = "our own text"
"""What `read` of a source begins with when it is ours."""


def check(treatment: Treatment) -> list[Problem]:
    """Give every problem of reference and meaning between the entries."""
    checks: tuple[Callable[[Treatment], Iterable[Problem]], ...] = (
        _duplicates,
        _sources,
        _certainties,
        _texts,
        _sections,
        _drugs,
        _names,
        _doses,
        _responses,
        _advice,
        _conflicts,
        _disagreements,
    )
    return [problem for one in checks for problem in one(treatment)]


def _meant(wanted: str, known: Iterable[str]) -> str:
    close = get_close_matches(wanted, sorted(known), n=1)
    return f". Did you mean {close[0]!r}?" if close else ""


def _unknown(
    file: str, entry: str, what: str, wanted: Iterable[str], known: Iterable[str]
) -> Iterator[Problem]:
    known = set(known)
    for name in sorted(set(wanted) - known):
        yield Problem(file, entry, f"unknown {what} {name!r}{_meant(name, known)}")


def _duplicates(treatment: Treatment) -> Iterator[Problem]:
    figures = [
        *(
            (f"{name}.toml", one.id)
            for name in ("doses", "responses", "advice", "conflicts")
            for one in getattr(treatment, name)
        ),
        *(("drugs.toml", drug.id) for drug in treatment.drugs),
        *(("classes.toml", kind.id) for kind in treatment.classes),
    ]
    lists = {
        "": [name for _, name in figures],
        "sections.toml": [section.id for section in treatment.sections],
        "lines.toml": [line.id for line in treatment.lines],
        "plans.toml": [plan.id for plan in treatment.plans],
        "sources.toml": [source.id for source in treatment.sources],
    }
    where = {name: file for file, name in figures}
    for file, ids in lists.items():
        for name, count in Counter(ids).items():
            if count > 1:
                yield Problem(file or where[name], name, f"is defined {count} times")
    public = {source.id for source in treatment.knowledge.sources}
    for source in treatment.sources:
        if source.id in public:
            yield Problem("sources.toml", source.id, "is a source of the knowledge: leave it out")
    statements = {one.id for one in treatment.knowledge.statements}
    for response in treatment.responses:
        if response.id in statements:
            yield Problem("responses.toml", response.id, "is the id of a public statement too")


def _cited(treatment: Treatment) -> Iterator[tuple[str, str, Citation]]:
    """Give every citation with its file and entry."""
    for name in treatment.__struct_fields__:
        entries = getattr(treatment, name)
        if isinstance(entries, tuple) and name != "sources":
            for entry in entries:
                yield from ((f"{name}.toml", entry.id, one) for one in citations(entry))


def _sources(treatment: Treatment) -> Iterator[Problem]:
    own = {source.id for source in treatment.sources}
    known = own | {source.id for source in treatment.knowledge.sources}
    used = set()
    for file, entry, citation in _cited(treatment):
        used.add(citation.id)
        yield from _unknown(file, entry, "source", [citation.id], known)
    for name in sorted(own - used):
        yield Problem("sources.toml", name, "is never cited")


def _certainties(treatment: Treatment) -> Iterator[Problem]:
    read = {one.id: one.read for one in (*treatment.knowledge.sources, *treatment.sources)}
    for file, entry, citation in _cited(treatment):
        depth = read.get(citation.id, "")
        if (depth == UNREAD) != (citation.certainty is Certainty.MEMORY):
            yield Problem(file, entry, "`memory` and a source that was not read go together")
        if depth.startswith(OURS) != (citation.certainty is Certainty.JUDGEMENT):
            yield Problem(file, entry, "`judgement` and a source of our own go together")


def _texts(treatment: Treatment) -> Iterator[Problem]:
    known = named(treatment)
    wrong = {name for name, (figure, _) in known.items() if any(faults_of(figure))}
    for file, entry, text in texts(treatment):
        if not text.strip():
            yield Problem(file, entry, "has an empty text: both kinds of reader need words")
        missing = [one.name for one in references(text) if one.name not in known]
        yield from _unknown(file, entry, "figure", missing, known)
        faulty = [one.name for one in references(text) if one.name in wrong]
        if not missing and not faulty:
            try:
                filled(text, known)
            except FigureError as fault:
                yield Problem(file, entry, str(fault))


def _sections(treatment: Treatment) -> Iterator[Problem]:
    topics = {topic.id for topic in treatment.knowledge.topics}
    told = {one.section for one in treatment.advice}
    for section in treatment.sections:
        yield from _unknown("sections.toml", section.id, "topic", section.topics, topics)
        if section.shows == "advice" and section.id not in told:
            yield Problem("sections.toml", section.id, "is empty: no advice belongs to it")


def _drugs(treatment: Treatment) -> Iterator[Problem]:
    classes = {kind.id for kind in treatment.classes}
    lines = {line.id for line in treatment.lines}
    for drug in treatment.drugs:
        yield from _unknown("drugs.toml", drug.id, "class", [drug.drug_class], classes)
        yield from _unknown("drugs.toml", drug.id, "line", [drug.line], lines)
        if any(treatment.doses_of(drug)) == bool(drug.no_dose):
            yield Problem("drugs.toml", drug.id, "needs either doses or `no_dose`")
        if bool(drug.no_dose) != (drug.no_dose_source is not None):
            yield Problem("drugs.toml", drug.id, "`no_dose` and `no_dose_source` go together")
        if not drug.names or any(name != name.lower() for name in drug.names):
            yield Problem("drugs.toml", drug.id, "`names` are its names in lower case")
    for unused in sorted(classes - {drug.drug_class for drug in treatment.drugs}):
        yield Problem("classes.toml", unused, "no medicine belongs to it")
    for unused in sorted(lines - {drug.line for drug in treatment.drugs}):
        yield Problem("lines.toml", unused, "no medicine belongs to it")


def _names(treatment: Treatment) -> Iterator[Problem]:
    known = _subjects(treatment)
    subjects = [
        *(("responses.toml", one.id, one.of) for one in treatment.responses),
        *(("advice.toml", one.id, (*one.of, *one.carried_to)) for one in treatment.advice),
        *(("conflicts.toml", one.id, one.of) for one in treatment.conflicts),
        *(("plans.toml", plan.id, arm.of) for plan in treatment.plans for arm in plan.arm),
    ]
    for file, entry, names in subjects:
        yield from _unknown(file, entry, "medicine", names, known)


def _subjects(treatment: Treatment) -> set[str]:
    return {drug.id for drug in treatment.drugs} | {kind.id for kind in treatment.classes}


def _doses(treatment: Treatment) -> Iterator[Problem]:
    drugs = {drug.id for drug in treatment.drugs}
    for dose in treatment.doses:
        yield from _unknown("doses.toml", dose.id, "medicine", [dose.drug], drugs)
        if bool(dose.low) == bool(dose.text):
            yield Problem("doses.toml", dose.id, "needs either a printed figure or a text")
        if dose.high and (not dose.low or Decimal(dose.low) >= Decimal(dose.high)):
            yield Problem("doses.toml", dose.id, "its low is not below its high")
        if {bool(dose.low)} != {bool(dose.unit), bool(dose.per)}:
            yield Problem("doses.toml", dose.id, "a figure has a unit and `per`, a text has none")


def _responses(treatment: Treatment) -> Iterator[Problem]:
    for one in treatment.responses:
        for message in faults_of(one.figure):
            yield Problem("responses.toml", one.id, message)
        if one.source.certainty is Certainty.DERIVED and not one.figure.printed:
            yield Problem("responses.toml", one.id, "`derived` shows what was `printed`")


def _advice(treatment: Treatment) -> Iterator[Problem]:
    sections = {section.id for section in treatment.sections}
    for one in treatment.advice:
        if bool(one.section) == bool(one.use) or bool(one.use) != bool(one.of):
            yield Problem("advice.toml", one.id, "needs either `section`, or `use` with `of`")
        if one.section:
            yield from _unknown("advice.toml", one.id, "section", [one.section], sections)
        if one.carried_to and not one.of:
            yield Problem("advice.toml", one.id, "`carried_to` needs `of`")
        if set(one.of) & set(one.carried_to):
            yield Problem("advice.toml", one.id, "carries to what its source speaks of")


def _conflicts(treatment: Treatment) -> Iterator[Problem]:
    known = {dose.id for dose in treatment.doses} | {one.id for one in treatment.responses}
    for one in treatment.conflicts:
        yield from _unknown("conflicts.toml", one.id, "dose or response", one.between, known)
        if len(set(one.between)) < len(one.between) or len(one.between) <= 1:
            yield Problem("conflicts.toml", one.id, "is between two different entries or more")
        if one.source.certainty is not Certainty.JUDGEMENT:
            yield Problem("conflicts.toml", one.id, "its words are ours: `judgement`")


def _disagreements(treatment: Treatment) -> Iterator[Problem]:
    """Give doses of one medicine, from sources that differ, with nothing said of it."""
    told = [set(one.between) for one in treatment.conflicts]
    for drug in treatment.drugs:
        for doses in _comparable(drug, treatment):
            ids = {dose.id for dose in doses}
            ranges = {(dose.low, dose.high, dose.unit, dose.per) for dose in doses}
            if len(ranges) > 1 and not any(ids <= between for between in told):
                named_ids = ", ".join(sorted(ids))
                yield Problem(
                    "doses.toml", drug.id, f"they differ, and no conflict says so: {named_ids}"
                )


def _comparable(drug: DrugEntry, treatment: Treatment) -> Iterator[list[DoseEntry]]:
    """Give the doses of a medicine that could be taken for one another: alike in kind."""
    alike: dict[str, list[DoseEntry]] = defaultdict(list)
    for dose in treatment.doses_of(drug):
        if dose.low:
            alike[dose.kind].append(dose)
    for doses in alike.values():
        if len({dose.source.id for dose in doses}) > 1:
            yield doses
