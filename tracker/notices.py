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
        N_("The name: everybody who works here. The address: oneself and the administrators"),
        N_("As long as the account; a closed account keeps its name, so that history stays true"),
    ),
    Kept(
        N_("Password"),
        N_("Nobody: only a value from which it cannot be worked out is kept"),
        N_("Until it is changed"),
    ),
    Kept(
        N_("Seats: in which unit, in which role, from when until when"),
        N_("Everybody who works here"),
        N_("For good: what was done in a seat is told by it"),
    ),
    Kept(
        N_("Sign-ins: when, from which network address, with which browser"),
        N_("Oneself, on the page of one's account"),
        N_("At most one month"),
    ),
    Kept(
        N_("Tries at a password: when, from which network address"),
        N_("Nobody: they are counted, to stop whoever guesses"),
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
        N_("What one wants of the digest, and until where one has read the status pages"),
        N_("Oneself"),
        N_("As long as the account"),
    ),
    Kept(
        N_(
            "The server's log: which kind of page was asked for, when, by the number of which account"
        ),
        N_("Whoever runs the server; it holds no names, addresses or texts"),
        N_("As long as the body that runs the site decides"),
    ),
)

MET = (
    N_(
        "Everything can be done with the keyboard alone; moving a card on the board is also a button."
    ),
    N_(
        "Everything works without scripts, and on a slow or broken connection what was typed stays."
    ),
    N_("Pages fit a width of 320 pixels and may be enlarged to 200 % without scrolling sideways."),
    N_("Text stands out from its ground by at least 4.5 to 1, in the light and in the dark theme."),
    N_("Lateness, states and errors are said in words and by shape, never by colour alone."),
    N_(
        "Every page has one main heading, named regions and a link to its content; fields have labels."
    ),
    N_("An error stands beside its field and in a summary on top, and says how to mend it."),
    N_("Charts have a table with the same figures. Nothing moves, blinks or plays by itself."),
    N_(
        "Pages announce their language; Vietnamese on an English page is marked, so that it is read aloud rightly."
    ),
)

NOT_MET = (
    N_(
        "A sign-in that ends for lack of use gives no warning. What was being typed is kept and comes back."
    ),
    N_(
        "On a narrow screen the columns of the board are beside each other and are swiped sideways."
    ),
    N_(
        "Names of tasks, documents and units are in Vietnamese unless somebody has entered English."
    ),
    N_(
        "People who use screen readers every day have not tried it yet; only the rules were checked."
    ),
    N_(
        "High contrast of the system and printing were looked at, but are not checked at each change."
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
