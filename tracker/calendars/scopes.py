"""What the address of a calendar asks for: how much of it, around which day, whose tasks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from tracker.calendars.spans import Span, View, beside, is_known, span_of
from tracker.fields import read_day, read_id
from tracker.text import N_, clean

LONGEST_WORDS = 1000  # characters of a deadline as it was written
_NOTHING: frozenset[Any] = frozenset({None, "", False})


@dataclass(frozen=True)
class Scope:
    """Which days and whose tasks; `mine`: only what the reader's own units lead, parts included.

    A list may be narrowed further: to what is overdue, or to a deadline in the words it was given.
    """

    on: date
    view: View = View.MONTH
    unit: int | None = None
    plan: int | None = None
    mine: bool = False
    late: bool = False
    words: str = ""

    @property
    def span(self) -> Span:
        """Return the days looked at."""
        return span_of(self.view, self.on)

    @property
    def before(self) -> str | None:
        """Return the address of the span before."""
        day = beside(self.view, self.on)[0]
        return self.address(on=day) if day else None

    @property
    def after(self) -> str | None:
        """Return the address of the span after."""
        day = beside(self.view, self.on)[1]
        return self.address(on=day) if day else None

    def address(self, path: str = "/calendar", **changes: Any) -> str:
        """Return the address of this calendar, some of it changed."""
        changed = replace(self, **changes)
        return f"{path}?{urlencode(changed.values())}"

    def tasks(self, **changes: Any) -> str:
        """Return the address of the list of its tasks."""
        return self.address("/calendar/tasks", **changes)

    def values(self) -> list[tuple[str, Any]]:
        """Return what an address says of it."""
        kept = [
            (name, value)
            for name in ("unit", "plan", "mine", "late", "words")
            if (value := getattr(self, name)) not in _NOTHING
        ]
        known = [("view", View(self.view).value), ("on", self.on.isoformat())]
        return known + [(name, 1 if value is True else value) for name, value in kept]


@dataclass(frozen=True)
class Asked:
    """A scope, what was typed as its day, and what is wrong: a message by field."""

    scope: Scope
    typed: str
    wrong: Mapping[str, str]


def read(args: Mapping[str, str], today: date) -> Asked | None:
    """Return what an address asks for; nothing where it names something that cannot be there."""
    ids = {name: number(args.get(name, "")) for name in ("unit", "plan")}
    words = clean(args.get("words", ""))
    if 0 in ids.values() or len(words) > LONGEST_WORDS:
        return None
    wrong: dict[str, str] = {}
    typed = args.get("on", "").strip()
    scope = Scope(
        on=day_in("on", args, wrong) or today,
        view=_view(args.get("view", ""), wrong),
        unit=ids["unit"],
        plan=ids["plan"],
        mine=args.get("mine") == "1",
        late=args.get("late") == "1",
        words=words,
    )
    return Asked(scope, typed, wrong)


def number(text: str) -> int | None:
    """Return an id, nothing where none is given, 0 where what is given can be no id."""
    text = text.strip()
    if not text:
        return None
    return read_id(text) or 0


def day_in(name: str, args: Mapping[str, str], wrong: dict[str, str]) -> date | None:
    """Return a day of the years for which there is a calendar."""
    text = args.get(name, "").strip()
    found = read_day(text)
    if text and (found is None or not is_known(found)):
        wrong[name] = N_("Enter a day between 1990 and 2100, such as 30-6-2018.")
        return None
    return found


def _view(word: str, wrong: dict[str, str]) -> View:
    try:
        return View(word or View.MONTH)
    except ValueError:
        wrong["view"] = N_("Choose one from the list.")
        return View.MONTH
