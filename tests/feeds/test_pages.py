"""The address of one's own calendar: made once shown, read by whoever has it, dead the moment it ends."""

import re
from datetime import date, time, timedelta
from typing import Any

import icalendar
import pytest
import vobject
from sqlalchemy import select

from tests.pages import Client, client_of
from tests.worlds import TODAY, a_child, a_line, a_seat, a_task, doer
from tracker.committees.models import Role, Tenure
from tracker.db import db
from tracker.feeds import limits, queries
from tracker.feeds.models import Feed
from tracker.history.actions import Doer, record
from tracker.history.models import Event, Kind
from tracker.people.models import Person
from tracker.people.queries import digest
from tracker.policy import Verb
from tracker.tasks.lifecycle import State
from tracker.tasks.moves import image_of, move

ADDRESS = re.compile(r"http://[^<\s]+/calendar/([\w-]{43})\.ics")
LATE = TODAY - timedelta(days=10)


def make(client: Client, **wishes) -> str:
    """Make an address as a person does; return its path."""
    fields = {"feed-lang": "vi"} | {f"feed-{name}": wish for name, wish in wishes.items()}
    assert client.submit("/people/me", "feed-form", **fields).status_code == 303
    found = ADDRESS.search(client.get("/people/me").text)
    assert found
    return f"/calendar/{found[1]}.ics"


@pytest.fixture
def program(app) -> Client:
    """A calendar program: it keeps no cookie and signs in nowhere."""
    return client_of(app)


def read(program: Client, path: str) -> dict[str, Any]:
    """Read a calendar with both readers; they must agree. Return its entries by title, what stands in [] apart."""
    answer = program.get(path)
    assert answer.status_code == 200
    calendar = icalendar.Calendar.from_ical(answer.data)
    events: list[Any] = list(calendar.walk("VEVENT"))
    assert [told(event) for event in events] == by_vobject(answer.text)
    return {re.sub(r"^\[[^]]*\] ", "", str(event["SUMMARY"])): event for event in events}


def told(event: Any) -> tuple[str, ...]:
    names = ("UID", "SUMMARY", "DESCRIPTION", "URL", "STATUS", "SEQUENCE")
    return (*(str(event[name]) for name in names), event["DTSTART"].dt.isoformat())


def vevents(text: str) -> list[Any]:
    calendar: Any = vobject.readOne(text)
    return list(getattr(calendar, "vevent_list", []))


def by_vobject(text: str) -> list[tuple[str, ...]]:
    found = []
    for event in vevents(text):
        names = ("uid", "summary", "description", "url", "status", "sequence")
        values = (getattr(event, name).value for name in names)
        found.append((*values, event.dtstart.value.isoformat()))
    return found


def titles(program: Client, path: str) -> set[str]:
    return set(read(program, path))


# --- making and ending ------------------------------------------------------------------------------


def test_an_address_is_shown_once_and_kept_as_a_hash(world, signed_in, program):
    a_task(world, "Rà soát", due=LATE)
    client = signed_in(world.an)
    path = make(client)
    assert not ADDRESS.search(client.get("/people/me").text)
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    feed = db.session.scalars(select(Feed)).one()
    assert feed.token_hash == digest(token)
    assert titles(program, path) == {"Rà soát"}
    event = db.session.scalars(select(Event).where(Event.kind == Kind.FEED_MADE)).one()
    assert (event.by_id, event.subject_id) == (world.an.id, world.an.id)
    assert token not in str(event.data)


def test_another_address_ends_the_one_before_and_an_ended_one_is_not_found(
    world, signed_in, program
):
    client = signed_in(world.an)
    first, second = make(client), make(client)
    assert program.get(first).status_code == 404
    assert program.get(second).status_code == 200
    form = "/people/me/calendar/end"
    assert client.submit("/people/me", form).status_code == 303
    assert program.get(second).status_code == 404
    kinds = list(db.session.scalars(select(Event.kind).where(Event.subject_id == world.an.id)))
    assert kinds[-4:] == [Kind.FEED_MADE, Kind.FEED_ENDED, Kind.FEED_MADE, Kind.FEED_ENDED]
    token = client.get("/people/me").text.partition('name="csrf_token" value="')[2][:200]
    again = client.post(form, data={"csrf_token": token.partition('"')[0]})
    assert again.status_code == 303  # ended twice is ended


