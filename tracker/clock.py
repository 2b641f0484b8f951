"""The one place that reads the machine's clock, and the clock of the domain that may run apart from it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def machine_now() -> datetime:
    """Return the machine's instant, in UTC: for sign-ins, limits, leases and retries."""
    return datetime.now(UTC)


def day_of(instant: datetime) -> date:
    """Return the calendar day in Vietnam on which `instant` falls."""
    return instant.astimezone(ZONE).date()


def midnight_after(day: date) -> datetime:
    """Return the instant at which a day ends in Vietnam."""
    return datetime.combine(day + timedelta(days=1), time(), ZONE)


@dataclass(frozen=True)
class Clock:
    """The clock of the domain: the machine's own, or one set apart from it that runs on at the same pace."""

    ahead: timedelta = timedelta()

    @classmethod
    def anchored(cls, domain: datetime, machine: datetime) -> "Clock":
        """Return the clock which showed `domain` when the machine's showed `machine`."""
        return cls(domain - machine)

    def now(self) -> datetime:
        """Return the domain's instant, in UTC."""
        return machine_now() + self.ahead

    def today(self) -> date:
        """Return the domain's calendar day in Vietnam."""
        return day_of(self.now())
