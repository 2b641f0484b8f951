"""The forms of tasks: what is drafted, what a move asks for, one line of progress."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import TextInput

from tracker.committees.forms import UnitField, UnitsField
from tracker.committees.queries import Choice
from tracker.deadlines.echo import AS_OF, Echo, echo_of
from tracker.deadlines.phrases import Kind, Refused
from tracker.fields import DayField, id_or_none, option
from tracker.forms import Form, Versioned, said
from tracker.rules.queries import in_force
from tracker.tasks.above import is_circle
from tracker.tasks.actions import Draft, Due, is_agreed
from tracker.tasks.models import Task
from tracker.tasks.repeating import Repeating, rest_field
from tracker.web import day_words, lang, local_path, tell, today

AGREED = ("assigner_id", "lead_id", "coordinators", "due_words", "parent_id")


class Offer(NamedTuple):
    """What the task form puts on offer: units, and ids with their words, Vietnamese or not."""

    assigners: list[Choice]
    units: list[Choice]
    plans: list[tuple[int, str, bool]]
    documents: list[tuple[int, str, bool]]
    parents: list[tuple[int, str, bool]]
    seats: list[tuple[int, str, bool]]
    clauses: list[tuple[int, str, bool]] = []  # noqa: RUF012 - never written to


class ChoiceField(SelectField):
    """One of several things, or nothing stated."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, coerce=id_or_none, choices=[], **more)

    def offer(self, options: Iterable[tuple[int, str, bool]]) -> None:
        """Put things on offer, each in the language it has words in."""
        marked = [option(row_id, words, vietnamese=vi) for row_id, words, vi in options]
        self.choices = [SelectChoice("", _("not stated")), *marked]


LONGEST_CYCLE = 366  # days


class DaysField(IntegerField):
    """A number of days, typed as text."""

    widget = TextInput()


def is_cycle(_form: Form, field: Field) -> None:
    """Refuse a review cycle of no days, or of more than a year."""
    if field.data is not None and not 1 <= field.data <= LONGEST_CYCLE:
        raise ValidationError(_("Give a number of days from 1 to %(most)s.", most=LONGEST_CYCLE))


class TaskForm(Repeating, Form):
    """A new task, saved as a draft."""

    title_vi = StringField(_l("Task"), [DataRequired(), Length(max=1000)])
    title_en = StringField(_l("Task, in English"), [Optional(), Length(max=1000)])
    assigner_id = UnitField(_l("Assigning level"), [InputRequired()])
    lead_id = UnitField(_l("Lead unit"), [InputRequired()])
    coordinators = UnitsField(_l("Co-ordinating units"))
    due_words = StringField(_l("Deadline"), [Optional(), Length(max=200)])
    repeats_until_on = DayField(_l("Repeats until the end of"))
    rest_rule = rest_field()
    review_days = DaysField(_l("Review cycle, in days"), [Optional(), is_cycle])
    product_vi = StringField(_l("Deliverable"), [Optional(), Length(max=1000)])
    product_en = StringField(_l("Deliverable, in English"), [Optional(), Length(max=1000)])
    plan_id = ChoiceField(_l("Plan"))
    document_id = ChoiceField(_l("Assigning document"))
    clause_id = ChoiceField(_l("Clause of the document"))
    parent_id = ChoiceField(_l("Part of"))
    holder_seat_id = ChoiceField(_l("Person in charge"))
    leader_seat_id = ChoiceField(_l("Leader in charge"))
    note = TextAreaField(_l("Note"), [Optional()])

    task: Task | None = None
    parent_due: date | None = None
    echo: Echo | None = None

    def offer(self, offer: Offer) -> "TaskForm":
        """Put everything on offer that the form leaves to choose."""
        kept = self.task
        self.assigner_id.offer(offer.assigners, keep=kept.assigner if kept else None)
        self.lead_id.offer(offer.units, empty=_("choose"), keep=kept.lead if kept else None)
        self.coordinators.offer(offer.units)
        self.plan_id.offer(offer.plans)
        self.document_id.offer(offer.documents)
        self.parent_id.offer(offer.parents)
        self.clause_id.offer(offer.clauses)
        for field in (self.holder_seat_id, self.leader_seat_id):
            field.offer(offer.seats)
        return self

    def validate_due_words(self, field: Field) -> None:
        """Read the deadline; what cannot be read is refused with what would be understood."""
        if not field.data:
            return
        self.echo = echo_of(field.data, on=today(), lang=lang(), read=in_force().read)
        reading = self.echo.reading
        if reading is None:
            raise ValidationError(" ".join(self.echo.lines))
        if reading.kind is Kind.ASOF:
            raise ValidationError(_(AS_OF))
        if self.parent_due and reading.due and reading.due > self.parent_due:
            day = day_words(self.parent_due)
            late = _("This is later than the parent task's deadline (%(day)s).", day=day)
            raise ValidationError(late)

    def validate_parent_id(self, field: Field) -> None:
        """Refuse a task that would be a part of itself."""
        if self.task and not field.errors and is_circle(self.task.id, field.data):
            raise ValidationError(
                _("This would close a circle: the task would be a part of itself.")
            )

    def validate_coordinators(self, field: Field) -> None:
        """A unit does not co-ordinate what it leads."""
        if self.lead_id.data in (field.data or ()):
            raise ValidationError(_("The lead unit cannot be its own co-ordinator."))

    def draft(self) -> Draft:
        """Return what was typed, as the actions take it."""
        names = set(Draft.__dataclass_fields__) - {"due", "coordinators"}
        found: dict[str, Any] = {name: said(self[name].data) for name in names}
        if not self.recurs:
            found |= {"repeats_until_on": None, "rest_rule": None}
        coordinators = tuple(dict.fromkeys(self.coordinators.data or ()))
        return Draft(**found, due=due_of(self.echo), coordinators=coordinators)


