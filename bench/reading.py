"""How much of published cases is read, measured by what one careful reader took from the same text.

`python -m bench.reading` prints the figures and the worst misses of the cases that may be looked
at; `--kept-back` prints the figures alone, beside those of the cases that nobody has looked at.
"""

import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from multifocal.cli.folders import cache_folder
from multifocal.exchange.case_format import Case
from multifocal.exchange.cases import read_cases
from multifocal.knowledge.load import Knowledge, load
from multifocal.workup.find import find
from multifocal.workup.interpret import combined, flagged, known_by

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "data"
CASES = DATA / "cases" / "development_cases.json"
TOLD = DATA / "cases" / "development_findings.json"
KEPT_BACK = (
    DATA / "cases" / "kept_back_cases.json",
    DATA / "cases" / "kept_back_findings.json",
)
CORRECTIONS = DATA / "cases" / "corrections.toml"
QUESTIONS = DATA / "matrix_finding_ids.txt"
NOT_READ = ("age_", "sex_")
"""How the names begin of what is not read from words."""
WORST = 25

Said = Literal["present", "absent"]
Told = Mapping[str, Mapping[str, Said]]
"""By case and finding, what the careful reader says; what is not there was not said."""
Answers = Mapping[str, Mapping[str, bool | None]]
"""By case and finding, what we say; `None` where we don't know."""


class Careful(msgspec.Struct, frozen=True):
    """What the careful reader took from one case."""

    findings: dict[str, Said]


