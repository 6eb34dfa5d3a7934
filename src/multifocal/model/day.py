"""A day as a record gives it: sometimes only the month or the year is known."""

from calendar import monthrange
from datetime import date
from typing import Self

import msgspec


class Day(msgspec.Struct, frozen=True, order=True):
    """A calendar day between `earliest` and `latest`, both included; equal when the day is known.

    Days are local: the date that was written down, never shifted through a time zone.
    """

    earliest: date
    latest: date

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD`` or a date-time, keeping the local date.

        Raises `ValueError` for an impossible date.

        >>> Day.parse("2026-02").latest
        datetime.date(2026, 2, 28)
        >>> Day.parse("2015-03-02T22:58:16-05:00").earliest
        datetime.date(2015, 3, 2)
        """
        match list(map(int, text.split("T")[0].split("-"))):
            case [year]:
                return cls(date(year, 1, 1), date(year, 12, 31))
            case [year, month]:
                first = date(year, month, 1)
                return cls(first, date(year, month, monthrange(year, month)[1]))
            case [year, month, day]:
                known = date(year, month, day)
                return cls(known, known)
            case _:
                raise ValueError("not a date")

    def __str__(self) -> str:
        """Write as much of the date as is known.

        >>> str(Day.parse("2026-02")), str(Day(date(2025, 3, 10), date(2026, 3, 9)))
        ('2026-02', '2025-03-10 to 2026-03-09')
        """
        if self.earliest == self.latest:
            return self.earliest.isoformat()
        for known in (self.earliest.isoformat()[:7], self.earliest.isoformat()[:4]):
            if self == Day.parse(known):
                return known
        return f"{self.earliest.isoformat()} to {self.latest.isoformat()}"
