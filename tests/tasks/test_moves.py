"""Moving tasks: what changes with a move, what is carried along, what can be taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from tests.worlds import AT, TODAY, a_child, a_draft, a_task, a_world, doer, waits_for
from tracker.db import db
from tracker.history.models import Event, Kind
from tracker.policy import Verb
from tracker.requests import actions as requests
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Ask, Task
from tracker.tasks.moves import OutOfTurn
from tracker.tasks.queries import last_event, lines_of, open_asks_of


@pytest.fixture
def world(any_app):
    with any_app.app_context():
        yield a_world()


def move(world, task, verb, person=None, **more):
    event = requests.move(task, verb, by=doer(person or world.an), at=AT, **more)
    db.session.commit()
    return event


def test_a_hand_in_lies_on_the_desk_of_whoever_judges_it(world):
    task = a_task(world, state=State.IN_PROGRESS)
    move(world, task, Verb.HAND_IN, words="Xong cả ba phần.")
    (ask,) = open_asks_of(task)
    assert (task.state, task.handed_in_on) == (State.SUBMITTED, TODAY)
    assert (ask.to_unit_id, ask.words) == (world.province.id, "Xong cả ba phần.")


def test_acceptance_counts_the_day_of_the_hand_in_not_its_own(world):
    task = a_task(world, state=State.SUBMITTED)
    handed_in_on = task.handed_in_on
    move(world, task, Verb.ACCEPT, world.binh)
    assert (task.state, task.done_on) == (State.DONE, handed_in_on)
    assert handed_in_on is not None
    assert handed_in_on < TODAY
    assert open_asks_of(task) == []


@pytest.mark.parametrize("verb", [Verb.RETURN, Verb.WITHDRAW])
def test_return_and_withdrawal_clear_the_hand_in_and_the_desk(world, verb):
    task = a_task(world, state=State.SUBMITTED)
    move(world, task, verb, words="Thiếu phụ lục.")
    assert (task.handed_in_on, task.done_on) == (None, None)
    assert open_asks_of(task) == []


def test_a_move_out_of_turn_changes_nothing(world):
    task = a_task(world, state=State.DONE)
    with pytest.raises(OutOfTurn):
        move(world, task, Verb.HAND_IN)
    assert task.state is State.DONE


def test_acceptance_waits_for_what_the_task_waits_for(world):
    first, second = a_task(world, "Rà soát"), a_task(world, "Đề án", state=State.SUBMITTED)
    waits_for(second, first)
    with pytest.raises(requests.StillWaiting):
        move(world, second, Verb.ACCEPT, world.binh)
    move(world, first, Verb.CLOSE, world.binh, words="Đã có kết quả", day=TODAY)
    move(world, second, Verb.ACCEPT, world.binh)
    assert second.state is State.DONE


def test_sending_sends_the_lines_and_acceptance_leaves_them_running(world):
    task = a_draft(world, coordinators=[world.district, world.town])
    move(world, task, Verb.SEND, world.binh)
    assert {line.state for line in lines_of(task)} == {State.ASSIGNED}
    for verb, person in ((Verb.HAND_IN, world.an), (Verb.ACCEPT, world.binh)):
        move(world, task, verb, person)
    assert {line.state for line in lines_of(task)} == {State.ASSIGNED}


def test_cancelling_takes_open_children_and_lines_along_and_restoring_brings_them_back(world):
    task = a_task(world, coordinators=[world.district])
    child = a_child(world, task, world.town)
    done = a_child(world, task, world.district, state=State.DONE)
    move(world, task, Verb.CANCEL, world.binh, words="Chủ trương thay đổi")
    assert [t.state for t in (child, *lines_of(task))] == [State.CANCELLED] * 2
    assert done.state is State.DONE
    move(world, task, Verb.RESTORE, world.binh, words="Khôi phục theo kết luận")
    assert [t.state for t in (task, child, *lines_of(task))] == [State.ASSIGNED] * 3


def test_each_move_is_one_event_with_the_image_of_the_task_after_it(world):
    task = a_task(world, due=TODAY)
    event = move(world, task, Verb.START)
    assert (event.kind, event.state, event.lead_id) == (Kind.START, "in_progress", task.lead_id)
    assert (event.due_on, event.counted, event.by_id) == (TODAY, True, world.an.id)


def test_history_can_be_neither_changed_nor_deleted(world):
    move(world, a_task(world), Verb.START)
    for statement in ("UPDATE event SET state = 'done'", "DELETE FROM event"):
        with pytest.raises(DatabaseError, match="append-only"):
            db.session.execute(text(statement))
        db.session.rollback()


def take_back(task, person, after=timedelta(minutes=9)):
    undone = requests.undo(task, by=doer(person), at=AT + after)
    db.session.commit()
    return undone


def test_ones_own_last_move_is_taken_back_within_ten_minutes_and_told(world):
    task = a_task(world, state=State.IN_PROGRESS)
    move(world, task, Verb.HAND_IN)
    take_back(task, world.an)
    assert (task.state, task.handed_in_on, open_asks_of(task)) == (State.IN_PROGRESS, None, [])
    last = last_event(task)
    assert last is not None
    assert last.kind is Kind.UNDONE


def test_taking_an_acceptance_back_puts_the_hand_in_on_the_desk_again(world):
    task = a_task(world, state=State.SUBMITTED)
    move(world, task, Verb.ACCEPT, world.binh)
    take_back(task, world.binh)
    assert (task.state, task.done_on, len(open_asks_of(task))) == (State.SUBMITTED, None, 1)


def test_taking_a_sending_back_takes_the_lines_back(world):
    task = a_draft(world, coordinators=[world.district])
    move(world, task, Verb.SEND, world.binh)
    take_back(task, world.binh)
    assert {t.state for t in (task, *lines_of(task))} == {State.DRAFT}


@pytest.mark.parametrize(
    ("who", "after"), [("chi", timedelta(minutes=1)), ("an", timedelta(minutes=11))]
)
def test_nobody_takes_back_what_another_did_or_what_is_older_than_ten_minutes(world, who, after):
    task = a_task(world)
    move(world, task, Verb.START)
    with pytest.raises(OutOfTurn):
        take_back(task, getattr(world, who), after)


def test_what_somebody_acted_on_is_not_taken_back(world):
    task = a_task(world, state=State.IN_PROGRESS)
    move(world, task, Verb.HAND_IN)
    move(world, task, Verb.RETURN, world.binh, words="Thiếu số liệu")
    with pytest.raises(OutOfTurn):
        take_back(task, world.an)


def test_a_taken_back_move_is_not_taken_back_again(world):
    task = a_task(world)
    move(world, task, Verb.START)
    take_back(task, world.an)
    with pytest.raises(OutOfTurn):
        take_back(task, world.an)


def test_every_task_ever_made_has_an_image_for_any_later_count(world):
    a_draft(world, coordinators=[world.district])
    told = set(db.session.scalars(select(Event.task_id)))
    assert told == set(db.session.scalars(select(Task.id)))
    assert db.session.scalars(select(Ask)).all() == []
    assert Tie.LINE in set(db.session.scalars(select(Task.tie)))


def test_a_sending_on_which_a_co_ordinator_has_acted_is_not_taken_back(world):
    task = a_draft(world, coordinators=[world.district])
    move(world, task, Verb.SEND, world.binh)
    (line,) = lines_of(task)
    move(world, line, Verb.START, world.mai)
    with pytest.raises(OutOfTurn):
        take_back(task, world.binh)
    assert (task.state, line.state) == (State.ASSIGNED, State.IN_PROGRESS)


def test_cancelling_takes_the_hand_ins_of_children_off_the_desk_and_undo_lays_them_back(world):
    parent = a_task(world)
    child = a_child(world, parent, world.district, state=State.SUBMITTED)
    move(world, parent, Verb.CANCEL, world.binh, words="Không còn cần")
    assert (child.state, open_asks_of(child)) == (State.CANCELLED, [])
    take_back(parent, world.binh)
    assert (child.state, len(open_asks_of(child))) == (State.SUBMITTED, 1)


def test_cancelling_and_restoring_reach_the_lines_of_children(world):
    parent = a_task(world)
    child = a_child(world, parent, world.district, coordinators=[world.town])
    move(world, parent, Verb.CANCEL, world.binh, words="Không còn cần")
    assert [line.state for line in lines_of(child)] == [State.CANCELLED]
    move(world, parent, Verb.RESTORE, world.binh, words="Vẫn cần")
    assert [line.state for line in lines_of(child)] == [State.ASSIGNED]


def test_what_is_cancelled_keeps_nobody_waiting(world):
    needed = a_task(world, "Rà soát", state=State.CANCELLED)
    task = a_task(world, "Đề án", state=State.SUBMITTED)
    waits_for(task, needed)
    move(world, task, Verb.ACCEPT, world.binh)
    assert task.state is State.DONE
