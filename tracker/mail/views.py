"""The outbox for administrators: what is due, sent, held, in doubt, not delivered; never what a mail says."""

from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, abort, g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from tracker.clock import machine_now
from tracker.errors import Refused
from tracker.forms import status_of
from tracker.history.actions import Doer
from tracker.mail import actions, queries, words
from tracker.mail.forms import LEAVE_OUT, ReleaseForm
from tracker.mail.models import MailState
from tracker.people.queries import names
from tracker.policy import Verb
from tracker.rules import actions as rules
from tracker.rules.queries import mail_held_since
from tracker.tasks.listing import page_number, pager
from tracker.web import CONFLICT, Answer, day_html, for_verb, now, page, say, see_other

pages = Blueprint("mail", __name__, url_prefix="/admin/mail")


@pages.app_template_filter()
def days_of(mail: Any) -> Markup:
    """Write the day a digest is of, and the first one where it stands for several."""
    last = day_html(date.fromisoformat(mail.period))
    return Markup("{} – {}").format(day_html(mail.covers_from), last) if mail.covers_from else last


@pages.app_template_filter()
def told_by(reply: str) -> str:
    """Return what a server said, as it is, and what we noted ourselves in the reader's language.

    Text, not markup: in a template `_` would take a stranger's words for a translation, and that for safe.
    """
    return str(_(reply))


@pages.get("")
@for_verb(Verb.KEEP_MAIL)
def index() -> Answer:
    """Show what became of the mails."""
    return _shown(ReleaseForm())


def _shown(form: ReleaseForm) -> Answer:
    counts, place = queries.counts(), request.args.get("place")
    place = place if place in queries.PLACES else None
    number = page_number(request.args)
    here = partial(url_for, ".index", place=place)
    mails = queries.listed(place, number)
    return page(
        "mail_admin/index.html",
        status_of(form),
        form=form,
        counts=counts,
        place=place,
        mails=mails,
        names=names({mail.person_id for mail in mails}),
        pager_at=pager(number, getattr(counts, place or "due"), queries.PAGE, here),
        held_since=mail_held_since(),
        words=words,
    )


@pages.post("/hold")
@for_verb(Verb.KEEP_MAIL)
def hold() -> Answer:
    """Let no mail leave."""
    if mail_held_since() is None:
        rules.hold_mail(by=Doer(g.me.person.id), at=now(), clock_at=machine_now())
    say(_("No mail is sent from now on."))
    return see_other(url_for(".index"))


@pages.post("/release")
@for_verb(Verb.KEEP_MAIL)
def release() -> Answer:
    """Let mail leave again, with or without what has waited."""
    form = ReleaseForm()
    if mail_held_since() is None:
        raise Refused(CONFLICT, _("Mail is no longer held."))
    if not form.validate_on_submit():
        return _shown(form)
    if form.waiting.data == LEAVE_OUT:
        left = actions.set_aside("restored")
        say(ngettext("%(num)d mail was left out.", "%(num)d mails were left out.", left))
    rules.release_mail(by=Doer(g.me.person.id), at=now())
    say(_("Mail is going out again."))
    return see_other(url_for(".index"))


@pages.post("/<int:mail_id>/retry")
@for_verb(Verb.KEEP_MAIL)
def retry(mail_id: int) -> Answer:
    """Send one mail again, composed as things stand then."""
    mail = queries.mail(mail_id) or abort(404)
    if not actions.send_again(mail.state, machine_now(), mail_id):
        raise Refused(CONFLICT, _("This mail has been sent or will be; there is nothing to do."))
    say(_("The mail will be composed anew and sent."))
    return see_other(url_for(".index", place=queries.place_of(mail.state)))


@pages.post("/retries")
@for_verb(Verb.KEEP_MAIL)
def retry_all() -> Answer:
    """Send all again that were not delivered."""
    again = actions.send_again(MailState.DEAD, machine_now())
    say(ngettext("%(num)d mail will be sent again.", "%(num)d mails will be sent again.", again))
    return see_other(url_for(".index"))
