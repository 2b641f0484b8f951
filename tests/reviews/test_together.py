"""One step for many tasks: done where it fits, the others named with the reason, in one transaction."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.pages import client_of, parse
from tests.reading import error_at, text_of, vietnamese_unmarked
from tests.worlds import TODAY, a_task, a_world, tasks
from tracker.db import db
from tracker.history.models import Event, Kind
from tracker.letters.together import Row, ticked
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Ask, AskKind, Task

LATE = TODAY - timedelta(days=5)
URGE, EXPLAIN, LEADS = "/overdue/urgings", "/overdue/explanation-requests", "/overdue/leads"


def token_of(client):
    return client.get("/people/me").text.partition('name="csrf_token" value="')[2].partition('"')[0]


def send(client, path, rows, **fields):
    """Confirm a step for these rows, as its page does."""
    fields = {"answer_by": "17-4-2018", "confirmed": "1"} | fields
    data = fields | {"row": rows, "csrf_token": token_of(client)}
    return client.post(path, data=data)


def rows_for(*found):
    return [f"{task.id}.{task.version}.1" for task in found]


def count(kind):
    db.session.rollback()
    chosen = select(func.count()).select_from(Ask).where(Ask.kind == kind)
    return db.session.scalar(chosen)


def refusals(client) -> list[str]:
    """What the next page says of the tasks that were left."""
    page = parse(client.get("/overdue").text)[0]
    box = [e for e in page.iter("div") if e.get("id") == "refused"]
    return [" ".join("".join(li.itertext()).split()) for b in box for li in b.iter("li")]


def test_forty_ticks_are_forty_letters_in_one_press(world, signed_in):
    late = tasks(world, 40, due=LATE)
    office = signed_in(world.binh)
    answer = send(
        office, URGE, rows_for(*late), words="Báo cáo qua hệ thống.", back="/overdue?by=plan"
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/overdue?by=plan")
    assert count(AskKind.URGING) == 40
    first = db.session.scalars(select(Ask.words).order_by(Ask.task_id)).first() or ""
    assert "“Việc số 1”" in first
    assert first.count("Báo cáo qua hệ thống.") == 1
    assert "Đã gửi 40 văn bản." in text_of(office.get("/overdue").text)
    assert refusals(office) == []


def test_those_that_do_not_fit_are_named_with_the_reason_and_the_others_done(world, signed_in):
    fits = a_task(world, "Vừa", due=LATE)
    held = a_task(world, "Đang dừng", due=LATE, state=State.ON_HOLD)
    handed_in = a_task(world, "Đã trình", due=LATE - timedelta(days=3), state=State.SUBMITTED)
    finished = a_task(world, "Đã xong", due=LATE, state=State.DONE)
    changed = a_task(world, "Mới ghi", due=LATE)
    sent = a_task(world, "Đã gửi", due=LATE)
    hidden = a_task(world, "Kín", lead=world.elsewhere, assigner=world.elsewhere, due=LATE)
    office = signed_in(world.binh)
    rows = rows_for(fits, held, handed_in, finished, sent, hidden)
    office.submit(f"/tasks/{sent.id}/urging", f"/tasks/{sent.id}/urging")
    answer = send(office, URGE, [*rows, f"{changed.id}.99.1", "x.1", ""])
    assert answer.status_code == 303
    assert count(AskKind.URGING) == 2  # one before, one now
    told = dict(line.split(": ", 1) for line in refusals(office))
    assert told == {
        "Đang dừng": "Nhiệm vụ đang tạm dừng: cho tiếp tục thực hiện trước.",
        "Đã trình": "Đã có báo cáo hoàn thành đang chờ duyệt: duyệt hoặc trả lại.",
        "Đã xong": "Nhiệm vụ không quá hạn.",
        "Mới ghi": "Nhiệm vụ đã thay đổi sau khi mở trang này; xem lại trước khi thực hiện.",
        "Đã gửi": "Văn bản này đã được gửi.",
        f"Nhiệm vụ {hidden.id}": "Không tìm thấy nội dung này, hoặc nội dung ngoài phạm vi được xem.",
    }
    assert refusals(office) == []  # said once


def test_pressing_twice_sends_once(world, signed_in):
    late = tasks(world, 3, due=LATE)
    office = signed_in(world.binh)
    for path, kind in ((URGE, AskKind.URGING), (EXPLAIN, AskKind.EXPLANATION)):
        for _ in range(2):
            assert send(office, path, rows_for(*late)).status_code == 303
        assert count(kind) == 3
        assert len(refusals(office)) == 3


def test_the_first_press_shows_what_will_be_done_and_does_nothing(world, signed_in):
    late, held = a_task(world, due=LATE), a_task(world, "Đang dừng", due=LATE, state=State.ON_HOLD)
    office = signed_in(world.binh)
    page = office.submit("/overdue", "overdue", row=rows_for(late, held))
    assert page.status_code == 303  # Enter in the list does nothing
    data = {"row": rows_for(late, held), "csrf_token": token_of(office)}
    page = office.post(URGE, data=data)
    text = text_of(page.text)
    assert page.status_code == 200
    assert "Rà soát tổ chức bộ máy (Ban Tổ chức Tỉnh ủy Hải Sơn: Đôn đốc lần 1)" in text
    assert "Đang dừng: Nhiệm vụ đang tạm dừng" in text
    assert "Gửi 1 văn bản" in text
    assert count(AskKind.URGING) == 0


def test_what_is_wrong_is_said_at_the_field_and_the_ticks_stay(world, signed_in):
    late = tasks(world, 2, due=LATE)
    office = signed_in(world.binh)
    answer = send(office, URGE, rows_for(*late), answer_by="hôm qua", words="Gấp")
    assert answer.status_code == 422
    assert error_at(answer.text, "answer_by")
    ticks = [e for e in parse(answer.text)[0].iter("input") if e.get("name") == "row"]
    assert [e.get("value") for e in ticks] == rows_for(*late)
    assert "Gấp" in answer.text
    assert count(AskKind.URGING) == 0


def test_nothing_ticked_is_said_on_the_list(world, signed_in):
    a_task(world, due=LATE)
    office = signed_in(world.binh)
    answer = send(office, URGE, [])
    assert answer.status_code == 422
    assert "Chọn ít nhất một nhiệm vụ trước." in text_of(answer.text)
    assert office.get(URGE).headers["Location"] == "/overdue"


def test_many_tasks_get_one_new_lead(world, signed_in):
    late = tasks(world, 3, due=LATE)
    there = a_task(world, "Ở đó rồi", lead=world.district, due=LATE)
    office = signed_in(world.binh)
    assert send(office, LEADS, rows_for(*late), words="").status_code == 422
    fields = {"lead_id": str(world.district.id), "words": "Đúng địa bàn"}
    assert send(office, LEADS, rows_for(*late, there), **fields).status_code == 303
    db.session.rollback()
    leads = db.session.scalars(select(Task.lead_id).where(Task.id.in_([t.id for t in late])))
    assert set(leads) == {world.district.id}
    assert refusals(office) == ["Ở đó rồi: Đơn vị này đang chủ trì nhiệm vụ."]
    reasons = select(func.count()).select_from(Event).where(Event.kind == Kind.REASSIGNED)
    assert db.session.scalar(reasons) == 3


def test_whoever_may_do_it_on_none_is_refused_and_the_unseen_is_not_found(world, signed_in):
    late = a_task(world, due=LATE)
    for name, status in (("giang", 403), ("chi", 403), ("an", 403), ("ha", 404), ("khanh", 404)):
        client = signed_in(getattr(world, name))
        client.checks = False
        for path in (URGE, EXPLAIN, LEADS):
            assert send(client, path, rows_for(late)).status_code == status, (name, path)
    assert count(AskKind.URGING) == 0


def test_own_units_are_left_out_where_others_are_urged(world, signed_in):
    own = a_task(world, "Của mình", lead=world.commission, assigner=world.commission, due=LATE)
    below = a_task(world, lead=world.division, assigner=world.commission, due=LATE)
    chair = signed_in(world.an)
    assert send(chair, URGE, rows_for(own, below)).status_code == 303
    assert count(AskKind.URGING) == 1
    assert refusals(chair) == ["Của mình: Đơn vị không gửi văn bản cho chính mình."]


def test_one_page_is_ticked_with_one_link(world, signed_in):
    tasks(world, 3, due=LATE)
    page = parse(signed_in(world.binh).get("/overdue?tick=all").text)[0]
    ticks = [e for e in page.iter("input") if e.get("name") == "row"]
    assert [e.get("checked") for e in ticks] == [""] * 3


def test_in_english_the_page_that_asks_is_english(world, signed_in):
    office = signed_in(world.binh)
    rows = "&".join(f"row={value}" for value in rows_for(*tasks(world, 2, due=LATE)))
    for path in (URGE, LEADS):
        assert not vietnamese_unmarked(office.get(f"{path}?lang=en&{rows}").text)


@pytest.mark.parametrize(
    ("values", "rows"),
    [
        (["7"], [Row(7)]),
        (["7.3.1", "7.4.2", "8.1"], [Row(7, 4, 2), Row(8, 1)]),
        (["", "x", "-1", "0", "9" * 30, "٣", "7.x"], [Row(7, None)]),
    ],
)
def test_ticks_are_read_and_nonsense_left_out(values, rows):
    assert ticked(values) == rows


def test_a_bulk_step_asks_as_often_to_show_20_as_one(world, signed_in, queries):
    office = signed_in(world.binh)
    counts = []
    for number in (1, 20):
        rows = "&".join(f"row={value}" for value in rows_for(*tasks(world, number, due=LATE)))
        office.get(f"{URGE}?{rows}")
        with queries.counting():
            office.get(f"{URGE}?{rows}")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_step_for_many_is_made_on_every_database(any_app):
    with any_app.app_context():
        world = a_world()
        rows = rows_for(*tasks(world, 2, due=LATE))
        email = world.binh.email
    client = client_of(any_app).sign_in(email)
    assert send(client, URGE, rows).status_code == 303
    with any_app.app_context():
        assert count(AskKind.URGING) == 2
