"""The worker: each minute what is due is made and sent; the queue only wakes it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.databases import running
from tracker.clock import machine_now
from tracker.db import db
from tracker.history.actions import Doer
from tracker.mail.models import Mail, MailState
from tracker.people.models import Person
from tracker.rules.actions import hold_mail
from tracker.rules.queries import last_tick
from tracker.worker import tick, with_tasks

LEADER = "leader@demo.local"


@pytest.fixture
def demonstration(settings_for, demo_database, sink):
    with running(settings_for(demo_database, **sink.variables)) as app:
        yield app


def states(app) -> list[MailState]:
    with app.app_context():
        return list(db.session.scalars(select(Mail.state)))


def test_a_tick_makes_what_is_due_and_sends_it_once(demonstration, sink):
    tick(demonstration)
    tick(demonstration)
    assert [taken.address for taken in sink.taken()].count(LEADER) == 1
    assert set(states(demonstration)) <= {MailState.SENT, MailState.SKIPPED}
    with demonstration.app_context():
        assert machine_now() - (last_tick() or machine_now()) < timedelta(minutes=1)


def test_held_mail_is_made_and_stays(demonstration, sink):
    with demonstration.app_context():
        hold_mail(by=Doer(), at=machine_now(), clock_at=machine_now())
        db.session.commit()
    tick(demonstration)
    assert set(states(demonstration)) == {MailState.DUE}
    assert not sink.taken()


def test_the_command_says_what_became_of_the_mails(demonstration, sink):
    runner = demonstration.test_cli_runner()
    assert "Nothing is due." in runner.invoke(args=["mail", "deliver"]).output
    with demonstration.app_context():
        hold_mail(by=Doer(), at=machine_now(), clock_at=machine_now())
        db.session.commit()
    assert "/admin/mail" in runner.invoke(args=["mail", "deliver"]).output


def test_a_tick_comes_each_minute_and_is_not_made_up_for(demonstration, sink):
    tasks = with_tasks(demonstration)
    periodic = {task.name: task for task in tasks._registry.periodic_tasks}
    assert set(periodic) == {"housekeeping", "tick"}
    tasks.enqueue(periodic["tick"])
    woken = tasks.dequeue()
    assert (
        timedelta()
        < woken.expires_resolved - machine_now().replace(tzinfo=None)
        <= timedelta(minutes=1)
    )
    tasks.execute(woken)
    assert LEADER in [taken.address for taken in sink.taken()]
    tasks.storage.close()


def test_nobody_who_is_disabled_is_written_to(demonstration, sink):
    with demonstration.app_context():
        leader = db.session.scalar(select(Person).where(Person.email == LEADER))
        assert leader
        leader.disabled_at = machine_now()
        db.session.commit()
    tick(demonstration)
    assert LEADER not in [taken.address for taken in sink.taken()]
