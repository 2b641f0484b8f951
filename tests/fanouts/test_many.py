"""Fan-out to two hundred units, and by several people at once: the same statements, each unit's part once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from tests.agreeing import history_agrees
from tests.pages import Client, client_of
from tests.reading import text_of
from tests.worlds import TODAY, a_collective, a_measure, a_task, a_unit, a_world
from tracker.db import db
from tracker.history.models import Event, Kind
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Ask, AskKind, Task

MANY = 200


def some(world, count: int, start: int = 0) -> list[str]:
    units = [a_unit(f"Xã số {n}", world.district) for n in range(start, start + count)]
    a_collective(f"các xã từ {start}", units, world.province)
    return [str(unit.id) for unit in units]


def test_two_hundred_units_cost_as_many_statements_as_two(world, signed_in, queries):
    task = a_task(world, "Rà soát chi bộ thôn, bản", state=State.IN_PROGRESS, due=TODAY)
    a_measure(task, target=1125)
    client, path = signed_in(world.an), f"/tasks/{task.id}/fan-out"
    costs, shown = [], []
    for count, start in ((2, 0), (MANY, 2)):
        units = [*some(world, count, start), *([str(world.town.id)] if start else [])]
        with queries.counting():
            assert client.submit(path, path, step="make", unit=units).status_code == 303
        # SQLite takes each new row by itself.
        costs.append(sum(not statement.startswith("INSERT") for statement in queries))
        with queries.counting():
            client.get(f"/tasks/{task.id}")
        shown.append(len(queries))
    assert costs[1] <= costs[0], costs
    assert shown[1] <= shown[0], shown


def test_each_unit_is_told_in_one_line_of_its_digest_and_the_giver_of_the_whole_alone(
    world, signed_in
):
    task = a_task(world, "Rà soát chi bộ thôn, bản", state=State.IN_PROGRESS, due=TODAY)
    units = [*some(world, 20), str(world.district.id)]
    path = f"/tasks/{task.id}/fan-out"
    signed_in(world.an).submit(path, path, step="make", unit=units)
    told = {
        person.name: text_of(signed_in(person).get("/digest").text)
        for person in (world.mai, world.an)
    }
    assert "Có 1 nội dung" in told[world.mai.name]
    assert [words.count(f"1. {task.title_vi}") for words in told.values()] == [1, 1]
    assert all(f"2. {task.title_vi}" not in words for words in told.values())
    history_agrees()


def test_several_people_giving_the_same_task_on_at_once_make_each_part_once(any_app):
    with any_app.app_context():
        world = a_world()
        task_id = a_task(world, state=State.IN_PROGRESS, due=TODAY).id
        units = some(world, 20)
        path, email = f"/tasks/{task_id}/fan-out", world.an.email
        db.session.remove()

    clients = [client_of(any_app).sign_in(email) for _window in range(4)]

    def give(client: Client) -> int:
        return client.submit(path, path, step="make", unit=units).status_code

    with ThreadPoolExecutor(4) as people:
        answers = Counter(people.map(give, clients))
    assert answers == {303: 1, 409: 3}
    with any_app.app_context():
        parts = select(Task.id, Task.lead_id).where(
            Task.parent_id == task_id, Task.tie == Tie.FANOUT
        )
        made = db.session.execute(parts).all()
        assert sorted(lead for _id, lead in made) == sorted(map(int, units))
        asked = select(func.count()).where(Ask.kind == AskKind.ASSIGNMENT)
        letters = asked.where(Ask.task_id.in_([task_id for task_id, _lead in made]))
        assert db.session.scalar(letters) == len(units)
        told = select(func.count()).where(Event.kind == Kind.FANNED_OUT)
        assert db.session.scalar(told) == 1
        history_agrees()
