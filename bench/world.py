"""A province of any size: units, plans of a hundred tasks each, lines, children, hand-ins, dependencies, events."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from tracker.clock import machine_now
from tracker.committees.models import Level, Role, Seat, Tenure, Unit, UnitKind
from tracker.db import db
from tracker.history.models import Event, Kind
from tracker.people.models import Person
from tracker.people.passwords import hash_password
from tracker.plans.models import Plan
from tracker.rules.actions import anchor_clock
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Ask, AskKind, Dependency, Task
from tracker.text import fold, sort_key

NOW = datetime(2018, 4, 10, 1, tzinfo=UTC)
TODAY = date(2018, 4, 10)
EMAIL = "office@bench.local"
PASSWORD = "a-password-for-measuring-only"
UNITS = 50
READ = 13  # the one whose page is fetched
OTHER = 8  # the one which the limit app moves
PLAN = 100  # tasks of a plan that stand on the board, lines not counted
MOVED = range(7, PLAN, 10)  # the tasks that are moved to and fro; the province leads them

_CHUNK = 10_000

_STATES = (
    *[State.IN_PROGRESS] * 9,
    *[State.ASSIGNED] * 4,
    *[State.DONE] * 4,
    State.SUBMITTED,
    State.RETURNED,
    State.ON_HOLD,
)
_VERBS = ("Rà soát, đánh giá", "Xây dựng đề án sắp xếp", "Báo cáo kết quả", "Khảo sát thực trạng")
_THINGS = ("tổ chức bộ máy cấp huyện", "chi bộ thôn, bản", "vị trí việc làm", "chức năng, nhiệm vụ")


def words(count: int) -> str:
    """Return what is searched for: one task, however many there are."""
    return f"kế hoạch số {count * 977 // 1000}"


def make(count: int) -> None:
    """Fill an empty, migrated database with `count` tasks and the office that looks at them."""
    anchor_clock(NOW, machine_now())
    _insert(Unit, _units())
    _insert(Plan, _plans(count // PLAN))
    for start in range(1, count + 1, _CHUNK):
        _insert(Task, map(_task, range(start, min(start + _CHUNK, count + 1))))
    _hang()
    _office()
    db.session.commit()


def _insert(model: Any, rows: Any) -> None:
    found = list(rows)
    if found:
        db.session.execute(insert(model.__table__), found)


def _units() -> Iterator[dict[str, Any]]:
    for number in range(1, UNITS + 1):
        name = "Tỉnh ủy Hải Sơn" if number == 1 else f"Huyện ủy Suối Đá {number}"
        yield {
            "id": number,
            "name_vi": name,
            "kind": UnitKind.PARTY_COMMITTEE,
            "level": Level.PROVINCE if number == 1 else Level.DISTRICT,
            "parent_id": None if number == 1 else 1,
            "path": "/1/" if number == 1 else f"/1/{number}/",
            "outside": False,
            "as_written": [],
            "prov": {},
            "sort_key": sort_key(name),
            "search_key": fold(name),
            "version": 1,
        }


def _plans(count: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        title = f"Kế hoạch số {number} thực hiện Nghị quyết về sắp xếp tổ chức bộ máy"
        keys = {"sort_key": sort_key(title), "search_key": fold(title)}
        yield {"id": number, "title_vi": title, "owner_id": 1, "prov": {}, "version": 1, **keys}


def _task(number: int) -> dict[str, Any]:
    state = State.IN_PROGRESS if number in MOVED else _STATES[number % len(_STATES)]
    due = None if number % 5 == 0 else TODAY + timedelta(days=(number * 7) % 200 - 40)
    words = f"chậm nhất ngày {due.day}-{due.month}-{due.year}" if due else None
    done = TODAY - timedelta(days=number % 60) if state is State.DONE else None
    title = f"{_VERBS[number % 4]} {_THINGS[number // 4 % 4]} theo Kế hoạch số {number}"
    lead = 1 if number in MOVED else number % (UNITS - 1) + 2
    return {
        "id": number,
        "title_vi": title,
        "plan_id": (number - 1) // PLAN + 1,
        "lead_id": lead,
        "assigner_id": 1,
        "verdict_unit_id": 1,
        "state": state,
        "state_stated": True,
        "due_kind": "date" if due else "ongoing",
        "due_words": words or "thường xuyên",
        "due_on": due,
        "handed_in_on": TODAY if state is State.SUBMITTED else done,
        "done_on": done,
        "slips": 0,
        "prov": {},
        "moved_at": NOW - timedelta(days=number % 50),
        "created_at": NOW - timedelta(days=60),
        "search_key": fold(title),
        "version": 1,
    }


def _hang() -> None:
    """Hang lines, hand-ins, dependencies and events on the tasks."""
    tasks = db.session.execute(select(Task.__table__)).mappings().all()
    _insert(Task, [_line(task) for task in tasks if task["id"] % 10 == 3])
    _insert(Ask, [_ask(task) for task in tasks if task["state"] is State.SUBMITTED])
    waiting = [task["id"] for task in tasks if task["id"] % 25 == 4]
    _insert(Dependency, [{"task_id": n, "needs_id": n - 1, "prov": {}} for n in waiting])
    _insert(Event, [_event(task) for task in tasks])


def _line(task: Any) -> dict[str, Any]:
    lead = task["lead_id"] % (UNITS - 1) + 2
    own = {"id": None, "parent_id": task["id"], "tie": Tie.LINE, "lead_id": lead}
    line = {**task, **own, "assigner_id": task["lead_id"], "verdict_unit_id": task["lead_id"]}
    return {key: value for key, value in line.items() if key != "id"}


def _ask(task: Any) -> dict[str, Any]:
    return {
        "kind": AskKind.HAND_IN,
        "task_id": task["id"],
        "from_unit_id": task["lead_id"],
        "to_unit_id": 1,
        "asked_at": NOW,
        "task_version": 1,
        "version": 1,
    }


def _event(task: Any) -> dict[str, Any]:
    image = ("state", "lead_id", "plan_id", "due_on", "handed_in_on", "done_on", "slips")
    known = {name: task[name] for name in image}
    return {
        "at": NOW,
        "kind": Kind.LOADED,
        "task_id": task["id"],
        "data": {},
        "counted": True,
        **known,
    }


def _office() -> None:
    person = Person(
        name="Phan Văn Bình",
        sort_key="a",
        email=EMAIL,
        email_key=EMAIL,
        password_hash=hash_password(PASSWORD),
        created_at=NOW,
    )
    seat = Seat(unit_id=1, role=Role.OFFICE, is_head=False)
    db.session.add_all([person, seat])
    db.session.flush()
    db.session.add(Tenure(seat_id=seat.id, person_id=person.id, from_on=date(2018, 1, 1)))
