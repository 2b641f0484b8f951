"""Calendars and lines of time as their readers meet them: each day, each viewer, what is hidden."""

import re
from collections import defaultdict
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import select

from tests.conftest import Queries
from tests.pages import client_of
from tests.reading import error_at
from tests.worlds import AT, TODAY, a_child, a_draft, a_line, a_plan, a_task, tasks, waits_for
from tracker.db import db
from tracker.history.actions import Doer, record
from tracker.history.models import Kind
from tracker.rules.models import Setting, SpecialDay
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Task

APRIL = "/calendar?on=2018-04-10"
DAY = re.compile(r'<time datetime="([\d-]+)"><span class="day-long">(.*?)</td>', re.DOTALL)

CLASSES = re.compile(r'<td class="([^"]*)"[^>]*>\s*<p class="day"><time datetime="([\d-]+)"')


@pytest.fixture
def office(app, world):
    return client_of(app).sign_in(world.binh.email)


def days_of(html: str) -> dict[str, list[int]]:
    """Return the tasks on each day of a month."""
    found = {day: re.findall(r'data-task="(\d+)"', cell) for day, cell in DAY.findall(html)}
    return {day: [int(i) for i in ids] for day, ids in found.items() if ids}


def a_full_month(world) -> None:
    states = [State.ASSIGNED, State.DONE, State.SUBMITTED, State.CANCELLED, State.DRAFT]
    for number in range(30):
        due = date(2018, 4, 1) + timedelta(days=number % 15 * 2)
        a_task(world, f"Việc {number}", state=states[number % 5], due=due)
    shared = a_task(world, "Việc chung", lead=world.district, due=TODAY)
    a_line(world, shared, world.commission)
    parent = a_task(world, "Việc nhiều đơn vị", due=TODAY)
    a_child(world, parent, world.town, due=TODAY)
    a_task(world, "Nơi khác", lead=world.elsewhere, assigner=world.elsewhere, due=TODAY)
    a_task(world, "Không thời hạn")


def test_every_day_holds_exactly_what_a_naive_filter_finds(world, app):
    a_full_month(world)
    seen_by = {world.binh.email: None, world.an.email: {world.commission.id, world.division.id}}
    every = db.session.scalars(select(Task)).all()
    parents = {t.parent_id for t in every if t.tie is Tie.FANOUT}
    own = {world.binh.email: {world.province.id}, world.an.email: {world.commission.id}}
    for email in seen_by:
        expected = defaultdict(set)
        for task in every:
            is_seen = task.lead_id != world.elsewhere.id
            if email == world.an.email:
                above = next((t for t in every if t.id == task.parent_id), None)
                units = {task.lead_id, task.assigner_id} | ({above.lead_id} if above else set())
                lines = {t.lead_id for t in every if t.parent_id == task.id and t.tie is Tie.LINE}
                is_seen = world.commission.id in units | lines
            is_line = task.tie is Tie.LINE and task.lead_id not in own[email]
            counts = task.state not in {State.DRAFT, State.CANCELLED} and task.id not in parents
            if task.due_on and is_seen and counts and not is_line:
                expected[task.due_on.isoformat()].add(task.id)
        client = client_of(app).sign_in(email)
        html = client.get(APRIL).text
        found = days_of(html)
        for day, ids in expected.items():
            assert set(found[day]) <= ids, (email, day)
            assert len(found[day]) == min(len(ids), 4), (email, day)
            listed = client.get(f"/calendar/tasks?view=day&on={day}&all=1").text
            assert {int(i) for i in re.findall(r' data-task="(\d+)"', listed)} == ids
        assert set(found) == set(expected), email
        assert "Nơi khác" not in html


def test_every_number_opens_exactly_that_many_tasks(world, office):
    a_full_month(world)
    for number in range(7):
        a_task(
            world,
            f"Hết quý {number}",
            due=date(2018, 6, 30),
            due_kind="by",
            due_words="hết quý II-2018",
        )
    opened: dict[str, int] = {}
    for view in ("month", "year", "quarter"):
        html = office.get(f"{APRIL}&view={view}").text
        found = re.findall(r'href="([^"]+)" data-count="(\d+)"', html)
        opened |= {unescape(address): int(count) for address, count in found}
    assert len(opened) > 20
    for address, count in opened.items():
        html = office.get(f"{address}&all=1").text
        assert f'data-total="{count}"' in html, address
        assert len(set(re.findall(r' data-task="(\d+)"', html))) == count, address
    html = office.get(f"{APRIL}&view=quarter").text
    assert '<span class="nb">quý II-2018</span>: <a href=' in html


