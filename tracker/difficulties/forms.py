"""The forms of difficulties: what stands in the way, and what becomes of it."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, IntegerField, RadioField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from tracker.fields import day_field
from tracker.forms import Form
from tracker.web import local_path, today

LONGEST = 5_000
ANSWER, PASS_UP = "answer", "pass_up"


class RaisingForm(Form):
    """A difficulty: what stands in the way and what is proposed."""

    words = TextAreaField(
        _l("What stands in the way, what you propose"), [DataRequired(), Length(max=LONGEST)]
    )
    back = HiddenField(filters=[local_path])


class AnswerForm(Form):
    """What becomes of a difficulty: answered here, or passed up. `ask` is the one that was read."""

    ask = IntegerField(widget=HiddenInput(), validators=[Optional()])
    decision = RadioField(_l("Decision"), [InputRequired(_l("Choose one of the two."))])
    words = TextAreaField(_l("Answer, or a word for the level above"), [Length(max=LONGEST)])
    settled_on = day_field(_l("Settled by"))
    back = HiddenField(filters=[local_path])

    def offer(self, above: str | None) -> "AnswerForm":
        """Put on offer to answer, and to pass up where there is a level above."""
        self.decision.choices = [SelectChoice(ANSWER, _("Answer it here"))]
        if above:
            up = _("Pass it up to %(unit)s", unit=above)
            self.decision.choices.append(SelectChoice(PASS_UP, up))
        return self

    @property
    def is_passed_up(self) -> bool:
        """Tell whether the level above is to decide."""
        return bool(self.decision.data == PASS_UP)

    def validate_words(self, field: Field) -> None:
        """An answer says something."""
        if self.decision.data == ANSWER and not field.data:
            raise ValidationError(_("Write the answer."))

    def validate_settled_on(self, field: Field) -> None:
        """Nothing is settled in the past, and who passes it up names no day."""
        if field.data and self.is_passed_up:
            raise ValidationError(_("The level above names the day: clear it."))
        if field.data and field.data < today():
            raise ValidationError(_("This day has passed."))


class WithdrawalForm(Form):
    """A difficulty that is none any more: `ask` is the one that was seen."""

    ask = IntegerField(widget=HiddenInput(), validators=[Optional()])
