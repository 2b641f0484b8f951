"""The government's report of 27-12-2017, generated: its total, its three rates, and every task behind each number."""

import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import insert

from tests.databases import running, settings_at, sqlite_url
from tests.pages import Client, client_of
from tests.worlds import MADE_AT, TODAY, a_world, me
from tracker.db import db
from tracker.reports import lists
from tracker.reports.grid import Part
from tracker.reports.lists import What
from tracker.reports.scopes import Scope
from tracker.tasks.lifecycle import State
from tracker.tasks.listing import page_of
from tracker.tasks.models import Task

LATER, EARLIER = TODAY + timedelta(days=9), TODAY - timedelta(days=9)
# Part -> how many, state, due day, day of completion.
CELLS: dict[Part, tuple[int, State, date, date | None]] = {
    Part.ON_TIME: (14_068, State.DONE, EARLIER, EARLIER),
    Part.LATE: (1_983, State.DONE, EARLIER, TODAY),
    Part.IN_TIME: (5_640, State.IN_PROGRESS, LATER, None),
    Part.OVERDUE: (223, State.IN_PROGRESS, EARLIER, None),
}
HIDDEN = 7  # overdue tasks in another branch, which must be in no figure


@pytest.fixture(scope="module")
def report(migrated_file, tmp_path_factory) -> Iterator[tuple[Client, object]]:
    """A checking client of the office, and whoever it is: the world is built once for all of these tests."""
    folder = tmp_path_factory.mktemp("report")
    url = sqlite_url(shutil.copyfile(migrated_file, folder / "tracker.db"))
    with running(settings_at(folder, url)) as app:
        with app.app_context():
            world = a_world()
            db.session.execute(insert(Task), list(rows(world)))
            db.session.commit()
            asker, email = me(world.binh), world.binh.email
            db.session.remove()
        yield client_of(app).sign_in(email), (app, asker)


def rows(world) -> Iterator[dict]:
    leads = [world.commission.id, world.district.id, world.town.id]
    for count, state, due, done in CELLS.values():
        for number in range(count):
            yield row(leads[number % 3], world.province.id, state, due, done)
    for _ in range(HIDDEN):
        yield row(world.elsewhere.id, world.elsewhere.id, State.IN_PROGRESS, EARLIER, None)


def row(lead: int, assigner: int, state: State, due: date, done: date | None) -> dict:
    units = {"lead_id": lead, "assigner_id": assigner, "verdict_unit_id": assigner}
    days = {"due_on": due, "first_due_on": due, "done_on": done, "handed_in_on": done}
    kept = {"prov": {}, "moved_at": MADE_AT, "created_at": MADE_AT, "version": 1, "slips": 0}
    words = {"title_vi": "Nhiệm vụ được giao", "search_key": "", "state_stated": True}
    return {
        "state": state,
        "due_kind": "date",
        "due_words": "trong năm",
        **units,
        **days,
        **kept,
    } | words


def numbers(html: str) -> dict[str, int]:
    """Return every number of tasks on a page by the address it opens."""
    found = re.findall(r'<a href="([^"]+)" data-count="(\d+)"', html)
    return {unescape(address): int(count) for address, count in found}


def test_the_total_the_cells_and_the_three_rates_each_with_label_and_both_numbers(report):
    client, _whose = report
    html = client.get("/status").text
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))
    assert "21.914 nhiệm vụ" in text
    assert "1,37% quá hạn, trên số đã đến hạn: 223 / 16.274" in text
    assert "98,63% đã hoàn thành, trên số đã đến hạn: 16.051 / 16.274" in text
    assert "86,44% hoàn thành đúng hạn, trên số đã đến hạn: 14.068 / 16.274" in text
    counted = numbers(html)
    for part, (count, *_rest) in CELLS.items():
        assert counted[f"/status/tasks?cell={part}"] == count
    assert counted["/status/tasks?cell=all"] == 21_914
    assert counted["/status/tasks?cell=fell-due"] == 16_274
    by_unit = [n for url, n in counted.items() if re.fullmatch(r"/status/tasks\?unit=\d+", url)]
    assert sum(by_unit) == 21_914
    assert "số liệu trong phạm vi được xem" in text


@pytest.mark.parametrize("part", CELLS)
def test_the_pages_of_a_cell_list_exactly_its_tasks(report, part):
    _client, (app, asker) = report
    count = CELLS[part][0]
    with app.app_context():
        chosen = lists.chosen(asker, Scope(), What(part), TODAY)
        listed: list[int] = []
        last = -(-count // 1000)
        for number in range(1, last + 1):
            found = page_of(chosen, {"all": "1", "page": str(number)})
            assert (found.total, found.last) == (count, last)
            listed += found.found
        assert len(listed) == len(set(listed)) == count


def walk(client: Client, address: str) -> tuple[set[int], list[int]]:
    """Return what all pages of a list say they hold in all, and the tasks they show."""
    totals, shown, step = set(), [], address
    while step:
        html = client.get(step).text
        totals.add(int(re.findall(r'data-total="(\d+)"', html)[0]))
        shown += [int(task) for task in re.findall(r' data-task="(\d+)"', html)]
        following = re.findall(r'rel="next" href="([^"]+)"', html)
        step = "/status/tasks" + unescape(following[0]) if following else ""
    return totals, shown


@pytest.mark.parametrize(
    ("part", "more"),
    [
        (Part.OVERDUE, ""),
        (Part.LATE, "&all=1"),
        pytest.param(Part.IN_TIME, "&all=1", marks=pytest.mark.long),
        pytest.param(Part.ON_TIME, "&all=1", marks=pytest.mark.long),
    ],
)
def test_walking_the_pages_from_link_to_link_meets_each_task_once(report, part, more):
    client, _whose = report
    totals, shown = walk(client, f"/status/tasks?cell={part}{more}")
    assert totals == {CELLS[part][0]}
    assert len(shown) == len(set(shown)) == CELLS[part][0]
