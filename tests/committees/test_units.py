"""Entering, correcting and moving units: the forest stays one, and history keeps what was."""

import threading
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, select

from tests.databases import running
from tests.worlds import AT, a_collective, a_unit, a_world, doer
from tracker.committees import actions, queries
from tracker.committees.actions import CircleError, SeatHeldError, UnitFacts
from tracker.committees.models import Level, Role, Unit, UnitKind
from tracker.db import begin_writing, db
from tracker.history.actions import Doer
from tracker.history.models import Event, EventText, Kind

NOBODY = Doer()


def facts_of(unit, **changes):
    names = set(UnitFacts.__dataclass_fields__) - {"members"}
    said = UnitFacts(**{name: getattr(unit, name) for name in names})
    return replace(said, **changes)


def last_event():
    return db.session.scalars(select(Event).order_by(Event.id.desc())).first()


def test_a_new_unit_stands_below_its_parent_and_history_says_who_entered_it(session):
    world = a_world()
    said = UnitFacts(name_vi="Ban Dân vận", kind=UnitKind.ADVISORY, level=Level.PROVINCE)
    said = replace(said, parent_id=world.province.id)
    unit = actions.add_unit(said, by=doer(world.binh), at=AT)
    assert unit.path == f"{world.province.path}{unit.id}/"
    assert (unit.sort_key, unit.search_key) != ("", "")
    event = last_event()
    assert (event.kind, event.subject_id, event.by_id) == (Kind.UNIT_ADDED, unit.id, world.binh.id)
    assert event.unit_id == world.province.id


def test_a_root_has_a_path_of_its_own(session):
    said = UnitFacts(name_vi="Trung ương", kind=UnitKind.ORGAN, level=Level.CENTRAL)
    unit = actions.add_unit(said, by=NOBODY, at=AT)
    assert unit.path == f"/{unit.id}/"


def test_a_move_takes_along_everything_below(session):
    world = a_world()
    said = facts_of(world.commission, parent_id=world.district.id)
    actions.edit_unit(world.commission, said, by=NOBODY, at=AT)
    paths = {row.id: row.path for row in db.session.execute(select(Unit.id, Unit.path))}
    assert paths[world.commission.id] == f"{world.district.path}{world.commission.id}/"
    assert paths[world.division.id] == f"{paths[world.commission.id]}{world.division.id}/"
    assert paths[world.town.id] == world.town.path


def test_a_move_does_not_make_the_forms_of_units_below_stale(session):
    world = a_world()
    before = world.division.version
    said = facts_of(world.commission, parent_id=world.district.id)
    actions.edit_unit(world.commission, said, by=NOBODY, at=AT)
    version = session.scalar(select(Unit.version).where(Unit.id == world.division.id))
    assert version == before


def test_the_event_of_a_move_keeps_old_and_new_by_id(session):
    world = a_world()
    said = facts_of(world.commission, parent_id=world.district.id, valid_to=date(2019, 1, 1))
    actions.edit_unit(world.commission, said, by=NOBODY, at=AT)
    event = last_event()
    assert event.kind is Kind.UNIT_EDITED
    assert event.data["old"] == {"parent_id": world.province.id, "valid_to": None}
    assert event.data["new"] == {"parent_id": world.district.id, "valid_to": "2019-01-01"}


def test_names_stand_outside_the_event_so_that_they_may_be_erased(session):
    world = a_world()
    said = facts_of(world.team, name_vi="Tổ giúp việc mới")
    actions.edit_unit(world.team, said, by=NOBODY, at=AT)
    event = last_event()
    assert "Tổ" not in str(event.data)
    assert event.data["changed"] == ["name_vi"]
    words = session.scalar(select(EventText.words).where(EventText.event_id == event.id))
    assert words == "Tổ giúp việc Hải Sơn → Tổ giúp việc mới"


def test_saving_without_a_change_tells_nothing(session):
    world = a_world()
    actions.edit_unit(world.team, facts_of(world.team), by=NOBODY, at=AT)
    assert last_event() is None


