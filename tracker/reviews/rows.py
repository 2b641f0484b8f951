"""An overdue task as a row of the list: what it says in the reader's language, and what may be done on the spot."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from tracker.clock import day_of
from tracker.deadlines.calendar import Calendar
from tracker.letters.queries import Sent, case_of
from tracker.letters.rungs import Case, next_rung
from tracker.letters.slips import LETTERS, LetterStep, steps
from tracker.letters.words import name_of
from tracker.policy import Verb
from tracker.reviews.overdue import By, Row
from tracker.rules.queries import in_force
from tracker.rules.values import Rules
from tracker.tasks.cards import Card, Step, card
from tracker.tasks.glance import Named, Stored
from tracker.tasks.lifecycle import WORKING, State
from tracker.tasks.models import AskKind
from tracker.web import day_html, lang, named_html

_KEPT = 5_000  # rows of each worker; about 10 MB
_MOVING = frozenset(
    {Verb.REASSIGN, Verb.SET_DEADLINE}
)  # what one may do to a task of one's own unit, too
_BLOCKING = 3  # late co-ordinators that a row names


class Frame(NamedTuple):
    """Where a row stands: in which list, where its steps return to, on which day, in which language, by which rules."""

    by: By
    back: str
    day: date
    lang: str
    rules: Rules


@dataclass(frozen=True, slots=True)
class RowView:
    """What the template of a row asks for."""

    card: Card
    tick: str | None
    is_ticked: bool
    facts: list[str]
    desk: Markup | None
    blocking: Markup | None
    waits: Markup | None
    last_on: date | None
    last: str | None
    last_is_behalf: bool
    letters: list[Markup]
    steps: list[LetterStep]
    moves: list[Step]
    back: str
    by_plan: bool


@lru_cache(maxsize=_KEPT)
def html(row: Row, frame: Frame, *, is_own: bool, is_ticked: bool = False) -> Markup:
    """Return a row, kept as long as what it says stays the same; it holds nothing of a session."""
    macros: Any = current_app.jinja_env.get_template("overdue/_row.html").module
    shown = view(row, frame, is_own=is_own, is_ticked=is_ticked)
    return Markup(macros.row(shown))  # noqa: S704 - what a template has escaped


def view(row: Row, frame: Frame, *, is_own: bool, is_ticked: bool) -> RowView:
    """Return one row in words."""
    task, verbs = row.glance.task, row.glance.verbs
    own = {task.lead_id} if is_own else ()
    asks_time = row.glance.asks_time
    case = case_of(task, task.lead_kind, row.sent, own=own, today=frame.day, asks_time=asks_time)
    shown = card(row.glance, frame.day, frame.rules.soon_until(frame.day))
    may_tick = not is_own and any(verb in verbs for verb in LETTERS)
    return RowView(
        card=shown,
        tick=_tick(row, case) if may_tick or _MOVING & set(verbs) else None,
        is_ticked=is_ticked,
        facts=_facts(row, frame),
        desk=shown.desk or _lead_desk(row),
        blocking=_blocking(row),
        waits=_waits(row),
        last_on=day_of(row.last.at) if row.last else None,
        last=row.last.words if row.last else None,
        last_is_behalf=row.last is not None and row.last.is_behalf,
        letters=[_letter(sent) for sent in row.sent if sent.to_unit_id == task.lead_id],
        steps=steps(task.id, case, verbs),
        moves=[move for move in shown.moves if move.verb in {Verb.ACCEPT, Verb.RETURN}],
        back=quote(f"{frame.back}#task-{task.id}", safe=""),
        by_plan=frame.by is By.PLAN,
    )


def _tick(row: Row, case: Case) -> str:
    """Return what a tick sends: the task, the version and the letter that the reader saw."""
    task = row.glance.task
    return f"{task.id}.{task.version}.{next_rung(case.rungs) or 0}"


def _facts(row: Row, frame: Frame) -> list[str]:
    task = row.glance.task
    until = task.handed_in_on if task.state is State.SUBMITTED and task.handed_in_on else frame.day
    days = _working_days(task.due_on, until, frame.rules.calendar) if task.due_on else 0
    return [ngettext("%(num)d working day overdue", "%(num)d working days overdue", days)]


@lru_cache(maxsize=4096)
def _working_days(due_on: date, until: date, calendar: Calendar) -> int:
    return calendar.working_days_between(due_on, until)


def _lead_desk(row: Row) -> Markup | None:
    """Say since when it lies with its lead, where nobody else has to answer."""
    task = row.glance.task
    if row.since is None or task.state not in WORKING:
        return None
    words = escape(_("On the desk of {unit} since {day}"))
    unit = Markup("<b>{}</b>").format(_lead(task))
    return words.format(unit=unit, day=day_html(day_of(row.since)))


def _lead(task: Stored) -> Markup:
    return named_html(Named(task.lead_vi, task.lead_en))


def _blocking(row: Row) -> Markup | None:
    """Name the late co-ordinators, the worst first."""
    late = sorted(row.glance.blocking, key=lambda line: line.due_on)
    if not late:
        return None
    names = [named_html(line.unit) for line in late[:_BLOCKING]]
    if len(late) > _BLOCKING:
        more = len(late) - _BLOCKING
        names.append(escape(ngettext("and %(num)d more unit", "and %(num)d more units", more)))
    words = escape(_("Co-ordinators late with their part: {units}"))
    return words.format(units=Markup("; ").join(names))


def _waits(row: Row) -> Markup | None:
    """Name the tasks it waits for."""
    if not row.glance.waits:
        return None
    names = Markup("; ").join(named_html(name) for name in row.glance.waits)
    return escape(_("Waits for: {tasks}")).format(tasks=names)


def _letter(sent: Sent) -> Markup:
    """Say which letter went out when, and whether it was answered."""
    words = {"letter": _(name_of(sent.kind, sent.rung)), "day": day_html(day_of(sent.asked_at))}
    if sent.answered_at is not None:
        answered = escape(_("{letter} {day}, answered {when}"))
        return answered.format(**words, when=day_html(day_of(sent.answered_at)))
    if sent.kind is AskKind.EXPLANATION:
        return escape(_("{letter} {day}, not answered yet")).format(**words)
    return escape(_("{letter} {day}, not acknowledged yet")).format(**words)


def frame(by: By, back: str, today: date) -> Frame:
    """Return where the rows of this page stand."""
    return Frame(by, back, today, lang(), in_force())
