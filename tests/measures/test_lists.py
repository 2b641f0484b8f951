"""Lists of units ticked off with their days: how many there are may be unknown, nobody's tick is lost."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tests.agreeing import agree, asking, history_agrees
from tests.reading import text_of
from tests.worlds import TODAY, a_collective, a_measure, a_person, a_seat, a_task, a_unit
from tracker.committees.models import Role
from tracker.db import db
from tracker.history.models import Event, Kind
from tracker.measures.lists import counts_of, roll_of
from tracker.measures.models import Direction, Measure, Reading
from tracker.tasks.lifecycle import State


@pytest.fixture
def communes(world):
    return [a_unit(f"Xã {name}", world.district) for name in ("An Khê", "Bình Minh", "Cẩm Sơn")]


def a_list(world, units, *, stated=None, task=None, **fields) -> Measure:
    group = a_collective("các xã khảo sát", units, world.province)
    group.members_count = stated
    over: dict[str, Any] = {"over_id": group.id, "direction": Direction.COVER}
    return a_measure(task or a_task(world, due=TODAY), "xã đã khảo sát", **over, **fields)


def ticked(measure) -> dict[str, date | None]:
    db.session.rollback()
    return {i.name_vi: i.tick.as_of_on for i in roll_of(measure).items if i.tick}


def page_of(measure) -> str:
    return f"/measures/{measure.id}/list"


def test_units_are_ticked_off_each_on_its_day_in_one_event(signed_in, world, communes):
    measure = a_list(world, communes, stated=16)
    first, second, _third = communes
    answer = signed_in(world.an).submit(
        page_of(measure),
        page_of(measure),
        source="Báo cáo tuần",
        **{f"tick-{first.id}": "1", f"tick-{second.id}": "1", f"day-{second.id}": "9-3-2018"},
    )
    assert answer.status_code == 303
    assert ticked(measure) == {"Xã An Khê": TODAY, "Xã Bình Minh": date(2018, 3, 9)}
    assert roll_of(measure).count.words == "2/16"
    (event,) = db.session.scalars(select(Event).where(Event.kind == Kind.FIGURE_ENTERED))
    assert event.data["done"] == [first.id, second.id]
    shown = text_of(signed_in(world.binh).get(f"/measures/{measure.id}").text)
    assert "2/16" in shown
    assert "Báo cáo tuần" in shown
    agree(asking(signed_in(world.binh)))
    history_agrees()


def test_a_tick_taken_back_or_moved_is_kept_as_it_was(signed_in, world, communes):
    measure, (first, second, _third) = a_list(world, communes), communes
    member = signed_in(world.chi)
    both = {f"tick-{first.id}": "1", f"tick-{second.id}": "1"}
    assert member.submit(page_of(measure), page_of(measure), **both).status_code == 303
    changed = {f"tick-{first.id}": None, f"day-{second.id}": "1-4-2018"}
    assert member.submit(page_of(measure), page_of(measure), **changed).status_code == 303
    assert ticked(measure) == {"Xã Bình Minh": date(2018, 4, 1)}
    found = db.session.scalars(select(Reading).order_by(Reading.id)).all()
    assert [int(r.value) for r in found if r.value is not None] == [1, 1, 1, 0]
    assert {r.corrects_id for r in found[2:]} == {found[0].id, found[1].id}
    assert member.get(f"/measures/{measure.id}").text.count("<s>") == 2
    again = member.submit(page_of(measure), page_of(measure))
    assert (again.status_code, db.session.query(Reading).count()) == (303, 4)


def test_of_two_who_tick_at_once_neither_loses_anything(signed_in, world, communes):
    measure, (first, second, third) = a_list(world, communes), communes
    one, other = signed_in(world.an), signed_in(world.chi)
    stale = {f"was-{unit.id}": "" for unit in communes} | {"csrf_token": token(other, measure)}
    one.submit(page_of(measure), page_of(measure), **{f"tick-{first.id}": "1"})
    # The other page still shows nothing ticked: what it does not touch stays.
    answer = other.post(page_of(measure), data=stale | {f"tick-{third.id}": "1"})
    assert answer.status_code == 303
    assert set(ticked(measure)) == {"Xã An Khê", "Xã Cẩm Sơn"}
    # It names another day for what was ticked meanwhile: nothing is written, both are shown.
    typed = {f"tick-{first.id}": "1", f"day-{first.id}": "1-4-2018", f"tick-{second.id}": "1"}
    answer = other.post(page_of(measure), data=stale | typed)
    assert answer.status_code == 409
    assert "1-4-2018" in answer.text
    assert "Đang lưu: 10-4-2018" in text_of(answer.text)
    assert set(ticked(measure)) == {"Xã An Khê", "Xã Cẩm Sơn"}


def token(client, measure) -> str:
    html = client.get(page_of(measure)).text
    return html.partition('name="csrf_token" value="')[2].partition('"')[0]


def test_a_wrong_day_is_said_at_the_unit_and_nothing_is_written(signed_in, world, communes):
    measure, (first, second, _third) = a_list(world, communes), communes
    chair = signed_in(world.an)
    for day in ("31-2-2018", "11-4-2018", "hôm qua", "x" * 300):
        typed = {
            f"tick-{first.id}": "1",
            f"day-{first.id}": day,
            f"tick-{second.id}": "1",
        }
        answer = chair.submit(page_of(measure), page_of(measure), **typed)
        assert answer.status_code == 422, day
        assert "Xã An Khê" in text_of(answer.text)
        assert f"day-{first.id}-error" in answer.text
    late = {"as_of_on": "11-4-2018", f"tick-{first.id}": "1"}
    assert chair.submit(page_of(measure), page_of(measure), **late).status_code == 422
    assert not ticked(measure)


def test_how_many_there_are_is_never_guessed(world, communes):
    named = a_list(world, communes, stated=16)
    open_ended = a_list(world, communes)
    nameless = a_list(world, [])
    told = a_list(world, [], stated=17, readings=[(17, None)])
    counts = counts_of([named, open_ended, nameless, told])
    words = [counts[m.id].words for m in (named, open_ended, nameless, told)]
    assert words == ["0/16", "0/3 + ?", "?/?", "17/17"]
    shares = [counts[m.id].share for m in (named, open_ended, nameless, told)]
    assert shares == [0, None, None, Decimal(1)]


def test_a_unit_that_left_the_list_keeps_its_tick(signed_in, world, communes):
    measure, first = a_list(world, communes), communes[0]
    chair = signed_in(world.an)
    chair.submit(page_of(measure), page_of(measure), **{f"tick-{first.id}": "1"})
    for row in db.session.execute(db.text("delete from unit_member returning unit_id")):
        assert row
    db.session.commit()
    shown = text_of(chair.get(f"/measures/{measure.id}").text)
    assert "không còn trong danh sách" in shown
    assert roll_of(measure).count.words == "1/?"


def test_the_office_ticks_only_for_a_unit_without_accounts_and_says_so(signed_in, world, communes):
    empty = a_unit("Huyện ủy Vùng Xa", world.province)
    task = a_task(world, lead=empty, assigner=world.standing, due=TODAY)
    measure, own = a_list(world, communes, task=task), a_list(world, communes)
    office, first = signed_in(world.binh), communes[0]
    assert "Lưu danh sách" not in office.get(page_of(own)).text
    typed = {"csrf_token": token(office, measure), f"was-{first.id}": "", f"tick-{first.id}": "1"}
    assert office.post(page_of(own), data=typed).status_code == 409
    assert not ticked(own)
    assert office.post(page_of(measure), data=typed).status_code == 303
    assert ticked(measure) == {"Xã An Khê": TODAY}
    (reading,) = db.session.scalars(select(Reading))
    assert reading.on_behalf
    assert "nhập thay" in text_of(office.get(f"/measures/{measure.id}").text)
    a_seat(empty, Role.CHAIR, a_person("Kim Thị Yến", "yen@test.local"))
    assert office.post(page_of(measure), data=typed).status_code == 409


def test_nothing_is_ticked_before_the_task_is_sent(signed_in, world, communes):
    measure = a_list(world, communes, task=a_task(world, state=State.CANCELLED))
    chair = signed_in(world.an)
    typed = {"csrf_token": token(chair, a_list(world, communes)), f"tick-{communes[0].id}": "1"}
    answer = chair.post(page_of(measure), data=typed | {f"was-{communes[0].id}": ""})
    assert (answer.status_code, ticked(measure)) == (409, {})


def test_a_measure_without_a_list_has_no_page_for_one(signed_in, world):
    measure = a_measure(a_task(world))
    assert signed_in(world.an).get(page_of(measure)).status_code == 404
