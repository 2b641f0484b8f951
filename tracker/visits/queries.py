"""What is seen of visits: those to a unit and those it took part in."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Select, or_, select

from tracker.committees.models import Unit
from tracker.db import db
from tracker.visits.models import Visit, Visitor


class Seen(NamedTuple):
    """A visit with the unit it went to, if stated, and the units that took part."""

    visit: Visit
    to: Unit | None
    by: Sequence[Unit]


def of_unit(unit_id: int) -> list[Seen]:
    """Return the visits to a unit and those it took part in, the newest first, undated ones last."""
    took_part = select(Visitor.visit_id).where(Visitor.unit_id == unit_id)
    return _seen(or_(Visit.unit_id == unit_id, Visit.id.in_(took_part)))


def nowhere() -> list[Seen]:
    """Return the visits of which no unit is stated."""
    return _seen(Visit.unit_id.is_(None))


def _seen(condition: object) -> list[Seen]:
    chosen: Select[Visit, Unit] = (
        select(Visit, Unit)
        .outerjoin(Unit, Unit.id == Visit.unit_id)
        .where(condition)  # type: ignore[arg-type]
        .order_by(Visit.visited_on.is_(None), Visit.visited_on.desc(), Visit.id)
    )
    rows = db.session.execute(chosen).all()
    by = _visitors([visit.id for visit, _unit in rows])
    return [Seen(visit, unit, by[visit.id]) for visit, unit in rows]


def _visitors(visit_ids: Sequence[int]) -> dict[int, list[Unit]]:
    took_part = (
        select(Visitor.visit_id, Unit)
        .join(Unit, Unit.id == Visitor.unit_id)
        .where(Visitor.visit_id.in_(visit_ids))
        .order_by(Unit.sort_key)
    )
    found: dict[int, list[Unit]] = defaultdict(list)
    for visit_id, unit in db.session.execute(took_part):
        found[visit_id].append(unit)
    return found
