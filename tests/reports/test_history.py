"""Any past day is counted again from history: what the images say is what the rows said at that midnight."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.databases import patiently_on_each_database
from tests.reports.recounts import by, counting, grid_of, lines, seen, slips_of
from tests.worlds import AT, TODAY, a_line, a_plan, a_task, doer, me
from tracker.clock import ZONE
from tracker.db import db
from tracker.history.actions import record
from tracker.history.models import Kind
from tracker.policy import Verb
from tracker.reports import lists, pasts
from tracker.reports.chart import Step
from tracker.reports.figures import figures
from tracker.reports.grid import Part, added
from tracker.reports.lists import What
from tracker.reports.queries import counts
from tracker.reports.scopes import Scope
from tracker.tasks import actions
from tracker.tasks.lifecycle import MOVES, OPEN, State, fits
from tracker.tasks.models import Task
from tracker.tasks.moves import OutOfTurn, image_of, move, undo
from tracker.tasks.queries import facts_of

UNITS = ["commission", "division", "district", "town"]
DAYS = 40  # days of history before today
people = ["binh", "an", "mai", "giang"]
# What may happen to a task: a move of the table, or anything else that leaves an image.
verbs = st.sampled_from(list(MOVES))
happenings = st.one_of(
    st.tuples(st.just("move"), verbs),
    st.tuples(st.sampled_from(["note", "undo"]), st.none()),
    st.tuples(st.just("lead"), st.sampled_from(UNITS)),
    st.tuples(st.just("due"), st.integers(-50, 10) | st.none()),
)
steps = st.lists(
    st.tuples(st.integers(0, DAYS * 24 - 1), st.integers(0, 2), happenings), min_size=4, max_size=14
)


def happen(world, task: Task, what: str, detail, at: datetime) -> None:
    """Let something happen to a task the way the product writes it down; what is out of turn does not."""
    by_whom = doer(world.binh)
    if what == "move" and fits(detail, facts_of(task)):
        move(task, detail, by=by_whom, at=at, words="vì thế", day=at.date() - timedelta(days=2))
    elif what == "note" and task.state in OPEN:
        actions.note(task, "đã làm", by=by_whom, at=at)
    elif what == "undo":
        try:
            undo(task, by=by_whom, at=at)
        except OutOfTurn:
            return
    elif what == "lead":
        task.lead_id = getattr(world, detail).id
        record(Kind.REASSIGNED, by=by_whom, at=at, image=image_of(task))
    elif what == "due":
        task.due_on = None if detail is None else TODAY + timedelta(days=detail)
        task.slips += 1
        record(Kind.EDITED, by=by_whom, at=at, image=image_of(task))


def live(world, plan, given_steps):
    """Live through the history; return for each person and day what a recount said at its end."""
    begun = datetime.combine(TODAY - timedelta(days=DAYS), datetime.min.time(), ZONE)
    rows = [a_task(world, plan_id=plan.id, due=TODAY - timedelta(days=20 * n)) for n in range(2)]
    rows.append(a_line(world, rows[0], world.district))
    told: dict[date, list[dict]] = {}
    # The rows are entered before the first day: MADE_AT lies on the tenth, so nothing is told of the days before.
    waiting = sorted(given_steps, key=lambda step: step[0])
    for number in range(DAYS + 1):
        day = begun.date() + timedelta(days=number)
        while waiting and waiting[0][0] < (number + 1) * 24:
            hours, which, (what, detail) = waiting.pop(0)
            at = begun + timedelta(hours=hours, minutes=30)
            if at > AT - timedelta(days=30):
                happen(world, rows[which], what, detail, at)
        db.session.flush()
        told[day] = [{**vars_of(row)} for row in rows]
    db.session.commit()
    return rows, told


def vars_of(task: Task) -> dict:
    names = ("id", "state", "tie", "lead_id", "plan_id", "due_on", "first_due_on", "slips")
    days = ("handed_in_on", "done_on", "done_by_on")
    return {name: getattr(task, name) for name in (*names, *days)}


def as_it_stood(values: dict) -> Any:
    """Return a row as it stood, as far as a recount asks."""
    return SimpleNamespace(**values)


@patiently_on_each_database
@settings(
    max_examples=settings().max_examples // 16,  # 6, and ten times as many in a long run
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(given_steps=steps, first=st.booleans())
def test_the_grid_of_every_past_day_is_what_a_replay_of_history_says(any_world, given_steps, first):
    world = any_world
    plan = a_plan("Kế hoạch", world.province)
    rows, told = live(world, plan, given_steps)
    begun = (AT - timedelta(days=30)).astimezone(ZONE).date()
    days = [day for day in told if begun <= day < TODAY]
    scope = Scope(plan=plan.id, first=first)
    for name in people:
        asker = me(getattr(world, name))
        visible = {task.id for task in seen(asker, rows)}
        points = dict(zip(days, pasts.points(asker, scope, days), strict=True))
        for day in days[::4] + days[-1:]:
            then = [as_it_stood(values) for values in told[day] if values["id"] in visible]
            found = counts(asker, scope.narrowed(on=day), TODAY)
            assert found.by_lead == by(counting(then), "lead_id", day, first=first), (name, day)
            assert found.lines == by(lines(then), "lead_id", day, first=first)
            moved = figures(asker, scope.narrowed(on=day), Step.MONTH, TODAY).extensions
            assert moved.total == slips_of(counting(then)), (name, day)
            assert moved.parts == slips_of(lines(then))
            assert points[day].grid == grid_of(counting(then), day, first=first)
            listed = lists.chosen(asker, scope.narrowed(on=day), What(Part.OPEN), TODAY)
            assert len(db.session.scalars(listed).all()) == added(found.by_lead.values()).part(
                Part.OPEN
            )


def test_a_day_ends_at_midnight_in_vietnam(any_world):
    world = any_world
    task = a_task(world, state=State.IN_PROGRESS, due=date(2018, 4, 1))
    last_minute = datetime(2018, 4, 4, 23, 59, tzinfo=ZONE)
    move(task, Verb.CLOSE, by=doer(world.binh), at=last_minute, day=date(2018, 4, 1), words="xong")
    early = datetime(2018, 4, 6, 0, 0, tzinfo=ZONE)
    move(task, Verb.REOPEN, by=doer(world.binh), at=early, words="chưa xong")
    db.session.commit()
    asker = me(world.binh)
    grids = {
        day: added(counts(asker, Scope(on=date(2018, 4, day)), TODAY).by_lead.values())
        for day in (3, 4, 5, 6)
    }
    assert [grids[day].part(Part.OVERDUE) for day in grids] == [1, 0, 0, 1]
    assert [grids[day].part(Part.ON_TIME) for day in grids] == [0, 1, 1, 0]


def test_a_past_day_that_is_rewritten_is_counted_anew(world):
    a_task(world)
    asker, day = me(world.binh), date(2018, 3, 31)
    assert pasts.points(asker, Scope(), [day])[0].grid.total == 1
    assert pasts.points(asker, Scope(), [day])[0].grid.total == 1
    a_task(world)  # entered with a moment in the past, as a load does
    assert pasts.points(asker, Scope(), [day])[0].grid.total == 2


def test_the_past_is_told_with_the_rights_of_today(world):
    task = a_task(world, lead=world.town)
    asker, scope = me(world.mai), Scope(on=date(2018, 4, 1))
    assert counts(asker, scope, TODAY).by_lead == {}
    task.lead_id = world.district.id
    record(Kind.REASSIGNED, by=doer(world.binh), at=AT, image=image_of(task))
    db.session.commit()
    found = counts(asker, scope, TODAY)
    assert {lead: grid.total for lead, grid in found.by_lead.items()} == {world.town.id: 1}
    assert pasts.points(asker, scope, [date(2018, 4, 1)])[0].grid.total == 1
    assert list(db.session.scalars(lists.chosen(asker, scope, What(), TODAY))) == [task.id]
