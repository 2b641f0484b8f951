"""Find and check, for the views of the rules: what is written down, held while it is being changed."""

from flask import g, request

from tracker.db import Turn, take_turns
from tracker.deadlines.calendar import FIRST_YEAR, LAST_YEAR
from tracker.history.actions import Doer
from tracker.rules import queries
from tracker.rules.queries import Stored
from tracker.web import SAFE_METHODS, today


def stored() -> Stored:
    """Return the rules as they stand; whoever is about to change them is the only one until the answer."""
    if request.method not in SAFE_METHODS:
        take_turns(Turn.HISTORY)
    return queries.stored()


def hand() -> Doer:
    """Return whose hand changes the rules: an administrator's, in no unit's name."""
    return Doer(g.me.person.id)


def year() -> int:
    """Return the year asked for, else this one."""
    wanted = request.args.get("year", type=int) or 0
    return wanted if FIRST_YEAR <= wanted <= LAST_YEAR else today().year
