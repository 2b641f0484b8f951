"""Fan-out in the browser: units chosen by hand, level or group, each with its part; refused at the row."""

from datetime import date, timedelta

import pytest

from tests.agreeing import agree, asking, history_agrees
from tests.reading import text_of
from tests.worlds import TODAY, a_collective, a_draft, a_measure, a_task, a_unit
from tracker.committees.models import Level, Unit, UnitKind
from tracker.db import db
from tracker.history.models import Event, Kind
from tracker.measures.models import Measure
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Ask, AskKind, Task

DUE = TODAY + timedelta(days=50)


@pytest.fixture
def task(world):
    return a_task(world, state=State.IN_PROGRESS, due=DUE)


def children(parent) -> list[Task]:
    db.session.rollback()
    db.session.expire_all()
    found = db.select(Task).where(Task.parent_id == parent.id, Task.tie == Tie.FANOUT)
    return list(db.session.scalars(found.order_by(Task.id)))


@pytest.fixture
def post(signed_in):
    """Send the second page of a fan-out, its token taken from the first."""

    def send(person, task, units, **fields):
        client, path = signed_in(person), f"/tasks/{task.id}/fan-out"
        data = {"step": "make", "unit": [str(unit.id) for unit in units], **fields}
        return client.submit(path, path, **data)

    return send


def test_the_lead_gives_its_task_on_and_each_unit_gets_a_letter(world, task, post, signed_in):
    answer = post(world.an, task, [world.district, world.town], due_words="30-4-2018")
    assert answer.status_code == 303
    made = children(task)
    assert [child.lead_id for child in made] == [world.district.id, world.town.id]
    assert {child.state for child in made} == {State.ASSIGNED}
    assert {child.assigner_id for child in made} == {world.commission.id}
    assert {child.due_on for child in made} == {date(2018, 4, 30)}
    asks = db.session.scalars(db.select(Ask).where(Ask.kind == AskKind.ASSIGNMENT)).all()
    assert {ask.to_unit_id for ask in asks} == {world.district.id, world.town.id}
    kinds = db.session.scalars(db.select(Event.kind).where(Event.kind == Kind.FANNED_OUT)).all()
    assert len(kinds) == 1
    page = text_of(signed_in(world.an).get(f"/tasks/{task.id}").text)
    assert "0/2 đơn vị hoàn thành" in page
    history_agrees()
    for person in (world.an, world.binh, world.mai):
        agree(asking(signed_in(person)))


def test_a_unit_sees_its_own_part_and_neither_the_whole_nor_its_siblings(
    world, task, post, signed_in
):
    post(world.an, task, [world.district, world.town])
    own, sibling = children(task)
    mai = signed_in(world.mai)
    assert mai.get(f"/tasks/{own.id}").status_code == 200
    assert mai.get(f"/tasks/{sibling.id}").status_code == 404
    assert mai.get(f"/tasks/{task.id}").status_code == 404


def test_units_are_chosen_by_level_by_group_and_below_a_unit(world, task, signed_in):
    group = a_collective("các huyện", [world.district], world.province)
    client, path = signed_in(world.an), f"/tasks/{task.id}/fan-out"

    def chosen(**fields) -> set[int]:
        page = client.submit(path, path, step="pick", **fields).text
        return {
            u.id for u in db.session.scalars(db.select(Unit)) if f'value="{u.id}" checked' in page
        }

    assert chosen(group=str(group.id)) == {world.district.id}
    assert chosen(level=Level.DISTRICT.value) == {world.district.id, world.town.id}
    assert world.division.id in chosen(branch=str(world.commission.id))


def test_each_row_may_name_its_own_deadline_quota_and_words(world, task, post):
    whole = a_measure(task, target=1125)
    rows = {
        f"due-{world.town.id}": "15-5-2018",
        f"quota-{world.district.id}-{whole.id}": "1.000",
        f"quota-{world.town.id}-{whole.id}": "125",
        f"words-{world.town.id}": "Tính cả các phường.",
    }
    post(world.an, task, [world.district, world.town], **rows)
    first, second = children(task)
    assert (first.due_on, second.due_on) == (DUE, date(2018, 5, 15))
    assert second.note == "Tính cả các phường."
    quotas = db.session.scalars(db.select(Measure).where(Measure.into_id == whole.id)).all()
    assert {(q.task_id, q.target) for q in quotas} == {(first.id, 1000), (second.id, 125)}


