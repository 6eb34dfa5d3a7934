"""Whether the site is alive, and whether it can answer."""

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from multifocal.portal.engine import knowledge


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Say that the process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether database, its tables and knowledge are there; 503 when one is not."""
    try:
        made = MigrationRecorder(connection).applied_migrations()
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    if not _newest() <= made.keys():
        return JsonResponse({"status": "the tables are older than the program"}, status=503)
    return JsonResponse({"status": "ok", "knowledge": knowledge().version})


@cache
def _newest() -> frozenset[tuple[str, str]]:
    """Give the last migration of each app: once it is made, so are those before it."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())
