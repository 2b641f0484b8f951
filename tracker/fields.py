"""Fields which any form may have: one of several rows, a day as officials write it."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from wtforms import DateField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Optional
from wtforms.widgets import TextInput

LONGEST_ID = 9  # digits: what the column of an id holds on every database
_LONGEST_DAY = 20  # characters of a day as it is typed
DAY_FORMATS = ["%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d"]


def read_id(text: str) -> int | None:
    """Return the number that an address or a tick names, None where it is no id."""
    is_id = text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID
    return int(text) if is_id else None


def read_day(text: str) -> date | None:
    """Return the day that an address names, written in one of the ways of a form; None where it names none."""
    for written in DAY_FORMATS if len(text) <= _LONGEST_DAY else ():
        try:
            return datetime.strptime(text, written).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def id_or_none(value: Any) -> Any:
    """Return the id a choice stands for, None for the empty one, and any other text as it is."""
    if value in {None, "", "None"}:
        return None
    is_id = str(value).isdecimal() and len(str(value)) <= LONGEST_ID
    return int(value) if is_id else value


def option(
    row_id: int, label: str, *, vietnamese: bool = False, group: str | None = None
) -> SelectChoice:
    """Return a row as a form offers it; `vietnamese`: its label is, on a page in another language."""
    attributes = {"lang": "vi"} if vietnamese else {}
    return SelectChoice(str(row_id), label, attributes, optgroup=group)


class DayField(DateField):
    """A day as officials write it, 7-4-2015: a browser's own field may put the month first."""

    widget = TextInput()

    def __init__(self, label: Any = None, validators: list[Any] | None = None, **more: Any) -> None:
        super().__init__(label, validators, format=DAY_FORMATS, **more)

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        day = self.data
        return f"{day.day}-{day.month}-{day.year}" if day else ""


def day_field(label: Any) -> DayField:
    """Return a field for a day that may be unknown."""
    return DayField(label, [Optional()])


def check_order(first: date | None, last: date | None) -> None:
    """Refuse a last day before the first."""
    if first and last and last < first:
        raise ValidationError(_("The last day is before the first."))
