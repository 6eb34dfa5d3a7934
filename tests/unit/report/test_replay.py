"""The page of a replay from made-up visits."""

import re
from datetime import date

import msgspec

from multifocal.model.differential import Ranked
from multifocal.model.replay import FlagStay, Replay, Stay, Visit
from multifocal.report import replay as report
from tests.unit.workup.children import knowledge

FIRST, SECOND, THIRD = date(2026, 1, 5), date(2026, 3, 9), date(2026, 8, 20)


def ranked(condition: str, name: str) -> Ranked:
    return Ranked(
        condition=condition,
        name=name,
        danger="urgent",
        probability=0.4,
        low=0.2,
        high=0.6,
        band="possible",
        published_share=0.1,
        contributions=(),
    )


def visit(day: date, *top: Ranked, abstained: bool = False, flags: tuple[str, ...] = ()) -> Visit:
    return Visit(
        day=day,
        facts=3,
        known=2,
        abstained=abstained,
        top=top,
        red_flags=flags,
        code=None,
    )


CMO, LCH = ranked("cmo", "Made-up CMO"), ranked("lch", "Made-up & LCH")
PLAYED = Replay(
    knowledge_version="made-up",
    software_version="0",
    setting="paediatric_rheumatology_referral",
    synthetic=True,
    undated=2,
    visits=(
        visit(FIRST, abstained=True),
        visit(SECOND, LCH, CMO, flags=("made_up",)),
        visit(THIRD, CMO),
    ),
    conditions=(
        Stay("lch", "Made-up & LCH", SECOND, SECOND, SECOND, lasts=False),
        Stay("cmo", "Made-up CMO", SECOND, THIRD, THIRD, lasts=True),
    ),
    red_flags=(FlagStay("made_up", "Made-up flag", "urgent", SECOND, SECOND, lasts=False),),
)


def shown(replay: Replay) -> str:
    html = report.render(replay, knowledge=knowledge()).partition("<body>")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_page_tells_when_each_condition_was_first_among_three() -> None:
    assert "Made-up CMO 9 Mar 2026 20 Aug 2026 still at the last visit" in shown(PLAYED)
    assert "Made-up &amp; LCH 9 Mar 2026 9 Mar 2026 9 Mar 2026" in shown(PLAYED)


def test_the_page_tells_when_a_red_flag_first_stood_and_that_it_no_longer_does() -> None:
    assert "first stood on 9 Mar 2026 , last on 9 Mar 2026" in shown(PLAYED).replace(
        "2026, last", "2026 , last"
    )


def test_no_red_flag_is_not_told_as_an_all_clear() -> None:
    calm = msgspec.structs.replace(PLAYED, red_flags=())
    assert "That is no all-clear" in shown(calm)


def test_a_visit_that_abstained_shows_no_order() -> None:
    assert "5 Jan 2026 2 findings from 3 facts too little is known to rank" in shown(PLAYED)


def test_the_drawing_says_in_words_what_it_shows() -> None:
    html = report.render(PLAYED, knowledge=knowledge())
    told = re.findall(r'<svg [^>]*aria-label="([^"]+)"', html)
    assert told == [
        "red flag from 9 Mar 2026",
        "among three from 9 Mar 2026, leading from 9 Mar 2026",
        "among three from 9 Mar 2026, leading from 20 Aug 2026",
    ]


def test_the_page_needs_no_network_and_no_script() -> None:
    html = report.render(PLAYED, knowledge=knowledge())
    assert "<script" not in html
    assert not re.search(r'(?:src|href)="(?!#)', html)


def test_the_terminal_tells_the_same() -> None:
    text = report.text(PLAYED, knowledge=knowledge())
    assert "RED FLAG from 9 Mar 2026: Made-up flag" in text
    assert re.search(r"Made-up CMO +9 Mar 2026 +20 Aug 2026 +still at the last visit", text)
    assert "counted at the last visit only: 2" in text


def test_one_visit_makes_a_page_too() -> None:
    one = msgspec.structs.replace(
        PLAYED, visits=(visit(THIRD, CMO),), conditions=PLAYED.conditions[1:], red_flags=()
    )
    assert "1 visit, 20 Aug 2026" in shown(one)
