"""A digest is composed under the rights of the moment in which it leaves, not of that in which it became due."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.databases import running
from tests.digests.desks import a_full_desk, composed, mail_to, outbox
from tests.mail.letters import PATIENT
from tests.mail.servers import Sink
from tests.worlds import TODAY, a_task, a_world, doer, me
from tracker.clock import machine_now
from tracker.committees.actions import leave_seat
from tracker.committees.models import Role, Seat, Tenure
from tracker.db import db
from tracker.digests.actions import prefer, turn_off
from tracker.digests.mails import KINDS, digest_still_fits
from tracker.digests.values import Section
from tracker.history.actions import record
from tracker.history.models import Kind
from tracker.mail.delivery import deliver
from tracker.mail.messages import Letter, Skipped
from tracker.mail.models import Mail, MailState
from tracker.mail.posts import post_of
from tracker.people.actions import disable, enable
from tracker.people.models import Person
from tracker.tasks.models import Task
from tracker.tasks.queries import visible_to

CANARY = "Chim hoàng yến"
WORDS = "Lời của chim hoàng yến"


@pytest.fixture
def canary(app, world):
    """A late task of the commission, whose title nobody else may read, with its digest due."""
    with app.app_context():
        task = a_task(world, CANARY, due=date(2018, 3, 31), assigner=world.standing)
        outbox()
        return task


def disabled(world):
    person, at = db.session.get_one(Person, world.an.id), machine_now()
    disable(person, by=doer(world.binh), at=at, clock_at=at)


def _tenure(person):
    return db.session.scalars(select(Tenure).filter_by(person_id=person.id)).one()


def unseated(world):
    leave_seat(_tenure(world.an), TODAY - timedelta(days=1), by=doer(world.binh), at=machine_now())


def moved(world):
    """From the commission to the town, as an event tells it."""
    tenure = _tenure(world.an)
    seat = Seat(unit_id=world.town.id, role=Role.CHAIR, is_head=True)
    db.session.add(seat)
    db.session.flush()
    tenure.seat_id = seat.id
    record(Kind.SEAT_TAKEN, by=doer(world.binh), at=machine_now(), subject_id=world.an.id)


def taken_away(world):
    """The task is passed on to a unit elsewhere."""
    task = db.session.scalars(select(Task).filter_by(title_vi=CANARY)).one()
    task.lead_id = task.assigner_id = task.verdict_unit_id = world.elsewhere.id
    record(Kind.REASSIGNED, by=doer(world.binh), at=machine_now())


def stopped(world):
    turn_off(world.an.id, None)


def quiet(world):
    prefer(world.an.id, is_off=False, off=[], quiet_days=[TODAY.isoweekday()])


CHANGES = {
    disabled: "disabled",
    unseated: "no_seat",
    moved: "nothing",
    taken_away: "nothing",
    stopped: "off",
    quiet: "quiet",
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda c: c.__name__)
def test_between_queue_and_sending(app, world, canary, change):
    with app.app_context():
        change(world)
        db.session.commit()
        assert composed(world.an) == Skipped(CHANGES[change])


@pytest.mark.parametrize("change", CHANGES, ids=lambda c: c.__name__)
def test_between_a_refused_attempt_and_the_next(site, time, sink: Sink, change):
    """The first time the server says: later. By then everything is otherwise, and nothing leaves."""
    with site.app_context():
        world = a_world()
        a_task(world, CANARY, due=date(2018, 3, 31), assigner=world.standing)
        sink.script[world.an.email] = ["451 later", "250 OK"]
        outbox()
        sent_by(site)
        assert mail_to(world.an).state is MailState.RETRY
        change(world)
        db.session.commit()
    time.shift(timedelta(minutes=2))
    with site.app_context():
        sent_by(site)
        mail = mail_to(world.an)
        assert (mail.state, mail.reason) == (MailState.SKIPPED, CHANGES[change])
        assert not [one for one in sink.taken() if one.address == world.an.email]


def sent_by(site):
    post = post_of(site.extensions["settings"], patience=PATIENT)
    deliver(KINDS, lambda: False, post, now=machine_now)


@pytest.fixture
def site(settings_for, sqlite_database, sink):
    """The app on SQLite that sends to `sink`."""
    with running(settings_for(sqlite_database, **sink.variables)) as app:
        yield app


@pytest.mark.parametrize("change", CHANGES, ids=lambda c: c.__name__)
def test_what_was_sent_in_doubt_is_not_sent_again_where_rights_have_changed(
    app, world, canary, change
):
    with app.app_context():
        letter = composed(world.an)
        assert isinstance(letter, Letter)
        mail = mail_to(world.an)
        mail.told = letter.told
        db.session.commit()
        assert digest_still_fits(mail)
        change(world)
        db.session.commit()
        db.session.expire_all()
        assert not digest_still_fits(mail_to(world.an))


def test_a_section_stopped_meanwhile_keeps_a_mail_in_doubt_back(app, world, canary):
    with app.app_context():
        letter = composed(world.an)
        assert isinstance(letter, Letter)
        mail = mail_to(world.an)
        mail.told = letter.told
        turn_off(world.an.id, Section.DUE_SOON)
        db.session.commit()
        assert digest_still_fits(mail)
        turn_off(world.an.id, Section.LATE)
        db.session.commit()
        assert not digest_still_fits(mail)


def test_whoever_is_enabled_again_is_told(app, world, canary):
    with app.app_context():
        disabled(world)
        db.session.commit()
        assert composed(world.an) == Skipped("disabled")
        enable(db.session.get_one(Person, world.an.id), by=doer(world.binh), at=machine_now())
        db.session.commit()
        letter = composed(world.an)
        assert isinstance(letter, Letter)
        assert CANARY in letter.text


def test_a_leader_who_becomes_a_member_is_told_of_the_own_desk_only(app, world):
    with app.app_context():
        a_task(world, CANARY, lead=world.division, assigner=world.commission, due=date(2018, 4, 2))
        a_task(world, "Việc của Ban", due=date(2018, 4, 2))
        outbox()
        assert CANARY in as_text(composed(world.an))
        seat = db.session.get_one(Seat, _tenure(world.an).seat_id)
        seat.role = Role.MEMBER
        record(Kind.SEAT_TAKEN, by=doer(world.binh), at=machine_now(), subject_id=world.an.id)
        db.session.commit()
        after = as_text(composed(world.an))
        assert CANARY not in after
        assert "Việc của Ban" in after


def as_text(letter):
    assert isinstance(letter, Letter), letter
    return letter.subject + letter.text + letter.html


def test_nobody_is_told_what_they_may_not_see(app, world):
    """Every title named in anybody's digest is one they find on the site."""
    with app.app_context():
        tasks = a_full_desk(world)
        hidden = a_task(
            world, CANARY, lead=world.elsewhere, assigner=world.elsewhere, due=date(2018, 4, 1)
        )
        outbox()
        told = {}
        for mail in db.session.scalars(select(Mail)).all():
            person = db.session.get_one(Person, mail.person_id)
            letter = composed(person)
            if not isinstance(letter, Letter):
                continue
            told[person.email] = set(letter.told["named"])
            seen = {task.id for task in db.session.scalars(visible_to(me(person)))}
            assert told[person.email] <= seen
            assert (CANARY in as_text(letter)) == (person.id == world.ha.id)
            titles = {title for title, task in tasks.items() if task.title_vi in as_text(letter)}
            assert {tasks[title].id for title in titles} <= seen
        assert hidden.id in told["ha@test.local"]
        assert len(told) >= 8
