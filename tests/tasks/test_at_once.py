"""Two people at one task in the same moment: nothing is lost, nothing is overwritten in silence."""

from threading import Thread
from time import sleep

import pytest
from sqlalchemy import select, update

from tests.pages import client_of
from tests.worlds import a_task, a_world
from tracker.db import db
from tracker.history.models import Event, Kind
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Task


@pytest.fixture
def world(any_app):
    with any_app.app_context():
        yield a_world()


def sent_meanwhile(app, person, task, path, other, **fields):
    """Send a form while another transaction has changed the task and not yet committed."""
    client = client_of(app).sign_in(person.email)
    data = client.get(f"/tasks/{task.id}").text
    token = data.split('name="csrf_token" value="')[1].split('"')[0]
    answers = []
    form = {"csrf_token": token, "version": task.version} | fields
    thread = Thread(target=lambda: answers.append(client.post(path, data=form)))
    db.session.rollback()
    with db.engine.connect().execution_options(writing=True) as beside, beside.begin():
        changed = update(Task).where(Task.id == task.id)
        beside.execute(changed.values(version=Task.version + 1, **other))
        thread.start()
        sleep(0.5)
    thread.join()
    return answers[0]


def fresh_state(task):
    db.session.rollback()
    return db.session.scalar(select(Task.state).where(Task.id == task.id))


def test_a_line_of_progress_is_taken_while_somebody_else_changes_the_task(any_app, world):
    task = a_task(world, state=State.IN_PROGRESS)
    answer = sent_meanwhile(
        any_app,
        world.an,
        task,
        f"/tasks/{task.id}/notes",
        {"state": State.ON_HOLD},
        words="Xong hai xã",
    )
    told = db.session.scalars(select(Event).where(Event.kind == Kind.NOTED)).all()
    assert (answer.status_code, [event.state for event in told]) == (303, ["on_hold"])


def test_a_correction_made_in_the_same_moment_meets_the_conflict_page(any_app, world):
    task = a_task(world)
    path = f"/tasks/{task.id}/edit"
    answer = sent_meanwhile(
        any_app,
        world.binh,
        task,
        path,
        {"note": "a"},
        title_vi="Tên khác",
    )
    assert answer.status_code == 409
    assert "Tên khác" in answer.text


def test_a_move_made_in_the_same_moment_meets_the_conflict_page(any_app, world):
    task = a_task(world)
    answer = sent_meanwhile(
        any_app, world.an, task, f"/tasks/{task.id}/start", {"state": State.ON_HOLD}
    )
    assert answer.status_code == 409
    assert fresh_state(task) is State.ON_HOLD
