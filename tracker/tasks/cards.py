"""A task as a card or a row: what stands on it, in the reader's language, and the steps the reader may take."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from tracker.clock import day_of
from tracker.committees.models import UnitKind
from tracker.policy import Verb
from tracker.tasks.glance import Fan, Glance, Named, Stored
from tracker.tasks.lifecycle import MOVES, OPEN, WORKING, Reason, State, Tie
from tracker.tasks.models import AskKind, Task
from tracker.tasks.timeliness import Timeliness, days_late, review_is_due, timeliness
from tracker.tasks.words import MOVES as MOVE_WORDS
from tracker.tasks.words import extended, slug
from tracker.web import day_html, day_words, lang, named_html

Dated = Stored | Task  # whatever has a deadline and a state
UNCLEAR = frozenset({None, "vague"})  # kinds of deadline that nobody can keep

# The steps that carry a task on, as against those that stop it or turn it back.
ONWARD = (
    Verb.SEND,
    Verb.START,
    Verb.REWORK,
    Verb.HAND_IN,
    Verb.FINISH,
    Verb.ACCEPT,
    Verb.RETURN,
    Verb.RESUME,
)


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline as it is shown: how urgent, in whose words, the day, how far off, how often it was moved."""

    kind: str
    words: str | None
    day: date | None
    count: str | None
    extended: str | None = None


class Step(NamedTuple):
    """A move the reader may make; `asks`: it needs words or a day first, so it leads to a form."""

    label: str
    url: str
    asks: bool
    target: str
    verb: Verb


