"""What the pages of deadlines show: the deadline as it is, its bound, what hangs below; the list of those without."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from tracker.committees.standings import Me
from tracker.policy import Verb
from tracker.rules.queries import soon_until
from tracker.tasks.cards import Card, card
from tracker.tasks.models import Task
from tracker.text import N_
from tracker.timing import queries
from tracker.timing.bounds import OutOfBounds, hanging
from tracker.timing.kinds import Lack
from tracker.timing.queries import Waiting
from tracker.timing.words import BOUNDS
from tracker.web import day_html, named_html, tell

GROUPS: Mapping[Lack, str] = {
    Lack.VAGUE: N_("Words that give no day"),
    Lack.UNSTATED: N_("Deadline not stated"),
    Lack.EVENT: N_("Waiting for an event"),
    Lack.STANDING: N_("Ongoing and on demand"),
}


@dataclass(frozen=True)
class Hangs:
    """What hangs below a task, named: those that share its deadline, those with a day of their own."""

    sharing: Sequence[Markup]
    others: Sequence[Markup]

    def __bool__(self) -> bool:
        return bool(self.sharing or self.others)


def hangs(task: Task) -> Hangs:
    """Return what hangs open below a task."""
    found = hanging(task, queries.below(task))
    dated = [one for one in found.others if one.due_on]
    return Hangs([_named(one, task) for one in found.sharing], [_named(one, task) for one in dated])


def _named(one: Task, task: Task) -> Markup:
    """Name a line by its unit, a child by its unit and title, both by their day."""
    named = Markup("<b>{}</b>").format(named_html(one.lead))
    if not one.is_line and one.title_vi != task.title_vi:
        named += Markup(" – {}").format(named_html(one, "title"))
    day = day_html(one.due_on) if one.due_on else escape(_("no deadline yet"))
    return named + Markup(" ({})").format(day)


def bound_words(task: Task) -> Markup | None:
    """Say how far the deadline may go, where something above bounds it."""
    above = queries.bound_of(task)
    if above is None or above.due_on is None:
        return None
    words = escape(_("No later than {day}, the deadline of the parent task “{title}”."))
    return words.format(day=day_html(above.due_on), title=named_html(above, "title"))


def names(refused: OutOfBounds, task: Task) -> list[Markup]:
    """Name what would lie behind the new day."""
    found = {one.id: one for one in queries.below(task)}
    return [_named(found[one.id], task) for one in refused.below if one.id in found]


def why(refused: OutOfBounds) -> str:
    """Say why a deadline may not be moved there."""
    return tell(BOUNDS[refused.why], {"day": refused.day} if refused.day else {})


# --- the list of those without a deadline ------------------------------------------------------------------


class Row(NamedTuple):
    """A task without a day; `tick`: the reader sets its deadline, `starts`: or says what it waited for happened."""

    card: Card
    lain: str
    tick: str | None
    starts: bool


class Group(NamedTuple):
    """The tasks that lack the same; standing duties need no date and stay folded."""

    id: str
    label: str
    rows: list[Row]
    is_folded: bool


def groups(me: Me, today: date) -> list[Group]:
    """Return the tasks whose deadline `me` has still to set, by what they lack."""
    soon = soon_until(today)
    return [
        Group(
            lack.value,
            _(GROUPS[lack]),
            [_row(one, today, soon) for one in found],
            lack is Lack.STANDING,
        )
        for lack, found in queries.undated(me, today).items()
    ]


def _row(waiting: Waiting, today: date, soon: date) -> Row:
    task, verbs = waiting.glance.task, waiting.glance.verbs
    days = (today - waiting.since).days
    lain = ngettext("given %(num)d day ago", "given %(num)d days ago", days)
    return Row(
        card=card(waiting.glance, today, soon),
        lain=str(lain if days else _("given today")),
        tick=f"{task.id}.{task.version}.0" if Verb.SET_DEADLINE in verbs else None,
        starts=waiting.lack is Lack.EVENT and Verb.START_CLOCK in verbs,
    )
