"""The children of `checker/children_*.toml`: how many there are, and of which ages."""

import tomllib
from collections import Counter
from pathlib import Path

import msgspec

from multifocal.model.checker import HOW_SOON, HowSoon

FOLDER = Path(__file__).parent / "checker"


class Child(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    shows: str
    basis: str
    given: dict[str, str]
    places: tuple[str, ...] = ()
    held: bool = False


class Children(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    how_soon: HowSoon
    child: tuple[Child, ...]


LEVELS = {
    level: msgspec.convert(
        tomllib.loads((FOLDER / f"children_{level}.toml").read_text(encoding="utf-8")), Children
    )
    for level in HOW_SOON
}


def test_there_are_as_many_of_each_answer_and_half_are_held_back() -> None:
    for level, children in LEVELS.items():
        assert children.how_soon == level
        assert len(children.child) == 40
        assert sum(child.held for child in children.child) == 20


def test_every_age_is_among_them_and_nobody_twice() -> None:
    every = [child for children in LEVELS.values() for child in children.child]
    ages = Counter(child.given["age"] for child in every)
    assert set(ages) == {"m0", "m3", "y1", "y2", "y3", "y6", "y12"}
    assert min(ages.values()) >= 10
    assert len({child.id for child in every}) == len(every) == 160
    assert all(child.basis and child.shows for child in every)
