"""The links of a mail: a GET changes nothing however often, a POST without a session stops the digest."""

import hashlib
import re
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from tests.digests.desks import composed, letter_to, mail_to, outbox
from tests.pages import client_of
from tests.worlds import AT, TODAY, a_world, doer
from tracker.clock import machine_now
from tracker.db import db
from tracker.digests.links import Stop, off_url, read, token_of
from tracker.digests.models import Preference
from tracker.digests.queries import wishes_of
from tracker.digests.values import Section, Wishes
from tracker.mail.messages import Letter, Skipped
from tracker.mail.models import Mail
from tracker.people import invitations
from tracker.people.actions import invite
from tracker.people.models import Person

LINK = re.compile(r"https?://[^\s\"<>]+")


def path_of(url):
    parts = urlsplit(url.replace("&amp;", "&"))
    return parts.path + (f"?{parts.query}" if parts.query else "")


def stop_header(letter):
    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return path_of(letter.headers["List-Unsubscribe"].strip("<>"))


def one_click(client, path):
    """What a mail program sends: no cookie, no token, no referrer."""
    return client.post(path, data={"List-Unsubscribe": "One-Click"})


def wishes(app, person):
    with app.app_context():
        return wishes_of(person.id)


# --- stopping ---


def test_one_click_stops_the_whole_digest(app, client, full):
    with app.app_context():
        path = stop_header(letter_to(full.an))
    answer = one_click(client, path)
    assert answer.status_code == 200  # no redirect: a mail program would not follow it
    assert wishes(app, full.an) == Wishes(is_off=True)
    with app.app_context():
        assert composed(full.an) == Skipped("off")
        assert isinstance(composed(full.binh), Letter)


def test_each_section_has_a_link_of_its_own(app, client, full):
    with app.app_context():
        letter = letter_to(full.an)
        urls = [url for url in LINK.findall(letter.text) if "/digest/off/" in url]
    sections = ["urged", "returned", "late", "due_soon", "branch", "all"]
    assert [url.split(".")[-2] for url in urls] == sections
    late = path_of(urls[2])
    assert "Ngừng nhận mục “Quá hạn”?" in client.get(late).text
    assert one_click(client, late).status_code == 200
    assert wishes(app, full.an) == Wishes(off=frozenset({Section.LATE}))
    with app.app_context():
        again = letter_to(full.an)
        assert "Xây dựng đề án sắp xếp tổ chức" not in again.text
        assert "Rà soát, đánh giá" in again.text


def test_stopping_twice_is_stopping_once(app, client, full):
    with app.app_context():
        path = stop_header(letter_to(full.an))
    for _ in range(3):
        assert one_click(client, path).status_code == 200
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Preference)) == 1


def test_the_page_of_a_link_asks_first_and_its_button_stops(app, client, full):
    with app.app_context():
        path = stop_header(letter_to(full.an))
    page = client.get(path)
    assert "Ngừng nhận bản tin?" in page.text
    assert full.an.name not in page.text
    assert full.an.email not in page.text
    assert wishes(app, full.an) == Wishes()
    assert "Đã ngừng nhận bản tin." in client.submit(path, path).text
    assert wishes(app, full.an).is_off
    assert "Đã ngừng nhận bản tin." in client.get(path).text


def test_it_works_on_each_kind_of_database(any_app, time):
    with any_app.app_context():
        world = a_world()
        path = path_of(off_url(Stop(world.an.id, Section.LATE), any_app.extensions["settings"]))
    assert one_click(client_of(any_app), path).status_code == 200
    assert wishes(any_app, world.an) == Wishes(off=frozenset({Section.LATE}))


# --- a link has one purpose ---


@pytest.fixture
def settings(app):
    return app.extensions["settings"]


def broken(token):
    """The ways in which a link comes to harm, or is harmed."""
    person, section, seal = token.split(".")
    yield from ("", "x", ".", "..", "1", token[:-1], token + "A", token.swapcase(), f"{token}.")
    yield f"{int(person) + 1}.{section}.{seal}"
    yield f"{person}.late.{seal}"
    yield f"{person}.{section}.{'A' * 43}"
    yield f"{person}.{section}."
    yield f"{person}..{seal}"
    yield f"-1.{section}.{seal}"
    yield f"{person}.{section}.é{seal[1:]}"


def test_a_broken_link_is_refused_plainly_and_changes_nothing(app, client, full, settings):
    token = token_of(Stop(full.an.id, None), settings)
    for wrong in broken(token):
        assert read(wrong, settings) is None
        for answer in (
            client.get(f"/digest/off/{wrong}"),
            one_click(client, f"/digest/off/{wrong}"),
        ):
            assert answer.status_code == 404
    assert "không phải do hệ thống này cấp" in client.get("/digest/off/x.all.y").text
    assert wishes(app, full.an) == Wishes()


