"""The forms for the parts of co-ordinators and for the word of a unit without accounts."""

from collections.abc import Collection
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from tracker.committees.forms import UnitField
from tracker.fields import DayField
from tracker.forms import Versioned
from tracker.policy import Verb
from tracker.requests.behalf import DATED, Way, Word
from tracker.requests.part_words import ONLY_WORDS, STEPS, WAYS
from tracker.timing.forms import LONGEST, DueWords
from tracker.timing.words import BEFORE_GIVEN, LATER_THAN_TODAY
from tracker.web import local_path, tell, today

LONGEST_WORDS = 2_000  # characters, as of a line of progress


class CoordinatorForm(Versioned, DueWords):
    """A unit called in to co-ordinate; nothing typed as its deadline: that of the task."""

    unit_id = UnitField(_l("Co-ordinating unit"), [InputRequired()])
    due_words = StringField(_l("Deadline of its part"), [Optional(), Length(max=LONGEST)])
    words = TextAreaField(_l("What it is asked for"), [Optional(), Length(max=LONGEST_WORDS)])
    back = HiddenField(filters=[local_path])


class WordForm(Versioned):
    """What a unit without accounts said. `given_on`: the day on which the task was sent, if that is known."""

    said_by = StringField(_l("Who said it"), [DataRequired(), Length(max=200)])
    way = RadioField(_l("By which way"), [InputRequired()], choices=[])
    words = TextAreaField(_l("What was said"), [DataRequired(), Length(max=LONGEST_WORDS)])
    step = RadioField(_l("What it has done"), choices=[], default="")
    day = DayField(_l("On which day"), [Optional()])
    back = HiddenField(filters=[local_path])

    given_on: date | None = None

    def offer(self, steps: Collection[Verb]) -> "WordForm":
        """Put the ways on offer, and what the unit can have done."""
        self.way.choices = [SelectChoice(way.value, _(words)) for way, words in WAYS.items()]
        done = [SelectChoice(step.value, _(STEPS[step])) for step in steps]
        self.step.choices = [SelectChoice("", _(ONLY_WORDS)), *done]
        return self

    def validate_day(self, field: Field) -> None:
        """Take a day that has come, and on which the unit had the task."""
        if field.data and field.data > today():
            raise ValidationError(_(LATER_THAN_TODAY))
        if field.data and self.given_on and field.data < self.given_on:
            raise ValidationError(tell(BEFORE_GIVEN, {"day": self.given_on}))

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the day where one belongs to what was done, besides what the fields say themselves."""
        is_valid = super().validate(extra_validators)
        is_dated = self.step.data in {step.value for step in DATED}
        if is_dated and not self.day.data and not self.day.errors:
            self.day.errors = [_("Give the day on which it was done.")]
            return False
        return is_valid

    @property
    def word(self) -> Word:
        """Return what was typed."""
        step = Verb(self.step.data) if self.step.data else None
        way, words = Way(self.way.data), self.words.data or ""
        return Word(self.said_by.data or "", way, words, step, self.day.data)
