"""The pages of extensions: more time asked for, the wish withdrawn, and what is decided on it."""

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from tracker.policy import Verb
from tracker.requests import door, extensions, wishes
from tracker.requests.extensions import Wish
from tracker.requests.forms import REFUSE, DecisionForm, WishForm, WithdrawalForm
from tracker.requests.limits import Case, Refusal
from tracker.requests.queries import wishes_of
from tracker.requests.words import ASKED, NOTHING, STALE, WITHDRAWN
from tracker.tasks.door import hand, on_task
from tracker.tasks.models import Ask, Task
from tracker.tasks.page import story
from tracker.timing.actions import bound_above
from tracker.timing.bounds import OutOfBounds
from tracker.timing.door import on_deadline
from tracker.timing.page import hangs
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
)

pages = Blueprint("requests", __name__)


def _back(form: Any, task: Task) -> Answer:
    return see_other(form.back.data or url_for("tasks.show", task_id=task.id))


def _start(task: Task) -> dict[str, Any]:
    """Return what a form begins with: the version that is seen, the page to return to."""
    return {"version": task.version, "back": request.args.get("back", "")}


def _is_check() -> bool:
    """Tell whether a deadline was only to be read."""
    return "check" in request.form


def _only_checked(form: WishForm | DecisionForm) -> int:
    """Let the form say what was read, and no more; return the status of its page."""
    form.validate()
    for field in form:
        if field.name != "due_words":
            field.errors = []
    return INVALID if form.due_words.errors else 200


# --- asked -------------------------------------------------------------------------------------------


@pages.route("/tasks/<int:task_id>/extension-request", methods=["GET", "POST"])
@on_deadline(Verb.ASK_EXTENSION)
def ask(task: Task) -> Answer:
    """Ask for more time."""
    form = WishForm(data=_start(task))
    if request.method in SAFE_METHODS:
        return _wish_page(form, task)
    form.about(task, bound_above(task))
    case = door.case_for(task, is_asked=door.wish_of(task) is not None)
    if door.refusal(case):
        return _wish_page(form, task, CONFLICT)
    if _is_check():
        return _wish_page(form, task, _only_checked(form))
    if form.is_stale(task):
        return _wish_page(form, task, CONFLICT, _(STALE))
    return _asked(form, task, case) if form.validate() else _wish_page(form, task, INVALID)


def _asked(form: WishForm, task: Task, case: Case) -> Answer:
    wish = Wish(form.due, form.words.data or "", form.result.data or "")
    extensions.ask(task, wish, case=case, by=hand(task, Verb.ASK_EXTENSION), at=now())
    say(tell(ASKED, {"unit": named(door.decider_of(task))}))
    return _back(form, task)


def _wish_page(form: WishForm, task: Task, status: int = 200, why: str = "") -> Answer:
    found = wishes_of(task.id)
    waiting = next((wish for wish in found if wish.is_open), None)
    refused = door.refusal(door.case_for(task, is_asked=waiting is not None))
    if status == CONFLICT:
        form.refresh(task)
    told = {
        "why": why or (door.why(refused, task) if refused else ""),
        "last": story(task)[:1] if why else (),
        "fits": refused is None,
        "is_own": refused is Refusal.DECIDES_ITSELF,
        "decider": door.decider_of(task),
        "late": wishes.late(task),
        "times": wishes.times(task),
        "waiting": wishes.slip(waiting, task) if waiting else None,
        "past": wishes.past(found, task),
    }
    return page("requests/wish.html", status, form=form, task=task, **told)


@pages.post("/tasks/<int:task_id>/extension-withdrawal")
@on_task(Verb.WITHDRAW_EXTENSION)
def withdraw(task: Task) -> Answer:
    """Take the wish back."""
    form = WithdrawalForm()
    asked = door.wish_of(task, form.ask.data)
    if asked is None or asked.answered_at is not None:
        again = WishForm(formdata=None, data=_start(task))
        return _wish_page(again, task, CONFLICT, _why_over(asked, task))
    extensions.withdraw(asked, task, by=hand(task, Verb.WITHDRAW_EXTENSION), at=now())
    say(_(WITHDRAWN))
    return _back(form, task)


def _why_over(asked: Ask | None, task: Task) -> str:
    """Say who answered a wish when, and how; where none is meant, that none waits."""
    answered = (wish for wish in wishes_of(task.id) if asked and wish.id == asked.id)
    over = next((wish for wish in answered if not wish.is_open), None)
    return wishes.already(over) if over else _(NOTHING)


# --- decided -----------------------------------------------------------------------------------------


@pages.route("/tasks/<int:task_id>/extension", methods=["GET", "POST"])
@on_deadline(Verb.ANSWER_EXTENSION)
def decide(task: Task) -> Answer:
    """Decide on a wish for more time: as asked, another date, or not."""
    chosen = request.args.get("decision")
    form = DecisionForm(data=_start(task) | {"decision": chosen}).offer(hangs(task).sharing)
    asked = door.wish_of(task, form.ask.data)
    if request.method in SAFE_METHODS:
        return _decision_page(form, task, asked)
    form.about(task, bound_above(task))
    if asked is None or asked.answered_at is not None:
        return _decision_page(form, task, asked, CONFLICT)
    if _is_check():
        return _decision_page(form, task, asked, _only_checked(form))
    if form.is_stale(task):
        return _decision_page(form, task, asked, CONFLICT, _(STALE))
    if not form.validate():
        return _decision_page(form, task, asked, INVALID)
    return _decided(form, task, asked)


def _decided(form: DecisionForm, task: Task, asked: Ask) -> Answer:
    try:
        _decide_it(form, task, asked)
    except OutOfBounds as out:
        form.blame(out)
        return _decision_page(form, task, asked, INVALID)
    say(wishes.done(asked, task))
    return _back(form, task)


def _decide_it(form: DecisionForm, task: Task, asked: Ask) -> None:
    by, words = hand(task, Verb.ANSWER_EXTENSION), form.words.data or None
    if form.decision.data == REFUSE:
        extensions.refuse(asked, task, words or "", by=by, at=now())
    else:
        kept: dict[str, Any] = {"below": form.chosen, "words": words, "by": by, "at": now()}
        extensions.grant(asked, task, form.granted, **kept)


def _decision_page(
    form: DecisionForm, task: Task, asked: Ask | None, status: int = 200, why: str = ""
) -> Answer:
    found = wishes_of(task.id)
    meant = next((wish for wish in found if asked and wish.id == asked.id and wish.is_open), None)
    if status == CONFLICT:
        form.refresh(task)
    form.ask.raw_data, form.ask.data = None, asked.id if asked else None
    told = {
        "why": why if meant else _why_over(asked, task),
        "last": story(task)[:1] if status == CONFLICT else (),
        "asked": wishes.slip(meant, task) if meant else None,
        "past": wishes.past(found, task),
        "times": wishes.times(task),
        "sharing": hangs(task).sharing if meant else (),
    }
    return page("requests/decision.html", status, form=form, task=task, **told)
