"""Small worlds for tests: named people in named units, and tasks in whatever state a test needs.

Every builder needs an app context and commits, so that a client sees what it made:

    with app.app_context():
        world = a_world()
        task = a_task(world, state=State.SUBMITTED, coordinators=[world.district])
    client.sign_in(world.an.email)
"""

import functools
import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from flask import Flask, current_app

from tests.pages import PASSWORD
from tracker.clock import ZONE, machine_now
from tracker.committees.models import Level, Role, Seat, Tenure, Unit, UnitKind, UnitMember
from tracker.committees.standings import Me, me_of
from tracker.db import begin_writing, db
from tracker.documents.models import Document, Lineage
from tracker.history.actions import Doer, record
from tracker.history.models import Kind
from tracker.measures.models import Direction, Measure, Reading
from tracker.people.models import Person
from tracker.people.passwords import hash_password
from tracker.people.queries import email_key
from tracker.plans.models import Plan
from tracker.rules.actions import anchor_clock
from tracker.tasks.actions import search_key_of
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Ask, AskKind, Dependency, Task
from tracker.tasks.moves import image_of
from tracker.text import fold, person_sort_key, sort_key

# A working Tuesday; the clock of a world starts here, tasks were made a month before.
AT = datetime(2018, 4, 10, 8, 0, tzinfo=ZONE)
TODAY = AT.date()
MADE_AT = AT - timedelta(days=30)
TAKEN_ON = date(2018, 1, 1)

_numbers = itertools.count(1)
T = TypeVar("T")


@dataclass(frozen=True)
class World:
    """A province whose commission leads and whose district co-ordinates; elsewhere sees none of it.

    province ── standing (acts for it) · commission ── division · district · town · team (temporary)
    elsewhere: a forest of its own.
    """

    province: Unit
    standing: Unit
    commission: Unit
    division: Unit
    district: Unit
    town: Unit
    team: Unit
    elsewhere: Unit
    an: Person  # chair of the commission: hands in
    binh: Person  # office of the province: assigns, follows up
    chi: Person  # member of the commission
    dung: Person  # leader in the standing body, which acts for the province
    giang: Person  # observer of the province
    ha: Person  # chair elsewhere, in another branch
    khanh: Person  # administrator without a seat
    lan: Person  # chair of the division below the commission
    mai: Person  # chair of the district
    nam: Person  # member of the district
    oanh: Person  # chair of the town
    plan: Plan
    document: Document


def a_world() -> World:
    """Build the world, with the clock of the site at AT."""
    with _at_once():
        anchor_clock(AT, machine_now())
        units = _units()
        people = _people(units)
        document = a_document(
            "Nghị quyết về việc sắp xếp tổ chức", number="7", issuer=units["province"]
        )
        plan = a_plan("Kế hoạch sắp xếp tổ chức", units["province"], document=document)
    current_app.extensions.pop("clock", None)
    return World(**units, **people, document=document, plan=plan)


def set_clock(at: datetime) -> None:
    """Let the clock of the domain stand at an instant, and run on."""
    db.session.rollback()
    begin_writing()
    anchor_clock(at, machine_now())
    db.session.commit()
    current_app.extensions.pop("clock", None)


def _units() -> dict[str, Any]:
    committee: dict[str, Any] = {"kind": UnitKind.PARTY_COMMITTEE, "level": Level.DISTRICT}
    province = a_unit("Tỉnh ủy Hải Sơn", kind=UnitKind.PARTY_COMMITTEE)
    standing = a_unit(
        "Ban Thường vụ Tỉnh ủy Hải Sơn", province, kind=UnitKind.STANDING_BODY, acts_for=province
    )
    commission = a_unit("Ban Tổ chức Tỉnh ủy Hải Sơn", province)
    return {
        "province": province,
        "standing": standing,
        "commission": commission,
        "division": a_unit("Phòng Nghiệp vụ", commission),
        "district": a_unit("Huyện ủy Suối Đá", province, **committee),
        "town": a_unit("Thị ủy Cửa Lũy", province, **committee),
        "team": a_unit("Tổ giúp việc Hải Sơn", province, kind=UnitKind.TEMPORARY),
        "elsewhere": a_unit("Tỉnh ủy Tây Hà", kind=UnitKind.PARTY_COMMITTEE),
    }


