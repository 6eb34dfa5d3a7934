"""Count one more, in one statement: however many ask at once, each gets another number."""

import hmac
import time
from hashlib import sha256

from django.conf import settings
from django.db import connection

WAIT = 60
"""Seconds that a request may wait for its turn at most: another one, which came later, may have
counted before it."""
DAY = 24 * 60 * 60
COUNT = """
INSERT INTO counting_count (name, since, used) VALUES (%(name)s, %(now)s, 1)
ON CONFLICT (name) DO UPDATE SET
    used = CASE WHEN counting_count.since > %(begin)s AND counting_count.since < %(end)s
        THEN counting_count.used + 1 ELSE 1 END,
    since = CASE WHEN counting_count.since > %(begin)s AND counting_count.since < %(end)s
        THEN counting_count.since ELSE %(now)s END
RETURNING used
"""
"""A count begins anew once its time is over, and when it seems to begin far in the future."""


def count(what: str, whose: str, *, seconds: float) -> int:
    """Count one more, and give how often it was within so many seconds from the first."""
    now = time.time()
    name = hmac.new(settings.SECRET_KEY.encode(), f"{what} {whose}".encode(), sha256).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT,
            {"name": name, "now": now, "begin": now - seconds, "end": now + max(seconds, WAIT)},
        )
        [used] = cursor.fetchone()
        if used == 1 and name.startswith("00"):  # now and then
            cursor.execute("DELETE FROM counting_count WHERE since < %s", [now - DAY])
    return int(used)