def test_the_link_of_one_site_is_none_of_another(app, full, settings):
    other = replace(settings, secret_key="another-key-0123456789-abcdefghijklmnop")
    stop = Stop(full.an.id, None)
    assert read(token_of(stop, settings), settings) == stop
    assert read(token_of(stop, other), settings) is None


def test_no_token_of_one_kind_passes_for_another(app, client, full, settings):
    with app.app_context():
        person = db.session.get_one(Person, full.nam.id)
        at = {"at": AT, "clock_at": machine_now()}
        invitation = invite(person, by=doer(full.binh), settings=settings, **at)
        db.session.commit()
    off = token_of(Stop(full.nam.id, None), settings)
    assert client.get(f"/invitations/{invitation}").status_code == 200
    assert client.get(f"/invitations/{off}").status_code == 404
    assert client.get(f"/digest/off/{invitation}").status_code == 404
    sealed = settings.seal("invitation", f"{full.nam.id}.all")
    assert client.get(f"/digest/off/{full.nam.id}.all.{sealed}").status_code == 404


def test_a_link_opens_nothing_but_its_page(app, client, full, settings):
    token = token_of(Stop(full.an.id, None), settings)
    one_click(client, f"/digest/off/{token}")
    for path in ("/", "/digest", "/board", "/people/me"):
        answer = client.get(path)
        assert answer.status_code == 303
        assert "/sign-in" in answer.location


def test_the_link_of_somebody_who_is_gone_is_refused(app, client, full, settings):
    assert client.get(f"/digest/off/{token_of(Stop(9999, None), settings)}").status_code == 404


def test_every_other_form_still_needs_its_token(app, client, full):
    client.sign_in(full.an.email)
    assert client.post("/digest/preferences", data={"version": 0}).status_code == 400


# --- scanners ---


def dump(app):
    """Return a hash of every row of the database."""
    with app.app_context():
        rows = [
            (table.name, *row)
            for table in db.metadata.sorted_tables
            for row in db.session.execute(select(table).order_by(*table.primary_key.columns))
        ]
        db.session.remove()
    assert len(rows) > 50
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def test_a_scanner_may_open_every_link_of_every_mail_three_times(app, client, full):
    """As the gateways of mail do, GET and HEAD, before anybody has read a word."""
    with app.app_context():
        person = db.session.get_one(Person, full.nam.id)
        at = {"at": AT, "clock_at": machine_now(), "settings": app.extensions["settings"]}
        invite(person, by=doer(full.binh), **at)
        outbox()
        links = set()
        for mail in db.session.scalars(select(Mail)).all():
            person = db.session.get_one(Person, mail.person_id)
            letter = composed(person) if mail.kind == "digest" else invitations.render(mail)
            if isinstance(letter, Letter):
                links |= {*LINK.findall(letter.text), *LINK.findall(letter.html)}
                links |= {url.strip("<>") for url in [letter.headers.get("List-Unsubscribe", "")]}
        db.session.remove()
    links.discard("")
    base = app.extensions["settings"].public_url
    assert len(links) > 40
    assert all(link.startswith(base + "/") for link in links)
    before = dump(app)
    for link in sorted(links):
        for method in ("GET", "HEAD", "GET", "HEAD", "GET", "HEAD"):
            status = client.open(path_of(link), method=method).status_code
            assert status in {200, 303}, link
    assert dump(app) == before


def test_every_step_a_mail_offers_is_a_page_its_reader_may_open(app, full):
    with app.app_context():
        letters = {person.email: letter_to(person) for person in (full.an, full.binh, full.chi)}
    for email, letter in letters.items():
        client = client_of(app).sign_in(email)
        paths = {path_of(url).partition("#")[0] for url in LINK.findall(letter.text)}
        assert any("/hand-in" in path or "/accept" in path or "/rework" in path for path in paths)
        for path in sorted(paths - {""}):
            assert client.get(path).status_code == 200, path
    with app.app_context():
        assert wishes_of(full.an.id) == Wishes()
        assert mail_to(full.an, TODAY).period == date(2018, 4, 10).isoformat()


def test_the_host_of_a_request_never_gets_into_a_mail(app, full):
    """The mail is written by the worker; even the page that shows it takes the site's own address."""
    client = client_of(app).sign_in(full.an.email)
    name = app.extensions["settings"].cookie("session")
    cookie = client.get_cookie(name)
    assert cookie
    client.set_cookie(name, cookie.value, domain="evil.example")
    page = client.get("/digest", base_url="http://evil.example")
    assert page.status_code == 200
    assert "evil.example" not in page.text
    assert app.extensions["settings"].public_url in page.text
