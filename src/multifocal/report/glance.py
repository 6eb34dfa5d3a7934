"""What stands beside a form while it is filled in: the first page's answer in a few lines."""

import msgspec

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment, RedFlag
from multifocal.report import words
from multifocal.report.case import Case
from multifocal.report.letter import changes

CONDITIONS = 5


class Standing(msgspec.Struct, frozen=True):
    """A condition, and where it stands."""

    name: str
    band: str


class Glance(msgspec.Struct, frozen=True):
    """The answer so far."""

    urgency: str
    """Of the most urgent red flag, in words; empty where none stands."""
    red_flags: tuple[RedFlag, ...]
    no_flag: str
    why: str
    """Why no order is offered; empty when one is."""
    conditions: tuple[Standing, ...]
    dangers: int
    test: str
    reason: str
    changes: tuple[str, ...]


def glance(assessment: Assessment, *, knowledge: Knowledge) -> Glance:
    """Put an assessment into a few lines; while a red flag stands nothing else is ranked."""
    flags, given = assessment.red_flags, assessment.differential
    said = words.words()
    ranked = () if given is None or given.abstained or flags else given.ranked
    told = [one for one in ranked if one.band in ("leading", "possible")][:CONDITIONS]
    first = assessment.next_tests[0] if assessment.next_tests else None
    return Glance(
        urgency=said.urgency[flags[0].urgency] if flags else "",
        red_flags=flags,
        no_flag=said.letter["no_flag"],
        why=given.why if given is not None and given.abstained else "",
        conditions=tuple(
            Standing(
                one.name,
                said.band[one.band]
                + ("" if one.danger == "routine" else f", {said.danger[one.danger]}"),
            )
            for one in told
        ),
        dangers=len(assessment.dangers),
        test="" if first is None else first.label,
        reason="" if first is None else first.reason,
        changes=() if flags else changes(Case(assessment, knowledge)),
    )
