"""A year of tasks drawn by chance and lived through twice: by the product's own actions, and by the naive model."""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from tests.simulation.naive import DAY, DUTIES, MOVES, Naive, No, Row, after_working_days
from tests.simulation.naive import last_of_month as month_end
from tests.worlds import World
from tracker.clock import ZONE
from tracker.db import db
from tracker.history.actions import Doer, record
from tracker.history.models import Kind
from tracker.letters.actions import AnsweredAlready
from tracker.policy import Verb
from tracker.recurrences.actions import catch_up
from tracker.recurrences.queries import due_today
from tracker.requests import actions as requests
from tracker.requests import extensions
from tracker.requests.door import case_for
from tracker.requests.limits import Refused
from tracker.rules.queries import in_force
from tracker.tasks import actions
from tracker.tasks.actions import Draft, Due
from tracker.tasks.lifecycle import RestRule, Tie
from tracker.tasks.models import Ask, AskKind, Dependency, Task
from tracker.tasks.moves import OutOfTurn, image_of
from tracker.timing.actions import AskedFirst, NoEvent, set_deadline, start_clock
from tracker.timing.bounds import Below, OutOfBounds

SAID_NO = (
    OutOfTurn,
    requests.StillWaiting,
    Refused,
    OutOfBounds,
    AskedFirst,
    NoEvent,
    AnsweredAlready,
)
# What a year is made of, in hundredths.
KINDS = (
    ["date"] * 22
    + ["period"] * 14
    + ["before"] * 8
    + ["counted"] * 6
    + ["ongoing", "vague", "unstated"] * 4
    + ["event"] * 6
    + ["series"] * 8
    + ["lines"] * 12
    + ["fanout"] * 6
    + ["part"] * 6
)
LIKELY = {
    "draft": ["send"] * 9 + ["discard"],
    "assigned": ["start", "hand_in", "finish", "close", "hold", "cancel"],
    "in_progress": ["hand_in"] * 4 + ["finish"] * 3 + ["close", "hold"],
    "submitted": ["accept", "accept", "accept", "return", "withdraw"],
    "returned": ["rework", "hand_in"],
    "on_hold": ["resume", "resume", "cancel"],
    "done": ["reopen"],
    "cancelled": ["restore"],
}


