"""The digest for real: made by the command, sent over SMTP, once, however many make and send it."""

import os
import subprocess
import sys
from collections import Counter
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.databases import PATIENTLY, SECRET, running
from tests.mail.servers import Sink
from tracker.db import db
from tracker.mail.models import Mail, MailState
from tracker.settings import ROOT

AT = "2018-04-10T07:30+07:00"
PLACE = {"PUBLIC_URL": "https://viec.test.local"}


@pytest.fixture
def demonstration(settings_for, demo_database, sink: Sink):
    """The demonstration, which sends to `sink`."""
    with running(settings_for(demo_database, **sink.variables, **PLACE)) as app:
        yield app


def run(app: Flask, *arguments: str) -> str:
    result = app.test_cli_runner().invoke(args=list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def counted(app: Flask) -> dict[str, int]:
    with app.app_context():
        rows = db.session.execute(select(Mail.state, func.count()).group_by(Mail.state))
        return {state.value: number for state, number in rows}


def test_the_leader_of_the_demonstration_is_told_of_the_first_quarter(demonstration, sink: Sink):
    assert run(demonstration, "digests", "send", "--at", AT) == "Digests made due: 21.\n"
    assert run(demonstration, "digests", "send", "--at", AT) == "Digests made due: 0.\n"
    run(demonstration, "mail", "deliver")
    run(demonstration, "mail", "deliver")
    found = [taken for taken in sink.taken() if taken.address == "leader@demo.local"]
    assert len(found) == 1
    message = found[0].message
    assert message["Subject"].startswith("[Quá hạn 3] ")
    assert message["Message-ID"].startswith("<digest.2018-04-10.")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text
    assert html
    words = text.get_content()
    assert words.count("hết quý I-2018 · 31-3-2018 · quá hạn 10 ngày") == 3
    assert html.get_content().count("quá hạn 10 ngày") == 3 + 3  # once in the line an inbox shows
    for title in ("Rà soát, đánh giá tổ chức bộ máy", "Xây dựng đề án", "Xây dựng nghị quyết"):
        assert title in words
    outbox = counted(demonstration)
    assert sum(outbox.values()) == 21
    assert outbox.keys() == {"sent", "skipped"}
    assert outbox["sent"] == len(sink.taken())


@pytest.mark.parametrize("kind", PATIENTLY)
def test_a_crowd_of_schedulers_and_deliverers_sends_one_mail(
    kind, request, settings_for, instance, sink: Sink
):
    """Two make them at once, four deliver at once, and all of it twice: everybody gets one or none."""
    name = "demo_database" if kind == "sqlite" else "demo_postgresql_database"
    url = request.getfixturevalue(name)
    own = {"DATABASE_URL": url, "SECRET_KEY": SECRET, "TRACKER_INSTANCE": str(instance)}
    environment = os.environ | own | PLACE | sink.variables
    command = [sys.executable, "-m", "tests.digests.crowd", AT]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    taken = Counter(one.address for one in sink.taken())
    assert taken["leader@demo.local"] == 1
    assert set(taken.values()) == {1}
    with running(settings_for(url, **sink.variables)) as app:
        outbox = counted(app)
        assert sum(outbox.values()) == 21
        assert outbox["sent"] == len(sink.taken())
        assert outbox.keys() == {"sent", "skipped"}


def test_the_command_takes_an_instant_or_says_what_one_is(demonstration):
    assert "0." in run(demonstration, "digests", "send", "--at", "2018-04-10T07:29")
    runner = demonstration.test_cli_runner()
    wrong = runner.invoke(args=["digests", "send", "--at", "hôm nay"])
    assert wrong.exit_code == 2
    assert "no ISO instant such as" in wrong.output


def test_without_an_instant_the_clock_of_the_demonstration_counts(demonstration):
    """It shows 8:00 on 10 April 2018 and runs on."""
    assert run(demonstration, "digests", "send") == "Digests made due: 21.\n"
    with demonstration.app_context():
        assert db.session.scalar(select(func.max(Mail.period))) == "2018-04-10"


def test_mails_that_follow_one_another_tell_only_what_is_new(demonstration, sink: Sink):
    """A working week and a half of the demonstration, day by day, nobody doing anything."""
    told = {}
    for day in (10, 11, 12, 13, 16, 17, 18, 19, 20):
        run(demonstration, "digests", "send", "--at", f"2018-04-{day}T07:30")
        before = len(sink.taken())
        run(demonstration, "mail", "deliver")
        told[day] = {one.address for one in sink.taken()[before:]}
    assert [day for day, people in told.items() if "leader@demo.local" in people] == [10, 20]
    with demonstration.app_context():
        sent = db.session.scalars(select(Mail.period).where(Mail.state == MailState.SENT))
        assert {date.fromisoformat(period).day for period in sent} == {
            day for day, people in told.items() if people
        }
