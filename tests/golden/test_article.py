"""The article as its readers get it, whole; a change of words or numbers shows up as a diff."""

from pathlib import Path
from typing import get_args

import pytest

from multifocal.knowledge.article import markdown
from multifocal.knowledge.entries import Audience
from multifocal.knowledge.load import load


@pytest.mark.parametrize("audience", get_args(Audience))
def test_the_article_is_the_one_that_was_read_over(audience: Audience) -> None:
    kept = Path(__file__).parent / f"article-{audience}.md"
    assert markdown(audience, load()) == kept.read_text(encoding="utf-8")
