"""Visits on the page of the unit visited and of those that took part."""

from datetime import date

from tests.reading import text_of
from tests.worlds import a_world
from tracker.db import db
from tracker.visits import queries
from tracker.visits.models import Visit, Visitor


def a_visit(to, by=(), **fields):
    visit = Visit(unit_id=to and to.id, prov={}, **{"count": 1} | fields)
    db.session.add(visit)
    db.session.flush()
    db.session.add_all(Visitor(visit_id=visit.id, unit_id=unit.id) for unit in by)
    db.session.commit()
    return visit


def test_a_visit_is_shown_where_it_went_and_who_took_part(app, client):
    with app.app_context():
        world = a_world()
        a_visit(world.division, [world.commission, world.district])
    client.sign_in(world.binh.email)
    for unit in (world.division, world.commission, world.district):
        said = text_of(client.get(f"/committees/{unit.id}").text)
        assert "Phòng Nghiệp vụ, chưa nêu ngày" in said
        assert "Tham gia: Ban Tổ chức Tỉnh ủy Hải Sơn, Huyện ủy Suối Đá" in said
    assert "Tham gia" not in client.get(f"/committees/{world.town.id}").text


def test_the_newest_comes_first_and_the_undated_last(session):
    world = a_world()
    undated = a_visit(world.town)
    old = a_visit(world.town, visited_on=date(2017, 1, 1))
    new = a_visit(world.town, visited_on=date(2017, 9, 1))
    assert [seen.visit for seen in queries.of_unit(world.town.id)] == [new, old, undated]


def test_visits_of_which_only_the_number_is_stated_are_kept_apart(session):
    a_world()
    rest = a_visit(None, count=19)
    assert [seen.visit for seen in queries.nowhere()] == [rest]
