"""Why a task is told to somebody: through which of their units and seats, and for whom they stand in."""

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from tracker.committees.models import Tenure
from tracker.committees.standings import HeldSeat, Me, is_held
from tracker.digests.values import Reason, Why
from tracker.people.models import Person
from tracker.tasks.glance import rows
from tracker.tasks.lifecycle import State, Tie

_instead_of = aliased(Tenure)


class Told(Protocol):
    """A task as far as the reasons for telling it go."""

    @property
    def tie(self) -> Tie | None: ...
    @property
    def state(self) -> State: ...
    @property
    def lead_id(self) -> int: ...
    @property
    def verdict_unit_id(self) -> int: ...
    @property
    def decider_id(self) -> int: ...
    @property
    def holder_seat_id(self) -> int | None: ...
    @property
    def leader_seat_id(self) -> int | None: ...


class Reasons:
    """The reasons of one person on a day; one query."""

    def __init__(self, me: Me, today: date) -> None:
        self.seats = {seat.seat_id: seat for seat in me.seats}
        self.own, self.acts = me.own | me.heads, me.acts
        self.stands_in = _stands_in(me, today)

    def of(
        self, task: Told, addressed: list[int], is_asked: bool, desk_id: int | None = None
    ) -> Iterator[Reason]:
        """Yield every reason for telling the task.

        `addressed`: the units to which a letter about it came; `is_asked`: more time is asked of the person's unit;
        `desk_id`: the unit of theirs on whose desk a difficulty lies.
        """
        if task.lead_id in self.own:
            yield self.through(Why.CO_ORDINATE if task.tie is Tie.LINE else Why.LEAD, task.lead_id)
        elif addressed:
            yield self.through(Why.LEAD, addressed[0])
        if task.state is State.SUBMITTED and task.verdict_unit_id in self.acts:
            yield self.through(Why.VERDICT, task.verdict_unit_id)
        if is_asked:
            yield self.through(Why.DECIDER, task.decider_id)
        if desk_id:
            yield self.through(Why.DESK, desk_id)
        charges = ((Why.LEADER, task.leader_seat_id), (Why.HOLDER, task.holder_seat_id))
        for why, seat_id in charges:
            if seat_id in self.seats:
                yield self.through(why, self.seats[seat_id].unit_id, self.seats[seat_id])

    def through(self, why: Why, unit_id: int, seat: HeldSeat | None = None) -> Reason:
        """Return a reason; somebody stands in only where no seat of their own would do."""
        if not self.stands_in:
            return Reason(why, unit_id)
        seats = [seat] if seat else [s for s in self.seats.values() if unit_id in s.acts]
        if not seats or any(s.seat_id not in self.stands_in for s in seats):
            return Reason(why, unit_id)
        name, until = self.stands_in[seats[0].seat_id]
        return Reason(why, unit_id, name, until.isoformat() if until else "")


_STANDS_IN = (
    select(Tenure.seat_id, Person.name, Tenure.to_on)
    .join(_instead_of, _instead_of.id == Tenure.stands_in_for_id)
    .join(Person, Person.id == _instead_of.person_id)
    .where(Tenure.person_id == bindparam("person_id"), is_held(Tenure, bindparam("on")))
)


def _stands_in(me: Me, today: date) -> dict[int, tuple[str, date | None]]:
    """Return for each seat held as a substitute whose it is, and until when it is held."""
    found = rows(_STANDS_IN, {"person_id": me.person.id if me.person else 0, "on": today})
    return {seat_id: (name, until) for seat_id, name, until in found}
