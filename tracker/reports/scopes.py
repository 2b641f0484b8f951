"""What the address of a status page asks for: whose figures, by which deadline, as of which day."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from tracker.fields import read_day, read_id
from tracker.reports.chart import Step
from tracker.text import N_

NO_PLAN = 0  # tasks of no plan
_EARLIEST = 1900  # the year; nothing here is older, and a trend needs months before its day


@dataclass(frozen=True)
class Scope:
    """Whose tasks are counted; `alone`: the unit without its branch; `first`: by the original deadline.

    `on` is empty for today: then the rows themselves are counted, else what history says of that day.
    """

    unit: int | None = None
    alone: bool = False
    plan: int | None = None
    document: int | None = None
    first: bool = False
    on: date | None = None

    @property
    def is_whole(self) -> bool:
        """Tell whether everything one sees is counted."""
        return (self.unit, self.plan, self.document) == (None, None, None)

    @property
    def key(self) -> str:
        """Return what tells one scope from another, whatever the day; short enough for a column."""
        return " ".join(f"{name[0]}{value}" for name, value in self.values() if name != "on")

    def narrowed(self, **changes: Any) -> "Scope":
        """Return the scope with some of it replaced."""
        return replace(self, **changes)

    def address(self, path: str = "/status", **more: Any) -> str:
        """Return the address of a page with this scope; `more` may replace a part of it or add to it."""
        known = {name: more.pop(name) for name in list(more) if name in self.__dataclass_fields__}
        said = replace(self, **known).values()
        added = [(name, value) for name, value in more.items() if value not in {None, ""}]
        query = urlencode([*said, *added])
        return f"{path}?{query}" if query else path

    def tasks(self, **more: Any) -> str:
        """Return the address of a list of its tasks."""
        return self.address("/status/tasks", **more)

    def values(self) -> list[tuple[str, Any]]:
        """Return what an address says of it: only what differs from everything, today."""
        return [
            *((n, v) for n in ("unit", "plan", "document") if (v := getattr(self, n)) is not None),
            *([("alone", 1)] if self.alone else []),
            *([("due", "first")] if self.first else []),
            *([("on", self.on.isoformat())] if self.on else []),
        ]


@dataclass(frozen=True)
class Asked:
    """A scope, what its trend goes by, what was typed as its day, and what is wrong: a message by field."""

    scope: Scope
    by: Step
    typed: str
    wrong: Mapping[str, str]


def read(args: Mapping[str, str], today: date) -> Asked | None:
    """Return what an address asks for; nothing where it names something that cannot be there."""
    ids = {name: _id(args.get(name, "")) for name in ("unit", "plan", "document")}
    if "wrong" in ids.values() or 0 in {ids["unit"], ids["document"]}:
        return None
    wrong: dict[str, str] = {}
    on = _day(args.get("on", "").strip(), today, wrong)
    first = _one_of(("", "first"), args.get("due", ""), "due", wrong) == "first"
    by = _one_of(("", *Step), args.get("by", ""), "by", wrong) or Step.MONTH
    alone = args.get("alone") == "1" and ids["unit"] is not None
    scope = Scope(**ids, alone=alone, first=first, on=on)  # type: ignore[arg-type]
    return Asked(scope, Step(by), args.get("on", "").strip(), wrong)


def _id(text: str) -> int | str | None:
    if not text.strip():
        return None
    found = read_id(text.strip())
    return "wrong" if found is None else found


def _one_of(allowed: tuple[str, ...], word: str, name: str, wrong: dict[str, str]) -> str:
    if word in allowed:
        return word
    wrong[name] = N_("Choose one from the list.")
    return ""


def _day(text: str, today: date, wrong: dict[str, str]) -> date | None:
    """Return a past day; today is no day of the past."""
    if not text:
        return None
    found = read_day(text)
    if found is None or found.year < _EARLIEST:
        wrong["on"] = N_("Enter a day that exists.")
    elif found > today:
        wrong["on"] = N_("That day is still to come. Figures can be given up to today.")
        return None
    return None if found == today else found
