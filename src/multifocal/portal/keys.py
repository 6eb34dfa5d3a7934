"""The secret key: made once, kept in the data folder, readable by its owner only."""

import os
import secrets
from pathlib import Path


def secret_key(data: Path) -> str:
    """Give the key of this site; the first call makes it."""
    file = data / "secret-key"
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make(file)
    return file.read_text(encoding="ascii").strip()


def _make(file: Path) -> None:
    """Write a new key whole or not at all; when two processes begin at once, the first wins."""
    made = file.with_name(f"{file.name}.{os.getpid()}")
    with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as opened:  # noqa: PTH123
        opened.write(secrets.token_urlsafe(64))
    try:
        file.hardlink_to(made)
    except FileExistsError:
        pass
    finally:
        made.unlink()
