"""The pages of the organisation's rules: read by everybody, changed by administrators after a look at the effect."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from tracker.calendars.days_off import holiday
from tracker.clock import ZONE
from tracker.digests.slots import AT
from tracker.digests.values import RUNGS
from tracker.errors import Refused
from tracker.forms import beside, status_of
from tracker.policy import Verb
from tracker.rules import actions, door, queries, words, year
from tracker.rules.forms import DaysForm, LimitsForm, RemovalForm, RuleForm
from tracker.rules.periods import next_closings
from tracker.rules.preview import Digests, moved
from tracker.rules.queries import Stored
from tracker.tasks.reckoned import reckoned
from tracker.text import clean
from tracker.web import (
    CONFLICT,
    INVALID,
    Answer,
    for_verb,
    now,
    page,
    say,
    see_other,
    today,
)

pages = Blueprint("rules", __name__)

_CLOSINGS = 6  # days on which reports close, of those to come
_OWN = frozenset({"csrf_token", "version", "confirmed"})  # what a form says besides its fields


@pages.get("/calendar/rules")
@for_verb(Verb.SEE_OWN)
def show() -> Answer:
    """Show the rules in force."""
    return page("rules/show.html", **_facts(door.stored()))


@pages.get("/admin/calendar")
@for_verb(Verb.KEEP_RULES)
def index() -> Answer:
    """Show the rules with the forms that change them, and who changed what."""
    return _shown(door.stored())


@pages.post("/admin/calendar/days")
@for_verb(Verb.KEEP_RULES)
def add_days() -> Answer:
    """Enter days off, or a day worked."""
    form = DaysForm(door.stored(), today())
    return _step(form, lambda: actions.add_days(form.days, by=door.hand(), at=now()))


@pages.post("/admin/calendar/removals")
@for_verb(Verb.KEEP_RULES)
def remove_days() -> Answer:
    """Take own days out again."""
    form = RemovalForm(door.stored(), today())
    return _step(form, lambda: actions.remove_days(form.days, by=door.hand(), at=now()))


@pages.post("/admin/calendar/limits")
@for_verb(Verb.KEEP_RULES)
def settle() -> Answer:
    """Change how deadlines are read and moved, and when reports close."""
    form = LimitsForm(door.stored(), today())
    return _step(form, lambda: actions.settle(form.rules, by=door.hand(), at=now()))


def _step(form: RuleForm, write: Callable[[], None]) -> Answer:
    """Show what a change would move; write it at the second press."""
    if form.is_stale(form.stored):
        return _conflict(form)
    if not form.validate():
        return _refused(form)
    if form.rules == form.stored.rules:
        say(_("Nothing was changed."), "note")
    elif not form.confirmed.data:
        return _preview(form)
    else:
        write()
        say(_("The change is saved and holds from now on."))
    return see_other(url_for(".index"))


def _refused(form: RuleForm) -> Answer:
    if isinstance(form, RemovalForm):  # nothing was typed into it
        raise Refused(
            INVALID, " ".join(error for errors in form.errors.values() for error in errors)
        )
    return _shown(form.stored, form)


def _shown(stored: Stored, sent: RuleForm | None = None) -> Answer:
    fresh = {"formdata": None} if sent else {}
    return page(
        "rules/index.html",
        status_of(sent) if sent else 200,
        days=sent if isinstance(sent, DaysForm) else DaysForm(stored, today(), **fresh),
        limits=sent if isinstance(sent, LimitsForm) else LimitsForm(stored, today(), **fresh),
        story=words.story(queries.edits()),
        **_facts(stored),
    )


def _facts(stored: Stored) -> dict[str, Any]:
    chosen, rules = door.year(), stored.rules
    return {
        "stored": stored,
        "rules": rules,
        "year": chosen,
        "rows": year.rows(chosen, stored, holiday),
        "working_days": year.working_days(chosen, rules.calendar),
        "closings": next_closings(today(), rules.closing, _CLOSINGS),
        "words": words,
    }


def _preview(form: RuleForm) -> Answer:
    is_past = now().astimezone(ZONE).time() >= AT
    facts, digests = reckoned(today()), Digests(RUNGS, is_past=is_past)
    found = moved(form.stored.rules, form.rules, facts, today(), digests)
    return page(
        "rules/preview.html",
        form=form,
        changes=_changes(form),
        effects=words.effects(found),
        values=_typed(form),
    )


def _typed(form: RuleForm) -> list[tuple[str, str]]:
    """Return what was sent, for the next press; what no page can hold is left out."""
    names = [field.name for field in form if field.name not in _OWN]
    return [(name, clean(request.form.get(name, ""))) for name in names]


def _changes(form: RuleForm) -> list[Markup]:
    if isinstance(form, DaysForm):
        return [words.entered(form.days)]
    if isinstance(form, RemovalForm):
        return [words.removed(form.days)]
    return [words.difference(one) for one in form.stored.rules.differences(form.rules)]


def _conflict(form: RuleForm) -> Answer:
    form.refresh(form.stored)
    return page(
        "rules/conflict.html",
        CONFLICT,
        form=form,
        stored=_beside(form),
        last=words.story(queries.edits())[:1],
        values=_typed(form),
    )


def _beside(form: RuleForm) -> list[tuple[str, Markup, bool]]:
    """Return what is stored: the limits, or the organisation's own days."""
    if isinstance(form, LimitsForm):
        kept = LimitsForm(form.stored, today(), formdata=None)
        del kept.confirmed
        return beside(form, kept)
    return words.own_days(year.groups(form.stored.days, form.stored.rules.calendar), today())
