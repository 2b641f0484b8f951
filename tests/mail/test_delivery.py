"""Delivery as it goes well, and what is decided anew before each attempt."""

from datetime import timedelta
from types import SimpleNamespace

import psycopg
import pytest
from sqlalchemy import event, select, update

from tests.databases import running
from tests.mail.letters import (
    a_letter,
    an_outbox,
    deliver_all,
    kinds,
    mails,
    put,
    some_people,
    states,
)
from tests.mail.servers import OK
from tracker.clock import machine_now
from tracker.db import db, sqlite_module
from tracker.mail import actions, delivery
from tracker.mail.delivery import Letter, Skipped
from tracker.mail.models import Mail, MailKind, MailState
from tracker.people.models import Person

PEOPLE = ["an@test.local", "binh@test.local", "chi@test.local"]
HOUR = timedelta(hours=1)


def filled(app, addresses=PEOPLE, **more):
    with app.app_context():
        an_outbox(some_people(addresses), **more)
    return app


def nobody_to_compose(_mail):
    raise AssertionError("must not be composed anew")


def test_each_person_gets_their_own_mail_once_over_one_connection(place, sink):
    app = filled(place(**sink.variables).app)
    assert deliver_all(app) == {"sent": 3}
    assert deliver_all(app) == {}
    assert sorted(taken.address for taken in sink.taken()) == PEOPLE
    assert sink.connections == 1
    mail = mails(app)["an"]
    assert (mail.state, mail.attempts, mail.reason, mail.owner) == (MailState.SENT, 1, None, None)
    assert (mail.reply, mail.told) == ("250 OK", {"7": "late"})
    assert mail.sent_at
    assert mail.message_id == next(t.message_id for t in sink.taken() if t.address == PEOPLE[0])


def test_without_a_server_each_mail_is_a_file(place):
    spot = place()
    app = filled(spot.app)
    assert deliver_all(app) == {"sent": 3}
    folder = app.extensions["settings"].instance_path / "mail"
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == sorted(
        f"{mail.message_id.strip('<>')}.eml" for mail in mails(app).values()
    )
    assert files[0].stat().st_mode & 0o077 == 0
    assert "To: " in files[0].read_text(encoding="ascii")


def test_a_folder_that_cannot_be_written_leaves_the_mails_waiting(site):
    site.extensions["settings"].instance_path.mkdir(parents=True, exist_ok=True)
    place = site.extensions["settings"]
    object.__setattr__(place, "smtp_url", None)
    (place.instance_path / "mail").write_text("in the way")
    filled(site)
    assert deliver_all(site) == {"retry": 1}
    assert states(site) == {"retry": 1, "due": 2}


def test_nothing_leaves_before_its_time(site):
    with site.app_context():
        (person_id,) = some_people(PEOPLE[:1])
        assert put(person_id, next_at=machine_now() + HOUR)
        assert not put(person_id)
        db.session.commit()
    assert deliver_all(site) == {}
    assert deliver_all(site, ahead=HOUR) == {"sent": 1}


def test_what_is_held_waits(site, sink):
    filled(site)
    assert deliver_all(site, held=True) == {}
    assert (states(site), sink.taken()) == ({"due": 3}, [])
    assert deliver_all(site) == {"sent": 3}


def test_asked_to_stop_it_sends_the_mail_it_is_at_and_gives_the_others_back(site, sink):
    filled(site)
    stopping = []
    sink.hook = lambda: stopping.append(1)
    assert deliver_all(site, is_stopping=lambda: bool(stopping)) == {"sent": 1}
    assert states(site) == {"sent": 1, "due": 2}
    assert {mail.owner for mail in mails(site).values()} == {None}


def test_nothing_to_say_is_written_down(site, sink):
    filled(site)
    assert deliver_all(site, kinds=kinds(lambda _mail: Skipped("nothing"))) == {"skipped": 3}
    assert {mail.reason for mail in mails(site).values()} == {"nothing"}
    assert not sink.taken()


