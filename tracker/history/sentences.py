"""The sentence of each event, written once. Names are arguments; the page translates and fills them in."""

from collections.abc import Collection

from tracker.history.models import Kind
from tracker.text import N_

# {who} is a person with the unit they acted for, {lead} the lead unit, {undid} the move that was taken back.
_SENTENCES = {
    Kind.LOADED: N_("Entered from the source."),
    Kind.DRAFTED: N_("{who} drafted the task."),
    Kind.EDITED: N_("{who} corrected the task."),
    Kind.NOTED: N_("{who} reported progress."),
    Kind.UNDONE: N_("{who} took back the last step."),
    Kind.SEND: N_("{who} sent the task to {lead}."),
    Kind.DISCARD: N_("{who} discarded the draft."),
    Kind.START: N_("{who} started work."),
    Kind.HAND_IN: N_("{who} handed in the result."),
    Kind.FINISH: N_("{who} recorded the work as done."),
    Kind.CLOSE: N_("{who} closed the task."),
    Kind.HOLD: N_("{who} put the task on hold."),
    Kind.REWORK: N_("{who} resumed work after the return."),
    Kind.WITHDRAW: N_("{who} withdrew the hand-in."),
    Kind.ACCEPT: N_("{who} accepted the task as done."),
    Kind.RETURN: N_("{who} returned the hand-in."),
    Kind.RESUME: N_("{who} let the task go on."),
    Kind.REOPEN: N_("{who} reopened the task."),
    Kind.RESTORE: N_("{who} restored the task."),
    Kind.CANCEL: N_("{who} cancelled the task."),
    Kind.UNIT_ADDED: N_("{who} added the unit."),
    Kind.UNIT_EDITED: N_("{who} corrected the unit."),
    Kind.DOCUMENT_ADDED: N_("{who} entered the document."),
    Kind.DOCUMENT_EDITED: N_("{who} corrected the document."),
    Kind.PLAN_ADDED: N_("{who} entered the plan."),
    Kind.PLAN_EDITED: N_("{who} corrected the plan."),
    Kind.PERSON_ADDED: N_("{who} added the account."),
    Kind.PERSON_EDITED: N_("{who} corrected the account."),
    Kind.PERSON_INVITED: N_("{who} made an invitation link."),
    Kind.PERSON_DISABLED: N_("{who} disabled the account."),
    Kind.PERSON_ENABLED: N_("{who} enabled the account."),
    Kind.SEAT_TAKEN: N_("{who} gave the seat."),
    Kind.SEAT_LEFT: N_("{who} ended the seat."),
    Kind.SEAT_HANDED_OVER: N_("{who} handed a seat over."),
    Kind.HANDOVER_CALLED_OFF: N_("{who} took back the handing over of a seat."),
    Kind.SUBSTITUTE_NAMED: N_("{who} named a substitute."),
    Kind.SUBSTITUTE_ENDED: N_("{who} ended the time of a substitute."),
    Kind.ACKNOWLEDGED: N_("{who} acknowledged receipt."),
    Kind.URGED: N_("{who} urged {lead} to complete the task."),
    Kind.EXPLANATION_ASKED: N_("{who} asked {lead} to explain the delay."),
    Kind.EXPLAINED: N_("{who} explained the delay."),
    Kind.REASSIGNED: N_("{who} passed the lead to {lead}."),
    Kind.MAIL_HELD: N_("{who} held all mail."),
    Kind.MAIL_RELEASED: N_("{who} released the mail."),
    Kind.EXTENSION_ASKED: N_("{who} asked for more time."),
    Kind.EXTENSION_WITHDRAWN: N_("{who} withdrew the request for more time."),
    Kind.EXTENSION_REFUSED: N_("{who} refused more time."),
    Kind.EXTENDED: N_("{who} granted more time."),
    Kind.DEADLINE_SET: N_("{who} set the deadline."),
    Kind.DEADLINE_MOVED: N_("{who} adjusted the deadline."),
    Kind.CLOCK_STARTED: N_("{who} recorded that the event the deadline waited for has happened."),
    Kind.RECURRED: N_("The task of the next period was made."),
    Kind.FANNED_OUT: N_("{who} gave the task on, to each unit its own."),
    Kind.CLAUSES_ADDED: N_("{who} entered clauses of the document."),
    Kind.CLAUSE_EDITED: N_("{who} corrected a clause."),
    Kind.CLAUSE_REMOVED: N_("{who} removed a clause."),
    Kind.MEASURE_SET: N_("{who} set a target."),
    Kind.MEASURE_EDITED: N_("{who} corrected a target."),
    Kind.MEASURE_DROPPED: N_("{who} dropped a target."),
    Kind.FIGURE_ENTERED: N_("{who} entered a figure."),
    Kind.FIGURE_CORRECTED: N_("{who} corrected a figure."),
    Kind.FIGURE_CONFIRMED: N_("{who} confirmed receipt."),
    Kind.DIFFICULTY_RAISED: N_("{who} reported a difficulty."),
    Kind.DIFFICULTY_PASSED_UP: N_("{who} passed a difficulty up."),
    Kind.DIFFICULTY_ANSWERED: N_("{who} answered a difficulty."),
    Kind.DIFFICULTY_WITHDRAWN: N_("{who} withdrew a difficulty: it is settled."),
    Kind.RULE_EDITED: N_("{who} changed the organisation's rules."),
    Kind.FEED_MADE: N_("{who} made an address for the calendar."),
    Kind.FEED_ENDED: N_("{who} ended the address of the calendar."),
}

