"""Everything that the page of one measure shows, gathered in a number of queries that does not grow."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any, NamedTuple

from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from tracker.committees.models import Unit
from tracker.committees.standings import Me
from tracker.db import db
from tracker.measures import lists, transfers
from tracker.measures.chart import Aim, Chart, chart
from tracker.measures.lists import Roll
from tracker.measures.models import Direction, Measure, Reading
from tracker.measures.queries import Figure, figure_of
from tracker.measures.series import Point, Sum, rolled_up
from tracker.measures.transfers import Receiver, Transfer
from tracker.people.models import Person
from tracker.policy import Standing, Verb, may
from tracker.tasks.models import Task
from tracker.tasks.queries import seen_by
from tracker.web import lang, named, number_words, vietnamese

_confirmer = aliased(Person)
_HUNDREDTH = Decimal("0.01")


class Told(NamedTuple):
    """A reading with who entered it, for which unit of a list, who confirmed it, and what put it right since."""

    reading: Reading
    who: str | None
    unit_vi: str | None
    unit_en: str | None
    confirmed_by: str | None
    corrected_by: Reading | None


class Part(NamedTuple):
    """The quota of one unit: its figure, its task, the name of the unit that leads it."""

    figure: Figure
    task_id: int
    name_vi: str
    name_en: str | None


@dataclass(frozen=True)
class MeasurePage:
    """The page of one measure. `unseen` parts are summed up, but not named."""

    figure: Figure
    readings: Sequence[Told]
    drawn: Chart | None
    sums: Sequence[Sum]
    parts: Sequence[Part]
    unseen: int
    roll: Roll | None
    over: Unit | None
    transfer: Transfer | None

    @property
    def handed(self) -> Reading | None:
        """Return what the unit was handed over last, confirmed or not; nothing where this is no part of a transfer."""
        if not transfers.is_part(self.figure.measure):
            return None
        valid = [told.reading for told in self.readings if told.corrected_by is None]
        return max(valid, key=lambda reading: reading.id, default=None)

    @property
    def receivers(self) -> Sequence[Receiver]:
        """Return who receives, where this is a transfer as a whole."""
        return self.transfer.receivers if self.transfer else ()

    @property
    def undated(self) -> int:
        """Return how many figures cannot be drawn because no day is stated."""
        return sum(told.reading.as_of_on is None for told in self.readings)


def gather(me: Me, measure: Measure) -> MeasurePage:
    """Return the page of a measure for `me`, who may see its task."""
    figure, readings = figure_of(measure), _told(measure)
    sums = rolled_up(list(_points_of_parts(measure).values())) if figure.parts else []
    parts = _parts(me, figure.parts)
    roll = lists.roll_of(measure) if measure.over_id else None
    points = _ticked(roll) if roll and roll.ticks else _drawn(readings, sums)
    return MeasurePage(
        figure=figure,
        readings=readings[::-1],
        drawn=chart(points, aim_of(figure)),
        sums=sums[::-1],
        parts=parts,
        unseen=len(figure.parts) - len(parts),
        roll=roll,
        over=db.session.get(Unit, measure.over_id) if measure.over_id else None,
        transfer=transfers.transfer_of(measure) if transfers.is_whole(measure) else None,
    )


def aim_of(figure: Figure) -> Aim:
    """Return what the figures are held against."""
    measure = figure.measure
    return Aim(
        goal=figure.target_total,
        below=measure.target_under,
        start=measure.baseline,
        is_down=measure.direction is Direction.DOWN,
    )


_READ: Select[*tuple[Any, ...]] = (
    select(Reading, Person.name, Unit.name_vi, Unit.name_en, _confirmer.name)
    .outerjoin(Person, Person.id == Reading.entered_by_id)
    .outerjoin(Unit, Unit.id == Reading.unit_id)
    .outerjoin(_confirmer, _confirmer.id == Reading.confirmed_by_id)
    .order_by(Reading.as_of_on.is_not(None), Reading.as_of_on, Reading.id)
)


def _told(measure: Measure) -> list[Told]:
    """Return the readings of a measure, undated ones first, then by day, then as entered."""
    rows = db.session.execute(_READ.where(Reading.measure_id == measure.id)).all()
    later = {row[0].corrects_id: row[0] for row in rows}
    return [Told._make((*row, later.get(row[0].id))) for row in rows]


def _drawn(readings: Iterable[Told], sums: Iterable[Sum]) -> list[Point]:
    """Return what is drawn: the figures that have a day, of a whole with parts what they add up to."""
    own = [
        Point(r.as_of_on, r.value, told.corrected_by is not None)
        for told in readings
        if (r := told.reading).as_of_on and r.value is not None and r.unit_id is None
    ]
    return [*own, *(Point(s.on, s.value) for s in sums)]


def _ticked(roll: Roll) -> list[Point]:
    """Return how many were ticked off as each day ended; those without a day were there before."""
    days = sorted(tick.as_of_on for tick in roll.ticks.values() if tick.as_of_on)
    before = len(roll.ticks) - len(days)
    ends = {on: number for number, on in enumerate(days, before + 1)}
    return [Point(on, Decimal(number)) for on, number in ends.items()]


def _points_of_parts(whole: Measure) -> Mapping[int, list[Point]]:
    """Return the dated figures of each part; what is handed over counts once it is confirmed."""
    followed = (Measure.rank.is_(None), Measure.is_dropped.is_(False))
    part = select(Measure.id).where(Measure.into_id == whole.id, *followed)
    read = select(Reading).where(Reading.measure_id.in_(part))
    found = db.session.scalars(read.order_by(Reading.as_of_on, Reading.id)).all()
    put_right = {reading.corrects_id for reading in found}
    points: dict[int, list[Point]] = defaultdict(list)
    for r in found:
        counts = whole.from_unit_id is None or r.confirmed_at is not None
        if r.as_of_on and r.value is not None and r.id not in put_right and counts:
            points[r.measure_id].append(Point(r.as_of_on, r.value))
    return points


def _parts(me: Me, figures: Sequence[Figure]) -> list[Part]:
    """Return the quotas of those units whose tasks `me` may see, in the order of the units."""
    of_task = {figure.measure.task_id: figure for figure in figures}
    leads = (
        select(Task.id, Unit.name_vi, Unit.name_en)
        .join(Unit, Unit.id == Task.lead_id)
        .where(Task.id.in_(of_task), seen_by(me))
        .order_by(Unit.sort_key, Task.id)
    )
    rows = db.session.execute(leads) if of_task else ()
    return [Part(of_task[task_id], task_id, vi, en) for task_id, vi, en in rows]


def heading(measure: Measure) -> Markup:
    """Return the name of a measure as a title has it: sources write it small, in the middle of a sentence."""
    words = named(measure)
    shown = words[:1].upper() + words[1:]
    return escape(shown) if lang() == "vi" or measure.name_en else vietnamese(shown)


def percent(share: Decimal) -> str:
    """Write a part reached as a percentage, rounded down: short of all of it, it never reads as 100."""
    return number_words((share * 100).quantize(_HUNDREDTH, ROUND_DOWN))


# --- what may be done ------------------------------------------------------------------------------


class Step(NamedTuple):
    """Something that may be done to a measure: its words, where; `is_first`: what one most likely came for."""

    words: str
    url: str
    is_first: bool = False


class Ways(NamedTuple):
    """What the reader may do: the steps, whether figures may be corrected here, whether receipt be confirmed."""

    steps: Sequence[Step]
    corrects: bool
    confirms: bool


def ways(found: MeasurePage, held: frozenset[Standing], *, fits: bool) -> Ways:
    """Return what may be done to a measure by whoever stands so to its task. `fits`: figures are entered by them."""
    measure = found.figure.measure
    if measure.is_dropped:
        return Ways((), corrects=False, confirms=False)
    is_sum = bool(found.figure.parts or found.receivers or transfers.is_part(measure))
    enters = fits and may(Verb.ENTER_FIGURE, held) and not is_sum
    waits = found.handed is not None and found.handed.confirmed_at is None
    confirms = waits and may(Verb.CONFIRM_FIGURE, held)
    return Ways(list(_steps(found, held, enters=enters)), enters and found.roll is None, confirms)


def _steps(found: MeasurePage, held: frozenset[Standing], *, enters: bool) -> Iterator[Step]:
    at = f"/measures/{found.figure.measure.id}"
    if found.receivers and may(Verb.FAN_OUT, held):
        yield Step(_("Hand over"), f"{at}/handover", is_first=True)
    if found.roll and enters:
        yield Step(_("Tick off units"), f"{at}/list", is_first=True)
    elif enters:
        yield Step(_("Enter a figure"), f"{at}/readings", is_first=True)
    if may(Verb.SET_MEASURE, held):
        yield Step(_("Edit"), f"{at}/edit")
