"""What the site says about itself to everybody: which personal data it keeps, and for whom it works."""

from typing import NamedTuple

from flask import Blueprint, current_app

from tracker.policy import Verb
from tracker.settings import Settings
from tracker.text import N_
from tracker.web import Answer, for_verb, page

pages = Blueprint("notices", __name__)


class Kept(NamedTuple):
    """One kind of personal data: what it is, who sees it, how long it stays."""

    what: str
    seen_by: str
    until: str


KEPT = (
    Kept(
        N_("Account: full name, e-mail address, language and theme chosen"),
        N_(
            "The name: everybody who works here. The address: the person themselves and the administrators"
        ),
        N_(
            "As long as the account exists; a disabled account keeps its name, so that history stays true"
        ),
    ),
    Kept(
        N_("Password"),
        N_("Nobody: only a value from which it cannot be worked out is kept"),
        N_("Until it is changed"),
    ),
    Kept(
        N_("Seats: in which unit, in which role, from when until when"),
        N_("Everybody who works here"),
        N_("For good: history records what was done by seat"),
    ),
    Kept(
        N_("Sign-ins: when, from which network address, with which browser"),
        N_("The person themselves, on the page “My account”"),
        N_("At most one month"),
    ),
    Kept(
        N_("Password attempts: when, from which network address"),
        N_("Nobody: they are only counted, to stop guessing"),
        N_("One day"),
    ),
    Kept(
        N_("Links to set a password: for whom, when made, when used"),
        N_("The administrators; the link itself is known only to whoever received it"),
        N_("One month after its end"),
    ),
    Kept(
        N_("What was being typed when a sign-in ended"),
        N_("The same person, after signing in again"),
        N_("One day"),
    ),
    Kept(
        N_("History: who did what with which task, and when; reasons and lines of progress"),
        N_("Whoever may see that task, document, plan or unit"),
        N_("For good: history cannot be changed"),
    ),
    Kept(
        N_("Mails: to whom, when, what the mail server answered, and their text"),
        N_("The recipient; the administrators see everything but the text"),
        N_("The text one month, the record that it was sent for good"),
    ),
    Kept(
        N_("Choices for the digest, and when the status pages were marked as seen"),
        N_("The person themselves"),
        N_("As long as the account exists"),
    ),
    Kept(
        N_("The server's log: what kind of page was opened, when, and the number of the account"),
        N_("Whoever runs the server; it holds no names, addresses or texts"),
        N_("As long as the body that runs the site decides"),
    ),
)

MET = (
    N_(
        "Everything can be done with the keyboard alone; cards on the board can also be moved with a button."
    ),
    N_(
        "Everything works without scripts, and on a slow or broken connection what was typed stays."
    ),
    N_("Pages fit a width of 320 pixels and can be enlarged to 200% without scrolling sideways."),
    N_(
        "The contrast of text with its background is at least 4.5 to 1, in the light and in the dark theme."
    ),
    N_("Lateness, states and errors are said in words and by shape, never by colour alone."),
    N_(
        "Every page has one main heading, named regions and a link to its content; fields have labels."
    ),
    N_(
        "Errors are shown beside the field and in a summary at the top, and say how to correct them."
    ),
    N_("Charts have a table with the same figures. Nothing moves, blinks or plays by itself."),
    N_(
        "Pages state their language; Vietnamese on an English page is marked, so that it is read aloud correctly."
    ),
)

NOT_MET = (
    N_(
        "A sign-in that has not been used ends without warning. What was being typed is kept and comes back."
    ),
    N_("On a narrow screen the columns of the board stay side by side and have to be swiped."),
    N_(
        "Names of tasks, documents and units are in Vietnamese unless somebody has entered English."
    ),
    N_(
        "Nobody who uses a screen reader every day has tried it yet; only the rules have been checked."
    ),
    N_(
        "The system's high contrast and printing have been looked at, but are not checked after every change."
    ),
)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


@pages.get("/privacy")
@for_verb(Verb.OPEN_DOOR)
def privacy() -> Answer:
    """Show which personal data is kept, how long, and who sees it."""
    settings = _settings()
    return page(
        "notices/privacy.html",
        kept=KEPT,
        is_cdn=settings.htmx == "cdn",
        idle=settings.idle_minutes,
        absolute=settings.absolute_hours,
    )


@pages.get("/accessibility")
@for_verb(Verb.OPEN_DOOR)
def accessibility() -> Answer:
    """Show what is done so that everybody can work here, what is not, and where to say so."""
    return page("notices/accessibility.html", met=MET, not_met=NOT_MET)
