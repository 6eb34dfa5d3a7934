"""What an event of a child's record says to the family."""

from uuid import UUID

from multifocal.portal.access import Seen
from multifocal.portal.names import isolated

DONE = {
    "opened": "opened the record",
    "listed": "saw the nickname in a list",
    "added a child": "added this child",
    "ended a guardian's access": "ended a guardian's access",
    "looked at a guardian's access again": "looked at a guardian's access again and kept it",
    "ended the young person's log-in": "ended the young person's log-in",
    "gave consent": "agreed to something",
    "withdrew consent": "took back something that was agreed to",
    "let a clinic see the record": "let a clinic see the record",
    "ended a clinic's access": "ended a clinic's access",
    "opened in an emergency": "opened the record in an emergency",
    "said that the clinic cares for it": "said that the clinic cares for this child",
    "closed a record": "closed the record to all clinics: nobody was left to decide",
    "deleted a record": "deleted the record",
    "invited somebody": "invited somebody",
    "withdrew an invitation": "took back an invitation",
    "accepted an invitation": "accepted an invitation",
}
"""By the event's action; a test compares them with all actions there are."""


def sentence(seen: Seen, *, reader: UUID) -> str:
    """Say who did what, to the one who reads it."""
    who = isolated(seen.by) or ("Somebody" if seen.event.who else "The site")
    if seen.event.who == str(reader):
        who = "You"
    elif seen.clinic:
        who = f"{who} ({seen.clinic})"
    if not seen.event.granted:
        return f"{who} wanted to open the record and was refused"
    return f"{who} {DONE[seen.event.action]}"
