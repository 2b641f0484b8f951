"""Signing in: a row for each, checked on every request, listed and ended by its owner."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.databases import running
from tests.pages import PASSWORD, client_of
from tests.worlds import a_world
from tracker.db import db
from tracker.people.models import Person, SignIn

MINUTE, HOUR = 60, 3600


def rows(app, person=None):
    with app.app_context():
        found = select(SignIn).order_by(SignIn.id)
        return db.session.scalars(found.filter_by(person_id=person.id) if person else found).all()


def cookie(client, name="session"):
    return client.get_cookie(name)


def test_the_right_password_lets_in(any_client, any_world):
    any_client.sign_in(any_world.an.email)
    assert any_client.get("/people/me").status_code == 200


def test_an_address_may_be_typed_in_capitals_and_with_spaces(client, world):
    client.sign_in(f"  {world.an.email.upper()} ")
    assert "Lê Thị An" in client.get("/people/me").text


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("an@test.local", "not the password at all"),
        ("nobody@test.local", PASSWORD),
        ("an@test.local", PASSWORD + " "),
        ("an@test.local", PASSWORD.upper()),
    ],
)
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(client, world, email, password):
    answer = client.submit("/sign-in", email=email, password=password)
    assert answer.status_code == 422
    assert "The e-mail address or the password is not right." in english(client, email, password)
    assert email in answer.text
    assert password not in answer.text


def english(client, email, password):
    return client.submit("/sign-in?lang=en", email=email, password=password).text


def test_a_password_is_checked_even_where_there_is_nobody(client, world, monkeypatch):
    from tracker.people import passwords

    checked: list[str] = []
    hasher = passwords._HASHER
    monkeypatch.setattr(passwords, "_HASHER", Watched(hasher, checked))
    client.submit("/sign-in", email="nobody@test.local", password="does not matter here")
    assert len(checked) == 1


class Watched:
    def __init__(self, hasher, checked):
        self.hasher, self.checked = hasher, checked

    def verify(self, kept, password):
        self.checked.append(kept)
        return self.hasher.verify(kept, password)


def test_whoever_is_disabled_gets_no_other_answer_than_a_stranger(client, app, world):
    with app.app_context():
        db.session.get_one(Person, world.an.id).disabled_at = world.an.created_at
        db.session.commit()
    answer = client.submit("/sign-in", email=world.an.email, password=PASSWORD)
    assert answer.status_code == 422


def test_only_the_hash_of_the_token_is_stored(client, app, world):
    client.sign_in(world.an.email)
    with client.session_transaction() as session:
        token = session["_user_id"]
    (row,) = rows(app)
    assert token not in row.token_hash
    assert len(row.token_hash) == 64


def test_each_sign_in_has_a_new_token_and_ends_the_one_before_on_this_browser(client, app, world):
    client.sign_in(world.an.email)
    token = token_of(client)
    with client.session_transaction() as session:
        first, csrf = session["_user_id"], session["csrf_token"]
    client.post("/sign-out", data={"csrf_token": token})
    client.sign_in(world.binh.email)
    token_of(client)
    with client.session_transaction() as session:
        assert session["_user_id"] != first
        assert session["csrf_token"] != csrf
    assert [row.ended_at is None for row in rows(app)] == [False, True]


def token_of(client, page="/people/me"):
    text = client.get(page).text
    return text.split('name="csrf_token" value="')[1].split('"')[0]


def test_a_cookie_kept_from_before_the_sign_out_opens_nothing(client, other, app, world):
    client.sign_in(world.an.email)
    stolen = cookie(client).value
    client.post("/sign-out", data={"csrf_token": token_of(client)})
    other.set_cookie("session", stolen)
    assert other.get("/people/me").status_code == 303


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (30, 303)])
def test_half_an_hour_without_use_ends_a_sign_in(client, world, time, minutes, status):
    client.sign_in(world.an.email)
    time.shift(timedelta(minutes=minutes))
    assert client.get("/people/me").status_code == status


@pytest.mark.parametrize(("hours", "status"), [(7.9, 200), (8.1, 303)])
def test_eight_hours_end_it_in_any_case(client, world, time, hours, status):
    client.sign_in(world.an.email)
    for _ in range(int(hours * 3)):
        time.shift(20 * MINUTE)
        client.get("/people/me")
    time.shift(hours * HOUR - int(hours * 3) * 20 * MINUTE)
    assert client.get("/people/me").status_code == status


def test_use_is_written_down_every_five_minutes_at_most(any_client, any_app, any_world, time):
    any_client.sign_in(any_world.an.email)
    begun = rows(any_app)[0].last_seen_at
    time.shift(4 * MINUTE)
    any_client.get("/people/me")
    assert rows(any_app)[0].last_seen_at == begun
    time.shift(2 * MINUTE)
    any_client.get("/people/me")
    assert rows(any_app)[0].last_seen_at == begun + timedelta(minutes=6)


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(client, app, world, time):
    client.sign_in(world.an.email)
    begun = rows(app)[0].last_seen_at
    poll = {"HX-Request": "true", "X-Poll": "1"}
    time.shift(20 * MINUTE)
    assert client.get("/people/me", headers=poll).status_code == 200
    assert rows(app)[0].last_seen_at == begun
    time.shift(15 * MINUTE)
    assert client.get("/people/me", headers=poll).status_code == 204


def test_reading_writes_nothing_but_the_last_use(client, app, world, time, queries):
    client.sign_in(world.an.email)
    with queries.counting():
        client.get("/people/me")
    assert not [q for q in queries if not q.lstrip().upper().startswith(("SELECT", "WITH"))]


def test_ones_sign_ins_are_listed_and_ended_one_by_one(client, other, app, world):
    client.sign_in(world.an.email)
    other.sign_in(world.an.email)
    assert client.get("/people/me").text.count("/people/me/sign-ins/") == 3
    theirs = rows(app)[1].id
    answer = client.submit("/people/me", f"/people/me/sign-ins/{theirs}/end")
    assert answer.status_code == 303
    assert other.get("/people/me").status_code == 303
    assert client.get("/people/me").status_code == 200


def test_all_others_are_ended_at_once(client, other, world):
    other.sign_in(world.an.email)
    client.sign_in(world.an.email)
    client.submit("/people/me", "/people/me/sign-ins/end")
    assert other.get("/people/me").status_code == 303
    assert client.get("/people/me").status_code == 200


def test_somebody_elses_sign_in_is_not_found(client, other, app, world):
    other.sign_in(world.binh.email)
    client.sign_in(world.an.email)
    theirs = rows(app, world.binh)[0].id
    data = {"csrf_token": token_of(client)}
    assert client.post(f"/people/me/sign-ins/{theirs}/end", data=data).status_code == 404
    assert other.get("/people/me").status_code == 200


def test_another_password_needs_the_present_one(client, world):
    client.sign_in(world.an.email)
    fresh = "mưa rơi trên mái ngói"
    answer = client.submit(
        "/people/me", "password-form", current="something else", password=fresh, again=fresh
    )
    assert answer.status_code == 422
    assert client.get("/people/me").status_code == 200


def test_another_password_ends_the_other_sign_ins(any_client, any_other, any_world):
    any_client.sign_in(any_world.an.email)
    any_other.sign_in(any_world.an.email)
    fresh = "mưa rơi trên mái ngói"
    answer = any_client.submit(
        "/people/me", "password-form", current=PASSWORD, password=fresh, again=fresh
    )
    assert answer.status_code == 303
    assert any_client.get("/people/me").status_code == 200
    assert any_other.get("/people/me").status_code == 303
    assert (
        any_other.submit("/sign-in", email=any_world.an.email, password=PASSWORD).status_code == 422
    )
    any_other.sign_in(any_world.an.email, fresh)


def test_the_cookies_are_closed_to_scripts_and_other_sites(client, world):
    client.sign_in(world.an.email)
    assert cookie(client).http_only
    assert cookie(client).same_site == "Lax"


@pytest.fixture(params=["http", "https"])
def site(request, settings_for, sqlite_database, time):
    """The site as reached by http and by https, with the units and people of a world."""
    settings = settings_for(sqlite_database, PUBLIC_URL=f"{request.param}://localhost")
    with running(settings) as app:
        with app.app_context():
            a_world()
        yield app


def test_over_https_and_only_then_cookies_are_bound_to_the_very_host(site):
    client = client_of(site).sign_in("an@test.local")
    set_by = client.submit("/people/me", "preferences", lang="en", theme="dark")
    assert '<html lang="en" data-theme="dark"' in client.get("/people/me").text
    unset_by = client.submit("/people/me", "preferences", lang="auto", theme="auto")
    assert '<html lang="vi"' in client.get("/people/me").text
    is_https = site.extensions["settings"].is_secure
    lines = [line for a in (set_by, unset_by) for line in a.headers.getlist("Set-Cookie")]
    assert len(lines) == 8, "session, language, colours and keys, each time"
    for line in lines:
        name, *marks = [part.strip() for part in line.split(";")]
        assert name.startswith("__Host-") == is_https
        assert ("Secure" in marks) == is_https
        assert "Path=/" in marks
        assert not [mark for mark in marks if mark.lower().startswith("domain")]


def test_language_and_theme_are_remembered_for_the_person(client, other, world):
    client.sign_in(world.an.email)
    answer = client.submit("/people/me", "preferences", lang="en", theme="dark")
    assert answer.status_code == 303
    other.sign_in(world.an.email)
    page = other.get("/people/me").text
    assert '<html lang="en" data-theme="dark"' in page


def test_a_theme_can_be_chosen_by_a_stranger_and_leads_back_to_this_site_only(client, world):
    token = token_of(client, "/sign-in")
    data = {"theme": "dark", "next": "//elsewhere.example", "csrf_token": token}
    answer = client.post("/theme", data=data)
    assert answer.location == "/"
    assert 'data-theme="dark"' in client.get("/sign-in").text


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "javascript:1",
        "",
    ],
)
def test_after_signing_in_nobody_is_sent_off_the_site(client, world, target):
    page = client.get("/sign-in", query_string={"next": target})
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"email": world.an.email, "password": PASSWORD, "csrf_token": token}
    answer = client.post("/sign-in", query_string={"next": target}, data=data)
    assert (answer.status_code, answer.location) == (303, "/")


def test_after_signing_in_one_comes_where_one_wanted_to(client, world):
    answer = client.get("/people/me?x=1")
    assert answer.location == "/sign-in?next=/people/me?x%3D1"
    page = client.get(answer.location)
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"email": world.an.email, "password": PASSWORD, "csrf_token": token}
    assert client.post(answer.location, data=data).location == "/people/me?x=1"


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/theme", "/people/me/password"])
def test_a_post_without_token_is_refused(client, world, path):
    client.sign_in(world.an.email)
    assert client.post(path, data={"email": "x", "password": "y"}).status_code == 400
    htmx = {"HX-Request": "true"}
    assert client.post(path, data={}, headers=htmx).status_code == 400
