"""The form of a quick entry: lines as typed, and each as understood."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from tracker.committees.forms import UnitField
from tracker.committees.queries import Choice
from tracker.deadlines.echo import AS_OF, Echo, echo_of
from tracker.deadlines.phrases import Kind
from tracker.drafting.lines import MOST_LINES, Line, Names, Slip, read_lines
from tracker.forms import Form
from tracker.rules.queries import in_force
from tracker.tasks.actions import Draft
from tracker.tasks.forms import due_of
from tracker.text import N_
from tracker.web import lang, number_words, tell, today

SLIPS = {
    Slip.NO_TITLE: N_("Write the task first."),
    Slip.NO_LEAD: N_("Name the lead unit after @."),
    Slip.TWO_LEADS: N_("One unit leads; put @@ before those that co-ordinate."),
    Slip.UNKNOWN_UNIT: N_("No unit is called “{words}”."),
    Slip.MANY_UNITS: N_("“{words}” fits several units ({fitting}): write more of the name."),
    Slip.UNKNOWN_PLAN: N_("No plan that you may see is called “{words}”."),
    Slip.MANY_PLANS: N_("“{words}” fits several plans ({fitting}): write more of the title."),
    Slip.TWO_PLANS: N_("A task belongs to one plan."),
    Slip.OWN_CO_ORDINATOR: N_("The lead unit cannot be its own co-ordinator."),
}
RECURRING = N_("A recurring duty is drafted on its own page, where its end is said.")
NOTHING = N_("Write at least one line.")
TOO_MANY = N_("At most {most} lines at once; there are {has}.")
_NAMED = 3  # of all that a word may mean
_LONGEST, _LONGEST_TITLE = 20_000, 1_000


@dataclass
class Entry:
    """A line as understood, with its deadline, and every reason why it cannot be saved."""

    line: Line
    echo: Echo | None
    wrong: list[str]

    def draft(self, assigner_id: int) -> Draft:
        """Return the task as the actions take it."""
        line = self.line
        return Draft(
            line.title,
            line.lead_id or 0,
            assigner_id,
            plan_id=line.plan_id,
            due=due_of(self.echo),
            coordinators=tuple(line.coordinators),
        )


class QuickForm(Form):
    """Several tasks, one in each line. `once` tells a second press of the button from a second entry."""

    assigner_id = UnitField(_l("Assigning level"), [InputRequired()])
    lines = TextAreaField(
        _l("Tasks, one in each line"), [InputRequired(_l(NOTHING)), Length(max=_LONGEST)]
    )
    words = TextAreaField(
        _l("Reason, where something is not clear yet"), [Optional(), Length(max=5_000)]
    )
    once = HiddenField()

    def offer(self, assigners: list[Choice]) -> "QuickForm":
        """Put on offer in whose name the tasks may be assigned."""
        self.assigner_id.offer(assigners)
        return self

    def read(self, units: Names, plans: Names) -> list[Entry]:
        """Return each line as understood."""
        typed = str(self.lines.data or "")[:_LONGEST]
        return [_entry(line) for line in read_lines(typed, units, plans)]

    def validate_lines(self, field: Field) -> None:
        """Refuse nothing, and more than can be looked through."""
        count = len([line for line in str(field.data or "").splitlines() if line.strip()])
        if not count:
            raise ValidationError(_(NOTHING))
        if count > MOST_LINES:
            told = {"most": number_words(MOST_LINES), "has": number_words(count)}
            raise ValidationError(tell(TOO_MANY, told))


def _entry(line: Line) -> Entry:
    wrong = [
        tell(SLIPS[slip], {"words": words, "fitting": _some(fitting)})
        for slip, words, fitting in line.slips
    ]
    if len(line.title) > _LONGEST_TITLE:
        wrong.append(
            _("Shorten the task to %(most)s characters.", most=number_words(_LONGEST_TITLE))
        )
    echo = _echo(line.due_words) if line.due_words else None
    return Entry(line, echo, wrong + _wrong(echo))


def _some(names: Sequence[str]) -> str:
    """Return the first few of what a word may mean."""
    more = ["..."] if len(names) > _NAMED else []
    return "; ".join([*names[:_NAMED], *more])


def _echo(words: str) -> Echo:
    return echo_of(words, on=today(), lang=lang(), read=in_force().read)


def _wrong(echo: Echo | None) -> list[str]:
    if echo is None:
        return []
    if echo.reading is None:
        return list(echo.lines)
    kinds: dict[Any, str] = {Kind.ASOF: AS_OF, Kind.RECURRING: RECURRING}
    return [_(kinds[echo.reading.kind])] if echo.reading.kind in kinds else []
