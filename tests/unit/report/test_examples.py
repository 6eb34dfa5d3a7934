"""The shipped examples come out in every form, easy to read and never calming."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from multifocal.examples import names, path
from multifocal.exchange.read import read
from multifocal.knowledge.load import Knowledge, load
from multifocal.model.assessment import Assessment
from multifocal.report import page, pdf, terminal
from multifocal.report.prose import summary
from multifocal.workup.assess import assess, latest_day
from tests.reading import grade

CALMING = ("worry", "harmless", "good news", "all clear", "healthy", "nothing serious", "is normal")
GRADE = 6


@pytest.fixture(scope="module")
def real() -> Knowledge:
    return load()


@pytest.fixture(scope="module", params=names())
def example(request: pytest.FixtureRequest, real: Knowledge) -> Assessment:
    record = read(path(request.param), knowledge=real)
    return assess(record, as_of=latest_day(record) or date(2026, 11, 1), knowledge=real)


def words_of(sentences: tuple[str, ...]) -> Iterator[str]:
    for sentence in sentences:
        yield " ".join(re.findall(r"[\w'-]+", sentence))


def test_the_summary_reads_at_grade_six_or_below(example: Assessment, real: Knowledge) -> None:
    assert grade(" ".join(summary(example, real))) <= GRADE


def test_no_sentence_of_the_summary_is_long(example: Assessment, real: Knowledge) -> None:
    longest = max(words_of(summary(example, real)), key=lambda text: len(text.split()))
    assert len(longest.split()) <= 25, longest


def test_the_summary_never_calms(example: Assessment, real: Knowledge) -> None:
    text = " ".join(summary(example, real)).lower()
    assert [word for word in CALMING if word in text] == []


def test_every_form_is_made(example: Assessment, real: Knowledge) -> None:
    html = page.render(example, knowledge=real)
    ids = set(re.findall(r' id="([^"]+)"', html))
    assert set(re.findall(r'href="#([^"]+)"', html)) - ids == set()
    assert pdf.render(example, knowledge=real).startswith(b"%PDF")
    assert example.knowledge_version in terminal.render(example, knowledge=real, colour=False)