class Life:
    """The tasks of a year; `done` counts what was tried, and what was refused by both."""

    def __init__(self, world: World, seed: int, begins: date) -> None:
        self.world, self.chance, self.today = world, random.Random(seed), begins
        units = (world.province, world.commission, world.district, world.town, world.team)
        self.units = [unit.id for unit in units]
        above = dict.fromkeys(self.units, world.province.id) | {world.province.id: None}
        self.naive = Naive(above)
        self.by = Doer(world.binh.id, world.province.id)
        self.at = datetime.combine(begins, time(), ZONE)
        self.done: dict[str, int] = {}
        self.last = ""  # what was done last

    # --- time ---

    def dawn(self, today: date) -> None:
        """Begin a day half a minute after midnight."""
        self.today = today
        self.at = datetime.combine(today, time(0, 0, 30), ZONE)

    def later(self) -> None:
        self.at += timedelta(minutes=self.chance.randint(1, 20))

    def night(self) -> None:
        """The last half minute of the day."""
        self.at = datetime.combine(self.today, time(23, 59, 30), ZONE)

    # --- both at once ---

    def both(self, name: str, really: Callable[[], Any], naively: Callable[[], Any]) -> bool:
        """Do something twice; what the one refuses the other must refuse, and then nothing has changed."""
        self.last = name
        told = self._said_no(naively, (No,))
        with db.session.begin_nested() as attempt:
            refused = self._said_no(really, SAID_NO)
            if refused:
                attempt.rollback()
        if refused:
            db.session.expire_all()
        assert bool(told) == bool(refused), (
            name,
            self.at,
            f"naive: {told!r}",
            f"real: {refused!r}",
        )
        key = f"{name} refused" if told else name
        self.done[key] = self.done.get(key, 0) + 1
        return not told

    @staticmethod
    def _said_no(what: Callable[[], Any], answers: Any) -> Exception | None:
        try:
            what()
        except answers as no:
            return no if isinstance(no, Exception) else None
        return None

    def real(self, number: int) -> Task:
        return db.session.get_one(Task, number, populate_existing=True)

    def due(self, words: str, day: date | None) -> Due:
        """Return words as the product reads them today; they must mean the day."""
        if not words:
            return Due()
        reading = in_force().read(words, on=self.today)
        assert reading.due == day, (words, self.today, reading)
        return Due(reading.kind.value, words, reading.start, reading.due, reading.time)

    # --- what begins ---

    def birth(self) -> None:
        kind = self.chance.choice(KINDS)
        if kind == "series":
            self._series()
        elif kind == "fanout":
            whole = self._one("date", sends=False)
            for unit in self.units[2:4]:
                child = self._one("same", parent=whole, tie="fanout", lead=unit, sends=False)
                assert child["assigner"] == whole["lead"]
            self.move(whole["id"], "send")
        elif kind == "part":
            whole = self._one(self.chance.choice(["date", "period", "unstated"]))
            part = self._one(
                self.chance.choice(["same", "same", "earlier"]), parent=whole, tie="part"
            )
            self._one("same", parent=part, tie="part")
        elif kind == "lines":
            self._one(self.chance.choice(["date", "period", "vague"]), lines=self.units[2:4])
        else:
            self._one(kind)

    def words_for(self, kind: str, parent: Row | None) -> tuple[str, date | None]:
        ahead = self.today + self.chance.randint(3, 120) * DAY
        if parent is not None:
            day = parent["due"]
            if kind == "earlier" and day and day > self.today + 2 * DAY:
                day = self.today + self.chance.randint(1, (day - self.today).days) * DAY
            return (said(day), day) if day else (parent["words"] or "", None)
        if kind == "period":
            return self._period(ahead)
        if kind == "before":
            return f"trước ngày {said(ahead)}", ahead - DAY
        if kind == "counted":
            number = self.chance.randint(3, 30)
            words = f"trong {number} ngày làm việc kể từ ngày {said(self.today)}"
            return words, after_working_days(self.today, number)
        undated = {
            "ongoing": "thường xuyên",
            "vague": "sớm",
            "event": "sau khi có hướng dẫn",
            "unstated": "",
        }
        return (undated[kind], None) if kind in undated else (said(ahead), ahead)

    def _period(self, ahead: date) -> tuple[str, date]:
        if self.chance.random() < 0.5:
            end = month_end(ahead.year, (ahead.month - 1) // 3 * 3 + 3)
            roman = ["I", "II", "III", "IV"][(ahead.month - 1) // 3]
            return f"hết quý {roman}-{ahead.year}", end
        return f"hết tháng {ahead.month}-{ahead.year}", month_end(ahead.year, ahead.month)

    def _one(
        self,
        kind: str,
        *,
        parent: Row | None = None,
        tie: str | None = None,
        lead: int | None = None,
        lines: list[int] | None = None,
        sends: bool = True,
    ) -> Row:
        words, day = self.words_for(kind, parent)
        lead = lead or self.chance.choice(self.units[1:])
        assigner = parent["lead"] if parent else self.chance.choice([self.units[0]] * 5 + [lead])
        coordinators = [unit for unit in lines or [] if unit != lead]
        due = self.due(words, day)
        title = f"Việc {len(self.naive.tasks) + 1}"
        said_of_it = Draft(
            title,
            lead,
            assigner,
            plan_id=self.world.plan.id,
            parent_id=parent["id"] if parent else None,
            due=due,
            coordinators=tuple(coordinators),
        )
        task = actions.draft(said_of_it, by=self.by, at=self.at)
        if tie == "fanout":
            # There is no action yet that sends one task to many; whatever does will tell it of the whole.
            task.tie = Tie.FANOUT
            db.session.flush()
            record(
                Kind.EDITED,
                by=self.by,
                at=self.at,
                image=image_of(self.real(said_of_it.parent_id or 0)),
            )
        values = {"kind": due.kind, "words": due.words, "due": day, "first": day}
        row = self.naive.add(
            task.id, parent=parent and parent["id"], tie=tie, lead=lead, assigner=assigner, **values
        )
        self._lines(task, coordinators, values)
        if self.chance.random() < 0.1 and len(self.naive.tasks) > 5:
            need = self.chance.choice([i for i in self.naive.tasks if i != task.id])
            db.session.add(Dependency(task_id=task.id, needs_id=need, prov={}))
            row["needs"].append(need)
        if sends and self.chance.random() < 0.95:
            self.move(row["id"], "send")
        return row

    def _lines(self, task: Task, units: list[int], values: Row) -> None:
        made = select(Task).where(Task.parent_id == task.id, Task.tie == Tie.LINE).order_by(Task.id)
        found = {line.lead_id: line.id for line in db.session.scalars(made)}
        assert set(found) == set(units)
        for unit in units:
            about = {"parent": task.id, "tie": "line", "lead": unit, "assigner": task.lead_id}
            self.naive.add(found[unit], **about, **values)

    def _series(self) -> None:
        words, rest = self.chance.choice(list(DUTIES)), self.chance.choice(list(RestRule))
        until = min(self.today + self.chance.randint(60, 500) * DAY, date(2019, 6, 30))
        lead = self.chance.choice(self.units[1:])
        coordinators = [u for u in self.units[2:3] if u != lead and self.chance.random() < 0.3]
        said_of_it = Draft(
            f"Định kỳ {len(self.naive.tasks) + 1}",
            lead,
            self.units[0],
            plan_id=self.world.plan.id,
            due=Due("recurring", words),
            repeats_until_on=until,
            rest_rule=rest,
            coordinators=tuple(coordinators),
        )
        task = actions.draft(said_of_it, by=self.by, at=self.at)
        values = {"kind": "recurring", "words": words}
        self.naive.add(
            task.id,
            lead=lead,
            assigner=self.units[0],
            **values,
            rest=rest.value,
            until=until,
        )
        self._lines(task, coordinators, values)
        self.move(task.id, "send")

    # --- what happens ---

    def move(self, number: int, verb: str) -> None:
        row = self.naive.tasks[number]
        day = self.today - self.chance.randint(0, 5) * DAY if verb == "close" else self.today
        missed = self.naive.catch_up(row, self.today) if verb == "hold" else set()
        is_series = row["until"] is not None
        before = self.naive.kept()

        def really() -> None:
            task, about = self.real(number), {"by": self.by, "at": self.at, "day": day}
            requests.move(task, Verb(verb), words="Có lý do", **about)  # type: ignore[arg-type]

        was_done = self.both(verb, really, lambda: self.naive.move(number, verb, self.today, day))
        made = missed if was_done else set()
        if was_done and is_series and verb in {"send", "resume", "reopen", "restore"}:
            made = made | self.naive.set_going(row, self.today)
        if is_series:
            self.occurred(made)
        elif was_done and self.chance.random() < 0.06:
            self.undo(number, before)

    def undo(self, number: int, before: dict[int, Row]) -> None:
        self.at += timedelta(seconds=20)  # still on the same day
        requests.undo(self.real(number), by=self.by, at=self.at)
        db.session.expire_all()
        self.naive.tasks = before
        self.done["undo"] = self.done.get("undo", 0) + 1

    def tick(self) -> None:
        """What the worker does, every minute; here once a day."""
        wanted: set[tuple[int, date, date]] = set()
        for row in list(self.naive.tasks.values()):
            wanted |= self.naive.catch_up(row, self.today)
        for number in due_today(self.today):
            catch_up(number, at=self.at)
        self.occurred(wanted)

    def occurred(self, wanted: set[tuple[int, date, date]]) -> None:
        """Every occurrence that is to be there has been made, and no other."""
        new = [
            task
            for task in db.session.scalars(select(Task).where(Task.tie == Tie.OCCURRENCE))
            if task.id not in self.naive.tasks
        ]
        found = {(t.parent_id, t.period_on, t.due_on) for t in new}
        assert found == wanted, (self.at, self.last, found ^ wanted)
        assert len(new) == len(wanted)
        for task in new:
            series = self.naive.tasks[task.parent_id or 0]
            about = {"lead": series["lead"], "assigner": series["assigner"], "state": "assigned"}
            values = {"kind": "date", "words": series["words"], "sent": True}
            values |= {"due": task.due_on, "first": task.due_on}
            self.naive.add(
                task.id,
                parent=series["id"],
                tie="occurrence",
                period=task.period_on,
                **about,
                **values,
            )
            lines = [t for t in self.naive.children(series, "line") if t["state"] != "cancelled"]
            self._lines(task, [t["lead"] for t in lines], values | {"state": "assigned"})
        self.done["occurrences"] = self.done.get("occurrences", 0) + len(new)

    def act(self) -> None:
        """One thing happens to one task."""
        row = self.naive.tasks[self.chance.choice(list(self.naive.tasks))]
        if row["asked"] is not None and self.chance.random() < 0.6:
            self.answer(row)
        elif self.chance.random() < 0.35:
            self.chance.choice((self.ask, self.ask, self.set_day, self.happened))(row)
        else:
            likely = LIKELY[row["state"]]
            is_final = row["state"] in {"done", "cancelled"} and self.chance.random() < 0.8
            any_verb = self.chance.random() < 0.1
            if not is_final:
                self.move(row["id"], self.chance.choice(list(MOVES) if any_verb else likely))

    def some_day(self, row: Row) -> date:
        """A day for a deadline: mostly one that will do, sometimes one that will not."""
        base = max(row["due"] or self.today, self.today)
        return base + self.chance.randint(-15, 60) * DAY

    def ask(self, row: Row) -> None:
        day = max(self.some_day(row), self.today + DAY)
        if row["due"] and day <= row["due"]:
            day = row["due"] + 5 * DAY
        wish = extensions.Wish(self.due(said(day), day), "Thiếu số liệu", "Đã làm một nửa")

        def really() -> None:
            task = self.real(row["id"])
            case = case_for(task, is_asked=self.wish(task.id) is not None)
            extensions.ask(task, wish, case=case, by=self.by, at=self.at)

        self.both("ask", really, lambda: self.naive.ask(row["id"], day))

    @staticmethod
    def wish(number: int) -> Ask | None:
        open_ask = select(Ask).where(Ask.task_id == number, Ask.kind == AskKind.EXTENSION)
        return db.session.scalar(open_ask.where(Ask.answered_at.is_(None)))

    def answer(self, row: Row) -> None:
        how = self.chance.choice(["grant", "grant", "other", "refuse", "withdraw"])
        number, follow = row["id"], self.chance.random() < 0.6
        asked = row["asked"]
        day = {"grant": asked, "other": self.some_day(row)}.get(how)
        told: dict[str, Any] = {"by": self.by, "at": self.at}

        def really() -> None:
            ask, task = self.wish(number), self.real(number)
            assert ask is not None
            assert ask.proposed_on == asked
            if how == "withdraw":
                extensions.withdraw(ask, task, **told)
            elif how == "refuse":
                extensions.refuse(ask, task, "Phải xong đúng hạn", **told)
            else:
                due = self.due(said(day), day) if how == "other" and day else None
                below = Below.FOLLOW if follow else Below.KEEP
                extensions.grant(ask, task, due, below=below, **told)

        def naively() -> None:
            if how == "withdraw":
                self.naive.withdraw(number)
            else:
                self.naive.answer(number, self.today, day=day, follow=follow)

        self.both(f"extension: {how}", really, naively)

    def set_day(self, row: Row) -> None:
        day, follow, number = self.some_day(row), self.chance.random() < 0.6, row["id"]
        due, below = self.due(said(day), day), Below.FOLLOW if follow else Below.KEEP
        told: dict[str, Any] = {"by": self.by, "at": self.at, "words": "Điều chỉnh"}
        self.both(
            "set a day",
            lambda: set_deadline(self.real(number), due, below=below, **told),
            lambda: self.naive.set_day(number, day, self.today, follow=follow),
        )

    def happened(self, row: Row) -> None:
        if row["kind"] != "event" and self.chance.random() < 0.8:
            return
        begun, number, days = self.today - DAY, row["id"], self.chance.randint(5, 40)
        words = f"trong {days} ngày làm việc kể từ ngày {said(begun)}"
        day = after_working_days(begun, days)
        due = self.due(words, day)
        told: dict[str, Any] = {"by": self.by, "at": self.at}
        self.both(
            "happened",
            lambda: start_clock(self.real(number), begun, due, below=Below.FOLLOW, **told),
            lambda: self.naive.happened(number, day, self.today, follow=True),
        )


def said(day: date) -> str:
    return f"{day.day}-{day.month}-{day.year}"
