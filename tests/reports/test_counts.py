"""The figures are what a recount by hand gives, for whoever asks, of whatever committees."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.databases import patiently_on_each_database
from tests.reports.recounts import branch_of, by, cell_of, counting, grid_of, lines, seen, slips_of
from tests.worlds import (
    TODAY,
    a_child,
    a_document,
    a_line,
    a_plan,
    a_task,
    follows,
    me,
)
from tracker.db import db
from tracker.reports import lists
from tracker.reports.chart import Step
from tracker.reports.figures import figures
from tracker.reports.grid import CELLS, Age, Part, often_of
from tracker.reports.lists import What
from tracker.reports.queries import counts
from tracker.reports.scopes import Scope
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Task

UNITS = ["province", "standing", "commission", "division", "district", "town", "elsewhere"]
PEOPLE = ["an", "binh", "chi", "dung", "giang", "ha", "khanh", "lan", "mai", "nam", "oanh"]
unit_names = st.sampled_from(UNITS)
days = st.integers(-20, 5).map(lambda n: TODAY + timedelta(days=n))
some_day = st.none() | days


@st.composite
def tasks(draw):
    """A task of any state, with days that may be unknown, lines and children."""
    state = draw(st.sampled_from(list(State)))
    done_on = draw(some_day) if state is State.DONE else None
    return {
        "state": state,
        "lead": draw(unit_names),
        "assigner": draw(unit_names),
        "due": draw(some_day),
        "first_due_on": draw(some_day),
        "slips": draw(st.sampled_from([0, 0, 1, 2, 3, 5])),
        "handed_in_on": draw(some_day) if state is State.SUBMITTED else done_on,
        "done_on": done_on,
        "done_by_on": draw(some_day) if state is State.DONE and done_on is None else None,
        "co": draw(st.lists(unit_names, max_size=2, unique=True)),
        "child": draw(st.none() | st.sampled_from([Tie.PART, Tie.FANOUT])),
    }


def build(world, plan, wanted):
    units = {name: getattr(world, name) for name in UNITS}
    for fields in wanted:
        co, child = fields["co"], fields["child"]
        values = {name: value for name, value in fields.items() if name not in {"co", "child"}}
        values |= {"lead": units[fields["lead"]], "assigner": units[fields["assigner"]]}
        task = a_task(world, plan_id=plan.id, **values)
        for name in co:
            a_line(world, task, units[name], slips=fields["slips"])
        if child:
            a_child(world, task, world.district, tie=child, state=State.IN_PROGRESS)
    db.session.expire_all()


@patiently_on_each_database
@settings(
    max_examples=settings().max_examples // 12,  # 8, and ten times as many in a long run
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(wanted=st.lists(tasks(), min_size=1, max_size=4), first=st.booleans())
def test_every_figure_equals_a_recount_row_by_row_for_every_standing(any_world, wanted, first):
    world = any_world
    plan = a_plan("Kế hoạch", world.province)
    build(world, plan, wanted)
    rows = list(db.session.scalars(select(Task).where(Task.plan_id == plan.id)))
    branch = branch_of(world.commission.id)
    for name in PEOPLE:
        asker = me(getattr(world, name))
        visible = seen(asker, rows)
        found = counts(asker, Scope(plan=plan.id, first=first), TODAY)
        assert found.by_lead == by(counting(visible), "lead_id", TODAY, first=first), name
        assert found.by_plan == by(counting(visible), "plan_id", TODAY, first=first)
        assert found.lines == by(lines(visible), "lead_id", TODAY, first=first)
        of_unit = counts(asker, Scope(plan=plan.id, unit=world.commission.id), TODAY)
        own = [task for task in counting(visible) if task.lead_id in branch]
        assert of_unit.by_lead == by(own, "lead_id", TODAY)
        for part in (Part.OVERDUE, Part.FELL_DUE, Part.NO_DEADLINE):
            listed = listed_by(asker, Scope(plan=plan.id), What(part))
            assert listed == {t.id for t in counting(visible) if cell_of(t, TODAY) in CELLS[part]}


@patiently_on_each_database
@settings(
    max_examples=settings().max_examples // 20,  # 5, and ten times as many in a long run
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(wanted=st.lists(tasks(), min_size=1, max_size=4), first=st.booleans())
def test_every_figure_of_extensions_equals_a_recount_and_opens_exactly_these(
    any_world, wanted, first
):
    world = any_world
    plan = a_plan("Kế hoạch", world.province)
    build(world, plan, wanted)
    rows = list(db.session.scalars(select(Task).where(Task.plan_id == plan.id)))
    scope = Scope(plan=plan.id, first=first)
    for name in PEOPLE:
        asker = me(getattr(world, name))
        visible = list(counting(seen(asker, rows)))
        parts = lines(seen(asker, rows))
        found = figures(asker, scope, Step.MONTH, TODAY)
        moved = found.extensions
        assert moved.total == slips_of(visible), name
        assert moved.parts == slips_of(parts)
        assert moved.grid == grid_of((t for t in visible if t.slips), TODAY, first=first)
        assert moved.other == grid_of((t for t in visible if t.slips), TODAY, first=not first)
        for row in found.units:
            at = row.branch
            units = {at.unit_id} if at.alone else branch_of(at.unit_id)
            own = [t for t in visible if t.lead_id in units]
            assert at.account.slips == slips_of(own)
            within = scope.narrowed(unit=at.unit_id, alone=at.alone)
            assert listed_by(asker, within, What(extended="all")) == {t.id for t in own if t.slips}
        for often, of_row in moved.rows:
            told = {t.id for t in visible if t.slips and often_of(t.slips) is often}
            assert listed_by(asker, scope, What(extended=often)) == told
            assert of_row == slips_of(t for t in visible if t.id in told)
        for part in (Part.OVERDUE, Part.IN_TIME, Part.LATE):
            told = {t.id for t in visible if t.slips and cell_of(t, TODAY, first=first) == part}
            assert listed_by(asker, scope, What(part, extended="all")) == told
        assert listed_by(asker, scope, What(lines=True, extended="all")) == {
            t.id for t in parts if t.slips
        }


def listed_by(asker, scope: Scope, what: What) -> set[int]:
    return set(db.session.scalars(lists.chosen(asker, scope, what, TODAY)))


def test_a_document_s_figures_hold_all_that_flows_from_it(world):
    child = a_document("Kế hoạch triển khai", issuer=world.province)
    grandchild = a_document("Hướng dẫn", issuer=world.province)
    other = a_document("Kết luận", issuer=world.province)
    follows(world.document, child)
    follows(child, grandchild)
    follows(grandchild, world.document)  # even a circle ends
    through_plan = a_plan("Kế hoạch của hướng dẫn", world.province, document=grandchild)
    inside = {
        a_task(world, document_id=world.document.id).id,
        a_task(world, document_id=grandchild.id, plan_id=None).id,
        a_task(world, plan_id=through_plan.id).id,
    }
    a_task(world, document_id=other.id, plan_id=through_plan.id)  # its own source wins
    asker = me(world.binh)
    assert listed_by(asker, Scope(document=world.document.id), What()) == inside
    figures = counts(asker, Scope(document=world.document.id), TODAY)
    assert {plan: grid.total for plan, grid in figures.by_plan.items()} == {
        world.plan.id: 1,
        0: 1,
        through_plan.id: 1,
    }


def test_tasks_of_no_plan_and_a_unit_without_its_branch_can_be_asked_for(world):
    loose = a_task(world, plan_id=None)
    a_task(world)
    below = a_task(world, lead=world.division, assigner=world.commission)
    asker = me(world.binh)
    assert listed_by(asker, Scope(plan=0), What()) == {loose.id}
    commission = world.commission.id
    assert below.id in listed_by(asker, Scope(unit=commission), What())
    assert below.id not in listed_by(asker, Scope(unit=commission, alone=True), What())


def test_overdue_work_is_aged_in_working_days_and_a_hand_in_stops_its_clock(world):
    # 10-4-2018 is a Tuesday: 6-4 is 2 working days ago, 31-3 (a Saturday) 7, 8-3 is 23.
    made = {
        Age.FEW: a_task(world, due=date(2018, 4, 6)),
        Age.WEEK: a_task(world, due=date(2018, 3, 31)),
        Age.MORE: a_task(world, due=date(2018, 3, 8)),
    }
    handed_in = a_task(
        world, state=State.SUBMITTED, due=date(2018, 3, 8), handed_in_on=date(2018, 3, 9)
    )
    asker, scope = me(world.binh), Scope()
    assert listed_by(asker, scope, What(age=Age.FEW)) == {made[Age.FEW].id, handed_in.id}
    assert listed_by(asker, scope, What(age=Age.WEEK)) == {made[Age.WEEK].id}
    assert listed_by(asker, scope, What(age=Age.MORE)) == {made[Age.MORE].id}
    assert listed_by(asker, scope, What(waits=Age.MORE)) == {handed_in.id}
    unknown = a_task(world, state=State.SUBMITTED, handed_in_on=None)
    assert listed_by(asker, scope, What(waits="unknown")) == {unknown.id}
    assert listed_by(asker, scope, What(waits="all")) == {handed_in.id, unknown.id}


def test_what_is_overdue_here_is_what_is_overdue_everywhere(world):
    from tracker.tasks.queries import counted, seen_by
    from tracker.tasks.sources import overdue

    for state in State:
        for due in (TODAY - timedelta(days=3), TODAY, None):
            a_task(world, state=state, due=due, coordinators=[world.district])
    asker = me(world.dung)
    elsewhere = select(Task.id).where(overdue(TODAY), seen_by(asker), counted())
    assert listed_by(asker, Scope(), What(Part.OVERDUE)) == set(db.session.scalars(elsewhere))
