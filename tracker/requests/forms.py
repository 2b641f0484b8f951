"""The forms of extensions: what is asked for, what is decided, a wish withdrawn."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from tracker.forms import Form, Versioned
from tracker.tasks.actions import Due
from tracker.tasks.models import Task
from tracker.timing.bounds import Below, Bound, OutOfBounds, check_day
from tracker.timing.forms import DueWords
from tracker.timing.page import why
from tracker.timing.words import CHOICES
from tracker.web import local_path, today

LONGEST = 5_000  # characters of a reason or a result
GRANT, OTHER, REFUSE = "grant", "other", "refuse"
DECISIONS = (
    SelectChoice(GRANT, _l("Grant")),
    SelectChoice(OTHER, _l("Grant another date")),
    SelectChoice(REFUSE, _l("Refuse")),
)


class _Later(Versioned, DueWords):
    """A form on which a later deadline is written, in the words of officials."""

    task: Task
    parent_due: date | None = None

    def about(self, task: Task, parent_due: date | None) -> None:
        """Say whose deadline it is, and that of the task above, which is not to be passed."""
        self.task, self.parent_due = task, parent_due

    def validate_due_words(self, field: Field) -> None:
        """Read the deadline and hold it against its bounds."""
        super().validate_due_words(field)
        now, above = self.task.due_on, self.parent_due
        try:
            check_day(self.due.on, current=now, parent=above, today=today(), must_be_later=True)
        except OutOfBounds as out:
            raise ValidationError(why(out)) from out


class WishForm(_Later):
    """A wish for more time: until when, why, and how far the work is."""

    due_words = StringField(_l("Proposed deadline"), [DataRequired(), Length(max=200)])
    words = TextAreaField(
        _l("Reason"),
        [
            DataRequired(_l("Give a reason, so that whoever assigned this can decide.")),
            Length(max=LONGEST),
        ],
    )
    result = TextAreaField(_l("Result so far"), [DataRequired(), Length(max=LONGEST)])
    back = HiddenField(filters=[local_path])

    def validate_due_words(self, field: Field) -> None:
        """Ask for a day that is still to come."""
        super().validate_due_words(field)
        if self.due.on == today():
            raise ValidationError(_("Give a day that is still to come."))


class WithdrawalForm(Form):
    """A wish taken back: `ask` is the one that was seen."""

    ask = IntegerField(widget=HiddenInput(), validators=[Optional()])
    back = HiddenField(filters=[local_path])


class DecisionForm(_Later):
    """What is decided on a wish: `ask` is the one that was read."""

    ask = IntegerField(widget=HiddenInput(), validators=[Optional()])
    decision = RadioField(
        _l("Decision"), [InputRequired(_l("Choose one of the three answers."))], choices=DECISIONS
    )
    due_words = StringField(_l("Another deadline"), [Length(max=200)])
    words = TextAreaField(_l("Reason"), [Length(max=LONGEST)])
    below = RadioField(
        _l("Parts with the same deadline"),
        choices=[SelectChoice(c.value, _l(CHOICES[c])) for c in (Below.FOLLOW, Below.KEEP)],
        validate_choice=False,
    )
    back = HiddenField(filters=[local_path])

    def offer(self, sharing: Sequence[object]) -> "DecisionForm":
        """Ask what becomes of the parts, where there are any with the same deadline."""
        if not sharing:
            del self.below
        return self

    def validate_due_words(self, field: Field) -> None:
        """Read another deadline where that is granted; a day that would not count is not passed over."""
        if self.decision.data == OTHER:
            if not field.data:
                raise ValidationError(_("Fill this in."))
            super().validate_due_words(field)
        elif field.data and self.decision.data:
            raise ValidationError(
                _("This day counts only with “Grant another date”: choose that, or clear it.")
            )

    def validate_words(self, field: Field) -> None:
        """A refusal needs its reason."""
        if self.decision.data == REFUSE and not field.data:
            raise ValidationError(_("Give a reason, so that it can be followed later."))

    def validate_below(self, field: Field) -> None:
        """What is granted asks what becomes of the parts; what is refused changes nothing."""
        is_chosen = field.data in set(Below)
        if self.decision.data in {GRANT, OTHER} and not is_chosen:
            raise ValidationError(_("Choose whether they move with it."))

    @property
    def granted(self) -> Due | None:
        """Return the other deadline that is granted; nothing where it is the one asked for."""
        return self.due if self.decision.data == OTHER else None

    @property
    def chosen(self) -> Below:
        """Return what becomes of the parts."""
        return Below(self.below.data) if "below" in self else Below.KEEP

    def blame(self, out: OutOfBounds) -> None:
        """Say at the decision that the day asked for is no longer possible, else at the day."""
        field = self.due_words if self.decision.data == OTHER else self.decision
        if out.why is Bound.BELOW_BEYOND and "below" in self:
            field = self.below
        field.errors = [why(out)]
