"""What is done to tasks short of moving them: drafting, correcting, noting progress."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tracker.committees.models import Unit
from tracker.db import db
from tracker.history.actions import Doer, record
from tracker.history.models import Event, Kind
from tracker.policy import Verb
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Task
from tracker.tasks.moves import image_of, set_state
from tracker.tasks.queries import lines_of
from tracker.text import fold


@dataclass(frozen=True)
class Due:
    """A deadline as it was read: how, in whose words, the first and last day, the hour."""

    kind: str | None = None
    words: str | None = None
    starts_on: date | None = None
    on: date | None = None
    time: Any = None


@dataclass(frozen=True)
class Draft:
    """What a form says of a task. `coordinators` are unit ids, each of which gets a line of its own."""

    title_vi: str
    lead_id: int
    assigner_id: int
    title_en: str | None = None
    plan_id: int | None = None
    document_id: int | None = None
    parent_id: int | None = None
    holder_seat_id: int | None = None
    leader_seat_id: int | None = None
    product_vi: str | None = None
    product_en: str | None = None
    due: Due = Due()
    note: str | None = None
    coordinators: tuple[int, ...] = ()


def verdict_unit(lead_id: int, assigner_id: int) -> int:
    """Return the unit that judges a hand-in: the assigner, unless it leads the task itself.

    Then it is the unit it acts for, else its parent, else itself.
    """
    if lead_id != assigner_id:
        return assigner_id
    assigner = db.session.get_one(Unit, assigner_id)
    return assigner.acts_for_id or assigner.parent_id or assigner_id


def search_key_of(task: Task) -> str:
    """Return what a search looks through."""
    return fold(" ".join(filter(None, (task.title_vi, task.title_en, task.code, task.product_vi))))


def draft(said: Draft, *, by: Doer, at: datetime) -> Task:
    """Write down a new task with its lines; nobody but its givers sees it before it is sent."""
    task = Task(state=State.DRAFT, slips=0, state_stated=True, created_at=at, moved_at=at, prov={})
    task.parent_id = said.parent_id
    task.tie = Tie.PART if said.parent_id else None
    _write(task, said)
    db.session.add(task)
    db.session.flush()
    record(Kind.DRAFTED, by=by, at=at, image=image_of(task))
    _write_lines(task, said.coordinators, by=by, at=at)
    return task


def edit(task: Task, said: Draft, *, by: Doer, at: datetime) -> None:
    """Correct a task. Lead, assigner, deadline and co-ordinators are agreed once it is sent, and stay."""
    before = _described(task)
    if task.state is not State.DRAFT:
        said = _keeping_what_is_agreed(task, said)
    _write(task, said)
    changed = sorted(name for name, value in _described(task).items() if value != before[name])
    db.session.flush()
    if task.state is State.DRAFT:
        _write_lines(task, said.coordinators, by=by, at=at)
    record(Kind.EDITED, by=by, at=at, image=image_of(task), data={"fields": changed})


def _keeping_what_is_agreed(task: Task, said: Draft) -> Draft:
    return Draft(
        **{
            **said.__dict__,
            "lead_id": task.lead_id,
            "assigner_id": task.assigner_id,
            "due": Due(task.due_kind, task.due_words, task.starts_on, task.due_on, task.due_time),
        }
    )


def _described(task: Task) -> dict[str, Any]:
    names = (
        "title_vi title_en plan_id document_id lead_id assigner_id holder_seat_id leader_seat_id"
        " product_vi product_en due_words note"
    )
    return {name: getattr(task, name) for name in names.split()}


def _write(task: Task, said: Draft) -> None:
    task.title_vi, task.title_en = said.title_vi, said.title_en
    task.plan_id, task.document_id = said.plan_id, said.document_id
    task.lead_id, task.assigner_id = said.lead_id, said.assigner_id
    task.verdict_unit_id = verdict_unit(said.lead_id, said.assigner_id)
    task.holder_seat_id, task.leader_seat_id = said.holder_seat_id, said.leader_seat_id
    task.product_vi, task.product_en = said.product_vi, said.product_en
    task.note = said.note
    _write_due(task, said.due)
    task.search_key = search_key_of(task)


def _write_due(task: Task, due: Due) -> None:
    task.due_kind, task.due_words = due.kind, due.words
    task.starts_on, task.due_on, task.due_time = due.starts_on, due.on, due.time
    if task.state is State.DRAFT:
        task.first_due_words, task.first_due_on = due.words, due.on


def _write_lines(task: Task, units: tuple[int, ...], *, by: Doer, at: datetime) -> None:
    """Make the draft's lines those of `units`: new ones are drafted, dropped ones discarded, kept ones follow."""
    lines = {line.lead_id: line for line in lines_of(task) if line.state is State.DRAFT}
    for unit_id in units:
        if unit_id != task.lead_id and unit_id not in lines:
            lines[unit_id] = _line(task, unit_id, by=by, at=at)
    for unit_id, line in lines.items():
        if unit_id in units and unit_id != task.lead_id:
            _follow(line, task)
        else:
            set_state(line, Verb.DISCARD, by=by, at=at)
    db.session.flush()


def _line(task: Task, unit_id: int, *, by: Doer, at: datetime) -> Task:
    line = Task(state=State.DRAFT, slips=0, state_stated=True, created_at=at, moved_at=at, prov={})
    line.parent_id, line.tie, line.lead_id = task.id, Tie.LINE, unit_id
    _follow(line, task)
    db.session.add(line)
    db.session.flush()
    record(Kind.DRAFTED, by=by, at=at, image=image_of(line))
    return line


def _follow(line: Task, task: Task) -> None:
    """A line takes its task's title, plan, source and deadline; its assigner and judge is the lead."""
    line.title_vi, line.title_en = task.title_vi, task.title_en
    line.plan_id, line.document_id = task.plan_id, task.document_id
    line.assigner_id = line.verdict_unit_id = task.lead_id
    line.search_key = search_key_of(line)
    _write_due(line, Due(task.due_kind, task.due_words, task.starts_on, task.due_on, task.due_time))


def note(task: Task, words: str, *, by: Doer, at: datetime) -> Event:
    """Write down one line of progress. The task itself does not change but for the hour of its last word."""
    task.moved_at = at
    db.session.flush()
    return record(Kind.NOTED, by=by, at=at, image=image_of(task), words=words)
