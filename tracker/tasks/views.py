"""The pages of tasks: one task, drafting and correcting it, its moves, progress, second thoughts."""

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict

from tracker.committees.door import doer
from tracker.difficulties import queries as difficulties
from tracker.forms import beside, status_of
from tracker.letters import door as letters_door
from tracker.letters import queries as letters
from tracker.letters.slips import TaskLetters, about
from tracker.measures.queries import measures_of
from tracker.policy import Verb
from tracker.recurrences import actions as recurrences
from tracker.recurrences import page as recurring
from tracker.requests import actions as requests
from tracker.requests import part_page, wishes
from tracker.tasks import actions, board_views, choices
from tracker.tasks.above import parent_due
from tracker.tasks.clarity import lacking
from tracker.tasks.door import afresh, hand, me, on_task, task_for
from tracker.tasks.forms import MoveForm, NoteForm, Offer, TaskEdit, TaskForm, UndoForm
from tracker.tasks.lifecycle import MOVES, Reason
from tracker.tasks.models import Task
from tracker.tasks.moves import OutOfTurn
from tracker.tasks.page import clear_of, gather, story
from tracker.tasks.queries import (
    coordinators_of,
    is_done_below,
    open_children_of,
    open_lines_of,
    open_needs_of,
    source_of,
    visible_to,
)
from tracker.tasks.words import CLARITIES, done_words, label_of, slug, verb_of
from tracker.timing.bounds import Bound, OutOfBounds
from tracker.timing.door import hold_above, on_deadline
from tracker.web import (
    CONFLICT,
    INVALID,
    SAFE_METHODS,
    Answer,
    day_words,
    for_verb,
    named_html,
    now,
    page,
    say,
    see_other,
    stands_for,
    today,
)

pages = Blueprint("tasks", __name__)

_MOVE = ", ".join(f'"{slug(verb)}"' for verb in MOVES)


@pages.get("/tasks/<int:task_id>")
@on_task(Verb.SEE_TASK)
def show(task: Task) -> Answer:
    """Show one task."""
    return _page(task, NoteForm(action=url_for("tasks.add_note", task_id=task.id)))


def _page(task: Task, form: NoteForm, status: int = 200) -> Answer:
    shown = gather(me(), task, today=today(), now=now())
    form.refresh(task)
    measures, written = measures_of([task.id]), _letters(task, shown.rights)
    wished = wishes.about(task, shown.rights)
    told = {"shown": shown, "measures": measures, "letters": written, "wishes": wished}
    told |= {"difficulties": difficulties.about(task), "acts": me().acts}
    told |= part_page.about(task, shown.lines, shown.rights, today())
    told |= recurring.about(me(), task, today(), whole="all" in request.args)
    return page("tasks/show.html", status, task=task, form=form, **told)


def _letters(task: Task, rights: frozenset[Verb]) -> TaskLetters:
    found = letters.of_task(task.id)
    return about(task, found, rights, letters_door.case_for(task, found))


# --- drafting and correcting --------------------------------------------------------------------


@pages.route("/tasks/new", methods=["GET", "POST"])
@for_verb(Verb.DRAFT_TASK)
def new() -> Answer:
    """Draft a task."""
    wished = choices.wished(request.args)
    source = choices.source_of(request.form, wished.get("document_id"))
    form = TaskForm(data=wished).offer(choices.offer(me(), today(), document_id=source))
    form.parent_due = parent_due(me(), form.parent_id.data)
    if request.method == "POST" and "check" not in request.form and form.validate():
        said = form.draft()
        task = actions.draft(said, by=doer([said.assigner_id]), at=now())
        say(_("The draft is saved. Nobody else sees it before it is sent."))
        return see_other(url_for("tasks.show", task_id=task.id))
    return _form_page(form)


