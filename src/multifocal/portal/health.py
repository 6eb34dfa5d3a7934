"""Whether the site is alive, and whether it can answer."""

import time
from functools import cache, lru_cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from multifocal.portal.counting.counter import count
from multifocal.portal.engine import knowledge

SECONDS = 5
"""A disk that was full may have room again after so long: it is tried anew."""


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Say that the process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether knowledge, database and its tables are there, and can be written; else 503."""
    try:
        made = MigrationRecorder(connection).applied_migrations()
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    if not _newest() <= made.keys():
        return JsonResponse({"status": "the tables are older than the program"}, status=503)
    try:
        _write(int(time.time()) // SECONDS)
    except DatabaseError:
        return JsonResponse({"status": "the database can't be written"}, status=503)
    return JsonResponse({"status": "ok", "knowledge": knowledge().version})


@lru_cache(maxsize=1)
def _write(moment: int) -> None:
    """Write a number, once a moment: whoever asks often must not keep the disk busy."""
    count("ready", "", seconds=SECONDS)


@cache
def _newest() -> frozenset[tuple[str, str]]:
    """Give the last migration of each app: once it is made, so are those before it."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())
