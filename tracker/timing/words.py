"""The words for deadlines that are given and moved, and why one is not, untranslated; the page translates them."""

from collections.abc import Mapping

from tracker.text import N_
from tracker.timing.bounds import Below, Bound

# {day} is the bound that was passed.
BOUNDS: Mapping[Bound, str] = {
    Bound.FINISHED: N_("It is no longer open."),
    Bound.SERIES: N_("A recurring duty has no deadline of its own: its tasks of each period have."),
    Bound.NO_DAY: N_("This gives no day. Give a day, a month or a quarter."),
    Bound.PAST: N_("This day has passed. Today is {day}."),
    Bound.SAME: N_("This is the present deadline ({day})."),
    Bound.NOT_LATER: N_("The proposed date must be later than the present one ({day})."),
    Bound.BEYOND_PARENT: N_("The proposed date is later than the parent task's ({day})."),
    Bound.BELOW_BEYOND: N_(
        "Parts of this task are due after this day. Let them move with it, or give a later day."
    ),
}

CHOICES: Mapping[Below, str] = {
    Below.FOLLOW: N_("They move to the new deadline"),
    Below.KEEP: N_("They keep their own deadlines"),
}

TITLES: Mapping[bool, str] = {
    True: N_("Adjust the deadline"),  # there is one already
    False: N_("Set the deadline"),
}
OCCASION = N_("The event the deadline waits for has happened")
SET = N_("The deadline is set: {day}.")
MOVED = N_("The deadline has been adjusted from {old} to {day}.")
STARTED = N_("The clock has started: the deadline is {day}.")

STALE = N_("Someone else has just changed this")
ASKED = N_("More time has been asked for: that request is to be answered first.")
NO_EVENT = N_("Its deadline waits for no event.")
NEEDS_REASON = N_("Give a reason, so that it can be followed later.")
NO_TICK = N_("Tick at least one task first.")
LATER_THAN_TODAY = N_("This day has not come yet.")
BEFORE_GIVEN = N_("The task was given on {day}; give that day or a later one.")
