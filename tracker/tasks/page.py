"""Everything that the page of one task shows, gathered in a number of queries that does not grow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import bindparam, select

from tracker.committees.models import UnitKind
from tracker.committees.names import ROLES
from tracker.committees.queries import seats_held
from tracker.committees.standings import HeldSeat, Me
from tracker.committees.stories import Told, story_of_task
from tracker.deadlines.calendar import Calendar
from tracker.documents import clauses
from tracker.documents.models import Document
from tracker.forms import labels_of
from tracker.policy import Standing, Verb, may
from tracker.rules.queries import in_force
from tracker.tasks import queries
from tracker.tasks.cards import Due, cell_of, due_of
from tracker.tasks.clarity import Clear, lacking
from tracker.tasks.forms import TaskForm
from tracker.tasks.glance import Query, Stored, rows, stored
from tracker.tasks.lifecycle import MOVES, Reason, Tie, possible
from tracker.tasks.lines import Lines, lines_on_page
from tracker.tasks.models import Ask, Dependency, Task
from tracker.tasks.moves import undoable
from tracker.tasks.spoken import on_behalf
from tracker.tasks.standings import standings
from tracker.tasks.timeliness import Timeliness
from tracker.tasks.words import CLARITIES, label_of, slug
from tracker.web import named_html

# What may be done to a task besides moving it.
_RIGHTS = (
    Verb.NOTE,
    Verb.EDIT_TASK,
    Verb.URGE,
    Verb.ASK_EXPLANATION,
    Verb.ACKNOWLEDGE,
    Verb.EXPLAIN,
    Verb.REASSIGN,
    Verb.ASK_EXTENSION,
    Verb.WITHDRAW_EXTENSION,
    Verb.ANSWER_EXTENSION,
    Verb.SET_DEADLINE,
    Verb.START_CLOCK,
    Verb.SET_MEASURE,
    Verb.FAN_OUT,
    Verb.SPEAK_FOR,
    Verb.RAISE_DIFFICULTY,
)


@dataclass(frozen=True)
class Part:
    """A child: the task with how it stands to its deadline."""

    task: Task | Stored
    timeliness: Timeliness
    due: Due | None


@dataclass(frozen=True)
class Step:
    """A move the reader may make: its words, address, and whether it asks for something first."""

    verb: Verb
    label: str
    url: str
    asks: bool


@dataclass(frozen=True)
class TaskPage:
    """The page of one task."""

    task: Task
    timeliness: Timeliness
    due: Due | None
    working_days_late: int
    last_working_day: date | None
    lines: Lines
    is_behalf: bool
    children: Sequence[Part]
    needs: Sequence[Stored]
    needed_by: Sequence[Stored]
    asks: Sequence[Ask]
    story: Sequence[Told]
    source: Document | None
    source_is_plans: bool
    clause: str  # how it is cited, nothing where the task rests on the whole document
    clarities: Sequence[tuple[bool, str]]
    steps: Sequence[Step]
    rights: frozenset[Verb]
    sees_parent: bool
    holder: Markup | None
    leader: Markup | None


def gather(me: Me, task: Task, *, today: date, now: datetime) -> TaskPage:
    """Return the page of `task` for `me`; the task comes from `queries.find`."""
    held = standings(me, queries.place_of(task))
    source, is_plans = queries.source_of(task)
    rules, due = in_force(), task.due_on
    soon = rules.soon_until(today)
    this = part(task, today, soon)
    around = _around(me.seats)
    return TaskPage(
        task=task,
        timeliness=this.timeliness,
        due=this.due,
        working_days_late=_working_days_late(due, today, rules.calendar),
        last_working_day=_last_working_day(due, rules.calendar),
        lines=lines_on_page(me, task, today, soon),
        is_behalf=task.id in on_behalf([task.id]),
        children=[part(child, today, soon) for child in _tasks(around.children, task)],
        needs=_tasks(around.needs, task),
        needed_by=_tasks(around.needed_by, task),
        asks=queries.open_asks_of(task),
        story=story(task),
        source=source,
        source_is_plans=is_plans,
        clause=_cited(task),
        clarities=_clarities(task, source),
        steps=_steps(task, held),
        rights=_rights(me, task, held, now),
        sees_parent=task.parent_id is not None and queries.is_visible(me, task.parent_id),
        holder=seat_words(task.holder_seat_id, today),
        leader=seat_words(task.leader_seat_id, today),
    )


def _cited(task: Task) -> str:
    return clauses.citations([task.clause_id])[task.clause_id] if task.clause_id else ""


def story(task: Task) -> list[Told]:
    """Return what happened to the task, newest first."""
    return story_of_task(task.id, labels_of(TaskForm))


_ELSEWHERE = frozenset({Tie.LINE, Tie.OCCURRENCE})  # children shown in places of their own


class Around(NamedTuple):
    """What reads the tasks around one, as far as somebody may see them."""

    children: Query
    needs: Query
    needed_by: Query


@lru_cache(maxsize=512)
def _around(seats: tuple[HeldSeat, ...]) -> Around:
    """Made once for all who hold the same seats: to put them together costs more than to run them."""
    seen, this = queries.seen_by(Me(seats=seats)), bindparam("task_id", type_=Task.id.type)
    needs = select(Dependency.needs_id).where(Dependency.task_id == this)
    needed_by = select(Dependency.task_id).where(Dependency.needs_id == this)
    return Around(
        stored(Task.parent_id == this, Task.tie.not_in(_ELSEWHERE), seen).order_by(Task.id),
        stored(Task.id.in_(needs), seen).order_by(Task.id),
        stored(Task.id.in_(needed_by), seen).order_by(Task.id),
    )


def _tasks(query: Query, task: Task) -> list[Stored]:
    return [Stored._make(row) for row in rows(query, {"task_id": task.id})]


def part(task: Task | Stored, today: date, soon: date) -> Part:
    """Return a task with how it stands to its own deadline."""
    cell = cell_of(task, today)
    return Part(task, cell, due_of(task, cell, today, soon))


def _working_days_late(due: date | None, today: date, calendar: Calendar) -> int:
    return calendar.working_days_between(due, today) if due and due < today else 0


def _last_working_day(due: date | None, calendar: Calendar) -> date | None:
    """Return the working day before a deadline on a rest day, else None."""
    return calendar.previous_working(due) if due and not calendar.is_working(due) else None


def seat_words(seat_id: int | None, today: date) -> Markup | None:
    """Return who holds a seat, and in which unit; None where no seat is named."""
    if seat_id is None:
        return None
    holder = next(iter(seats_held(today, [seat_id])))
    name = holder.person.name if holder.person else _("vacant seat")
    return Markup("{} ({}, {})").format(
        name, _(ROLES[holder.seat.role]), named_html(holder.seat.unit)
    )


def clear_of(task: Task, source: Document | None) -> Clear:
    """Return what is known of the task's six clarities."""
    return Clear(
        has_holder=task.holder_seat_id is not None,
        has_title=bool(task.title_vi),
        due_kind=task.due_kind,
        lead_is_one_unit=task.lead.kind is not UnitKind.COLLECTIVE,
        has_product=bool(task.product_vi or task.product_document_id),
        has_source=source is not None,
    )


def _clarities(task: Task, source: Document | None) -> list[tuple[bool, str]]:
    lacks = lacking(clear_of(task, source))
    return [
        (clarity not in lacks, _(words[clarity in lacks])) for clarity, words in CLARITIES.items()
    ]


def _steps(task: Task, held: frozenset[Standing]) -> list[Step]:
    return [
        Step(
            verb,
            _(label_of(verb, task.tie)),
            url_for("tasks.make_move", task_id=task.id, move=slug(verb)),
            MOVES[verb].reason is not Reason.NONE or verb is Verb.HAND_IN,
        )
        for verb in possible(queries.facts_of(task))
        if may(verb, held)
    ]


def _rights(me: Me, task: Task, held: frozenset[Standing], now: datetime) -> frozenset[Verb]:
    allowed = {verb for verb in _RIGHTS if may(verb, held)}
    last = queries.last_event(task)
    if last is not None and undoable(last, by_id=me.person.id if me.person else None, at=now):
        allowed |= {Verb.UNDO} if may(Verb.UNDO, held) else set()
    return frozenset(allowed)
