"""What is done to tasks short of moving them: drafting, correcting, noting progress."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from tracker.committees.models import Unit, UnitKind
from tracker.db import db
from tracker.history.actions import Doer, record, record_alike
from tracker.history.changes import Changes, apply, without
from tracker.history.models import Event, Kind
from tracker.policy import Verb
from tracker.tasks.lifecycle import Facts, RestRule, State, Tie
from tracker.tasks.models import Task
from tracker.tasks.moves import image_of, set_state
from tracker.tasks.queries import lines_of
from tracker.text import fold

# Column -> the key under which `prov` vouches for it.
_PROV_KEYS = {
    "title_vi": "title",
    "title_en": "title",
    "product_vi": "product",
    "product_en": "product",
    "document_id": "source",
    "lead_id": "lead",
    "assigner_id": "assigned_by",
    "due_words": "due",
    "due_on": "due",
    "due_time": "due",
    "starts_on": "start",
}


@dataclass(frozen=True)
class Due:
    """A deadline as it was read: how, in whose words, the first and last day, the hour."""

    kind: str | None = None
    words: str | None = None
    starts_on: date | None = None
    on: date | None = None
    hour: time | None = None

    @classmethod
    def of(cls, task: Task) -> "Due":
        """Return the deadline of a task."""
        return cls(task.due_kind, task.due_words, task.starts_on, task.due_on, task.due_time)

    def columns(self) -> dict[str, Any]:
        """Return the values by column of a task."""
        return {
            "due_kind": self.kind,
            "due_words": self.words,
            "starts_on": self.starts_on,
            "due_on": self.on,
            "due_time": self.hour,
        }


@dataclass(frozen=True)
class Draft:
    """What a form says of a task. `coordinators` are unit ids, each of which gets a line of its own."""

    title_vi: str
    lead_id: int
    assigner_id: int
    title_en: str | None = None
    plan_id: int | None = None
    document_id: int | None = None
    clause_id: int | None = None
    parent_id: int | None = None
    holder_seat_id: int | None = None
    leader_seat_id: int | None = None
    product_vi: str | None = None
    product_en: str | None = None
    due: Due = Due()
    note: str | None = None
    repeats_until_on: date | None = None
    rest_rule: RestRule | None = None
    review_days: int | None = None
    coordinators: tuple[int, ...] = ()

    def columns(self) -> dict[str, Any]:
        """Return the values by column, all but the co-ordinators, who have rows of their own.

        A recurring duty has no day: its occurrences have.
        """
        names = [field.name for field in fields(self) if field.name not in {"due", "coordinators"}]
        due = replace(self.due, on=None) if self.repeats_until_on else self.due
        return {name: getattr(self, name) for name in names} | due.columns()


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


def is_agreed(task: Task) -> bool:
    """Tell whether lead, assigner, deadline and place stay: what is sent is agreed, a line follows its task."""
    return task.state is not State.DRAFT or task.is_line


def draft(said: Draft, *, by: Doer, at: datetime) -> Task:
    """Write down a new task with its lines; nobody but its givers sees it before it is sent."""
    task = Task(state=State.DRAFT, slips=0, state_stated=True, created_at=at, moved_at=at, prov={})
    _write(task, said)
    db.session.add(task)
    db.session.flush()
    record(Kind.DRAFTED, by=by, at=at, image=image_of(task))
    _write_lines(task, said.coordinators, Due.of(task), by=by, at=at)
    return task


def edit(task: Task, said: Draft, *, by: Doer, at: datetime) -> None:
    """Correct a task; old and new values stand in the event. What is agreed stays."""
    was = Due.of(task)
    made = _write(task, _keeping_what_is_agreed(task, said) if is_agreed(task) else said)
    db.session.flush()
    told = list(made.fields)
    if not is_agreed(task) and _write_lines(task, said.coordinators, was, by=by, at=at):
        told.append("coordinators")
    if told:
        data, image = made.data | {"changed": told}, image_of(task)
        event = record(Kind.EDITED, by=by, at=at, image=image, words=made.words, data=data)
        if task.state is State.DRAFT and made.fields:
            _bring_parts(task, was, through=event.id, by=by, at=at)


def _keeping_what_is_agreed(task: Task, said: Draft) -> Draft:
    """Return what was said, with what stays; of a recurring duty the end and the rule for days of rest may change."""
    until = said.repeats_until_on or task.repeats_until_on
    return replace(
        said,
        lead_id=task.lead_id,
        assigner_id=task.assigner_id,
        parent_id=task.parent_id,
        due=Due.of(task),
        repeats_until_on=until if task.is_series else None,
        rest_rule=said.rest_rule or task.rest_rule if task.is_series else None,
    )


def _write(task: Task, said: Draft) -> Changes:
    made = apply(task, said.columns())
    task.prov = without(task.prov, made.fields, _PROV_KEYS)
    if "parent_id" in made.fields:
        task.tie = Tie.PART if task.parent_id else None
    if {"lead_id", "assigner_id"} & set(made.fields):
        task.verdict_unit_id = verdict_unit(task.lead_id, task.assigner_id)
    _settle(task)
    return made


def _settle(task: Task) -> None:
    """Set what follows from the other fields; the first deadline is the one with which a task is sent."""
    if task.state is State.DRAFT:
        task.first_due_words, task.first_due_on = task.due_words, task.due_on
    task.search_key = search_key_of(task)


def _write_lines(task: Task, units: tuple[int, ...], was: Due, *, by: Doer, at: datetime) -> bool:
    """Make the draft's lines those of `units`; return whether one was added or discarded.

    `was` is the deadline the task had: a line with one of its own keeps it.
    """
    wanted = [unit_id for unit_id in units if unit_id != task.lead_id]
    lines = {line.lead_id: line for line in lines_of(task) if line.state is State.DRAFT}
    added = [add_line(task, unit_id, by=by, at=at) for unit_id in wanted if unit_id not in lines]
    dropped = [line for unit_id, line in lines.items() if unit_id not in wanted]
    for line in lines.values():
        _follow(line, task, _own_due(line, task, was))
    for line in dropped:
        set_state(line, Verb.DISCARD, by=by, at=at)
    db.session.flush()
    return bool(added or dropped)


def _own_due(line: Task, task: Task, was: Due) -> Due | None:
    """Return the deadline that a draft line was given for itself, as long as it lies within the task's."""
    own = Due.of(line)
    is_beyond = own.on is not None and task.due_on is not None and own.on > task.due_on
    return None if own == was or is_beyond else own


