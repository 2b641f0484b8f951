"""The pages of co-ordination: a unit called in, and the word of a unit without accounts written down for it."""

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from tracker.committees import door as committees
from tracker.committees import queries as units
from tracker.committees.models import Unit, UnitKind
from tracker.db import db
from tracker.fields import read_id
from tracker.letters import door as letters
from tracker.policy import Verb
from tracker.requests import behalf, co_ordinators
from tracker.requests.behalf import Silence
from tracker.requests.co_ordinators import AT_DUE, AT_UNIT, Bar, Barred
from tracker.requests.part_forms import CoordinatorForm, WordForm
from tracker.requests.part_words import BARS, CALLED, DATED, SILENCES, WRITTEN
from tracker.requests.words import STALE
from tracker.tasks.door import afresh, me, on_task
from tracker.tasks.lifecycle import State
from tracker.tasks.lines import lines_on_page
from tracker.tasks.models import Task
from tracker.tasks.moves import OutOfTurn
from tracker.tasks.page import story
from tracker.timing import queries as timing
from tracker.timing.door import on_deadline
from tracker.web import (
    CONFLICT,
    INVALID,
    SAFE_METHODS,
    Answer,
    named,
    now,
    page,
    say,
    see_other,
    tell,
    today,
)

pages = Blueprint("parts", __name__)


def _start(task: Task) -> dict[str, Any]:
    """Return what a form begins with: the version that is seen, the page to return to."""
    return {"version": task.version, "back": request.args.get("back", "")}


def _back(form: Any, task_id: int) -> Answer:
    return see_other(form.back.data or url_for("tasks.show", task_id=task_id))


# --- a unit called in -----------------------------------------------------------------------------------


@pages.route("/tasks/<int:task_id>/co-ordinators", methods=["GET", "POST"])
@on_deadline(Verb.FAN_OUT)
def call_in(task: Task) -> Answer:
    """Call a unit in to co-ordinate; below a draft, give its part a deadline of its own."""
    form = _offered(CoordinatorForm(data=_start(task) | _wished()), task)
    if request.method in SAFE_METHODS:
        return _call_page(form, task)
    if co_ordinators.why_not(task):
        return _call_page(form, task, CONFLICT)
    if "check" in request.form:
        return _call_page(form, task, _only_checked(form))
    if form.is_stale(task):
        return _call_page(form, task, CONFLICT, _(STALE))
    return _called(form, task) if form.validate() else _call_page(form, task, INVALID)


def _wished() -> dict[str, Any]:
    """Return the unit which the address names already."""
    return {"unit_id": read_id(request.args.get("unit", ""))}


def _offered(form: CoordinatorForm, task: Task) -> CoordinatorForm:
    """Put the units on offer that can be called in: all but groups, the lead, and those with a part of their own."""
    found = lines_on_page(me(), task, today(), today()).standing
    taken = {line.task.lead_id for line in found if line.task.state is not State.DRAFT}
    choices = [unit for unit in letters.leads(task) if unit.id not in taken]
    form.unit_id.offer(choices, empty=_("choose"))
    return form


def _only_checked(form: CoordinatorForm) -> int:
    """Let the form say what was read as the deadline, and no more."""
    form.validate()
    for field in form:
        if field.name != "due_words":
            field.errors = []
    return INVALID if form.due_words.errors else 200


def _called(form: CoordinatorForm, task: Task) -> Answer:
    unit = db.session.get_one(Unit, form.unit_id.data)
    own = (form.due if form.due_words.data else None, form.words.data or None)
    by = committees.doer([task.lead_id, task.assigner_id])
    try:
        co_ordinators.call_in(task, unit, own, by=by, at=now())
    except Barred as barred:
        return _barred(form, task, unit, barred)
    done = DATED if task.state is State.DRAFT else CALLED
    say(tell(done, {"unit": named(unit)}))
    return _back(form, task.id)


def _barred(form: CoordinatorForm, task: Task, unit: Unit, barred: Barred) -> Answer:
    """Say at the field what keeps this unit, or this day, from it."""
    words = tell(BARS[barred.why], {"unit": named(unit), "day": barred.day or ""})
    if barred.why in AT_UNIT:
        form.unit_id.errors = [words]
    elif barred.why in AT_DUE:
        form.due_words.errors = [words]
    else:
        return _call_page(form, task, CONFLICT)
    return _call_page(form, task, INVALID)


def _call_page(form: CoordinatorForm, task: Task, status: int = 200, why: str = "") -> Answer:
    bar = co_ordinators.why_not(task)
    if status == CONFLICT:
        form.refresh(task)
    told = {"why": _(BARS[Bar(bar)]) if bar else why, "fits": bar is None}
    told |= {"last": story(task)[:1] if why else (), "is_draft": task.state is State.DRAFT}
    return page("requests/co_ordinators.html", status, form=form, task=task, **told)


# --- the word of a unit without accounts ----------------------------------------------------------------


@pages.route("/tasks/<int:task_id>/word-on-behalf", methods=["GET", "POST"])
@on_task(Verb.SPEAK_FOR)
def write_down(task: Task) -> Answer:
    """Write down what a unit without accounts says of its task."""
    form = WordForm(data=_start(task)).offer(behalf.steps_of(task))
    form.given_on = timing.given_on(task)
    if request.method in SAFE_METHODS:
        return _word_page(form, task)
    if _silence(task):
        return _word_page(form, task, CONFLICT)
    if form.is_stale(task):
        return _word_page(form, task, CONFLICT, _(STALE))
    return _written(form, task) if form.validate() else _word_page(form, task, INVALID)


def _silence(task: Task) -> Silence | None:
    return behalf.why_not(
        task.state,
        is_collective=task.lead.kind is UnitKind.COLLECTIVE,
        has_account=units.has_account(task.lead_id, today()),
    )


def _written(form: WordForm, task: Task) -> Answer:
    task_id, unit = task.id, named(task.lead)
    try:
        behalf.write_down(task, form.word, by=letters.sender(task), at=now())
    except OutOfTurn:
        return _word_page(form, task, CONFLICT, _(STALE))
    except StaleDataError:
        return _word_page(form, afresh(task_id, Verb.SPEAK_FOR), CONFLICT, _(STALE))
    say(tell(WRITTEN, {"unit": unit}))
    return _back(form, task_id)


def _word_page(form: WordForm, task: Task, status: int = 200, why: str = "") -> Answer:
    silence = _silence(task)
    if status == CONFLICT:
        form.refresh(task)
    words = tell(SILENCES[silence], {"unit": named(task.lead)}) if silence else why
    told = {"why": words, "fits": silence is None, "last": story(task)[:1] if why else ()}
    return page("requests/word.html", status, form=form, task=task, **told)
