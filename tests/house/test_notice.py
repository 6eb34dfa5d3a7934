"""NOTICE: every file that holds data is named there, with the terms it comes under."""

import re
from fnmatch import fnmatchcase
from pathlib import Path

DATA = (
    "src/multifocal/examples/",
    "src/multifocal/knowledge/data/",
    "src/multifocal/report/",
    "tests/data/",
)


def patterns(root: Path) -> list[str]:
    """Give what stands after `Files:` in NOTICE, lines that are indented deeper included."""
    found = []
    notice = (root / "NOTICE").read_text(encoding="utf-8")
    for block in re.findall(r"^  Files: (.*(?:\n {9,}\S.*)*)", notice, flags=re.MULTILINE):
        found += [pattern.strip() for pattern in block.replace("\n", " ").split(",")]
    return found


def data_files(files: tuple[Path, ...], root: Path) -> list[str]:
    names = [path.relative_to(root).as_posix() for path in files]
    return [name for name in names if name.startswith(DATA) and not name.endswith(".py")]


def test_every_data_file_is_named(files: tuple[Path, ...], root: Path) -> None:
    named = patterns(root)
    nameless = [
        name
        for name in data_files(files, root)
        if not any(fnmatchcase(name, pattern) for pattern in named)
    ]
    assert nameless == []


def test_nothing_is_named_that_is_gone(files: tuple[Path, ...], root: Path) -> None:
    names = [path.relative_to(root).as_posix() for path in files]
    gone = [
        pattern
        for pattern in patterns(root)
        if not any(fnmatchcase(name, pattern) for name in names)
    ]
    assert gone == []
