"""The form of a list: units ticked off with their days, read against what stood on the page and what stands now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField, ValidationError
from wtforms.validators import Length, Optional

from tracker.fields import day_field, read_day, read_id
from tracker.forms import Form
from tracker.measures.lists import Changes, Item, Roll
from tracker.text import N_
from tracker.web import local_path, named, tell

NO_DAY = N_("Enter a day that exists.")
TO_COME = N_("A figure is counted on a day that has come: today is {today}.")
OVERTAKEN_PART = N_("This part has been confirmed already, or put right since.")
NOTHING_HANDED = N_("This figure was not handed over: there is nothing to be confirmed.")
OVERTAKEN = N_("Somebody else has changed this unit meanwhile: compare, then save again.")


class CountedForm(Form):
    """The day on which what is entered together was counted, and the paper that says so."""

    as_of_on = day_field(_l("As of"))
    source = StringField(_l("Source"), [Optional(), Length(max=500)])
    back = HiddenField(filters=[local_path])

    today: date | None = None

    def is_fit(self, rows: Any) -> bool:
        """Tell whether the form and all its rows can be written down; else say on top of the page what is wrong."""
        is_valid = self.validate()
        self.form_errors += rows.messages
        return is_valid and not self.form_errors

    def validate_as_of_on(self, field: Field) -> None:
        """Refuse a day that is still to come."""
        if field.data and self.today and field.data > self.today:
            raise ValidationError(tell(TO_COME, {"today": self.today}))


@dataclass
class Row:
    """A unit on the form: as it stands, as it was typed, and what is wrong with that."""

    item: Item
    is_ticked: bool
    day: str
    was: int | None
    error: str = ""
    is_overtaken: bool = False

    @classmethod
    def of(cls, item: Item) -> "Row":
        """Return a unit as it stands."""
        tick = item.tick
        day = written(tick.as_of_on) if tick and tick.as_of_on else ""
        return cls(item, tick is not None, day, tick.id if tick else None)

    @classmethod
    def typed(cls, item: Item, sent: Mapping[str, str]) -> "Row":
        """Return a unit as it was typed; one that the form did not hold stays as it is."""
        number = item.unit_id
        if f"was-{number}" not in sent:
            return cls.of(item)
        day, was = sent.get(f"day-{number}", "").strip()[:20], read_id(sent[f"was-{number}"])
        return cls(item, f"tick-{number}" in sent, day, was)


class TickRows:
    """All units of a list on the form, and what changes by them."""

    def __init__(self, roll: Roll, sent: Mapping[str, str] | None = None) -> None:
        self.roll, self.is_sent = roll, sent is not None
        self._seen = {reading.id: reading for reading in roll.readings}
        self.rows = [Row.of(i) if sent is None else Row.typed(i, sent) for i in roll.items]
        self.days: dict[int, date | None] = {}

    @property
    def is_overtaken(self) -> bool:
        """Tell whether somebody else changed a unit that was changed here, too."""
        return any(row.is_overtaken for row in self.rows)

    @property
    def messages(self) -> list[str]:
        """Return what is wrong, unit by unit."""
        return [f"{named(row.item)}: {row.error}" for row in self.rows if row.error]

    def changes(self, form: CountedForm, today: date, *, on_behalf: bool) -> Changes:
        """Return what changes; what cannot is said at the rows."""
        undone = [row.item.unit_id for row in self.rows if self._is_undone(row)]
        for row in self.rows:
            self._read(row, form.as_of_on.data, today)
        return Changes(dict(self.days), undone, form.source.data or None, on_behalf)

    def _is_undone(self, row: Row) -> bool:
        is_undone = not row.is_ticked and row.item.tick is not None
        return is_undone and self._may(row, is_same=row.was is None)

    def _read(self, row: Row, default: date | None, today: date) -> None:
        if not row.is_ticked:
            return
        day = read_day(row.day) if row.day else None
        if row.day and day is None:
            row.error = _(NO_DAY)
        elif day and day > today:
            row.error = tell(TO_COME, {"today": today})
        elif self._is_new(row, day) and self._may(row, is_same=self._showed(row, day)):
            self.days[row.item.unit_id] = day or (None if row.item.tick else default)

    def _is_new(self, row: Row, day: date | None) -> bool:
        return row.item.tick is None or row.item.tick.as_of_on != day

    def _showed(self, row: Row, day: date | None) -> bool:
        """Tell whether the page showed the unit as it was sent back: then it was not touched."""
        was = self._seen.get(row.was or 0)
        return was is not None and was.as_of_on == day

    def _may(self, row: Row, *, is_same: bool) -> bool:
        """Tell whether the row changes what it showed; where that no longer stands, say so at the row."""
        stands = row.item.tick.id if row.item.tick else None
        if row.was == stands:
            return True
        if not is_same:
            row.error, row.is_overtaken = _(OVERTAKEN), True
        return False


def written(day: date) -> str:
    """Write a day as the form reads it, in either language."""
    return f"{day.day}-{day.month}-{day.year}"
