"""The page of a quick entry: several tasks, understood as they are typed, saved as drafts or sent at once."""

import secrets
from collections.abc import Mapping
from typing import NamedTuple

from flask import Blueprint, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.committees import queries as committees
from tracker.committees.door import doer
from tracker.committees.queries import Choice
from tracker.db import db
from tracker.drafting.forms import Entry, QuickForm
from tracker.drafting.lines import Names
from tracker.policy import Verb
from tracker.requests import actions as requests
from tracker.tasks import actions, choices
from tracker.tasks.door import me
from tracker.web import INVALID, Answer, for_verb, lang, now, page, say, see_other, today

pages = Blueprint("drafting", __name__)

SENT_TOO = "send"
_LAST = "quick"  # which form was saved last: a button pressed twice saves once


class Known(NamedTuple):
    """What a line can name: the units as they are shown and as they are typed, the plans."""

    units: Mapping[int, Choice]
    typed: Mapping[int, str]
    plans: list[choices.Option]


@pages.route("/tasks/quick", methods=["GET", "POST"])
@for_verb(Verb.DRAFT_TASK)
def quick() -> Answer:
    """Enter several tasks, one in each line."""
    known = _known()
    assigners = choices.assigners(me(), list(known.units.values()))
    form = QuickForm(data={"once": secrets.token_hex(8)}).offer(assigners)
    entries = form.read(Names(known.typed), Names({i: words for i, words, _vi in known.plans}))
    if request.method == "GET":
        return _page(form, entries, known)
    is_valid = form.validate()
    if request.form.get("step") == "check":
        return _page(form, entries, known)
    if not is_valid or any(entry.wrong for entry in entries):
        return _page(form, entries, known, INVALID)
    if session.get(_LAST) == form.once.data:
        return see_other(url_for(".quick"))
    return _saved(form, entries, known)


def _known() -> Known:
    """Return what can be named, and no more: this is asked while somebody types."""
    units = {choice.id: choice for choice in committees.choices(today(), lang())}
    return Known(units, _vietnamese(units), choices.plans(me()))


def _vietnamese(units: Mapping[int, Choice]) -> Mapping[int, str]:
    """Return the Vietnamese names, by which units are typed whatever the language of the page."""
    shown = committees.choices(today()) if lang() == "en" else units.values()
    return {choice.id: choice.label for choice in shown}


def _page(form: QuickForm, entries: list[Entry], known: Known, status: int = 200) -> Answer:
    plans = {plan_id: (title, vi) for plan_id, title, vi in known.plans}
    told = {"names": known.units, "plans": plans}
    return page("drafting/quick.html", status, form=form, entries=entries, **told)


def _saved(form: QuickForm, entries: list[Entry], known: Known) -> Answer:
    """Save all lines; sent at once where that was asked, with one reason for all that need one."""
    at, by, count = now(), doer([form.assigner_id.data]), len(entries)
    sends = request.form.get("step") == SENT_TOO
    if sends and not form.words.data:
        form.words.errors = [_("Give a reason: nobody is named in person yet.")]
        return _page(form, entries, known, INVALID)
    for entry in entries:
        task = actions.draft(entry.draft(form.assigner_id.data), by=by, at=at)
        if sends:
            requests.move(task, Verb.SEND, by=by, at=at, words=form.words.data)
    db.session.flush()
    session[_LAST] = form.once.data
    say(_told(count, sends=sends))
    return see_other(url_for(".quick"))


def _told(count: int, *, sends: bool) -> str:
    if sends:
        return str(ngettext("%(num)d task is sent.", "%(num)d tasks are sent.", count))
    return str(ngettext("%(num)d draft is saved.", "%(num)d drafts are saved.", count))
