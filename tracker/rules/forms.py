"""The forms by which the organisation's calendar and limits are changed; each knows the rules it would make."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import (
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, NumberRange, Optional

from tracker.deadlines.calendar import LAST_YEAR
from tracker.fields import DayField, check_order, day_field, id_or_none
from tracker.forms import Versioned, said
from tracker.rules.periods import LAST_DAY
from tracker.rules.queries import Stored
from tracker.rules.values import OwnDay, Period, Rules
from tracker.rules.words import PERIODS
from tracker.web import day_words

OFF, WORKED = "off", "worked"
EXCLUSIVE, INCLUSIVE = "exclusive", "inclusive"
ALLOWED, REFUSED = "allowed", "refused"
LONGEST_RANGE = 60  # days
MOST_SOON, MOST_EXTENSIONS = 30, 20


class RuleForm(Versioned):
    """A change of the rules as they stand: looked at first, written by the second press (`confirmed`)."""

    confirmed = HiddenField()

    def __init__(self, stored: Stored, today: date, **more: Any) -> None:
        self.stored, self.today = stored, today
        super().__init__(**{"version": stored.version} | more)

    @property
    def rules(self) -> Rules:
        """Return the rules as they would be."""
        raise NotImplementedError


class DaysForm(RuleForm):
    """Days off, or one day worked."""

    kind = RadioField(
        _l("What is entered"),
        [InputRequired()],
        choices=[
            SelectChoice(OFF, _l("Day off")),
            SelectChoice(WORKED, _l("Make-up working day")),
        ],
        default=OFF,
    )
    first = DayField(_l("Day"), [InputRequired()])
    last = day_field(_l("Last day, where there are several"))
    name_vi = StringField(_l("Name in Vietnamese"))
    name_en = StringField(_l("Name in English"))

    def validate_first(self, field: Field) -> None:
        """Refuse the past, what is entered already, and what would change nothing."""
        if not field.data or field.errors:
            return
        if field.data < self.today:
            raise ValidationError(_("This day has passed; the past is not rewritten."))
        if (self.last.data or field.data).year > LAST_YEAR:
            raise ValidationError(_("Enter a day before the year %(year)s.", year=LAST_YEAR + 1))
        if self._is_sound and self.kind.data in {OFF, WORKED}:
            self._refuse_known()
            self._refuse_empty()

    def validate_last(self, field: Field) -> None:
        """Refuse an end before the beginning, a range that is too long, several days worked."""
        check_order(self.first.data, field.data)
        first, last = self.first.data, field.data
        if first and last and (last - first).days >= LONGEST_RANGE:
            raise ValidationError(
                ngettext(
                    "At most %(num)d day at a time.",
                    "At most %(num)d days at a time.",
                    LONGEST_RANGE,
                )
            )
        if self.kind.data == WORKED and first and last and last > first:
            raise ValidationError(_("Make-up working days are entered one by one."))

    @property
    def _ends(self) -> tuple[date, date]:
        first = self.first.data or self.today
        return first, self.last.data or first

    @property
    def _is_sound(self) -> bool:
        first, last = self._ends
        return first <= last < first + timedelta(days=LONGEST_RANGE)

    def _span(self) -> Iterator[date]:
        first, last = self._ends
        return (first + timedelta(days=n) for n in range((last - first).days + 1))

    def _refuse_known(self) -> None:
        known = {day.on for day in self.stored.days}
        for day in self._span():
            if day in known:
                raise ValidationError(_("%(day)s is entered already.", day=day_words(day)))

    def _refuse_empty(self) -> None:
        if self.days:
            return
        if self.kind.data == WORKED:
            raise ValidationError(_("This is a working day already."))
        raise ValidationError(_("These are days off already: there is no working day among them."))

    @property
    def days(self) -> list[OwnDay]:
        """Return the days to be entered: of a range off, those on which offices would be open."""
        is_worked, calendar = self.kind.data == WORKED, self.stored.rules.calendar
        names = (said(self.name_vi.data), said(self.name_en.data))
        found = (day for day in self._span() if calendar.is_working(day) is not is_worked)
        return [OwnDay(day, is_worked, *names) for day in found]

    @property
    def rules(self) -> Rules:
        """Return the rules with these days."""
        is_worked = self.kind.data == WORKED
        return self.stored.rules.with_days((day.on for day in self.days), is_working=is_worked)


class RemovalForm(RuleForm):
    """Own days that are to go: all from one day to another, as far as they have not passed."""

    first = DayField(_l("Day"), [InputRequired()])
    last = DayField(_l("Last day"), [InputRequired()])

    def validate_last(self, field: Field) -> None:
        """Refuse days that have passed."""
        if field.data and field.data < self.today:
            raise ValidationError(_("This day has passed; the past is not rewritten."))

    @property
    def days(self) -> list[OwnDay]:
        """Return the days to be taken out."""
        first = max(self.first.data or self.today, self.today)
        last = self.last.data or first
        return [day for day in self.stored.days if first <= day.on <= last]

    @property
    def rules(self) -> Rules:
        """Return the rules without these days."""
        return self.stored.rules.without_days(day.on for day in self.days)


def _closing_field(period: Period) -> SelectField:
    return SelectField(PERIODS[period], coerce=id_or_none, choices=[], validators=[Optional()])


class LimitsForm(RuleForm):
    """How the organisation reads and moves deadlines, and when its reports close."""

    soon = IntegerField(
        _l("Due soon: working days ahead"), [InputRequired(), NumberRange(0, MOST_SOON)]
    )
    before = RadioField(
        _l("What “before” a day means"),
        [InputRequired()],
        choices=[
            SelectChoice(
                EXCLUSIVE, _l("leaves the day itself out: the last day is the one before")
            ),
            SelectChoice(INCLUSIVE, _l("includes the day itself")),
        ],
    )
    most_extensions = IntegerField(
        _l("Extensions allowed per task"), [Optional(), NumberRange(0, MOST_EXTENSIONS)]
    )
    late_asks = RadioField(
        _l("Asking for more time after expiry"),
        [InputRequired()],
        choices=[
            SelectChoice(ALLOWED, _l("allowed; the task stays overdue until it is decided")),
            SelectChoice(REFUSED, _l("not allowed")),
        ],
    )
    month = _closing_field(Period.MONTH)
    quarter = _closing_field(Period.QUARTER)
    half = _closing_field(Period.HALF)
    nine_months = _closing_field(Period.NINE_MONTHS)
    year = _closing_field(Period.YEAR)

    def __init__(self, stored: Stored, today: date, **more: Any) -> None:
        rules = stored.rules
        now = {
            "soon": rules.soon,
            "before": EXCLUSIVE if rules.before_is_exclusive else INCLUSIVE,
            "most_extensions": rules.most_extensions,
            "late_asks": ALLOWED if rules.asks_after_expiry else REFUSED,
        }
        closing = {period.value: rules.closing.get(period) for period in Period}
        super().__init__(stored, today, **now | closing | more)
        days = [SelectChoice(str(n), str(n)) for n in range(1, LAST_DAY)]
        for field in self.closings:
            field.choices = [SelectChoice("", _("last day of the month")), *days]

    @property
    def closings(self) -> Sequence[SelectField]:
        """Return the fields of the closing days."""
        return [self.month, self.quarter, self.half, self.nine_months, self.year]

    @property
    def rules(self) -> Rules:
        """Return the rules with these limits."""
        days = {period: self[period.value].data for period in Period}
        return replace(
            self.stored.rules,
            soon=self.soon.data or 0,
            before_is_exclusive=self.before.data == EXCLUSIVE,
            most_extensions=self.most_extensions.data,
            asks_after_expiry=self.late_asks.data == ALLOWED,
            closing={period: day for period, day in days.items() if day},
        )