class Link(NamedTuple):
    """A page on which something is asked or answered about the task."""

    label: str
    url: str
    is_pressing: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A task as a card or row shows it; the names are those that templates/_pieces.html asks for."""

    id: int
    url: str
    title: Markup
    lead: Markup
    state: str
    timeliness: str
    version: int
    due: Due | None
    plan: Markup | None
    fan: Fan | None
    measure: Any
    waits: Markup | None
    desk: Markup | None
    lacks: str | None
    moves: tuple[Step, ...]
    is_line: bool
    takes_notes: bool
    more_time: Link | None
    behalf: str | None  # that somebody else wrote down what its lead said last

    @property
    def onward(self) -> tuple[Step, ...]:
        """Return the next one or two steps."""
        return tuple(step for step in self.moves if step.verb in ONWARD)[:2]


def card(glance: Glance, today: date, soon: date) -> Card:
    """Return one task as a card; `soon` is the last day on which a deadline is near."""
    task = glance.task
    cell = cell_of(task, today)
    is_open, due = task.state in OPEN, _due(glance, cell, today, soon)
    return Card(
        id=task.id,
        url=f"/tasks/{task.id}",
        title=named_html(Named(task.title_vi, task.title_en)),
        lead=named_html(Named(task.lead_vi, task.lead_en)),
        state=task.state.value,
        timeliness=cell.value,
        version=task.version,
        due=due,
        plan=named_html(Named(task.plan_vi, task.plan_en)) if task.plan_vi else None,
        fan=glance.fan,
        measure=glance.figure,
        waits=_waits(glance, today) if is_open else None,
        desk=_desk(glance),
        lacks=_lacks(glance) if is_open else None,
        moves=tuple(_step(task.id, verb) for verb in glance.verbs if verb in MOVES),
        is_line=task.tie is Tie.LINE,
        takes_notes=Verb.NOTE in glance.verbs,
        more_time=_more_time(glance, due),
        behalf=_("entered on behalf") if glance.is_behalf else None,
    )


def cell_of(task: Dated, today: date) -> Timeliness:
    """Return how the task stands to its deadline."""
    days = (task.due_on, task.handed_in_on, task.done_on, task.done_by_on)
    return timeliness(task.state, *days, today=today)


def _step(task_id: int, verb: Verb) -> Step:
    move = MOVES[verb]
    url = f"/tasks/{task_id}/{slug(verb)}"
    return Step(_(MOVE_WORDS[verb]), url, move.reason is not Reason.NONE, move.target.value, verb)


# --- the deadline -----------------------------------------------------------------------------------


def due_of(task: Dated, cell: Timeliness, today: date, soon: date) -> Due | None:
    """Return the deadline as it is shown; none where a finished task never had one."""
    kind, moved = kind_of(task, cell, today, soon), _extended(task.slips, lang())
    if task.is_series and kind:  # its occurrences have the days
        return Due(kind, task.due_words, None, None)
    if kind is None:
        return Due("in-time", task.due_words, task.due_on, None, moved) if task.due_words else None
    return Due(kind, task.due_words, task.due_on, _COUNTS[kind](task, today), moved)


@lru_cache(maxsize=64)
def _extended(slips: int, _lang: str) -> str | None:
    """Return how often the deadline was moved; the same for every task and reader of a language."""
    return extended(slips)


def _due(glance: Glance, cell: Timeliness, today: date, soon: date) -> Due | None:
    """Return the deadline of a card: of a recurring duty its words, and the day of the next period."""
    due, task = due_of(glance.task, cell, today, soon), glance.task
    if due is None or not task.is_series or task.state is State.ON_HOLD:
        return due
    if glance.next_on is None:
        return replace(due, count=str(_("no further periods")))
    return replace(due, count=str(_("next due %(day)s", day=day_words(glance.next_on))))


def kind_of(task: Dated, cell: Timeliness, today: date, soon: date) -> str | None:
    """Return how urgent the deadline looks; none where it no longer matters."""
    is_over = task.state is State.DONE and cell is Timeliness.NO_DEADLINE
    if is_over or task.state is State.CANCELLED:
        return None
    if cell is Timeliness.NO_DEADLINE and task.due_kind in UNCLEAR:
        return "unknown"
    is_soon = task.due_on is not None and today <= task.due_on <= soon
    return "soon" if cell is Timeliness.IN_TIME and is_soon else cell.value


def _left(task: Dated, today: date) -> str:
    days = (task.due_on - today).days if task.due_on else 0
    if days < 0:
        return str(_("handed in on time"))
    return _days("left", lang(), days) if days else str(_("due today"))


def _late(task: Dated, today: date) -> int:
    return days_late(task.state, task.due_on, task.handed_in_on, task.done_on, today=today)


def idle_days(task: Dated, today: date) -> int:
    """Return how many days have passed since the last word: a note, or a move."""
    return max((today - day_of(task.moved_at)).days, 0)


def _idle(task: Dated, today: date) -> str:
    days = idle_days(task, today)
    if asks_review(task, today):
        return _cycle(lang(), days, task.review_days or 0)
    return _days("idle", lang(), days) if days else str(_("updated today"))


def asks_review(task: Dated, today: date) -> bool:
    """Tell whether the review cycle of a task has passed without a word."""
    last = day_of(task.moved_at)
    return review_is_due(task.state, task.due_on, task.review_days, last, today=today)


def _unknown(task: Dated, today: date) -> str:
    """Say that nobody can keep this, and how long nothing has been heard of it."""
    lacks = str(_("no deadline yet") if task.due_words else _("deadline not stated"))
    return f"{lacks}, {_idle(task, today)}" if task.state in OPEN else lacks


@lru_cache(maxsize=1024)
def _cycle(_lang: str, days: int, cycle: int) -> str:
    words = ngettext(
        "%(num)d day since the last update, review cycle of %(cycle)d days",
        "%(num)d days since the last update, review cycle of %(cycle)d days",
        days,
        cycle=cycle,
    )
    return str(words)


_DAYS: dict[str, Callable[[int], Any]] = {
    "overdue": lambda n: ngettext("%(num)d day overdue", "%(num)d days overdue", n),
    "late": lambda n: ngettext("done %(num)d day late", "done %(num)d days late", n),
    "left": lambda n: ngettext("%(num)d day left", "%(num)d days left", n),
    "idle": lambda n: ngettext(
        "%(num)d day since the last update", "%(num)d days since the last update", n
    ),
}


@lru_cache(maxsize=4096)
def _days(kind: str, _lang: str, days: int) -> str:
    """Return a number of days in words; the same for every task and reader of a language."""
    return str(_DAYS[kind](days))


_COUNTS: dict[str, Callable[[Dated, date], str]] = {
    "overdue": lambda task, today: _days("overdue", lang(), _late(task, today)),
    "late": lambda task, today: _days("late", lang(), _late(task, today)),
    "soon": _left,
    "in-time": _left,
    "no-deadline": _idle,
    "unknown": _unknown,
    "on-time": lambda _task, _today: _("on time"),
    "undated": lambda _task, _today: _("completion date not stated"),
}


# --- what else stands on it ---------------------------------------------------------------------------


def _desk(glance: Glance) -> Markup | None:
    if glance.desk is None:
        return None
    unit = Markup("<b>{}</b>").format(named_html(glance.desk.unit))
    words = {"unit": unit, "day": day_html(glance.desk.since)}
    if glance.desk.kind is AskKind.EXTENSION and glance.desk.until:
        asked = escape(_("More time asked for, until {until}: on the desk of {unit} since {day}"))
        return asked.format(**words, until=day_html(glance.desk.until))
    if glance.desk.kind is AskKind.DIFFICULTY:
        return escape(_("Difficulty: on the desk of {unit} since {day}")).format(**words)
    return escape(_("On the desk of {unit} since {day}")).format(**words)


def _more_time(glance: Glance, due: Due | None) -> Link | None:
    """Return where the reader decides on a wish for more time, or asks for it; the page there knows the limits."""
    task, path = glance.task, f"/tasks/{glance.task.id}"
    if glance.desk and glance.desk.kind is AskKind.EXTENSION:
        if Verb.ANSWER_EXTENSION not in glance.verbs:
            return None
        return Link(_("Answer the request for more time"), f"{path}/extension", True)
    if Verb.ASK_EXTENSION not in glance.verbs or task.state not in WORKING or not task.due_on:
        return None
    is_pressing = due is not None and due.kind in {"overdue", "soon"}
    return Link(_("Ask for more time"), f"{path}/extension-request", is_pressing)


def _waits(glance: Glance, today: date) -> Markup | None:
    """Return what the task waits for: other tasks, or a co-ordinating unit that is late."""
    if glance.waits:
        names = Markup("; ").join(named_html(name) for name in glance.waits)
        return escape(_("Waits for: {tasks}")).format(tasks=names)
    if not glance.blocking:
        return None
    line = min(glance.blocking, key=lambda line: line.due_on)
    late = _days("overdue", lang(), (today - line.due_on).days)
    words = escape(_("{unit} holds this up: its part is {late}"))
    return words.format(unit=named_html(line.unit), late=late)


def _lacks(glance: Glance) -> str | None:
    """Return what nobody has said yet and somebody should."""
    if glance.task.lead_kind is UnitKind.COLLECTIVE and glance.fan is None:
        return str(_("needs a unit"))
    return None if glance.task.state_stated else str(_("status not stated"))
