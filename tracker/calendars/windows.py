"""What the address of a line of time asks for: from which day to which, with parts of others' tasks, on which paper."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from tracker.calendars.scopes import day_in
from tracker.calendars.spans import Span, View, beside, span_of
from tracker.text import N_

PAPERS: Mapping[str, int] = {"a4": 14, "a3": 24}  # rows that fit on a sheet below the head
ZOOMS = (View.YEAR, View.QUARTER)


@dataclass(frozen=True)
class Window:
    """The days looked at, nothing for all of the plan; `paper`: for which the rows are cut into sheets."""

    plan_id: int
    span: Span | None = None
    parts: bool = False
    paper: str = "a4"

    @property
    def rows(self) -> int:
        """Return how many rows a sheet holds."""
        return PAPERS[self.paper]

    @property
    def zoom(self) -> View | None:
        """Return which whole span is looked at, if it is one."""
        same = (view for view in ZOOMS if self.span and self.span == span_of(view, self.span.first))
        return next(same, None)

    def address(self, **changes: Any) -> str:
        """Return the address of this line of time, some of it changed."""
        said = urlencode(replace(self, **changes).values())
        path = f"/plans/{self.plan_id}/timeline"
        return f"{path}?{said}" if said else path

    def around(self, view: View, day: date) -> str:
        """Return the address of the year or quarter around a day."""
        return self.address(span=span_of(view, day))

    def beside(self) -> tuple[str | None, str | None]:
        """Return the addresses of the spans before and after a whole one."""
        if self.zoom is None or self.span is None:
            return None, None
        days = beside(self.zoom, self.span.first)
        before, after = (self.around(self.zoom, day) if day else None for day in days)
        return before, after

    def values(self) -> list[tuple[str, Any]]:
        """Return what an address says of it: only what differs from all of the plan on the smaller paper."""
        days = [("from", self.span.first), ("to", self.span.last)] if self.span else []
        return [
            *((name, day.isoformat()) for name, day in days),
            *([("parts", 1)] if self.parts else []),
            *([("paper", self.paper)] if self.paper != "a4" else []),
        ]


def read(plan_id: int, args: Mapping[str, str]) -> tuple[Window, dict[str, str]]:
    """Return what an address asks for, and what is wrong with it: a message by field."""
    wrong: dict[str, str] = {}
    first, last = day_in("from", args, wrong), day_in("to", args, wrong)
    if first and last and last < first:
        wrong["to"] = N_("The last day lies before the first.")
    paper = args.get("paper") or "a4"
    if paper not in PAPERS:
        wrong["paper"] = N_("Choose one from the list.")
        paper = "a4"
    span = Span(first, last) if first and last and not wrong else None
    return Window(plan_id, span, args.get("parts") == "1", paper), wrong
