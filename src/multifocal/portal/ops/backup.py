"""A backup is one SQLite file with everything in the database, and its checksum beside it.

It is made while the site serves: from SQLite by its online copy, from PostgreSQL row by row in one
transaction. The head of the chain of events is noted beside it, and in the data folder. Neither the
secret key nor anybody's log-in of that moment is in it: whoever finds a backup can't go on where
somebody was logged in, and after a restore everybody logs in anew.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connection, connections, transaction

from multifocal.portal.audit.command import note_head
from multifocal.portal.audit.heads import RESTORED
from multifocal.portal.ops.copy import (
    CopyError,
    copy,
    database,
    is_empty,
    log_ins,
    migrated,
    sqlite,
)

ENDING = ".sqlite3"
SUM = ".sha256"


def backup(to: Path, *, now: datetime, keep: int = 0) -> Path:
    """Write a backup to a new file, or into a folder under a name made of the time.

    In a folder, only the ``keep`` newest backups stay; 0 keeps all. Raises `CopyError`.
    """
    folder = to.suffix != ENDING
    file = to / f"site-{now:%Y%m%dT%H%M%S%fZ}{ENDING}" if folder else to
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if file.exists():
        raise CopyError("there is a file of that name already")
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        _write(part)
        _intact(part)
        _noted(file, part)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    note_head(file.parent)
    for old in sorted(to.glob(f"site-*{ENDING}"))[:-keep] if folder and keep else ():
        old.unlink()
        _sum(old).unlink(missing_ok=True)
    return file


def restore(file: Path, *, force: bool = False) -> None:
    """Put a backup in the place of what the database holds; one of an older version is updated.

    Raises `CopyError` when the file is not as it was written, or the database holds accounts and
    ``force`` is not given. PostgreSQL is only ever filled when it is empty.
    """
    noted = _sum(file)
    if not file.is_file() or not noted.is_file():
        raise CopyError("there is no such backup, or its checksum is not beside it")
    if noted.read_text(encoding="ascii").split()[0] != _digest(file):
        raise CopyError("the backup is not as it was written: its checksum differs")
    _intact(file)
    migrated("default")
    if not is_empty("default") and not force:
        raise CopyError("the site has accounts already; use --force to replace everything")
    with _readable(file) as readable:
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with closing(sqlite3.connect(readable)) as source:
                source.backup(connection.connection)
            migrated("default")
            note_head(how=RESTORED)
            return
        with database(sqlite(readable), alias="backup") as alias:
            migrated(alias)
            copy(alias, "default")
    note_head(how=RESTORED)


def _write(file: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(file)) as target:
            connection.connection.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
            target.execute("PRAGMA secure_delete=ON")
            for model in log_ins():
                target.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608 # our tables
            target.commit()
        return
    with database(sqlite(file), alias="backup") as alias:
        migrated(alias)
        with transaction.atomic():
            with connections["default"].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            copy("default", alias)


def _intact(file: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            said = opened.execute("PRAGMA integrity_check").fetchone()
            opened.execute("SELECT 1 FROM django_migrations").fetchone()
    except sqlite3.Error:
        raise CopyError("this is no backup of a site, or it is damaged") from None
    if said != ("ok",):
        raise CopyError("the backup is damaged")


@contextmanager
def _readable(file: Path) -> Iterator[Path]:
    """Give a copy of a backup to read: opening it must not change the backup itself."""
    with TemporaryDirectory(dir=settings.OPTIONS.data, prefix="restoring-") as folder:
        yield Path(shutil.copyfile(file, Path(folder) / "backup.sqlite3"))


def _noted(file: Path, part: Path) -> None:
    _sum(file).write_text(f"{_digest(part)}  {file.name}\n", encoding="ascii")


def _sum(file: Path) -> Path:
    return file.with_name(file.name + SUM)


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()
