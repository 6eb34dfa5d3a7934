"""What a criteria set must not say, tried on sets that are there with one thing changed."""

from typing import Any

import msgspec
import pytest

from multifocal.knowledge.check import check as checked
from multifocal.knowledge.check import ready_rules
from multifocal.knowledge.check_criteria import criteria_faults
from multifocal.knowledge.entries import (
    CriteriaEntry,
    ItemEntry,
    Performance,
    Row,
    ValueEntry,
)
from multifocal.knowledge.load import load
from multifocal.model.source import Certainty, Citation

KNOWLEDGE = load()
OURS = Citation("multifocal-scores", Certainty.JUDGEMENT)  # type: ignore[arg-type] # an id


def entry(name: str) -> CriteriaEntry:
    return KNOWLEDGE.criteria_by_id[name]


def told(changed: CriteriaEntry) -> str:
    """Give every fault that the set has once it is changed so."""
    criteria = tuple(changed if one.id == changed.id else one for one in KNOWLEDGE.criteria)
    entries = msgspec.structs.replace(KNOWLEDGE, criteria=criteria)
    rules, problems = ready_rules(entries)
    found = [problem.message for problem in (*problems, *checked(entries, rules))]
    return "\n".join(found)


def with_item(which: str, /, **fields: Any) -> CriteriaEntry:
    one = entry(which)
    given: dict[str, Any] = {"name": "extra", "label": "Extra", "type": "number", "source": OURS}
    return msgspec.structs.replace(one, item=(*one.item, ItemEntry(**(given | fields))))


def with_value(which: str, /, **fields: Any) -> CriteriaEntry:
    one = entry(which)
    given: dict[str, Any] = {"name": "extra", "type": "number", "source": OURS}
    return msgspec.structs.replace(one, value=(*one.value, ValueEntry(**(given | fields))))


def test_the_sets_that_are_shipped_have_no_fault() -> None:
    assert list(criteria_faults(KNOWLEDGE)) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (with_item("chaq_di", name="arising"), "is defined 2 times"),
        (with_item("chaq_di", type="sites"), "needs its groups"),
        (with_item("chaq_di", type="texts"), "needs its texts"),
        (with_item("chaq_di", low=3, high=1), "has low above high"),
        (with_item("chaq_di", type="truth", unit="mg"), "a truth has no unit"),
        (with_item("chaq_di", of="crp"), "nothing answers it from a record"),
        (with_item("nbods_2023", type="numbers", of="crp"), "no rule gives numbers"),
        (with_value("cdas_2023"), "needs one of `rule`, `rows` and `how`"),
        (with_value("cdas_2023", rule="pain", how="sum", of=("pain",)), "needs one of"),
        (with_value("cdas_2023", rule="pian + 1"), "Did you mean 'pain'?"),
        (with_value("cdas_2023", how="sum"), "sum needs `of`"),
        (with_value("cdas_2023", how="sum", of=("pian",)), "Did you mean 'pain'?"),
        (with_value("cdas_2023", how="mirrored", of=("pain",)), "gives a truth, not a number"),
        (with_value("cdas_2023", how="distinct", of=("pain",)), "can't take 'pain', a number"),
        (with_value("rai_cromris_2021", rule="units_assessed + 1"), "unknown name"),
        (with_value("rai_cromris_2021", rule="unit_scores + 1"), "needs a number"),
        (with_value("cdas_2023", rule="pain", answered_by="crp"), "only what may be given"),
        (msgspec.structs.replace(entry("chaq_di"), answer="id"), "unknown word"),
        (msgspec.structs.replace(entry("chaq_di"), choice=()), "no choice called state"),
    ],
)
def test_a_fault_is_told(changed: CriteriaEntry, message: str) -> None:
    assert message in told(changed)


def test_no_rule_may_rest_on_how_much_has_been_answered() -> None:
    # `domains` counts what is answered so far; a state that used it could be overturned.
    one = entry("chaq_di")
    [state] = one.choice
    rows = (Row("ok", "domains >= 6"), Row("undetermined"))
    changed = msgspec.structs.replace(state, rows=rows)
    assert "unknown name 'domains'" in told(msgspec.structs.replace(one, choice=(changed,)))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"sensitivity": 0.9}, "only a set as published"),
        ({"found": 3, "cases": 4}, "only a set as published"),
    ],
)
def test_a_set_not_as_published_may_not_show_how_well_it_does(
    fields: dict[str, Any], message: str
) -> None:
    study = Performance(setting="made up", source=OURS, **fields)
    changed = msgspec.structs.replace(entry("bristol_2016"), performance=(study,))
    assert message in told(changed)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"found": 3}, "needs what it is counted of"),
        ({"found": 5, "cases": 4}, "counts more than there are"),
        ({"sensitivity": 0.5, "found": 3, "cases": 4}, "that its counts don't give"),
    ],
)
def test_counts_and_the_printed_proportion_must_agree(fields: dict[str, Any], message: str) -> None:
    study = Performance(setting="made up", source=OURS, **fields)
    changed = msgspec.structs.replace(entry("nbods_2023"), performance=(study,))
    assert message in told(changed)
