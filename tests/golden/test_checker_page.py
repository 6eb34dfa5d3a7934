"""What the reference page says of the symptom checker is what comes out today."""

from bench.checker import CASES, PAGE, WAYS, page, tried
from multifocal.exchange.cases import MASKS, read_cases
from multifocal.knowledge.load import load

KNOWLEDGE = load()
SEEN = read_cases(CASES, knowledge=KNOWLEDGE, masks=MASKS)


def test_the_page_is_what_comes_out() -> None:
    assert page(SEEN, KNOWLEDGE) == PAGE.read_text(encoding="utf-8")


def test_while_nothing_is_ruled_out_every_child_is_told_to_call_now() -> None:
    assert {one.how_soon for one in tried(SEEN, WAYS[0], KNOWLEDGE)} == {"emergency"}


def test_no_dangerous_condition_is_told_to_wait_before_any_test() -> None:
    for way in WAYS[:2]:
        slow = [
            one.id
            for one in tried(SEEN, way, KNOWLEDGE)
            if one.urgency in {"emergency", "urgent"} and one.how_soon in {"soon", "watch"}
        ]
        assert slow == []
