"""Who sees what: the query and the row-by-row rules say the same of any committee whatever."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.databases import patiently_on_each_database
from tests.worlds import a_child, a_collective, a_draft, a_line, a_seat, a_task, a_world, me
from tracker.committees.models import Role, Unit
from tracker.db import db
from tracker.policy import Standing, Verb, may
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Task
from tracker.tasks.queries import place_of, visible_to
from tracker.tasks.standings import standings

UNITS = ["province", "standing", "commission", "division", "district", "town", "team", "elsewhere"]
PEOPLE = ["an", "binh", "chi", "dung", "giang", "ha", "khanh", "lan", "mai", "nam", "oanh"]
unit_names = st.sampled_from(UNITS)
states = st.sampled_from([State.DRAFT, State.ASSIGNED, State.SUBMITTED, State.DONE])


@pytest.fixture
def world(any_app):
    with any_app.app_context():
        yield a_world()


def seen(person):
    return set(db.session.scalars(visible_to(me(person)).with_only_columns(Task.id)))


@patiently_on_each_database
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lead=unit_names,
    assigner=unit_names,
    state=states,
    co=st.lists(unit_names, max_size=2, unique=True),
    child=st.none() | st.tuples(unit_names, st.sampled_from([Tie.PART, Tie.FANOUT])),
    extra=st.none() | st.tuples(unit_names, st.sampled_from(list(Role))),
)
def test_the_scope_and_the_policy_agree_row_by_row(world, lead, assigner, state, co, child, extra):
    units = {name: getattr(world, name) for name in UNITS}
    if extra:
        a_seat(units[extra[0]], extra[1], world.chi)
    task = a_task(world, state=state, lead=units[lead], assigner=units[assigner])
    for name in co:
        a_line(world, task, units[name])
    if child:
        a_child(world, task, units[child[0]], tie=child[1], state=State.ASSIGNED)
    db.session.expire_all()
    for name in PEOPLE:
        person = getattr(world, name)
        asker = me(person)
        allowed = {
            row.id
            for row in db.session.scalars(select(Task))
            if may(Verb.SEE_TASK, standings(asker, place_of(row)))
        }
        assert seen(person) == allowed, name


def test_a_member_of_the_lead_sees_the_task_but_no_draft_given_by_others(world):
    sent, draft = a_task(world), a_draft(world)
    assert seen(world.chi) == {sent.id}
    assert seen(world.binh) == {sent.id, draft.id}


def test_a_co_ordinator_sees_the_whole_task_and_every_line(world):
    task = a_task(world)
    lines = [a_line(world, task, unit).id for unit in (world.district, world.town)]
    assert seen(world.nam) == {task.id, *lines}


def test_the_unit_of_a_fan_out_sees_its_own_child_alone(world):
    parent = a_task(world)
    mine, other = a_child(world, parent, world.district), a_child(world, parent, world.town)
    assert seen(world.mai) == {mine.id}
    assert seen(world.oanh) == {other.id}


def test_an_observer_reads_the_branch_but_moves_nothing_and_sees_no_draft(world):
    task = a_task(world)
    a_draft(world)
    assert seen(world.giang) == {task.id}
    held = standings(me(world.giang), place_of(task))
    assert [verb for verb in Verb if may(verb, held) and verb is not Verb.SEE_TASK] == []


def test_another_branch_and_the_administrator_see_nothing(world):
    a_task(world, coordinators=[world.district])
    assert seen(world.ha) == seen(world.khanh) == set()


def test_a_standing_body_acts_for_the_body_whose_branch_it_leads(world):
    task = a_task(world)
    assert Standing.ASSIGNER in standings(me(world.dung), place_of(task))


def test_listed_in_a_collective_is_not_seeing_its_tasks(world):
    collective = a_unit_led_by_nobody(world)
    task = a_task(world, lead=collective)
    assert task.id not in seen(world.mai)


def a_unit_led_by_nobody(world) -> Unit:
    return a_collective("Các huyện ủy, thị ủy", [world.district, world.town])
