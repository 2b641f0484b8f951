"""What the task form asks of a recurring duty: until when it repeats, what becomes of a day of rest."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from tracker.fields import DayField
from tracker.rules.queries import in_force
from tracker.tasks.actions import is_agreed
from tracker.tasks.lifecycle import RestRule
from tracker.tasks.models import Task
from tracker.tasks.periods import Pattern, Period, latest_end, recurs, to_come
from tracker.web import day_words, today

SHOWN = 5  # periods of a preview
REST_RULES = {
    RestRule.STAY: _l("it stays on that day"),
    RestRule.BEFORE: _l("it is the last working day before"),
    RestRule.AFTER: _l("it is the first working day after"),
}


@dataclass(frozen=True)
class Preview:
    """The next periods of a duty, and how many there will be in all."""

    first: tuple[Period, ...]
    count: int


def rest_rule(value: Any) -> Any:
    """Return the rule a choice stands for; any other text as it is."""
    return RestRule(value) if value in set(RestRule) else value


def rest_field() -> SelectField:
    """Return the field for what becomes of a due day on a day of rest."""
    return SelectField(
        _l("When the due day is a day of rest"),
        coerce=rest_rule,
        choices=[SelectChoice(rule.value, words) for rule, words in REST_RULES.items()],
        filters=[lambda rule: rule or RestRule.STAY],
    )


class Repeating:
    """The part of the task form that a recurring duty has besides."""

    task: Task | None
    parent_due: date | None
    due_words: Field
    repeats_until_on: DayField
    rest_rule: SelectField

    @property
    def recurs(self) -> bool:
        """Tell whether the deadline is that of a duty that comes round; one sent long ago stays what it was."""
        if self.task is not None and is_agreed(self.task):
            return self.task.is_series and not self.task.is_line
        return recurs(self.due_words.data)

    @property
    def preview(self) -> Preview | None:
        """Return what the duty comes to, where its end is known."""
        if not self.recurs or self.repeats_until_on.errors or self.repeats_until_on.data is None:
            return None
        found = self._periods(self.repeats_until_on.data)
        first = tuple(islice(found, SHOWN))
        return Preview(first, len(first) + sum(1 for _period in found)) if first else None

    def suggest(self) -> None:
        """Ask for the end; into a field nobody has seen yet, put the end of the year of the first due day."""
        until = self.repeats_until_on
        until.flags.required = True
        if until.data is None and not until.raw_data:
            first = self._first_due() if self.recurs else None
            year = (first or today()).year
            until.data = min(filter(None, [date(year, 12, 31), self.parent_due]))

    def validate_repeats_until_on(self, field: Field) -> None:
        """Ask for the end of a duty; a task that does not come round has none."""
        if not self.recurs:
            field.errors, field.data = [], None
        elif not any(field.raw_data or ()):
            field.errors = []
            self.suggest()
            raise ValidationError(_("This deadline recurs. Enter the day until which it repeats."))
        elif field.data is not None and not self._is_kept(field.data):
            self._check_end(field.data)

    def _is_kept(self, until: date | None) -> bool:
        return bool(self.task and is_agreed(self.task) and until == self.task.repeats_until_on)

    def _check_end(self, until: date) -> None:
        latest = latest_end(today())
        if until < today():
            raise ValidationError(_("This day has passed."))
        if until > latest:
            day = day_words(latest)
            raise ValidationError(_("A duty may repeat for ten years, until %(day)s.", day=day))
        if self.parent_due and until > self.parent_due:
            day = day_words(self.parent_due)
            late = _("This is later than the parent task's deadline (%(day)s).", day=day)
            raise ValidationError(late)
        self._check_first(until)

    def _check_first(self, until: date) -> None:
        if (self.task and is_agreed(self.task)) or next(self._periods(until), None):
            return
        first = self._first_due()
        if first is None:
            raise ValidationError(_("No period falls due by then."))
        day = day_words(first)
        raise ValidationError(_("No period falls due by then: the first is due %(day)s.", day=day))

    def _first_due(self) -> date | None:
        return next((one.due_on for one in self._periods(latest_end(today()))), None)

    def _periods(self, until: date) -> Iterator[Period]:
        rule = self.rest_rule.data
        rest = rule if isinstance(rule, RestRule) else RestRule.STAY
        pattern = Pattern(self.due_words.data or "", until, rest, self.parent_due)
        return to_come(pattern, today(), in_force())