def add_line(task: Task, unit_id: int, due: Due | None = None, *, by: Doer, at: datetime) -> Task:
    """Draft the part of a co-ordinating unit, due with its task where it has no deadline of its own."""
    line = Task(state=State.DRAFT, slips=0, state_stated=True, created_at=at, moved_at=at, prov={})
    line.parent_id, line.tie, line.lead_id = task.id, Tie.LINE, unit_id
    _follow(line, task, due)
    db.session.add(line)
    db.session.flush()
    record(Kind.DRAFTED, by=by, at=at, image=image_of(line))
    return line


def date_line(line: Task, due: Due, *, by: Doer, at: datetime) -> Event:
    """Give the part of a draft a deadline of its own."""
    made = apply(line, due.columns())
    _settle(line)
    db.session.flush()
    data = made.data | {"changed": list(made.fields)}
    return record(Kind.EDITED, by=by, at=at, image=image_of(line), words=made.words, data=data)


def _follow(line: Task, task: Task, own: Due | None = None) -> None:
    """A line takes its task's title, plan and source, and its deadline but for its own; it answers to the lead."""
    line.title_vi, line.title_en = task.title_vi, task.title_en
    line.plan_id, line.document_id = task.plan_id, task.document_id
    line.clause_id = task.clause_id
    line.clause_id = task.clause_id
    line.assigner_id = line.verdict_unit_id = task.lead_id
    apply(line, (own or Due.of(task)).columns())
    _settle(line)


def weigh(task: Task, weight: int | None, *, by: Doer, at: datetime) -> None:
    """Say how much a task counts for in its plan; None is as much as any other."""
    made = apply(task, {"weight": weight})
    db.session.flush()
    record(Kind.EDITED, by=by, at=at, image=image_of(task), data=made.data)


# What the task of each unit shares with the one that was given on.
SHARED = (
    "title_vi",
    "title_en",
    "plan_id",
    "document_id",
    "clause_id",
    "product_vi",
    "product_en",
    "leader_seat_id",
)


def giver_id(task: Task) -> int:
    """Return the unit in whose name a task is given on: its lead, or the assigner where a group leads."""
    lead = db.session.get_one(Unit, task.lead_id)
    return task.assigner_id if lead.kind is UnitKind.COLLECTIVE else task.lead_id


def facts_of_part(part: Task) -> Facts:
    """Return what decides the moves of a unit's task on which nothing hangs yet."""
    own = part.lead_id == part.assigner_id
    return Facts(part.state, is_line=False, leads_itself=own, has_children=False, goes_along=True)


def _bring_parts(task: Task, was: Due, *, through: int, by: Doer, at: datetime) -> None:
    """Let the drafts for each unit follow the draft they are sent with, but for a deadline of their own within it."""
    below = select(Task).where(Task.parent_id == task.id, Task.tie == Tie.FANOUT)
    parts = list(db.session.scalars(below.where(Task.state == State.DRAFT).order_by(Task.id)))
    giver = giver_id(task)
    for part in parts:
        apply(part, {name: getattr(task, name) for name in SHARED})
        apply(part, (_own_due(part, task, was) or Due.of(task)).columns())
        part.assigner_id, part.verdict_unit_id = giver, verdict_unit(part.lead_id, giver)
        _settle(part)
    db.session.flush()
    images = [image_of(part, facts_of_part(part)) for part in parts]
    record_alike(Kind.EDITED, images, by=by, at=at, data={"through": through})


def note(
    task: Task, words: str, *, by: Doer, at: datetime, data: Mapping[str, Any] | None = None
) -> Event:
    """Write down one line of progress. The task itself does not change but for the hour of its last word."""
    task.moved_at = at
    db.session.flush()
    told = dict(data or {})
    return record(Kind.NOTED, by=by, at=at, image=image_of(task), words=words, data=told)
