"""What the house tests look at: the files of the project as git keeps them."""

import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).parents[2]


@pytest.fixture(scope="session")
def source(root: Path) -> Path:
    return root / "src" / "multifocal"


@pytest.fixture(scope="session")
def files(root: Path) -> tuple[Path, ...]:
    """Every file that is tracked, or would be by adding all."""
    git = shutil.which("git")
    assert git is not None
    listed = subprocess.run(  # fixed arguments
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
    ).stdout.decode()
    return tuple(
        path for name in sorted(set(listed.split("\0")) - {""}) if (path := root / name).is_file()
    )


@pytest.fixture(scope="session")
def pages(files: tuple[Path, ...]) -> tuple[Path, ...]:
    """Every page of Markdown."""
    return tuple(path for path in files if path.suffix == ".md")
