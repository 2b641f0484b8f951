"""What becomes of the parts when the whole is corrected, passed on, put off, cancelled, brought back."""

from datetime import timedelta

import pytest

from tests.agreeing import agree, asking, history_agrees
from tests.reading import text_of
from tests.worlds import AT, TODAY, a_draft, a_plan, a_task, doer
from tracker.db import db
from tracker.fanouts.actions import PartFacts, fan_out
from tracker.letters.actions import reassign
from tracker.letters.rungs import Refusal, Refused
from tracker.tasks.actions import Due
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Task

DUE = TODAY + timedelta(days=50)


@pytest.fixture
def given(world):
    """Give a task on to the district and the town; return the parts."""

    def give(whole: Task) -> list[Task]:
        parts = [PartFacts(unit.id, Due.of(whole)) for unit in (world.district, world.town)]
        made = fan_out(whole, parts, by=doer(world.an), at=AT)
        db.session.commit()
        return made

    return give


def fresh(task: Task) -> Task:
    db.session.rollback()
    return db.session.get_one(Task, task.id, populate_existing=True)


def states(*tasks: Task) -> list[State]:
    return [fresh(task).state for task in tasks]


def test_parts_of_a_draft_follow_it_until_it_is_sent(world, given, signed_in):
    plan = a_plan("Kế hoạch mới", world.province)
    draft = a_draft(world, due=DUE)
    own, other = given(draft)
    own.due_words, own.due_on = "15-4-2018", TODAY + timedelta(days=5)
    db.session.commit()
    path = f"/tasks/{draft.id}/edit"
    said = {
        "title_vi": "Tên đã sửa",
        "lead_id": str(world.team.id),
        "plan_id": str(plan.id),
        "due_words": "30-4-2018",
    }
    assert signed_in(world.binh).submit(path, path, **said).status_code == 303
    own, other = fresh(own), fresh(other)
    for part in (own, other):
        assert (part.title_vi, part.plan_id) == ("Tên đã sửa", plan.id)
        assert part.assigner_id == part.verdict_unit_id == world.team.id
    assert own.due_on == own.first_due_on == TODAY + timedelta(days=5)
    assert other.due_on == other.first_due_on == fresh(draft).due_on
    history_agrees()


def test_a_unit_withdrawn_by_that_name_comes_back_unless_it_was_given_its_part_anew(
    world, given, signed_in
):
    whole = a_task(world, state=State.IN_PROGRESS, due=DUE)
    first, other = given(whole)
    an, page = signed_in(world.an), f"/tasks/{whole.id}"
    path = f"/tasks/{first.id}/cancel?back={page}%23units"
    assert "Rút đơn vị" in text_of(an.get(path).text)
    answer = an.submit(path, words="Đã giải thể.")
    assert answer.location == f"{page}#units"
    assert states(first) == [State.CANCELLED]
    given_anew = PartFacts(first.lead_id, Due.of(whole))
    fan_out(fresh(whole), [given_anew], by=doer(world.an), at=AT)
    db.session.commit()
    back = an.submit(f"/tasks/{first.id}/restore", words="Nhầm.")
    assert back.status_code == 409
    assert "Đơn vị này đã được giao." in text_of(back.text)
    undone = an.submit(f"/tasks/{first.id}", f"/tasks/{first.id}/undo")
    assert undone.status_code == 409
    with pytest.raises(Refused) as refused:
        reassign(fresh(other), world.district, "Chuyển.", by=doer(world.an), at=AT)
    assert refused.value.why is Refusal.HAS_PART
    agree(asking(an))
    history_agrees()


def test_cancelling_the_whole_takes_open_parts_along_and_restoring_brings_just_those_back(
    world, given, signed_in
):
    whole = a_task(world, state=State.IN_PROGRESS, due=DUE)
    first, second = given(whole)
    an, binh = signed_in(world.an), signed_in(world.binh)
    an.submit(f"/tasks/{first.id}/cancel", words="Rút.")
    binh.submit(f"/tasks/{whole.id}/cancel", words="Không còn cần.")
    assert states(whole, first, second) == [State.CANCELLED] * 3
    binh.submit(f"/tasks/{whole.id}", f"/tasks/{whole.id}/undo")
    assert states(whole, first, second) == [State.IN_PROGRESS, State.CANCELLED, State.ASSIGNED]
    binh.submit(f"/tasks/{whole.id}/cancel", words="Không còn cần.")
    binh.submit(f"/tasks/{whole.id}/restore", words="Lại cần.")
    assert states(whole, first, second) == [State.ASSIGNED, State.CANCELLED, State.ASSIGNED]
    agree(asking(binh))
    history_agrees()


def test_discarding_a_draft_discards_its_parts_and_one_alone_can_be_taken_out(
    world, given, signed_in
):
    draft = a_draft(world, due=DUE)
    first, second = given(draft)
    binh = signed_in(world.binh)
    binh.submit(f"/tasks/{first.id}/discard", words="Chưa cần.")
    assert states(draft, first, second) == [State.DRAFT, State.CANCELLED, State.DRAFT]
    binh.submit(f"/tasks/{draft.id}/discard", words="Chưa cần.")
    assert states(draft, second) == [State.CANCELLED] * 2
    history_agrees()


def test_parts_answer_to_a_new_lead_and_follow_its_later_deadline(world, given, signed_in):
    whole = a_task(world, state=State.IN_PROGRESS, due=DUE)
    parts = given(whole)
    reassign(fresh(whole), world.team, "Chuyển đầu mối.", by=doer(world.binh), at=AT)
    db.session.commit()
    assert {fresh(part).assigner_id for part in parts} == {world.team.id}
    path = f"/tasks/{whole.id}/deadline"
    signed_in(world.binh).submit(path, path, due_words="30-6-2018", words="Gia hạn.")
    assert {fresh(part).due_on for part in parts} == {fresh(whole).due_on}
    assert (fresh(whole).due_on or DUE) > DUE
    history_agrees()


def test_the_same_unit_twice_and_one_that_has_its_part_are_named_at_their_row(world, signed_in):
    whole = a_task(world, state=State.IN_PROGRESS, due=DUE)
    an, path = signed_in(world.an), f"/tasks/{whole.id}/fan-out"
    unit, town = str(world.district.id), str(world.town.id)
    twice = an.submit(path, path, step="make", unit=[unit, town, unit])
    assert (twice.status_code, "hai lần" in text_of(twice.text)) == (422, True)
    an.submit(path, path, step="make", unit=[unit])
    again = an.submit(path, path, step="make", unit=[unit, town])
    assert again.status_code == 409
    found = db.select(Task).where(Task.parent_id == whole.id, Task.tie == Tie.FANOUT)
    db.session.rollback()
    assert [part.lead_id for part in db.session.scalars(found)] == [world.district.id]
