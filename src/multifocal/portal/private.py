"""What the site writes is its owner's: no other account of the machine reads it."""

import os
from pathlib import Path

OWNER_ONLY = 0o600


def keep_private(data: Path) -> None:
    """Make every new file of this process its owner's, and those of the database that are there."""
    os.umask(0o077)
    for file in data.glob("site.sqlite3*"):
        if file.stat().st_mode & 0o077:
            file.chmod(OWNER_ONLY)
