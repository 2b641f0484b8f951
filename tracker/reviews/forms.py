"""The forms of one step for many tasks."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from tracker.committees.forms import UnitField
from tracker.fields import DayField
from tracker.forms import Form
from tracker.letters.forms import LONGEST, check_day
from tracker.timing.forms import ManyForm
from tracker.web import local_path


class TicksField(Field):
    """What was ticked, in the order it was sent."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Keep every value; whoever reads them ignores what is none."""
        self.data = list(valuelist)


class TogetherForm(Form):
    """What every step for many tasks carries; `confirmed`: the tasks were looked at together first."""

    row = TicksField()
    back = HiddenField(filters=[local_path])
    confirmed = HiddenField()

    words: TextAreaField


class LettersForm(TogetherForm):
    """A letter for each of the ticked tasks."""

    answer_by = DayField(_l("Answer by"), [InputRequired()])
    words = TextAreaField(_l("Text to add to each letter"), [Optional(), Length(max=2000)])

    def validate_answer_by(self, field: Field) -> None:
        """Ask for an answer on a day that is still to come, and not in years."""
        check_day(field.data)


class DeadlinesForm(TogetherForm, ManyForm):
    """One deadline for all of the ticked tasks."""

    words = TextAreaField(_l("Reason"), [DataRequired(), Length(max=LONGEST)])


class LeadsForm(TogetherForm):
    """Another lead unit for all of the ticked tasks."""

    lead_id = UnitField(_l("New lead unit"), [InputRequired()])
    words = TextAreaField(_l("Reason"), [DataRequired(), Length(max=LONGEST)])