def test_what_is_not_offered_cannot_be_made(world, signed_in):
    client = signed_in(world.chi)  # a member has no branch
    assert "feed-covers-1" not in client.get("/people/me").text
    token = client.get("/people/me").text.partition('name="csrf_token" value="')[2]
    fields = {"csrf_token": token.partition('"')[0], "feed-lang": "vi"}
    for covers in ("branch", "everything", ""):
        answer = client.post("/people/me/calendar", data=fields | {"feed-covers": covers})
        assert answer.status_code == 422
    for lang in ("fr", ""):
        wrong = fields | {"feed-covers": "own", "feed-lang": lang}
        assert client.post("/people/me/calendar", data=wrong).status_code == 422
    assert client.get("/people/me/calendar").status_code in {404, 405}
    assert db.session.scalars(select(Feed)).all() == []


def test_who_holds_no_seat_has_no_calendar(world, signed_in):
    client = signed_in(world.khanh)
    page = client.get("/people/me")
    assert "feed-form" not in page.text
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    fields = {"csrf_token": token, "feed-covers": "own", "feed-lang": "vi"}
    assert client.post("/people/me/calendar", data=fields).status_code == 409


def test_administrators_end_what_may_be_on_a_lost_phone(world, signed_in, program):
    path, admin = make(signed_in(world.an)), signed_in(world.khanh)
    account = f"/people/{world.an.id}"
    assert admin.submit(account, f"{account}/sign-ins/end").status_code == 303
    assert program.get(path).status_code == 404
    other = make(signed_in(world.chi))
    account = f"/people/{world.chi.id}"
    assert admin.submit(account, f"{account}/disabling").status_code == 303
    assert program.get(other).status_code == 404
    assert admin.submit(account, f"{account}/enabling").status_code == 303
    assert program.get(other).status_code == 404  # it is gone for ever


# --- what a reader gets -----------------------------------------------------------------------------


def test_reading_needs_no_sign_in_sets_no_cookie_and_writes_nothing(world, signed_in, app, program):
    a_task(world, due=LATE)
    client = signed_in(world.an)
    path = make(client)
    before = db.session.scalar(select(Event.id).order_by(Event.id.desc()))
    for reader in (program, client):  # even from a browser that is signed in
        for target in (path, f"{path}?lang=en", "/calendar/" + "x" * 43 + ".ics"):
            answer = reader.get(target)
            assert "Set-Cookie" not in answer.headers, target
    answer = program.get(path)
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Content-Language"] == "vi"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    head = program.head(path)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == answer.headers["ETag"]
    known = {"If-None-Match": answer.headers["ETag"]}
    assert program.get(path, headers=known).status_code == 304
    assert program.post(path).status_code in {400, 405}
    assert db.session.scalar(select(Event.id).order_by(Event.id.desc())) == before


def test_nothing_is_told_of_an_address_that_is_none(world, signed_in, program):
    path = make(signed_in(world.an))
    strange = [
        path[:-5] + ("B" if path[-5] == "A" else "A") + ".ics",
        path.upper(),
        "/calendar/.ics",
        "/calendar/" + "9" * 3000 + ".ics",
    ]
    for target in (*strange, "/calendar/%00.ics", "/calendar/%F0%9F%98%80.ics"):
        answer = program.get(target)
        assert answer.status_code in {303, 404}, target
        assert "BEGIN" not in answer.text


def test_rights_are_those_of_the_moment_of_reading(world, signed_in, program):
    mine = a_task(world, "Việc của Ban", due=LATE)
    a_task(world, "Việc của huyện", lead=world.district, due=LATE)
    path = make(signed_in(world.an), covers="own")
    assert titles(program, path) == {"Việc của Ban"}
    tenure = db.session.scalars(select(Tenure).where(Tenure.person_id == world.an.id)).one()
    tenure.to_on = TODAY - timedelta(days=1)
    record(Kind.SEAT_LEFT, by=Doer(), at=mine.moved_at, subject_id=world.an.id)
    db.session.commit()
    assert program.get(path).status_code == 404  # no seat
    a_seat(world.district, Role.CHAIR, world.an, since=TODAY)
    record(Kind.SEAT_TAKEN, by=Doer(), at=mine.moved_at, subject_id=world.an.id)
    db.session.commit()
    assert titles(program, path) == {"Việc của huyện"}  # moved
    person = db.session.get_one(Person, world.an.id)
    person.disabled_at = mine.moved_at
    db.session.commit()
    assert program.get(path).status_code == 404


