"""What was read of the record and what was not, in words for the first page."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from multifocal.model.assessment import Assessment
from multifocal.model.issue import Level
from multifocal.model.record import NotRead, Resources
from multifocal.report import words


class NotReadView(msgspec.Struct, frozen=True):
    """Something that was not read, in words."""

    kind: str
    name: str
    where: str
    matters: str
    telling: bool
    """Whether it may decide something."""


class ReadingView(msgspec.Struct, frozen=True):
    """What was read and what was not."""

    counts: str
    first: tuple[NotReadView, ...]
    more: str
    held: str
    every: tuple[NotReadView, ...]


FIRST = 5
"""Entries that the first page names; it counts the rest."""


def reading(assessment: Assessment) -> ReadingView:
    """Put what was and what was not read into words, the worst first."""
    say, given = words.words().say, assessment.not_read
    rest = given[FIRST:] if len(given) > FIRST + 1 else ()
    every = tuple(map(_view, given))
    counts = _counts(assessment.resources, sum(one.count for one in given))
    return ReadingView(
        counts=counts,
        first=every[:FIRST] if rest else every,
        more=_more(rest) if rest else "",
        held=say["held"] if assessment.coding.held and any(one.telling for one in every) else "",
        every=every,
    )


def _counts(resources: Resources, unread: int) -> str:
    """Say how many resources were read; where nobody counted them, how much was not."""
    say, total = words.words().say, resources.total
    if total == 0:
        key = "not_read_one" if unread == 1 else "not_read_several"
        return say[key].format(number=unread) if unread else ""
    if resources.read == total:
        return say["read_all"].format(total=total)
    parts = (
        ("read", resources.read),
        ("read_partly", resources.partly),
        ("read_not", resources.unread),
    )
    counts = words.listed(say[key].format(number=n) for key, n in parts if n or key == "read")
    return say["read_some"].format(total=total, counts=counts)


def _more(rest: Iterable[NotRead]) -> str:
    """Count what the first page leaves out, by kind."""
    one, many = words.words().not_read, words.words().not_read_many
    kinds = Counter[str]()
    for each in rest:
        kinds[_kind(each)] += each.count
    told = (f"{n} {(one if n == 1 else many)[kind]}" for kind, n in kinds.most_common())
    more = words.words().say["not_read_more"]
    return more.format(number=kinds.total(), kinds=words.listed(told))


def _kind(one: NotRead) -> str:
    """Give what to call it: its kind, or what stands in that type of resource."""
    return words.words().not_read_in.get(one.place.partition(" ")[0], one.kind)


def _view(one: NotRead) -> NotReadView:
    say = words.words().say
    matters = words.short(one.matters)
    times = say["times"].format(number=one.count) if one.count > 1 else ""
    return NotReadView(
        kind=words.sentence(words.words().not_read[_kind(one)]),
        name=words.short(one.name) or say["unnamed"],
        where=", ".join(filter(None, (words.clean(one.place), times, words.short(one.why)))),
        matters=say["may_matter"].format(what=matters) if matters else "",
        telling=one.level is not Level.INFO,
    )
