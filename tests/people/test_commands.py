"""Accounts from the command line."""

import re

from sqlalchemy import select

from tests.worlds import a_world
from tracker.committees.models import Seat
from tracker.db import db
from tracker.people.models import Person


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["people", *arguments])


def link_in(output):
    (link,) = re.findall(r"/invitations/[\w-]+", output)
    return link


def test_the_first_administrator_comes_from_the_command_line(any_app, any_client):
    result = run(any_app, "add", "--admin", "--name", "Hà Thị Sen", "--email", "sen@test.local")
    assert result.exit_code == 0, result.output
    secret = "gió mùa thổi qua đồi"
    any_client.submit(link_in(result.output), password=secret, again=secret)
    assert any_client.get("/people").status_code == 200


def test_what_is_not_said_is_asked_for(app):
    result = app.test_cli_runner().invoke(
        args=["people", "add"], input="Hà Thị Sen\nsen@test.local\n"
    )
    assert result.exit_code == 0, result.output


def test_nobody_is_added_twice(app):
    for code in (0, 1):
        result = run(app, "add", "--name", "Hà Thị Sen", "--email", "sen@test.local")
        assert result.exit_code == code
    with app.app_context():
        assert len(db.session.scalars(select(Person)).all()) == 1


def test_a_seat_comes_along(app):
    with app.app_context():
        unit = a_world().team.id
    arguments = ["add", "--name", "Hà Thị Sen", "--email", "sen@test.local", "--role", "chair"]
    assert run(app, *arguments, "--unit", str(unit)).exit_code == 0
    assert "Tổ giúp việc Hải Sơn (chair)" in run(app, "list").output
    with app.app_context():
        assert db.session.scalars(select(Seat).filter_by(unit_id=unit)).one().is_head


def test_a_unit_nobody_knows_is_said(app):
    result = run(app, "add", "--name", "Hà", "--email", "s@test.local", "--unit", "nowhere")
    assert result.exit_code == 1
    assert "nowhere" in result.output
    with app.app_context():
        assert db.session.scalars(select(Person)).all() == []


def test_a_new_link_ends_the_older(app, client):
    first = run(app, "add", "--name", "Hà Thị Sen", "--email", "sen@test.local").output
    second = run(app, "invite", "SEN@test.local").output
    assert client.get(link_in(first)).status_code == 410
    assert client.get(link_in(second)).status_code == 200


def test_somebody_is_disabled(app):
    with app.app_context():
        world = a_world()
    assert run(app, "disable", world.an.email).exit_code == 0
    assert "disabled" in run(app, "list").output
    assert run(app, "invite", world.an.email).exit_code == 1


def test_the_last_administrator_stays(app):
    with app.app_context():
        world = a_world()
    assert run(app, "disable", world.khanh.email).exit_code == 1


def test_whoever_is_not_there_is_named(app):
    for command in ("invite", "disable"):
        result = run(app, command, "nobody@test.local")
        assert result.exit_code == 1
        assert "nobody@test.local" in result.output
