"""How often findings go with a condition, as the differential weighs them, in words."""

from collections.abc import Iterable

import msgspec

from multifocal.knowledge.entries import Figure, FindingEntry
from multifocal.knowledge.entries_differential import CellEntry
from multifocal.knowledge.figures import said
from multifocal.knowledge.load import Knowledge
from multifocal.model.finding import FindingId
from multifocal.model.source import Citation


class Often(msgspec.Struct, frozen=True):
    """How often a finding is present in a condition."""

    condition: str
    finding: FindingEntry
    words: str
    """Counts with their interval where the sources give them, else a share or a word."""
    share: float
    """To put rows in an order; never shown of a word."""
    sources: tuple[Citation, ...]


class Told(msgspec.Struct, frozen=True):
    """A finding in two conditions side by side."""

    here: Often
    there: Often


def often(condition: str, knowledge: Knowledge) -> tuple[Often, ...]:
    """Give every finding that the files give for a condition, the most common first."""
    cells: dict[FindingId, list[CellEntry]] = {}
    for cell in knowledge.differential.cells:
        if cell.condition == condition:
            cells.setdefault(cell.finding, []).append(cell)
    found = (_pooled(finding, mine, knowledge) for finding, mine in cells.items())
    return tuple(sorted(found, key=lambda one: -one.share))


def conditions_with(findings: Iterable[FindingId], knowledge: Knowledge) -> tuple[Often, ...]:
    """Give for each condition how often it has the most common of some findings.

    What the findings of the background say is left out.
    """
    wanted = set(findings)
    return tuple(
        sorted(
            (
                next(one for one in mine if one.finding.id in wanted)
                for condition in knowledge.conditions
                if (mine := often(condition.id, knowledge))
                and any(one.finding.id in wanted for one in mine)
            ),
            key=lambda one: -one.share,
        )
    )


def told_apart(condition: str, other: str, knowledge: Knowledge) -> tuple[Told, ...]:
    """Give the findings of two conditions, those first whose frequency differs most."""
    there = {one.finding.id: one for one in often(other, knowledge)}
    pairs = (
        Told(one, there[one.finding.id])
        for one in often(condition, knowledge)
        if one.finding.id in there and one.finding.kind != "demographic"
    )
    return tuple(sorted(pairs, key=lambda pair: -abs(pair.here.share - pair.there.share)))


def _pooled(finding: FindingId, cells: list[CellEntry], knowledge: Knowledge) -> Often:
    """Put the rows of one pair together: counts are added, else the first row is said."""
    counted = [cell for cell in cells if cell.n]
    if counted:
        k, n = sum(cell.k or 0 for cell in counted), sum(cell.n or 0 for cell in counted)
        words, share = said(Figure(kind="share", k=k, n=n)), k / n
    else:
        words, share = _said(cells[0], knowledge)
    return Often(
        condition=cells[0].condition,
        finding=knowledge.findings_by_id[finding],
        words=words,
        share=share,
        sources=tuple(dict.fromkeys(cell.source for cell in counted or cells[:1])),
    )


def _said(cell: CellEntry, knowledge: Knowledge) -> tuple[str, float]:
    class_ = next((one for one in knowledge.differential.classes if one.id == cell.class_), None)
    share = cell.share if cell.share is not None else class_.share if class_ else 0.0
    if class_ is not None:
        return class_.label, share
    return f"about {said(Figure(kind='share', value=share))}", share
