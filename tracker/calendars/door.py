"""Finding whose calendar is asked for: what one may not see is not there."""

from collections.abc import Mapping
from datetime import date

from flask import abort, g
from flask_babel import gettext as _
from markupsafe import Markup, escape

from tracker.calendars.scopes import Asked, Scope, read
from tracker.committees import queries as committees
from tracker.plans import queries as plans
from tracker.tasks import sources
from tracker.web import named_html


def find(args: Mapping[str, str], today: date) -> Asked:
    """Return what an address asks for; 404 where that is not there."""
    return read(args, today) or abort(404)


def title(scope: Scope) -> Markup:
    """Return whose tasks these are; 404 where the plan or unit is not there, or not to be seen."""
    found = [name for name in (_plan(scope.plan), _unit(scope.unit)) if name]
    if scope.mine:
        found.append(escape(_("tasks of my units only")))
    return Markup(" · ").join(found)


def _plan(plan_id: int | None) -> Markup | None:
    if plan_id is None:
        return None
    plan = plans.find(sources.plans_for(g.me), plan_id) or abort(404)
    return named_html(plan, "title")


def _unit(unit_id: int | None) -> Markup | None:
    if unit_id is None:
        return None
    unit = committees.one(unit_id) or abort(404)
    return escape(_("{unit} and the units below it")).format(unit=named_html(unit))
