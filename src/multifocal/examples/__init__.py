"""Six synthetic children as FHIR R4 bundles, to try the work-up with. None of them exists."""

from importlib.resources import files
from pathlib import Path

from multifocal.model.issue import MultifocalError

__all__ = ["names", "path"]

_FOLDER = Path(str(files("multifocal.examples")))


def names() -> tuple[str, ...]:
    """Give the names of the shipped examples, sorted."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.json")))


def path(name: str) -> Path:
    """Give the file of one shipped example.

    Raises `MultifocalError` for a name that is not among `names`.

    >>> path("right-hand").name
    'right-hand.json'
    """
    if name not in names():
        raise MultifocalError(f"There is no such example. Choose one of: {', '.join(names())}.")
    return _FOLDER / f"{name}.json"
