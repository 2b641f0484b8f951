"""The organisation's rules as a value: its calendar, when a deadline is near, how often one may be moved."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.deadlines.calendar import ONE_DAY, VIETNAM, Calendar


class Period(enum.StrEnum):
    """For what reports are made."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    NINE_MONTHS = "nine_months"
    YEAR = "year"


@dataclass(frozen=True)
class Rules:
    """What an organisation has settled for itself.

    `soon` counts working days; `most_extensions` is None where there is no limit; `closing` is the day of its last
    month on which a reporting period closes, nothing where it closes with the month.
    """

    calendar: Calendar = VIETNAM
    soon: int = 3
    before_is_exclusive: bool = True
    most_extensions: int | None = 2
    asks_after_expiry: bool = True
    closing: Mapping[Period, int] = field(default_factory=dict)

    def soon_until(self, today: date) -> date:
        """Return the last day at most so many working days ahead: what falls due by then is due soon."""
        return self.calendar.add_working(today, self.soon + 1) - ONE_DAY
