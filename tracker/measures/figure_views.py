"""The second half of the views: figures as they stand, one and all of them, lists ticked off, transfers."""

from typing import Any

from flask import Blueprint, abort, g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.forms import status_of
from tracker.measures import figure_door as door
from tracker.measures import lists, overview, parts_form, ticks, transfers
from tracker.measures import page as pages_of
from tracker.measures.models import Measure, Reading
from tracker.measures.parts_form import PartRows
from tracker.measures.ticks import CountedForm, TickRows
from tracker.measures.transfers import NotTheWhole, Overtaken
from tracker.policy import Verb
from tracker.tasks import board_words
from tracker.tasks.door import hand
from tracker.tasks.filters import Filters
from tracker.tasks.models import Task
from tracker.tasks.queries import place_of
from tracker.tasks.standings import standings
from tracker.web import (
    CONFLICT,
    SAFE_METHODS,
    Answer,
    for_verb,
    now,
    page,
    say,
    see_other,
    today,
)

pages = Blueprint("figures", __name__)

_WORDS: dict[str, Any] = {"heading": pages_of.heading, "percent": pages_of.percent}
_MOST_CHOICES = 300  # units or plans that a form offers


@pages.get("/measures")
@for_verb(Verb.SEE_OWN)
def index() -> Answer:
    """Show all measures of a plan or a branch."""
    asked = overview.read(request.args) or abort(404)
    whose = door.whose(asked)
    found = overview.overview(g.me, asked)
    menus = board_words.choices(g.me, Filters(unit=asked.unit))
    offered = {"unit": menus.units, "plan": menus.plans}
    short = {name: menu for name, menu in offered.items() if len(menu.values) <= _MOST_CHOICES}
    words: dict[str, Any] = {"roman": overview.roman} | _WORDS
    return page(
        "measures/index.html", asked=asked, found=found, whose=whose, offered=short, **words
    )


@pages.get("/measures/<int:measure_id>")
@door.on_measure(Verb.SEE_TASK)
def show(measure: Measure, task: Task) -> Answer:
    """Show one measure: its figures along time, in a picture and in a table."""
    return _page(measure, task)


def _page(measure: Measure, task: Task, status: int = 200, why: str = "") -> Answer:
    found = pages_of.gather(g.me, measure)
    held, fits = standings(g.me, place_of(task)), not door.why_not(task)
    told: dict[str, Any] = {"ways": pages_of.ways(found, held, fits=fits)}
    told |= {"over": found.over, "why": why} | _WORDS
    return page("measures/show.html", status, found=found, measure=measure, task=task, **told)


# --- lists ------------------------------------------------------------------------------------------


@pages.route("/measures/<int:measure_id>/list", methods=["GET", "POST"])
@door.on_measure(Verb.ENTER_FIGURE)
def tick(measure: Measure, task: Task) -> Answer:
    """Tick off the units of a list."""
    if measure.over_id is None:
        abort(404)
    form, why = _begun(), door.why_not(task)
    rows = TickRows(lists.roll_of(measure), _sent())
    if why or not rows.is_sent:
        return _list_page(measure, task, form, rows, why)
    changes = rows.changes(form, today(), on_behalf=door.is_on_behalf(task))
    if form.is_fit(rows):
        return _ticked(measure, task, changes, rows)
    return _list_page(measure, task, form, rows)


def _begun() -> CountedForm:
    form = CountedForm(data={"as_of_on": today(), "back": request.args.get("back", "")})
    form.today = today()
    return form


def _sent() -> Any:
    return None if request.method in SAFE_METHODS else request.form


def _status(form: CountedForm, rows: TickRows | PartRows, why: str = "") -> int:
    if rows.is_sent and (why or rows.is_overtaken):
        return CONFLICT
    return status_of(form)


def _ticked(measure: Measure, task: Task, changes: lists.Changes, rows: TickRows) -> Answer:
    by = hand(task, Verb.ENTER_FIGURE)
    if changes:
        lists.tick(measure, task, changes, roll=rows.roll, by=by, at=now())
    say(_("The list is saved: %(words)s.", words=lists.roll_of(measure).count.words))
    return see_other(url_for("figures.show", measure_id=measure.id))


def _list_page(
    measure: Measure, task: Task, form: CountedForm, rows: TickRows, why: str = ""
) -> Answer:
    told = {"measure": measure, "task": task, "form": form, "rows": rows, "why": why}
    return page("measures/list.html", _status(form, rows, why), **told, **_WORDS)


# --- transfers --------------------------------------------------------------------------------------


@pages.route("/measures/<int:measure_id>/handover", methods=["GET", "POST"])
@door.on_measure(Verb.FAN_OUT)
def hand_over(measure: Measure, task: Task) -> Answer:
    """State what is handed over to whom."""
    if not transfers.is_whole(measure):
        abort(404)
    form, rows = _begun(), PartRows(transfers.transfer_of(measure), _sent())
    parts = rows.parts(form)
    if not rows.is_sent or not form.is_fit(rows):
        return _parts_page(measure, task, form, rows)
    try:
        by = hand(task, Verb.FAN_OUT)
        transfers.hand_over(measure, parts, given=rows.given, by=by, at=now())
    except NotTheWhole as refused:
        form.form_errors.append(parts_form.why(refused, measure))
        return _parts_page(measure, task, form, rows)
    return _handed(measure, len(parts.values))


def _handed(measure: Measure, count: int) -> Answer:
    if count:
        say(
            ngettext(
                "%(num)d part is handed over. It counts once its unit confirms.",
                "%(num)d parts are handed over. They count once their units confirm.",
                count,
            )
        )
    return see_other(url_for("figures.show", measure_id=measure.id))


def _parts_page(measure: Measure, task: Task, form: CountedForm, rows: PartRows) -> Answer:
    told = {"measure": measure, "task": task, "form": form, "rows": rows}
    return page("measures/handover.html", _status(form, rows), **told, **_WORDS)


@pages.post("/readings/<int:reading_id>/confirmation")
@door.on_reading(Verb.CONFIRM_FIGURE)
def confirm(reading: Reading, measure: Measure, task: Task) -> Answer:
    """Confirm that what was handed over has come."""
    if not transfers.is_part(measure):
        return _page(measure, task, CONFLICT, _(ticks.NOTHING_HANDED))
    try:
        transfers.confirm(reading, task, by=hand(task, Verb.CONFIRM_FIGURE), at=now())
    except Overtaken:
        return _page(measure, task, CONFLICT, _(ticks.OVERTAKEN_PART))
    say(_("Receipt is confirmed."))
    return see_other(request.form.get("back") or url_for("figures.show", measure_id=measure.id))
