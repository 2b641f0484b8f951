"""Forty days without a worker, then several at once, one of them killed: every task of every period once."""

import os
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from tests.databases import PATIENTLY, SECRET
from tests.recurrences.duties import a_duty, at, days
from tests.worlds import TODAY, World, a_world
from tracker.clock import machine_now
from tracker.db import db
from tracker.history.models import Event, Kind
from tracker.rules.actions import anchor_clock
from tracker.settings import ROOT
from tracker.tasks.lifecycle import Tie
from tracker.tasks.models import Ask, Task
from tracker.worker import recur

BACK = TODAY + timedelta(days=40)
WORDS = ("hằng tuần", "hằng tháng", "trước ngày 15 hằng tháng", "hằng quý", "ngày 1 hằng tháng")
EXPECTED = {
    "hằng tuần": [str(date(2018, 4, 13) + timedelta(weeks=n)) for n in range(6)],
    "hằng tháng": ["2018-04-30", "2018-05-31"],
    "trước ngày 15 hằng tháng": ["2018-04-14", "2018-05-14"],
    "hằng quý": ["2018-06-30"],
    "ngày 1 hằng tháng": ["2018-05-01"],
}


def duties(world: World) -> list[Task]:
    return [a_duty(world, words, on=TODAY, coordinators=[world.district]) for words in WORDS]


def come_back(day: date = BACK) -> None:
    """Let the site's clock show a later day."""
    anchor_clock(at(day), machine_now())
    db.session.commit()
    current_app.extensions.pop("clock", None)


def found(given: list[Task]) -> dict[str, list[str]]:
    return {duty.due_words or "": days(duty) for duty in given}


def check_all_of_it_stands_once(given: list[Task]) -> None:
    """Each period has one task, with one line, one letter and one event for each of the two, one on the duty."""
    assert found(given) == EXPECTED
    made = list(db.session.scalars(select(Task.id).where(Task.tie == Tie.OCCURRENCE)))
    parents = select(Task.parent_id).where(Task.tie == Tie.LINE, Task.parent_id.in_(made))
    assert sorted(filter(None, db.session.scalars(parents))) == sorted(made)
    letters = select(Ask.task_id).where(Ask.task_id.in_(made))
    assert sorted(db.session.scalars(letters)) == sorted(made)
    told = Counter(db.session.scalars(select(Event.task_id).where(Event.kind == Kind.RECURRED)))
    assert {told[task_id] for task_id in made} == {1}
    assert [told[duty.id] for duty in given] == [len(due) for due in EXPECTED.values()]


def test_several_workers_at_once_make_each_missed_task_once(any_app: Flask):
    with any_app.app_context():
        given = duties(a_world())
        come_back()
        db.session.remove()
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(recur, [any_app] * 8))
    with any_app.app_context():
        check_all_of_it_stands_once(given)


@pytest.fixture
def worker(request: pytest.FixtureRequest, any_app: Flask):
    """`worker(3)`: a worker as a process of its own, killed while it writes its third task."""
    settings = any_app.extensions["settings"]
    variables = {"DATABASE_URL": settings.database_url, "SECRET_KEY": SECRET}
    variables |= {"PATH": os.environ["PATH"], "TRACKER_INSTANCE": str(settings.instance_path)}

    def start(*killed_at: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.recurrences.scheduler", *map(str, killed_at)]
        return subprocess.Popen(command, cwd=ROOT, env=variables)

    return start


@pytest.mark.long
@pytest.mark.parametrize("any_app", PATIENTLY, indirect=True)
def test_workers_killed_while_they_write_leave_nothing_half_made(any_app: Flask, worker):
    with any_app.app_context():
        given = duties(a_world())
        come_back()
        db.session.remove()
    killed = [worker(number) for number in (1, 3, 6)]
    ended = {process.wait(120) for process in killed}
    assert -signal.SIGKILL in ended
    assert ended <= {0, -signal.SIGKILL}
    last = [worker(), worker()]
    assert [process.wait(120) for process in last] == [0, 0]
    with any_app.app_context():
        check_all_of_it_stands_once(given)


def test_a_worker_killed_in_the_middle_leaves_nothing_half_made(app: Flask):
    """The same in this process: what was being written is taken back, the next one makes it."""
    with app.app_context():
        given = duties(a_world())
        come_back()
        db.session.remove()

    class Killed(BaseException):
        pass

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tracker.letters.actions.assign", _raising(Killed, at_call=4))
        with pytest.raises(Killed):
            recur(app)
    recur(app)
    with app.app_context():
        check_all_of_it_stands_once(given)


def _raising(kind: type[BaseException], *, at_call: int):
    from tracker.letters.actions import assign

    calls = iter(range(1, 1000))

    def dying(*args, **more):
        if next(calls) == at_call:
            raise kind
        assign(*args, **more)

    return dying


def test_a_duty_whose_words_are_not_read_any_more_stops_no_other(app: Flask):
    with app.app_context():
        given = duties(a_world())
        broken = given[0]
        broken.due_words = "hằng tuần " * 3  # not read any more
        db.session.commit()
        come_back()
        db.session.remove()
    recur(app)
    with app.app_context():
        made = found(given)
        assert {words: made[words] for words in WORDS[1:]} == {w: EXPECTED[w] for w in WORDS[1:]}