def _people(units: dict[str, Unit]) -> dict[str, Any]:
    seats: dict[str, tuple[str, str, Role | None]] = {
        "an": ("Lê Thị An", "commission", Role.CHAIR),
        "binh": ("Phan Văn Bình", "province", Role.OFFICE),
        "chi": ("Hồ Thị Chi", "commission", Role.MEMBER),
        "dung": ("Trương Công Dũng", "standing", Role.LEADER),
        "giang": ("Võ Thị Giang", "province", Role.OBSERVER),
        "ha": ("Đinh Văn Hà", "elsewhere", Role.CHAIR),
        "khanh": ("Bùi Văn Khánh", "", None),
        "lan": ("Tạ Thị Lan", "division", Role.CHAIR),
        "mai": ("Đỗ Thị Mai", "district", Role.CHAIR),
        "nam": ("Cao Văn Nam", "district", Role.MEMBER),
        "oanh": ("Mạc Thị Oanh", "town", Role.CHAIR),
    }
    people: dict[str, Any] = {}
    for key, (name, place, role) in seats.items():
        people[key] = a_person(name, f"{key}@test.local", is_admin=role is None)
        if role is not None:
            a_seat(units[place], role, people[key])
    return people


@functools.cache
def _hash(password: str) -> str:
    return hash_password(password)


def a_person(
    name: str, email: str | None = None, *, is_admin: bool = False, **fields: Any
) -> Person:
    """Make a person who signs in with PASSWORD."""
    email = email or f"person{next(_numbers)}@test.local"
    return _keep(
        Person(
            name=name,
            sort_key=person_sort_key(name),
            email=email,
            email_key=email_key(email),
            password_hash=_hash(PASSWORD),
            is_admin=is_admin,
            created_at=MADE_AT,
            **fields,
        )
    )


def a_seat(unit: Unit, role: Role, holder: Person | None = None, *, since: date = TAKEN_ON) -> Seat:
    """Make a seat in `unit`, held by `holder` since a day."""
    seat = _keep(Seat(unit_id=unit.id, role=role, is_head=role in {Role.CHAIR, Role.LEADER}))
    if holder is not None:
        _keep(Tenure(seat_id=seat.id, person_id=holder.id, from_on=since))
    return seat


def a_unit(
    name: str, parent: Unit | None = None, *, acts_for: Unit | None = None, **fields: Any
) -> Unit:
    """Make a unit below `parent`, or the root of a forest of its own."""
    values = {"kind": UnitKind.ADVISORY, "level": Level.PROVINCE, "prov": {}} | fields
    unit = Unit(
        name_vi=name,
        parent_id=parent and parent.id,
        acts_for_id=acts_for and acts_for.id,
        path="",
        sort_key=sort_key(name),
        search_key=fold(name),
        **values,
    )
    db.session.add(unit)
    db.session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    return _keep(unit)


def a_collective(name: str, members: Iterable[Unit], parent: Unit | None = None) -> Unit:
    """Make a collective that lists `members`."""
    collective = a_unit(name, parent, kind=UnitKind.COLLECTIVE, level=Level.GROUP)
    for member in members:
        db.session.add(UnitMember(collective_id=collective.id, unit_id=member.id, prov={}))
    return _keep(collective)


def a_document(
    subject: str, *, kind: str = "Nghị quyết", issuer: Unit | None = None, **fields: Any
) -> Document:
    """Make a document; what is not given is not stated."""
    number, symbol = fields.get("number"), fields.get("symbol")
    words = " ".join(filter(None, (kind, symbol or number, subject)))
    values = {"prov": {}, "is_draft": False} | fields
    return _keep(
        Document(
            kind_vi=kind,
            subject_vi=subject,
            issuer_id=issuer and issuer.id,
            sort_key=sort_key(words),
            search_key=fold(words),
            **values,
        )
    )