@pages.route("/tasks/<int:task_id>/edit", methods=["GET", "POST"])
@on_task(Verb.EDIT_TASK)
def edit(task: Task) -> Answer:
    """Correct a task; what was agreed when it was sent stays."""
    source = choices.source_of(request.form, task.document_id)
    offer = choices.offer(me(), today(), task, document_id=source)
    form = TaskEdit(task, coordinators_of(task)).offer(offer)
    form.parent_due = parent_due(me(), form.parent_id.data)
    if request.method == "POST" and "check" not in request.form:
        if form.is_stale(task):
            return _edit_conflict(form, task, offer)
        if form.validate():
            recurrences.edit(task, form.draft(), by=hand(task, Verb.EDIT_TASK), at=now())
            say(_("The correction is saved."))
            return see_other(url_for("tasks.show", task_id=task.id))
    return _form_page(form, task)


_CHECKED = frozenset({"due_words", "repeats_until_on"})


def _form_page(form: TaskForm, task: Task | None = None) -> Answer:
    """Show the form; where only the deadline was to be checked, with what was read out of it."""
    if "check" in request.form:
        form.validate()
        for field in form:
            if field.name not in _CHECKED or not field.raw_data:
                field.errors = []
    form.suggest()
    return page("tasks/edit.html", status_of(form), form=form, task=task)


def _edit_conflict(form: TaskEdit, task: Task, offer: Offer) -> Answer:
    form.refresh(task)
    stored = TaskEdit(task, coordinators_of(task), formdata=None).offer(offer)
    rows, last = beside(form, stored), story(task)[:1]
    return page("tasks/edit.html", CONFLICT, form=form, task=task, stored=rows, last=last)


# --- moves --------------------------------------------------------------------------------------


@pages.route(f"/tasks/<int:task_id>/<any({_MOVE}):move>", methods=["GET", "POST"])
@stands_for(*MOVES)
def make_move(task_id: int, move: str) -> Answer:
    """Make a move; a GET asks for what the move needs."""
    verb = verb_of(move)
    if verb in requests.BOUND:
        hold_above(task_id)
    task = task_for(task_id, verb)
    form = _move_form(task, verb)
    if request.method in SAFE_METHODS:
        return _move_page(form, task, verb)
    if form.is_stale(task):
        return _conflict(form, task, verb)
    if not form.validate():
        return _move_page(form, task, verb, INVALID)
    return _moved(form, task, verb)


def _move_form(task: Task, verb: Verb) -> MoveForm:
    form = MoveForm(data={"version": task.version, "back": request.args.get("back", "")})
    rule = MOVES[verb].reason
    lacks = rule is Reason.IF_INCOMPLETE and lacking(clear_of(task, source_of(task)[0]))
    needs_reason = rule is Reason.REQUIRED and not (verb is Verb.CLOSE and is_done_below(task))
    form.ask(reason=needs_reason or bool(lacks), day=MOVES[verb].needs_day)
    return form


def _move_page(form: MoveForm, task: Task, verb: Verb, status: int = 200, why: str = "") -> Answer:
    lacks = lacking(clear_of(task, source_of(task)[0])) if verb is Verb.SEND else ()
    return page(
        "tasks/move.html",
        status,
        form=form,
        task=task,
        verb=verb,
        label=_(label_of(verb, task.tie)),
        why=why,
        lacks=[_(CLARITIES[clarity][1]) for clarity in lacks],
        open_lines=open_lines_of(task) if verb is Verb.HAND_IN else (),
        open_children=open_children_of(task, visible_to(me()))
        if verb in {Verb.CLOSE, Verb.CANCEL}
        else (),
        waits_for=open_needs_of(task, visible_to(me()))
        if verb in {Verb.START, Verb.ACCEPT}
        else (),
    )


