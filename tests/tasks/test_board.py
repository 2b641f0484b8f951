"""The board: what stands in which column, in which order, and what the filters leave of it."""

from datetime import date, timedelta

import pytest

from tests.pages import client_of, parse
from tests.reading import error_at, rows_of, text_of, vietnamese_unmarked
from tests.worlds import (
    TODAY,
    a_child,
    a_draft,
    a_measure,
    a_plan,
    a_task,
    a_unit,
    a_world,
    tasks,
    waits_for,
)
from tracker.tasks.board import PAGE
from tracker.tasks.lifecycle import State, Tie


@pytest.fixture
def office(app, world):
    return client_of(app).sign_in(world.binh.email)


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


def board_of(client, query: str = ""):
    response = client.get(f"/board{query}")
    assert response.status_code == 200, response.status
    return parse(response.text)[0]


def by_id(page, name: str):
    return next(element for element in page.iter() if element.get("id") == name)


def ids_in(element) -> list[int]:
    return [int(e.get("data-task")) for e in element.iter() if e.get("data-task")]


def words_of(element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_every_state_has_its_column_and_the_quiet_ones_are_folded(world, office):
    made = {state: a_task(world, state=state) for state in State}
    page = board_of(office)
    for state, task in made.items():
        column = by_id(page, f"col-{state}")
        assert ids_in(column) == [task.id]
        folded = state in {State.DRAFT, State.DONE, State.ON_HOLD, State.CANCELLED}
        assert (column.get("open") is None) is folded


def test_a_column_lists_the_overdue_then_what_is_due_then_the_oldest(world, office):
    late = a_task(world, due=in_days(-3))
    later, sooner = a_task(world, due=in_days(40)), a_task(world, due=in_days(30))
    never, never_again = a_task(world), a_task(world)
    very_late = a_task(world, due=in_days(-30))
    soon = a_task(world, due=in_days(1))
    order = [t.id for t in (very_late, late, soon, sooner, later, never, never_again)]
    assert ids_in(by_id(board_of(office), "col-assigned")) == order


def test_each_card_stands_in_the_band_of_its_urgency(world, office):
    bands = {
        "overdue": a_task(world, due=in_days(-1)),
        "soon": a_task(world, due=in_days(3)),  # a Friday: three working days
        "in-time": a_task(world, due=in_days(6)),
        "no-deadline": a_task(world),
    }
    page = board_of(office)
    for band, task in bands.items():
        assert ids_in(by_id(page, f"cards-assigned-{band}")) == [task.id]
        assert words_of(by_id(page, f"head-assigned-{band}")).endswith("· 1")
    assert by_id(page, "head-in_progress-overdue").get("hidden") is not None


def test_a_weekend_within_three_working_days_is_soon_too(world, office):
    task = a_task(world, due=date(2018, 4, 15))
    assert ids_in(by_id(board_of(office), "cards-assigned-soon")) == [task.id]


def test_a_hand_in_that_came_in_time_is_not_overdue(world, office):
    in_time = a_task(world, state=State.SUBMITTED, due=in_days(-2), handed_in_on=in_days(-4))
    late = a_task(world, state=State.SUBMITTED, due=in_days(-2), handed_in_on=in_days(-1))
    page = board_of(office)
    assert ids_in(by_id(page, "col-submitted")) == [late.id, in_time.id]
    assert ids_in(by_id(page, "cards-submitted-in-time")) == [in_time.id]


def test_what_is_done_stands_with_the_latest_first(world, office):
    old = a_task(world, state=State.DONE, done_on=in_days(-20))
    fresh = a_task(world, state=State.DONE, done_on=in_days(-2))
    undated = a_task(world, state=State.DONE, done_on=None)
    assert ids_in(by_id(board_of(office), "col-done")) == [fresh.id, old.id, undated.id]


def test_counts_tell_all_and_the_overdue_of_each_column(world, office):
    tasks(world, 3, due=in_days(-5))
    tasks(world, 2, due=in_days(50), state=State.IN_PROGRESS)
    page = board_of(office)
    assert words_of(by_id(page, "tally-assigned")) == "3"
    assert words_of(by_id(page, "late-assigned")) == "3 quá hạn"
    assert words_of(by_id(page, "tally-in_progress")) == "2"
    assert words_of(by_id(page, "late-in_progress")) == ""
    assert by_id(page, "board").get("data-total") == "5"


def test_a_column_shows_a_hundred_cards_and_says_where_the_others_are(world, office):
    made = tasks(world, PAGE + 20)
    page = board_of(office)
    assert ids_in(by_id(page, "col-assigned")) == [t.id for t in made[:PAGE]]
    assert words_of(by_id(page, "tally-assigned")) == "120"
    link = by_id(page, "foot-assigned").find(".//a")
    assert link is not None
    assert "20" in words_of(link)
    second = board_of(office, link.get("href").removeprefix("/board"))
    assert ids_in(second) == [t.id for t in made[PAGE:]]
    assert by_id(second, "board").get("data-total") == "120"


def test_all_may_stand_on_one_page(world, office):
    made = tasks(world, PAGE + 20)
    assert rows_of(office.get("/board?all=1").text) == {t.id for t in made}


def test_a_page_beyond_the_last_is_said_to_be_none(world, office):
    a_task(world)
    response = office.get("/board?column=assigned&page=2")
    assert response.status_code == 404
    assert "Bảng nhiệm vụ không có trang này." in text_of(response.text)


def test_lines_are_no_cards_and_parents_of_a_fan_out_are(world, office):
    task = a_task(world, coordinators=[world.district])
    parent = a_task(world, "Khảo sát", lead=world.standing)
    done = a_child(world, parent, world.district, state=State.DONE)
    late = a_child(world, parent, world.town, due=in_days(-4))
    page = board_of(office)
    assert set(ids_in(by_id(page, "board"))) == {task.id, parent.id, done.id, late.id}
    assert "1/2 đơn vị hoàn thành, 1 quá hạn" in words_of(by_id(page, f"task-{parent.id}"))


def test_a_submitted_card_says_on_whose_desk_it_lies(world, office):
    task = a_task(world, state=State.SUBMITTED)
    words = words_of(by_id(board_of(office), f"task-{task.id}"))
    assert "Đang chờ tại Tỉnh ủy Hải Sơn từ ngày 9-4-2018" in words


def test_a_card_names_what_it_waits_for_as_far_as_one_may_see_it(app, world, office):
    hidden = a_task(world, "Việc kín", lead=world.elsewhere, assigner=world.elsewhere)
    seen = a_task(world, "Khảo sát cơ sở")
    task = a_task(world, "Lập đề án")
    waits_for(task, seen)
    waits_for(task, hidden)
    words = words_of(by_id(board_of(office), f"task-{task.id}"))
    assert "Chờ: Khảo sát cơ sở" in words
    assert "Việc kín" not in words


def test_the_lead_sees_which_co_ordinator_holds_it_up(app, world):
    task = a_task(world, due=in_days(-6), state=State.IN_PROGRESS, coordinators=[world.district])
    chair = client_of(app).sign_in(world.an.email)
    words = words_of(by_id(board_of(chair), f"task-{task.id}"))
    assert "Huyện ủy Suối Đá chậm phối hợp: phần việc quá hạn 6 ngày" in words


def test_a_card_shows_its_measure_and_what_is_not_stated(world, office):
    task = a_task(world)
    a_measure(task, "xã đã khảo sát", readings=[(5, TODAY)])
    words = words_of(by_id(board_of(office), f"task-{task.id}"))
    assert "xã đã khảo sát: 5 / chưa nêu chỉ tiêu xã" in words


# --- the filters --------------------------------------------------------------------------------------


def test_the_board_may_be_narrowed_to_a_plan(world, office):
    other = a_plan("Kế hoạch khác", world.province)
    inside, outside = a_task(world), a_task(world, plan_id=other.id)
    assert rows_of(office.get(f"/board?plan={world.plan.id}").text) == {inside.id}
    assert rows_of(office.get(f"/board?plan={other.id}").text) == {outside.id}


def test_a_unit_stands_for_its_branch(world, office):
    own = a_task(world, lead=world.commission)
    below = a_task(world, lead=world.division)
    beside = a_task(world, lead=world.town)
    assert rows_of(office.get(f"/board?unit={world.commission.id}").text) == {own.id, below.id}
    whole = rows_of(office.get(f"/board?unit={world.province.id}").text)
    assert whole == {own.id, below.id, beside.id}


def test_a_unit_is_not_mistaken_for_one_whose_number_begins_alike(world, office):
    units = [a_unit(f"Xã {n}", world.province) for n in range(20)]
    made = {u.id: a_task(world, lead=u) for u in units}
    short = next(u.id for u in units if any(str(o.id).startswith(str(u.id)) for o in units))
    assert rows_of(office.get(f"/board?unit={short}").text) == {made[short].id}


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("overdue", {"late"}),
        ("soon", {"today", "friday"}),
        ("week", {"today", "friday", "sunday"}),
        ("none", {"ongoing"}),
        ("unknown", {"vague", "unsaid"}),
    ],
)
def test_the_board_may_be_narrowed_by_deadline(world, office, due, expected):
    made = {
        "late": a_task(world, due=in_days(-1)),
        "today": a_task(world, due=TODAY),
        "friday": a_task(world, due=in_days(3)),
        "sunday": a_task(world, due=in_days(5), state=State.IN_PROGRESS),
        "monday": a_task(world, due=in_days(6)),
        "done": a_task(world, due=in_days(-1), state=State.DONE),
        "ongoing": a_task(world, due_kind="ongoing", due_words="thường xuyên"),
        "vague": a_task(world, due_kind="vague", due_words="sớm"),
        "unsaid": a_task(world),
    }
    expected = expected | {"sunday"} if due == "soon" else expected
    assert rows_of(office.get(f"/board?due={due}").text) == {made[name].id for name in expected}


