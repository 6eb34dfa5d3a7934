"""What must hold for the ages of guardianship."""

from collections import Counter
from collections.abc import Iterator

from multifocal.knowledge.check_figures import Fault
from multifocal.knowledge.entries import Entries, GuardianshipEntry
from multifocal.knowledge.guardianship import ELSEWHERE

FILE = "guardianship.csv"


def guardianship_faults(entries: Entries) -> Iterator[Fault]:
    """Give every fault of the ages of guardianship."""
    found = Counter(row.id for row in entries.guardianship)
    for name in sorted(name for name, count in found.items() if count > 1):
        yield Fault(FILE, name, "is there twice")
    if ELSEWHERE not in found:
        yield Fault(FILE, ELSEWHERE, "is missing: countries without a row have no ages")
    for row in entries.guardianship:
        for message in _faults(row):
            yield Fault(FILE, row.id, message)


def _faults(row: GuardianshipEntry) -> Iterator[str]:
    if row.id != ELSEWHERE and not (row.id.isalpha() and row.id.isupper() and len(row.id) == 2):
        yield "is no country of two letters"
    if not 0 < row.review_from_years <= row.review_until_years < row.ends_years:
        yield "its ages don't follow one another: review from, review until, ends"