def _moved(form: MoveForm, task: Task, verb: Verb) -> Answer:
    said: dict[str, Any] = {"words": form.words.data or None, "day": form.done_on}
    task_id, tie = task.id, task.tie
    try:
        requests.move(task, verb, by=hand(task, verb), at=now(), **said)
    except (requests.StillWaiting, requests.GivenAgain, OutOfBounds) as held:
        return _waiting(form, task, verb, _held_by(held, task))
    except OutOfTurn:
        return _conflict(form, task, verb)
    except StaleDataError:
        return _conflict(form, afresh(task_id, verb), verb)
    say(_(done_words(verb, tie)))
    if form.board.data and (part := board_views.moved(task_id, form.board.data)):
        return part
    return see_other(form.back.data or url_for("tasks.show", task_id=task_id))


def _waiting(form: MoveForm, task: Task, verb: Verb, why: str) -> Answer:
    """Say what the task still waits for, on the board where it was moved there."""
    part = form.board.data and board_views.refused(task.id, form.board.data, why)
    return part or _move_page(form, task, verb, CONFLICT, why)


def _held_by(held: Exception, task: Task) -> str:
    if isinstance(held, requests.GivenAgain):
        return str(_("This unit has its part already."))
    return _lies_beyond(held) if isinstance(held, OutOfBounds) else _waits(task)


def _waits(task: Task) -> str:
    """Say what stands in the way; what the reader may not see is not named."""
    names = Markup("; ").join(named_html(t, "title") for t in open_needs_of(task, visible_to(me())))
    if not names:
        return str(_("It cannot be accepted before the tasks it waits for are done."))
    return escape(_("It cannot be accepted before these are done: %(tasks)s")) % {"tasks": names}


def _lies_beyond(out: OutOfBounds) -> str:
    """Say why a draft cannot be sent with its deadline: what stands above or hangs below has moved meanwhile."""
    if out.why is Bound.BEYOND_PARENT and out.day:
        late = _("This is later than the parent task's deadline (%(day)s).", day=day_words(out.day))
        return str(late)
    return str(_("Parts of it are due after this day."))


def _conflict(form: MoveForm, task: Task, verb: Verb) -> Answer:
    """Show both: the task as it is now, and what was typed; on the board nothing was, so the card is enough."""
    why = _("Someone else has just changed this")
    if form.board.data and (part := board_views.refused(task.id, form.board.data, why)):
        return part
    form.refresh(task)
    shown = gather(me(), task, today=today(), now=now())
    return page(
        "tasks/move_conflict.html",
        CONFLICT,
        form=form,
        task=task,
        verb=verb,
        label=_(label_of(verb, task.tie)),
        shown=shown,
        still_fits=any(step.verb is verb for step in shown.steps),
    )


# --- progress and second thoughts ---------------------------------------------------------------


@pages.post("/tasks/<int:task_id>/notes")
@on_task(Verb.NOTE)
def add_note(task: Task) -> Answer:
    """Write down one line of progress. It adds to the story and overwrites nothing, so no version is refused."""
    form = NoteForm()
    if not form.validate():
        return _page(task, form, INVALID)
    requests.note(task, form.words.data or "", by=hand(task, Verb.NOTE), at=now())
    say(_("The progress is recorded."))
    return see_other(form.back.data or url_for("tasks.show", task_id=task.id))


@pages.post("/tasks/<int:task_id>/undo")
@on_deadline(Verb.UNDO)
def undo(task: Task) -> Answer:
    """Take one's own last move back."""
    form = UndoForm()
    if form.is_stale(task):
        return _too_late(task)
    try:
        requests.undo(task, by=hand(task, Verb.UNDO), at=now())
    except OutOfTurn:
        return _too_late(task)
    say(_("The last step has been taken back."))
    return see_other(form.back.data or url_for("tasks.show", task_id=task.id))


def _too_late(task: Task) -> Answer:
    say(
        _(
            "This can no longer be taken back: somebody has acted on it, or ten minutes have passed."
        ),
        "wrong",
    )
    return _page(task, NoteForm(formdata=MultiDict()), CONFLICT)
