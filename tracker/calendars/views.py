"""The pages of a calendar: a month, quarter or year, the tasks of any span, and a plan along a line of time."""

from typing import Any

from flask import Blueprint, g, redirect, request
from flask_babel import gettext as _

from tracker.calendars import door, queries, windows, words
from tracker.calendars.page import page_of, short_day, title_of, weekday_names
from tracker.calendars.scopes import Asked
from tracker.calendars.spans import View
from tracker.calendars.timeline import timeline as line_of_time
from tracker.plans import door as plans
from tracker.policy import Verb
from tracker.tasks import board_words, listing, sources
from tracker.tasks.filters import Filters
from tracker.web import INVALID, Answer, for_verb, page, today

pages = Blueprint("calendar", __name__, url_prefix="/calendar")
lines = Blueprint("timeline", __name__, url_prefix="/plans")  # in the room of the plans

_MOST_CHOICES = 300  # units or plans that a form offers


@pages.get("")
@for_verb(Verb.SEE_OWN)
def index() -> Answer:
    """Show on which days deadlines fall."""
    asked = door.find(request.args, today())
    title = door.title(asked.scope)
    if asked.scope.view is View.DAY:
        return redirect(asked.scope.tasks())
    found = page_of(g.me, asked.scope, today())
    status = INVALID if asked.wrong else 200
    return page(
        "calendars/index.html", status, found=found, scope=asked.scope, whose=title, **_form(asked)
    )


@pages.get("/tasks")
@for_verb(Verb.SEE_OWN)
def tasks() -> Answer:
    """List the tasks that fall due in a span."""
    asked = door.find(request.args, today())
    title = door.title(asked.scope)
    listed = listing.page_of(queries.ids(g.me, asked.scope, today()), request.args)
    return page(
        "calendars/tasks.html",
        INVALID if asked.wrong else 200,
        scope=asked.scope,
        whose=title,
        heading=title_of(asked.scope.span),
        listed=listed,
        entries=listing.entries(g.me, listed.found, today()),
    )


@lines.get("/<int:plan_id>/timeline")
@for_verb(Verb.SEE_OWN)
def show(plan_id: int) -> Answer:
    """Show the tasks of a plan along a line of time."""
    plan = plans.find(sources.plans_for(g.me), plan_id)
    window, wrong = windows.read(plan_id, request.args)
    return page(
        "calendars/timeline.html",
        INVALID if wrong else 200,
        plan=plan,
        window=window,
        found=line_of_time(g.me, window, today()),
        typed=request.args if wrong else {},
        wrong={name: _(message) for name, message in wrong.items()},
        title_of=title_of,
    )


def _form(asked: Asked) -> dict[str, Any]:
    """Return what the form of a calendar offers: units and plans while a list of them can be read."""
    scope = asked.scope
    offered = board_words.choices(g.me, Filters(unit=scope.unit))
    menus = {"unit": offered.units, "plan": offered.plans}
    return {
        "offered": {n: menu for n, menu in menus.items() if len(menu.values) <= _MOST_CHOICES},
        "typed": asked.typed if asked.wrong else "",
        "wrong": {name: _(message) for name, message in asked.wrong.items()},
        "weekdays": weekday_names(),
        "short_day": short_day,
        "views": [(view, _(name)) for view, name in words.VIEWS.items()],
    }