def test_what_does_not_fit_is_refused_at_its_row_and_nothing_is_half_written(world, task, post):
    whole = a_measure(task, target=100, must_sum=True)
    ending = a_unit("Huyện ủy sắp giải thể", world.province, valid_to=TODAY)
    district, quota = world.district, f"quota-{world.district.id}-{whole.id}"
    wrong = [
        ([district], {f"due-{district.id}": "1-12-2018"}, "30-5-2018"),
        ([district], {f"due-{district.id}": "quý VI-2018"}, "quý I đến quý IV"),
        ([district], {"due_words": "1-12-2018"}, "30-5-2018"),
        ([ending], {}, "kết thúc trước"),
        ([district], {quota: "1.5"}, "1,5"),
        ([district], {quota: "90"}, "90"),
    ]
    for units, fields, says in wrong:
        answer = post(world.an, task, units, **fields)
        assert answer.status_code in {409, 422}, fields
        assert says in text_of(answer.text), fields
        assert all(value in answer.text for value in fields.values())
    assert children(task) == []


def test_the_same_unit_is_given_its_part_once_though_the_button_is_pressed_twice(
    world, task, post, signed_in
):
    post(world.an, task, [world.district])
    again = post(world.an, task, [world.district])
    assert again.status_code in {409, 422}
    assert len(children(task)) == 1
    post(world.an, task, [world.town])
    assert len(children(task)) == 2


def test_parts_of_a_draft_are_seen_by_its_drafters_only_and_sent_with_it(world, post, signed_in):
    draft = a_draft(world, lead=world.commission, due=DUE)
    post(world.binh, draft, [world.district, world.town])
    made = children(draft)
    assert {child.state for child in made} == {State.DRAFT}
    for person in (world.an, world.mai, world.oanh):
        assert signed_in(person).get(f"/tasks/{made[0].id}").status_code == 404
    signed_in(world.binh).submit(f"/tasks/{draft.id}/send", words="Giao gấp.")
    assert {child.state for child in children(draft)} == {State.ASSIGNED}
    assert signed_in(world.mai).get(f"/tasks/{made[0].id}").status_code == 200
    history_agrees()


def test_units_can_be_kept_as_a_group_for_the_next_task(world, post):
    draft = a_draft(world)
    post(world.binh, draft, [world.district, world.town], set_name="Hai huyện phía bắc")
    db.session.rollback()
    group = db.session.scalars(db.select(Unit).where(Unit.name_vi == "Hai huyện phía bắc")).one()
    assert (group.kind, group.members_count) == (UnitKind.COLLECTIVE, 2)


def test_the_whole_is_closed_without_a_reason_once_every_part_is_done(world, signed_in, post):
    task = a_task(world, state=State.IN_PROGRESS, due=DUE)
    post(world.an, task, [world.district, world.town])
    client, path = signed_in(world.binh), f"/tasks/{task.id}/close"
    assert client.submit(path, path, day="10-4-2018").status_code == 422
    for child in children(task):
        at = f"/tasks/{child.id}/close"
        signed_in(world.an).submit(at, at, day="10-4-2018", words="Đã báo cáo.")
    assert client.submit(path, path, day="10-4-2018").status_code == 303
    db.session.rollback()
    assert db.session.get_one(Task, task.id, populate_existing=True).state is State.DONE
    history_agrees()


def test_where_nobody_states_how_many_units_there_are_the_card_says_so(world, signed_in, post):
    group = a_collective("các huyện ủy, thị ủy", [world.district, world.town], world.province)
    task = a_task(world, lead=group, state=State.IN_PROGRESS)
    post(world.binh, task, [world.district, world.town])
    assert {child.assigner_id for child in children(task)} == {world.province.id}
    for path in (f"/tasks/{task.id}", "/board"):
        assert "0/2 + ?" in " ".join(text_of(signed_in(world.binh).get(path).text).split())
