"""The forms of seats that change hands."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField, ValidationError
from wtforms.validators import InputRequired

from tracker.fields import DayField
from tracker.forms import Form
from tracker.people.models import Person
from tracker.seats.actions import Span
from tracker.seats.queries import Desk, called
from tracker.text import N_
from tracker.web import day_words, tell, today

NOBODY = N_("No account in use has this name. An administrator adds and invites the person first.")
SEVERAL = N_(
    "Several people have this name ({units}). Write the unit behind a comma, or the e-mail address."
)
HOLDS = N_("This person holds the seat already.")
ONESELF = N_("Nobody gives a seat to themselves: somebody else enters it, or an administrator.")
PAST = N_("The past is not rewritten: name today or a later day.")
TOO_SOON = N_("{holder} has held the seat since {day} only: name a later day.")
BEYOND = N_("The holder leaves the seat on {day}: nobody stands in beyond that.")
OVERLAPS = N_("This person stands in from {first} to {last} already.")


class SeatForm(Form):
    """Whom a seat goes to. `held` is who held it when the form was shown."""

    person = StringField(_l("To whom"), [InputRequired()])
    held = HiddenField()
    taker: Person | None = None

    def __init__(self, desk: Desk, by: Person | None, **more: Any) -> None:
        self.desk, self.by = desk, by
        super().__init__(held=_state_of(desk), **more)

    @property
    def is_outdated(self) -> bool:
        """Tell whether the seat has changed hands since the form was shown."""
        return str(self.held.data) != _state_of(self.desk)

    def refresh(self) -> None:
        """Show what holds now, and keep what was typed."""
        self.held.data = _state_of(self.desk)

    def validate_person(self, field: Field) -> None:
        """Refuse a name that means nobody or several, who holds the seat, and whoever enters it."""
        self.taker = _one(str(field.data or ""))
        if self.desk.holder is not None and self.desk.holder.person_id == self.taker.id:
            raise ValidationError(_(HOLDS))
        if self.taker is self.by:
            raise ValidationError(_(ONESELF))


def _one(words: str) -> Person:
    """Return the only person whom the words mean; raises ValidationError."""
    found = called(words, today())
    if not found:
        raise ValidationError(_(NOBODY))
    if len(found) > 1:
        raise ValidationError(tell(SEVERAL, {"units": "; ".join(filter(None, found.values()))}))
    return next(iter(found))


class HandoverForm(SeatForm):
    """A seat goes to somebody else from a day on."""

    from_on = DayField(_l("From"), [InputRequired()])

    @property
    def day(self) -> date:
        """Return the first day of the new holder; only of a form that is valid."""
        return self.from_on.data or today()

    def validate_from_on(self, field: Field) -> None:
        """Refuse a day in the past, and one on which the holder has just begun."""
        _refuse_past(field.data)
        holder = self.desk.holder
        if holder is not None and field.data <= holder.from_on:
            told = {"holder": holder.person.name, "day": day_words(holder.from_on)}
            raise ValidationError(tell(TOO_SOON, told))


class SubstituteForm(SeatForm):
    """Somebody stands in for the holder for a time."""

    from_on = DayField(_l("From"), [InputRequired()])
    to_on = DayField(_l("Until"), [InputRequired()])

    def validate_from_on(self, field: Field) -> None:
        """Refuse a day in the past."""
        _refuse_past(field.data)

    def validate_to_on(self, field: Field) -> None:
        """Refuse an end before the beginning, beyond the holder's own, or within the same person's other time."""
        first, last, holder = self.from_on.data, field.data, self.desk.holder
        if first is None or holder is None:
            return
        if last < first:
            raise ValidationError(_("The last day is before the first."))
        if holder.to_on is not None and last > holder.to_on:
            raise ValidationError(tell(BEYOND, {"day": day_words(holder.to_on)}))
        for tenure in self.desk.substitutes:
            is_same = self.taker is not None and tenure.person_id == self.taker.id
            if is_same and tenure.from_on <= last and (tenure.to_on or last) >= first:
                days = {"first": day_words(tenure.from_on), "last": day_words(tenure.to_on or last)}
                raise ValidationError(tell(OVERLAPS, days))

    def span(self) -> Span:
        """Return the days that were typed; only of a form that is valid."""
        first = self.from_on.data or today()
        return Span(first, self.to_on.data or first)


def _refuse_past(day: date) -> None:
    if day < today():
        raise ValidationError(_(PAST))


def _state_of(desk: Desk) -> str:
    """Return in short who holds and who will: another text means that the seat has changed hands."""
    return "-".join(str(tenure.id) for tenure in (desk.holder, desk.promised) if tenure)
