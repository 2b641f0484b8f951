"""Strangers sign in first; what they had typed comes back; an empty site leads to its set-up."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from tests.databases import EACH_DATABASE, running
from tests.pages import PASSWORD, client_of
from tests.people.conftest import in_the_middle
from tracker.db import db
from tracker.people.models import KeptForm, Person
from tracker.settings import Settings

HOUR = timedelta(hours=1)
TYPED = {
    "name": "Ngô Thị Đào",
    "email": "dao@test.local",
    "is_admin": "y",
    "role": "member",
    "unit": "",
}


def kept(app):
    with app.app_context():
        return db.session.scalars(select(KeptForm)).all()


def csrf(text):
    return text.split('name="csrf_token" value="')[1].split('"')[0]


def type_and_expire(client, world, time, page="/people/new", **fields):
    client.sign_in(world.khanh.email)
    token = csrf(client.get(page).text)
    time.shift(HOUR)
    return client.post(page, data=TYPED | fields | {"csrf_token": token})


@pytest.mark.parametrize("path", ["/people", "/people/1", "/people/me", "/people/new"])
def test_strangers_are_sent_to_sign_in(client, world, path):
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (303, f"/sign-in?next={path}")


def test_whoever_was_signed_out_by_time_is_told_so(client, world, time):
    client.sign_in(world.an.email)
    time.shift(HOUR)
    page = client.get("/people/me?lang=en", follow_redirects=True)
    assert "Sign in again to go on." in client.get("/sign-in?ended=1&lang=en").text
    assert page.status_code == 200


def test_what_was_typed_comes_back_after_signing_in(any_client, any_app, any_world, time):
    answer = type_and_expire(any_client, any_world, time)
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/people/new&ended=1")
    page = any_client.get(answer.location + "&lang=en").text
    assert "what you typed is kept" in page
    data = {"email": any_world.khanh.email, "password": PASSWORD, "csrf_token": csrf(page)}
    back = any_client.post(answer.location, data=data)
    assert back.location == "/people/new"
    form = any_client.get("/people/new").text
    assert "Ngô Thị Đào" in form
    assert "dao@test.local" in form
    assert any_client.submit("/people/new", "/people/new").status_code == 303
    assert kept(any_app) == []
    assert "Ngô Thị Đào" not in any_client.get("/people/new").text


def test_it_comes_back_to_nobody_else(client, app, world, time):
    type_and_expire(client, world, time)
    with app.app_context():
        db.session.get_one(Person, world.an.id).is_admin = True
        db.session.commit()
    client.sign_in(world.an.email)
    assert "Ngô Thị Đào" not in client.get("/people/new").text


def test_it_comes_back_in_no_other_browser(client, other, world, time):
    type_and_expire(client, world, time)
    other.sign_in(world.khanh.email)
    assert "Ngô Thị Đào" not in other.get("/people/new").text


def test_passwords_and_tokens_are_never_kept(client, app, world, time):
    type_and_expire(client, world, time, password="a secret of mine", code="abc")
    assert set(kept(app)[0].fields) == set(TYPED)


def test_nothing_is_kept_for_a_stranger(client, app, world):
    token = csrf(client.get("/sign-in").text)
    answer = client.post("/people/new", data=TYPED | {"csrf_token": token})
    assert answer.status_code == 303
    assert kept(app) == []


def test_nothing_is_kept_of_a_post_without_token(client, app, world, time):
    client.sign_in(world.khanh.email)
    client.get("/people/new")
    time.shift(HOUR)
    assert client.post("/people/new", data=TYPED).status_code == 400
    assert kept(app) == []


def test_what_is_too_large_is_not_kept(client, app, world, time):
    answer = type_and_expire(client, world, time, name="x" * 250_000)
    assert answer.status_code == 303
    assert kept(app) == []


def test_only_the_last_form_is_kept(client, app, world, time):
    type_and_expire(client, world, time)
    token = csrf(client.get("/sign-in").text)
    client.post("/people/new", data=TYPED | {"name": "Mai Văn Sơn", "csrf_token": token})
    assert [row.fields["name"] for row in kept(app)] == [["Mai Văn Sơn"]]


def test_a_verb_leads_back_to_the_page_it_was_on(client, app, world, time):
    client.sign_in(world.khanh.email)
    person = f"/people/{world.an.id}"
    token = csrf(client.get(person).text)
    time.shift(HOUR)
    data = {"unit": world.town.id, "role": "office", "csrf_token": token}
    client.post(f"{person}/seats", data=data)
    assert [(row.path, row.action) for row in kept(app)] == [(person, f"{person}/seats")]
    client.sign_in(world.khanh.email)
    assert f'<option selected value="{world.town.id}"' in client.get(person).text


def test_the_page_told_by_the_browser_must_be_of_this_site(client, app, world, time):
    client.sign_in(world.khanh.email)
    token = csrf(client.get("/people/new").text)
    time.shift(HOUR)
    foreign = {"Referer": "https://elsewhere.example/people/me"}
    client.post("/people/new", data=TYPED | {"csrf_token": token}, headers=foreign)
    assert kept(app)[0].path == "/people/new"


def test_other_windows_go_on_working_after_the_same_person_signed_in_again(client, world, time):
    client.sign_in(world.khanh.email)
    token = csrf(client.get("/people/new").text)
    time.shift(HOUR)
    client.sign_in(world.khanh.email)
    assert client.post("/people/new", data=TYPED | {"csrf_token": token}).status_code == 303


def test_signing_out_in_one_window_keeps_what_is_typed_in_another(client, world):
    client.sign_in(world.khanh.email)
    token = csrf(client.get("/people/new").text)
    client.post("/sign-out", data={"csrf_token": token})
    client.post("/people/new", data=TYPED | {"csrf_token": token})
    client.sign_in(world.khanh.email)
    assert "Ngô Thị Đào" in client.get("/people/new").text


# --- the set-up -------------------------------------------------------------------------------------


PRODUCTION = {
    "TRACKER_ENV": "production",
    "PUBLIC_URL": "https://localhost",
    "TRUSTED_PROXIES": "1",
}


@pytest.fixture
def empty_site(settings_for, sqlite_database):
    """A production site without anybody, reached by https."""
    with running(settings_for(sqlite_database, **PRODUCTION)) as app:
        yield app


@pytest.fixture(params=EACH_DATABASE)
def any_empty_site(settings_for, request):
    """The same, once on each kind of database."""
    url = request.getfixturevalue(f"{request.param}_database")
    with running(settings_for(url, **PRODUCTION)) as app:
        yield app


def settings_of(app) -> Settings:
    return app.extensions["settings"]


HTTPS = {"X-Forwarded-Proto": "https", "Referer": "https://localhost/setup"}


def enter(client, **fields):
    secret = "gió mùa thổi qua đồi"
    page = client.get("/setup", headers=HTTPS)
    data = {"name": "Hà Thị Sen", "email": "sen@test.local", "password": secret, "again": secret}
    data |= {"csrf_token": csrf(page.text)} | fields
    return client.post("/setup", data=data, headers=HTTPS)


@pytest.mark.parametrize("path", ["/", "/board", "/sign-in", "/people/me", "/no-such-page"])
def test_every_page_of_an_empty_production_leads_to_the_set_up(empty_site, path):
    answer = client_of(empty_site).get(path, headers=HTTPS)
    assert (answer.status_code, answer.location) == (303, "/setup")


def test_the_code_makes_the_first_administrator_and_the_page_is_gone(empty_site):
    client = client_of(empty_site)
    typed = settings_of(empty_site).setup_code.lower().replace("-", " ")
    assert enter(client, code=typed).status_code == 303
    assert client.get("/people", headers=HTTPS).status_code == 200
    assert client.get("/setup", headers=HTTPS).status_code == 404
    assert client_of(empty_site).get("/people", headers=HTTPS).location.startswith("/sign-in")
    cookie = client.get_cookie("__Host-session")
    assert cookie is not None
    assert cookie.secure


def test_of_two_who_set_up_in_the_same_moment_one_becomes_administrator(any_empty_site):
    code = settings_of(any_empty_site).setup_code
    first, second = (
        partial(enter, client_of(any_empty_site), code=code, email=f"{name}@test.local")
        for name in ("sen", "tam")
    )
    answers = in_the_middle(any_empty_site, "INSERT INTO person", first, second)
    assert [answer.status_code for answer in answers] == [303, 404]
    with any_empty_site.app_context():
        assert [person.email for person in db.session.scalars(select(Person))] == ["sen@test.local"]


def test_another_code_makes_nobody(empty_site):
    client = client_of(empty_site)
    answer = enter(client, code="AAAA-BBBB-CCCC")
    assert answer.status_code == 422
    assert "sen@test.local" in answer.text
    with empty_site.app_context():
        assert db.session.scalars(select(Person)).all() == []


def test_the_code_cannot_be_guessed(empty_site):
    client = client_of(empty_site)
    answers = [enter(client, code=f"AAAA-BBBB-{n:04d}").status_code for n in range(11)]
    assert answers == [422] * 10 + [429]


def test_there_is_no_set_up_where_somebody_is(client, world):
    assert client.get("/setup").status_code == 404
