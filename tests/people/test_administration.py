"""Administrators add, invite, disable people and give them seats; links work once."""

import re
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from tests.pages import PASSWORD, choose, client_of, filled, parse
from tests.people.conftest import in_the_middle
from tracker.committees.models import Role, Seat, Tenure
from tracker.db import db
from tracker.history.models import Event, EventText, Kind
from tracker.people.models import Invitation, Person, SignIn

SECRET = "gió mùa thổi qua đồi"


@pytest.fixture
def admin(client, world):
    """The browser of the administrator."""
    return client.sign_in(world.khanh.email)


def csrf(text):
    return text.split('name="csrf_token" value="')[1].split('"')[0]


def link_on(text):
    found = re.search(r"http://[^/]+(/invitations/[\w-]+)", text)
    return found[1] if found else None


def invited(admin, world):
    """Invite somebody new; return the path of the link."""
    answer = admin.submit(
        "/people/new", name="Ngô Thị Đào", email="Dao@test.local", unit=world.town.id, role="office"
    )
    assert answer.status_code == 303, answer.text
    link = link_on(admin.get(answer.location).text)
    assert link
    return link


def person_at(app, email):
    with app.app_context():
        return db.session.scalars(select(Person).filter_by(email_key=email)).one()


def kinds(app, person):
    with app.app_context():
        rows = select(Event.kind).where(Event.subject_id == person.id).order_by(Event.id)
        told = {Kind.PERSON_ADDED, Kind.PERSON_INVITED, Kind.PERSON_DISABLED, Kind.PERSON_ENABLED}
        return [kind for kind in db.session.scalars(rows) if kind in told | {Kind.SEAT_TAKEN}]


def test_somebody_new_gets_a_seat_and_a_link(admin, other, app, world):
    link = invited(admin, world)
    assert other.submit(link, password=SECRET, again=SECRET).status_code == 303
    page = other.get("/people/me").text
    assert "Thị ủy Cửa Lũy" in page
    person = person_at(app, "dao@test.local")
    assert kinds(app, person) == [Kind.PERSON_ADDED, Kind.SEAT_TAKEN, Kind.PERSON_INVITED]
    with app.app_context():
        event = db.session.scalars(select(Event).filter_by(kind=Kind.PERSON_ADDED)).one()
        assert event.by_id == world.khanh.id


def test_the_link_is_shown_once(admin, app, world):
    link = invited(admin, world)
    page = admin.get(f"/people/{person_at(app, 'dao@test.local').id}").text
    assert link not in page
    with app.app_context():
        row = db.session.scalars(select(Invitation)).one()
        assert row.token_hash not in link


def test_a_hundred_looks_at_a_link_use_nothing_up(admin, other, world):
    link = invited(admin, world)
    for _ in range(50):
        assert other.get(link).status_code == 200
        assert other.head(link).status_code == 200
    assert other.submit(link, password=SECRET, again=SECRET).status_code == 303


def test_a_link_works_once(admin, other, world):
    link = invited(admin, world)
    token = csrf(other.get(link).text)
    data = {"password": SECRET, "again": SECRET, "csrf_token": token}
    assert other.post(link, data=data).status_code == 303
    again = other.post(link, data=data | {"csrf_token": csrf(other.get("/people/me").text)})
    assert again.status_code == 410
    assert other.get(link).status_code == 410


def test_a_link_works_for_seven_days(admin, other, world, time):
    link = invited(admin, world)
    time.shift(timedelta(days=7, seconds=-1))
    assert other.get(link).status_code == 200
    time.shift(1)
    assert other.get(link).status_code == 410


def test_a_newer_link_ends_the_older(admin, other, app, world):
    old = invited(admin, world)
    page = f"/people/{person_at(app, 'dao@test.local').id}"
    answer = admin.submit(page, f"{page}/invitation")
    new = link_on(admin.get(answer.location).text)
    assert other.get(old).status_code == 410
    assert other.get(new).status_code == 200


def test_a_link_nobody_made_is_not_found(client, world):
    assert client.get("/invitations/abc").status_code == 404


