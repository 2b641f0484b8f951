"""A server that refuses, stalls, breaks off, puts off: every mail is in its right state, and the others are sent."""

import socket
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from threading import Thread

import pytest

from tests.databases import running
from tests.mail.letters import (
    a_letter,
    an_outbox,
    deliver_all,
    kinds,
    mails,
    some_people,
    states,
)
from tests.mail.servers import HOST, OK, Sink
from tests.servers import wait_for
from tracker.mail.delivery import Letter
from tracker.mail.models import Mail, MailState
from tracker.mail.smtp import Patience

HOUR = timedelta(hours=1)
# What the server does to each recipient; after the first run the state of their mail, and why nothing more is done.
TREATED = {
    "taken": ([OK], "sent", None),
    "unknown": (["550 5.1.1 no such user"], "dead", "refused"),
    "full": (["452 4.2.2 mailbox full"], "retry", None),
    "grey": (["451 4.7.1 greylisted, try again", OK], "retry", None),
    "spam": (["data: 554 5.7.1 refused as spam"], "dead", "refused"),
    "busy": (["data: 451 4.3.0 try later"], "retry", None),
    "dropped": (["drop", OK], "retry", None),
    "closing": (["421 4.3.2 closing", OK], "retry", None),
    "garbled": (["data: what is that", OK], "ambiguous", None),
    "vanished": (["data: drop", OK], "ambiguous", None),
    "arrived": (["data: take, drop", OK], "ambiguous", None),
    "stalled": (["data: stall", OK], "ambiguous", None),
    "late": (["data: take, stall", OK], "ambiguous", None),
    "asleep": (["stall", OK], "retry", None),
}
THROUGH_LATER = set(TREATED) - {"unknown", "full", "spam", "busy"}


@pytest.fixture
def treated(place, sink):
    app = place(**sink.variables).app
    with app.app_context():
        an_outbox(some_people(f"{name}@test.local" for name in TREATED))
    for name, (answers, _, _) in TREATED.items():
        sink.script[f"{name}@test.local"] = answers
    return app


class Foresight:
    """Patience that is short only with whom the server will let wait for ever: slow ones may be slow."""

    connection, mail = 30.0, 60.0

    def __init__(self) -> None:
        self.name = ""

    def compose(self, mail: Mail) -> Letter:
        letter = a_letter(mail)
        self.name = letter.address.partition("@")[0]
        return letter

    @property
    def answer(self) -> float:
        return 0.4 if any("stall" in answer for answer in TREATED[self.name][0]) else 30.0

    acceptance = answer


def test_each_mail_is_in_its_right_state_and_the_others_are_sent(treated, sink):
    foresight = Foresight()
    deliver_all(treated, patience=foresight, kinds=kinds(foresight.compose))
    found = mails(treated)
    assert {name: (mail.state.value, mail.reason) for name, mail in found.items()} == {
        name: (state, reason) for name, (_, state, reason) in TREATED.items()
    }
    assert sum(states(treated).values()) == len(TREATED)
    words = {name: mail.reply for name, mail in found.items()}
    assert words["unknown"] == "550 5.1.1 no such user"
    assert words["spam"] == "554 5.7.1 refused as spam"
    assert words["vanished"] == words["stalled"] == "No answer came after the end of the text."
    deliver_all(treated, ahead=HOUR)
    assert states(treated) == {"sent": len(THROUGH_LATER), "retry": 2, "dead": 2}
    times = Counter(taken.address.partition("@")[0] for taken in sink.taken())
    assert times == dict.fromkeys(THROUGH_LATER, 1) | {"arrived": 2, "late": 2}


def test_refused_for_a_day_it_is_dead_with_the_words_of_the_server(site, sink):
    with site.app_context():
        an_outbox(some_people(["full@test.local"]))
    sink.script["full@test.local"] = ["452 4.2.2 mailbox full"]
    for hours in range(0, 27, 2):
        deliver_all(site, ahead=HOUR * hours)
    mail = mails(site)["full"]
    assert (mail.state, mail.reason) == (MailState.DEAD, "given_up")
    assert mail.reply == "452 4.2.2 mailbox full"
    assert mail.attempts == 13


