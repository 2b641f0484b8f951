"""How deadlines work, written down a second time: plain dicts and loops, nothing of the product but the holidays.

Every rule stands here as the committees say it, none as the product does it; days are days of Vietnam.
"""

import copy
from datetime import date, timedelta
from typing import Any

import holidays

Row = dict[str, Any]
DAY = timedelta(days=1)
HOLIDAYS = holidays.country_holidays("VN", years=range(2017, 2028))
BEING_WORKED_ON = {"assigned", "in_progress", "returned"}
STILL_OPEN = BEING_WORKED_ON | {"submitted", "on_hold"}
MOVES = {
    "send": ({"draft"}, "assigned"),
    "discard": ({"draft"}, "cancelled"),
    "start": ({"assigned"}, "in_progress"),
    "hand_in": (BEING_WORKED_ON, "submitted"),
    "finish": (BEING_WORKED_ON, "done"),
    "close": (BEING_WORKED_ON, "done"),
    "hold": (BEING_WORKED_ON, "on_hold"),
    "rework": ({"returned"}, "in_progress"),
    "withdraw": ({"submitted"}, "in_progress"),
    "accept": ({"submitted"}, "done"),
    "return": ({"submitted"}, "returned"),
    "resume": ({"on_hold"}, "in_progress"),
    "reopen": ({"done"}, "in_progress"),
    "restore": ({"cancelled"}, "assigned"),
    "cancel": (STILL_OPEN, "cancelled"),
}
MOST_EXTENSIONS = 2


class No(Exception):
    """It may not be done."""


# --- the calendar -----------------------------------------------------------------------------------


