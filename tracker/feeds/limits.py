"""How often calendars may be read: counted in this process only, for a GET writes nothing.

Nobody guesses 256 bits; what is kept off is a program gone wild, or somebody who tries all the same.
"""

from collections import OrderedDict
from datetime import datetime, timedelta

from flask import current_app

WINDOW = timedelta(minutes=5)
MOST = 300  # reads of one feed, misses of one address: one a second
_KEPT = 10_000


def is_too_often(key: str, clock_at: datetime) -> bool:
    """Count one more and tell whether there were too many within the window that began with the first."""
    counts: OrderedDict[str, tuple[datetime, int]] = current_app.extensions.setdefault(
        "feed_reads", OrderedDict()
    )
    begun, number = counts.pop(key, (clock_at, 0))
    if clock_at - begun >= WINDOW:
        begun, number = clock_at, 0
    counts[key] = (begun, number + 1)
    while len(counts) > _KEPT:
        counts.popitem(last=False)
    return number >= MOST
