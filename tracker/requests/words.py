"""The words for extensions: why none is asked for, what was answered; untranslated, the page translates them."""

from collections.abc import Mapping

from tracker.requests.limits import Refusal
from tracker.text import N_

# {n}: how often it was extended; {assigner}: the unit that decides on the deadline.
REFUSALS: Mapping[Refusal, str] = {
    Refusal.DRAFT: N_("It has not been sent yet."),
    Refusal.HANDED_IN: N_("It has been handed in and waits for an answer."),
    Refusal.FINISHED: N_("It is no longer open."),
    Refusal.NO_DAY: N_("It has no day to be moved: {assigner} sets its deadline."),
    Refusal.DECIDES_ITSELF: N_(
        "No level above {assigner} decides on this deadline: adjust it directly, with the reason."
    ),
    Refusal.ASKED_ALREADY: N_("More time has been asked for already and waits for an answer."),
    Refusal.NEVER: N_(
        "By the organisation's rules no extension may be asked for. Take it up with {assigner},"
        " which may adjust the deadline itself."
    ),
    Refusal.TOO_OFTEN: N_(
        "Extended {n} times, the most allowed. Take it up with {assigner}, which may adjust the"
        " deadline itself."
    ),
    Refusal.TOO_LATE: N_(
        "The deadline has passed, and by the organisation's rules no extension is asked for after"
        " that. Take it up with {assigner}, which may adjust the deadline itself."
    ),
}

ASKED = N_("The request has been sent to {unit}.")
WITHDRAWN = N_("The request for more time has been withdrawn.")
AFTER_EXPIRY = N_("Asked after expiry: the task stays overdue until {assigner} decides.")

GRANTED = N_(
    "Granted: the deadline is now {new}. Extension no. {n}; original deadline: {original}."
)
GRANTED_OTHER = N_("{asked} is not accepted; the new deadline is {new}.")
REFUSED = N_("Not granted. The deadline remains {day}.")
REASON = N_("Reason: {reason}.")

# How a request was answered, in the middle of a sentence.
ANSWERED_UNTIL = N_("granted until {day}")
ANSWERED_OTHER = N_("granted until {day}, not {asked}")
ANSWERED_NO = N_("not granted")
ANSWERED_OVER = N_("no longer needed")

ALREADY = N_("{name} already answered this request at {time}: {answer}.")
GONE = N_("{name} withdrew this request at {time}.")
STALE = N_("Someone else has just changed this")
NOTHING = N_("No request for more time waits for an answer.")
