"""The pages of the digest: the next one as it would read, one's wishes, and the links that stop it."""

from flask import Blueprint, current_app, g, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict

from tracker.digests import actions, door, mails, queries
from tracker.digests.forms import WishesForm
from tracker.digests.wording import HEADINGS
from tracker.forms import status_of
from tracker.policy import Verb
from tracker.web import CONFLICT, Answer, for_verb, local_path, page, say, see_other, today

pages = Blueprint("digests", __name__, url_prefix="/digest")


@pages.app_template_filter()
def linked(words: str) -> Markup:
    """Turn the addresses of our own pages in the text of a mail into links."""
    base = current_app.extensions["settings"].public_url
    first, *others = words.split(base)
    found = [escape(first)]
    for part in others:
        path = part.split(maxsplit=1)[0] if part[:1].strip() else ""
        found.append(_link(path, base + path))
        found.append(escape(part[len(path) :]))
    return Markup("").join(found)


def _link(path: str, words: str) -> Markup:
    """Return a link to a page of ours; what somebody wrote right behind our address may lead anywhere."""
    target = local_path(path or "/")
    return Markup('<a href="{}">{}</a>').format(target, words) if target else escape(words)


@pages.get("")
@for_verb(Verb.SEE_OWN)
def show() -> Answer:
    """Show today's digest as it would be sent, and what one wants of it."""
    return _shown(_form())


def _form() -> WishesForm:
    row = door.own_wishes()
    return WishesForm(queries.wishes_of(g.me.person.id), row, action=url_for(".prefer"))


def _shown(form: WishesForm, status: int = 200) -> Answer:
    stored = _form_as_stored() if status == CONFLICT else None
    return page(
        "digests/show.html",
        status,
        form=form,
        stored=stored,
        preview=mails.preview(g.me, today()),
        headings=HEADINGS,
    )


def _form_as_stored() -> WishesForm:
    row = door.own_wishes()
    return WishesForm(queries.wishes_of(g.me.person.id), row, formdata=MultiDict())


@pages.post("/preferences")
@for_verb(Verb.KEEP_ACCOUNT)
def prefer() -> Answer:
    """Remember what somebody wants of the digest."""
    form, row = _form(), door.own_wishes()
    if not form.validate_on_submit():
        return _shown(form, status_of(form))
    if form.is_outdated(row):
        form.take_version(row)
        return _shown(form, CONFLICT)
    person_id, wanted = g.me.person.id, form.wanted.data
    actions.prefer(person_id, is_off=not wanted, off=form.off(), quiet_days=form.quiet())
    say(_("The digest settings are saved."))
    return see_other(url_for(".show"))


@pages.route("/off/<token>", methods=["GET", "POST"])
@for_verb(Verb.OPEN_DOOR)
def off(token: str) -> Answer:
    """Stop a section or the whole digest: a GET asks, a POST does it, by one's mail program or the button.

    The one POST without a token of a form (see WITHOUT_TOKEN in the factory): a mail program has no session, and a
    redirect would end its request. The link proves by itself that it was sent to the person whose digest it stops.
    """
    stop = door.stop_or_404(token)
    if request.method == "POST":
        actions.turn_off(stop.person_id, stop.section)
    wishes = queries.wishes_of(stop.person_id)
    is_off = wishes.is_off or stop.section in wishes.off
    return page("digests/off.html", section=stop.section, headings=HEADINGS, is_off=is_off)