def test_a_link_of_somebody_disabled_opens_nothing(admin, other, app, world):
    link = invited(admin, world)
    page = f"/people/{person_at(app, 'dao@test.local').id}"
    admin.submit(page, f"{page}/disabling")
    assert other.get(link).status_code == 410
    admin.submit(page, f"{page}/enabling")
    assert other.get(link).status_code == 410


def test_a_forgotten_password_ends_every_sign_in(admin, other, world):
    other.sign_in(world.an.email)
    page = f"/people/{world.an.id}"
    link = link_on(admin.get(admin.submit(page, f"{page}/invitation").location).text)
    assert other.get("/people/me").status_code == 200, "a link alone ends nothing"
    admin.submit(link, password=SECRET, again=SECRET)
    assert other.get("/people/me").status_code == 303
    other.sign_in(world.an.email, SECRET)


@pytest.mark.parametrize(
    ("password", "again"),
    [
        ("too short", "too short"),
        (SECRET, SECRET + "x"),
        ("", ""),
        ("Ngô Thị Đào 2018", "Ngô Thị Đào 2018"),
    ],
)
def test_a_bad_first_password_is_refused_and_the_link_stays(admin, other, world, password, again):
    link = invited(admin, world)
    answer = other.submit(link, password=password, again=again)
    assert answer.status_code == 422
    assert 'id="error-summary"' in answer.text
    assert other.submit(link, password=SECRET, again=SECRET).status_code == 303


def test_disabling_ends_the_sign_ins_at_once(admin, other, app, world):
    other.sign_in(world.an.email)
    page = f"/people/{world.an.id}"
    assert admin.submit(page, f"{page}/disabling").status_code == 303
    assert other.get("/people/me").status_code == 303
    assert other.submit("/sign-in", email=world.an.email, password=PASSWORD).status_code == 422
    admin.submit(page, f"{page}/enabling")
    assert other.get("/people/me").status_code == 303, "ended sign-ins stay ended"
    other.sign_in(world.an.email)
    assert kinds(app, world.an)[-2:] == [Kind.PERSON_DISABLED, Kind.PERSON_ENABLED]


def test_the_last_administrator_cannot_be_disabled(admin, world):
    page = f"/people/{world.khanh.id}"
    answer = admin.submit(page, f"{page}/disabling")
    assert answer.status_code == 409
    assert admin.get("/people/me").status_code == 200


def test_all_sign_ins_of_somebody_can_be_ended(admin, other, world):
    other.sign_in(world.an.email)
    page = f"/people/{world.an.id}"
    admin.submit(page, f"{page}/sign-ins/end")
    assert other.get("/people/me").status_code == 303


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "email": "dao@test.local"},
        {"name": "Ngô Thị Đào", "email": "no address"},
        {"name": "Ngô Thị Đào", "email": " AN@test.local"},
        {"name": "Ngô Thị Đào", "email": "dao@test.local", "unit": "99999"},
        {"name": "Ngô Thị Đào", "email": "dao@test.local", "unit": ""},
        {"name": "Ngô Thị Đào", "email": "dao@test.local", "role": "king"},
        {"name": "NgÃ´ Thá»‹ Ä\x90Ã o", "email": "dao@test.local"},
        {"name": "N" * 1001, "email": "dao@test.local"},
    ],
)
def test_what_is_wrong_with_somebody_new_is_said_and_nothing_is_written(admin, app, world, fields):
    wanted = {"unit": world.town.id, "role": "member"} | fields
    answer = admin.submit("/people/new", "/people/new", **wanted)
    assert answer.status_code == 422
    assert 'id="error-summary"' in answer.text
    with app.app_context():
        assert len(db.session.scalars(select(Person)).all()) == 11


def test_a_name_is_kept_in_one_normal_form(admin, app, world):
    decomposed = "Ngo\u0302 Thi\u0323  Đa\u0300o"
    admin.submit("/people/new", name=decomposed, email="dao@test.local", unit=world.town.id)
    assert person_at(app, "dao@test.local").name == "Ngô Thị Đào"