@pytest.mark.parametrize("q", ["dak nong", "Đắk Nông", "ĐẮK  nông", "nong dak"])
def test_words_are_found_with_and_without_their_marks(world, office, q):
    found = a_task(world, "Khảo sát tại Đắk Nông")
    a_task(world, "Khảo sát tại Gia Lai")
    assert rows_of(office.get("/board", query_string={"q": q}).text) == {found.id}


@pytest.mark.parametrize("q", ["%", "_", "100%", "/"])
def test_signs_with_a_meaning_to_the_database_are_only_signs(world, office, q):
    a_task(world, "Khảo sát")
    found = a_task(world, "Hoàn thành 100% _ /")
    assert rows_of(office.get("/board", query_string={"q": q}).text) == {found.id}


def test_what_is_filtered_by_stays_in_the_form(world, office):
    page = board_of(office, f"?plan={world.plan.id}&due=soon&q=kh%E1%BA%A3o")
    chosen = {o.get("value") for o in page.iter("option") if o.get("selected") is not None}
    assert chosen == {str(world.plan.id), "soon"}
    assert by_id(page, "filter-q").get("value") == "khảo"


def test_a_board_left_empty_by_its_filters_says_so(world, office):
    a_task(world)
    text = text_of(office.get("/board?q=kh%C3%B4ng+c%C3%B3").text)
    assert "Không có nhiệm vụ nào theo bộ lọc này." in text


