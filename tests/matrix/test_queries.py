"""The number of queries of a page does not grow with what is on it: once and two hundred times the same."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask

from tests.conftest import Queries
from tests.pages import PASSWORD, client_of
from tests.worlds import (
    AT,
    MADE_AT,
    TODAY,
    World,
    a_collective,
    a_document,
    a_measure,
    a_plan,
    a_task,
    a_unit,
    a_world,
    follows,
    waits_for,
)
from tracker.db import db
from tracker.documents.models import Lineage
from tracker.history.actions import Doer, record
from tracker.history.models import Kind
from tracker.measures.models import Direction, Measure, Reading
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Ask, AskKind, Dependency, Task
from tracker.tasks.moves import image_of

MANY = 200


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context():
        return a_world()


def copies(row: Task | Ask | Measure, count: int, **fields: object) -> list[object]:
    """Add copies of a row, in one transaction: two hundred commits would take longer than the pages."""
    columns = [c.key for c in row.__table__.columns if c.key != "id"]
    values = {name: getattr(row, name) for name in columns} | fields
    made: list[object] = [type(row)(**values) for _ in range(count)]
    db.session.add_all(made)
    db.session.flush()
    return made


def hang(world: World, task: Task, count: int) -> None:
    """Hang lines, children, needs, asks, figures and events on a task, so many of each."""
    alike = {"plan_id": task.plan_id, "parent_id": task.id, "assigner_id": task.lead_id}
    lines = copies(task, count, **alike, tie=Tie.LINE, lead_id=world.district.id)
    children = copies(task, count, **alike, tie=Tie.FANOUT, lead_id=world.town.id)
    needs = copies(task, count)
    for need in needs:
        db.session.add(Dependency(task_id=task.id, needs_id=need.id, prov={}))  # type: ignore[attr-defined]
    values = {"name_vi": "xã", "unit_vi": "xã", "direction": Direction.UP, "prov": {}}
    db.session.add_all(Measure(task_id=task.id, **values) for _ in range(count))
    for row in (task, *lines[:1], *children[:1]):
        for _ in range(count):
            record(Kind.NOTED, by=Doer(), at=MADE_AT, image=image_of(row), words="đã làm")  # type: ignore[arg-type]
    db.session.add_all(_ask(world, task, number) for number in range(count))
    db.session.add_all(_wish(task, number) for number in range(count))
    db.session.commit()


def _ask(world: World, task: Task, rung: int) -> Ask:
    return Ask(
        kind=AskKind.HAND_IN,
        rung=rung,  # of one rung only one is open
        task_id=task.id,
        from_unit_id=task.lead_id,
        to_unit_id=world.province.id,
        asked_at=AT - timedelta(days=1),
        task_version=1,
    )


def _wish(task: Task, rung: int) -> Ask:
    return Ask(
        kind=AskKind.EXTENSION,
        rung=rung,
        task_id=task.id,
        from_unit_id=task.lead_id,
        to_unit_id=task.decider_id,
        asked_at=AT - timedelta(days=1),
        words="Chờ số liệu",
        result="Xong hai xã",
        proposed_words="15-5-2018",
        proposed_on=TODAY + timedelta(days=35),
        task_version=1,
    )


def grow(world: World, count: int) -> dict[str, int]:
    """Make so many of everything; return the ids of those that have so many of everything hanging on them."""
    document = a_document("Nghị quyết", issuer=world.province, number="1")
    plan = a_plan("Kế hoạch", world.province, document=document)
    task = a_task(world, plan_id=plan.id, document_id=document.id, due=TODAY)
    task.parent_id = None
    for state in (State.ASSIGNED, State.DRAFT, State.SUBMITTED, State.DONE):
        copies(task, count, state=state)
    hang(world, task, count)
    for table in (document, plan):
        columns = [c.key for c in table.__table__.columns if c.key not in {"id", "code"}]
        values = {name: getattr(table, name) for name in columns}
        db.session.add_all(type(table)(**values) for _ in range(count))
    child = a_document("Hướng dẫn", issuer=world.province)
    follows(document, child)
    # What follows has a task that waits for another, as it will among two hundred of everything.
    waits_for(a_task(world, plan_id=None, document_id=child.id), task)
    beyond = [a for (a,) in db.session.query(type(document).id).filter_by(number="1").all()]
    rows = [Lineage(parent_id=document.id, child_id=i, prov={}) for i in beyond if i != document.id]
    db.session.add_all(rows)
    db.session.commit()
    return {"document": document.id, "plan": plan.id, "task": task.id} | _figures(
        world, task, count
    )


def _figures(world: World, task: Task, count: int) -> dict[str, int]:
    """Make a figure with so many readings, a list with so many ticks, a transfer with so many receivers."""
    measure = a_measure(task, target=Decimal(5))
    units = [a_unit(f"Xã số {n}", world.district) for n in range(count)]
    roll = a_measure(task, over_id=a_collective("các xã", units).id)
    whole = a_measure(task, from_unit_id=world.team.id)
    children = db.session.query(Task).filter_by(parent_id=task.id, tie=Tie.FANOUT).all()
    parts = [
        Measure(task_id=child.id, into_id=whole.id, from_unit_id=world.team.id, **_NAMED)
        for child in children
    ]
    db.session.add_all(parts)
    db.session.flush()
    told = {"entered_at": MADE_AT, "as_of_on": TODAY, "prov": {}, "entered_by_id": world.an.id}
    db.session.add_all(
        Reading(measure_id=measure.id, value=Decimal(n), **told) for n in range(count)
    )
    db.session.add_all(Reading(measure_id=p.id, value=Decimal(1), **told) for p in parts)
    ticks = [Reading(measure_id=roll.id, unit_id=u.id, value=Decimal(1), **told) for u in units]
    db.session.add_all(ticks)
    db.session.commit()
    return {"measure": measure.id, "list": roll.id, "transfer": whole.id}


_NAMED = {"name_vi": "xã", "unit_vi": "xã", "direction": Direction.UP, "prov": {}}


PAGES = (
    "/",
    "/board",
    "/plans",
    "/plans/{plan}",
    "/documents",
    "/documents/{document}",
    "/committees",
    "/committees/{unit}",
    "/tasks/{task}",
    "/tasks/{task}/hand-in",
    "/tasks/{task}/urging",
    "/tasks/{task}/lead",
    "/tasks/{task}/extension",
    "/tasks/{task}/co-ordinators",
    "/tasks/{task}/word-on-behalf",
    "/overdue?all=1",
    "/overdue/urgings?row={task}",
    "/tasks/{task}/deadline",
    "/no-deadline",
    "/tasks/new",
    "/tasks/{task}/edit",
    "/board/changes?since=0&day=2018-04-10",
    "/calendar?on=2018-04-10",
    "/calendar?view=year",
    "/calendar/tasks?view=year",
    "/plans/{plan}/timeline?parts=1",
    "/status",
    "/status?plan={plan}&on=2018-04-09",
    "/status/tasks?document={document}&cell=overdue",
    "/calendar/rules",
    "/measures",
    "/measures?plan={plan}&parts=1",
    "/measures/{measure}",
    "/measures/{list}/list",
    "/measures/{transfer}/handover",
    "/measures/{transfer}",
)


def test_pages_cost_the_same_with_one_and_with_two_hundred(
    app: Flask, world: World, queries: Queries
):
    client = client_of(app, checks=False)
    client.post("/sign-in", data=_sign_in(client, world.binh.email))
    counts: list[dict[str, int]] = []
    for count in (1, MANY):
        with app.app_context():
            ids = grow(world, count) | {"unit": world.commission.id}
        counts.append({page: cost(client, queries, page.format(**ids)) for page in PAGES})
    one, many = counts
    grown = {page: (one[page], many[page]) for page in PAGES if many[page] > one[page]}
    assert grown == {}
    assert max(many.values()) < 40


def _sign_in(client, email: str) -> dict[str, str]:
    page = client.get("/sign-in").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    return {"email": email, "password": PASSWORD, "csrf_token": token}


def cost(client, queries: Queries, path: str) -> int:
    """Return how many queries a page takes, the second time: what is kept for ever is kept by then."""
    headers = {"HX-Request": "true"} if "changes" in path else {}
    client.get(path, headers=headers)
    with queries.counting():
        answer = client.get(path, headers=headers)
    assert answer.status_code in {200, 403, 404}, path
    return len(queries)
