"""Another version of the data files: a folder, or a git revision of the checkout we run from."""

import io
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from multifocal.knowledge.load import DATA
from multifocal.model.issue import MultifocalError


@contextmanager
def version(name: str) -> Iterator[Path]:
    """Give the folder of a version while the block runs.

    Raises `MultifocalError` for what is neither a folder of data files nor a revision.
    """
    if (folder := Path(name)).is_dir():
        if not (folder / "sources.toml").exists():
            raise MultifocalError(
                f"{name}: is a folder, but not of data files: it has no sources.toml."
            )
        yield folder
        return
    archive = _archive(name)
    with TemporaryDirectory() as made, tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        packed.extractall(made, filter="data")
        yield Path(made)


def _archive(revision: str) -> bytes:
    """Give the data files of a revision as a tar file."""
    if (git := shutil.which("git")) is None:
        raise MultifocalError(f"{revision}: is no folder, and for a revision git is needed.")
    named = _run(
        git, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{tree}}"
    )
    if named is None:
        raise MultifocalError(
            f"{revision}: is neither a folder nor a revision of the clone that this program runs"
            " from. Give a folder of data files, or a revision such as HEAD~1."
        )
    archive = _run(git, "archive", "--format=tar", named.decode().strip())
    if not archive:
        raise MultifocalError(f"{revision}: this revision has no data files in the folder of ours.")
    return archive


def _run(git: str, *arguments: str) -> bytes | None:
    """Give what git says in the folder of our data files; None when it refuses."""
    ended = subprocess.run(  # noqa: S603 # git, with arguments of ours and a verified tree
        [git, "-C", str(DATA), *arguments], capture_output=True, check=False
    )
    return ended.stdout if ended.returncode == 0 else None
