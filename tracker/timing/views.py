"""The pages of deadlines: one task's first or another day, an event that happened, the list of those without."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import Blueprint, abort, g, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from tracker.forms import status_of
from tracker.letters import together
from tracker.letters.rungs import Refusal
from tracker.letters.together import Look
from tracker.letters.words import REFUSALS
from tracker.policy import Verb
from tracker.reviews import overdue_page
from tracker.tasks.door import hand
from tracker.tasks.models import Task
from tracker.tasks.page import story
from tracker.timing import actions, queries
from tracker.timing import page as pages_of
from tracker.timing.actions import AskedFirst, NoEvent
from tracker.timing.bounds import Bound, OutOfBounds
from tracker.timing.door import on_deadline
from tracker.timing.forms import DeadlineForm, ManyForm, OccasionForm
from tracker.timing.together import set_one
from tracker.timing.words import (
    ASKED,
    BOUNDS,
    MOVED,
    NO_EVENT,
    NO_TICK,
    OCCASION,
    SET,
    STALE,
    STARTED,
    TITLES,
)
from tracker.web import (
    CONFLICT,
    INVALID,
    SAFE_METHODS,
    Answer,
    for_verb,
    now,
    page,
    say,
    see_other,
    stands_for,
    tell,
    today,
)

pages = Blueprint("timing", __name__)

LIST = "/no-deadline"
_NAMED = 100  # refused tasks that are named
_MISFITS = frozenset({Bound.FINISHED, Bound.SERIES})  # what no other day would help


# --- one task ---------------------------------------------------------------------------------------


@pages.route("/tasks/<int:task_id>/deadline", methods=["GET", "POST"])
@on_deadline(Verb.SET_DEADLINE)
def deadline(task: Task) -> Answer:
    """Give the task its first deadline, or adjust the agreed one."""
    form = DeadlineForm(data=_given(task), action=request.path)
    form.ask(reason=task.due_on is not None)
    return _answer(form, task, _TIMES)


@pages.route("/tasks/<int:task_id>/occasion", methods=["GET", "POST"])
@on_deadline(Verb.START_CLOCK)
def occasion(task: Task) -> Answer:
    """Record that what the deadline waits for has happened, and the deadline counted from that day."""
    form = OccasionForm(data=_given(task), action=request.path)
    form.ask(reason=False)
    form.given_on = queries.given_on(task)
    return _answer(form, task, _STARTS)


def _given(task: Task) -> dict[str, Any]:
    return {"version": task.version, "back": request.args.get("back", "")}


def _set(form: DeadlineForm, task: Task) -> str:
    old, by = task.due_on, hand(task, Verb.SET_DEADLINE)
    words = form.words.data or None
    actions.set_deadline(task, form.due, below=form.choice, by=by, at=now(), words=words)
    return tell(MOVED if old else SET, {"old": old, "day": task.due_on})


def _start(form: OccasionForm, task: Task) -> str:
    by, day = hand(task, Verb.START_CLOCK), form.happened_on.data or today()
    words = form.words.data or None
    actions.start_clock(task, day, form.due, below=form.choice, by=by, at=now(), words=words)
    return tell(STARTED, {"day": task.due_on})


class _Page(NamedTuple):
    """What differs between the two pages of one task."""

    template: str
    act: Any


_TIMES, _STARTS = _Page("timing/deadline.html", _set), _Page("timing/occasion.html", _start)


def _answer(form: DeadlineForm, task: Task, shown: _Page) -> Answer:
    is_asked_only = request.method in SAFE_METHODS or "check" in request.form
    if is_asked_only:
        return _checked(form, task, shown)
    if form.is_stale(task):
        return _page(form, task, shown, CONFLICT, _(STALE))
    if not form.validate():
        return _page(form, task, shown, INVALID)
    try:
        said = shown.act(form, task)
    except OutOfBounds as refused:
        return _refused(form, task, shown, refused)
    except (AskedFirst, NoEvent):
        return _page(form, task, shown, CONFLICT)
    say(said)
    return see_other(form.back.data or url_for("tasks.show", task_id=task.id))


def _checked(form: DeadlineForm, task: Task, shown: _Page) -> Answer:
    """Show the form; where only the deadline was to be checked, with what was read out of it."""
    if request.method in SAFE_METHODS:
        return _page(form, task, shown)
    form.validate()
    for field in form:
        if field.name != "due_words":
            field.errors = []
    return _page(form, task, shown, status_of(form))


def _refused(form: DeadlineForm, task: Task, shown: _Page, refused: OutOfBounds) -> Answer:
    """Say at the field why the deadline may not lie there, and who would lie beyond."""
    if refused.why in _MISFITS:
        return _page(form, task, shown, CONFLICT)
    if refused.why is Bound.BELOW_BEYOND:
        form.below.errors = [pages_of.why(refused)]
        return _page(form, task, shown, INVALID, beyond=pages_of.names(refused, task))
    form.due_words.errors = [pages_of.why(refused)]
    return _page(form, task, shown, INVALID)


def _page(
    form: DeadlineForm,
    task: Task,
    shown: _Page,
    status: int = 200,
    why: str = "",
    *,
    beyond: Sequence[Markup] = (),
) -> Answer:
    if form.place.data and status == INVALID:
        return _list(status, typed={task.id: form})
    if status == CONFLICT:
        form.refresh(task)
    misfit = _misfit(task, shown)
    told = {"why": misfit or why, "fits": not misfit, "asks_time": misfit == _(ASKED)}
    told |= {"last": story(task)[:1] if why else (), "beyond": beyond}
    return page(shown.template, status, form=form, task=task, **_around(task, shown), **told)


def _around(task: Task, shown: _Page) -> dict[str, Any]:
    """Return what stands on the page whatever was typed: its title, the bound above, what hangs below."""
    title = OCCASION if shown is _STARTS else TITLES[task.due_on is not None]
    bound, hangs = pages_of.bound_words(task), pages_of.hangs(task)
    return {"heading": _(title), "bound": bound, "hangs": hangs}


def _misfit(task: Task, shown: _Page) -> str:
    """Say what keeps the deadline from being moved to any day."""
    try:
        actions.check_place(task)
        actions.check_asks(task)
    except OutOfBounds as refused:
        return str(_(BOUNDS[refused.why]))
    except AskedFirst:
        return str(_(ASKED))
    is_out = shown is _STARTS and not actions.waits_for_event(task)
    return str(_(NO_EVENT)) if is_out else ""


# --- the list of those without a deadline ----------------------------------------------------------------


@pages.get(LIST)
@for_verb(Verb.SEE_OWN)
def undated() -> Answer:
    """Show the tasks whose deadline the reader has still to set."""
    return _list()


def _list(
    status: int = 200,
    *,
    typed: dict[int, DeadlineForm] | None = None,
    many: ManyForm | None = None,
    wrong: str = "",
) -> Answer:
    told = session.pop("refused", []) if request.method in SAFE_METHODS else []
    ticked = {row.task_id for row in together.ticked(request.form.getlist("row"))}
    return page(
        "timing/list.html",
        status,
        groups=pages_of.groups(g.me, today()),
        typed=typed or {},
        many=many or ManyForm(formdata=None),
        ticked=ticked,
        wrong=wrong,
        refused=overdue_page.refused(g.me, told[:_NAMED], REFUSALS),
    )


@pages.route(f"{LIST}/together", methods=["GET", "POST"])
@stands_for(Verb.SET_DEADLINE)
def set_together() -> Answer:
    """Set one deadline for all that are ticked; what does not fit is named with the reason."""
    rows = together.ticked(request.form.getlist("row"))
    if request.method in SAFE_METHODS:
        return see_other(LIST)
    if not rows:
        return _list(INVALID, many=ManyForm(), wrong=_(NO_TICK))
    together.hold(rows)
    looks = together.look(g.me, rows, Verb.SET_DEADLINE, today())
    if together.is_forbidden(looks):
        abort(404 if together.is_unseen(looks) else 403)
    return _set_many(ManyForm(), looks)


def _set_many(form: ManyForm, looks: Sequence[Look]) -> Answer:
    if not form.validate() or "check" in request.form:
        return _list(INVALID if form.errors else 200, many=form)
    due, at = form.due, now()

    def step(task: Task, _look: Look) -> None:
        set_one(task, due, by=hand(task, Verb.SET_DEADLINE), at=at)

    return _told(*together.do(looks, step))


def _told(done: Sequence[int], refused: Sequence[tuple[int, Refusal]]) -> Answer:
    """Say how many were done; the list names the others, with the reason."""
    if done:
        say(ngettext("%(num)d deadline is set.", "%(num)d deadlines are set.", len(done)))
    session["refused"] = [[task_id, why.value] for task_id, why in refused][: 2 * _NAMED]
    return see_other(LIST)
