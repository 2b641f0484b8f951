"""The words for letters, their steps and why one does not go out, untranslated; the page translates them."""

from collections.abc import Mapping

from tracker.letters.rungs import FIRST, SECOND, Refusal
from tracker.policy import Verb
from tracker.tasks.models import AskKind
from tracker.text import N_

_KINDS: Mapping[AskKind, str] = {
    AskKind.ASSIGNMENT: N_("Assignment"),
    AskKind.EXPLANATION: N_("Request for an explanation"),
}
_URGINGS: Mapping[int, str] = {FIRST: N_("First urging"), SECOND: N_("Second urging")}

STEPS: Mapping[Verb, str] = {
    Verb.URGE: N_("Urge"),
    Verb.ASK_EXPLANATION: N_("Request an explanation"),
    Verb.REASSIGN: N_("Change the lead unit"),
    Verb.SET_DEADLINE: N_("Adjust the deadline"),
}
ICONS: Mapping[Verb, str] = {
    Verb.URGE: "urge",
    Verb.ASK_EXPLANATION: "comment",
    Verb.REASSIGN: "reassign",
}
PATHS: Mapping[Verb, str] = {
    Verb.URGE: "urging",
    Verb.ASK_EXPLANATION: "explanation-request",
    Verb.REASSIGN: "lead",
}

# What a person is told when it is done.
DONE: Mapping[Verb, str] = {
    Verb.URGE: N_("The letter of urging has been sent; the unit finds it under My work."),
    Verb.ASK_EXPLANATION: N_(
        "The request for an explanation has been sent; the unit finds it under My work."
    ),
    Verb.REASSIGN: N_("The lead unit has been changed."),
    Verb.ACKNOWLEDGE: N_("Receipt is acknowledged."),
    Verb.EXPLAIN: N_("The explanation has been sent."),
}

REFUSALS: Mapping[Refusal, str] = {
    Refusal.UNSEEN: N_("Not found, or outside what you may see."),
    Refusal.NOT_ALLOWED: N_("This account may not do that."),
    Refusal.CHANGED: N_("It was changed after this page was opened; look at it again."),
    Refusal.OWN_UNIT: N_("A unit sends no letter to itself."),
    Refusal.NOT_OVERDUE: N_("It is not overdue."),
    Refusal.HANDED_IN: N_("It has been handed in and waits for an answer: accept it or return it."),
    Refusal.ON_HOLD: N_("It is on hold: resume it first."),
    Refusal.COLLECTIVE: N_(
        "A group of units receives no letters: name one unit as the lead first."
    ),
    Refusal.SENT_ALREADY: N_("This letter has been sent already."),
    Refusal.URGED_TWICE: N_("It has been urged twice; the next step is to request an explanation."),
    Refusal.ASKED_ALREADY: N_("An explanation has already been requested and is still awaited."),
    Refusal.MORE_TIME_ASKED: N_(
        "More time has been asked for: that request is to be answered first."
    ),
    Refusal.FINISHED: N_("It is no longer open."),
    Refusal.ANSWERED: N_("Receipt has been acknowledged already."),
    Refusal.LEADS_ALREADY: N_("This unit leads the task already."),
    Refusal.CO_ORDINATES: N_("This unit leads or co-ordinates the task already."),
    Refusal.HAS_PART: N_("This unit has its part already."),
    Refusal.SERIES: N_(
        "A recurring duty has no deadline of its own: its tasks of each period have."
    ),
    Refusal.NEEDS_REASON: N_("It has a deadline already: adjust it on its own page."),
    Refusal.SAME_DAY: N_("This is its present deadline."),
    Refusal.BEYOND_PARENT: N_("The day is later than the parent task's deadline."),
    Refusal.BELOW_BEYOND: N_("Parts of it are due after this day."),
}

# How a letter was answered, where no words were asked for.
RECEIVED = N_("receipt acknowledged")
LAPSED = N_("no longer needed")


def name_of(kind: AskKind, rung: int) -> str:
    """Return what a letter is called."""
    return _URGINGS.get(rung, _KINDS.get(kind, "")) if kind is AskKind.URGING else _KINDS[kind]


def step_of(verb: Verb, rung: int | None) -> str:
    """Return what a step is called; an urging by the letter that comes next."""
    return _URGINGS[rung] if verb is Verb.URGE and rung else STEPS[verb]
