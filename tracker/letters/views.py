"""The pages of letters: urging, a request for an explanation and its answer, receipts, another lead unit."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from tracker.committees.models import Unit
from tracker.db import db
from tracker.letters import actions, door, papers, queries
from tracker.letters.actions import AnsweredAlready, Paper
from tracker.letters.forms import ExplanationForm, LeadForm, LetterForm, ReceiptForm
from tracker.letters.queries import Sent
from tracker.letters.rungs import Case, Refusal, Refused, next_rung, why_not
from tracker.letters.slips import answered, slips
from tracker.letters.words import DONE, REFUSALS, step_of
from tracker.people.models import Person
from tracker.policy import Verb
from tracker.tasks.door import afresh, hand, on_task
from tracker.tasks.models import Ask, AskKind, Task
from tracker.tasks.page import story
from tracker.text import N_
from tracker.web import CONFLICT, INVALID, SAFE_METHODS, Answer, now, page, say, see_other, tell

pages = Blueprint("letters", __name__)

_SEND = {Verb.URGE: actions.urge, Verb.ASK_EXPLANATION: actions.ask_explanation}
_STALE = N_("Someone else has just changed this")


def _back(form: Any, task: Task) -> Answer:
    return see_other(form.back.data or url_for("tasks.show", task_id=task.id))


# --- letters that go down ---------------------------------------------------------------------------


@pages.route("/tasks/<int:task_id>/urging", methods=["GET", "POST"])
@on_task(Verb.URGE)
def urge(task: Task) -> Answer:
    """Edit and send a letter of urging."""
    return _letter(task, Verb.URGE)


@pages.route("/tasks/<int:task_id>/explanation-request", methods=["GET", "POST"])
@on_task(Verb.ASK_EXPLANATION)
def ask_explanation(task: Task) -> Answer:
    """Edit and send a request for an explanation."""
    return _letter(task, Verb.ASK_EXPLANATION)


class _Desk(NamedTuple):
    """What a letter is written from: the task, what it is to be, and how both stand to each other."""

    task: Task
    verb: Verb
    case: Case
    rung: int


def _letter(task: Task, verb: Verb) -> Answer:
    sent = queries.sent_about([task.id]).get(task.id, ())
    case = door.case_for(task, sent)
    desk = _Desk(task, verb, case, (next_rung(case.rungs) or 0) if verb is Verb.URGE else 0)
    form = _drafted(desk, sent)
    if request.method in SAFE_METHODS:
        return _letter_page(form, desk)
    if form.is_stale(task):
        return _letter_page(form, desk, CONFLICT, why=_(_STALE))
    if not form.validate():
        return _letter_page(form, desk, INVALID)
    return _sent(form, desk)


def _drafted(desk: _Desk, sent: Sequence[Sent]) -> LetterForm:
    sheet = door.sheet(door.sender(desk.task))
    words = papers.draft(desk.task, desk.verb, desk.rung, sheet, sent)
    drafted = {"words": words, "answer_by": sheet.until, "rung": desk.rung}
    back = request.args.get("back", "")
    return LetterForm(data=drafted | {"version": desk.task.version, "back": back})


def _sent(form: LetterForm, desk: _Desk) -> Answer:
    by = door.sender(desk.task)
    usual = door.sheet(by).until
    until = form.answer_by.data or usual
    words = papers.redated(form.words.data or "", desk.task, desk.rung, usual, until)
    paper = Paper(words, until, (form.rung.data or 0) if desk.rung else 0)
    try:
        _SEND[desk.verb](desk.task, paper, case=desk.case, by=by, at=now())
    except Refused as refused:
        return _letter_page(form, desk, CONFLICT, refusal=refused.why)
    say(_(DONE[desk.verb]))
    return _back(form, desk.task)


def _letter_page(
    form: LetterForm,
    desk: _Desk,
    status: int = 200,
    *,
    why: str = "",
    refusal: Refusal | None = None,
) -> Answer:
    refusal = refusal or why_not(desk.verb, desk.case)
    if status == CONFLICT:
        form.refresh(desk.task)
    told = {"why": _(REFUSALS[refusal]) if refusal else why, "fits": refusal is None}
    label, last = _(step_of(desk.verb, next_rung(desk.case.rungs))), story(desk.task)[:1]
    told |= {"label": label, "last": last if why else ()}
    return page("letters/letter.html", status, form=form, task=desk.task, **told)


# --- answers ------------------------------------------------------------------------------------------


@pages.route("/tasks/<int:task_id>/acknowledgement", methods=["GET", "POST"])
@on_task(Verb.ACKNOWLEDGE)
def acknowledge(task: Task) -> Answer:
    """Confirm receipt of a letter; a GET shows what there is to confirm."""
    form = ReceiptForm(data={"back": request.args.get("back", "")})
    if request.method in SAFE_METHODS:
        return _receipt_page(form, task)
    if not form.validate():
        return _receipt_page(form, task, INVALID)
    ask = door.letter_of(task, form.ask.data, {AskKind.ASSIGNMENT, AskKind.URGING})
    try:
        actions.acknowledge(_there(ask), task, by=hand(task, Verb.ACKNOWLEDGE), at=now())
    except AnsweredAlready:
        return _receipt_page(form, task, CONFLICT, _decided(ask))
    say(_(DONE[Verb.ACKNOWLEDGE]))
    return _back(form, task)


def _there(ask: Ask | None) -> Ask:
    if ask is None:
        raise AnsweredAlready
    return ask


def _receipt_page(form: ReceiptForm, task: Task, status: int = 200, why: str = "") -> Answer:
    letters = [letter for letter in queries.of_task(task.id) if letter.is_open]
    shown = [slip for slip in slips(letters, {Verb.ACKNOWLEDGE}) if slip.act]
    why = why or ("" if shown else _("There is nothing to acknowledge."))
    return page("letters/receipt.html", status, form=form, task=task, letters=shown, why=why)


@pages.route("/tasks/<int:task_id>/explanation", methods=["GET", "POST"])
@on_task(Verb.EXPLAIN)
def explain(task: Task) -> Answer:
    """Answer a request for an explanation."""
    form = ExplanationForm(data={"back": request.args.get("back", "")})
    ask = door.letter_of(task, form.ask.data, {AskKind.EXPLANATION})
    if request.method in SAFE_METHODS:
        return _explanation_page(form, task, ask)
    if not form.validate():
        return _explanation_page(form, task, ask, INVALID)
    try:
        by = hand(task, Verb.EXPLAIN)
        actions.explain(_there(ask), task, form.words.data or "", by=by, at=now())
    except AnsweredAlready:
        return _explanation_page(form, task, ask, CONFLICT, _decided(ask))
    say(_(DONE[Verb.EXPLAIN]))
    return _back(form, task)


def _explanation_page(
    form: ExplanationForm, task: Task, ask: Ask | None, status: int = 200, why: str = ""
) -> Answer:
    letters = [letter for letter in queries.of_task(task.id) if ask and letter.id == ask.id]
    form.ask.raw_data, form.ask.data = None, ask.id if ask else None
    is_owed = ask is not None and ask.answered_at is None
    told = {"letters": slips(letters, ()), "fits": is_owed}
    told["why"] = why or ("" if is_owed else _("No explanation is asked for."))
    return page("letters/explanation.html", status, form=form, task=task, **told)


def _decided(ask: Ask | None) -> str:
    """Say who was faster, and with what answer."""
    if ask is None or ask.answered_at is None:
        return ""
    person = db.session.get(Person, ask.answered_by_id) if ask.answered_by_id else None
    values = {
        "name": person.name if person else _("The system"),
        "time": ask.answered_at,
        "answer": answered(ask).rstrip("."),
    }
    return tell(N_("{name} already answered this request at {time}: {answer}."), values)


# --- another lead unit ----------------------------------------------------------------------------------


@pages.route("/tasks/<int:task_id>/lead", methods=["GET", "POST"])
@on_task(Verb.REASSIGN)
def reassign(task: Task) -> Answer:
    """Pass the task to another lead unit, with the reason."""
    form = LeadForm(data={"version": task.version, "back": request.args.get("back", "")})
    form.lead_id.offer(door.leads(task), empty=_("choose"))
    if request.method in SAFE_METHODS:
        return _lead_page(form, task)
    if form.is_stale(task):
        return _lead_page(form, task, CONFLICT, _(_STALE))
    if why_not(Verb.REASSIGN, Case(task.state, is_overdue=False)):
        return _lead_page(form, task, CONFLICT)
    if not form.validate():
        return _lead_page(form, task, INVALID)
    return _passed_on(form, task)


def _passed_on(form: LeadForm, task: Task) -> Answer:
    task_id = task.id
    lead = db.session.get_one(Unit, form.lead_id.data)
    try:
        by = hand(task, Verb.REASSIGN)
        actions.reassign(task, lead, form.words.data or "", by=by, at=now())
    except Refused as refused:
        form.lead_id.errors = [_(REFUSALS[refused.why])]
        return _lead_page(form, task, INVALID)
    except StaleDataError:
        return _lead_page(form, afresh(task_id, Verb.REASSIGN), CONFLICT, _(_STALE))
    say(_(DONE[Verb.REASSIGN]))
    return _back(form, task)


def _lead_page(form: LeadForm, task: Task, status: int = 200, why: str = "") -> Answer:
    refusal = why_not(Verb.REASSIGN, Case(task.state, is_overdue=False))
    if status == CONFLICT:
        form.refresh(task)
    told = {"why": _(REFUSALS[refusal]) if refusal else why, "fits": refusal is None}
    last = story(task)[:1] if why else ()
    return page("letters/lead.html", status, form=form, task=task, last=last, **told)
