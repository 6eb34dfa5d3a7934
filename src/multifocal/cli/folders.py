"""Where the user's own files of multifocal live."""

import os
from pathlib import Path


def cache_folder() -> Path:
    """Give the folder for what can be made again: the checked form of the knowledge."""
    return _folder("XDG_CACHE_HOME", ".cache")


def data_folder() -> Path:
    """Give the folder for what the user added, such as the weights of a criteria set."""
    return _folder("XDG_DATA_HOME", ".local/share")


def _folder(variable: str, otherwise: str) -> Path:
    base = os.environ.get(variable)
    return (Path(base) if base else Path.home() / otherwise) / "multifocal"