def test_what_a_person_types_is_no_longer_vouched_for_by_the_source(session):
    world = a_world()
    world.team.prov = {"self": "stated", "name": "reading", "parent": "knowledge"}
    actions.edit_unit(world.team, facts_of(world.team, name_vi="Khác"), by=NOBODY, at=AT)
    assert world.team.prov == {"self": "stated", "parent": "knowledge"}


@pytest.mark.parametrize("upper", ["commission", "division"])
def test_a_unit_cannot_stand_below_itself_or_below_what_is_under_it(session, upper):
    world = a_world()
    said = facts_of(world.commission, parent_id=getattr(world, upper).id)
    with pytest.raises(CircleError):
        actions.edit_unit(world.commission, said, by=NOBODY, at=AT)


def in_the_same_moment(app, one, other):
    """Do `other` in a second transaction while `one`, done in a first, is not committed yet; return what came of it."""
    waiting = threading.Event()
    outcome: list[Any] = []

    def second():
        with app.app_context():
            begin_writing()
            event.listen(db.engine, "before_cursor_execute", lambda *_: waiting.set(), once=True)
            try:
                other()
                db.session.commit()
                outcome.append(None)
            except CircleError as error:
                outcome.append(error)

    thread = threading.Thread(target=second)
    with app.app_context():
        begin_writing()
        one()
        thread.start()
        waiting.wait(0.5)
        thread.join(0.3)  # it should be waiting; had it not to, it would be through by now
        db.session.commit()
    thread.join()
    return outcome[0]


def moved(unit, upper):
    """Return what moves `unit` below `upper`, both read in its own transaction."""

    def move():
        row = db.session.get_one(Unit, unit.id)
        actions.edit_unit(row, facts_of(row, parent_id=upper.id), by=NOBODY, at=AT)

    return move


@pytest.mark.postgresql
def test_two_moves_in_the_same_moment_close_no_circle(settings_for, postgresql_database):
    with running(settings_for(postgresql_database)) as app:
        with app.app_context():
            world = a_world()
        to_district = moved(world.commission, world.district)
        to_commission = moved(world.district, world.commission)
        assert isinstance(in_the_same_moment(app, to_district, to_commission), CircleError)
        assert_paths_are_right(app)


@pytest.mark.postgresql
def test_what_is_moved_with_its_parent_and_alone_in_the_same_moment_stands_where_its_path_says(
    settings_for, postgresql_database
):
    with running(settings_for(postgresql_database)) as app:
        with app.app_context():
            world = a_world()
            group = a_unit("Tổ công tác", world.division)
        with_parent, alone = (
            moved(world.commission, world.district),
            moved(world.division, world.town),
        )
        assert in_the_same_moment(app, with_parent, alone) is None
        added = UnitFacts(name_vi="Tổ", kind=UnitKind.ADVISORY, level=Level.PROVINCE)
        added = replace(added, parent_id=group.id)
        entered = partial(actions.add_unit, added, by=NOBODY, at=AT)
        assert in_the_same_moment(app, moved(world.division, world.team), entered) is None
        assert_paths_are_right(app)


def assert_paths_are_right(app):
    with app.app_context():
        units = {unit.id: unit for unit in db.session.scalars(select(Unit))}
        for unit in units.values():
            upper = units[unit.parent_id].path if unit.parent_id else "/"
            assert unit.path == f"{upper}{unit.id}/", unit.name_vi


def test_acting_for_one_another_is_refused(session):
    world = a_world()
    said = facts_of(world.province, acts_for_id=world.standing.id)
    with pytest.raises(CircleError):
        actions.edit_unit(world.province, said, by=NOBODY, at=AT)


def test_a_group_cannot_contain_itself_at_any_remove(session):
    world = a_world()
    inner = a_collective("các huyện ủy", [world.district])
    outer = a_collective("các cấp ủy", [inner])
    for members in ({inner.id}, {outer.id}):
        said = replace(facts_of(inner), members=frozenset(members))
        with pytest.raises(CircleError):
            actions.edit_unit(inner, said, by=NOBODY, at=AT)