def test_unknown_fields_are_ignored(admin, app, world):
    page = admin.get("/people/new").text
    data = {"name": "Ngô Thị Đào", "email": "dao@test.local", "unit": world.town.id}
    data |= {"role": "member", "password_hash": "x", "disabled_at": "1", "csrf_token": csrf(page)}
    assert admin.post("/people/new", data=data).status_code == 303
    assert person_at(app, "dao@test.local").password_hash is None


# --- correcting a name or an address --------------------------------------------------------------


def edited(admin, person, **fields):
    """Correct somebody through the page."""
    page = f"/people/{person.id}/edit"
    return admin.submit(page, page, **fields)


def test_a_name_and_an_address_are_corrected_and_history_says_so(admin, other, app, world):
    answer = edited(admin, world.an, name="Lê Thị Ân", email="An.Moi@test.local")
    assert (answer.status_code, answer.location) == (303, f"/people/{world.an.id}")
    person = person_at(app, "an.moi@test.local")
    assert (person.id, person.name, person.email) == (world.an.id, "Lê Thị Ân", "An.Moi@test.local")
    assert "Lê Thị Ân" in admin.get("/people?q=an.moi").text
    assert "Lê Thị Ân" not in admin.get("/people?q=an@test").text
    other.sign_in("an.moi@test.local")
    with app.app_context():
        told = db.session.scalars(select(Event).filter_by(kind=Kind.PERSON_EDITED)).one()
        words = db.session.get_one(EventText, told.id).words
    assert (told.subject_id, told.by_id) == (world.an.id, world.khanh.id)
    assert told.data == {"changed": ["name", "email"], "old": {}, "new": {}}
    assert words == "Lê Thị An → Lê Thị Ân\nan@test.local → An.Moi@test.local"


def test_where_nothing_was_changed_nothing_is_told(admin, app, world):
    assert edited(admin, world.an).status_code == 303
    with app.app_context():
        assert not db.session.scalars(select(Event).filter_by(kind=Kind.PERSON_EDITED)).all()


def test_another_address_ends_the_open_link_and_another_name_does_not(admin, other, app, world):
    link = invited(admin, world)
    person = person_at(app, "dao@test.local")
    edited(admin, person, name="Ngô Thị Đào Anh")
    assert other.get(link).status_code == 200
    edited(admin, person, email="dao.moi@test.local")
    assert other.get(link).status_code == 410


@pytest.mark.parametrize(
    "fields",
    [
        {"email": " BINH@test.local"},
        {"email": "no address"},
        {"email": ""},
        {"name": ""},
        {"name": "N" * 1001},
        {"name": "NgÃ´ Thá»‹ Ä\x90Ã o"},
    ],
)
def test_what_is_wrong_with_a_correction_is_said_and_nothing_is_written(admin, app, world, fields):
    answer = edited(admin, world.an, **fields)
    assert answer.status_code == 422
    assert 'id="error-summary"' in answer.text
    assert person_at(app, "an@test.local").name == "Lê Thị An"


def test_the_address_somebody_has_is_theirs_to_keep_in_other_letters(admin, app, world):
    assert edited(admin, world.an, email="AN@test.local").status_code == 303
    assert person_at(app, "an@test.local").email == "AN@test.local"


def test_of_two_corrections_the_second_is_told_and_keeps_what_was_typed(admin, app, world):
    page = f"/people/{world.an.id}/edit"
    stale = filled(choose(parse(admin.get(page).text)[0], page, {}))
    edited(admin, world.an, email="an.moi@test.local")
    answer = admin.post(page, data=stale | {"name": "Lê Thị Ân"})
    assert answer.status_code == 409
    assert "an.moi@test.local" in answer.text
    assert "Lê Thị Ân" in answer.text
    again = filled(choose(parse(answer.text)[0], page, {}))
    assert admin.post(page, data=again).status_code == 303
    assert person_at(app, "an@test.local").name == "Lê Thị Ân"


def test_only_name_and_address_are_corrected(admin, app, world):
    edited(admin, world.an, name="Lê Thị Ân", is_admin="y", password_hash="x", disabled_at="1")
    person = person_at(app, "an@test.local")
    assert (person.name, person.is_admin, person.disabled_at) == ("Lê Thị Ân", False, None)
    assert person.password_hash != "x"