@pytest.mark.parametrize(
    ("query", "field", "status"),
    [
        ("plan=999999", "filter-plan", 404),
        ("plan=abc", "filter-plan", 404),
        ("plan=-1", "filter-plan", 404),
        ("unit=999999", "filter-unit", 404),
        ("unit=1%27", "filter-unit", 404),
        ("due=tomorrow", "filter-due", 422),
        ("q=" + "a" * 201, "filter-q", 422),
    ],
)
def test_a_filter_that_leads_nowhere_says_so_in_its_place(world, office, query, field, status):
    a_task(world)
    response = office.get(f"/board?{query}")
    assert response.status_code == status
    assert error_at(response.text, field)
    assert not rows_of(response.text)


def test_a_plan_one_may_not_see_is_no_plan(app, world):
    hidden = a_plan("Kế hoạch kín", world.elsewhere)
    a_task(world, lead=world.elsewhere, assigner=world.elsewhere, plan_id=hidden.id)
    chair = client_of(app).sign_in(world.mai.email)
    response = chair.get(f"/board?plan={hidden.id}")
    assert response.status_code == 404
    assert "Kế hoạch kín" not in response.text


@pytest.mark.parametrize("query", ["column=nowhere", "column=done&page=0", "page=x", "page=-1"])
def test_a_page_that_is_none_is_no_error_of_the_server(world, office, query):
    assert office.get(f"/board?{query}").status_code in {404, 422}


# --- who sees what, in which language, at what cost ---------------------------------------------------


def test_everybody_sees_their_own_tasks_only(app, world):
    own = a_task(world, lead=world.district)
    others = a_task(world, lead=world.town)
    draft = a_draft(world, lead=world.district)
    chair = client_of(app).sign_in(world.mai.email)
    seen = rows_of(chair.get("/board").text)
    assert own.id in seen
    assert not {others.id, draft.id} & seen
    assert not rows_of(client_of(app).sign_in(world.khanh.email).get("/board").text)


def test_an_english_board_marks_what_is_vietnamese(world, office):
    parent = a_task(world, lead=world.standing, state=State.SUBMITTED, due=in_days(-3))
    a_child(world, parent, world.district, tie=Tie.FANOUT)
    a_task(world, due=in_days(-9), coordinators=[world.district])
    response = office.get("/board?lang=en")
    assert not vietnamese_unmarked(response.text)
    assert "3 days overdue" in text_of(response.text)


def test_the_board_asks_the_database_as_often_for_200_cards_as_for_one(world, office, queries):
    office.get("/board")
    a_task(world, coordinators=[world.district], state=State.SUBMITTED)
    with queries.counting():
        office.get("/board")
    few = len(queries)
    tasks(world, 99, coordinators=[world.district], due=in_days(-2))
    tasks(world, 100, state=State.SUBMITTED, due=in_days(9))
    with queries.counting():
        office.get("/board")
    assert len(queries) == few


def test_a_board_is_read_on_every_database(any_app):
    with any_app.app_context():
        world = a_world()
        late = a_task(world, due=in_days(-3), coordinators=[world.district])
        parent = a_task(world, "Khảo sát", state=State.IN_PROGRESS)
        a_child(world, parent, world.town)
        waits_for(late, parent)
        tasks(world, PAGE + 1)
        email = world.binh.email
    client = client_of(any_app).sign_in(email)
    page = board_of(client, "?q=&due=")
    assert ids_in(by_id(page, "col-assigned"))[0] == late.id
    assert rows_of(client.get("/board?due=overdue&q=ra+soat").text) == {late.id}
