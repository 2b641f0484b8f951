"""A wish for more time and its answer: what each does to the task, its letters, its history; lapsed and laid back."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.worlds import AT, TODAY, World, a_child, a_line, a_task, doer
from tracker.db import db
from tracker.history.models import Event, Kind
from tracker.letters import actions as letters
from tracker.letters.actions import AnsweredAlready
from tracker.letters.rungs import Case as LetterCase
from tracker.policy import Verb
from tracker.requests import actions, extensions
from tracker.requests.extensions import Wish
from tracker.requests.limits import Case, Refused
from tracker.tasks.actions import Due
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Ask, AskKind, Task
from tracker.timing.bounds import Below, Bound, OutOfBounds

LATER, LATEST = date(2018, 5, 15), date(2018, 6, 30)
LATE = TODAY - timedelta(days=10)
MINUTE = timedelta(minutes=1)


def due(day: date) -> Due:
    return Due("date", f"{day.day}-{day.month}-{day.year}", day, day)


def case(task: Task) -> Case:
    return Case(task.state, task.due_on, task.slips, most=2)


def asked(world: World, task: Task, until: date = LATER, by=None) -> Ask:
    wish = Wish(due(until), "Chờ số liệu", "Xong hai xã")
    return extensions.ask(task, wish, case=case(task), by=doer(by or world.an), at=AT)


def told(task: Task) -> list[Kind]:
    kinds = select(Event.kind).where(Event.task_id == task.id).order_by(Event.id)
    return list(db.session.scalars(kinds))[1:]


def test_a_wish_lies_on_the_desk_of_whoever_assigned_and_changes_no_deadline(world):
    task = a_task(world, due=TODAY)
    ask = asked(world, task)
    assert (ask.from_unit_id, ask.to_unit_id) == (world.commission.id, world.province.id)
    assert (ask.proposed_on, ask.words, ask.result) == (LATER, "Chờ số liệu", "Xong hai xã")
    assert (task.due_on, task.slips, told(task)) == (TODAY, 0, [Kind.EXTENSION_ASKED])


def test_where_the_lead_is_the_assigner_it_lies_with_the_unit_that_judges(world):
    task = a_task(world, lead=world.commission, assigner=world.commission, due=TODAY)
    assert asked(world, task).to_unit_id == world.province.id


def test_the_wish_of_a_line_lies_with_the_lead_of_the_whole(world):
    line = a_line(world, a_task(world, due=LATEST), world.district, due=TODAY)
    assert asked(world, line, by=world.mai).to_unit_id == world.commission.id


def test_a_wish_that_does_not_fit_is_refused(world):
    task = a_task(world, due=TODAY, slips=2)
    with pytest.raises(Refused):
        asked(world, task)
    assert told(task) == []


def test_granting_moves_the_deadline_and_keeps_the_first_one(world):
    task = a_task(world, due=LATE, slips=0)
    ask = asked(world, task)
    extensions.grant(ask, task, by=doer(world.binh), at=AT + MINUTE)
    assert (task.due_on, task.due_words, task.slips) == (LATER, "15-5-2018", 1)
    assert (task.first_due_on, task.first_due_words) == (LATE, "31-3-2018")
    assert (ask.granted, ask.granted_on, ask.granted_words) == (True, LATER, "15-5-2018")
    assert told(task) == [Kind.EXTENSION_ASKED, Kind.EXTENDED]


def test_another_date_is_granted_with_its_reason(world):
    task = a_task(world, due=TODAY)
    ask, other = asked(world, task), date(2018, 4, 30)
    by = doer(world.binh)
    event = extensions.grant(ask, task, due(other), words="Gấp", by=by, at=AT + MINUTE)
    assert (task.due_on, ask.proposed_on, ask.granted_on) == (other, LATER, other)
    assert (event.data["ask"], event.data["old"]) == (ask.id, TODAY.isoformat())


def test_refusing_leaves_the_deadline(world):
    task = a_task(world, due=TODAY)
    ask = asked(world, task)
    extensions.refuse(ask, task, "Giữ hạn", by=doer(world.binh), at=AT + MINUTE)
    assert (task.due_on, task.slips, ask.granted, ask.answer) == (TODAY, 0, False, "Giữ hạn")
    assert told(task)[-1] is Kind.EXTENSION_REFUSED


def test_nobody_answers_twice(world):
    task = a_task(world, due=TODAY)
    ask = asked(world, task)
    extensions.grant(ask, task, by=doer(world.binh), at=AT + MINUTE)
    more: dict[str, Any] = {"by": doer(world.binh), "at": AT + 2 * MINUTE}
    for again in (
        lambda: extensions.grant(ask, task, due(LATEST), **more),
        lambda: extensions.refuse(ask, task, "Không", **more),
        lambda: extensions.withdraw(ask, task, **more),
    ):
        with pytest.raises(AnsweredAlready):
            again()
    assert (task.due_on, task.slips) == (LATER, 1)


def test_what_was_asked_for_may_no_longer_be_possible_when_it_is_decided(world):
    whole = a_task(world, due=LATEST)
    part = a_child(world, whole, world.district, due=TODAY)
    ask = asked(world, part, by=world.mai)
    more: dict[str, Any] = {"by": doer(world.an), "at": AT + MINUTE}
    whole.due_on = date(2018, 5, 1)
    for day, why in ((None, Bound.BEYOND_PARENT), (TODAY, Bound.NOT_LATER), (LATE, Bound.PAST)):
        with pytest.raises(OutOfBounds) as out:
            extensions.grant(ask, part, due(day) if day else None, **more)
        assert out.value.why is why
    assert ask.answered_at is None


def test_parts_with_the_same_deadline_follow_or_keep_it(world):
    for below, expected in ((Below.FOLLOW, LATER), (Below.KEEP, TODAY)):
        task = a_task(world, due=TODAY)
        line = a_line(world, task, world.district)
        extensions.grant(asked(world, task), task, below=below, by=doer(world.binh), at=AT)
        assert (line.due_on, line.slips) == (expected, int(below is Below.FOLLOW))


def test_open_urgings_lapse_with_a_later_deadline(world):
    task, by = a_task(world, due=LATE), doer(world.binh)
    paper = letters.Paper("Đôn đốc", LATER, 1)
    urging = letters.urge(task, paper, case=LetterCase(task.state, is_overdue=True), by=by, at=AT)
    extensions.grant(asked(world, task), task, by=by, at=AT + MINUTE)
    assert (urging.answered_at, urging.granted) == (AT + MINUTE, False)


@pytest.mark.parametrize(
    ("verb", "more"),
    [(Verb.HAND_IN, {}), (Verb.CLOSE, {"day": TODAY}), (Verb.CANCEL, {})],
)
def test_a_wish_lapses_with_the_work_and_comes_back_with_the_step_taken_back(world, verb, more):
    task = a_task(world, due=TODAY, state=State.IN_PROGRESS)
    ask = asked(world, task)
    by = doer(world.an if verb is Verb.HAND_IN else world.binh)
    actions.move(task, verb, by=by, at=AT + MINUTE, words="Có lý do", **more)
    assert (ask.answered_at, ask.granted, ask.answer) == (AT + MINUTE, False, None)
    actions.undo(task, by=by, at=AT + 2 * MINUTE)
    assert (ask.answered_at, ask.granted, task.state) == (None, None, State.IN_PROGRESS)


def test_it_lapses_with_the_whole_and_stays_where_that_is_put_on_hold(world):
    whole = a_task(world, due=LATEST)
    part = a_child(world, whole, world.district, due=TODAY)
    ask, by = asked(world, part, by=world.mai), doer(world.binh)
    actions.move(whole, Verb.HOLD, by=by, at=AT, words="Chờ")
    assert ask.answered_at is None
    actions.move(whole, Verb.RESUME, by=by, at=AT)
    actions.move(whole, Verb.CANCEL, by=by, at=AT + MINUTE, words="Thôi")
    assert (part.state, ask.granted) == (State.CANCELLED, False)
    actions.undo(whole, by=by, at=AT + 2 * MINUTE)
    assert ask.answered_at is None


def test_what_was_refused_or_withdrawn_does_not_come_back(world):
    task, by = a_task(world, due=TODAY), doer(world.an)
    refused, withdrawn = asked(world, task), None
    extensions.refuse(refused, task, "Không", by=doer(world.binh), at=AT)
    withdrawn = asked(world, task)
    extensions.withdraw(withdrawn, task, by=by, at=AT)
    actions.move(task, Verb.HAND_IN, by=by, at=AT + MINUTE)
    actions.undo(task, by=by, at=AT + 2 * MINUTE)
    assert [one.answered_at for one in (refused, withdrawn)] == [AT, AT]


def test_with_another_lead_a_wish_lapses_and_those_of_the_parts_follow(world):
    whole = a_task(world, due=LATEST)
    line = a_line(world, whole, world.district, due=TODAY)
    own, below = asked(world, whole, date(2018, 7, 31)), asked(world, line, by=world.mai)
    letters.reassign(whole, world.town, "Đúng chức năng", by=doer(world.binh), at=AT + MINUTE)
    assert (own.answered_at, own.granted) == (AT + MINUTE, False)
    assert (below.answered_at, below.to_unit_id) == (None, world.town.id)


def test_there_is_one_open_wish_of_a_task_whatever_comes(any_world):
    task = a_task(any_world, due=TODAY)
    asked(any_world, task)
    db.session.commit()
    kinds = select(Ask.kind).where(Ask.task_id == task.id)
    assert list(db.session.scalars(kinds)) == [AskKind.EXTENSION]
    with pytest.raises(Exception, match=r"(?i)unique"):
        asked(any_world, task)
    db.session.rollback()
