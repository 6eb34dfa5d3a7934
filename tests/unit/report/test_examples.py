"""The shipped examples come out in every form."""

import re
from datetime import date

import pytest

from multifocal.examples import names, path
from multifocal.exchange.read import read
from multifocal.knowledge.load import Knowledge, load
from multifocal.model.assessment import Assessment
from multifocal.report import page, pdf, terminal
from multifocal.workup.assess import assess, latest_day


@pytest.fixture(scope="module")
def real() -> Knowledge:
    return load()


@pytest.fixture(scope="module", params=names())
def example(request: pytest.FixtureRequest, real: Knowledge) -> Assessment:
    record = read(path(request.param), knowledge=real)
    return assess(record, as_of=latest_day(record) or date(2026, 11, 1), knowledge=real)


def test_every_form_is_made(example: Assessment, real: Knowledge) -> None:
    html = page.render(example, knowledge=real)
    ids = set(re.findall(r' id="([^"]+)"', html))
    assert set(re.findall(r'href="#([^"]+)"', html)) - ids == set()
    assert pdf.render(example, knowledge=real, full=True).startswith(b"%PDF")
    assert pdf.render(example, knowledge=real, reader="family").startswith(b"%PDF")
    assert example.knowledge_version in terminal.render(example, knowledge=real, colour=False)
