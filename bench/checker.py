"""Write docs/reference/checker.md anew: the symptom checker tried on made-up and real children.

The made-up ones have a right answer, written before the rules. Of the published ones we know what
it was: what their report tells becomes the answers of a family; what it doesn't tell is answered in
three ways, from the kindest to the hardest.
"""

import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from multifocal.cli.folders import cache_folder
from multifocal.exchange.case_format import Case
from multifocal.exchange.cases import MASKS, read_cases
from multifocal.knowledge.entries_checker import QuestionEntry
from multifocal.knowledge.load import Knowledge, load
from multifocal.model.anatomy import Site
from multifocal.model.checker import HOW_SOON, NO, UNKNOWN, YES, Answers, HowSoon
from multifocal.model.place import read_site
from multifocal.model.truth import Span, truth_of
from multifocal.report.validation import interval, percent
from multifocal.rules.score import Pair
from multifocal.workup.checker import check, choices
from multifocal.workup.find import find
from multifocal.workup.statistics import proportion

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests" / "data" / "cases" / "development_cases.json"
CHILDREN = ROOT / "tests" / "spec" / "checker"
PAGE = ROOT / "docs" / "reference" / "checker.md"
TESTS = ("xray", "mri", "blood")
"""Questions of which a first visit tells nothing."""
SLOW: frozenset[HowSoon] = frozenset({"soon", "watch"})
"""What is unsafe for a dangerous condition."""
GROUPS = ("emergency", "urgent", "soon", "routine", "the disease itself")
"""How urgent conditions are."""
DANGEROUS = frozenset(GROUPS[:2])
DISEASE = frozenset({"cmo", "cmo_hand"})
"""Ours, told apart from what looks like it."""


