"""What ran out is removed after a while."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import func, select

from tests.worlds import AT, a_world
from tracker.clock import machine_now
from tracker.history.actions import Doer
from tracker.people import actions, limits
from tracker.people.models import Attempt, Invitation, KeptForm, SignIn


def test_what_nobody_needs_any_more_is_removed(any_session, time):
    world = a_world()
    person, start = world.an, machine_now()
    old, _token = actions.begin_sign_in(person, "192.0.2.1", "", start)
    actions.end_sign_in(old, start)
    actions.keep_form(person.id, "/", "/", {"a": ["b"]}, start)
    limits.take_ticket("somebody", "192.0.2.1", start)
    by = Doer(world.khanh.id)
    settings = current_app.extensions["settings"]
    actions.invite(person, by=by, at=AT, clock_at=start, settings=settings)
    any_session.commit()
    assert left(any_session, start + timedelta(hours=23)) == [1, 3, 1, 1]
    assert left(any_session, start + timedelta(hours=25)) == [1, 0, 0, 1]
    assert left(any_session, start + timedelta(days=31)) == [0, 0, 0, 1]
    assert left(any_session, start + timedelta(days=38)) == [
        0,
        0,
        0,
        1,
    ]  # its number is not given again
    actions.invite(person, by=by, at=AT, clock_at=start + timedelta(days=38), settings=settings)
    assert left(any_session, start + timedelta(days=76)) == [0, 0, 0, 1]


def left(session, at):
    actions.tidy(at)
    kinds = (SignIn, Attempt, KeptForm, Invitation)
    return [session.scalar(select(func.count()).select_from(kind)) for kind in kinds]
