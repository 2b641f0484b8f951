"""The pages of difficulties: raised on a task, answered or passed up, all that wait."""

from flask import Blueprint, g, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from tracker.committees.models import Unit
from tracker.difficulties import actions, queries
from tracker.difficulties.forms import AnswerForm, RaisingForm, WithdrawalForm
from tracker.errors import Refused
from tracker.forms import Form, status_of
from tracker.history.actions import Doer
from tracker.policy import Verb
from tracker.tasks.door import hand, on_task
from tracker.tasks.lifecycle import OPEN
from tracker.tasks.models import Ask, Task
from tracker.web import CONFLICT, Answer, for_verb, named, now, page, say, see_other, today

pages = Blueprint("difficulties", __name__)


@pages.get("/difficulties")
@for_verb(Verb.SEE_OWN)
def index() -> Answer:
    """List the difficulties that wait, and those answered lately."""
    found = queries.waiting(g.me)
    told = {"waiting": found, "answered": queries.answered(g.me), "acts": g.me.acts}
    return page("difficulties/index.html", today_is=today(), **told)


@pages.route("/tasks/<int:task_id>/difficulty", methods=["GET", "POST"])
@on_task(Verb.RAISE_DIFFICULTY)
def raise_(task: Task) -> Answer:
    """Send a difficulty to the first level that can decide."""
    form = RaisingForm(data={"back": request.args.get("back", "")})
    level, waiting = queries.first_level(task, today()), queries.open_one(task)
    if level is None or waiting or task.state not in OPEN:
        return _closed(form, task, _why_none(task, waiting))
    if not form.validate_on_submit():
        told = {"level": level, "why": "", "fits": True}
        return page("difficulties/raise.html", status_of(form), form=form, task=task, **told)
    by = hand(task, Verb.RAISE_DIFFICULTY)
    actions.raise_(task, level.id, form.words.data or "", by=by, at=now())
    say(_("The difficulty has been sent to %(unit)s.", unit=named(level)))
    return _back(form, task)


def _why_none(task: Task, waiting: Ask | None) -> str:
    if task.state not in OPEN:
        return str(_("The task is no longer open."))
    if waiting is not None:
        return str(_("A difficulty of this task lies on a desk already and waits for an answer."))
    return str(_("No level above has an account here: report it by letter."))


def _closed(form: RaisingForm, task: Task, why: str) -> Answer:
    status = CONFLICT if form.is_submitted() else 200
    told = {"level": None, "why": why, "fits": False}
    return page("difficulties/raise.html", status, form=form, task=task, **told)


@pages.route("/tasks/<int:task_id>/difficulty/answer", methods=["GET", "POST"])
@on_task(Verb.ANSWER_DIFFICULTY)
def answer(task: Task) -> Answer:
    """Answer a difficulty that lies on one's desk, or pass it up."""
    form = AnswerForm(data={"back": request.args.get("back", "")})
    asked = queries.open_one(task, form.ask.data)
    if asked is None or asked.answered_at is not None or asked.to_unit_id not in g.me.acts:
        why = _("No difficulty of this task lies on your desk any more.")
        return page("difficulties/gone.html", CONFLICT, form=form, task=task, why=why)
    above = queries.level_above(asked.to_unit_id, today())
    if not form.offer(named(above) if above else None).validate_on_submit():
        form.ask.raw_data, form.ask.data = None, asked.id
        told = {"difficulty": queries.about(task)[0], "above": above, "why": ""}
        return page("difficulties/answer.html", status_of(form), form=form, task=task, **told)
    _decide(form, asked, task, above)
    return _back(form, task)


def _decide(form: AnswerForm, asked: Ask, task: Task, above: Unit | None) -> None:
    by = Doer(g.me.person.id, g.me.unit_for([asked.to_unit_id]))
    words = form.words.data or ""
    if form.is_passed_up and above is not None:
        actions.pass_up(asked, task, above.id, words, by=by, at=now())
        say(_("The difficulty has been passed up to %(unit)s.", unit=named(above)))
    else:
        actions.answer(asked, task, words, form.settled_on.data, by=by, at=now())
        say(_("The difficulty has been answered."))


@pages.post("/tasks/<int:task_id>/difficulty/withdrawal")
@on_task(Verb.RAISE_DIFFICULTY)
def withdraw(task: Task) -> Answer:
    """Take a difficulty back: it is none any more."""
    asked = queries.open_one(task, WithdrawalForm().ask.data)
    if asked is None or asked.answered_at is not None:
        raise Refused(CONFLICT, _("No difficulty of this task waits for an answer any more."))
    actions.withdraw(asked, task, by=hand(task, Verb.RAISE_DIFFICULTY), at=now())
    say(_("The difficulty has been withdrawn."))
    return see_other(url_for("tasks.show", task_id=task.id))


def _back(form: Form, task: Task) -> AnyResponse:
    back = str(form["back"].data or "")
    return see_other(back or url_for("tasks.show", task_id=task.id))
