"""What the command line calls: each sets Django up first."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from multifocal.model.issue import MultifocalError


def run(work: Callable[[], Any]) -> Any:
    """Do something with the site's data. What can't be done is raised as `MultifocalError`."""
    from multifocal.portal.actions import RefusedError
    from multifocal.portal.ops.copy import CopyError

    try:
        return work()
    except (CopyError, RefusedError) as fault:
        raise MultifocalError(str(fault)) from None


def set_up() -> None:
    """Make Django ready."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "multifocal.portal.settings")
    import django

    django.setup()


def backup(to: Path, *, keep: int) -> Path:
    """Write a backup."""
    set_up()
    from multifocal.portal.ops import backup as ours

    found: Path = run(lambda: ours.backup(to, now=datetime.now(UTC), keep=keep))
    return found


def restore(file: Path, *, force: bool) -> None:
    """Put a backup back."""
    set_up()
    from multifocal.portal.ops import backup as ours

    run(lambda: ours.restore(file, force=force))


def move_to_postgres(url: str) -> dict[str, int]:
    """Move to PostgreSQL."""
    set_up()
    from multifocal.portal.ops.move import move_to_postgres as ours

    counts: dict[str, int] = run(lambda: ours(url))
    return counts


def verify_administrator(clinic: str, address: str) -> None:
    """Verify the first administrator of a clinic."""
    set_up()
    from multifocal.portal import actions

    run(lambda: actions.verify_first(clinic, address, at=datetime.now(UTC)))