def test_one_that_cannot_be_composed_keeps_nobody_waiting(site, sink):
    filled(site)

    def broken_for_an(mail: Mail) -> Letter | Skipped:
        letter = a_letter(mail)
        assert letter.address != PEOPLE[0]
        return letter

    assert deliver_all(site, kinds=kinds(broken_for_an)) == {"sent": 2, "retry": 1}
    mail = mails(site)["an"]
    assert (mail.attempts, mail.reply) == (1, "The mail could not be composed; the log says why.")
    assert deliver_all(site, ahead=HOUR) == {"sent": 1}


@pytest.mark.parametrize("field", ["address", "subject", "name"])
def test_what_would_say_more_than_one_thing_to_a_server_never_leaves(site, sink, field):
    filled(site, PEOPLE[:1])

    def injected(mail: Mail) -> Letter:
        letter = a_letter(mail)
        values = vars(letter) | {field: f"{vars(letter)[field]}\r\nBcc: ha@test.local"}
        return Letter(**values)

    assert deliver_all(site, kinds=kinds(injected)) == {"dead": 1}
    assert not sink.taken()
    assert "line end" in (mails(site)["an"].reply or "")


def test_after_a_refusal_it_is_composed_as_things_stand_then(site, sink):
    filled(site, PEOPLE[:1])
    sink.script[PEOPLE[0]] = ["451 later", OK]
    deliver_all(site)
    assert mails(site)["an"].body_text is None
    with site.app_context():
        db.session.execute(update(Person).values(email="an.moi@test.local"))
        db.session.commit()
    assert deliver_all(site, ahead=HOUR) == {"sent": 1}
    assert [taken.address for taken in sink.taken()] == ["an.moi@test.local"]


def test_in_doubt_the_same_bytes_leave_once_more(site, sink):
    filled(site, PEOPLE[:1])
    sink.script[PEOPLE[0]] = ["data: take, drop", OK]
    assert deliver_all(site) == {"ambiguous": 1}
    assert deliver_all(site, ahead=HOUR, kinds=kinds(nobody_to_compose)) == {"sent": 1}
    first, second = sink.taken()
    assert first == second
    assert mails(site)["an"].doubts == 1


def test_in_doubt_nothing_leaves_that_the_person_may_not_see_any_more(site, sink):
    filled(site, PEOPLE[:1])
    sink.script[PEOPLE[0]] = ["data: drop", OK]
    deliver_all(site)
    changed = kinds(nobody_to_compose, lambda _mail: False)
    assert deliver_all(site, ahead=HOUR, kinds=changed) == {"ambiguous": 1}
    assert deliver_all(site, ahead=HOUR * 2) == {}
    assert (mails(site)["an"].reason, sink.taken()) == ("changed", [])


def test_in_doubt_twice_a_person_decides(site, sink):
    filled(site, PEOPLE[:1])
    sink.script[PEOPLE[0]] = ["data: drop"]
    for hours in range(4):
        deliver_all(site, ahead=HOUR * hours)
    mail = mails(site)["an"]
    assert (mail.state, mail.doubts, mail.reason) == (MailState.AMBIGUOUS, 2, "doubted")


def test_in_doubt_and_then_refused_it_is_never_composed_anew(site, sink):
    filled(site, PEOPLE[:1])
    sink.script[PEOPLE[0]] = ["data: take, drop", "451 later", OK]
    deliver_all(site)
    anew = kinds(nobody_to_compose)
    assert deliver_all(site, ahead=HOUR, kinds=anew) == {"ambiguous": 1}
    assert deliver_all(site, ahead=HOUR * 2, kinds=anew) == {"sent": 1}
    assert len(set(sink.taken())) == 1


def test_a_mail_that_took_too_long_and_arrived_is_sent_once_more_by_nobody(site, sink):
    """Its lease ran out while the server took its time: another deliverer has it, and has not begun."""
    filled(site, PEOPLE[:1])

    def somebody_else_takes_it() -> None:
        with site.app_context():
            at = machine_now() + HOUR
            actions.recover(at)
            assert actions.lease("somebody else", at, at + HOUR, 1)
            db.session.commit()

    sink.hook = somebody_else_takes_it
    assert deliver_all(site) == {"sent": 1}
    assert mails(site)["an"].state is MailState.SENT