def test_two_viewers_see_different_calendars(world, app):
    mine = a_task(world, "Việc của ban", due=TODAY)
    theirs = a_task(world, "Việc của thị ủy", lead=world.town, due=TODAY)
    pages = {
        who: client_of(app).sign_in(who.email).get(APRIL).text for who in (world.an, world.oanh)
    }
    assert days_of(pages[world.an]) == {"2018-04-10": [mine.id]}
    assert days_of(pages[world.oanh]) == {"2018-04-10": [theirs.id]}
    assert days_of(client_of(app).sign_in(world.ha.email).get(APRIL).text) == {}


def test_a_part_of_anothers_task_stands_on_its_own_day_and_says_so(world, app):
    task = a_task(world, due=TODAY)
    line = a_line(world, task, world.district, due=TODAY - timedelta(days=2))
    html = client_of(app).sign_in(world.nam.email).get(APRIL).text
    assert days_of(html) == {"2018-04-08": [line.id], "2018-04-10": [task.id]}
    assert "phần việc phối hợp" in html or "co-ordinator" in html
    mine = client_of(app).sign_in(world.nam.email).get(f"{APRIL}&mine=1").text
    assert days_of(mine) == {"2018-04-08": [line.id]}


def test_a_deadline_that_was_moved_stands_on_its_present_day_alone(world, office):
    moved = a_task(world, due=date(2018, 4, 20), first_due_on=date(2018, 3, 31), slips=1)
    html = office.get(f"{APRIL}&lang=en").text
    assert days_of(html) == {"2018-04-20": [moved.id]}
    assert "extended from" in html
    assert '<time datetime="2018-03-31">31 Mar 2018</time>' in html


def test_days_off_and_days_worked_are_named(world, office):
    db.session.add(SpecialDay(on=date(2018, 4, 27), is_working=False, name_vi="Nghỉ bù"))
    db.session.add(SpecialDay(on=date(2018, 4, 21), is_working=True))
    record(Kind.RULE_EDITED, by=Doer(), at=AT)
    db.session.commit()
    html = office.get(f"{APRIL}&lang=en").text
    by_day = {day: classes for classes, day in CLASSES.findall(html)}
    assert "off" in by_day["2018-04-25"]
    assert "off" in by_day["2018-04-27"]
    assert "off" in by_day["2018-04-22"]
    assert "off" not in by_day["2018-04-21"]
    assert "today" in by_day["2018-04-10"]
    for words in ("Hung Kings", "Nghỉ bù", "Make-up working day", "Reunification Day"):
        assert words in html
    assert "Lunar New Year" in office.get("/calendar?on=2018-02-16&lang=en").text


def test_what_cannot_be_understood_is_said_at_its_place(world, office):
    answer = office.get("/calendar?on=30-2-2018")
    assert answer.status_code == 422
    assert error_at(answer.text, "filter-on")
    assert office.get("/calendar?view=decade").status_code == 422
    assert office.get("/calendar?on=1-1-1700").status_code == 422
    for wrong in ("unit=0", "unit=x", "plan=999999", "unit=999999", "plan=%00"):
        assert office.get(f"/calendar?{wrong}").status_code == 404, wrong
        assert office.get(f"/calendar/tasks?{wrong}").status_code == 404, wrong
    assert office.get("/calendar?view=day&on=2018-04-10").status_code == 302


def test_the_last_known_years_have_no_way_beyond(office):
    assert 'rel="prev"' not in office.get("/calendar?view=year&on=1990-05-01").text
    assert 'rel="next"' not in office.get("/calendar?on=2100-12-31").text


def test_the_day_on_which_a_report_closes_is_marked(world, office):
    db.session.add(Setting(key="rules", value={"closing": {"quarter": 14}}))
    record(Kind.RULE_EDITED, by=Doer(), at=AT)
    db.session.commit()
    for view in ("month", "quarter", "year"):
        html = office.get(f"/calendar?view={view}&on=2018-03-01&lang=en").text
        assert "Report closes: Q1 2018" in html, view
    assert "Report closes" not in office.get("/calendar?on=2018-02-01").text


