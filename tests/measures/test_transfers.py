"""Transfers: each receiver's part is stated, confirmed by the receiver alone, and all parts make the whole."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.agreeing import agree, asking, history_agrees
from tests.reading import text_of
from tests.worlds import AT, TODAY, a_child, a_collective, a_measure, a_task, doer
from tracker.db import db
from tracker.history.actions import record
from tracker.history.models import Event, Kind
from tracker.measures.models import Measure, Reading
from tracker.measures.queries import figure_of
from tracker.measures.transfers import transfer_of
from tracker.tasks.lifecycle import State
from tracker.tasks.moves import image_of


class Handing:
    """The commission passes ten organisations of the forestry companies to a district and a town."""

    def __init__(self, world, *, whole: int | None = 10, state: State = State.ASSIGNED) -> None:
        firms = a_collective("các công ty lâm nghiệp", [], world.province)
        self.task = a_task(world, "Chuyển tổ chức đảng", due=TODAY)
        self.whole = a_measure(
            self.task,
            "tổ chức đảng chuyển giao",
            unit_vi="tổ chức đảng",
            target=None if whole is None else Decimal(whole),
            must_sum=whole is not None,
            from_unit_id=firms.id,
        )
        self.district, self.town = (
            a_child(world, self.task, unit, state=state) for unit in (world.district, world.town)
        )
        image = image_of(self.task)  # no longer counted itself
        record(Kind.FANNED_OUT, by=doer(world.an), at=AT, image=image)
        db.session.commit()

    @property
    def page(self) -> str:
        return f"/measures/{self.whole.id}/handover"

    def typed(self, district: str = "6", town: str = "4") -> dict[str, str]:
        return {f"value-{self.district.id}": district, f"value-{self.town.id}": town}

    def now(self) -> tuple[object, object]:
        """Return what is handed over and what is confirmed."""
        db.session.rollback()
        db.session.expire_all()
        given = transfer_of(db.session.get_one(Measure, self.whole.id))
        return given.handed, given.received

    def waiting(self, task) -> Reading:
        db.session.rollback()
        own = select(Reading).join(Measure, Measure.id == Reading.measure_id)
        found = own.where(Measure.task_id == task.id).order_by(Reading.id.desc()).limit(1)
        return db.session.scalars(found).one()


@pytest.fixture
def handing(world) -> Handing:
    return Handing(world)


def confirm(client, reading, path=None):
    url = f"/readings/{reading.id}/confirmation"
    return client.submit(path or f"/measures/{reading.measure_id}", url)


def test_only_what_its_receiver_confirms_counts_as_received(signed_in, world, handing):
    giver, district, town = (signed_in(p) for p in (world.an, world.mai, world.oanh))
    answer = giver.submit(handing.page, handing.page, source="Biên bản 01", **handing.typed())
    assert answer.status_code == 303
    assert handing.now() == (10, None)
    assert "chờ xác nhận" in text_of(giver.get(f"/measures/{handing.whole.id}").text)
    assert confirm(district, handing.waiting(handing.district)).status_code == 303
    assert handing.now() == (10, 6)
    assert figure_of(handing.whole).reached == 6
    assert confirm(town, handing.waiting(handing.town)).status_code == 303
    assert handing.now() == (10, 10)
    assert figure_of(handing.whole).is_reached
    shown = text_of(signed_in(world.binh).get(f"/measures/{handing.whole.id}").text)
    assert "đã xác nhận: 10" in shown
    kinds = set(db.session.scalars(select(Event.kind).where(Event.task_id == handing.town.id)))
    assert {Kind.FIGURE_ENTERED, Kind.FIGURE_CONFIRMED} <= kinds
    agree(asking(signed_in(world.binh)))
    history_agrees()


def test_parts_that_do_not_make_the_whole_are_refused_with_both_numbers(signed_in, world, handing):
    giver = signed_in(world.an)
    for district, town, told in (
        ("6", "5", "Cộng các phần được 11, nhiều hơn 10 tổ chức đảng phải bàn giao."),
        ("6", "3", "Cộng các phần được 9; tất cả phải bằng 10 tổ chức đảng."),
        ("1.5", "4", "1,5"),
        ("mười", "4", "mười"),
        ("-1", "4", "-1"),
        ("9" * 60, "4", "Enter a number"),
    ):
        answer = giver.submit(handing.page, handing.page, **handing.typed(district, town))
        assert answer.status_code == 422, district
        assert told in text_of(answer.text) or told == "Enter a number"
        assert f'value="{district}"' in answer.text
    late = handing.typed() | {"as_of_on": "11-4-2018"}
    assert giver.submit(handing.page, handing.page, **late).status_code == 422
    assert handing.now() == (None, None)
    assert not db.session.query(Measure).filter_by(into_id=handing.whole.id).count()


def test_a_part_may_be_stated_before_the_others(signed_in, world, handing):
    giver = signed_in(world.an)
    assert giver.submit(handing.page, handing.page, **handing.typed(town="")).status_code == 303
    assert handing.now() == (6, None)
    assert "còn phải bàn giao: 4" in text_of(giver.get(f"/measures/{handing.whole.id}").text)
    emptied = giver.submit(handing.page, handing.page, **handing.typed("", "4"))
    assert emptied.status_code == 422
    assert handing.now() == (6, None)


def test_where_the_whole_is_not_stated_the_parts_make_what_they_make(signed_in, world):
    handing = Handing(world, whole=None)
    giver = signed_in(world.an)
    assert giver.submit(handing.page, handing.page, **handing.typed("7", "5")).status_code == 303
    assert handing.now() == (12, None)


def test_a_corrected_part_is_confirmed_anew_and_the_old_one_is_kept(signed_in, world, handing):
    giver, district = signed_in(world.an), signed_in(world.mai)
    giver.submit(handing.page, handing.page, **handing.typed())
    first = handing.waiting(handing.district)
    confirm(district, first)
    path = f"/measures/{first.measure_id}"
    giver.submit(handing.page, handing.page, **handing.typed("7", "3"))
    assert handing.now() == (10, None)
    second = handing.waiting(handing.district)
    assert second.corrects_id == first.id
    # The page that still shows the first one confirms nothing.
    stale = {"csrf_token": token(district, path)}
    answer = district.post(f"/readings/{first.id}/confirmation", data=stale)
    assert answer.status_code == 409
    assert handing.now() == (10, None)
    confirm(district, second)
    assert handing.now() == (10, 7)
    assert "<s>" in district.get(path).text


def token(client, path) -> str:
    return client.get(path).text.partition('name="csrf_token" value="')[2].partition('"')[0]


def test_two_pages_of_the_giver_do_not_overwrite_each_other(signed_in, world, handing):
    giver = signed_in(world.an)
    shown = {
        "csrf_token": token(giver, handing.page),
        f"was-{handing.district.id}": "",
        f"was-{handing.town.id}": "",
    }
    giver.submit(handing.page, handing.page, **handing.typed())
    answer = giver.post(handing.page, data=shown | handing.typed("5", "5"))
    assert answer.status_code == 409
    assert 'value="5"' in answer.text
    assert "Đang lưu: 6" in text_of(answer.text)
    assert handing.now() == (10, None)


def test_who_may_hand_over_who_confirm_and_who_sees(signed_in, world, handing):
    giver = signed_in(world.an)
    giver.submit(handing.page, handing.page, **handing.typed())
    reading = handing.waiting(handing.district)
    part, url = f"/measures/{reading.measure_id}", f"/readings/{reading.id}/confirmation"
    for person, seen, whole, confirms in (
        (world.chi, 200, 403, 403),  # a member of the giver
        (world.nam, 200, 404, 403),  # a member of the receiver
        (world.oanh, 404, 404, 404),  # the other receiver
        (world.ha, 404, 404, 404),
        (world.giang, 200, 403, 403),
    ):
        client = signed_in(person)
        data = {"csrf_token": token(client, "/people/me")}
        assert client.get(part).status_code == seen, person.name
        assert client.get(handing.page).status_code == whole, person.name
        assert client.post(url, data=data).status_code == confirms, person.name
    assert giver.get(handing.page).status_code == 200
    assert handing.now() == (10, None)
    assert signed_in(world.an).post("/readings/999999/confirmation").status_code in {400, 404}


def test_without_receivers_the_page_says_what_comes_first(signed_in, world):
    task = a_task(world)
    whole = a_measure(task, from_unit_id=world.team.id)
    giver = signed_in(world.an)
    assert "chưa nêu phần của từng đơn vị tiếp nhận" in text_of(
        giver.get(f"/measures/{whole.id}").text
    )
    assert giver.get(f"/measures/{whole.id}/handover").status_code == 200
    other = a_measure(task)
    assert giver.get(f"/measures/{other.id}/handover").status_code == 404
