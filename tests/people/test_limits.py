"""How often a password may be tried."""

from sqlalchemy import func, select

from tests.databases import running
from tests.pages import PASSWORD, client_of
from tests.worlds import a_world
from tracker.clock import machine_now
from tracker.db import db
from tracker.people import limits
from tracker.people.models import Attempt

WRONG = "not the password at all"


def attempts(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Attempt))


def try_often(client, email, times, address="127.0.0.1"):
    page = client.get("/sign-in", environ_base={"REMOTE_ADDR": address})
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"email": email, "password": WRONG, "csrf_token": token}
    return [
        client.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": address}).status_code
        for _ in range(times)
    ]


def test_the_eleventh_try_at_an_account_is_not_looked_at(any_client, any_other, any_world):
    assert try_often(any_client, any_world.an.email, 10, "192.0.2.1") == [422] * 10
    assert try_often(any_other, any_world.an.email, 1, "192.0.2.2") == [429]
    answer = any_other.submit("/sign-in?lang=en", email=any_world.an.email, password=PASSWORD)
    assert answer.status_code == 429
    assert "Too many attempts" in answer.text


def test_another_account_from_elsewhere_is_not_hindered(client, other, world):
    try_often(client, world.an.email, 11, "192.0.2.1")
    other.sign_in(world.binh.email)


def test_the_eleventh_try_from_an_address_is_not_looked_at(client, world):
    for n in range(10):
        assert try_often(client, f"nobody-{n}@test.local", 1) == [422]
    assert client.submit("/sign-in", email=world.an.email, password=PASSWORD).status_code == 429


def test_an_unknown_account_is_limited_like_a_known_one(client, world):
    assert try_often(client, "nobody@test.local", 11)[-1] == 429


def test_five_minutes_later_one_may_try_again(client, world, time):
    try_often(client, world.an.email, 12)
    time.shift(301)
    client.sign_in(world.an.email)


def test_what_was_not_looked_at_makes_nobody_wait_longer(client, app, world):
    try_often(client, world.an.email, 15)
    assert attempts(app) == 3 * 10


def test_a_good_try_does_not_count(any_client, any_app, any_world):
    for _ in range(12):
        any_client.sign_in(any_world.an.email)
        page = any_client.get("/people/me").text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        any_client.post("/sign-out", data={"csrf_token": token})
    assert attempts(any_app) == 0


def test_the_present_password_cannot_be_guessed_on_the_account_page(client, world):
    client.sign_in(world.an.email)
    fresh = "mưa rơi trên mái ngói"
    guess = {"current": WRONG, "password": fresh, "again": fresh}
    answers = [client.submit("/people/me", "password-form", **guess).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_a_forged_address_changes_nothing_without_a_proxy(client, world):
    for n in range(10):
        forged = {"X-Forwarded-For": f"198.51.100.{n}"}
        client.get("/sign-in", headers=forged)
        try_often(client, f"nobody-{n}@test.local", 1)
    page = client.get("/sign-in").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"email": "x@test.local", "password": WRONG, "csrf_token": token}
    forged = {"X-Forwarded-For": "198.51.100.99"}
    assert client.post("/sign-in", data=data, headers=forged).status_code == 429


def test_behind_a_trusted_proxy_its_word_counts(settings_for, sqlite_database):
    with running(settings_for(sqlite_database, TRUSTED_PROXIES="1")) as app:
        with app.app_context():
            world = a_world()
        client = client_of(app)
        page = client.get("/sign-in").text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        data = {"email": world.an.email, "password": PASSWORD, "csrf_token": token}
        forwarded = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
        assert client.post("/sign-in", data=data, headers=forwarded).status_code == 303
        assert "198.51.100.7" in client.get("/people/me").text


def test_all_of_one_ipv6_network_is_one_sender(session):
    now = machine_now()
    taken = [limits.take_ticket(f"a{n}", f"2001:db8::{n}", now) for n in range(11)]
    assert [ticket is None for ticket in taken] == [False] * 10 + [True]


def test_the_site_as_a_whole_is_limited(session, monkeypatch):
    monkeypatch.setattr(limits, "MOST_OF_ALL", 3)
    now = machine_now()
    taken = [limits.take_ticket(f"a{n}", f"192.0.2.{n}", now) for n in range(4)]
    assert [ticket is None for ticket in taken] == [False, False, False, True]


def test_every_route_that_reads_a_password_is_limited(app):
    reads = {"people.sign_in", "people.setup", "people.invitation", "people.password"}
    limited = {name for name, view in app.view_functions.items() if hasattr(view, "limited")}
    assert limited == reads