def test_a_leader_who_becomes_a_member_reads_their_own_work_only(world, signed_in, program):
    a_task(world, "Việc của Phòng", lead=world.division, assigner=world.commission, due=LATE)
    a_task(world, "Việc của Ban", due=LATE)
    path = make(signed_in(world.an), covers="branch")
    assert titles(program, path) == {"Việc của Ban", "Việc của Phòng"}
    tenure = db.session.scalars(select(Tenure).where(Tenure.person_id == world.an.id)).one()
    tenure.to_on = TODAY - timedelta(days=1)
    a_seat(world.commission, Role.MEMBER, world.an, since=TODAY)
    record(Kind.SEAT_TAKEN, by=Doer(), at=world.an.created_at, subject_id=world.an.id)
    db.session.commit()
    assert titles(program, path) == {"Việc của Ban"}


def test_a_feed_holds_what_its_owner_may_see_and_nothing_else(world, signed_in, program):
    own = a_task(world, "Của Ban", due=LATE)
    a_line(world, own, world.district, title_en="x")
    parent = a_task(world, "Giao các huyện", due=LATE, lead=world.commission)
    a_child(world, parent, world.town)
    a_task(world, "Dự thảo kín", state=State.DRAFT, due=LATE)
    a_task(world, "Đã hủy", state=State.CANCELLED, due=LATE)
    a_task(world, "Không thời hạn")
    a_task(world, "Của tỉnh khác", lead=world.elsewhere, assigner=world.elsewhere, due=LATE)
    a_task(world, "Của thị ủy", lead=world.town, due=LATE)
    paths = {name: make(signed_in(getattr(world, name))) for name in ("an", "mai")}
    assert titles(program, paths["an"]) == {"Của Ban", "Giao các huyện"}
    assert len(titles(program, paths["mai"])) == 1  # the part of the co-ordinator
    assert "Của Ban" in program.get(paths["mai"]).text
    for name, path in paths.items():
        text = program.get(path).text
        hidden = ["Dự thảo", "tỉnh khác", "Đã hủy", "Không thời hạn", "Của thị ủy"]
        assert not [words for words in hidden if words in text], name
    branch = make(signed_in(world.giang), covers="branch")  # an observer
    assert titles(program, branch) >= {"Của Ban", "Của thị ủy"}
    assert "Dự thảo" not in program.get(branch).text


# --- how a deadline reads ---------------------------------------------------------------------------


def test_the_key_fact_stands_first_in_both_languages(world, signed_in, program):
    a_task(
        world, "Quá", due=LATE, slips=2, first_due_on=date(2018, 2, 28), first_due_words="tháng 2"
    )
    a_task(world, "Hôm nay", due=TODAY, due_time=time(16, 30))
    a_task(world, "Sắp", due=TODAY + timedelta(days=2))
    a_task(world, "Còn lâu", due=date(2018, 6, 30), due_words="hết quý II-2018")
    a_task(world, "Xong", due=TODAY, state=State.DONE)
    a_task(world, "Xong trễ", due=LATE, state=State.DONE)
    a_task(world, "Xong lâu rồi", due=LATE, state=State.DONE, done_on=TODAY - timedelta(days=91))
    client = signed_in(world.an)
    path = make(client)
    found = {name: str(event["SUMMARY"]) for name, event in read(program, path).items()}
    assert found == {
        "Quá": "[Quá hạn 10 ngày] Quá",
        "Hôm nay": "[Đến hạn hôm nay] Hôm nay",
        "Sắp": "[Sắp đến hạn] Sắp",
        "Còn lâu": "Còn lâu",
        "Xong": "[Hoàn thành đúng hạn] Xong",
        "Xong trễ": "[Hoàn thành quá hạn] Xong trễ",
    }
    english = read(program, make(client, lang="en"))
    assert str(english["Quá"]["SUMMARY"]) == "[10 days overdue] Quá"
    late = str(english["Quá"]["DESCRIPTION"]).splitlines()
    assert late[0] == "Deadline: 31-3-2018 (31 Mar 2018)"
    assert late[1] == "Lead unit: Ban Tổ chức Tỉnh ủy Hải Sơn"
    assert late[2] == "State: Assigned, 10 days overdue"
    assert late[3:] == ["Original deadline: tháng 2 (28 Feb 2018)", "Extended twice."]


