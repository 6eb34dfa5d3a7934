"""The chain of events."""

from datetime import UTC
from typing import ClassVar

from django.db import models

from multifocal.portal.audit.verify import Event


class AccessEvent(models.Model):
    """One thing that was done, or refused, with a person's record or account; never changed.

    It holds ids and words of ours, never a value of the record. The database itself refuses to
    change or delete a row.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    who = models.CharField(max_length=36, blank=True)
    action = models.CharField(max_length=40)
    granted = models.BooleanField()
    kind = models.CharField(max_length=40, blank=True)
    object = models.CharField(max_length=36, blank=True)
    child = models.CharField(max_length=36, blank=True)
    why = models.CharField(max_length=40, blank=True)
    request = models.CharField(max_length=32, blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["child", "seq"], name="of_a_child"),
            models.Index(fields=["who", "seq"], name="of_a_user"),
        ]

    def __str__(self) -> str:
        """Give its number."""
        return str(self.seq)

    def event(self) -> Event:
        """Give it as it is hashed."""
        fields = {name: getattr(self, name) for name in Event.__struct_fields__}
        return Event(**fields | {"at": self.at.astimezone(UTC).isoformat(timespec="microseconds")})
