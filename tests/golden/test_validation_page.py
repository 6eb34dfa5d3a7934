"""What the reference page says of the development cases is what comes out today."""

from bench.validation import CASES, COMPARED, PAGE, page
from multifocal.cli.validate import validated
from multifocal.knowledge.load import load


def test_the_figures_on_the_page_are_those_that_come_out() -> None:
    knowledge = load()
    kept = PAGE.read_text(encoding="utf-8").partition(COMPARED)[0]
    assert page(validated(CASES, knowledge=knowledge), knowledge).split() == kept.split()