def test_the_form_of_a_calendar_can_be_sent_as_it_stands(world, office):
    a_task(world, due=TODAY)
    for lang in ("vi", "en"):
        for page in (APRIL, f"/plans/{world.plan.id}/timeline"):
            office.get(f"/calendar?lang={lang}")
            path = page.partition("?")[0]
            assert office.submit(page, path).status_code == 200, (lang, page)


def test_an_empty_month_says_where_to_look(office):
    assert "empty" in office.get("/calendar?on=2019-01-01").text


# --- a plan along a line of time -----------------------------------------------------------------------


def test_a_line_of_time_says_in_words_what_it_draws(world, office):
    need = a_task(world, "Khảo sát", due=date(2018, 4, 30))
    slipped = a_task(
        world,
        "Đề án",
        due=date(2018, 6, 30),
        first_due_on=date(2018, 3, 31),
        slips=2,
        starts_on=TODAY,
    )
    late = a_task(world, "Báo cáo", due=date(2018, 3, 31))
    a_task(world, "Theo dõi", due_kind="ongoing", due_words="thường xuyên")
    a_task(world, "Chưa rõ")
    waits_for(slipped, need)
    html = office.get(f"/plans/{world.plan.id}/timeline?lang=en").text
    for task in (need, slipped, late):
        assert f'<tr id="task-{task.id}"' in html
    assert html.count('class="piece slip"') == 2, "the row and the legend"
    assert 'class="tie broken"' in html
    assert "begins before it is due" in html
    assert "Extended twice" in html or "extended twice" in html.lower()
    assert "10 days overdue" in html
    assert "Ongoing and recurring" in html
    assert "No deadline yet" in html


def test_what_is_hidden_is_in_neither_picture_nor_table(world, app):
    seen = a_task(world, "Việc thấy được", due=TODAY)
    hidden = a_task(world, "Việc giấu kín", lead=world.town, due=TODAY)
    draft = a_draft(world, "Dự thảo giấu kín", due=TODAY)
    a_line(world, seen, world.district)
    waits_for(seen, hidden)
    page = client_of(app).sign_in(world.an.email).get(f"/plans/{world.plan.id}/timeline?parts=1")
    assert "Việc thấy được" in page.text
    assert "giấu kín" not in page.text
    for task in (hidden, draft):
        assert f"/tasks/{task.id}" not in page.text
    stranger = client_of(app).sign_in(world.ha.email)
    assert stranger.get(f"/plans/{world.plan.id}/timeline").status_code == 404


def test_parts_are_drawn_where_they_are_asked_for(world, office):
    task = a_task(world, due=TODAY)
    line = a_line(world, task, world.district)
    path = f"/plans/{world.plan.id}/timeline"
    assert f"task-{line.id}" not in office.get(path).text
    assert f"task-{line.id}" in office.get(f"{path}?parts=1").text


def test_the_days_of_a_line_of_time_can_be_chosen(world, office):
    a_task(world, due=TODAY)
    path = f"/plans/{world.plan.id}/timeline"
    html = office.get(f"{path}?from=2018-04-01&to=2018-06-30&paper=a3").text
    assert "?from=2018-07-01&amp;to=2018-09-30&amp;paper=a3" in html
    assert "Quý II-2018" in html
    for wrong, field in (("from=31-2-2018", "from"), ("from=2018-05-01&to=2018-04-01", "to")):
        answer = office.get(f"{path}?{wrong}")
        assert answer.status_code == 422
        assert error_at(answer.text, f"filter-{field}")
    assert office.get(f"{path}?paper=a0").status_code == 422


def test_a_plan_without_a_day_says_so(world, office):
    plan = a_plan("Kế hoạch trống", world.province)
    page = office.get(f"/plans/{plan.id}/timeline?lang=en").text
    assert "No task of this plan has a day yet." in page


def test_pages_take_no_more_queries_for_more_tasks(world, office, queries: Queries):
    def count() -> dict[str, int]:
        found = {}
        for path in (
            APRIL,
            f"{APRIL}&view=year",
            "/calendar/tasks?view=year",
            f"/plans/{world.plan.id}/timeline?parts=1",
        ):
            office.get(path)
            with queries.counting():
                office.get(path)
            found[path] = len(queries)
        return found

    first = a_task(world, due=TODAY, coordinators=[world.district])
    waits_for(a_task(world, due=TODAY), first)
    before = count()
    for task in tasks(world, 20, due=TODAY, coordinators=[world.district, world.town]):
        waits_for(task, first)
    assert count() == before
