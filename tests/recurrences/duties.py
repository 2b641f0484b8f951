"""Recurring duties for tests: drafted, sent, and what has been made of them."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from tests.worlds import TODAY, World, a_draft, doer
from tracker.clock import ZONE
from tracker.db import db
from tracker.policy import Verb
from tracker.recurrences.actions import catch_up
from tracker.recurrences.queries import due_today
from tracker.requests import actions as requests
from tracker.tasks.lifecycle import Tie
from tracker.tasks.models import Task

YEAR_END = date(2018, 12, 31)


def a_duty(
    world: World, words: str = "hằng tháng", *, until: date = YEAR_END, on=None, **more
) -> Task:
    """Make a duty and send it at eight in the morning of a day, or leave it a draft."""
    values = {"due_kind": "recurring", "due_words": words, "repeats_until_on": until} | more
    duty = a_draft(world, "Báo cáo định kỳ", **values)
    if on is not None:
        move(world, duty, Verb.SEND, on)
    return duty


def at(day: date) -> datetime:
    return datetime.combine(day, time(8), ZONE)


def move(world: World, duty: Task, verb: Verb, day: date = TODAY) -> None:
    """Make a move in the name of the office that gave the duty."""
    task = db.session.get_one(Task, duty.id, populate_existing=True)
    requests.move(task, verb, by=doer(world.binh), at=at(day), words="Theo yêu cầu.", day=day)
    db.session.commit()


def tick(day: date) -> int:
    """Do what the worker does on a day; return how many tasks it made."""
    made = sum(len(catch_up(duty_id, at=at(day))) for duty_id in due_today(day))
    db.session.commit()
    return made


def daily(first: date, last: date) -> None:
    for number in range((last - first).days + 1):
        tick(first + timedelta(days=number))


def occurrences(duty: Task) -> list[Task]:
    """Return the tasks of a duty's periods, the oldest first."""
    db.session.rollback()
    found = select(Task).where(Task.parent_id == duty.id, Task.tie == Tie.OCCURRENCE)
    found = found.order_by(Task.period_on).execution_options(populate_existing=True)
    return list(db.session.scalars(found))


def days(duty: Task) -> list[str]:
    """Return the due days of what was made."""
    return [str(one.due_on) for one in occurrences(duty)]
