"""Two at one wish in the same moment: one is heard, the other is told; a whole and its part never wait for ever."""

from datetime import date
from threading import Thread

import pytest
from sqlalchemy import select

from tests.pages import choose, client_of, filled, parse
from tests.worlds import AT, TODAY, World, a_child, a_task, a_world, doer
from tracker.db import db
from tracker.requests import extensions
from tracker.requests.extensions import Wish
from tracker.requests.limits import Case
from tracker.tasks.actions import Due
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Ask, Task

LATER = date(2018, 5, 15)
WISH = Wish(Due("date", "15-5-2018", None, LATER), "Chờ số liệu", "Xong hai xã")


@pytest.fixture
def world(any_app):
    with any_app.app_context():
        yield a_world()


def wished(world: World, task: Task, by=None) -> Task:
    case = Case(task.state, task.due_on)
    extensions.ask(task, WISH, case=case, by=doer(by or world.an), at=AT)
    db.session.commit()
    return task


def form_of(client, task: Task) -> dict[str, str]:
    path = f"/tasks/{task.id}/extension"
    return filled(choose(parse(client.get(path).text)[0], path, {}))


def together(*requests) -> list[int]:
    """Send requests at once; return their statuses in order."""
    db.session.remove()
    answers: list[int] = []
    threads = [Thread(target=lambda r=r: answers.append(r().status_code)) for r in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def test_of_two_decisions_in_one_moment_one_counts(any_app, world):
    task = wished(world, a_task(world, due=TODAY))
    office, leader = (client_of(any_app).sign_in(p.email) for p in (world.binh, world.dung))
    yes = form_of(office, task) | {"decision": "grant"}
    no = form_of(leader, task) | {"decision": "refuse", "words": "Giữ hạn"}
    path, task_id = f"/tasks/{task.id}/extension", task.id
    assert together(lambda: office.post(path, data=yes), lambda: leader.post(path, data=no)) == [
        303,
        409,
    ]
    granted = db.session.scalar(select(Ask.granted).where(Ask.task_id == task_id))
    slips = db.session.scalar(select(Task.slips).where(Task.id == task_id))
    assert slips == int(granted is True)


def test_a_whole_and_its_part_granted_in_one_moment_are_both_granted(any_app, world):
    whole = wished(world, a_task(world, due=TODAY))
    part = wished(world, a_child(world, whole, world.district, due=date(2018, 4, 9)), world.mai)
    whole.due_on = date(2018, 5, 14)
    db.session.commit()
    office, lead = (client_of(any_app).sign_in(p.email) for p in (world.binh, world.an))
    up = form_of(office, whole) | {"decision": "grant"}
    down = form_of(lead, part) | {
        "decision": "other",
        "due_words": "30-4-2018",
    }
    paths = f"/tasks/{whole.id}/extension", f"/tasks/{part.id}/extension"
    assert together(
        lambda: office.post(paths[0], data=up), lambda: lead.post(paths[1], data=down)
    ) == [303, 303]


def test_of_a_whole_brought_forward_and_its_part_sent_the_later_knows_the_earlier(any_app, world):
    whole = a_task(world, due=LATER)
    part = a_child(world, whole, world.district, tie=Tie.PART, assigner=world.province)
    part.state = State.DRAFT
    db.session.commit()
    office, leader = (client_of(any_app).sign_in(p.email) for p in (world.binh, world.dung))
    paths = f"/tasks/{whole.id}/deadline", f"/tasks/{part.id}/send"
    sooner = {"due_words": "30-4-2018", "words": "Sớm hơn", "below": "follow"}
    up, down = (
        filled(choose(parse(client.get(path).text)[0], path, {}))
        for client, path in zip((office, leader), paths, strict=True)
    )
    part_id = part.id
    found = together(
        lambda: office.post(paths[0], data=up | sooner),
        lambda: leader.post(paths[1], data=down | {"words": "Gấp"}),
    )
    sent = db.session.execute(select(Task.state, Task.due_on).where(Task.id == part_id)).one()
    assert (found, tuple(sent)) in [
        ([303, 303], (State.ASSIGNED, date(2018, 4, 30))),
        ([303, 409], (State.DRAFT, LATER)),
    ]
