"""Quick entry: a line taken apart, shown as understood, saved or sent; what is wrong is kept with its message."""

import pytest

from tests.cases import for_each
from tests.reading import text_of
from tests.worlds import a_plan, a_task
from tracker.db import db
from tracker.drafting.lines import Names, Slip, read_line
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Task

UNITS = Names(
    {
        1: "Ban Tổ chức Tỉnh ủy",
        2: "Huyện ủy Đắk Mil",
        3: "Huyện ủy Đắk Glong",
        4: "Tỉnh ủy",
        5: "Ban Tổ chức",
    }
)
PLANS = Names({7: "Kế hoạch luân chuyển cán bộ", 8: "Kế hoạch khảo sát"})
LINES = [
    ("Tổng kết @Ban Tổ chức Tỉnh ủy hết quý II-2018", "Tổng kết", 1, [], None, "hết quý II-2018"),
    ("Tổng kết @ban to chuc, trước 15-5-2018", "Tổng kết", 5, [], None, "trước 15-5-2018"),
    ("Rà soát @dak mil @@glong 30-4-2018", "Rà soát", 2, [3], None, "30-4-2018"),
    ("Rà soát @Đắk Mil #luân chuyển thường xuyên", "Rà soát", 2, [], 7, "thường xuyên"),
    ("Họp giao ban @Tỉnh ủy", "Họp giao ban", 4, [], None, ""),
    ("Gửi a@b.vn báo cáo @Đắk Mil", "Gửi a@b.vn báo cáo", 2, [], None, ""),
    ("Rà soát @Đắk Mil 30-4-2018 @@Đắk Glong", "Rà soát", 2, [3], None, "30-4-2018"),
    ("Việc a; việc b @Đắk Mil 30-4-2018", "Việc a; việc b", 2, [], None, "30-4-2018"),
    ("Việc @Đắk Mil gấp @@Đắk Glong 30-4-2018", "Việc", 2, [3], None, "gấp 30-4-2018"),
    ("Việc @Đắk Mil; hết năm 2018", "Việc", 2, [], None, "hết năm 2018"),
]
SLIPS = [
    ("Việc không có đơn vị", Slip.NO_LEAD),
    ("@Đắk Mil hết quý I", Slip.NO_TITLE),
    ("Việc @Sở Không Có", Slip.UNKNOWN_UNIT),
    ("Việc @Huyện ủy", Slip.MANY_UNITS),
    ("Việc @Đắk Mil @Đắk Glong", Slip.TWO_LEADS),
    ("Việc @Đắk Mil @@Đắk Mil", Slip.OWN_CO_ORDINATOR),
    ("Việc @Đắk Mil #không có", Slip.UNKNOWN_PLAN),
    ("Việc @Đắk Mil #luân chuyển #khảo sát", Slip.TWO_PLANS),
]
FIVE = """Rà soát quy hoạch @Ban Tổ chức hết quý II-2018
Kiểm tra chi bộ @Suối Đá @@Cửa Lũy 30-5-2018
Báo cáo kết quả @Cửa Lũy trước 15-5-2018
Lập danh sách @Phòng Nghiệp vụ 20-4-2018
Tổng hợp ý kiến @Ban Tổ chức"""


@for_each(LINES)
def test_a_line_is_taken_apart(case):
    text, *told = case
    line = read_line(text, UNITS, PLANS)
    found = [line.title, line.lead_id, line.coordinators, line.plan_id, line.due_words]
    assert (found, line.slips) == (told, [])


@for_each(SLIPS)
def test_what_is_wrong_with_a_line_is_named(case):
    text, slip = case
    assert slip in {found for found, _words, _fitting in read_line(text, UNITS, PLANS).slips}


def test_all_that_an_unclear_name_may_mean_is_told():
    slip, words, fitting = read_line("Việc @huyện ủy", UNITS, PLANS).slips[0]
    assert (slip, words) == (Slip.MANY_UNITS, "huyện ủy")
    assert fitting == ("Huyện ủy Đắk Mil", "Huyện ủy Đắk Glong")


@pytest.fixture
def enter(world, signed_in):
    """Type lines into the page and press a button."""

    def send(lines: str, step: str = "draft", **fields):
        return signed_in(world.binh).submit(
            "/tasks/quick", "/tasks/quick", lines=lines, step=step, **fields
        )

    return send


def saved() -> list[Task]:
    db.session.rollback()
    found = db.select(Task).where(Task.tie.is_(None)).order_by(Task.id)
    return list(db.session.scalars(found))


def test_five_tasks_are_five_lines_and_one_press(world, enter):
    assert enter(FIVE).status_code == 303
    tasks = saved()
    assert [task.lead_id for task in tasks] == [
        world.commission.id,
        world.district.id,
        world.town.id,
        world.division.id,
        world.commission.id,
    ]
    assert {task.state for task in tasks} == {State.DRAFT}
    lines = db.session.scalars(db.select(Task).where(Task.tie == Tie.LINE)).all()
    assert [line.lead_id for line in lines] == [world.town.id]
    assert len(FIVE) < 300  # keystrokes, all five together


def test_they_can_be_sent_at_once_with_a_reason(enter):
    assert enter(FIVE, step="send").status_code == 422
    assert saved() == []
    assert enter(FIVE, step="send", words="Các đơn vị tự phân công.").status_code == 303
    assert {task.state for task in saved()} == {State.ASSIGNED}


def test_they_are_shown_as_understood_and_nothing_is_saved_by_that(enter):
    answer = enter(FIVE, step="check")
    assert answer.status_code == 200
    assert "30-6-2018" in text_of(answer.text)
    assert saved() == []


def test_one_wrong_line_keeps_all_with_its_message(world, enter):
    a_plan("Kế hoạch", world.province)
    answer = enter(f"{FIVE}\nViệc @Sở Không Có quý VI-2018")
    assert answer.status_code == 422
    page = text_of(answer.text)
    assert "Sở Không Có" in page
    assert "Rà soát quy hoạch" in answer.text
    assert saved() == []


def test_too_many_lines_and_none_are_refused(enter):
    assert enter("").status_code == 422
    assert enter("\n".join(f"Việc {n} @Cửa Lũy" for n in range(51))).status_code == 422
    assert saved() == []


def test_a_button_pressed_twice_saves_once(world, signed_in):
    client = signed_in(world.binh)
    for _press in range(2):
        client.submit("/tasks/quick", "/tasks/quick", lines=FIVE, step="draft", once="ab12")
    assert len(saved()) == 5


def test_understanding_costs_the_same_however_many_tasks_there_are(world, signed_in, queries):
    client, costs = signed_in(world.binh), []
    token = client.get("/tasks/quick").text.split('name="csrf_token" value="')[1].split('"')[0]
    typed = {"csrf_token": token, "assigner_id": world.province.id, "lines": FIVE, "step": "check"}
    for _round in range(2):
        for number in range(10):
            a_task(world, f"Việc {number}")
        client.post("/tasks/quick", data=typed)
        with queries.counting():
            assert client.post("/tasks/quick", data=typed).status_code == 200
        costs.append(len(queries))
        assert not [sql for sql in queries if "task.title_vi" in sql], "no task is loaded for this"
    assert costs[0] == costs[1]
