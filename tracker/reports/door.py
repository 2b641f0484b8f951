"""Finding whose figures are asked for: what one may not see is not there."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import abort, g
from flask_babel import gettext as _
from markupsafe import Markup, escape

from tracker.committees import queries as committees
from tracker.documents import queries as documents
from tracker.documents.labels import document_label
from tracker.history.memory import remembered
from tracker.plans import queries as plans
from tracker.reports.scopes import NO_PLAN, Asked, Scope, read
from tracker.tasks import sources
from tracker.web import lang, named_html, today

Names = dict[str, Markup]


def find(args: Mapping[str, str]) -> Asked:
    """Return what an address asks for; 404 where that is not there, or not to be seen."""
    asked = read(args, today())
    if asked is None or names(asked.scope) is None:
        abort(404)
    return asked


def names(scope: Scope) -> Names | None:
    """Return what the parts of a scope are called, by part; nothing where one of them cannot be seen."""
    key = ("status names", g.me.seats, scope.unit, scope.plan, scope.document, lang())
    return remembered(key, lambda: _names(scope))


def _names(scope: Scope) -> Names | None:
    found: Names = {}
    for part, name_of in _NAMES.items():
        row_id = getattr(scope, part)
        name = None if row_id is None else name_of(row_id)
        if name is not None:
            found[part] = name
        elif row_id is not None:
            return None
    return found


def _unit(unit_id: int) -> Markup | None:
    unit = committees.one(unit_id)
    return named_html(unit) if unit else None


def _plan(plan_id: int) -> Markup | None:
    if plan_id == NO_PLAN:
        return escape(_("No plan"))
    plan = plans.find(sources.plans_for(g.me), plan_id)
    return named_html(plan, "title") if plan else None


def _document(document_id: int) -> Markup | None:
    document = documents.find(sources.documents_for(g.me), document_id)
    return document_label(document) if document else None


_NAMES: dict[str, Callable[[int], Markup | None]] = {
    "document": _document,
    "plan": _plan,
    "unit": _unit,
}


def title(scope: Scope) -> Markup:
    """Return whose figures these are, in words."""
    found = names(scope) or {}
    return Markup("; ").join(_parts(scope, found)) if found else escape(_("All you may see"))


def _parts(scope: Scope, found: Names) -> Iterable[Markup]:
    for part, name in found.items():
        if part == "unit":
            words = _("{unit} alone") if scope.alone else _("{unit} and the units below it")
            yield escape(words).format(unit=name)
        elif part == "document":
            yield escape(_("{document} and everything that follows from it")).format(document=name)
        else:
            yield name


def whole(scope: Scope) -> dict[str, Any]:
    """Return the fields by which a form keeps the scope."""
    given = {"unit": scope.unit, "plan": scope.plan, "document": scope.document}
    kept = {name: value for name, value in given.items() if value is not None}
    return kept | ({"alone": 1} if scope.alone else {})
