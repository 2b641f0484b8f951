"""What a task without a day lacks, told by the words of its deadline."""

import enum

from tracker.deadlines.phrases import Kind


class Lack(enum.StrEnum):
    """Why there is no day: nobody can keep the words, nothing was said, something is to happen, or none is needed."""

    VAGUE = "vague"
    UNSTATED = "unstated"
    EVENT = "event"
    STANDING = "standing"


_NEEDS_NONE = {Kind.ONGOING: Lack.STANDING, Kind.ON_DEMAND: Lack.STANDING, Kind.EVENT: Lack.EVENT}
# Kinds of words with which a task may stand without a day; with any other somebody has still to name it.
NEEDS_NO_DAY = frozenset(kind.value for kind in _NEEDS_NONE)


def lack_of(kind: str | None, words: str | None) -> Lack:
    """Return what a task without a day lacks."""
    found = _NEEDS_NONE.get(Kind(kind)) if kind else None
    return found or (Lack.VAGUE if words else Lack.UNSTATED)
