"""A database that goes away: one more try where that does nothing twice, else a page with what was typed."""

import subprocess
import sys
import threading
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from flask import got_request_exception
from sqlalchemy import event, select

from tests.databases import running
from tests.pages import choose, client_of, filled, parse
from tests.worlds import a_task, a_world
from tracker import db as database
from tracker.db import db
from tracker.history.models import Event, Kind
from tracker.tasks.lifecycle import State

NOTE = "Đã xong hai xã; còn một xã.\nBáo cáo sau."
AT_THE_SIGN_IN, IN_THE_PAGE, AT_THE_EVENT = "FROM sign_in", "measure", "INSERT INTO event"


class Site:
    """A site whose database can be taken away, with a task and the browser of somebody who works on it."""

    def __init__(self, app) -> None:
        app.config |= {"TESTING": False, "PROPAGATE_EXCEPTIONS": False}
        self.app = app
        with app.app_context():
            world = a_world()
            self.task = a_task(world, state=State.IN_PROGRESS)
            self.engine = db.engine
        self.page = f"/tasks/{self.task.id}"
        self.client = client_of(app).sign_in(world.an.email)

    def note(self):
        """Write a line of progress."""
        page = parse(self.client.get(self.page).text)[0]
        data = filled(choose(page, f"{self.page}/notes", {})) | {"words": NOTE}
        return lambda: self.client.post(f"{self.page}/notes", data=data)

    def noted(self) -> int:
        """Return how many lines of progress are in the history."""
        with self.app.app_context():
            return len(db.session.scalars(select(Event).filter_by(kind=Kind.NOTED)).all())

    def tries(self, answer):
        """Return how often the database failed while a request was answered, and the answer."""
        failed = []

        def count(_app, exception, **_more):
            failed.append(exception)

        with got_request_exception.connected_to(count, self.app):
            return answer(), len(failed)


def again_on(answer):
    """Return the form of a page by which what was typed is sent again."""
    form = choose(parse(answer.text)[0], "again", {})
    return form.get("action"), filled(form)


# --- PostgreSQL -------------------------------------------------------------------------------------


@pytest.fixture
def site(settings_for, postgresql_database):
    with running(settings_for(postgresql_database)) as app:
        yield Site(app)


@pytest.fixture
def drop(site, postgresql):
    """`drop.now()` ends all connections to the database; `drop.at(words)` in front of a statement, so many times."""
    name = site.engine.url.database

    def now():
        postgresql.execute(
            f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'"
        )

    @contextmanager
    def at(words, times=1):
        left = [now] * times

        def perhaps(_conn, _cursor, statement, *_more):
            if left and words in statement:
                left.pop()()

        event.listen(site.engine, "before_cursor_execute", perhaps)
        yield left
        event.remove(site.engine, "before_cursor_execute", perhaps)

    return SimpleNamespace(now=now, at=at, name=name)


@pytest.mark.postgresql
def test_a_connection_lost_between_two_requests_is_not_noticed(site, drop):
    send = site.note()
    drop.now()
    assert site.tries(send)[0].status_code == 303
    drop.now()
    assert site.client.get(site.page).status_code == 200


@pytest.mark.postgresql
@pytest.mark.parametrize("words", [AT_THE_SIGN_IN, IN_THE_PAGE])
def test_a_connection_lost_in_the_middle_of_a_page_costs_one_more_try(site, drop, words):
    with drop.at(words) as left:
        answer, failed = site.tries(lambda: site.client.get(site.page))
    assert (answer.status_code, failed, left) == (200, 1, [])


@pytest.mark.postgresql
@pytest.mark.parametrize("words", [AT_THE_SIGN_IN, AT_THE_EVENT])
def test_a_connection_lost_before_anything_is_committed_costs_one_more_try(site, drop, words):
    send = site.note()
    with drop.at(words) as left:
        answer, failed = site.tries(send)
    assert (answer.status_code, failed, left) == (303, 1, [])
    assert site.noted() == 1


@pytest.mark.postgresql
def test_what_may_have_been_committed_is_not_done_again(site, drop):
    send = site.note()

    event.listen(site.engine, "commit", lambda _connection: drop.now(), once=True)
    answer, failed = site.tries(send)
    assert (answer.status_code, failed) == (503, 1)
    assert again_on(answer)[1]["words"].replace("\r", "") == NOTE


@pytest.mark.postgresql
def test_a_connection_lost_twice_gives_a_page_that_keeps_what_was_typed(site, drop):
    send = site.note()
    with drop.at(AT_THE_EVENT, times=2):
        answer, failed = site.tries(send)
    assert (answer.status_code, failed, site.noted()) == (503, 2, 0)
    action, fields = again_on(answer)
    assert action == f"{site.page}/notes"
    assert fields["words"] == NOTE
    assert site.client.post(action, data=fields).status_code == 303
    assert site.noted() == 1