def test_an_administrator_corrects_their_own_account_and_stays_signed_in(admin, world):
    assert edited(admin, world.khanh, name="Bùi Văn Khánh Hòa").status_code == 303
    assert "Bùi Văn Khánh Hòa" in admin.get("/people/me").text


def test_of_two_who_are_given_one_address_at_once_one_gets_it(any_app, any_world):
    def sending(person):
        page, browser = f"/people/{person.id}/edit", client_of(any_app).sign_in("khanh@test.local")
        form = filled(choose(parse(browser.get(page).text)[0], page, {}))
        return partial(browser.post, page, data=form | {"email": "moi@test.local"})

    first, second = sending(any_world.an), sending(any_world.binh)
    answers = in_the_middle(any_app, "UPDATE person", first, second)
    assert [answer.status_code for answer in answers] == [303, 422]


def test_a_seat_is_given_and_left(admin, app, world):
    page = f"/people/{world.an.id}"
    answer = admin.submit(page, "seat-form", unit=world.town.id, role="office")
    assert answer.status_code == 303
    with app.app_context():
        tenure = db.session.scalars(
            select(Tenure)
            .join(Seat)
            .where(Tenure.person_id == world.an.id, Seat.role == Role.OFFICE)
        ).one()
    assert admin.submit(page, "seat-form", unit=world.town.id, role="office").status_code == 422
    assert admin.submit(page, f"{page}/seats/{tenure.id}/end").status_code == 303


def test_somebody_elses_seat_is_not_found_here(admin, app, world):
    with app.app_context():
        theirs = db.session.scalars(select(Tenure).filter_by(person_id=world.binh.id)).one()
    page = f"/people/{world.an.id}"
    data = {"csrf_token": csrf(admin.get(page).text)}
    assert admin.post(f"{page}/seats/{theirs.id}/end", data=data).status_code == 404


@pytest.mark.parametrize("path", ["/people", "/people/new", "/people/1", "/people/1/edit"])
def test_nobody_but_administrators_keeps_people(client, world, path):
    client.sign_in(world.binh.email)
    assert client.get(path).status_code == 403


@pytest.mark.parametrize(
    "verb", ["edit", "invitation", "disabling", "enabling", "sign-ins/end", "seats", "seats/1/end"]
)
def test_nobody_but_administrators_does_anything_to_people(client, app, world, verb):
    client.sign_in(world.binh.email)
    token = csrf(client.get("/people/me").text)
    answer = client.post(f"/people/{world.an.id}/{verb}", data={"csrf_token": token})
    assert answer.status_code == 403


@pytest.mark.parametrize("number", [0, 4711, 2**31, 2**63, 10**30])
def test_unknown_people_are_not_found(admin, number):
    assert admin.get(f"/people/{number}").status_code == 404


@pytest.mark.parametrize("words", ["thi an", "Thị An", "an@test", "AN@TEST.LOCAL"])
def test_people_are_found_with_and_without_marks(admin, words):
    page = admin.get("/people", query_string={"q": words}).text
    assert "Lê Thị An" in page
    assert "Phan Văn Bình" not in page


@pytest.mark.parametrize("words", ["%", "_", "'", "\\", "x" * 5000])
def test_signs_of_the_database_find_nobody(admin, words):
    assert "@test.local</td>" not in admin.get("/people", query_string={"q": words}).text


@pytest.mark.parametrize("number", ["0", "-3", "99999999999999999999", "x"])
def test_a_page_that_does_not_exist_is_a_page_all_the_same(admin, number):
    assert admin.get("/people", query_string={"page": number}).status_code == 200


def test_a_list_of_people_costs_the_same_with_few_and_many(admin, app, world, queries):
    admin.get("/people")  # what a process reads once
    with queries.counting():
        admin.get("/people?q=khanh")
    few = len(queries)
    with queries.counting():
        admin.get("/people")
    assert len(queries) == few


def test_signing_in_leaves_no_event(admin, app):
    with app.app_context():
        before = len(db.session.scalars(select(Event)).all())
        assert len(db.session.scalars(select(SignIn)).all()) == 1
    admin.get("/people/me")
    with app.app_context():
        assert len(db.session.scalars(select(Event)).all()) == before
