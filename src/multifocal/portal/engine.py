"""The door to the engine: what the site asks of it, with the knowledge loaded once a process."""

from functools import cache

from django.conf import settings

from multifocal.knowledge.load import Knowledge, load
from multifocal.knowledge.unlock import unlocked


@cache
def knowledge() -> Knowledge:
    """Give the knowledge, with the weights that this site added; loaded when first asked for."""
    folder = settings.OPTIONS.data
    return unlocked(load(cache=folder / "cache"), folder)