def test_an_entry_lies_on_its_day_or_at_its_hour(world, signed_in, app, program):
    whole = a_task(world, "Cả ngày", due=date(2018, 12, 31))
    hour = a_task(world, "Lúc", due=TODAY, due_time=time(16, 30))
    found = read(program, make(signed_in(world.an)))
    day = found["Cả ngày"]
    assert (day["DTSTART"].dt, day["DTEND"].dt) == (date(2018, 12, 31), date(2019, 1, 1))
    assert day["TRANSP"] == "TRANSPARENT"
    public = app.extensions["settings"].public_url
    assert day["URL"] == f"{public}/tasks/{whole.id}"
    at = found["Lúc"]["DTSTART"].dt
    assert (at.hour, at.minute, at.utcoffset()) == (16, 30, timedelta(hours=7))
    assert "DTEND" not in found["Lúc"]
    assert str(found["Lúc"]["UID"]).startswith(f"task-{hour.id}@")


def test_an_entry_keeps_its_id_and_tells_that_it_changed(world, signed_in, program):
    task = a_task(world, "Rà soát", due=date(2018, 8, 31))
    path = make(signed_in(world.an))
    before, tag = read(program, path)["Rà soát"], program.get(path).headers["ETag"]
    move(task, Verb.START, by=doer(world.an), at=task.moved_at + timedelta(days=31))
    task.due_on = date(2018, 9, 30)
    record(Kind.DEADLINE_MOVED, by=doer(world.binh), at=task.moved_at, image=image_of(task))
    db.session.commit()
    after = read(program, path)["Rà soát"]
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt
    assert after["DTSTART"].dt == date(2018, 9, 30)
    assert program.get(path).headers["ETag"] != tag


def test_no_text_breaks_out_of_its_line(world, signed_in, program):
    hostile = [
        "Một\r\nBEGIN:VEVENT\r\nSUMMARY:khác",
        "Hai\nATTENDEE:mailto:x@evil.example",
        'Ba, bốn; năm\\n sáu: "bảy"',
        "Tám\u2028DTSTART:20200101\u2029chín\x85mười\x0bx\x0cy\x1cz\x00",
        "ữ" * 1000,
        "😀" * 500,
        "e\u0302\u0301" * 300,
        " ;:,\\" * 100,
        "END:VCALENDAR",
    ]
    for number, title in enumerate(hostile):
        a_task(world, f"{number} {title}", due=LATE, due_words=title)
    answer = program.get(make(signed_in(world.an)))
    lines = answer.data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in answer.data.replace(b"\r\n", b"")
    assert answer.data.decode().count("BEGIN:VEVENT\r\n") == len(hostile)
    for line in lines:
        line.decode()  # no letter is cut in two
    path = str(answer.request.path)
    found = read(program, path)
    assert len(found) == len(hostile)
    assert {event["DTSTART"].dt for event in found.values()} == {LATE}
    assert not [event for event in found.values() if "ATTENDEE" in event]
    assert 'Ba, bốn; năm\\n sáu: "bảy"' in " ".join(found)


def test_too_many_deadlines_are_cut_to_the_nearest(world, signed_in, program, monkeypatch):
    monkeypatch.setattr(queries, "MOST", 3)
    queries._queries.cache_clear()
    for days in (-400, -300, -2, 1, 5, 700, 800):
        a_task(world, f"{days}", due=TODAY + timedelta(days=days))
    path = make(signed_in(world.an))
    assert titles(program, path) == {"-2", "1", "5"}
    monkeypatch.undo()
    queries._queries.cache_clear()
    assert titles(program, path) == {"-300", "-2", "1", "5", "700"}


def test_the_cost_of_a_feed_does_not_grow_with_what_is_in_it(world, signed_in, program, queries):
    path, costs = make(signed_in(world.an)), []
    for count in (1, 40):
        for _ in range(count):
            a_task(world, due=LATE)
        program.get(path)
        with queries.counting():
            program.get(path)
        costs.append(len(queries))
    assert costs[0] == costs[1] < 12


def test_who_reads_without_end_is_asked_to_wait(world, signed_in, program, monkeypatch):
    path, other = make(signed_in(world.an)), make(signed_in(world.chi))
    monkeypatch.setattr(limits, "MOST", 3)
    assert [program.get(path).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert program.get(other).status_code == 200
    for _ in range(3):
        assert program.get("/calendar/khong-co.ics").status_code == 404
    assert program.get("/calendar/khong-co.ics").status_code == 429
    assert program.get(other).status_code == 200  # others behind the same address read on


def test_the_token_stands_in_no_log(world, signed_in, program, caplog):
    path = make(signed_in(world.an))
    token = path.split("/")[-1].removesuffix(".ics")
    for target in (path, path.replace(token[:4], "aaaa", 1)):
        program.get(target)
    assert "/calendar/<token>.ics" in caplog.text
    assert token[4:] not in caplog.text
