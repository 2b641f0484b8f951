"""The words for co-ordinators called in, and for what is written down for others; the page translates them."""

from collections.abc import Mapping

from tracker.policy import Verb
from tracker.requests.behalf import Silence, Way
from tracker.requests.co_ordinators import Bar
from tracker.text import N_

WAYS: Mapping[Way, str] = {
    Way.TELEPHONE: N_("by telephone"),
    Way.LETTER: N_("in a written report"),
    Way.MEETING: N_("at a meeting"),
    Way.MESSAGE: N_("by message or e-mail"),
    Way.IN_PERSON: N_("in person"),
}
STEPS: Mapping[Verb, str] = {
    Verb.START: N_("The unit has started work"),
    Verb.REWORK: N_("The unit has resumed work after the return"),
    Verb.HAND_IN: N_("The unit hands in the result"),
    Verb.FINISH: N_("The unit has finished its part"),
}
ONLY_WORDS = N_("Only what was said; the state stays")
SILENCES: Mapping[Silence, str] = {
    Silence.DRAFT: N_("It has not been sent yet."),
    Silence.FINISHED: N_("It is no longer open."),
    Silence.COLLECTIVE: N_(
        "Nobody speaks for a group of units: give the task on to each of them first."
    ),
    Silence.HAS_ACCOUNT: N_("{unit} has accounts of its own: it records its progress itself."),
}
WRITTEN = N_("Written down on behalf of {unit}.")

# {unit}: the unit that was chosen; {day}: the bound that was passed.
BARS: Mapping[Bar, str] = {
    Bar.IS_LINE: N_("A co-ordinator's part has no co-ordinators of its own."),
    Bar.SERIES: N_(
        "A recurring duty was set going with its co-ordinators: call others in on the task of a period."
    ),
    Bar.HANDED_IN: N_("It has been handed in and waits for an answer."),
    Bar.FINISHED: N_("It is no longer open."),
    Bar.LEADS: N_("The lead unit cannot be its own co-ordinator."),
    Bar.COLLECTIVE: N_("A group of units cannot co-ordinate: choose the units one by one."),
    Bar.TAKES_PART: N_("{unit} co-ordinates on this task already."),
    Bar.OUTLIVED: N_("{unit} exists only until {day}, before its part falls due."),
    Bar.PAST: N_(
        "{day} has passed: a part given today cannot be due then. Give it a later deadline, or have"
        " that of the task adjusted first."
    ),
    Bar.BEYOND: N_("This is later than the parent task's deadline ({day})."),
}
CALLED = N_("{unit} has been called in to co-ordinate.")
DATED = N_("{unit} will be asked to co-ordinate, with this deadline.")
