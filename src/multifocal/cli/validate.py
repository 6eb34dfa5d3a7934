"""The command `validate`: the work-up tried on children whose diagnosis is known."""

import sys
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multifocal.cli.files import write
from multifocal.cli.folders import cache_folder
from multifocal.cli.masks import MASKS, MaskOption, masks_in
from multifocal.cli.setting import COLLECTION, known_setting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from multifocal.knowledge.load import Knowledge
    from multifocal.model.validation import Baseline, CaseResult, Masked, Trial, Validation


class Other(StrEnum):
    """An engine to compare with."""

    HPO = "hpo"


def validate(
    cases: Annotated[
        Path,
        typer.Argument(
            help="A file of published cases (JSON), or a folder of such files.",
            show_default=False,
        ),
    ],
    *,
    mask: MaskOption = None,
    baseline: Annotated[
        Other | None,
        typer.Option(help="Compare with a generic engine on the same cases.", show_default=False),
    ] = None,
    setting: Annotated[
        str, typer.Option(metavar="SETTING", help="Where the children are seen.")
    ] = COLLECTION,
    json: Annotated[
        Path | None,
        typer.Option("--json", help="Write every figure and case here.", show_default=False),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write an HTML page.", show_default=False),
    ] = None,
) -> None:
    """Try the work-up on published cases: how often it is right, how sure, how safe."""
    from multifocal.knowledge.load import load
    from multifocal.report import validation as report

    knowledge = load(cache=cache_folder())
    found = validated(
        cases,
        masked=masks_in(mask),
        other=baseline,
        setting=known_setting(setting, knowledge),
        knowledge=knowledge,
    )
    if json is not None:
        write(as_json(found), json)
    if output is not None:
        write(report.render(found, knowledge=knowledge).encode(), output)
    sys.stdout.write(report.text(found, knowledge=knowledge))


def as_json(found: "Validation") -> bytes:
    """Give every figure at the top level, and each case with its conditions."""
    import msgspec

    whole = msgspec.to_builtins(found)
    flat = {
        "schema": whole.pop("schema"),
        **whole.pop("figures"),
        "ece": found.calibration.error,
        "ece_cmo": found.calibration_cmo.error,
        "cases": whole.pop("outcomes"),
        **whole,
    }
    return msgspec.json.format(msgspec.json.encode(flat), indent=2) + b"\n"


def validated(
    cases: Path,
    *,
    masked: "tuple[Masked, ...]" = (),
    other: Other | None = None,
    setting: str = COLLECTION,
    knowledge: "Knowledge",
) -> "Validation":
    """Try the work-up on every case, with the parts hidden; beside it with each part hidden, and in
    each setting.
    """
    from multifocal.workup.validate import try_out, validation, without_facts

    @cache
    def tried(hidden: "tuple[Masked, ...]") -> "tuple[tuple[Trial, ...], tuple[CaseResult, ...]]":
        trials = read_trials(cases, hidden, knowledge)
        return trials, try_out(trials, knowledge=knowledge, setting=setting)

    trials, outcomes = tried(masked)
    hiding: dict[str, tuple[Masked, ...]] = {"": (), **{name: (name,) for name in MASKS}}
    others = {name: tried(parts)[1] for name, parts in (hiding | {"all": MASKS}).items()}
    settings = {
        one.id: try_out(trials, knowledge=knowledge, setting=one.id)
        for one in knowledge.differential.model.setting
    }
    return validation(
        outcomes,
        knowledge=knowledge,
        setting=setting,
        masked=masked,
        others=others,
        settings=settings,
        bare=try_out(without_facts(trials), knowledge=knowledge, setting=setting),
        baseline=_compared(trials, outcomes, knowledge) if other is Other.HPO else None,
    )


def read_trials(
    cases: Path, masked: "tuple[Masked, ...]", knowledge: "Knowledge"
) -> "tuple[Trial, ...]":
    """Read cases as records with their truths, these parts hidden."""
    from multifocal.exchange.cases import read_cases
    from multifocal.model.validation import Trial
    from multifocal.workup.validate import has_cmo

    return tuple(
        Trial(
            id=case.id,
            record=case.record,
            truth=case.truth,
            is_cmo=has_cmo(case.truth, guessed=case.guessed, told=case.is_cno),
            as_of=case.as_of,
            hand=case.hand,
            source_depth=case.source_depth,
            guessed=case.guessed,
            decidable=case.decidable,
            names_diagnosis=case.text_names_diagnosis,
            blind=case.blind_top3,
        )
        for case in read_cases(cases, knowledge=knowledge, masks=masked)
    )


def _compared(
    trials: "Sequence[Trial]",
    outcomes: "Sequence[CaseResult]",
    knowledge: "Knowledge",
) -> "Baseline":
    from multifocal.cli.ontology import human_phenotype_ontology
    from multifocal.workup.generic import baseline, diseases_in, engine, terms_in

    return baseline(
        outcomes,
        {trial.id: terms_in(trial, knowledge) for trial in trials},
        engine(human_phenotype_ontology()),
        diseases_in(knowledge),
    )
