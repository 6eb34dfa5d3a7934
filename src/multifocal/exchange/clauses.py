"""The clauses of a text: a side belongs to the places beside it, not to those of its neighbours."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, cast

from multifocal.exchange.mentions import Mention
from multifocal.model.anatomy import Laterality

BETWEEN = {"other", "not", "sequence", "unit"}


class Clause(NamedTuple):
    """The mentions between two joints, and the kind of joint before them."""

    joint: str
    mentions: tuple[Mention, ...]
    joined_sides: bool = False
    """Whether it took in a side that stood alone: "right and left tibia"."""

    @property
    def sides(self) -> tuple[Laterality, ...]:
        """The sides it states."""
        said = (mention.value for mention in self.mentions if mention.kind == "side")
        return cast("tuple[Laterality, ...]", tuple(dict.fromkeys(said)))

    @property
    def has_place(self) -> bool:
        """Whether it names a place."""
        return any(mention.kind == "place" for mention in self.mentions)

    @property
    def side_first(self) -> bool:
        """Whether its side stands before its first place."""
        return self._first("side") < self._first("place")

    @property
    def side_last(self) -> bool:
        """Whether its side stands after its last place."""
        backwards = self._replace(mentions=self.mentions[::-1])
        return backwards.side_first

    def _first(self, kind: str) -> int:
        places = (at for at, mention in enumerate(self.mentions) if mention.kind == kind)
        return next(places, len(self.mentions))


def _parted(mentions: Iterable[Mention]) -> Iterator[Clause]:
    """Part mentions at joints, and where other words stand between two places."""
    joint, inside = "stop", list[Mention]()
    has_place, gap = False, 0
    for mention in mentions:
        if mention.kind == "place" and has_place and gap:
            yield Clause(joint, tuple(inside[:gap]))
            joint, inside, has_place, gap = "words", inside[gap:], False, 0
        if mention.kind == "joint" and inside:
            yield Clause(joint, tuple(inside))
            joint, inside, has_place, gap = mention.value, [], False, 0
        if mention.kind != "joint":
            has_place = has_place or mention.kind == "place"
            inside.append(mention)
            gap = len(inside) if has_place and mention.kind in BETWEEN else gap
    if inside:
        yield Clause(joint, tuple(inside))


def clauses_of(mentions: Iterable[Mention]) -> list[Clause]:
    """Give the clauses, those that name no place joined to one that does: "tibia, right"."""
    groups: list[list[Clause]] = []
    waiting: list[Clause] = []
    for clause in _parted(mentions):
        if clause.has_place and not _awaits(clause):
            groups.append([*waiting, clause])
            waiting = []
        elif groups and not waiting and _belongs_back(clause, groups[-1][-1]):
            groups[-1].append(clause)
        else:
            waiting.append(clause)
    for late in waiting:
        if groups and late.joint != "stop" and not late.has_place:
            groups[-1].append(late)
        else:
            groups.append([late])
    return [_joined(group) for group in groups]


def _belongs_back(clause: Clause, before: Clause) -> bool:
    """Whether a clause completes the one before: "tibia, right", "femoral head and neck"."""
    if not clause.has_place:
        return clause.joint in {"comma", "colon"}
    return clause.joint in {"and", "slash"} and any(
        mention.phrase.landmarks for mention in before.mentions
    )


def _awaits(clause: Clause) -> bool:
    """Whether all it names is a landmark: "head" in "head and neck of the femur"."""
    places = [mention for mention in clause.mentions if mention.kind == "place"]
    return all(mention.phrase.landmarks and not mention.phrase.bones for mention in places)


def _joined(group: Sequence[Clause]) -> Clause:
    lone = any(clause.sides and not clause.has_place for clause in group)
    mentions = tuple(mention for clause in group for mention in clause.mentions)
    return Clause(group[0].joint, mentions, joined_sides=lone and len(group) > 1)
