"""The forms of letters: what is signed, a receipt, an explanation, another lead unit."""

from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, IntegerField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from tracker.committees.forms import UnitField
from tracker.fields import DayField
from tracker.forms import Form, Versioned
from tracker.web import local_path, today

LONGEST = 5_000  # characters of a letter
_FURTHEST = timedelta(days=366)


def check_day(day: date | None) -> None:
    """Refuse a day for an answer that has come, or is years away; none at all is another check's."""
    if day and day <= today():
        raise ValidationError(_("Give a day that is still to come."))
    if day and day > today() + _FURTHEST:
        raise ValidationError(_("Give a day within a year."))


class LetterForm(Versioned):
    """A letter to edit and sign. `rung` is the letter that was drafted, so that it is never sent twice."""

    words = TextAreaField(_l("Text of the letter"), [DataRequired(), Length(max=LONGEST)])
    answer_by = DayField(_l("Answer by"), [InputRequired()])
    rung = IntegerField(widget=HiddenInput(), validators=[Optional()])
    back = HiddenField(filters=[local_path])

    def validate_answer_by(self, field: Field) -> None:
        """Ask for an answer on a day that is still to come, and not in years."""
        check_day(field.data)


class ReceiptForm(Form):
    """A receipt: `ask` is the letter that was read."""

    ask = IntegerField(widget=HiddenInput(), validators=[Optional()])
    back = HiddenField(filters=[local_path])


class ExplanationForm(ReceiptForm):
    """The answer to a request for an explanation."""

    words = TextAreaField(_l("Explanation"), [DataRequired(), Length(max=LONGEST)])


class LeadForm(Versioned):
    """Another lead unit for a task."""

    lead_id = UnitField(_l("New lead unit"), [InputRequired()])
    words = TextAreaField(_l("Reason"), [DataRequired(), Length(max=LONGEST)])
    back = HiddenField(filters=[local_path])
