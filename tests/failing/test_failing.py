"""Records that were once read wrongly, and others of their kinds: what must hold for each."""

from pathlib import Path

import pytest

from tests.failing.build import bundle, clear_case
from tests.failing.diagnoses import DIAGNOSES
from tests.failing.given import GIVEN, JUDGED
from tests.failing.reports import REPORTS
from tests.failing.results import RESULTS
from tests.failing.right import Case, Right, lacks
from tests.failing.standing import STANDING
from tests.failing.texts import TEXTS

DATA = Path(__file__).parents[1] / "data" / "failing"
OURS = (*DIAGNOSES, *RESULTS, *REPORTS, *TEXTS, *STANDING)
EACH = 3
"""So many other records of each kind, at least."""


def _id(one: Case) -> str:
    return f"{one.kind}: {one.name}"


def said(one: Case, wrong: list[str]) -> None:
    """Fail with what is wrong in words, one thing a line."""
    if wrong:
        told = "\n  ".join((f"{_id(one)}  {one.why}", *wrong))
        pytest.fail(told, pytrace=False)


@pytest.mark.parametrize("one", GIVEN, ids=_id)
def test_what_is_right_holds_for_a_record_that_failed(one: Case) -> None:
    said(one, lacks(DATA / one.file, one.right))


@pytest.mark.parametrize("one", OURS, ids=_id)
def test_what_is_right_holds_for_others_of_its_kind(one: Case, tmp_path: Path) -> None:
    path = tmp_path / f"record{one.suffix}"
    path.write_bytes(one.record)
    said(one, lacks(path, one.right))


def test_every_file_has_what_is_right() -> None:
    assert sorted(one.file for one in GIVEN) == sorted(path.name for path in DATA.glob("*.json"))


def test_every_kind_has_others() -> None:
    few = {
        given.kind: count
        for given in GIVEN
        if (count := sum(one.kind == given.kind for one in OURS)) < EACH
    }
    assert not few


def test_no_two_records_have_one_name() -> None:
    assert len({_id(one) for one in OURS}) == len(OURS)


def test_what_is_left_to_judging_names_records_that_are_there() -> None:
    assert set(JUDGED) <= {one.kind for one in GIVEN}


def test_the_clear_case_earns_a_code_so_that_holding_it_back_means_something(
    tmp_path: Path,
) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(bundle(*clear_case()))
    assert not lacks(path, (Right(code=True, no_flag=True, calm=True),))
