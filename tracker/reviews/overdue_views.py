"""The overdue list as a page, and one step for all tasks that are ticked on it."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Blueprint, abort, g, request, session
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.committees.models import Unit
from tracker.db import db
from tracker.forms import status_of
from tracker.letters import actions, door, papers, together
from tracker.letters.actions import Paper
from tracker.letters.rungs import Refusal, answer_by
from tracker.letters.together import Look
from tracker.letters.words import REFUSALS, STEPS, step_of
from tracker.policy import Verb
from tracker.reviews import overdue_page
from tracker.reviews.forms import DeadlinesForm, LeadsForm, LettersForm, TogetherForm
from tracker.reviews.overdue_page import Asked, Drawn, gather
from tracker.rules.queries import in_force
from tracker.tasks.door import hand
from tracker.tasks.glance import Named
from tracker.tasks.models import Task
from tracker.timing.together import set_one
from tracker.web import (
    INVALID,
    SAFE_METHODS,
    Answer,
    for_verb,
    local_path,
    named_html,
    now,
    page,
    say,
    see_other,
    stands_for,
    today,
)

pages = Blueprint("overdue", __name__)

_LETTERS = frozenset({Verb.URGE, Verb.ASK_EXPLANATION})
_NAMED = 100  # refused tasks that are named; the others are counted


@pages.get("/overdue")
@for_verb(Verb.SEE_OWN)
def index() -> Answer:
    """Show what is overdue."""
    return _index(overdue_page.read(request.args))


@pages.post("/overdue")
@for_verb(Verb.SEE_OWN)
def press_nothing() -> Answer:
    """Answer the form around the list where it was sent without one of its buttons."""
    return see_other(_asked().address())


def _index(asked: Asked, status: int = 200, wrong: str = "") -> Answer:
    shown = _shown(asked)
    told = session.pop("refused", []) if request.method in SAFE_METHODS else []
    g.overdue = shown.totals.overdue
    return page(
        "overdue/index.html",
        status,
        shown=shown,
        asked=asked,
        wrong=wrong,
        refused=overdue_page.refused(g.me, told[:_NAMED], REFUSALS),
        refused_more=max(len(told) - _NAMED, 0),
    )


def _shown(asked: Asked) -> Drawn:
    """Return the list as HTML; where something was ticked, with the ticks."""
    ticked = request.form.getlist("row")
    if ticked or request.method not in SAFE_METHODS:
        return overdue_page.draw(gather(g.me, asked, today(), ticked))
    return overdue_page.kept(g.me, asked, today())


def _asked() -> Asked:
    """Return the list from which a form was sent."""
    back = urlsplit(local_path(request.form.get("back")) or "")
    return overdue_page.read(dict(parse_qsl(back.query)) if back.path == "/overdue" else {})


# --- one step for many ------------------------------------------------------------------------------


@pages.route("/overdue/urgings", methods=["GET", "POST"])
@stands_for(Verb.URGE)
def urge() -> Answer:
    """Urge the leads of the ticked tasks, each by the letter that comes next."""
    return _together(Verb.URGE, _letters_form(), _urge)


@pages.route("/overdue/explanation-requests", methods=["GET", "POST"])
@stands_for(Verb.ASK_EXPLANATION)
def ask_explanations() -> Answer:
    """Ask the leads of the ticked tasks to explain the delay."""
    return _together(Verb.ASK_EXPLANATION, _letters_form(), _ask_explanation)


def _letters_form() -> LettersForm:
    return LettersForm(data={"answer_by": answer_by(today(), in_force().calendar)})


@pages.route("/overdue/leads", methods=["GET", "POST"])
@stands_for(Verb.REASSIGN)
def reassign() -> Answer:
    """Pass the ticked tasks to one other unit."""
    form = LeadsForm()
    form.lead_id.offer(door.leads(), empty=_("choose"))
    return _together(Verb.REASSIGN, form, _reassign)


@pages.route("/overdue/deadlines", methods=["GET", "POST"])
@stands_for(Verb.SET_DEADLINE)
def set_deadlines() -> Answer:
    """Set one deadline for the ticked tasks, each within its own bounds."""
    return _together(Verb.SET_DEADLINE, DeadlinesForm(), _set_deadline)


Step = Callable[[Any, Task, Look], object]


def _together(verb: Verb, form: TogetherForm, step: Step) -> Answer:
    rows = together.ticked(form.row.data or request.args.getlist("row"))
    if not rows:
        is_sent = request.method not in SAFE_METHODS
        wrong = _("Tick at least one task first.")
        return _index(_asked(), INVALID, wrong) if is_sent else see_other("/overdue")
    if request.method not in SAFE_METHODS:
        together.hold(rows)
    looks = together.look(g.me, rows, verb, today())
    if together.is_forbidden(looks):
        abort(404 if together.is_unseen(looks) else 403)
    if request.method in SAFE_METHODS or not form.confirmed.data:
        return _together_page(verb, form, looks)
    if "check" in request.form:
        return _together_page(verb, form, looks, _checked(form))
    if not form.validate():
        return _together_page(verb, form, looks, INVALID)
    done, refused = together.do(looks, lambda task, look: step(form, task, look))
    _tell(verb, done, refused)
    return see_other(form.back.data or "/overdue")


def _checked(form: TogetherForm) -> int:
    """Return the status of a page on which only the deadline was to be read."""
    form.validate()
    form.words.errors = []
    return status_of(form)


def _urge(form: LettersForm, task: Task, look: Look) -> object:
    paper, by = _paper(form, task, look, Verb.URGE), door.sender(task)
    return actions.urge(task, paper, case=look.case, by=by, at=now())  # type: ignore[arg-type]


def _ask_explanation(form: LettersForm, task: Task, look: Look) -> object:
    paper, by = _paper(form, task, look, Verb.ASK_EXPLANATION), door.sender(task)
    return actions.ask_explanation(task, paper, case=look.case, by=by, at=now())  # type: ignore[arg-type]


def _paper(form: LettersForm, task: Task, look: Look, verb: Verb) -> Paper:
    rung = look.rung if verb is Verb.URGE else 0
    sheet = door.sheet(door.sender(task), form.answer_by.data)
    more = form.words.data or ""
    return Paper(papers.draft(task, verb, rung, sheet, look.sent, more), sheet.until, rung)


def _reassign(form: LeadsForm, task: Task, _look: Look) -> object:
    lead = db.session.get_one(Unit, form.lead_id.data)
    by = hand(task, Verb.REASSIGN)
    return actions.reassign(task, lead, form.words.data or "", by=by, at=now())


def _set_deadline(form: DeadlinesForm, task: Task, _look: Look) -> None:
    by, words = hand(task, Verb.SET_DEADLINE), form.words.data or ""
    set_one(task, form.due, by=by, at=now(), words=words)


def _together_page(
    verb: Verb, form: TogetherForm, looks: Sequence[Look], status: int = 200
) -> Answer:
    if status != INVALID:
        form.confirmed.data = "1"
    return page(
        "overdue/together.html",
        status,
        form=form,
        verb=verb,
        label=_(STEPS[verb]),
        fitting=[_line(look, verb) for look in looks if look.refusal is None],
        refused=[_line(look, verb) for look in looks if look.refusal],
        back=form.back.data or "/overdue",
    )


def _line(look: Look, verb: Verb) -> dict[str, Any]:
    """Return a ticked task as a line of the page that asks to confirm."""
    task = look.task
    return {
        "id": look.row.task_id,
        "value": ".".join(str(part or 0) for part in look.row),
        "title": named_html(Named(task.title_vi, task.title_en)) if task else None,
        "lead": named_html(Named(task.lead_vi, task.lead_en)) if task else None,
        "letter": _(step_of(verb, look.rung)) if verb in _LETTERS else None,
        "why": _(REFUSALS[look.refusal]) if look.refusal else None,
    }


def _tell(verb: Verb, done: Sequence[int], refused: Sequence[tuple[int, Refusal]]) -> None:
    """Say how many are done; those refused are named on the next page."""
    if done and verb is Verb.REASSIGN:
        count = len(done)
        say(ngettext("%(num)d task has a new lead.", "%(num)d tasks have a new lead.", count))
    elif done and verb is Verb.SET_DEADLINE:
        say(ngettext("%(num)d deadline is set.", "%(num)d deadlines are set.", len(done)))
    elif done:
        count = len(done)
        say(ngettext("%(num)d letter has been sent.", "%(num)d letters have been sent.", count))
    session["refused"] = [[task_id, why.value] for task_id, why in refused][: _NAMED * 2]
