"""Making digests due: for whom, on which days, once, and what becomes of the days on which nothing was made."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time

import pytest
from sqlalchemy import select

from tests.digests.desks import a_full_desk, composed, letter_to, mail_to, outbox, told
from tests.worlds import AT, TODAY, a_person, a_seat, a_task, a_world, doer
from tracker.clock import machine_now
from tracker.committees.models import Role
from tracker.db import db
from tracker.digests.actions import make_due
from tracker.mail.messages import Letter, Skipped
from tracker.mail.models import Mail, MailKind, MailState
from tracker.people.actions import disable
from tracker.people.models import Person
from tracker.tasks.actions import note

FRIDAY, MONDAY, WEDNESDAY = date(2018, 4, 6), date(2018, 4, 9), date(2018, 4, 11)


def rows(person):
    """The periods and states of a person's digests."""
    mails = select(Mail).filter_by(person_id=person.id).order_by(Mail.period)
    return [(mail.period, mail.state.value, mail.reason) for mail in db.session.scalars(mails)]


def test_everybody_with_a_seat_and_an_address_gets_one_row(app, world, time):
    with app.app_context():
        oanh = db.session.get_one(Person, world.oanh.id)
        disable(oanh, by=doer(world.an), at=AT, clock_at=machine_now())
        nobody = a_person("Không Địa Chỉ")
        nobody.email = ""
        a_seat(world.town, Role.MEMBER, nobody)
        left = a_person("Đã Nghỉ", "nghi@test.local")
        db.session.commit()
        outbox()
        people = set(db.session.scalars(select(Mail.person_id)))
        without = {world.oanh.id, world.khanh.id, nobody.id, left.id}
        everybody = {
            getattr(world, key).id
            for key in ("an", "binh", "chi", "dung", "giang", "ha", "lan", "mai", "nam")
        }
        assert people == everybody
        assert not people & without


def test_it_is_safe_to_repeat(app, world):
    with app.app_context():
        assert outbox() == 10
        assert outbox() == 0
        assert outbox(at=time(18)) == 0
        assert db.session.query(Mail).count() == 10


def test_nothing_is_due_too_early_or_on_a_day_of_rest(app, world):
    with app.app_context():
        assert outbox(at=time(7, 29)) == 0
        assert outbox(date(2018, 4, 14)) == 0
        assert outbox(date(2018, 2, 16)) == 0


def test_a_clock_set_back_makes_no_digest_twice(app, world):
    with app.app_context():
        assert outbox(WEDNESDAY) == 10
        assert outbox(TODAY) == 0
        assert outbox(WEDNESDAY) == 0


def test_a_clock_that_was_years_ahead_for_a_minute_stops_no_digest(app, world):
    with app.app_context():
        a_task(world, due=FRIDAY)
        assert outbox(date(2031, 4, 9)) == 10
        assert outbox(TODAY) == 10
        assert isinstance(composed(world.an), Letter)
        assert outbox(TODAY) == 0


def test_two_schedulers_at_once_make_one_row_each(any_app, time):
    with any_app.app_context():
        a_world()

    def schedule(_number):
        with any_app.app_context():
            made = outbox()
            db.session.remove()
            return made

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(schedule, range(4)))
    assert sum(made) == 10
    with any_app.app_context():
        assert len(db.session.scalars(select(Mail.id)).all()) == 10


# --- catching up ---


def test_days_on_which_nothing_was_made_are_one_digest_of_today(app, world):
    """The machine was off from Friday noon until Wednesday."""
    with app.app_context():
        a_task(world, due=date(2018, 3, 31))
        assert isinstance(told(world.an, FRIDAY), Letter)
        outbox(WEDNESDAY)
        assert rows(world.an) == [
            ("2018-04-06", "sent", None),
            ("2018-04-09", "skipped", "merged"),
            ("2018-04-10", "skipped", "merged"),
            ("2018-04-11", "due", None),
        ]
        mail = mail_to(world.an, WEDNESDAY)
        assert mail.covers_from == MONDAY


def test_the_digest_after_days_off_says_for_which_days_it_stands(app, world):
    with app.app_context():
        outbox(FRIDAY)
        a_task(world, due=date(2018, 3, 31))
        letter = letter_to(world.an, WEDNESDAY)
        assert letter.subject == "[Gộp 4 ngày] Bản tin từ 6-4-2018 đến 11-4-2018"
        assert "Hệ thống đã tạm ngừng gửi thư từ 6-4-2018 đến 11-4-2018." in letter.text
        assert rows(world.an)[0] == ("2018-04-06", "skipped", "merged")


