"""What machines ask: answered to everybody or to nobody else, without a cookie, a sign-in or a write."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from tests.databases import SettingsFor, running
from tests.pages import client_of
from tests.worlds import a_world
from tracker import health
from tracker.clock import machine_now
from tracker.db import db
from tracker.mail.models import Mail, MailKind, MailState
from tracker.people.models import SignIn
from tracker.rules.actions import note_tick, put
from tracker.rules.queries import MAIL_HELD

ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}
PAGES = ["/healthz", "/readyz", "/metrics"]


def value(page: str, name: str) -> Any:
    """Return one figure of a page of metrics, None where it is not there."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", page, re.MULTILINE)
    return float(found[1]) if found else None


def test_a_living_process_says_so_without_the_database(app: Flask, queries):
    client = app.test_client()
    with queries.counting() as sent:
        answer = client.get("/healthz?lang=en")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert sent == []
    assert client.head("/healthz").status_code == 200


def test_it_is_ready_with_the_newest_migration(any_app: Flask):
    answer = any_app.test_client().get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")


def test_a_database_that_is_behind_is_not_ready(any_app: Flask):
    with any_app.app_context():
        db.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        db.session.commit()
    answer = any_app.test_client().get("/readyz")
    assert (answer.status_code, answer.text) == (503, f"{health.BEHIND}\n")


def test_a_database_that_is_gone_is_not_ready_and_nothing_of_it_is_told(settings_for, tmp_path):
    secret = "postgresql://tien_do:dung-cho-ai-biet@127.0.0.1:1/rieng-tu"
    with running(settings_for(secret)) as app:
        client = app.test_client()
        answer = client.get("/readyz")
        assert (answer.status_code, answer.text) == (503, f"{health.UNREACHABLE}\n")
        assert client.get("/healthz").status_code == 200
        page = client.get("/metrics")
        assert page.status_code == 200
        assert value(page.text, "tien_do_database_up") == 0


def test_nobody_gets_a_cookie_a_line_or_a_longer_sign_in(app: Flask, capsys):
    with app.app_context():
        a_world()
    client = client_of(app).sign_in("khanh@test.local")
    before = machine_now() - timedelta(minutes=20)
    with app.app_context():
        db.session.execute(update(SignIn).values(last_seen_at=before))
        db.session.commit()
    capsys.readouterr()
    for path in PAGES:
        answer = client.get(f"{path}?lang=en", environ_base=ELSEWHERE)
        assert answer.status_code == 200, "an administrator"
        assert "Set-Cookie" not in answer.headers
    with app.app_context():
        assert db.session.scalars(select(SignIn.last_seen_at)).all() == [before]
    assert "request" not in capsys.readouterr().err


FROM_HERE = [
    (0, "127.0.0.1", {}),
    (0, "::1", {}),
    (1, "127.0.0.1", {}),
    (1, "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}),
]
FROM_ELSEWHERE = [
    (0, "192.0.2.7", {}),
    (0, "192.0.2.7", {"X-Forwarded-For": "127.0.0.1"}),
    (0, "127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}),
    (0, "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}),
    (0, "127.0.0.1", {"Forwarded": "for=192.0.2.7"}),
    (0, "127.0.0.1", {"Via": "1.1 proxy"}),
    (0, "unix", {}),
    (1, "127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}),
    (1, "127.0.0.1", {"X-Forwarded-For": "127.0.0.1, 192.0.2.7"}),
    (1, "127.0.0.1", {"Via": "1.1 proxy"}),
    (2, "127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}),
]


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_this_machine_reads_the_figures_and_for_everybody_else_there_are_none(
    settings_for: SettingsFor, sqlite_database: str, proxies: int
):
    with running(settings_for(sqlite_database, TRUSTED_PROXIES=str(proxies))) as app:
        client = app.test_client()
        for cases, expected in ((FROM_HERE, 200), (FROM_ELSEWHERE, 404)):
            for hops, peer, headers in cases:
                if hops == proxies:
                    address = {"REMOTE_ADDR": peer}
                    answer = client.get("/metrics", headers=headers, environ_base=address)
                    assert answer.status_code == expected, (peer, headers)


def test_an_administrator_reads_them_and_nobody_else(app: Flask):
    with app.app_context():
        a_world()
    statuses = {
        name: client_of(app).sign_in(f"{name}@test.local").get("/metrics", environ_base=ELSEWHERE)
        for name in ("khanh", "an")
    }
    assert {name: answer.status_code for name, answer in statuses.items()} == {
        "khanh": 200,
        "an": 404,
    }


def test_requests_are_counted_by_route_and_never_by_address(any_app: Flask):
    client = any_app.test_client()
    for number in (71234, 81234):
        client.get(f"/invitations/bi-mat-{number}")
    client.open("/sign-in", method="BREW")
    client.get("/khong-co-trang-nay")
    page = client.get("/metrics").text
    labels = 'method="GET",route="/invitations/<token>"'
    assert value(page, f'tien_do_requests_total{{{labels},status="404"}}') >= 2
    assert value(page, f"tien_do_request_seconds_count{{{labels}}}") >= 2
    assert 'method="other",route="none",status="405"' in page
    assert 'route="none",status="404"' in page
    assert not re.search("bi-mat|khong-co|healthz|BREW", page)


def test_the_rows_are_told_without_a_word_of_them(any_app: Flask):
    with any_app.app_context():
        world, now = a_world(), machine_now()
        for number, state in enumerate((MailState.DUE, MailState.RETRY, MailState.DEAD)):
            db.session.add(a_mail(world.an.id, number, state, now - timedelta(hours=number + 1)))
        put(MAIL_HELD, {"since": now.isoformat()})
        note_tick(now)
        db.session.commit()
    page = any_app.test_client().get("/metrics").text
    assert value(page, "tien_do_database_up") == 1
    assert value(page, 'tien_do_mails{state="due"}') == 1
    assert value(page, 'tien_do_mails{state="dead"}') == 1
    assert value(page, 'tien_do_mails{state="sent"}') == 0
    assert value(page, "tien_do_mail_held") == 1
    assert 7200 <= value(page, "tien_do_mail_oldest_open_seconds") < 7300
    ticked = value(page, "tien_do_worker_last_tick_timestamp_seconds")
    assert ticked == pytest.approx(now.timestamp(), abs=0.001)
    assert value(page, "tien_do_database_bytes") > 100_000
    assert not re.search(r"@|test\.local|Bùi|chu-de", page)


def a_mail(person_id: int, number: int, state: MailState, made_at) -> Mail:
    return Mail(
        person_id=person_id,
        kind=MailKind.DIGEST,
        period=f"2018-04-{number + 10}",
        state=state,
        made_at=made_at,
        next_at=made_at,
        message_id=f"<digest.{number}@test.local>",
        address="an@test.local",
        subject="chu-de",
    )
