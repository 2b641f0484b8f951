"""Accounts from the command line: `flask people add / invite / list / disable`."""

from typing import Any

import click
from flask import current_app, url_for
from flask.cli import AppGroup

from tracker.clock import machine_now
from tracker.committees import actions as seating
from tracker.committees import queries as committees
from tracker.committees.models import Role
from tracker.db import begin_writing, db
from tracker.history.actions import Doer
from tracker.people import actions, queries
from tracker.people.models import Person
from tracker.web import clock

people = AppGroup("people", help="Accounts: add, invite, list, disable.")
_MACHINE = Doer()


@people.command("add")
@click.option("--name", prompt=True, help="Full name, family name first.")
@click.option("--email", prompt="E-mail", help="The address by which the person signs in.")
@click.option("--admin", is_flag=True, help="Keeps accounts and units; the first one is made so.")
@click.option("--unit", help="Code or number of the unit in which the person takes a seat.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default="member")
def add(name: str, email: str, unit: str | None, role: str, *, admin: bool) -> None:
    """Add somebody and print the link by which they set their password."""
    begin_writing()
    if "@" not in email or not name.strip():
        raise click.ClickException("A name and a mail address are needed.")
    if queries.by_email(email) is not None:
        raise click.ClickException(f"{email} has an account already.")
    at = clock().now()
    person = actions.add_person(name.strip(), email, is_admin=admin, by=_MACHINE, at=at)
    if unit:
        _seat(person, unit, Role(role))
    _print_link(person)


@people.command("invite")
@click.argument("email")
def invite(email: str) -> None:
    """Print a new link by which somebody sets a first or forgotten password; older links end."""
    begin_writing()
    person = _find(email)
    if person.disabled_at is not None:
        raise click.ClickException(f"{email} is disabled.")
    _print_link(person)


@people.command("list")
def list_people() -> None:
    """Print everybody: number, name, address, state, seats."""
    found = queries.everybody()
    tenures = committees.held_by([person.id for person in found], clock().today())
    for person in found:
        seats = [f"{t.seat.unit.name_vi} ({t.seat.role})" for t in tenures.get(person.id, [])]
        parts = [str(person.id), person.name, person.email, _state(person), "; ".join(seats)]
        click.echo("\t".join(parts))


@people.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Close an account: its sign-ins end at once."""
    begin_writing()
    person = _find(email)
    if person.is_admin and not queries.admins_left(without=person):
        raise click.ClickException(f"{email} is the last administrator; add another one first.")
    actions.disable(person, by=_MACHINE, at=clock().now(), clock_at=machine_now())
    db.session.commit()
    click.echo(f"{person.email} is disabled.")


def _find(email: str) -> Person:
    person = queries.by_email(email)
    if person is None:
        raise click.ClickException(f"Nobody has the address {email}.")
    return person


def _seat(person: Person, wanted: str, role: Role) -> None:
    unit = committees.by_code(wanted)
    if unit is None:
        raise click.ClickException(f"There is no unit {wanted}: see `flask committees list`.")
    at: dict[str, Any] = {"by": _MACHINE, "at": clock().now()}
    seating.place(person, unit, role, clock().today(), **at)


def _print_link(person: Person) -> None:
    settings = current_app.extensions["settings"]
    at: dict[str, Any] = {"at": clock().now(), "clock_at": machine_now()}
    token = actions.invite(person, by=_MACHINE, settings=settings, **at)
    db.session.commit()
    with current_app.test_request_context():
        path = url_for("people.invitation", token=token)
    click.echo(f"{person.name} sets a password here, once, within 7 days:")
    click.echo(f"{settings.public_url}{path}")


def _state(person: Person) -> str:
    if person.disabled_at is not None:
        return "disabled"
    states = ["admin"] if person.is_admin else []
    states += [] if person.password_hash else ["no password yet"]
    return ", ".join(states) or "active"
