"""The table of counts."""

from django.db import models


class Count(models.Model):
    """How often something was done since a time; its name tells nobody who did it."""

    name = models.CharField(primary_key=True, max_length=64)
    since = models.FloatField()
    """Seconds since 1970."""
    used = models.PositiveIntegerField()

    def __str__(self) -> str:
        """Give its name."""
        return self.name
