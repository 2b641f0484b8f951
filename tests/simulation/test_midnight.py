"""The same facts in the first and last minute of a day, at the year's end, around Tết, wherever the server stands."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from tests.pages import client_of
from tests.simulation.midnights import DAYS, MOMENTS, all_moments, facts
from tests.simulation.naive import DAY, soon_until, working_days_late
from tests.worlds import World, a_task, me, set_clock
from tracker.clock import ZONE, day_of, midnight_after
from tracker.reports.queries import counts
from tracker.reports.scopes import Scope
from tracker.reviews import overdue
from tracker.rules.queries import in_force
from tracker.settings import ROOT
from tracker.tasks import board
from tracker.tasks.filters import Filters

# On the other side of the world, a day ahead, without a zone.
ZONES = ("America/Los_Angeles", "Pacific/Kiritimati", "UTC")


def test_a_day_s_facts_are_the_same_from_its_first_second_to_its_last():
    told = facts(all_moments())
    for number, day in enumerate(DAYS):
        of_day = told[number * len(MOMENTS) : (number + 1) * len(MOMENTS)]
        # Mails go out at an hour of the day: their slot alone may differ in the course of it.
        assert all(one[:2] + one[3:] == of_day[0][:2] + of_day[0][3:] for one in of_day), day
        assert of_day[0][0] == day.isoformat()
        assert of_day[0][1] == soon_until(day).isoformat()
        assert of_day[-1][2] in {None, day.isoformat()}
        cells = {
            -10: ["overdue", 10, working_days_late(day - 10 * DAY, day)],
            -1: ["overdue", 1, working_days_late(day - DAY, day)],
            0: ["in-time", 0, 0],
            1: ["in-time", 0, 0],
            3: ["in-time", 0, 0],
        }
        assert of_day[0][3:] == list(cells.values()), day
        assert midnight_after(day) - all_moments()[number * len(MOMENTS) + 4] == timedelta(
            seconds=1
        )


def test_the_facts_are_the_same_on_a_server_in_any_zone():
    here = facts(all_moments())
    code = (
        "import json; from tests.simulation.midnights import all_moments, facts;"
        "print(json.dumps(facts(all_moments())))"
    )
    processes = {
        zone: subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=os.environ | {"TZ": zone},
            stdout=subprocess.PIPE,
            text=True,
        )
        for zone in ZONES
    }
    for zone, process in processes.items():
        told, _errors = process.communicate(timeout=60)
        assert json.loads(told) == here, zone


@pytest.fixture
def zone(request, monkeypatch) -> Iterator[str]:
    """The zone this very process believes to be in."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("day", "zone"),
    list(zip((date(2018, 12, 31), date(2018, 2, 13), date(2026, 2, 13)), ZONES, strict=True)),
    indirect=["zone"],
)
def test_the_lists_turn_at_midnight_and_not_before(app: Flask, world: World, day: date, zone: str):
    """A task due today is in time until the last second of the day, and one day overdue from then on."""
    tasks = [a_task(world, f"{n}", due=day + n * DAY) for n in (-30, -1, 0, 1, 2)]
    for at, today in (
        (datetime(day.year, day.month, day.day, 23, 59, tzinfo=ZONE), day),
        (midnight_after(day) + timedelta(minutes=1), day + DAY),
    ):
        late = {t.id for t in tasks if t.due_on and t.due_on < today}
        set_clock(at)
        asker = me(world.binh, today)
        assert set(overdue.listing(asker, day_of(at)).ids) == late
        grid = counts(asker, Scope(), day_of(at)).by_lead[world.commission.id]
        assert (grid.overdue, grid.in_time) == (len(late), len(tasks) - len(late))
        columns = board.read(asker, Filters(), day_of(at))
        assert sum(column.late for column in columns) == len(late)
        assert in_force().soon_until(today) == soon_until(today)
        client = client_of(app, checks=False).sign_in(world.binh.email)
        pages = {
            path: client.get(f"{path}?lang=en").text for path in ("/overdue", "/board", "/status")
        }
        worst = (today - tasks[0].due_on).days if tasks[0].due_on else 0
        assert f"{worst} days overdue" in pages["/overdue"]
        assert f"{worst} days overdue" in pages["/board"]
        assert (
            f'datetime="{today.isoformat()}"' in pages["/status"]
            or str(today.year) in pages["/status"]
        )