class TaskEdit(TaskForm, Versioned):
    """A correction of a task. What was agreed when it was sent is shown, and stays."""

    def __init__(self, task: Task, coordinators: Iterable[int], **more: Any) -> None:
        self.task = task
        super().__init__(obj=task, coordinators=list(coordinators), **more)
        if is_agreed(task):
            for name in AGREED:
                self[name].data = getattr(task, name, None) or self[name].object_data
                self[name].render_kw = {"disabled": True}
                self[name].validators = [Optional()]

    def validate_due_words(self, field: Field) -> None:
        """Read the deadline of a draft; an agreed one is left as it is."""
        if self.task is None or not is_agreed(self.task):
            super().validate_due_words(field)


def due_of(echo: Echo | None) -> Due:
    """Return a deadline as read, with the words as typed; nothing typed is nothing stated."""
    if echo is None or echo.reading is None:
        return Due()
    reading = echo.reading
    return Due(reading.kind.value, reading.phrase, reading.start, reading.due, reading.time)


class MoveForm(Versioned):
    """What a move asks for. `words` is the reason or a note; `back` the page to return to."""

    words = TextAreaField(_l("Note"), [Optional(), Length(max=5000)])
    day = StringField(_l("Completion date"), [Optional(), Length(max=40)])
    back = HiddenField(filters=[local_path])
    board = HiddenField()

    needs_reason = False
    needs_day = False
    done_on: date | None = None

    def ask(self, *, reason: bool, day: bool) -> None:
        """Say what this move needs."""
        self.needs_reason, self.needs_day = reason, day
        self.words.flags.required = reason
        if reason:
            self.words.label.text = _("Reason")
        self.day.flags.required = day

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the reason and the day besides what the fields say themselves."""
        return all([super().validate(extra_validators), self._has_reason(), self._has_day()])

    def _has_reason(self) -> bool:
        if self.needs_reason and not self.words.data:
            self.words.errors = [_l("Give a reason, so that it can be followed later.")]
            return False
        return True

    def _has_day(self) -> bool:
        if not self.needs_day:
            return True
        try:
            self.done_on = _past_day(self.day.data or "")
        except ValueError as error:
            self.day.errors = [error.args[0]]
            return False
        return True


def _past_day(words: str) -> date:
    try:
        reading = in_force().read(words, on=today(), lang=lang())
    except Refused as refused:
        raise ValueError(tell(refused.message, dict(refused.values))) from refused
    if reading.kind is not Kind.DATE or reading.due is None:
        raise ValueError(_l("Give one day, such as 10-4-2018."))
    if reading.due > today():
        raise ValueError(_l("This day has not come yet."))
    return reading.due


class NoteForm(Versioned):
    """One line of progress."""

    words = TextAreaField(_l("Progress"), [DataRequired(), Length(max=2000)])
    back = HiddenField(filters=[local_path])


class UndoForm(Versioned):
    """Taking the last move back."""

    back = HiddenField(filters=[local_path])
