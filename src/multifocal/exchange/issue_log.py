"""Problems met while reading, and what was not read, counted as they come."""

import msgspec

from multifocal.model.issue import Issue, Level
from multifocal.model.record import NotRead

SINGLY = 4
"""Alike problems up to this number are told one by one, with their places; more are counted."""
ORDER = (Level.ERROR, Level.WARNING, Level.INFO)


class IssueLog:
    """Collects problems; `issues` gives them in the order in which each kind was first met."""

    def __init__(self) -> None:
        """Begin with nothing noted."""
        self._places: dict[tuple[Level, str, str], list[str]] = {}
        self._counts: dict[tuple[Level, str, str], int] = {}
        self._not_read: dict[tuple[str, ...], NotRead] = {}
        self._not_read_counts: dict[tuple[str, ...], int] = {}
        self.places: set[str] = set()
        """Where something stands that was not read."""

    def note(self, level: Level, where: str, message: str, *, count: int = 1) -> None:
        """Note a problem; `where` is a resource type and, after a space, which one."""
        key = (level, where.split(" ", maxsplit=1)[0], message)
        self._counts[key] = self._counts.get(key, 0) + count
        places = self._places.setdefault(key, [])
        if len(places) <= SINGLY:
            places.append(where)

    def info(self, where: str, message: str, *, count: int = 1) -> None:
        """Note something that the work-up has no use for."""
        self.note(Level.INFO, where, message, count=count)

    def warning(self, where: str, message: str, *, count: int = 1) -> None:
        """Note something left out, changed or doubtful."""
        self.note(Level.WARNING, where, message, count=count)

    def error(self, where: str, message: str, *, count: int = 1) -> None:
        """Note a contradiction, or a part that can't be trusted."""
        self.note(Level.ERROR, where, message, count=count)

    def not_read(self, one: NotRead) -> None:
        """Note something that was not read; alike ones are counted."""
        kind = one.place.partition(" ")[0]
        key = (kind, one.kind, one.name, one.matters, one.why, one.about)
        self._not_read.setdefault(key, one)
        self.places.add(one.place)
        self._not_read_counts[key] = self._not_read_counts.get(key, 0) + one.count

    def unread(self) -> tuple[NotRead, ...]:
        """Give what was not read, worst first; alike ones become one with their number."""
        found = [
            msgspec.structs.replace(one, count=self._not_read_counts[key])
            for key, one in self._not_read.items()
        ]
        return tuple(sorted(found, key=lambda one: (ORDER.index(one.level), not one.matters)))

    def issues(self) -> tuple[Issue, ...]:
        """Give every problem; alike ones met often become one with their number."""
        found: list[Issue] = []
        for key, places in self._places.items():
            level, kind, message = key
            count = self._counts[key]
            if len(set(places)) > SINGLY:
                found.append(Issue(level, kind, message, count))
                continue
            if len(places) == count:
                found += [
                    Issue(level, place, message, places.count(place))
                    for place in dict.fromkeys(places)
                ]
                continue
            where = places[0] if len(set(places)) == 1 else kind
            found.append(Issue(level, where, message, count))
        return tuple(found)
