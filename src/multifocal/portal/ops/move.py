"""The move from SQLite to PostgreSQL."""

import dj_database_url
from django.db import OperationalError, connection, connections

from multifocal.portal.ops.copy import CopyError, copy, database, migrated


def move_to_postgres(url: str) -> dict[str, int]:
    """Copy everything but log-ins into an empty PostgreSQL database; give the rows of each table.

    The site must not be written to meanwhile: what is written after the copy began stays behind.
    Raises `CopyError`.
    """
    if connection.vendor != "sqlite":
        raise CopyError("the site is on PostgreSQL already")
    try:
        settings = dict(dj_database_url.parse(url))
    except (ValueError, dj_database_url.ParseError):
        settings = {}
    if settings.get("ENGINE") != "django.db.backends.postgresql":
        raise CopyError("give the address of a PostgreSQL database: postgres://...")
    with database(settings) as alias:
        try:
            connections[alias].ensure_connection()
        except OperationalError:
            raise CopyError("that database can't be reached") from None
        migrated(alias)
        counts = copy("default", alias)
        with connections[alias].cursor() as cursor:
            cursor.execute("ANALYZE")
        return counts