def test_only_a_group_lists_members_and_history_says_who_came_and_went(session):
    world = a_world()
    group = a_collective("các huyện ủy", [world.district])
    said = replace(facts_of(group), members=frozenset({world.town.id}))
    actions.edit_unit(group, said, by=NOBODY, at=AT)
    assert queries.listed_ids(group.id) == {world.town.id}
    assert last_event().data["joined"] == [world.town.id]
    assert last_event().data["left"] == [world.district.id]
    said = replace(facts_of(world.team), members=frozenset({world.town.id}))
    actions.edit_unit(world.team, said, by=NOBODY, at=AT)
    assert queries.listed_ids(world.team.id) == set()


def test_the_forest_goes_from_the_highest_level_down_and_by_name_inside_it(session):
    world = a_world()
    a_unit("Trung ương", level=Level.CENTRAL)
    roots = [node.unit.name_vi for node in queries.forest()]
    assert roots == ["Trung ương", "Tỉnh ủy Hải Sơn", "Tỉnh ủy Tây Hà"]
    province = next(n for n in queries.forest() if n.unit.id == world.province.id)
    assert [n.unit.name_vi for n in province.below] == [
        "Ban Thường vụ Tỉnh ủy Hải Sơn",
        "Ban Tổ chức Tỉnh ủy Hải Sơn",
        "Tổ giúp việc Hải Sơn",
        "Huyện ủy Suối Đá",
        "Thị ủy Cửa Lũy",
    ]


def test_forms_offer_the_units_that_exist_on_the_day_level_by_level(session):
    world = a_world()
    world.team.valid_to = date(2018, 4, 9)
    world.town.valid_from = date(2018, 4, 11)
    session.flush()
    offered = queries.choices(AT.date())
    assert world.team.id not in {choice.id for choice in offered}
    assert world.town.id not in {choice.id for choice in offered}
    assert [choice.group for choice in offered][-1] is Level.DISTRICT


def test_a_choice_is_in_the_readers_language_and_says_where_it_is_not(session):
    world = a_world()
    world.district.name_en = "Suối Đá District Party Committee"
    session.flush()
    offered = {choice.id: choice for choice in queries.choices(AT.date(), "en")}
    assert offered[world.district.id].label == "Suối Đá District Party Committee"
    assert not offered[world.district.id].vietnamese
    assert offered[world.town.id].vietnamese


# --- seats ---


def test_a_seat_is_opened_taken_and_left_and_history_keeps_each(session):
    world = a_world()
    seat = actions.open_seat(world.team, Role.CHAIR, is_head=True, by=NOBODY, at=AT)
    tenure = actions.seat_person(seat, world.chi, date(2018, 4, 1), by=NOBODY, at=AT)
    assert last_event().kind is Kind.SEAT_TAKEN
    actions.leave_seat(tenure, date(2018, 4, 30), by=NOBODY, at=AT)
    assert last_event().data["to_on"] == "2018-04-30"
    assert [h.person for h in queries.holders(world.team.id, date(2018, 4, 30))] == [world.chi]
    assert queries.holders(world.team.id, date(2018, 5, 1))[0].person is None


def test_two_people_do_not_hold_one_seat_at_a_time(session):
    world = a_world()
    seat = actions.open_seat(world.team, Role.CHAIR, by=NOBODY, at=AT)
    tenure = actions.seat_person(seat, world.chi, date(2018, 4, 1), by=NOBODY, at=AT)
    with pytest.raises(SeatHeldError):
        actions.seat_person(seat, world.nam, date(2018, 4, 2), by=NOBODY, at=AT)
    actions.leave_seat(tenure, date(2018, 4, 30), by=NOBODY, at=AT)
    with pytest.raises(SeatHeldError):
        actions.seat_person(seat, world.nam, date(2018, 4, 30), by=NOBODY, at=AT)
    actions.seat_person(seat, world.nam, date(2018, 5, 1), by=NOBODY, at=AT)


def test_a_tenure_does_not_end_before_it_begins(session):
    world = a_world()
    seat = actions.open_seat(world.team, Role.MEMBER, by=NOBODY, at=AT)
    tenure = actions.seat_person(seat, world.chi, date(2018, 4, 1), by=NOBODY, at=AT)
    with pytest.raises(ValueError):
        actions.leave_seat(tenure, date(2018, 3, 31), by=NOBODY, at=AT)
