"""A deadline in the words of a calendar: what is most important stands first, a narrow column shows no more."""

from collections.abc import Iterator
from datetime import date, datetime
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.clock import midnight_after
from tracker.deadlines.calendar import ONE_DAY
from tracker.feeds.entries import Entry
from tracker.feeds.models import Covers
from tracker.feeds.queries import MOST, Dated
from tracker.rules.values import Rules
from tracker.tasks.board_words import STATES
from tracker.tasks.glance import Named
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.timeliness import Timeliness, days_late, timeliness
from tracker.tasks.words import extended
from tracker.text import N_
from tracker.web import day_words, hour_words, named

NAMES = {
    Covers.OWN: N_("Tiến Độ: deadlines of my units"),
    Covers.BRANCH: N_("Tiến Độ: deadlines of the whole branch"),
}
_DONE = {
    Timeliness.ON_TIME: N_("Completed on time"),
    Timeliness.LATE: N_("Completed late"),
    Timeliness.UNDATED: N_("Completed"),
}


def name_of(covers: Covers) -> str:
    """Return how the calendar is called in a program."""
    return str(_(NAMES[covers]))


def about(number: int, today: date) -> str:
    """Return what the calendar holds, and whether that is all."""
    told = _("As of {day}. The site has the tasks as they stand now.")
    cut = _("These are the {number} deadlines nearest to today; there are more on the site.")
    return " ".join(
        (told.format(day=day_words(today)), *([cut.format(number=MOST)] if number >= MOST else []))
    )


class Teller:
    """Puts deadlines into words on a day, by the organisation's rules; links lead to `public_url`."""

    def __init__(self, today: date, rules: Rules, public_url: str) -> None:
        self.today, self.soon = today, rules.soon_until(today)
        self.public_url = public_url
        self.host = urlsplit(public_url).netloc

    def entry(self, task: Dated) -> Entry:
        """Return one task as an entry of a calendar."""
        cell, late = self._cell(task), self._late(task)
        fact, category = self._fact(task, cell, late)
        return Entry(
            uid=f"task-{task.id}@{self.host}",
            day=task.due_on,
            hour=task.due_time,
            summary=" ".join(filter(None, (f"[{fact}]" if fact else "", _title(task)))),
            description="\n".join(self._lines(task, fact)),
            url=f"{self.public_url}/tasks/{task.id}",
            category=category,
            is_firm=task.state is not State.ON_HOLD,
            version=task.version,
            changed_at=self._changed_at(task),
        )

    def _cell(self, task: Dated) -> Timeliness:
        days = (task.due_on, task.handed_in_on, task.done_on, task.done_by_on)
        return timeliness(task.state, *days, today=self.today)

    def _late(self, task: Dated) -> int:
        days = (task.due_on, task.handed_in_on, task.done_on)
        return days_late(task.state, *days, today=self.today)

    def _fact(self, task: Dated, cell: Timeliness, late: int) -> tuple[str | None, str]:
        """Return what a reader must know first, and under which word a program may sort the entry."""
        state = str(_(STATES[task.state]))
        if task.state is State.DONE:
            return str(_(_DONE[cell])), str(_(_DONE[cell]))
        if cell is Timeliness.OVERDUE:
            words = ngettext("%(num)d day overdue", "%(num)d days overdue", late)
            return _first_large(words), str(_("Overdue"))
        if task.state in {State.SUBMITTED, State.ON_HOLD}:
            return state, state
        return self._ahead(task)

    def _ahead(self, task: Dated) -> tuple[str | None, str]:
        """Return the same where work goes on and the deadline has not passed."""
        if task.due_on == self.today:
            return str(_("Due today")), str(_("Due soon"))
        is_soon = task.due_on <= self.soon
        words = str(_("Due soon") if is_soon else _("In time"))
        return words if is_soon else None, words

    def _lines(self, task: Dated, fact: str | None) -> Iterator[str]:
        yield _("Deadline: {words}").format(
            words=_deadline(task.due_words, task.due_on, task.due_time)
        )
        yield _("Lead unit: {unit}").format(unit=named(Named(task.lead_vi, task.lead_en)))
        stands = [] if task.state is State.DONE else [str(_(STATES[task.state]))]
        stands += [fact] if fact and fact not in stands else []
        yield _("State: {state}").format(state=", ".join(stands))
        if task.slips:
            first = _deadline(task.first_due_words, task.first_due_on)
            yield _("Original deadline: {words}").format(words=first)
            yield f"{extended(task.slips)}."

    def _changed_at(self, task: Dated) -> datetime:
        """Return when the entry last read otherwise: at midnight, where it counts the days."""
        is_still = task.state in {State.DONE, State.SUBMITTED} or task.due_on > self.soon
        begun = midnight_after(self.today - ONE_DAY)
        return task.changed_at if is_still else max(task.changed_at, begun)


def _title(task: Dated) -> str:
    title = named(task, "title")
    is_line = task.tie is Tie.LINE
    return _("Co-ordinator's part: {task}").format(task=title) if is_line else title


def _deadline(words: str | None, day: date | None, hour: object = None) -> str:
    """Return a deadline as it was written, and the day it means where the words do not say it."""
    told = day_words(day) if day else ""
    if hour is not None:
        told = f"{told}, {hour_words(hour)}"  # type: ignore[arg-type]
    if not words or words == told:
        return told
    return f"{words} ({told})" if told and told not in words else words


def _first_large(words: str) -> str:
    return words[:1].upper() + words[1:]