def follows(parent: Document, child: Document) -> Lineage:
    """Let `child` follow from `parent`."""
    return _keep(Lineage(parent_id=parent.id, child_id=child.id, prov={}))


def a_plan(title: str, owner: Unit, *, document: Document | None = None, **fields: Any) -> Plan:
    """Make a plan of `owner`."""
    return _keep(
        Plan(
            title_vi=title,
            owner_id=owner.id,
            document_id=document and document.id,
            sort_key=sort_key(title),
            search_key=fold(title),
            **({"prov": {}} | fields),
        )
    )


def a_task(
    world: World,
    title: str = "Rà soát tổ chức bộ máy",
    *,
    state: State = State.ASSIGNED,
    lead: Unit | None = None,
    assigner: Unit | None = None,
    due: date | None = None,
    coordinators: Sequence[Unit] = (),
    **fields: Any,
) -> Task:
    """Make a task, unless said otherwise led by the commission, from the province, never due.

    One done or submitted has its days (yesterday unless given) and its hand-in; `coordinators` get
    lines.
    """
    task = _task(world, title, state, lead=lead, assigner=assigner, due=due, fields=fields)
    for unit in coordinators:
        _line(world, task, unit)
    return _keep(task)


def tasks(world: World, count: int, **values: Any) -> list[Task]:
    """Make `count` tasks alike, numbered in their titles."""
    with _at_once():
        return [a_task(world, f"Việc số {number}", **values) for number in range(1, count + 1)]


def a_draft(world: World, title: str = "Dự thảo nhiệm vụ", **values: Any) -> Task:
    """Make a task that is not sent yet."""
    return a_task(world, title, state=State.DRAFT, **values)


def a_line(world: World, task: Task, unit: Unit, **fields: Any) -> Task:
    """Make the line of a co-ordinating unit, with the task's own deadline unless said otherwise."""
    return _keep(_line(world, task, unit, **fields))


def a_child(
    world: World, parent: Task, lead: Unit, *, tie: Tie = Tie.FANOUT, **values: Any
) -> Task:
    """Make a child of `parent` that `lead` leads; its assigner is the parent's lead."""
    assigner = db.session.get_one(Unit, parent.lead_id)
    values = {"plan_id": parent.plan_id, "due": parent.due_on, "assigner": assigner} | values
    return a_task(world, parent.title_vi, lead=lead, parent_id=parent.id, tie=tie, **values)


def waits_for(task: Task, needs: Task) -> Dependency:
    """Let `task` wait for `needs`."""
    return _keep(Dependency(task_id=task.id, needs_id=needs.id, prov={}))


def a_measure(
    task: Task,
    name: str = "số xã đã khảo sát",
    *,
    readings: Sequence[tuple[int, date | None]] = (),
    percentage: tuple[str, int] | None = None,
    **fields: Any,
) -> Measure:
    """Make a measure of `task` with readings, each a value and the day it was counted on.

    `percentage`: what a source says of each in words, and over how many per cent that is.
    """
    words, over = (percentage[0], Decimal(percentage[1])) if percentage else (None, None)
    values = {"unit_vi": "xã", "direction": Direction.UP, "prov": {}} | fields
    measure = _keep(Measure(task_id=task.id, name_vi=name, **values))
    for value, day in readings:
        reading = Reading(measure_id=measure.id, value=Decimal(value), as_of_on=day, prov={})
        reading.entered_at, reading.percent_words, reading.percent_over = MADE_AT, words, over
        db.session.add(reading)
    return _keep(measure)


def me(person: Person, on: date = TODAY) -> Me:
    """Return the person with the seats they hold on a day, as a request would know them."""
    return me_of(person, on)


