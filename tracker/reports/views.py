"""The status pages: the figures of whoever is chosen, the tasks behind each number, the mark that one has looked."""

from functools import lru_cache, partial
from typing import Any

from flask import Blueprint, abort, current_app, g, request
from flask_babel import gettext as _
from markupsafe import Markup

from tracker.difficulties import queries as difficulties
from tracker.history.memory import newest_event, remembered
from tracker.people.models import Person
from tracker.policy import Verb
from tracker.reports import actions, changes, door, lists, words
from tracker.reports.chart import Step
from tracker.reports.figures import Figures, figures
from tracker.reports.grid import RateKind, rate
from tracker.reports.scopes import Asked, Scope
from tracker.rules.periods import last_closings
from tracker.rules.queries import in_force
from tracker.tasks import board_words, listing
from tracker.tasks.filters import Filters
from tracker.web import INVALID, Answer, for_verb, hold, lang, now, page, say, see_other, today

pages = Blueprint("status", __name__, url_prefix="/status")

_CLOSINGS = 3  # of those past, offered as days to count on
_KEPT = 200  # pages whose figures are kept as HTML, some 50 kB each
_MOST_CHOICES = 300  # units or plans that a form offers


@pages.get("")
@for_verb(Verb.SEE_OWN)
def index() -> Answer:
    """Show how the tasks of whoever is chosen stand."""
    asked = door.find(request.args)
    found = None if asked.wrong else figures(g.me, asked.scope, asked.by, today())
    return page(
        "status/index.html",
        INVALID if asked.wrong else 200,
        asked=asked,
        found=found,
        html=found and _html(found, asked.scope, lang()),
        title=door.title(asked.scope),
        changes=_changes(asked.scope),
        stuck=_stuck(asked.scope),
        shown=newest_event(),
        **_form(asked),
    )


@pages.get("/tasks")
@for_verb(Verb.SEE_OWN)
def tasks() -> Answer:
    """List the tasks behind one number."""
    asked, what = door.find(request.args), lists.read(request.args)
    if what is None or asked.wrong:
        abort(404)
    chosen = lists.chosen(g.me, asked.scope, what, today())
    listed = listing.page_of(chosen, request.args)
    heading, narrowed = words.of_list(what)
    return page(
        "status/tasks.html",
        scope=asked.scope,
        heading=_(heading),
        narrowed=narrowed and _(narrowed),
        title=door.title(asked.scope),
        listed=listed,
        entries=listing.entries(g.me, listed.found, today()),
    )


@pages.post("/looks")
@for_verb(Verb.SEE_OWN)
def look() -> Answer:
    """Mark that the reader has seen these figures."""
    scope = door.find(request.form).scope
    hold(Person, g.me.person.id)
    actions.look(g.me.person.id, scope.key, event_id=_shown(), at=now())
    say(_("Marked as seen. From now on this page shows what has changed since."))
    return see_other(scope.address())


def _shown() -> int:
    """Return the newest event there was when the page was made: what came while it was read is still news."""
    shown = request.form.get("shown", "")[:19]
    return min(int(shown), newest_event()) if shown.isdecimal() else newest_event()


def _stuck(scope: Scope) -> int:
    """Return how many difficulties wait for an answer: of everything one may see, today."""
    if scope.on is not None or not scope.is_whole:
        return 0
    return remembered(("difficulties", g.me.seats), lambda: difficulties.count(g.me))


def _changes(scope: Scope) -> dict[str, Any] | None:
    """Return what changed since the reader last looked; nothing for a day of the past."""
    if scope.on is not None:
        return None
    seen = changes.look_of(g.me.person.id, scope)
    if seen is None:
        return {"at": None, "found": {}}
    key = ("status changes", g.me.seats, scope, seen.event_id, seen.at, today())
    found = remembered(key, lambda: changes.since(g.me, scope, seen, today()))
    counts = [(change, _(words.CHANGES[change]), len(ids)) for change, ids in found.items()]
    return {"at": seen.at, "found": counts}


def _form(asked: Asked) -> dict[str, Any]:
    """Return what the form of the page offers: units and plans while a list of them can be read."""
    kept, offered = (
        door.whole(asked.scope),
        board_words.choices(g.me, Filters(unit=asked.scope.unit)),
    )
    menus = {"unit": offered.units, "plan": offered.plans}
    short = {name: menu for name, menu in menus.items() if len(menu.values) <= _MOST_CHOICES}
    return {
        "offered": short,
        "kept": {name: value for name, value in kept.items() if name not in short},
        "scope_fields": kept | ({"due": "first"} if asked.scope.first else {}),
        "wrong": {name: _(message) for name, message in asked.wrong.items()},
        "steps": Step,
        "closings": last_closings(today(), in_force().closing, _CLOSINGS),
    }


@lru_cache(maxsize=_KEPT)
def _html(found: Figures, scope: Scope, _lang: str) -> Markup:
    """Return the figures as HTML; the same for whoever is shown the same numbers in the same language."""
    template = current_app.jinja_env.get_template("status/_figures.html")
    html = template.render(
        found=found,
        scope=scope,
        words=words,
        rates=partial(rate, found.grid),
        line_rate=rate(found.lines, RateKind.ON_TIME),
        rate_of=rate,
    )
    return Markup(html)  # noqa: S704 - what a template has escaped
