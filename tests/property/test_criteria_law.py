"""The law of every criteria set: answering what is unknown never overturns what is decided."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multifocal.knowledge.entries import CriteriaEntry, ItemEntry
from multifocal.knowledge.load import load
from multifocal.workup.calculate import answer

SETS = load().criteria
NEAR = 1e-9


def numbers(item: ItemEntry) -> st.SearchStrategy[float]:
    low = 0.0 if item.low is None else item.low
    high = low + 200.0 if item.high is None else item.high
    return st.one_of(
        st.sampled_from([low, high]),
        st.floats(low, high, allow_nan=False).map(lambda n: round(n, 2)),
    )


def values(item: ItemEntry) -> st.SearchStrategy[Any]:
    match item.type:
        case "truth":
            return st.booleans()
        case "number":
            return numbers(item)
        case "text":
            return st.sampled_from(item.texts)
        case "texts":
            return st.lists(st.sampled_from(item.texts), max_size=2, unique=True)
        case "numbers":
            cells = st.one_of(st.none(), numbers(item))
            if item.parts:
                return st.fixed_dictionaries(dict.fromkeys(item.parts, cells))
            return st.dictionaries(st.sampled_from("abc"), cells, max_size=3)
        case "sites":
            places = [place for several in item.groups.values() for place in several]
            site = st.tuples(st.sampled_from(places), st.sampled_from(["R", "L", "M", "B", None]))
            return st.lists(site, max_size=3)


def asked(entry: CriteriaEntry) -> list[ItemEntry]:
    """Give the items that may be unknown; what is absent unless told never is."""
    return [item for item in entry.item if not item.refused and not item.absent_unless_told]


@pytest.mark.parametrize("entry", [one for one in SETS if one.item], ids=lambda one: one.id)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_answering_an_unknown_never_overturns_a_decided_state(
    entry: CriteriaEntry, data: st.DataObject
) -> None:
    told = {item.name: data.draw(values(item)) for item in entry.item if item.absent_unless_told}
    full = told | {item.name: data.draw(values(item)) for item in asked(entry)}
    unknown = data.draw(st.sets(st.sampled_from([item.name for item in asked(entry)]), min_size=1))
    before = answer(entry, {name: full[name] for name in full.keys() - unknown})
    after = answer(entry, full)
    assert set(after.possible) <= set(before.possible)
    if before.low is not None and after.low is not None:
        assert before.high is not None
        assert after.high is not None
        assert before.low <= after.low + NEAR
        assert after.high <= before.high + NEAR


@pytest.mark.parametrize("entry", [one for one in SETS if one.item], ids=lambda one: one.id)
def test_a_set_of_which_nothing_is_known_is_not_decided(entry: CriteriaEntry) -> None:
    assert not answer(entry, {}).decided
