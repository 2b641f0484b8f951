"""The limit: the same rows and bytes from plain Flask, Jinja and SQLAlchemy Core; no sign-in, rights, forms, languages.

The statements that read a board are the product's own, built once at the start; a hand could write them no faster.
What stands around the columns is a constant, taken from the product's page. Of the other pages it sends the statements
that the product was seen to send, and the whole page as a constant.
"""

import json
import os
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, render_template
from sqlalchemy import Engine, insert, select, update

from bench.world import EMAIL, NOW, OTHER, TODAY
from tracker.app import create_app
from tracker.committees.models import Unit
from tracker.committees.standings import me_of
from tracker.db import db, within
from tracker.history.models import Event, Kind
from tracker.people.models import Person
from tracker.rules.queries import in_force
from tracker.tasks.board import ORDER, counts_of
from tracker.tasks.filters import Filters, conditions, plans_query
from tracker.tasks.glance import Stored, stored
from tracker.tasks.lifecycle import MOVES, Reason, State, Tie
from tracker.tasks.models import Ask, Dependency, Task
from tracker.tasks.words import MOVES as MOVE_WORDS
from tracker.tasks.words import slug

_BANDS = {
    "overdue": "Quá hạn",
    "soon": "Sắp đến hạn",
    "in-time": "Trong hạn",
    "no-deadline": "Không thời hạn",
}
_ICONS = "/static/icons.svg?v=000000000000"
_REFUSAL = "Hiện chưa chuyển nhiệm vụ này sang đó được. " * 4


class Rows:
    """The statements, built once, and the rows they give."""

    def __init__(self, app: Flask, recorded: Mapping[str, Any]) -> None:
        with app.app_context():
            self.engine: Engine = db.engine
            person = db.session.scalars(select(Person).where(Person.email == EMAIL)).one()
            me = me_of(person, TODAY)
            soon = in_force().soon_until(TODAY)
        self.options = [
            plans_query(me.seats),
            select(Unit.id, Unit.name_vi).order_by(Unit.sort_key),
        ]
        asked = {"board": Filters(plan=1), "search": Filters(q=os.environ["BENCH_WORDS"])}
        met = {name: conditions(me, filters, TODAY, soon) for name, filters in asked.items()}
        self.counts = {name: counts_of(found, TODAY, soon) for name, found in met.items()}
        self.cards = {name: stored(*found) for name, found in met.items()}
        self.recorded = {
            name: [(sql, tuple(values)) for sql, values in page["statements"]]
            for name, page in recorded.items()
        }

    def board(self, name: str) -> tuple[dict[State, Any], list[Stored], list[Any], list[Any]]:
        """Return counts, tasks, what hangs on them, and the choices of the filters."""
        with self.engine.connect() as connection:
            options = [connection.execute(query).all() for query in self.options]
            counts = {row[0]: row for row in connection.execute(self.counts[name])}
            tasks = [Stored._make(row) for row in connection.execute(self.cards[name])]
            ids = [task.id for task in tasks]
            hanging = [connection.execute(query).all() for query in _hanging(ids)]
        return counts, tasks, hanging, options

    def ask(self, name: str) -> None:
        """Send the statements of a page of the product."""
        with self.engine.connect() as connection:
            for sql, values in self.recorded[name]:
                connection.exec_driver_sql(sql, values).all()

    def move(self) -> None:
        """Change a task's state and write the event, in one transaction; read the counts."""
        with self.engine.connect().execution_options(writing=True) as connection:
            version = connection.execute(select(Task.version).where(Task.id == OTHER)).scalar_one()
            changed = update(Task).where(Task.id == OTHER, Task.version == version)
            connection.execute(changed.values(state=State.IN_PROGRESS, version=version + 1))
            event = {"at": NOW, "kind": Kind.START, "task_id": OTHER, "data": {}}
            connection.execute(insert(Event), event)
            connection.execute(self.counts["board"]).all()
            connection.commit()


def _hanging(ids: list[int]) -> list[Any]:
    lines = select(Task.parent_id, Task.lead_id, Unit.name_vi, Task.due_on)
    asks = select(Ask.task_id, Unit.name_vi, Ask.asked_at).join(Unit, Unit.id == Ask.to_unit_id)
    needs = select(Dependency.task_id, Task.title_vi).join(Task, Task.id == Dependency.needs_id)
    return [
        asks.where(Ask.answered_at.is_(None), within(Ask.task_id, ids)),
        needs.where(within(Dependency.task_id, ids), Task.state != State.DONE),
        lines.join(Unit, Unit.id == Task.lead_id).where(
            Task.tie == Tie.LINE, within(Task.parent_id, ids)
        ),
    ]


def _columns(counts: dict[State, Any], tasks: list[Stored], hanging: list[Any]) -> list[Any]:
    asks, needs, _lines = ({row[0]: row for row in found} for found in hanging)
    bands: dict[Any, list[Any]] = defaultdict(list)
    for task in sorted(tasks, key=lambda task: (task.due_on or date.max, task.id)):
        card = _card(task, asks.get(task.id), needs.get(task.id))
        bands[task.state, card["due"]].append(card)
    return [
        {
            "state": state.value,
            "name": state.value,
            "count": counts[state][1] if state in counts else 0,
            "late": counts[state][2] if state in counts else 0,
            "bands": [{"kind": k, "name": w, "cards": bands[state, k]} for k, w in _BANDS.items()],
        }
        for state in ORDER
    ]


def _card(task: Stored, ask: Any, need: Any) -> dict[str, Any]:
    kind, count = _due(task.due_on)
    return {
        **task._asdict(),
        "due": kind,
        "timeliness": kind,
        "count": count,
        "desk": f"Đang chờ tại {ask[1]} từ ngày {ask[2]:%d-%m-%Y}" if ask else None,
        "waits": f"Chờ: {need[1]}" if need else None,
        "moves": _MOVES[task.state],
    }


def _due(due_on: date | None) -> tuple[str, str]:
    if due_on is None:
        return "no-deadline", "47 ngày chưa cập nhật"
    days = (due_on - TODAY).days
    if days < 0:
        return "overdue", f"quá hạn {-days} ngày"
    return ("soon" if due_on <= TODAY + timedelta(days=3) else "in-time"), f"còn {days} ngày"


_MOVES = {
    state: [
        {
            "slug": slug(verb),
            "name": MOVE_WORDS[verb],
            "target": move.target.value,
            "asks": move.reason is not Reason.NONE,
        }
        for verb, move in MOVES.items()
        if state in move.sources and verb.value in os.environ.get("BENCH_VERBS", "").split()
    ]
    for state in State
}


def limit_app() -> Flask:
    """Return the limit app on the database of the environment."""
    shells = json.loads(Path(os.environ["BENCH_SHELLS"]).read_text(encoding="utf-8"))
    found = Rows(create_app(), shells["recorded"])
    app = Flask(__name__, template_folder=str(Path(__file__).parent / "templates"))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.get("/boards/<name>")
    def board(name: str) -> str:
        counts, tasks, hanging, options = found.board(name)
        columns = _columns(counts, tasks, hanging)
        filled = {"columns": columns, "options": options, "icons": _ICONS}
        return render_template("board.html", refusal=_REFUSAL, **filled, **shells["boards"][name])

    @app.get("/recorded/<name>")
    def recorded(name: str) -> str:
        found.ask(name)
        return str(shells["recorded"][name]["page"])

    @app.post("/move")
    def move() -> str:
        found.move()
        return str(shells["move"])

    return app
