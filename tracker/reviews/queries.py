"""My desk is one query: what my units lead, what waits for my verdict, drafts I may send. The rest are views of it."""

import enum
from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, or_, select

from tracker.committees.standings import Me
from tracker.db import within
from tracker.policy import Verb
from tracker.tasks.board import in_order, stands_late
from tracker.tasks.cards import asks_review
from tracker.tasks.filters import end_of_week
from tracker.tasks.glance import Figures, Glance, Stored, glances, stored
from tracker.tasks.lifecycle import OPEN, State
from tracker.tasks.models import Ask, AskKind, Task
from tracker.tasks.queries import stands_alone

MOST = 1000  # tasks read of one desk


class Section(enum.StrEnum):
    """The parts of a desk, in the order in which they press."""

    LATE = "late"
    WEEK = "week"
    WAITING = "waiting"
    RETURNED = "returned"
    REVIEW = "review"
    DRAFTS = "drafts"
    REST = "rest"
    HANDED_IN = "handed-in"


PRESSING = (
    Section.LATE,
    Section.WEEK,
    Section.WAITING,
    Section.RETURNED,
    Section.REVIEW,
    Section.DRAFTS,
)


_DECIDED = (AskKind.EXTENSION, AskKind.DIFFICULTY)


def on_desk(me: Me) -> ColumnElement[bool]:
    """Return the condition that a task lies on the desk of `me`; lines of their units do, too."""
    led = and_(Task.state.in_(OPEN), within(Task.lead_id, me.own | me.heads))
    to_judge = and_(Task.state == State.SUBMITTED, within(Task.verdict_unit_id, me.acts))
    to_send = and_(Task.state == State.DRAFT, stands_alone(), within(Task.assigner_id, me.acts))
    return or_(led, to_judge, to_send, Task.id.in_(_wished_for(me)))


def _wished_for(me: Me) -> Select[int]:
    """Return the tasks about which the units of `me` have to decide: more time, a difficulty."""
    wishes = select(Ask.task_id).where(Ask.answered_at.is_(None), Ask.kind.in_(_DECIDED))
    return wishes.where(within(Ask.to_unit_id, me.acts))


def desk(me: Me, today: date, figures: Figures | None = None) -> dict[Section, list[Glance]]:
    """Return the desk of `me` section by section, each by urgency; every task once."""
    found: dict[Section, list[Glance]] = {section: [] for section in Section}
    tasks = stored(on_desk(me)).order_by(Task.due_on.asc().nulls_last(), Task.id).limit(MOST)
    for glance in in_order(glances(me, tasks, today, figures), today):
        found[section_of(glance, today, me.acts)].append(glance)
    return found


def section_of(glance: Glance, today: date, acts: Collection[int]) -> Section:
    """Return where a task lies: with what waits for a verdict, else by its deadline, else by its state."""
    task = glance.task
    if _is_to_decide(glance, acts):
        return Section.WAITING
    if task.state is State.SUBMITTED:
        return Section.WAITING if Verb.ACCEPT in glance.verbs else Section.HANDED_IN
    if task.state is State.DRAFT:
        return Section.DRAFTS
    if stands_late(task, today):
        return Section.LATE
    if task.due_on is not None and task.due_on <= end_of_week(today):
        return Section.WEEK
    return _without_haste(task, today)


def _is_to_decide(glance: Glance, acts: Collection[int]) -> bool:
    if glance.desk is None:
        return False
    if glance.desk.kind is AskKind.DIFFICULTY:
        return glance.desk.unit_id in acts
    return glance.desk.kind is AskKind.EXTENSION and Verb.ANSWER_EXTENSION in glance.verbs


def _without_haste(task: Stored, today: date) -> Section:
    if task.state is State.RETURNED:
        return Section.RETURNED
    return Section.REVIEW if asks_review(task, today) else Section.REST


def next_due(found: Iterable[Glance]) -> Glance | None:
    """Return the task that falls due first, if any has a day."""
    dated = [glance for glance in found if glance.task.due_on is not None]
    return min(dated, key=lambda glance: (glance.task.due_on, glance.task.id), default=None)
