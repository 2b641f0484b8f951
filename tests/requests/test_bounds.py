"""No task ends behind the one above it, by whatever way it was sent or has come back."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.reading import error_at, text_of
from tests.worlds import AT, a_child, a_draft, a_line, a_task, doer
from tracker.db import db
from tracker.history.models import Event, Kind
from tracker.policy import Verb
from tracker.requests import actions
from tracker.tasks.actions import Due
from tracker.tasks.lifecycle import State, Tie
from tracker.timing.actions import set_deadline
from tracker.timing.bounds import Below, Bound, OutOfBounds

MAY, SOONER = date(2018, 5, 31), date(2018, 5, 15)
LATER = AT + timedelta(minutes=1)


def bring_forward(world, task) -> None:
    due = Due("date", "15-5-2018", SOONER, SOONER)
    set_deadline(task, due, below=Below.FOLLOW, by=doer(world.binh), at=AT, words="Vì")


def part(world, top, **more: Any):
    return a_child(world, top, world.district, tie=Tie.PART, assigner=world.province, **more)


def test_a_draft_is_not_sent_behind_a_whole_that_was_brought_forward(signed_in, world):
    top = a_task(world, due=MAY)
    draft = part(world, top, due=MAY, state=State.DRAFT)
    bring_forward(world, top)
    db.session.commit()
    office, path = signed_in(world.binh), f"/tasks/{draft.id}/send"
    refused = office.submit(path, path, words="Gấp")
    assert refused.status_code == 409
    assert "Thời hạn vượt quá thời hạn của nhiệm vụ chung (15-5-2018)." in text_of(refused.text)
    assert "Gấp" in refused.text


def test_a_whole_is_not_sent_before_a_part_that_was_sent_already(world):
    top = a_draft(world, due=SOONER)
    part(world, top, due=MAY)
    with pytest.raises(OutOfBounds) as out:
        actions.move(top, Verb.SEND, by=doer(world.binh), at=AT, words="Vì")
    assert out.value.why is Bound.BELOW_BEYOND


def test_what_comes_back_is_brought_to_the_deadline_it_is_bound_by(world):
    top, by = a_task(world, due=MAY), doer(world.binh)
    gone = part(world, top, due=MAY, state=State.CANCELLED)
    done = part(world, top, due=MAY, state=State.DONE)
    undone, deep = part(world, top, due=MAY), None
    deep = a_line(world, undone, world.town)
    actions.move(undone, Verb.CANCEL, by=by, at=AT, words="Vì")
    bring_forward(world, top)
    actions.move(gone, Verb.RESTORE, by=by, at=AT, words="Vì")
    actions.move(done, Verb.REOPEN, by=by, at=AT, words="Vì")
    actions.undo(undone, by=by, at=LATER)
    assert [one.due_on for one in (gone, done, undone, deep)] == [SOONER] * 4
    assert [one.slips for one in (gone, done, undone, deep)] == [0] * 4
    newest = select(Event).where(Event.task_id == done.id).order_by(Event.id.desc()).limit(1)
    told = db.session.scalars(newest).one()
    assert (told.kind, told.data["old"]) == (Kind.DEADLINE_MOVED, MAY.isoformat())


def test_the_nearest_deadline_above_bounds_a_draft(signed_in, world):
    top = a_task(world, due=MAY, lead=world.province, assigner=world.province)
    between = a_child(world, top, world.commission, tie=Tie.PART, due=None)
    said = {"assigner_id": str(world.province.id), "lead_id": str(world.district.id)}
    answer = signed_in(world.binh).submit(
        "/tasks/new",
        "/tasks/new",
        title_vi="Tổng hợp số liệu",
        parent_id=str(between.id),
        due_words="15-6-2018",
        **said,
    )
    assert answer.status_code == 422
    assert "31-5-2018" in error_at(answer.text, "due_words")


def test_a_recurring_duty_with_the_words_of_its_whole_gets_no_day_with_it(world):
    words: dict[str, Any] = {"due_kind": "recurring", "due_words": "trước ngày 15 hằng tháng"}
    top = a_task(world, **words)
    duty = part(world, top, due=None, repeats_until_on=date(2018, 12, 31), **words)
    bring_forward(world, top)
    assert (top.due_on, duty.due_on) == (SOONER, None)