def doer(person: Person, unit: Unit | None = None) -> Doer:
    """Return whose hand it is, in the name of `unit` or of the person's first seat."""
    own = [seat.unit_id for seat in me(person).seats]
    return Doer(person.id, unit.id if unit else next(iter(own), None))


def _task(
    world: World,
    title: str,
    state: State,
    *,
    lead: Unit | None,
    assigner: Unit | None,
    due: date | None,
    fields: dict[str, Any],
) -> Task:
    lead, assigner = lead or world.commission, assigner or world.province
    words = f"{due.day}-{due.month}-{due.year}" if due else None
    values: dict[str, Any] = {
        "plan_id": world.plan.id,
        "verdict_unit_id": _verdict(lead, assigner),
        "due_kind": "date" if due else None,
        "due_words": words,
        "first_due_words": words,
        "first_due_on": due,
        "prov": {},
        **_days(state),
    }
    task = Task(
        title_vi=title,
        lead_id=lead.id,
        assigner_id=assigner.id,
        state=state,
        due_on=due,
        moved_at=MADE_AT,
        created_at=MADE_AT,
        search_key="",
        **(values | fields),
    )
    task.search_key = search_key_of(task)
    db.session.add(task)
    db.session.flush()
    _hand_in(task)
    record(Kind.LOADED, by=Doer(), at=MADE_AT, image=image_of(task))
    return task


def _verdict(lead: Unit, assigner: Unit) -> int:
    if lead.id != assigner.id:
        return assigner.id
    return lead.acts_for_id or lead.parent_id or lead.id


def _days(state: State) -> dict[str, date]:
    yesterday = TODAY - timedelta(days=1)
    if state is State.DONE:
        return {"handed_in_on": yesterday, "done_on": yesterday}
    return {"handed_in_on": yesterday} if state is State.SUBMITTED else {}


def _hand_in(task: Task) -> None:
    """What is submitted lies on the desk of whoever judges it; what was returned lay there."""
    if task.state not in {State.SUBMITTED, State.RETURNED}:
        return
    ask = Ask(
        kind=AskKind.HAND_IN,
        task_id=task.id,
        from_unit_id=task.lead_id,
        to_unit_id=task.verdict_unit_id,
        asked_at=AT - timedelta(days=1),
        task_version=task.version,
    )
    if task.state is State.RETURNED:
        ask.answered_at, ask.granted, ask.answer = (
            AT - timedelta(hours=12),
            False,
            "Chưa đủ số liệu.",
        )
    db.session.add(ask)
    db.session.flush()


def _line(world: World, task: Task, unit: Unit, **fields: Any) -> Task:
    lead = db.session.get_one(Unit, task.lead_id)
    states = {State.DRAFT: State.DRAFT, State.DONE: State.DONE, State.CANCELLED: State.CANCELLED}
    values = {
        "plan_id": task.plan_id,
        "parent_id": task.id,
        "tie": Tie.LINE,
        "verdict_unit_id": lead.id,
    }
    state = fields.pop("state", states.get(task.state, State.ASSIGNED))
    due = fields.pop("due", task.due_on)
    fields = values | fields
    return _task(world, task.title_vi, state, lead=unit, assigner=lead, due=due, fields=fields)


def _keep(row: T) -> T:
    db.session.add(row)
    if _together.get():
        db.session.flush()
    else:
        db.session.commit()
    return row


_together = ContextVar("together", default=False)


@contextmanager
def _at_once() -> Iterator[None]:
    """Commit what is made in the block once, at its end: a commit each would take most of the time."""
    before = _together.set(True)
    try:
        yield
    finally:
        _together.reset(before)
    if not _together.get():
        db.session.commit()


# --- worlds to ask for ---------------------------------------------------------------------------------


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """The world on an empty database, in an app context."""
    with app.app_context():
        yield a_world()


@pytest.fixture
def any_world(any_app: Flask) -> Iterator[World]:
    """The same, once for each kind of database."""
    with any_app.app_context():
        yield a_world()