def test_what_still_waits_is_merged_and_never_what_may_have_left(app, world):
    """Yesterday's is tried again, or in doubt; each of them has its own fate."""
    with app.app_context():
        outbox(MONDAY)
        for person, state in (
            (world.an, MailState.RETRY),
            (world.binh, MailState.AMBIGUOUS),
            (world.chi, MailState.SENT),
        ):
            mail_to(person, MONDAY).state = state
        db.session.commit()
        outbox(TODAY)
        assert rows(world.an)[0] == ("2018-04-09", "skipped", "merged")
        assert mail_to(world.an).covers_from == MONDAY
        for person, word in ((world.binh, "ambiguous"), (world.chi, "sent")):
            assert rows(person)[0] == ("2018-04-09", word, None)
            assert mail_to(person).covers_from is None


def test_what_waits_for_days_is_still_one_digest(app, world):
    """Mail was held from Friday on: each day merges what waits, and the last stands for all."""
    with app.app_context():
        for day in (FRIDAY, MONDAY, TODAY, WEDNESDAY):
            outbox(day)
        assert [state for _day, state, _why in rows(world.an)] == ["skipped"] * 3 + ["due"]
        assert mail_to(world.an, WEDNESDAY).covers_from == FRIDAY


def test_an_older_digest_that_comes_late_says_nothing(app, world):
    """Leased when the next day's was made, it is given back afterwards."""
    with app.app_context():
        a_task(world, due=date(2018, 3, 31))
        outbox(MONDAY)
        mail_to(world.an, MONDAY).state = MailState.LEASED
        db.session.commit()
        outbox(TODAY)
        assert composed(world.an, MONDAY) == Skipped("merged")


def test_at_every_instant_each_digest_due_is_in_one_state(app, world):
    with app.app_context():
        a_full_desk(world)
        for day in (FRIDAY, MONDAY, TODAY):
            told(world.an, day)
            told(world.mai, day)
        total = db.session.query(Mail).filter_by(kind=MailKind.DIGEST).count()
        assert total == 30  # ten people, three days


# --- day after day ---


def test_nothing_new_brings_no_mail_and_is_written_down(app, world):
    with app.app_context():
        a_task(world, due=date(2018, 3, 31))
        assert isinstance(told(world.an, TODAY), Letter)
        assert told(world.ha, TODAY) == Skipped("nothing")
        assert told(world.an, WEDNESDAY) == Skipped("nothing")
        assert rows(world.an)[-1] == ("2018-04-11", "skipped", "nothing")


def test_what_an_unsent_digest_would_have_told_is_told_by_the_next(app, world):
    """The server refused it for good, so nobody has read it."""
    with app.app_context():
        a_task(world, due=date(2018, 3, 31))
        first = letter_to(world.an, TODAY)
        mail = mail_to(world.an)
        mail.state, mail.told = MailState.DEAD, first.told
        db.session.commit()
        assert isinstance(told(world.an, WEDNESDAY), Letter)


def test_what_may_have_arrived_is_not_told_again(app, world):
    with app.app_context():
        a_task(world, due=date(2018, 3, 31))
        first = letter_to(world.an, TODAY)
        mail = mail_to(world.an)
        mail.state, mail.told = MailState.AMBIGUOUS, first.told
        db.session.commit()
        assert told(world.an, WEDNESDAY) == Skipped("nothing")


@pytest.mark.parametrize(("who", "is_news"), [("an", False), ("chi", True)])
def test_ones_own_words_are_no_news_to_oneself(app, world, who, is_news):
    """The chair writes a line; her colleague is told, she is not."""
    with app.app_context():
        task = a_task(world, due=date(2018, 3, 31))
        person = getattr(world, who)
        assert isinstance(told(person, TODAY), Letter)
        note(task, "Đã làm xong phần một", by=doer(world.an), at=AT)
        db.session.commit()
        assert isinstance(told(person, WEDNESDAY), Letter) is is_news


def test_make_due_counts_what_is_new(app, world):
    with app.app_context():
        assert make_due(AT, clock_at=AT, domain="viec.test.local") == 10
