"""The forms of deadlines: a first one or another day, an event that happened, one day for many."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from tracker.deadlines.echo import AS_OF, Echo, echo_of
from tracker.deadlines.phrases import Kind
from tracker.fields import DayField
from tracker.forms import Form, Versioned
from tracker.rules.queries import in_force
from tracker.tasks.actions import Due
from tracker.tasks.forms import due_of
from tracker.timing.bounds import Below, Bound
from tracker.timing.words import BEFORE_GIVEN, BOUNDS, CHOICES, LATER_THAN_TODAY, NEEDS_REASON
from tracker.web import lang, local_path, tell, today

LONGEST = 200  # characters of a deadline
_COUNTED_FROM = {"vi": "{words} kể từ ngày {day}", "en": "{words} from {day}"}


class DueWords(Form):
    """A deadline in words that must give a day; `echo` is what was read out of them."""

    due_words = StringField(_l("Deadline"), [DataRequired(), Length(max=LONGEST)])

    echo: Echo | None = None

    def validate_due_words(self, field: Field) -> None:
        """Read the deadline; what cannot be read or gives no day is refused with the reason."""
        self.echo = self.read(str(field.data))
        reading = self.echo.reading
        if reading is None:
            raise ValidationError(" ".join(self.echo.lines))
        if reading.kind is Kind.ASOF:
            raise ValidationError(_(AS_OF))
        if reading.kind is Kind.RECURRING:
            raise ValidationError(_(BOUNDS[Bound.SERIES]))
        if reading.due is None:
            raise ValidationError(_(BOUNDS[Bound.NO_DAY]))

    def read(self, words: str) -> Echo:
        """Read the words as told from today."""
        return echo_of(words, on=today(), lang=lang(), read=in_force().read)

    @property
    def due(self) -> Due:
        """Return the deadline that was typed."""
        return due_of(self.echo)


class DeadlineForm(Versioned, DueWords):
    """A first deadline, or another for the agreed one. `place`: the list in whose row it was typed."""

    words = TextAreaField(_l("Reason"), [Optional(), Length(max=5_000)])
    below = RadioField(
        _l("What is part of this task"),
        choices=[],
        default=Below.FOLLOW.value,
    )
    back = HiddenField(filters=[local_path])
    place = HiddenField()

    needs_reason = False

    def ask(self, *, reason: bool) -> None:
        """Say whether a reason is needed, and what the choice is."""
        self.needs_reason = self.words.flags.required = reason
        choices = [SelectChoice(choice.value, _(label)) for choice, label in CHOICES.items()]
        self.below.choices = choices

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the reason besides what the fields say themselves."""
        is_valid = super().validate(extra_validators)
        if self.needs_reason and not self.words.data:
            self.words.errors = [_(NEEDS_REASON)]
            return False
        return is_valid

    @property
    def choice(self) -> Below:
        """Return what becomes of what hangs below."""
        return Below(self.below.data)


class OccasionForm(DeadlineForm):
    """The day on which something happened, and the deadline counted from it."""

    happened_on = DayField(_l("It happened on"), [InputRequired()])
    words = TextAreaField(_l("Note"), [Optional(), Length(max=5_000)])

    given_on: date | None = None

    def validate_happened_on(self, field: Field) -> None:
        """Take a day that has come, and on which the task had been given."""
        if field.data and field.data > today():
            raise ValidationError(_(LATER_THAN_TODAY))
        if field.data and self.given_on and field.data < self.given_on:
            raise ValidationError(tell(BEFORE_GIVEN, {"day": self.given_on}))

    def read(self, words: str) -> Echo:
        """Read the words as told from the day on which it happened; a bare number of days is counted from there."""
        day = self.happened_on.data
        on = day if isinstance(day, date) else today()
        said = echo_of(words, on=on, lang=lang(), read=in_force().read)
        if said.is_read or not isinstance(day, date):
            return said
        counted = [
            pattern.format(words=words, day=_written(day)) for pattern in _COUNTED_FROM.values()
        ]
        tried = (echo_of(one, on=on, lang=lang(), read=in_force().read) for one in counted)
        return next((echo for echo in tried if echo.is_read), said)


def _written(day: date) -> str:
    """Write a day as both languages of deadlines read it."""
    return f"{day.day}-{day.month}-{day.year}"


class ManyForm(DueWords):
    """One deadline for all that are ticked."""

    def validate_due_words(self, field: Field) -> None:
        """Take a day that has not passed; what bounds each task is looked at task by task."""
        super().validate_due_words(field)
        if self.due.on and self.due.on < today():
            raise ValidationError(tell(BOUNDS[Bound.PAST], {"day": today()}))
