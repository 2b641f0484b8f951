"""Seats that change hands from a day, and substitutes: rights follow the seat, history keeps who did what."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.pages import choose, filled, parse
from tests.reading import text_of
from tests.worlds import AT, TODAY, a_person, a_seat, a_task, set_clock
from tracker.committees.models import Role, Tenure
from tracker.db import db
from tracker.people.models import Person
from tracker.tasks.lifecycle import State

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def seat(world) -> int:
    """The seat of chair An."""
    return seat_of(world.an)


@pytest.fixture
def vo(world) -> Person:
    """Somebody with an account and no seat."""
    return a_person("Võ Thị Vân")


def form_of(client, path: str) -> dict[str, Any]:
    """Return what the form of a page would send."""
    return filled(choose(parse(client.get(path).text)[0], path, {}))


def seat_of(person: Person) -> int:
    found = select(Tenure.seat_id).where(Tenure.person_id == person.id)
    return db.session.scalars(found).one()


def held(seat_id: int) -> list[tuple[int, date, date | None]]:
    """Return who holds a seat from when until when."""
    db.session.rollback()
    rows = select(Tenure.person_id, Tenure.from_on, Tenure.to_on).where(Tenure.seat_id == seat_id)
    found = db.session.execute(rows.order_by(Tenure.from_on, Tenure.id))
    return [(person_id, first, last) for person_id, first, last in found]


def typed(day: date) -> str:
    return f"{day.day}-{day.month}-{day.year}"


def hand_over(client, seat_id: int, person: str, day: date, **more):
    path = f"/seats/{seat_id}/handover"
    return client.submit(path, path, person=person, from_on=typed(day), **more)


def test_rights_and_desk_pass_at_midnight_and_history_does_not_change(world, seat, vo, signed_in):
    task = a_task(world, state=State.IN_PROGRESS)
    an, van, office = signed_in(world.an), signed_in(vo), signed_in(world.binh)
    an.submit(f"/tasks/{task.id}", f"/tasks/{task.id}/notes", words="Đã làm một nửa.")
    assert hand_over(office, seat, "Võ Thị Vân", TOMORROW).status_code == 303
    page = f"/tasks/{task.id}/hand-in"
    assert (an.get(page).status_code, van.get(page).status_code) == (200, 404)
    set_clock(AT.replace(hour=0) + timedelta(days=1))
    assert (an.get(page).status_code, van.get(page).status_code) == (404, 200)
    story = text_of(van.get(f"/tasks/{task.id}").text)
    assert world.an.name in story
    unit = text_of(office.get(f"/committees/{world.commission.id}").text)
    assert f"{vo.name} nhận bàn giao từ {world.an.name}" in unit


def test_who_left_keeps_the_days_they_held(world, seat, vo, signed_in):
    before = held(seat)[0][1]
    hand_over(signed_in(world.binh), seat, vo.email, TOMORROW)
    assert held(seat) == [(world.an.id, before, TODAY), (vo.id, TOMORROW, None)]


@pytest.mark.parametrize(
    ("person", "day", "words"),
    [
        ("Không Có Ai", TOMORROW, "Không có tài khoản đang dùng"),
        ("Võ Thị Vân", TODAY - timedelta(days=1), "Không sửa lại những ngày đã qua"),
        ("{an}", TOMORROW, "đang giữ vị trí"),
        ("{binh}", TOMORROW, "Không ai tự giao vị trí cho mình"),
    ],
)
def test_what_cannot_be_is_said_at_its_place_and_kept(
    world, seat, vo, signed_in, person, day, words
):
    office, before = signed_in(world.binh), held(seat)
    person = person.format(an=world.an.name, binh=world.binh.email)
    answer = hand_over(office, seat, person, day)
    assert answer.status_code == 422
    assert words in text_of(answer.text)
    assert typed(day) in answer.text
    assert held(seat) == before


def test_a_name_that_several_have_needs_the_unit(world, seat, vo, signed_in):
    twin = a_person("Võ Thị Vân", email="van2@test.local")
    a_seat(world.district, Role.MEMBER, twin)
    office = signed_in(world.binh)
    answer = hand_over(office, seat, "vo thi van", TOMORROW)
    assert answer.status_code == 422
    assert world.district.name_vi in text_of(answer.text)
    assert hand_over(office, seat, f"Võ Thị Vân, {world.district.name_vi}", TOMORROW).location
    assert held(seat)[-1][0] == twin.id


def test_a_promised_seat_is_not_promised_twice_and_can_be_called_off(world, seat, vo, signed_in):
    office, other = signed_in(world.binh), a_person("Đinh Văn Bảo")
    before = held(seat)
    page = f"/seats/{seat}/handover"
    old = form_of(office, page)
    hand_over(office, seat, vo.name, TOMORROW)
    stale = office.post(page, data=old | {"person": other.name, "from_on": typed(TODAY)})
    assert stale.status_code == 409
    assert other.name in stale.text
    assert len(held(seat)) == 2
    assert office.submit(page, f"{page}/calling-off").status_code == 303
    assert held(seat) == before
    assert office.post(f"{page}/calling-off", data=old).status_code == 409


def test_a_substitute_does_what_the_holder_may_for_that_time_and_history_says_so(
    world, seat, vo, signed_in
):
    task = a_task(world, state=State.IN_PROGRESS)
    an, van = signed_in(world.an), signed_in(vo)
    path = f"/seats/{seat}/substitute"
    days = {"from_on": typed(TODAY), "to_on": typed(TOMORROW)}
    assert an.submit(path, path, person=vo.name, **days).status_code == 303
    words = "Đã họp với các huyện."
    van.submit(f"/tasks/{task.id}", f"/tasks/{task.id}/notes", words=words)
    story = text_of(an.get(f"/tasks/{task.id}").text)
    assert f"({vo.name}, thay mặt {world.an.name})" in story
    set_clock(AT + timedelta(days=2))
    assert van.get(f"/tasks/{task.id}").status_code == 404
    assert f"thay mặt {world.an.name}" in text_of(an.get(f"/tasks/{task.id}").text)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((0, -1), "Ngày kết thúc sớm hơn"),
        ((-1, 3), "Không sửa lại"),
        ((1, 2), "đã được ủy quyền"),
    ],
)
def test_a_time_that_cannot_be_is_refused(world, seat, vo, signed_in, days, words):
    an, path = signed_in(world.an), f"/seats/{seat}/substitute"
    first, last = (typed(TODAY + timedelta(days=n)) for n in (1, 5))
    an.submit(path, path, person=vo.name, from_on=first, to_on=last)
    first, last = (typed(TODAY + timedelta(days=n)) for n in days)
    answer = an.submit(path, path, person=vo.name, from_on=first, to_on=last)
    assert answer.status_code == 422
    assert words in text_of(answer.text)
    assert len(held(seat)) == 2


def test_substitutes_end_with_the_holder_and_can_be_ended_before(world, seat, vo, signed_in):
    an, path = signed_in(world.an), f"/seats/{seat}/substitute"
    for first, last in ((0, 3), (5, 9)):
        days = [typed(TODAY + timedelta(days=n)) for n in (first, last)]
        an.submit(path, path, person=vo.name, from_on=days[0], to_on=days[1])
    later = held(seat)[-1]
    tenure = db.session.scalars(
        select(Tenure.id).where(Tenure.person_id == vo.id, Tenure.from_on == later[1])
    ).one()
    assert an.submit(path, f"/seats/{seat}/substitutes/{tenure}/end").status_code == 303
    assert later not in held(seat)
    other = a_person("Đinh Văn Bảo")
    hand_over(signed_in(world.binh), seat, other.name, TODAY + timedelta(days=2))
    assert (vo.id, TODAY, TOMORROW) in held(seat)


def test_members_and_others_may_neither_hand_over_nor_name(world, seat, signed_in):
    for person, status in ((world.chi, 403), (world.ha, 403)):
        client = signed_in(person)
        for page in ("handover", "substitute"):
            assert client.get(f"/seats/{seat}/{page}").status_code == status
    assert signed_in(world.an).get(f"/seats/{seat}/handover").status_code == 403


def test_two_at_once_make_one_handover(world, seat, vo, signed_in):
    first, second = signed_in(world.binh), signed_in(world.binh)
    path = f"/seats/{seat}/handover"
    forms = [form_of(client, path) for client in (first, second)]
    answers = [
        client.post(path, data=form | {"person": vo.name, "from_on": typed(TOMORROW)}).status_code
        for client, form in zip((first, second), forms, strict=True)
    ]
    assert answers == [303, 409]
    assert db.session.scalar(select(func.count()).where(Tenure.seat_id == seat)) == 2
