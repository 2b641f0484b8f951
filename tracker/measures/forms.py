"""The forms of measures: what is followed, one figure of it, why it is dropped."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import TextInput

from tracker.committees.forms import UnitField
from tracker.committees.queries import Choice
from tracker.fields import day_field
from tracker.forms import Form, Versioned, said
from tracker.measures.actions import MeasureFacts, ReadingFacts
from tracker.measures.models import Direction, Measure, Reading
from tracker.measures.numbers import NotANumber, Percentage, read_number, read_percentage
from tracker.text import N_
from tracker.web import lang, number_words, tell, today

DIRECTIONS = {
    Direction.UP: N_("Counts up to the target"),
    Direction.DOWN: N_("Counts down to the target"),
    Direction.COVER: N_("Covers a number of units"),
}
TO_COME = N_("A figure is counted on a day that has come: today is {today}.")
NOTHING = N_("Enter a figure, or a percentage as the source gives it.")
BOTH = N_("Either the target is stated or only what it is below: fill in one of the two.")
NOT_BELOW = N_("A count down begins above its target.")
NEEDS_TARGET = N_("Parts can only have to make the target where one is stated.")
MOVED = N_("Somebody else has corrected this figure meanwhile. What stands now is shown beside it.")


class NumberField(StringField):
    """A number as officials type it; `number` is what was read, None where nothing was typed."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, [Length(max=40)], **more)
        self.number: Decimal | None = None

    def process_data(self, value: Any) -> None:
        """Write a stored number as it would be typed."""
        self.number = value
        self.data = None if value is None else number_words(value)

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms calls it so
        """Read what was typed, before the form looks at it."""
        self.number = None
        if not self.data:
            return
        try:
            self.number = read_number(str(self.data), lang())
        except NotANumber as wrong:
            raise ValidationError(tell(wrong.message, wrong.values)) from wrong


class MeasureForm(Form):
    """What a task is followed by. What is left empty is not stated, and never guessed."""

    name_vi = StringField(_l("What is counted"), [InputRequired(), Length(max=1000)])
    name_en = StringField(_l("What is counted, in English"), [Optional(), Length(max=1000)])
    unit_vi = StringField(_l("Unit of measure"), [InputRequired(), Length(max=1000)])
    unit_en = StringField(_l("Unit of measure, in English"), [Optional(), Length(max=1000)])
    direction = RadioField(_l("How it counts"), choices=[], default=Direction.UP.value)
    target = NumberField(_l("Target"))
    target_under = NumberField(_l("Target not stated, but below"))
    baseline = NumberField(_l("Baseline"))
    over_id = UnitField(_l("List of units to tick off"))
    from_unit_id = UnitField(_l("Handed over by"))
    must_sum = BooleanField(_l("The parts of the units have to make the target exactly"))
    year = IntegerField(_l("Year"), [Optional(), NumberRange(1900, 2100)], widget=TextInput())
    note = TextAreaField(_l("Note"), [Optional()])

    def offer(self, lists: Sequence[Choice], units: Sequence[Choice]) -> "MeasureForm":
        """Put on offer how it counts, the lists of units, and who may hand over."""
        self.direction.choices = [SelectChoice(d.value, _(w)) for d, w in DIRECTIONS.items()]
        for field, choices in ((self.over_id, lists), (self.from_unit_id, units)):
            field.offer(choices, empty=_("none"))
        return self

    def validate_target_under(self, field: Field) -> None:
        """A target is stated, or only bounded."""
        if field.data and self.target.data:
            raise ValidationError(_(BOTH))

    def validate_baseline(self, field: NumberField) -> None:
        """A count down begins above its target."""
        start, goal = field.number, self.target.number
        is_down = self.direction.data == Direction.DOWN
        if is_down and start is not None and goal is not None and start <= goal:
            raise ValidationError(_(NOT_BELOW))

    def validate_must_sum(self, field: Field) -> None:
        """Parts make a target only where there is one."""
        if field.data and not self.target.data:
            raise ValidationError(_(NEEDS_TARGET))

    def facts(self) -> MeasureFacts:
        """Return what was typed."""
        typed = ("name_vi", "name_en", "unit_vi", "unit_en", "over_id", "from_unit_id", "year")
        found: dict[str, Any] = {name: said(self[name].data) for name in (*typed, "note")}
        numbers = {name: self[name].number for name in ("target", "target_under", "baseline")}
        direction = Direction(self.direction.data)
        return MeasureFacts(
            direction=direction, must_sum=bool(self.must_sum.data), **found, **numbers
        )


class MeasureEdit(MeasureForm, Versioned):
    """A correction of a measure."""

    def __init__(self, measure: Measure, **more: Any) -> None:
        self.measure = measure
        super().__init__(obj=measure, **more)


class ReadingForm(Form):
    """One figure with the day it was counted on and where it is from."""

    value = NumberField(_l("Figure"))
    percentage = StringField(
        _l("Percentage, as the source gives it"), [Optional(), Length(max=200)]
    )
    as_of_on = day_field(_l("As of"))
    source = StringField(_l("Source"), [Optional(), Length(max=500)])

    read: Percentage | None = None

    def validate_value(self, field: Field) -> None:
        """Something has to be stated."""
        if not field.data and not self.percentage.data:
            raise ValidationError(_(NOTHING))

    def validate_percentage(self, field: Field) -> None:
        """Read the percentage and what bounds it states."""
        if not field.data:
            return
        try:
            self.read = read_percentage(field.data, lang())
        except NotANumber as wrong:
            raise ValidationError(tell(wrong.message, wrong.values)) from wrong

    def validate_as_of_on(self, field: Field) -> None:
        """Refuse a day that is still to come."""
        if isinstance(field.data, date) and field.data > today():
            raise ValidationError(tell(TO_COME, {"today": today()}))

    def facts(self, *, on_behalf: bool = False) -> ReadingFacts:
        """Return what was typed."""
        read = self.read
        return ReadingFacts(
            value=self.value.number,
            percent_words=read.words if read else None,
            percent_over=read.over if read else None,
            percent_under=read.under if read else None,
            as_of_on=self.as_of_on.data,
            source=said(self.source.data),
            on_behalf=on_behalf,
        )


class CorrectionForm(ReadingForm):
    """Another figure for one that was wrong; the old one is kept."""

    def __init__(self, reading: Reading, **more: Any) -> None:
        super().__init__(obj=reading, data={"percentage": reading.percent_words}, **more)


class RemovalForm(Versioned):
    """Why a measure is no longer followed."""

    words = TextAreaField(_l("Reason"), [InputRequired(), Length(max=5_000)])
