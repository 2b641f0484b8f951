"""Deadlines moved within their bounds: what follows, what stays, what lies beyond, what begins anew."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.worlds import AT, TODAY, a_child, a_line, a_task, doer
from tracker.db import db
from tracker.history.models import Event, Kind
from tracker.letters.queries import open_of
from tracker.tasks.actions import Due
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Ask, AskKind, Task
from tracker.timing.actions import (
    AskedFirst,
    Below,
    Bound,
    NoEvent,
    OutOfBounds,
    move_due,
    set_deadline,
    start_clock,
)

MAY, LATER, SOONER = date(2018, 5, 31), date(2018, 6, 15), date(2018, 5, 15)


def due(day: date, **more) -> Due:
    return Due("date", f"{day.day}-{day.month}-{day.year}", day, day, **more)


def moved(world, task, day, below=Below.FOLLOW):
    return set_deadline(
        task, due(day), below=below, by=doer(world.binh), at=AT, words="Theo kết luận họp"
    )


def refusal(world, task, day, below=Below.KEEP):
    with pytest.raises(OutOfBounds) as refused:
        moved(world, task, day, below)
    return refused.value


def days(*tasks) -> list[date | None]:
    return [task.due_on for task in tasks]


def told(task) -> Event:
    newest = select(Event).where(Event.task_id == task.id).order_by(Event.id.desc())
    return db.session.scalars(newest.limit(1)).one()


def test_what_shares_the_day_follows_with_its_own_parts_and_what_is_done_stays(world):
    task = a_task(world, due=MAY)
    line, done = (
        a_line(world, task, world.district),
        a_line(world, task, world.town, state=State.DONE),
    )
    child = a_child(world, task, world.division, tie=Tie.PART)
    grandchild = a_child(world, child, world.team, tie=Tie.PART)
    early = a_child(world, task, world.town, tie=Tie.PART, due=SOONER)
    event = moved(world, task, LATER)
    assert days(task, line, child, grandchild) == [LATER] * 4
    assert days(done, early) == [MAY, SOONER]
    assert [one.slips for one in (task, line, grandchild, early)] == [1, 1, 1, 0]
    assert task.first_due_on == line.first_due_on == MAY
    for one in (line, child, grandchild):
        happened = told(one)
        assert (happened.kind, happened.data["through"]) == (Kind.DEADLINE_MOVED, event.id)
        assert (happened.data["old"], happened.data["new"]) == (MAY.isoformat(), LATER.isoformat())
        assert happened.due_on == LATER


def test_what_keeps_its_day_keeps_it(world):
    task = a_task(world, due=MAY)
    line = a_line(world, task, world.district)
    moved(world, task, LATER, Below.KEEP)
    assert days(task, line) == [LATER, MAY]
    assert told(line).kind is Kind.LOADED


def test_an_earlier_day_brings_everything_along_or_is_refused_with_the_names(world):
    task = a_task(world, due=MAY)
    line = a_line(world, task, world.district)
    child = a_child(world, task, world.division, tie=Tie.PART, due=date(2018, 5, 20))
    fitting = a_child(world, task, world.town, tie=Tie.PART, due=date(2018, 5, 2))
    refused = refusal(world, task, SOONER)
    assert (refused.why, set(refused.below)) == (Bound.BELOW_BEYOND, {line, child})
    assert days(task, line, child) == [MAY, MAY, date(2018, 5, 20)]
    moved(world, task, SOONER, Below.FOLLOW)
    assert days(task, line, child, fitting) == [SOONER, SOONER, SOONER, date(2018, 5, 2)]
    assert [one.slips for one in (task, line, child)] == [0, 0, 0]


def test_the_nearest_task_above_that_has_a_day_bounds_it(world):
    top = a_task(world, due=MAY)
    between = a_child(world, top, world.division, tie=Tie.PART, due=None)
    task = a_child(world, between, world.district, tie=Tie.PART, due=SOONER)
    refused = refusal(world, task, LATER)
    assert (refused.why, refused.day) == (Bound.BEYOND_PARENT, MAY)
    moved(world, task, MAY)
    assert task.due_on == MAY
    deeper = refusal(world, top, SOONER)
    assert deeper.below == (task,), "what hangs on a part without a day is bounded by the whole"


def test_every_impossible_day_is_refused_and_nothing_is_written(world):
    task = a_task(world, due=MAY)
    found = {
        "a day that has passed": refusal(world, task, TODAY - timedelta(days=1)).why,
        "the same day": refusal(world, task, MAY).why,
        "no longer open": refusal(world, a_task(world, due=MAY, state=State.DONE), LATER).why,
        "a draft": refusal(world, a_task(world, due=MAY, state=State.DRAFT), LATER).why,
        "a recurring duty": refusal(world, a_task(world, repeats_until_on=LATER), LATER).why,
    }
    with pytest.raises(OutOfBounds) as no_day:
        set_deadline(task, Due("vague", "sớm"), below=Below.KEEP, by=doer(world.binh), at=AT)
    with pytest.raises(OutOfBounds) as earlier:
        move_due(task, due(SOONER), Kind.EXTENDED, below=Below.KEEP, by=doer(world.binh), at=AT)
    assert found == {
        "a day that has passed": Bound.PAST,
        "the same day": Bound.SAME,
        "no longer open": Bound.FINISHED,
        "a draft": Bound.FINISHED,
        "a recurring duty": Bound.SERIES,
    }
    assert (no_day.value.why, earlier.value.why) == (Bound.NO_DAY, Bound.NOT_LATER)
    assert (task.due_on, task.slips, told(task).kind) == (MAY, 0, Kind.LOADED)


def test_today_is_a_day_like_any_other(world):
    task = a_task(world, due=MAY)
    moved(world, task, TODAY)
    assert task.due_on == TODAY


def test_a_first_day_is_no_slip_and_what_was_said_stays_on_record(world):
    words: dict[str, Any] = {"due_kind": "vague", "due_words": "sớm", "first_due_words": "sớm"}
    task = a_task(world, **words)
    line = a_line(world, task, world.district, **words)
    standing = a_child(
        world,
        task,
        world.town,
        tie=Tie.PART,
        due=None,
        due_kind="ongoing",
        due_words="thường xuyên",
    )
    moved(world, task, MAY)
    assert (told(task).kind, task.slips) == (Kind.DEADLINE_SET, 0)
    assert (task.first_due_words, task.first_due_on) == ("sớm", MAY)
    assert days(line, standing) == [MAY, None]
    assert told(line).kind is Kind.DEADLINE_SET


def test_letters_begin_anew_with_a_later_day_only(world):
    def urged(task):
        ask = Ask(kind=AskKind.URGING, rung=1, task_id=task.id, from_unit_id=world.province.id)
        ask.to_unit_id, ask.asked_at, ask.task_version = task.lead_id, AT, task.version
        db.session.add(ask)
        db.session.commit()

    late = a_task(world, due=TODAY - timedelta(days=3))
    soon = a_task(world, due=MAY)
    urged(late)
    urged(soon)
    moved(world, late, MAY)
    moved(world, soon, SOONER)
    assert [ask.task_id for ask in open_of([late.id, soon.id])] == [soon.id]


def test_a_request_for_more_time_is_answered_first(world):
    task = a_task(world, due=MAY)
    ask = Ask(kind=AskKind.EXTENSION, rung=0, task_id=task.id, from_unit_id=task.lead_id)
    ask.to_unit_id, ask.asked_at, ask.task_version = world.province.id, AT, task.version
    db.session.add(ask)
    db.session.commit()
    with pytest.raises(AskedFirst):
        moved(world, task, LATER)


def test_the_beginning_stays_where_only_the_last_day_moves(world):
    quarter = a_task(world, due=date(2018, 6, 30), starts_on=date(2018, 4, 1))
    named = a_task(world, due=MAY, starts_on=MAY)
    moved(world, quarter, LATER)
    moved(world, named, LATER)
    assert (quarter.starts_on, named.starts_on) == (date(2018, 4, 1), None)


def test_an_event_starts_the_clock_and_its_words_stay_the_first(world):
    words: dict[str, Any] = {
        "due_kind": "event",
        "due_words": "khi có hướng dẫn",
        "first_due_words": "khi có hướng dẫn",
    }
    task = a_task(world, **words)
    happened = date(2018, 4, 9)
    event = start_clock(task, happened, due(MAY), below=Below.FOLLOW, by=doer(world.binh), at=AT)
    assert (event.kind, event.data["on"]) == (Kind.CLOCK_STARTED, "2018-04-09")
    assert (task.starts_on, task.due_on) == (happened, MAY)
    assert (task.first_due_words, task.first_due_on) == ("khi có hướng dẫn", MAY)
    with pytest.raises(NoEvent):
        start_clock(task, happened, due(LATER), below=Below.FOLLOW, by=doer(world.binh), at=AT)


def test_circles_of_parents_do_not_hang_it(world):
    one, other = a_task(world, due=MAY), a_task(world, due=MAY)
    one.parent_id, one.tie = other.id, Tie.PART
    other.parent_id, other.tie = one.id, Tie.PART
    db.session.commit()
    moved(world, one, SOONER, Below.FOLLOW)
    assert one.due_on == SOONER
    assert db.session.get_one(Task, other.id).due_on == SOONER
