"""The pages of measures: setting, correcting and dropping one, entering a figure, putting one right."""

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from tracker.committees import queries as committees
from tracker.committees.models import UnitKind
from tracker.forms import beside, status_of
from tracker.measures import actions, queries
from tracker.measures import figure_door as door
from tracker.measures.door import why_no_figure
from tracker.measures.forms import (
    MOVED,
    CorrectionForm,
    MeasureEdit,
    MeasureForm,
    ReadingForm,
    RemovalForm,
)
from tracker.measures.models import Measure, Reading
from tracker.policy import Verb
from tracker.tasks.door import hand, on_task
from tracker.tasks.models import Task
from tracker.tasks.page import story
from tracker.web import (
    CONFLICT,
    SAFE_METHODS,
    Answer,
    lang,
    now,
    page,
    say,
    see_other,
    today,
)

pages = Blueprint("measures", __name__)


# --- the measure ------------------------------------------------------------------------------------


@pages.route("/tasks/<int:task_id>/measures/new", methods=["GET", "POST"])
@on_task(Verb.SET_MEASURE)
def new(task: Task) -> Answer:
    """Follow a task by a measure."""
    form = _offered(MeasureForm(data={"unit_vi": ""}))
    if not form.validate_on_submit():
        return _form_page(form, task, None)
    by = hand(task, Verb.SET_MEASURE)
    measure = actions.set_measure(task, form.facts(), by=by, at=now())
    say(_("The target is set."))
    return see_other(_address(measure))


@pages.route("/measures/<int:measure_id>/edit", methods=["GET", "POST"])
@door.on_measure(Verb.SET_MEASURE)
def edit(measure: Measure, task: Task) -> Answer:
    """Correct a measure."""
    form = MeasureEdit(measure)
    _offered(form)
    if form.is_submitted() and form.is_stale(measure):
        return _conflict(form, measure, task)
    if not form.validate_on_submit():
        return _form_page(form, task, measure)
    by = hand(task, Verb.SET_MEASURE)
    actions.edit_measure(measure, task, form.facts(), by=by, at=now())
    say(_("The target is saved."))
    return see_other(_address(measure))


@pages.route("/measures/<int:measure_id>/removal", methods=["GET", "POST"])
@door.on_measure(Verb.SET_MEASURE)
def remove(measure: Measure, task: Task) -> Answer:
    """Follow a measure no longer."""
    form = RemovalForm(data={"version": measure.version})
    if request.method in SAFE_METHODS or not form.validate():
        return page("measures/removal.html", status_of(form), form=form, **_of(measure, task))
    if form.is_stale(measure) or measure.is_dropped:
        form.refresh(measure)
        return page("measures/removal.html", CONFLICT, form=form, **_of(measure, task))
    by = hand(task, Verb.SET_MEASURE)
    actions.drop(measure, task, form.words.data, by=by, at=now())
    say(_("The target is no longer followed. Its figures are kept."))
    return see_other(url_for("tasks.show", task_id=task.id))


def _offered(form: MeasureForm) -> MeasureForm:
    lists = committees.choices(today(), lang(), UnitKind.COLLECTIVE)
    return form.offer(lists, committees.choices(today(), lang()))


def _form_page(form: MeasureForm, task: Task, measure: Measure | None) -> Answer:
    told = _of(measure, task) if measure else {"task": task, "measure": None}
    return page("measures/edit.html", status_of(form), form=form, **told)


def _conflict(form: MeasureEdit, measure: Measure, task: Task) -> Answer:
    form.refresh(measure)
    stored = MeasureEdit(measure, formdata=None)
    rows = beside(form, _offered(stored))
    told = {"stored": rows, "last": story(task)[:1]} | _of(measure, task)
    return page("measures/edit.html", CONFLICT, form=form, **told)


# --- figures ----------------------------------------------------------------------------------------


@pages.route("/measures/<int:measure_id>/readings", methods=["GET", "POST"])
@door.on_measure(Verb.ENTER_FIGURE)
def enter(measure: Measure, task: Task) -> Answer:
    """Enter a figure."""
    form, why = ReadingForm(data={"as_of_on": today()}), why_no_figure(measure, task)
    if why or not form.validate_on_submit():
        return _figure_page(form, measure, task, why=why)
    facts, by = form.facts(on_behalf=door.is_on_behalf(task)), hand(task, Verb.ENTER_FIGURE)
    if not queries.is_entered(measure, facts, by.person_id, now()):
        actions.enter(measure, task, facts, by=by, at=now())
    say(_("The figure is entered."))
    return see_other(_address(measure))


@pages.route("/readings/<int:reading_id>/correction", methods=["GET", "POST"])
@door.on_reading(Verb.ENTER_FIGURE)
def correct(reading: Reading, measure: Measure, task: Task) -> Answer:
    """Put a figure right; the old one is kept."""
    form, why = CorrectionForm(reading), why_no_figure(measure, task)
    if not why and queries.is_put_right(reading.id):
        why = _(MOVED)
    if why or not form.validate_on_submit():
        return _figure_page(form, measure, task, reading=reading, why=why)
    facts, by = form.facts(on_behalf=door.is_on_behalf(task)), hand(task, Verb.ENTER_FIGURE)
    actions.correct(reading, measure, task, facts, by=by, at=now())
    say(_("The figure is corrected. The old one is kept."))
    return see_other(_address(measure))


def _figure_page(
    form: ReadingForm, measure: Measure, task: Task, *, reading: Reading | None = None, why: str
) -> Answer:
    """Show the form, or why no figure can be entered here; what was typed stays."""
    status = CONFLICT if why and request.method not in SAFE_METHODS else status_of(form)
    told = _of(measure, task) | {"reading": reading, "why": why}
    return page("measures/reading.html", status, form=form, **told)


def _of(measure: Measure, task: Task) -> dict[str, Any]:
    return {"measure": measure, "task": task, "figure": queries.figure_of(measure)}


def _address(measure: Measure) -> str:
    return url_for("figures.show", measure_id=measure.id)