def is_working(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def soon_until(today: date) -> date:
    """The last day of which at most three working days lie after today, up to it."""
    day, passed = today, 0
    while True:
        day += DAY
        passed += is_working(day)
        if passed > 3:
            return day - DAY


def working_days_late(due: date, today: date) -> int:
    count, day = 0, due
    while day < today:
        day += DAY
        count += is_working(day)
    return count


def after_working_days(start: date, number: int) -> date:
    day = start
    while number:
        day += DAY
        number -= is_working(day)
    return day


def last_of_month(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - DAY


# --- recurring duties -------------------------------------------------------------------------------

# Words, how many months a period has (0: a week), which day of its last month is meant (0: the last).
DUTIES = {
    "hằng tuần": (0, 0),
    "hằng tháng": (1, 0),
    "trước ngày 15 hằng tháng": (1, 14),
    "ngày 20 hằng tháng": (1, 20),
    "hằng quý": (3, 0),
    "6 tháng một lần": (6, 0),
    "hằng năm": (12, 0),
}


def periods(words: str, rest: str) -> list[tuple[date, date, date, date]]:
    """All periods of the years around: first day, last day, the day the words mean, the day they fall due."""
    months, day = DUTIES[words]
    found = []
    if months == 0:
        first = date(2017, 1, 2)
        while first.year < 2020:
            found.append((first, first + 6 * DAY, first + 4 * DAY))
            first += 7 * DAY
    else:
        for year in (2017, 2018, 2019):
            for month in range(1, 13, months):
                end = month + months - 1
                named = date(year, end, day) if day else last_of_month(year, end)
                found.append((date(year, month, 1), last_of_month(year, end), named))
    return [(first, last, named, settled(named, rest)) for first, last, named in found]


def settled(day: date, rest: str) -> date:
    step = {"stay": None, "before": -DAY, "after": DAY}[rest]
    while step and not is_working(day):
        day += step
    return day


# --- tasks ------------------------------------------------------------------------------------------


class Naive:
    """All tasks there are, by the number the product gave them."""

    def __init__(self, above: dict[int, int | None]) -> None:
        self.above = above  # the unit above each unit
        self.tasks: dict[int, Row] = {}

    def add(self, number: int, **values: Any) -> Row:
        row: Row = {
            "id": number,
            "parent": None,
            "tie": None,
            "lead": 0,
            "assigner": 0,
            "state": "draft",
            "kind": None,
            "words": None,
            "due": None,
            "first": None,
            "slips": 0,
            "handed_in": None,
            "done": None,
            "asked": None,  # the day asked for, while the lead waits for an answer
            "needs": [],
            "rest": None,
            "until": None,
            "period": None,
            "going_since": None,
            "carried": False,
            "sent": False,
        } | values
        self.tasks[number] = row
        return row

    def children(self, row: Row, *ties: str) -> list[Row]:
        return [
            t
            for t in self.tasks.values()
            if t["parent"] == row["id"] and (not ties or t["tie"] in ties)
        ]

    def judge(self, row: Row) -> int:
        """The unit that judges the hand-in: the assigner; where it leads itself, the unit above it."""
        if row["lead"] != row["assigner"]:
            return int(row["assigner"])
        return int(self.above[row["lead"]] or row["lead"])

    def decider(self, row: Row) -> int:
        """Nobody moves a deadline of their own: the assigner decides, or whoever judges the hand-in."""
        return self.judge(row) if row["lead"] == row["assigner"] else int(row["assigner"])

    # --- moves ---

    def fits(self, verb: str, row: Row) -> bool:
        sources, _target = MOVES[verb]
        if row["state"] not in sources:
            return False
        if verb == "send" and row["tie"] in {"line", "fanout"}:
            return False  # it goes with the whole
        parted = row["until"] or self.children(row, "fanout", "occurrence")
        if verb in {"start", "hand_in", "finish"} and parted:
            return False
        is_line = row["tie"] == "line"
        if verb == "finish":
            return is_line or row["lead"] == row["assigner"]
        return not (verb == "hand_in" and is_line)

    def move(self, number: int, verb: str, today: date, day: date) -> list[Row]:
        """Move a task; return all that moved with it."""
        row = self.tasks[number]
        if verb == "accept":
            waits = [self.tasks[i] for i in row["needs"]]
            if any(need["state"] not in {"done", "cancelled"} for need in waits):
                raise No
        if not self.fits(verb, row) or (verb == "send" and self.is_out_of_bounds(row)):
            raise No
        moved = self._move(row, verb, day, carried=False)
        if verb in {"reopen", "restore"}:
            self.bring_within(row)
        for one in moved:
            if one["state"] not in BEING_WORKED_ON | {"on_hold"}:
                one["asked"] = None
        if verb in {"send", "resume", "reopen", "restore"} and row["until"]:
            row["going_since"] = today
        return moved

    def _move(self, row: Row, verb: str, day: date, *, carried: bool) -> list[Row]:
        along = self._along(row, verb)
        row["state"], row["carried"] = MOVES[verb][1], carried
        if verb == "send":
            row["sent"] = True
        if verb == "hand_in":
            row["handed_in"] = day
        elif verb == "accept":
            row["done"] = row["handed_in"]
        elif verb in {"finish", "close"}:
            row["done"] = day
        elif verb in {"withdraw", "return", "reopen", "restore"}:
            row["handed_in"] = row["done"] = None
        moved = [row]
        for other in along:
            moved += self._move(other, verb, day, carried=True)
        return moved

    def _along(self, row: Row, verb: str) -> list[Row]:
        if verb == "send" and row["until"]:
            return []  # its lines are the pattern of those to come
        if verb in {"send", "discard"}:
            below = self.children(row, "line", "fanout")
            return [t for t in below if t["state"] == "draft"]
        if verb == "cancel":
            below = self.children(row, "line", "fanout", "occurrence")
            return [t for t in below if t["state"] in STILL_OPEN]
        if verb == "restore":
            return [t for t in self.children(row) if t["state"] == "cancelled" and t["carried"]]
        return []

    def kept(self) -> dict[int, Row]:
        return copy.deepcopy(self.tasks)

    # --- more time, other deadlines ---

    def ask(self, number: int, day: date) -> None:
        row = self.tasks[number]
        if row["state"] not in BEING_WORKED_ON | {"on_hold"} or row["due"] is None or row["asked"]:
            raise No
        if self.decider(row) == row["lead"] or row["slips"] >= MOST_EXTENSIONS:
            raise No
        row["asked"] = day

    def answer(self, number: int, today: date, *, day: date | None, follow: bool) -> None:
        """Grant a day, or refuse where there is none."""
        row = self.tasks[number]
        if row["asked"] is None:
            raise No
        if day is not None:
            if row["due"] is not None and day <= row["due"]:
                raise No
            self._move_day(row, day, today, follow=follow)
        row["asked"] = None

    def withdraw(self, number: int) -> None:
        if self.tasks[number]["asked"] is None:
            raise No
        self.tasks[number]["asked"] = None

    def set_day(self, number: int, day: date, today: date, *, follow: bool) -> None:
        row = self.tasks[number]
        if row["asked"] is not None:
            raise No
        self._move_day(row, day, today, follow=follow)

    def happened(self, number: int, day: date, today: date, *, follow: bool) -> None:
        row = self.tasks[number]
        if row["asked"] is not None or row["kind"] != "event" or row["due"] is not None:
            raise No
        self._move_day(row, day, today, follow=follow)

    def _move_day(self, row: Row, day: date, today: date, *, follow: bool) -> None:
        if row["state"] not in STILL_OPEN or row["until"] or day < today or day == row["due"]:
            raise No
        bound = self.bound(row)
        if bound and day > bound:
            raise No
        sharing, others = self._below(row)
        beyond = [t for t in sharing + others if t["due"] and t["due"] > day]
        if not follow and beyond:
            raise No
        along = sharing + [t for t in others if t in beyond] if follow else []
        for one in [row, *along]:
            if one["due"] and day > one["due"]:
                one["slips"] += 1
            one["due"] = day
            one["first"] = one["first"] or day
            one["kind"] = "date"

    def bound(self, row: Row) -> date | None:
        """The deadline of the nearest above that has one."""
        while row["parent"] is not None:
            row = self.tasks[row["parent"]]
            if row["due"]:
                return row["due"]
        return None

    def is_out_of_bounds(self, row: Row) -> bool:
        """A draft later than what stands above it, or earlier than what hangs below it."""
        bound, due = self.bound(row), row["due"]
        if due is None:
            return False
        sharing, others = self._below(row)
        is_early = any(one["due"] and one["due"] > due for one in sharing + others)
        return is_early or bool(bound and due > bound)

    def bring_within(self, row: Row) -> None:
        """What has come back is brought to the deadline above, with what hangs below it; that is no slip."""
        bound = self.bound(row)
        if bound is None or row["state"] not in STILL_OPEN:
            return
        sharing, others = self._below(row)
        for one in [row, *sharing, *others]:
            if one["due"] and one["due"] > bound:
                one["due"], one["kind"] = bound, "date"

    def _below(self, row: Row) -> tuple[list[Row], list[Row]]:
        """What hangs open below and has the very same deadline, and what has another.

        Through what is finished nothing is reached; through what has no day the sharing goes on.
        """
        same: list[Row] = []
        other: list[Row] = []

        def look(above: Row, unbroken: bool) -> None:
            for one in self.children(above):
                if one["state"] not in STILL_OPEN:
                    continue
                shares = unbroken and (
                    one["due"] == row["due"]
                    if row["due"]
                    else one["due"] is None and one["words"] == row["words"]
                )
                (same if shares else other).append(one)
                look(one, shares or (unbroken and one["due"] is None))

        look(row, unbroken=True)
        return same, other

    # --- occurrences ---

    def is_going(self, row: Row) -> bool:
        return bool(row["until"]) and row["state"] in BEING_WORKED_ON

    def set_going(self, row: Row, today: date) -> set[tuple[int, date, date]]:
        """The running period, where its day has not passed; not what was missed."""
        if not self.is_going(row):
            return set()
        return {
            (row["id"], first, due)
            for first, last, named, due in periods(row["words"], row["rest"])
            if min(first, due) <= today <= due
            and today <= last
            and named <= row["until"]
            and first not in self._made(row)
        }

    def catch_up(self, row: Row, today: date) -> set[tuple[int, date, date]]:
        """Every period that has begun since the duty was set going, and has no task."""
        if not self.is_going(row):
            return set()
        newest = max(self._made(row), default=date.min)
        return {
            (row["id"], first, due)
            for first, _last, named, due in periods(row["words"], row["rest"])
            if row["going_since"] < min(first, due) <= today
            and named <= row["until"]
            and first > newest
        }

    def _made(self, row: Row) -> set[date]:
        return {t["period"] for t in self.children(row, "occurrence")}

    # --- what is told of them ---

    def cell(self, row: Row, today: date, *, first: bool = False) -> str:
        due = row["first"] if first else row["due"]
        if due is None:
            return "no_deadline"
        if row["state"] == "done":
            if row["done"] is None:
                return "undated"
            return "on_time" if row["done"] <= due else "late"
        day = row["handed_in"] if row["state"] == "submitted" else today
        return "in_time" if day <= due else "overdue"

    def days_late(self, row: Row, today: date) -> int:
        day = row["handed_in"] if row["state"] == "submitted" else today
        return max(0, (day - row["due"]).days)

    def counted(self) -> list[Row]:
        parted = {t["parent"] for t in self.tasks.values() if t["tie"] in {"fanout", "occurrence"}}
        return [
            t
            for t in self.tasks.values()
            if t["state"] not in {"draft", "cancelled"}
            and t["tie"] != "line"
            and not t["until"]
            and t["id"] not in parted
        ]

    def lines(self) -> list[Row]:
        own = [t for t in self.tasks.values() if t["tie"] == "line"]
        return [t for t in own if t["state"] not in {"draft", "cancelled"}]

    def grid(self, rows: list[Row], today: date, *, first: bool = False) -> dict[int, Row]:
        """For each lead how many of its tasks stand in each cell."""
        found: dict[int, Row] = {}
        for row in rows:
            cells = found.setdefault(row["lead"], {})
            cell = self.cell(row, today, first=first)
            cells[cell] = cells.get(cell, 0) + 1
        return found

    def overdue(self, rows: list[Row], today: date) -> dict[int, int]:
        """What is overdue, with the days."""
        late = [t for t in rows if t["state"] != "done" and self.cell(t, today) == "overdue"]
        return {t["id"]: self.days_late(t, today) for t in late}

    def due_soon(self, rows: list[Row], today: date) -> set[int]:
        """What the board marks so: drafts, too, for their givers."""
        soon = soon_until(today)
        return {
            t["id"]
            for t in rows
            if t["state"] in STILL_OPEN | {"draft"} and t["due"] and today <= t["due"] <= soon
        }

    def slipped(self, rows: list[Row]) -> dict[tuple[int, int], int]:
        """For each lead how many of its tasks were extended how often."""
        found: dict[tuple[int, int], int] = {}
        for row in rows:
            if row["slips"]:
                key = (row["lead"], row["slips"])
                found[key] = found.get(key, 0) + 1
        return found

    def undated(self, decider: int) -> set[int]:
        """Open, no day, no duty that comes round; not what will get its day with an open task above it."""
        found = set()
        for row in self.tasks.values():
            if row["state"] not in STILL_OPEN or row["due"] or row["until"]:
                continue
            above = self.tasks.get(row["parent"])
            lacks = above and above["due"] is None and above["state"] in STILL_OPEN
            shares = above and (above["words"] or "") == (row["words"] or "")
            follows = lacks and (row["tie"] == "line" or shares)
            if self.decider(row) == decider and not follows:
                found.add(row["id"])
        return found

    def desk(self, unit: int) -> dict[str, set[int]]:
        """What lies on the desk of a unit's chair: to be judged, to be answered, and work."""
        rows = list(self.tasks.values())
        judged = {t["id"] for t in rows if t["state"] == "submitted" and self.judge(t) == unit}
        asked = {t["id"] for t in rows if t["asked"] and self.decider(t) == unit}
        led = {t["id"] for t in rows if t["state"] in STILL_OPEN and t["lead"] == unit}
        drafts = {
            t["id"]
            for t in rows
            if t["state"] == "draft"
            and t["tie"] not in {"line", "fanout"}
            and t["assigner"] == unit
        }
        return {"waiting": judged | asked, "all": judged | asked | led | drafts}