class Correction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the text plainly says something else than the careful reader."""

    case: str
    finding: str
    says: Literal["present", "absent", "unsaid"]
    reason: str
    """What in the text, and in the definition of the finding, says so."""


class Share(NamedTuple):
    """So many of so many."""

    k: int
    n: int

    def __str__(self) -> str:
        """Give it as a percentage with its counts."""
        return f"{100 * self.k / self.n:.1f} % ({self.k} of {self.n})" if self.n else "none"


class Figures(NamedTuple):
    """The three figures of a set of cases."""

    found: Share
    """Of what the reader calls present, what we call present."""
    right: Share
    """Of what we call present, what the reader calls present: the precision."""
    opposite: Share
    """Of all that the reader says, what we say the opposite of."""


class Miss(NamedTuple):
    """One finding, and how often it is read, missed, made up, or turned round."""

    finding: str
    said: int
    missed: int
    made_up: int
    turned: int


def told_in(file: Path) -> Told:
    """Read what the careful reader says of each case."""
    careful = msgspec.json.decode(file.read_bytes(), type=dict[str, Careful])
    return {case: one.findings for case, one in careful.items()}


def corrections_in(file: Path) -> tuple[Correction, ...]:
    """Read the corrections of the careful reader."""
    rows = tomllib.loads(file.read_text(encoding="utf-8"))["correction"]
    return msgspec.convert(rows, tuple[Correction, ...])


def corrected(told: Told, corrections: Iterable[Correction]) -> Told:
    """Give what the reader says with the corrections made."""
    changed: dict[str, dict[str, Said]] = {case: dict(said) for case, said in told.items()}
    for one in corrections:
        if one.says == "unsaid":
            del changed[one.case][one.finding]
        else:
            changed[one.case][one.finding] = one.says
    return changed


def answers(cases: Iterable[Case], knowledge: Knowledge) -> Answers:
    """Answer every finding of each case, as of its visit."""
    return {case.id: _answers(case, knowledge) for case in cases}


def _answers(case: Case, knowledge: Knowledge) -> Mapping[str, bool | None]:
    known, _ = known_by(case.record.facts, as_of=case.as_of, knowledge=knowledge)
    against, _ = flagged(known, case.record.patient, knowledge)
    facts = combined(against, knowledge)
    found = find(facts, case.record.patient, as_of=case.as_of, knowledge=knowledge)
    return {one.id: one.truth for one in found.findings}


def judged(told: Told) -> frozenset[str]:
    """Give the findings that are counted: the 130 questions, and what the reader names besides."""
    asked = QUESTIONS.read_text(encoding="utf-8").split()
    named = {finding for said in told.values() for finding in said}
    return frozenset(one for one in named.union(asked) if not one.startswith(NOT_READ))


def misses(ours: Answers, told: Told) -> tuple[Miss, ...]:
    """Give what went wrong by finding, the worst first."""
    kinds: dict[str, Counter[str]] = {kind: Counter() for kind in Miss._fields[1:]}
    for case, said in told.items():
        for finding in judged(told):
            truth, says = ours[case].get(finding), said.get(finding)
            kinds["said"][finding] += says == "present"
            kinds["missed"][finding] += says == "present" and truth is not True
            kinds["made_up"][finding] += truth is True and says != "present"
            kinds["turned"][finding] += says is not None and truth is (says != "present")
    every = (Miss(one, *(count[one] for count in kinds.values())) for one in judged(told))
    return tuple(sorted(every, key=lambda one: (-one.missed - one.made_up, one.finding)))


def figures(ours: Answers, told: Told) -> Figures:
    """Give the three figures."""
    rows = misses(ours, told)
    said = sum(one.said for one in rows)
    found = said - sum(one.missed for one in rows)
    pairs = sum(finding in judged(told) for says in told.values() for finding in says)
    return Figures(
        Share(found, said),
        Share(found, found + sum(one.made_up for one in rows)),
        Share(sum(one.turned for one in rows), pairs),
    )


def section(knowledge: Knowledge) -> Iterator[str]:
    """Give the part of the page of validation that says how much is read."""
    ours = answers(read_cases(CASES, knowledge=knowledge), knowledge)
    plain, corrections = told_in(TOLD), corrections_in(CORRECTIONS)
    mended = corrected(plain, corrections)
    yield "## What of the cases is read"
    yield ""
    yield (
        f"One careful reader took findings from the text of the {len(plain)} cases, the diagnosis "
        "hidden. Here is what the program finds in the same text, as of the visit, among the "
        f"{len(judged(plain))} findings in question; age and sex are not counted. What the reader "
        "doesn't list was not said: a finding that we call present there counts as made up. "
        f"{len(corrections)} answers of the reader are corrected where the text plainly says "
        "otherwise, each with its reason in `tests/data/cases/corrections.toml`. The phrases were "
        "written with these cases at hand."
    )
    yield ""
    yield "| figure | wanted | as the reader has it | with the corrections |"
    yield "| --- | --- | --- | --- |"
    yield from _rows(figures(ours, plain), figures(ours, mended))
    yield ""
    yield "The worst, with the corrections made:"
    yield ""
    yield "| finding | said to be present | missed | made up | turned round |"
    yield "| --- | --- | --- | --- | --- |"
    for one in misses(ours, mended)[:WORST]:
        yield f"| `{one.finding}` | {one.said} | {one.missed} | {one.made_up} | {one.turned} |"
    yield ""


def _rows(*columns: Figures) -> Iterator[str]:
    names = (
        ("present findings that are found", "90 % or more"),
        ("precision: found as present and so said", "95 % or more"),
        ("read as the opposite", "0.5 % or less"),
    )
    for at, name in enumerate(names):
        yield f"| {' | '.join((*name, *(str(column[at]) for column in columns)))} |"


def main(arguments: Sequence[str]) -> None:
    """Print the figures; with ``--kept-back`` nothing of any single case or finding."""
    knowledge = load(cache=cache_folder())
    if "--kept-back" not in arguments:
        sys.stdout.write("\n".join(section(knowledge)))
        return
    for name, cases, told in (("looked at", CASES, TOLD), ("kept back", *KEPT_BACK)):
        ours = answers(read_cases(cases, knowledge=knowledge), knowledge)
        found, right, opposite = figures(ours, told_in(told))
        sys.stdout.write(f"{name}: found {found}; precision {right}; opposite {opposite}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
