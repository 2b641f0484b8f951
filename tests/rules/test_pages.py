"""The page of the organisation's rules: a look at the effect first, then the change, told in its history."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.cases import for_each
from tests.pages import choose, filled, parse
from tests.reading import error_at, text_of, vietnamese_unmarked
from tests.worlds import AT, TODAY, World, a_task, a_world
from tracker.db import db
from tracker.digests.actions import make_due
from tracker.history.models import Event, Kind
from tracker.rules.models import SpecialDay
from tracker.rules.queries import in_force, stored
from tracker.rules.values import Period

CANARY = "Chim hoàng yến"
PAGE = "/admin/calendar"
DAYS, LIMITS, REMOVALS = f"{PAGE}/days", f"{PAGE}/limits", f"{PAGE}/removals"


@pytest.fixture
def world(app) -> World:
    with app.app_context():
        return a_world()


@pytest.fixture
def khanh(signed_in, world):
    return signed_in(world.khanh)


def confirm(client, preview):
    """Press the button of a preview."""
    assert preview.status_code == 200, text_of(preview.text)
    form = choose(parse(preview.text)[0], "confirm", {})
    return client.post(form.get("action"), data=filled(form))


def enter(client, **fields):
    return confirm(client, client.submit(PAGE, "days", **fields))


def events(app) -> list[dict]:
    with app.app_context():
        told = select(Event.data).where(Event.kind == Kind.RULE_EDITED).order_by(Event.id)
        return list(db.session.scalars(told))


def nothing_is_written(app) -> bool:
    with app.app_context():
        days = db.session.scalar(select(func.count()).select_from(SpecialDay))
    return not days and not events(app)


# --- days ------------------------------------------------------------------------------------------------


def test_a_first_press_shows_the_effect_and_writes_nothing(app, world, khanh):
    with app.app_context():
        a_task(world, due=TODAY + timedelta(days=6))  # Monday: the fourth working day
    preview = khanh.submit(PAGE, "days", kind="worked", first="14-4-2018")
    assert "Bản tin được gửi thêm 1 ngày: thứ Bảy 14-4-2018" in text_of(preview.text)
    assert nothing_is_written(app)
    assert "Thời hạn đã giao giữ nguyên ngày" in text_of(preview.text)


def test_days_off_are_entered_told_and_taken_out_again(app, khanh):
    answer = enter(khanh, kind="off", first="12-4-2018", last="16-4-2018", name_vi="Đại hội")
    assert answer.status_code == 303
    page = khanh.get(PAGE)
    assert "Đại hội" in text_of(page.text)
    assert "nhập ngày nghỉ: 12-4-2018 – 13-4-2018; 16-4-2018" in text_of(page.text)
    with app.app_context():
        off = in_force().calendar.days_off
    assert sorted(day.day for day in off) == [12, 13, 16]  # the weekend between is none of them
    data = [{"rule": "days", "old": None, "new": "off"}]
    assert [{k: v for k, v in e.items() if k != "days"} for e in events(app)] == data
    answer = confirm(khanh, khanh.submit(PAGE, REMOVALS))
    assert answer.status_code == 303
    with app.app_context():
        assert in_force().calendar.days_off == frozenset()
    assert "bỏ ngày nghỉ" in text_of(khanh.get(PAGE).text)


def test_a_saturday_worked_in_place_of_another_day_counts_for_deadlines(app, khanh):
    enter(khanh, kind="worked", first="14-4-2018", name_vi="Làm bù", name_en="Make-up day")
    words = "trong 4 ngày làm việc kể từ ngày 10-4-2018"
    echo = khanh.get("/deadlines/read", query_string={"phrase": words})
    assert "14-4-2018" in text_of(echo.text)
    with app.app_context():
        assert in_force().soon_until(TODAY) < stored().rules.calendar.add_working(TODAY, 4)


BAD_DAYS = [
    ({"first": ""}, "first", "cần nhập"),
    ({"first": "31-2-2018"}, "first", ""),
    ({"first": "9-4-2018"}, "first", "Ngày này đã qua"),
    ({"first": "14-4-2018"}, "first", "đã là ngày nghỉ"),
    ({"first": "25-4-2018"}, "first", "đã là ngày nghỉ"),
    ({"first": "17-4-2018", "kind": "worked"}, "first", "đã là ngày làm việc"),
    ({"first": "12-4-2018"}, "first", "đã được nhập"),
    ({"first": "11-4-2018", "last": "13-4-2018"}, "first", "đã được nhập"),
    ({"first": "17-4-2018", "last": "16-4-2018"}, "last", "sớm hơn"),
    ({"first": "1-7-2018", "last": "30-8-2018"}, "last", "nhiều nhất 60 ngày"),
    ({"first": "14-4-2018", "last": "21-4-2018", "kind": "worked"}, "last", "từng ngày một"),
    ({"first": "1-1-2101"}, "first", "trước năm 2101"),
    ({"first": "17-4-2018", "kind": "holiday"}, "kind", ""),
    ({"first": "17-4-2018", "name_vi": "Ð" * 1001}, "name_vi", ""),
]


def test_what_cannot_be_entered_is_refused_at_its_field_with_what_was_typed(app, khanh):
    enter(khanh, kind="off", first="12-4-2018")
    wrong = []
    for fields, field, words in BAD_DAYS:
        answer = khanh.submit(PAGE, "days", **{"kind": "off", "name_en": "Nine", **fields})
        said = error_at(answer.text, field)
        kept = all(value in answer.text for value in fields.values() if value != "holiday")
        if answer.status_code != 422 or not kept or (words or " ") not in said + " ":
            wrong.append((fields, answer.status_code, said))
    assert not wrong
    assert len(events(app)) == 1


def test_the_look_before_it_holds_nothing_that_no_page_can(khanh):
    look = khanh.submit(PAGE, "days", kind="off", first="17-4-2018", name_vi="Ngày\x00 hội\x01")
    assert look.status_code == 200
    assert 'value="Ngày hội"' in look.text


def test_the_past_is_not_rewritten(app, khanh):
    with app.app_context():
        db.session.add(SpecialDay(on=TODAY - timedelta(days=1), is_working=False))
        db.session.commit()
        version = stored().version
    page = khanh.get(PAGE)
    assert REMOVALS not in page.text
    token = filled(choose(parse(page.text)[0], "days", {}))["csrf_token"]
    past = {"first": "2018-04-09", "last": "2018-04-09", "confirmed": "1", "version": version}
    answer = khanh.post(REMOVALS, data=past | {"csrf_token": token})
    assert answer.status_code == 422
    assert "Ngày này đã qua" in text_of(answer.text)
    assert events(app) == []


# --- limits ------------------------------------------------------------------------------------------------


def test_limits_are_changed_each_with_its_own_event(app, khanh):
    fields = {"soon": "5", "before": "inclusive", "most_extensions": "", "quarter": "14"}
    preview = khanh.submit(PAGE, "limits", **fields, late_asks="refused")
    assert "quý: kỳ báo cáo tới chốt số liệu ngày 14-6-2018 thay cho ngày 30-6-2018" in (
        text_of(preview.text).lower()
    )
    assert confirm(khanh, preview).status_code == 303
    with app.app_context():
        rules = in_force()
        assert (rules.soon, rules.before_is_exclusive) == (5, False)
        assert (rules.most_extensions, rules.asks_after_expiry) == (None, False)
        assert rules.closing == {Period.QUARTER: 14}
    told = {event["rule"]: (event["old"], event["new"]) for event in events(app)}
    assert told == {
        "soon": (3, 5),
        "before_is_exclusive": (True, False),
        "most_extensions": (2, None),
        "asks_after_expiry": (True, False),
        "closing": (None, 14),
    }
    assert "3 → 5" in text_of(khanh.get(PAGE).text)


def test_a_press_that_changes_nothing_says_so(app, khanh):
    answer = khanh.submit(PAGE, "limits")
    assert answer.status_code == 303
    assert "Không có gì thay đổi" in text_of(khanh.get(PAGE).text)
    assert nothing_is_written(app)


@for_each(
    [
        ("soon", "31"),
        ("soon", "-1"),
        ("soon", ""),
        ("soon", "ba"),
        ("soon", "9" * 30),
        ("most_extensions", "21"),
        ("most_extensions", "1,5"),
        ("before", "both"),
        ("late_asks", ""),
        ("month", "32"),
        ("year", "-3"),
    ]
)
def test_limits_out_of_bounds_are_refused_at_their_field(case, khanh):
    field, value = case
    answer = khanh.submit(PAGE, "limits", **{field: value})
    assert answer.status_code == 422
    assert error_at(answer.text, field)


# --- two at once, and who may -------------------------------------------------------------------------------


@pytest.mark.parametrize("sent", ["first", "second"])
def test_a_change_made_meanwhile_is_shown_beside_what_was_typed(app, khanh, sent):
    before = khanh.get(PAGE)
    limits = filled(choose(parse(before.text)[0], "limits", {})) | {"soon": "7"}
    limits |= {"confirmed": "1"} if sent == "second" else {}
    enter(khanh, kind="off", first="12-4-2018", name_vi="Đại hội")
    answer = khanh.post(LIMITS, data=limits)
    assert answer.status_code == 409
    assert 'value="7"' in answer.text
    assert "Bùi Văn Khánh" in text_of(answer.text)
    with app.app_context():
        assert in_force().soon == 3
    again = filled(choose(parse(answer.text)[0], LIMITS, {}))
    assert confirm(khanh, khanh.post(LIMITS, data=again)).status_code == 303
    with app.app_context():
        assert in_force().soon == 7


def test_days_typed_while_somebody_else_entered_others_are_kept(khanh):
    stale = filled(choose(parse(khanh.get(PAGE).text)[0], "days", {}))
    enter(khanh, kind="off", first="12-4-2018", name_vi="Đại hội")
    answer = khanh.post(DAYS, data=stale | {"first": "18-4-2018", "confirmed": "1"})
    assert answer.status_code == 409
    assert "12-4-2018" in text_of(answer.text)
    assert 'value="18-4-2018"' in answer.text


def test_an_administrator_reads_numbers_and_no_task(app, world, khanh):
    with app.app_context():
        for days in (-9, -1, 2, 5, 7):
            a_task(world, f"{CANARY} nặng", due=TODAY + timedelta(days=days))
    for fields in ({"soon": "0"}, {"soon": "9", "before": "inclusive"}):
        preview = khanh.submit(PAGE, "limits", **fields)
        assert "nhiệm vụ" in text_of(preview.text)
        assert CANARY not in preview.text
    assert CANARY not in khanh.get(PAGE).text


def test_everybody_reads_the_rules_and_only_administrators_change_them(signed_in, world, khanh):
    member = signed_in(world.chi)
    assert "không tính chính ngày đó" in text_of(member.get("/calendar/rules").text)
    assert PAGE not in member.get("/calendar/rules").text
    assert PAGE in khanh.get("/calendar/rules").text
    assert member.get(PAGE).status_code == 403


def test_in_english_what_was_named_in_vietnamese_is_marked(khanh):
    enter(khanh, kind="off", first="12-4-2018", name_vi="Đại hội")
    khanh.get(PAGE)
    for path in (PAGE, "/calendar/rules"):
        page = khanh.get(f"{path}?lang=en")
        assert "Own day off" in text_of(page.text)
        assert not vietnamese_unmarked(page.text)


def test_the_status_offers_the_last_closings_to_count_on(signed_in, world):
    page = signed_in(world.binh).get("/status")
    assert 'href="/status?on=2018-03-31"' in page.text
    assert "quý I-2018" in text_of(page.text)


def test_no_digest_is_made_on_a_day_off_and_one_is_on_a_day_worked(app, khanh):
    enter(khanh, kind="off", first="12-4-2018")
    enter(khanh, kind="worked", first="14-4-2018")
    with app.app_context():
        made = [
            bool(make_due(AT + timedelta(days=n), clock_at=AT + timedelta(days=n), domain="x"))
            for n in range(2, 6)
        ]
        assert made == [False, True, True, False]  # Thursday off, Friday, Saturday worked, Sunday