class Child(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A made-up child, and how soon it must be seen."""

    id: str
    shows: str
    basis: str
    """Which rule of which source makes it right, or that it is a judgement of ours."""
    given: dict[str, str]
    places: tuple[str, ...] = ()
    held: bool = False
    """Held back: no rule was changed because of it."""
    how_soon: HowSoon = "watch"


class Bullet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of a list that was read, as a child, with the haste that its source gives it."""

    id: str
    source: str
    says: str
    how_soon: HowSoon
    given: dict[str, str]
    places: tuple[str, ...] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    how_soon: HowSoon
    child: tuple[Child, ...]


def children(folder: Path = CHILDREN) -> tuple[Child, ...]:
    """Read the made-up children, the most urgent first."""
    files = [
        msgspec.convert(
            tomllib.loads((folder / f"children_{level}.toml").read_text(encoding="utf-8")), _File
        )
        for level in HOW_SOON
    ]
    return tuple(
        msgspec.structs.replace(child, how_soon=file.how_soon)
        for file in files
        for child in file.child
    )


def bullets(folder: Path = CHILDREN) -> tuple[Bullet, ...]:
    """Read the lines of the lists."""
    read = tomllib.loads((folder / "bullets.toml").read_text(encoding="utf-8"))
    return msgspec.convert(read["bullet"], tuple[Bullet, ...])


def quiet(knowledge: Knowledge) -> dict[str, str]:
    """Give the answers of a child with nothing: no to what must be answered, and no test done."""
    told = {
        question.id: NO
        for question in knowledge.questions
        if question.danger or (question.required and not question.choices)
    }
    return told | dict.fromkeys(TESTS, NO)


def sites_of(places: Sequence[str], knowledge: Knowledge) -> tuple[Site, ...]:
    """Read places as the site writes them; raises KeyError for one that is none."""
    found = {
        place: read_site(place, bones=knowledge.bones_by_id, regions=knowledge.regions_by_id)
        for place in places
    }
    return tuple(site for place in places if (site := found[place]) is not None)


class Way(msgspec.Struct, frozen=True):
    """How what a report doesn't tell is answered."""

    title: str
    silent: str
    tested: str


WAYS = (
    Way("Not told is “don't know”, nothing tested", UNKNOWN, NO),
    Way("Not told is “no”, nothing tested", NO, NO),
    Way("Not told is “no”, X-ray and blood test done", NO, YES),
)


class Tried(msgspec.Struct, frozen=True):
    """One case as the checker saw it."""

    id: str
    urgency: str
    """Of the condition that was found; `DISEASE` is a group of its own."""
    how_soon: HowSoon


def tried(cases: Sequence[Case], way: Way, knowledge: Knowledge) -> tuple[Tried, ...]:
    """Check every case in one way."""
    return tuple(
        Tried(
            case.id,
            _urgency(case, knowledge),
            check(answers_of(case, way, knowledge), knowledge=knowledge).how_soon,
        )
        for case in cases
    )


def _urgency(case: Case, knowledge: Knowledge) -> str:
    if case.truth is None:
        return ""
    if case.truth in DISEASE:
        return "the disease itself"
    return knowledge.conditions_by_id[case.truth].urgency


def answers_of(case: Case, way: Way, knowledge: Knowledge) -> Answers:
    """Answer the questions as far as the report of a case does, and the rest in this way."""
    record = case.record
    words = find(record.facts, record.patient, as_of=case.as_of, knowledge=knowledge).words
    given = {}
    for question in knowledge.questions:
        told = _told(question, words)
        given[question.id] = told or (_none(question) if way.silent == NO else UNKNOWN)
    for question in knowledge.questions:
        if question.asked_of and given[question.id] == UNKNOWN and not question.danger:
            del given[question.id]
    for test in TESTS:
        given[test] = NO if test == "mri" else way.tested
    local = [question.id for question in knowledge.questions if question.at_site]
    if all(given.get(question) in {NO, None} for question in local):
        given[local[0]] = YES
    return Answers(given)


def _told(question: QuestionEntry, words: Mapping[str, Pair]) -> str | None:
    if question.id in TESTS:
        return None
    if question.concepts:
        match truth_of(Span(*words[question.concepts[0]])):
            case True:
                return YES
            case False:
                return NO
            case None:
                return None
    return next(
        (choice.id for choice in question.choices if _fits(choice.id, question, words)), None
    )


def _fits(choice_id: str, question: QuestionEntry, words: Mapping[str, Pair]) -> bool:
    """Whether all that a choice says is told; the least that fits is taken."""
    choice = next(one for one in question.choices if one.id == choice_id)
    for span, word in ((choice.began_days, "symptom_days"), (choice.age_months, "age_months")):
        if span is not None:
            low, high = words[word]
            return bool(span[0] <= low and high <= span[1])
    return bool(choice.present) and all(
        concept in words and truth_of(Span(*words[concept])) is True for concept in choice.present
    )


def _none(question: QuestionEntry) -> str:
    """Give the answer that nothing is there; of age and time none is, so it stays not known."""
    ids = [one for one in choices(question) if one in {NO, "none"}]
    return ids[0] if ids else UNKNOWN


def off_by(child: Child | Bullet, knowledge: Knowledge) -> int:
    """Give how many steps later than right a child is told to be seen; below 0 is sooner."""
    told = Answers(quiet(knowledge) | child.given, sites_of(child.places, knowledge))
    found = check(told, knowledge=knowledge).how_soon
    return HOW_SOON.index(found) - HOW_SOON.index(child.how_soon)


def page(cases: Sequence[Case], knowledge: Knowledge) -> str:
    """Give the page."""
    lines = (
        *_made_up(children(), knowledge),
        *_listed(bullets(), knowledge),
        *_page(cases, knowledge),
    )
    return "\n".join(lines) + "\n"


def _made_up(made: Sequence[Child], knowledge: Knowledge) -> Iterator[str]:
    yield "# The symptom checker, tried"
    yield ""
    yield "Made by `python -m bench.checker`; a test keeps it true."
    yield ""
    yield "## Made-up children whose right answer is known"
    yield ""
    yield (
        f"{len(made)} children, {len(made) // len(HOW_SOON)} of each answer, from six weeks to "
        "17 years, in `tests/spec/checker`. Each says which rule of which source makes its answer "
        "right, or that it is our judgement. They were written and committed before the rules. "
        "Half were held back: no rule was changed because of them, but for one child of them who "
        "was put right by a source, and the rule with it (a swollen elbow is not to be watched). "
        "**One hand wrote the children and, right after them, the rules, and no clinician has set "
        "an answer.** So these figures "
        "say that the rules do what was meant. They don't say how often the checker is right, and "
        "the half that was held back says it no better: children written by others, and a clinic, "
        "would."
    )
    yield ""
    yield "| children | number | exact | too late | of them emergencies | too soon | by two steps |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    steps = {child.id: off_by(child, knowledge) for child in made}
    groups = [("all", made), ("held back", [child for child in made if child.held])]
    groups += [
        (f"right is: {_level(level)}", [child for child in made if child.how_soon == level])
        for level in HOW_SOON
    ]
    for name, of in groups:
        off = [steps[child.id] for child in of]
        late = sum(steps[child.id] > 0 for child in of if child.how_soon == HOW_SOON[0])
        yield (
            f"| {name} | {len(of)} | {off.count(0)} ({percent(off.count(0) / len(of))}) "
            f"| {sum(one > 0 for one in off)} | {late} | {sum(one < 0 for one in off)} "
            f"| {sum(one < -1 for one in off)} |"
        )
    yield ""
    wrong = [child for child in made if steps[child.id]]
    yield "Still wrong: " + ("; ".join(f"`{one.id}`: {one.shows}" for one in wrong) or "none") + "."
    yield ""


def _listed(lines: Sequence[Bullet], knowledge: Knowledge) -> Iterator[str]:
    yield "## Against the lists of the sources, line by line"
    yield ""
    steps = {line.id: off_by(line, knowledge) for line in lines}
    off = list(steps.values())
    yield (
        f"{len(lines)} lines of the lists that were read, a child each, with the haste that the "
        "source gives: “same day” and “today” are now. Written after the rules; one rule was "
        "added because of them (the swollen elbow, which had been told to watch). Sources "
        "contradict each other, so not all can be met: where "
        f"NICE gives 48 hours and a local list the same day, most rules follow NICE. "
        f"As soon as the source says: {off.count(0)} of {len(off)} "
        f"({percent(off.count(0) / len(off))}); later: {sum(one > 0 for one in off)}; "
        f"sooner: {sum(one < 0 for one in off)}; by two steps or more: "
        f"{sum(abs(one) > 1 for one in off)}."
    )
    yield ""
    yield "| source | says | haste there | here |"
    yield "| --- | --- | --- | --- |"
    for line in lines:
        if steps[line.id]:
            found = HOW_SOON[HOW_SOON.index(line.how_soon) + steps[line.id]]
            yield f"| `{line.source}` | {line.says} | {_level(line.how_soon)} | {_level(found)} |"
    yield ""


def _page(cases: Sequence[Case], knowledge: Knowledge) -> Iterator[str]:
    yield "## Published children, used in development"
    yield ""
    yield (
        f"{len(cases)} published children, seen through the eyes of a family: images, laboratory, "
        "biopsy, and what came later are hidden. **These cases were used in development**, and "
        "published cases are chosen because they are unusual: the figures are those of no family "
        "and no clinic. Reports leave out most of what the checker asks. So what is not told is "
        "answered in three ways, but for pain where a report tells of no trouble at all: such a "
        "child was brought for something. The first is that nobody can tell any sign of danger. "
        "The second is harder than life: a family whose child is pale and tired would not say no "
        "because a report is silent. In the third an X-ray and a blood test were done: that "
        "changes nothing, only their result would."
    )
    yield ""
    yield (
        "**Unsafe** is a condition that can't wait, emergency or urgent in "
        "[conditions](knowledge/conditions.md), whose child is told to make an appointment or to "
        "watch. The goal is at most 2 %."
    )
    yield ""
    for way in WAYS:
        yield from _way(way, tried(cases, way, knowledge))


def _way(way: Way, outcomes: Sequence[Tried]) -> Iterator[str]:
    dangerous = [one for one in outcomes if one.urgency in DANGEROUS]
    unsafe = [one.id for one in dangerous if one.how_soon in SLOW]
    late = [one for one in outcomes if one.urgency == "emergency" and one.how_soon != "emergency"]
    share = proportion(len(unsafe), len(dangerous))
    listed = f": {', '.join(f'`{one}`' for one in unsafe)}" if unsafe else ""
    yield f"### {way.title}"
    yield ""
    yield "| what it was | children | " + " | ".join(_level(one) for one in HOW_SOON) + " |"
    yield "| --- " * (2 + len(HOW_SOON)) + "|"
    for name in (*GROUPS, ""):
        of = Counter(one.how_soon for one in outcomes if one.urgency == name)
        cells = " | ".join(str(of[level]) for level in HOW_SOON)
        if not of and not name:
            continue
        yield f"| {name or 'none of ours'} | {of.total()} | {cells} |"
    yield ""
    yield (
        f"Unsafe: {percent(share.value or 0.0)} "
        f"({share.k} of {share.n}; {interval(share)}){listed}. "
        f"Emergencies that are not told to get help now: {len(late)} of "
        f"{sum(one.urgency == 'emergency' for one in outcomes)}."
    )
    yield ""


def _level(how_soon: HowSoon) -> str:
    return {
        "emergency": "now",
        "urgent": "two days",
        "soon": "appointment",
        "watch": "watch",
    }[how_soon]


def main() -> None:
    """Write the page."""
    knowledge = load(cache=cache_folder())
    cases = read_cases(CASES, knowledge=knowledge, masks=MASKS)
    PAGE.write_text(page(cases, knowledge), encoding="utf-8")
    sys.stdout.write(f"Written: {PAGE.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
