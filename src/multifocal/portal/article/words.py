"""Words for the values of the knowledge, from `words.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

Words = Mapping[str, Mapping[str, str]]


@cache
def words() -> Words:
    """Give the words by kind and value."""
    found: Words = tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))
    return found


def slug(id_: str) -> str:
    """Give an id as it stands in an address.

    >>> slug("lower_leg")
    'lower-leg'
    """
    return id_.replace("_", "-")