def test_nobody_at_the_server_costs_one_try_and_all_come_through_later(
    settings_for, sqlite_database, tmp_path
):
    sink = Sink(tmp_path / "taken.jsonl")
    with running(settings_for(sqlite_database, **sink.variables)) as app:
        with app.app_context():
            an_outbox(some_people(f"n{number}@test.local" for number in range(12)))
        assert deliver_all(app) == {"retry": 1}
        assert states(app) == {"retry": 1, "due": 11}
        assert mails(app)["n0"].reply == "Connection refused"
        with sink.running():
            assert deliver_all(app, ahead=HOUR) == {"sent": 12}


def test_a_server_that_never_greets_is_left_after_a_while(settings_for, sqlite_database):
    with socket.create_server((HOST, 0)) as mute:
        url = f"smtp://{HOST}:{mute.getsockname()[1]}"
        with running(settings_for(sqlite_database, SMTP_URL=url)) as app:
            with app.app_context():
                an_outbox(some_people(["an@test.local", "ha@test.local"]))
            began = time.monotonic()
            assert deliver_all(app, patience=Patience(0.3, 0.3, 0.3, 90)) == {"retry": 1}
            assert time.monotonic() - began < 60
            assert states(app) == {"retry": 1, "due": 1}


def test_a_server_that_sends_a_letter_a_minute_is_cut_off(settings_for, sqlite_database, sink):
    """Each byte comes within the time for an answer, the whole answer never."""
    sink.script["an@test.local"] = ["drip"]
    with running(settings_for(sqlite_database, **sink.variables)) as app:
        with app.app_context():
            an_outbox(some_people(["an@test.local", "ha@test.local"]))
        assert deliver_all(app, patience=Patience(30, 30, 30, 3)) == {"retry": 1, "sent": 1}


def test_a_server_that_takes_hours_over_its_greeting_is_cut_off(settings_for, sqlite_database):
    """Each letter comes within the time for a connection, the greeting never ends."""
    with socket.create_server((HOST, 0)) as slow:
        Thread(target=_greet_for_ever, args=(slow,), daemon=True).start()
        url = f"smtp://{HOST}:{slow.getsockname()[1]}"
        with running(settings_for(sqlite_database, SMTP_URL=url)) as app:
            with app.app_context():
                an_outbox(some_people(["an@test.local"]))
            began = time.monotonic()
            assert deliver_all(app, patience=Patience(0.5, 0.5, 0.5, 1)) == {"retry": 1}
            assert time.monotonic() - began < 60


def _greet_for_ever(server: socket.socket) -> None:
    line, _address = server.accept()
    with line, suppress(OSError):
        for _second in range(900):  # far beyond what the test waits, and yet an end
            line.sendall(b"2")
            time.sleep(0.1)


def test_a_connection_the_server_has_closed_meanwhile_is_renewed(site, sink):
    with site.app_context():
        an_outbox(some_people(["closes@test.local", "ha@test.local"]))
    sink.script["closes@test.local"] = ["data: take, close"]

    def wait_until_it_is_closed(point: str) -> None:
        if point == "composed" and sink.taken():
            wait_for(lambda: sink.lines[0].transport is None)

    assert deliver_all(site, reach=wait_until_it_is_closed) == {"sent": 2}
    assert sink.connections == 2


def test_a_sender_nobody_may_be_is_our_own_mistake_and_costs_no_mail(
    settings_for, sqlite_database, sink
):
    sink.refused_senders = {"tien-do@test.local"}
    with running(settings_for(sqlite_database, **sink.variables)) as app:
        with app.app_context():
            an_outbox(some_people(["an@test.local", "ha@test.local"]))
        assert deliver_all(app) == {"retry": 1}
        assert mails(app)["an"].reply == "550 5.7.1 not yours"
        sink.refused_senders = set()
        assert deliver_all(app, ahead=HOUR) == {"sent": 2}


@pytest.mark.long
def test_a_thousand_recipients_of_all_kinds_are_each_in_the_right_state(place, sink):
    """Without those that stall: each of them costs a second."""
    app = place(**sink.variables).app
    quick = {n: treated for n, treated in TREATED.items() if "stall" not in str(treated[0])}
    every = {f"{name}.{n}": treated for n in range(100) for name, treated in quick.items()}
    with app.app_context():
        an_outbox(some_people(f"{name}@test.local" for name in every))
    for name, (answers, _, _) in every.items():
        sink.script[f"{name}@test.local"] = answers
    deliver_all(app)
    found = {name: (mail.state.value, mail.reason) for name, mail in mails(app).items()}
    assert found == {name: (state, reason) for name, (_, state, reason) in every.items()}
