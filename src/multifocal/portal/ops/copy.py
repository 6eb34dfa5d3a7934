"""All rows of one database in another, each as it is, and the proof that they are all there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction

from multifocal.portal.audit.models import AccessEvent
from multifocal.portal.audit.verify import verify

BATCH = 500
"""Rows read at a time."""

MADE_BY_MIGRATIONS = ("contenttypes.ContentType", "auth.Permission")
"""Tables that every database of the site has filled: they are written anew with the same ids."""

LOG_INS = ("sessions.Session", "usersessions.UserSession", "counting.Count")
"""Tables of who is logged in at the moment, and of what was counted: they stay where they are."""


class CopyError(Exception):
    """The copy can't be made, or is not whole; says which table, never a row."""


@contextmanager
def database(settings: dict[str, Any], *, alias: str = "other") -> Iterator[str]:
    """Open another database under an alias."""
    connections.settings[alias] = connections.configure_settings(
        {DEFAULT_DB_ALIAS: connections.settings[DEFAULT_DB_ALIAS], alias: settings}
    )[alias]
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]


def sqlite(file: Path) -> dict[str, Any]:
    """Give the settings of a SQLite file."""
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": file}


def log_ins() -> list[type[models.Model]]:
    """Give the tables that a copy leaves out."""
    return [apps.get_model(name) for name in LOG_INS]


def tables() -> list[type[models.Model]]:
    """Give every table that is copied, those of libraries and links between tables included."""
    left_out = log_ins()
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model not in left_out
    ]


def migrated(alias: str) -> None:
    """Make the tables of a new database."""
    call_command("migrate", database=alias, verbosity=0, interactive=False)


def is_empty(alias: str) -> bool:
    """Tell whether nobody has an account in a database and nothing was logged there."""
    made = {apps.get_model(name) for name in MADE_BY_MIGRATIONS}
    return not any(
        model._base_manager.using(alias).exists() for model in tables() if model not in made
    )


def copy(source: str, target: str) -> dict[str, int]:
    """Copy every row but log-ins into an empty, migrated database; give the rows of each table.

    One transaction: all rows or none. Numbers that the database gives go on after the highest.
    Raises `CopyError` when a table has another number of rows afterwards, or the chain of events
    does not hold.
    """
    if not is_empty(target):
        raise CopyError("the database to copy to is not empty")
    with transaction.atomic(using=source), transaction.atomic(using=target):
        for name in reversed(MADE_BY_MIGRATIONS):
            apps.get_model(name)._base_manager.using(target).all().delete()
        counts = {model._meta.label: _rows(model, source, target) for model in tables()}
        _numbers_go_on(target)
        for model in tables():
            label = model._meta.label
            if model._base_manager.using(target).count() != counts[label]:
                raise CopyError(f"{label} has another number of rows in the copy")
    _chain_holds(target)
    return counts


def _rows(model: type[models.Model], source: str, target: str) -> int:
    count = 0
    for row in model._base_manager.using(source).order_by("pk").iterator(chunk_size=BATCH):
        row.save_base(raw=True, force_insert=True, using=target)
        count += 1
    return count


def _numbers_go_on(alias: str) -> None:
    connection = connections[alias]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)


def _chain_holds(alias: str) -> None:
    rows = AccessEvent.objects.using(alias).order_by("seq").iterator(chunk_size=BATCH)
    verdict = verify(row.event() for row in rows)
    if verdict.fault is not None:
        raise CopyError(f"the chain of events does not hold: {verdict.fault}")
