"""The words for moves and clarities, untranslated; and how often a deadline was moved, in words."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.policy import Verb
from tracker.tasks.clarity import Clarity
from tracker.tasks.lifecycle import Tie
from tracker.text import N_

MOVES: Mapping[Verb, str] = {
    Verb.SEND: N_("Send"),
    Verb.DISCARD: N_("Discard"),
    Verb.START: N_("Start"),
    Verb.HAND_IN: N_("Hand in"),
    Verb.FINISH: N_("Finish"),
    Verb.CLOSE: N_("Close"),
    Verb.HOLD: N_("Put on hold"),
    Verb.REWORK: N_("Resume after return"),
    Verb.WITHDRAW: N_("Withdraw"),
    Verb.ACCEPT: N_("Accept as done"),
    Verb.RETURN: N_("Return"),
    Verb.RESUME: N_("Resume"),
    Verb.REOPEN: N_("Reopen"),
    Verb.RESTORE: N_("Restore"),
    Verb.CANCEL: N_("Cancel the task"),
}

# What a person is told when a move has been made.
DONE: Mapping[Verb, str] = {
    Verb.SEND: N_("The task has been sent."),
    Verb.DISCARD: N_("The draft has been discarded."),
    Verb.START: N_("Work has started."),
    Verb.HAND_IN: N_("Handed in; it now waits for an answer."),
    Verb.FINISH: N_("Recorded as done."),
    Verb.CLOSE: N_("The task is closed."),
    Verb.HOLD: N_("The task is on hold."),
    Verb.REWORK: N_("Work has resumed."),
    Verb.WITHDRAW: N_("The hand-in has been withdrawn."),
    Verb.ACCEPT: N_("Accepted as done."),
    Verb.RETURN: N_("Returned, with the reason."),
    Verb.RESUME: N_("The task goes on."),
    Verb.REOPEN: N_("The task is open again."),
    Verb.RESTORE: N_("The task is restored."),
    Verb.CANCEL: N_("The task is cancelled."),
}

# The same of one unit's part, where it is called otherwise.
_BY_TIE: Mapping[Tie, Mapping[Verb, tuple[str, str]]] = {
    Tie.LINE: {
        Verb.CANCEL: (N_("Release the unit"), N_("The unit no longer co-ordinates.")),
        Verb.RESTORE: (N_("Call the unit in again"), N_("The unit co-ordinates again.")),
    },
    Tie.FANOUT: {
        Verb.CANCEL: (N_("Withdraw the unit"), N_("The unit is withdrawn.")),
        Verb.DISCARD: (N_("Withdraw the unit"), N_("The unit is withdrawn.")),
        Verb.RESTORE: (N_("Give to the unit again"), N_("The unit has its part again.")),
    },
}

CLARITIES: Mapping[Clarity, tuple[str, str]] = {
    Clarity.PERSON: (N_("clear who does it"), N_("not clear who does it")),
    Clarity.TASK: (N_("clear what is to be done"), N_("not clear what is to be done")),
    Clarity.TIME: (N_("clear by when"), N_("not clear by when")),
    Clarity.RESPONSIBILITY: (N_("clear who answers for it"), N_("not clear who answers for it")),
    Clarity.PRODUCT: (N_("clear what is delivered"), N_("not clear what is delivered")),
    Clarity.AUTHORITY: (N_("clear on what authority"), N_("not clear on what authority")),
}

_TWICE = 2  # has a word of its own in English


def extended(slips: int) -> str | None:
    """Say how often a deadline was moved to a later day; nothing where it never was."""
    if not slips:
        return None
    if slips == _TWICE:
        return str(_("Extended twice"))
    return str(ngettext("Extended once", "Extended %(num)d times", slips))


def label_of(verb: Verb, tie: Tie | None) -> str:
    """Return what a move is called."""
    return _BY_TIE[tie][verb][0] if tie and verb in _BY_TIE.get(tie, ()) else MOVES[verb]


def done_words(verb: Verb, tie: Tie | None) -> str:
    """Return what a person is told when the move has been made."""
    return _BY_TIE[tie][verb][1] if tie and verb in _BY_TIE.get(tie, ()) else DONE[verb]


def slug(verb: Verb) -> str:
    """Return the verb as it stands in an address: `hand-in`."""
    return verb.value.replace("_", "-")


def verb_of(move: str) -> Verb:
    """Return the verb of an address."""
    return Verb(move.replace("-", "_"))
