"""An invitation is mailed: its link is worked out when the mail is written, and stands in no row."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.databases import running
from tests.mail.letters import PATIENT
from tests.pages import client_of
from tests.worlds import AT, a_person, a_world, doer
from tracker.clock import machine_now
from tracker.db import db
from tracker.digests.mails import KINDS
from tracker.mail.delivery import deliver
from tracker.mail.messages import Letter, Skipped
from tracker.mail.models import Mail, MailKind, MailState
from tracker.mail.posts import post_of
from tracker.people.actions import disable, invite
from tracker.people.models import Invitation, Person

SECRET = "gió mùa thổi qua đồi"
render, still_fits = KINDS[MailKind.INVITATION]


def invitation_mail(person_id=None):
    mails = select(Mail).where(Mail.kind == MailKind.INVITATION).order_by(Mail.id.desc())
    if person_id:
        mails = mails.where(Mail.person_id == person_id)
    return db.session.scalars(mails.limit(1)).one()


def link_in(letter: Letter | Skipped) -> str:
    assert isinstance(letter, Letter)
    (link,) = re.findall(r"/invitations/[\w-]+", letter.text)
    return str(link)


@pytest.fixture
def admin(client, world):
    return client.sign_in(world.khanh.email)


def fields(world):
    return {
        "name": "Ngô Thị Đào",
        "email": "dao@test.local",
        "unit": world.town.id,
        "role": "member",
    }


def test_whoever_is_invited_gets_a_mail_with_the_link_the_administrator_saw(app, admin, world):
    answer = admin.submit("/people/new", **fields(world))
    page = admin.get(answer.location).text
    with app.app_context():
        letter = render(invitation_mail())
        assert isinstance(letter, Letter)
        assert letter.address == "dao@test.local"
        link = link_in(letter)
    assert link in page
    guest = client_of(app)
    assert guest.submit(link, password=SECRET, again=SECRET).status_code == 303
    assert "Ngô Thị Đào" in guest.get("/people/me").text


def test_the_token_stands_in_no_row(app, admin, world):
    admin.submit("/people/new", **fields(world))
    with app.app_context():
        token = link_in(render(invitation_mail())).rpartition("/")[2]
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(select(table)):
                assert token not in repr(row), table.name


def test_an_invitation_refused_by_the_form_makes_no_mail(app, admin, world):
    wrong = fields(world) | {"email": "dao"}
    assert admin.submit("/people/new", **wrong).status_code == 422
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Mail)) == 0


@pytest.fixture
def invited(app, world):
    """Somebody new with an invitation; the app's context is open."""
    with app.app_context():
        person = a_person("Ngô Thị Đào", "dao@test.local", lang="vi")
        again(app, world, person)
        yield person


def again(app, world, person):
    settings = app.extensions["settings"]
    invite(person, by=doer(world.binh), at=AT, clock_at=machine_now(), settings=settings)
    db.session.commit()


def test_an_expired_invitation_is_not_sent(invited, time):
    mail = invitation_mail()
    assert still_fits(mail)
    time.shift(timedelta(days=7))
    assert render(mail) == Skipped("expired")
    assert not still_fits(mail)


def test_a_used_invitation_is_not_sent(app, invited):
    mail = invitation_mail()
    guest = client_of(app)
    assert guest.submit(link_in(render(mail)), password=SECRET, again=SECRET).status_code == 303
    db.session.rollback()
    db.session.expire_all()
    assert render(invitation_mail()) == Skipped("used")
    assert not still_fits(invitation_mail())


def test_of_two_invitations_only_the_newer_is_sent(app, world, invited):
    older = invitation_mail().id
    again(app, world, invited)
    assert render(db.session.get_one(Mail, older)) == Skipped("used")
    assert isinstance(render(invitation_mail()), Letter)


def test_nobody_disabled_is_invited(world, invited):
    disable(invited, by=doer(world.binh), at=AT, clock_at=machine_now())
    db.session.commit()
    assert render(invitation_mail()) == Skipped("disabled")


def test_nobody_without_an_address_is_written_to(invited):
    invited.email = ""
    db.session.commit()
    assert render(invitation_mail()) == Skipped("no_address")


def test_under_another_key_no_link_is_guessed(app, invited):
    row = db.session.scalars(select(Invitation)).one()
    row.token_hash = "0" * 64
    db.session.commit()
    assert render(invitation_mail()) == Skipped("other_key")


def test_an_invitation_that_was_tidied_away_is_gone(invited):
    db.session.delete(db.session.scalars(select(Invitation)).one())
    db.session.commit()
    assert render(invitation_mail()) == Skipped("gone")
    assert not still_fits(invitation_mail())


def test_it_is_sent_and_then_forgotten(settings_for, sqlite_database, sink, time):
    """What opens an account stays in the outbox no longer than it must."""
    with running(settings_for(sqlite_database, **sink.variables)) as app, app.app_context():
        world = a_world()
        person = a_person("Ngô Thị Đào", "dao@test.local")
        again(app, world, person)
        post = post_of(app.extensions["settings"], patience=PATIENT)
        deliver(KINDS, lambda: False, post, now=machine_now)
        db.session.expire_all()
        mail = invitation_mail()
        assert (mail.state, mail.body_text, mail.body_html) == (MailState.SENT, None, None)
        assert [one.address for one in sink.taken()] == ["dao@test.local"]


def test_the_command_line_invites_by_mail_too(app, world):
    runner = app.test_cli_runner()
    result = runner.invoke(args=["people", "invite", world.nam.email], catch_exceptions=False)
    assert result.exit_code == 0
    with app.app_context():
        person = db.session.get_one(Person, world.nam.id)
        link = link_in(render(invitation_mail(person.id)))
    assert app.extensions["settings"].public_url + link in result.output