def test_older_mails_that_wait_are_merged_into_the_newest(site):
    with site.app_context():
        (person_id,) = some_people(PEOPLE[:1])
        for period in ("2018-04-09", "2018-04-10", "2018-04-11"):
            an_outbox([person_id], period=period)
        assert actions.merge_older(person_id, MailKind.DIGEST, "2018-04-11") == 2
        db.session.commit()
    assert deliver_all(site) == {"sent": 1}
    assert states(site) == {"skipped": 2, "sent": 1}


def test_the_index_of_open_mails_finds_what_is_due(site):
    with site.app_context():
        statement = actions._claimable(machine_now(), 10)
        sql = str(statement.compile(db.engine, compile_kwargs={"literal_binds": True}))
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}").all()
    assert "ix_mail_open" in str(plan)


# --- no transaction while a server talks ------------------------------------------------------------


def test_no_transaction_is_open_while_the_server_talks(place, sink, any_url):
    app = filled(place(**sink.variables).app)
    looks = []
    sink.hook = lambda: looks.append(look(app, any_url))
    assert deliver_all(app) == {"sent": 3}
    assert looks == ["nothing is open"] * 3


def look(app, url: str) -> str:
    """Write beside the deliverer, and look whether any connection of the app is in a transaction."""
    with app.app_context():
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    if url.startswith("sqlite"):
        connection = sqlite_module().connect(url.removeprefix("sqlite:///"), timeout=0)
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("UPDATE person SET theme = 'dark'")
        connection.execute("COMMIT")
        connection.close()
        return "nothing is open"
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        own = (
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        busy = connection.execute(
            f"{own} AND pid <> pg_backend_pid() AND (xact_start IS NOT NULL OR state <> 'idle')"
        )
        return "nothing is open" if busy.fetchone() == (0,) else "a transaction is open"


@pytest.mark.postgresql
def test_a_database_restarted_meanwhile_costs_nothing(settings_for, postgresql_database, sink):
    """Every connection is gone when the server has taken the mail, and still that is written down."""

    def restart() -> None:
        with psycopg.connect(postgresql_database.replace("+psycopg", "")) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    with running(settings_for(postgresql_database, **sink.variables)) as app:
        filled(app)
        sink.hook = restart
        assert deliver_all(app) == {"sent": 3}
        assert len(sink.taken()) == 3


def test_a_database_busy_for_a_while_is_waited_for(site, sink, monkeypatch):
    """Somebody writes for longer than SQLite waits, just when the server has taken the mail."""
    filled(site, PEOPLE[:1])
    file = site.extensions["settings"].database_url.removeprefix("sqlite:///")
    beside = sqlite_module().connect(file, check_same_thread=False, isolation_level=None)
    with site.app_context():
        db.engine.dispose()
        event.listen(db.engine, "connect", lambda line, _: line.execute("PRAGMA busy_timeout=50"))
    sink.hook = lambda: beside.execute("BEGIN IMMEDIATE")
    pauses = []

    def end_it(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            beside.execute("COMMIT")

    monkeypatch.setattr(delivery, "time", SimpleNamespace(sleep=end_it))
    assert deliver_all(site) == {"sent": 1}
    beside.close()
    assert len(pauses) == 2
    assert states(site) == {"sent": 1}


# --- texts do not stay ------------------------------------------------------------------------------


def test_the_text_of_a_digest_is_kept_for_30_days(site):
    filled(site)
    deliver_all(site)
    assert texts(site, after=timedelta(days=29)) == 3
    assert texts(site, after=timedelta(days=31)) == 0
    assert mails(site)["an"].told == {"7": "late"}


def test_the_text_of_an_invitation_goes_as_soon_as_it_has_left(site, sink):
    filled(site, kind=MailKind.INVITATION)
    sink.script[PEOPLE[0]] = ["550 unknown"]
    sink.script[PEOPLE[1]] = ["data: drop"]
    deliver_all(site)
    assert states(site) == {"sent": 1, "dead": 1, "ambiguous": 1}
    assert texts(site) == 1  # the one that must be sent once more
    deliver_all(site, ahead=HOUR)
    assert texts(site) == 0


def texts(app, after=timedelta()) -> int:
    """Return how many texts are left when somebody has cleaned up."""
    with app.app_context():
        actions.purge(machine_now() + after)
        db.session.commit()
        kept = select(Mail.body_text, Mail.body_html, Mail.subject, Mail.headers)
        return sum(any(row) for row in db.session.execute(kept))