# The second letter of urging says so.
_SECOND = {Kind.URGED: N_("{who} urged {lead} a second time to complete the task.")}

# The same where the event says from which day to which: {old}, {new}; {on} is the day on which something happened,
# {period} the first of a period.
_DATED = {
    Kind.EXTENSION_ASKED: N_("{who} asked to move the deadline from {old} to {new}."),
    Kind.EXTENDED: N_("{who} granted more time: the deadline is moved from {old} to {new}."),
    Kind.DEADLINE_SET: N_("{who} set the deadline: {new}."),
    Kind.DEADLINE_MOVED: N_("{who} adjusted the deadline from {old} to {new}."),
    Kind.CLOCK_STARTED: N_(
        "{who} recorded that the event the deadline waited for happened on {on}; the deadline is {new}."
    ),
    Kind.RECURRED: N_("The task of the period that begins on {period} was made."),
    Kind.SEAT_HANDED_OVER: N_("{who} handed a seat over from {on}."),
    Kind.HANDOVER_CALLED_OFF: N_("{who} took back the handing over of a seat on {on}."),
    Kind.SUBSTITUTE_NAMED: N_("{who} named a substitute from {on} to {until}."),
    Kind.SUBSTITUTE_ENDED: N_("{who} ended the time of a substitute from {on} to {until}."),
}
_DAYS = ("old", "new", "on", "until", "period")
# Of an event of a seat: its `role`, who `takes` it, who `leaves` it or is stood in for.
SEAT = {
    Kind.SEAT_HANDED_OVER: N_("{role}: {takes} after {leaves}."),
    Kind.SUBSTITUTE_NAMED: N_("{role}: {takes} stands in for {leaves}."),
}
SEAT_ALONE = N_("{role}: {takes}.")
THROUGH = N_("It moved with the task it is part of.")
# Of an event whose data names the unit `for` which somebody else wrote it down.
BEHALF = N_("Entered on behalf of {unit}.")
# The same where it says by which way it was told (`way`), and which day was named (`said_on`).
BEHALF_BY = {
    "telephone": N_("Entered on behalf of {unit}, as told by telephone."),
    "letter": N_("Entered on behalf of {unit}, from its written report."),
    "meeting": N_("Entered on behalf of {unit}, as reported at a meeting."),
    "message": N_("Entered on behalf of {unit}, from a message or e-mail."),
    "in_person": N_("Entered on behalf of {unit}, as reported in person."),
}
SAID_ON = N_("Day named: {day}.")
# Of an event whose data names the unit that was called in to co-ordinate (`joined`).
JOINED = N_("{unit} is to co-ordinate.")

# Events which call for attention when a story is read.
MARKED = frozenset(
    {
        Kind.RETURN,
        Kind.REOPEN,
        Kind.CANCEL,
        Kind.HOLD,
        Kind.URGED,
        Kind.EXPLANATION_ASKED,
        Kind.EXTENSION_REFUSED,
        Kind.DIFFICULTY_RAISED,
    }
)


def sentence(kind: Kind, rung: int | None = None, days: Collection[str] = ()) -> str:
    """Return the English sentence of an event with {who} and {lead} to be filled in, and the days there are."""
    dated = _DATED.get(kind, "")
    if dated and all(name in days for name in _DAYS if f"{{{name}}}" in dated):
        return dated
    is_second = rung == 2  # noqa: PLR2004 - as it is counted in letters
    return _SECOND.get(kind, _SENTENCES[kind]) if is_second else _SENTENCES[kind]
