"""The shared cache in a table of the database, which says when it can't be written."""

from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import OperationalError

TRIES = 3


class Cache(DatabaseCache):
    """A cache in a table; Django's own takes a table that can't be written for a held lock."""

    def add(self, key: Any, *args: Any, **kwargs: Any) -> bool:
        """Set a value where none is, and tell whether it was. Raises `OperationalError`."""
        for _ in range(TRIES):
            if super().add(key, *args, **kwargs):
                return True
            if self.has_key(key, version=kwargs.get("version")):
                return False
        raise OperationalError("The table of the cache can't be written.")