@pytest.mark.postgresql
def test_a_server_that_takes_nobody_in_loses_nothing_that_was_typed(site, drop, postgresql):
    send = site.note()
    postgresql.execute(f"ALTER DATABASE {drop.name} ALLOW_CONNECTIONS false")
    drop.now()
    answer, failed = site.tries(send)
    assert (answer.status_code, failed, again_on(answer)[1]["words"]) == (503, 2, NOTE)
    answer, failed = site.tries(lambda: site.client.get(site.page))
    assert (answer.status_code, failed) == (503, 2)
    postgresql.execute(f"ALTER DATABASE {drop.name} ALLOW_CONNECTIONS true")
    assert site.client.get(site.page).status_code == 200, "nobody was signed out by it"


@pytest.mark.postgresql
def test_of_two_requests_in_a_knot_the_one_that_gives_way_begins_again(site, drop, postgresql):
    send = site.note()
    postgresql.execute(f"ALTER DATABASE {drop.name} SET deadlock_timeout = '500ms'")
    drop.now()
    waits, answers = threading.Event(), []

    def note(_conn, _cursor, statement, *_more):
        if "pg_advisory_xact_lock" in statement:
            waits.set()

    thread = threading.Thread(target=lambda: answers.append(site.tries(send)))
    with site.engine.connect() as beside:
        beside.exec_driver_sql("SET deadlock_timeout = '60s'")
        beside.exec_driver_sql("SELECT pg_advisory_xact_lock(18)")
        event.listen(site.engine, "before_cursor_execute", note)
        thread.start()
        assert waits.wait(10)
        beside.exec_driver_sql(f"UPDATE task SET note = 'x' WHERE id = {site.task.id}")
        beside.commit()
    thread.join()
    event.remove(site.engine, "before_cursor_execute", note)
    [(answer, failed)] = answers
    assert (answer.status_code, failed, site.noted()) == (303, 1, 1)


# --- SQLite -----------------------------------------------------------------------------------------

HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held_by_another_process(engine):
    """Let another process write to the database for as long as the block lasts."""
    arguments = [sys.executable, "-c", HOLDER, engine.url.database]
    pipe = subprocess.PIPE
    with subprocess.Popen(arguments, stdin=pipe, stdout=pipe) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        yield process.stdin.close
        process.stdin.close()


@pytest.fixture
def small_site(settings_for, sqlite_database, monkeypatch):
    """A site on SQLite which waits a tenth of a second for a lock."""
    monkeypatch.setattr(database, "_BUSY_MS", 100)
    with running(settings_for(sqlite_database)) as app:
        yield Site(app)


def test_a_lock_held_too_long_gives_a_page_that_keeps_what_was_typed(small_site):
    send = small_site.note()
    with held_by_another_process(small_site.engine):
        answer, failed = small_site.tries(send)
        assert small_site.client.get(small_site.page).status_code == 200, "to read needs no lock"
    assert (answer.status_code, failed) == (503, 2)
    action, fields = again_on(answer)
    assert small_site.client.post(action, data=fields).status_code == 303
    assert small_site.noted() == 1


def test_a_lock_given_back_in_time_costs_one_more_try(small_site):
    send = small_site.note()
    with held_by_another_process(small_site.engine) as let_go:

        def give_back(_app, **_more):
            let_go()

        with got_request_exception.connected_to(give_back, small_site.app):
            answer, failed = small_site.tries(send)
    assert (answer.status_code, failed, small_site.noted()) == (303, 1, 1)


def refused_form(site, path, **fields):
    """Send a form while the database is locked; return the page that comes, and what it holds of the form."""
    with held_by_another_process(site.engine):
        answer = site.client.post(path, data=fields)
    assert answer.status_code == 503
    return [f for f in parse(answer.text)[0].iter("form") if f.get("id") == "again"]


def test_no_password_is_ever_kept_in_a_page(small_site):
    token = filled(choose(parse(small_site.client.get("/people/me").text)[0], "password-form", {}))
    typed = token | {"current": "x", "password": "gió mùa thổi", "again": "gió mùa thổi"}
    assert not refused_form(small_site, "/people/me/password", **typed)
    assert not refused_form(small_site, "/sign-in", email="an@test.local", **token)
    [form] = refused_form(small_site, "/tasks/new", title_vi="Việc", **typed)
    assert "password" not in filled(form)
    assert filled(form)["title_vi"] == "Việc"


def test_a_form_of_another_site_is_not_made_one_of_ours(small_site):
    assert not refused_form(small_site, f"{small_site.page}/notes", words=NOTE)
    assert not refused_form(small_site, f"{small_site.page}/notes", words=NOTE, csrf_token="x")


def test_a_page_is_sent_again_to_its_own_address_only(small_site):
    token = filled(choose(parse(small_site.client.get("/people/me").text)[0], "preferences", {}))
    assert not refused_form(small_site, "//elsewhere.example/tasks", words="x", **token)
    [form] = refused_form(small_site, "/tasks/new?plan=1&x=%22", title_vi='"><b>x', **token)
    assert form.get("action") == "/tasks/new?plan=1&x=%22"
    assert filled(form)["title_vi"] == '"><b>x'
