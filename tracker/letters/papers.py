"""The draft of a letter, for a person to edit and sign; the number is left blank for the clerk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.clock import day_of
from tracker.committees.queries import seats_held
from tracker.documents.labels import label_of
from tracker.letters.queries import Sent
from tracker.letters.rungs import FIRST, SECOND
from tracker.policy import Verb
from tracker.tasks.lifecycle import State
from tracker.tasks.models import AskKind, Task
from tracker.tasks.queries import source_of
from tracker.tasks.timeliness import days_late
from tracker.text import N_
from tracker.web import day_words, named, tell

BLANK = "......"  # the clerk's to fill in

_SUBJECTS = {
    FIRST: (N_("Re: completing the task under {document}"), N_("Re: completing the task")),
    SECOND: (
        N_("Re: completing the task under {document} (second letter)"),
        N_("Re: completing the task (second letter)"),
    ),
    0: (N_("Re: explanation of the delay under {document}"), N_("Re: explanation of the delay")),
}
_ASKS = {
    FIRST: N_(
        "{unit} is asked to complete it and report by {until}; if something stands in the way,"
        " to state the cause and the date it proposes."
    ),
    SECOND: N_(
        "{unit} is required to complete it and to report the result and the cause of the delay by {until}."
    ),
    0: N_(
        "{unit} is asked to explain in writing by {until}: the result so far, the cause of the delay,"
        " the unit's responsibility, the steps and the date of completion."
    ),
}
_LEADS = N_(
    "{unit} leads the task {task}, due {due}. On {today} it is {late} and has not been handed in."
)
_HANDED_IN = N_("{unit} leads the task {task}, due {due}. It was handed in on {handed_in}, {late}.")
_CO_ORDINATES = N_(
    "{unit} co-ordinates the task {task}, its part due {due}. On {today} the part is {late} and not done."
)
_AGAIN = N_(
    "Further to letter {number} of {sent}: on {today} the task {task} is still not done and {late}."
)


@dataclass(frozen=True)
class Sheet:
    """What every draft of one hour has in common: the day, by when it asks, whom to contact."""

    today: date
    until: date
    contact: str


def draft(
    task: Task, verb: Verb, rung: int, sheet: Sheet, sent: Sequence[Sent] = (), more: str = ""
) -> str:
    """Return a letter in the reader's language; `task` with its lead, document and plan's document."""
    number = rung if verb is Verb.URGE else 0
    source = _source(task)
    with_source, without = _SUBJECTS[number]
    copy = _copy(task, sheet.today) if number == SECOND else ""
    asking = " ".join(filter(None, (asked(task, number, sheet.until), copy, more)))
    lines = (
        tell(with_source, {"document": source}) if source else _(without),
        tell(N_("To: {unit}"), {"unit": named(task.lead)}),
        "",
        _opening(task, number, sheet, sent),
        asking,
        "",
        tell(N_("Contact: {who}."), {"who": sheet.contact}),
    )
    return "\n".join(lines)


def asked(task: Task, rung: int, until: date) -> str:
    """Return the sentence that says what is asked by when."""
    return tell(_ASKS[rung], {"unit": named(task.lead), "until": until})


def redated(words: str, task: Task, rung: int, old: date, new: date) -> str:
    """Let an unchanged sentence of a draft name the day that was chosen."""
    return words.replace(asked(task, rung, old), asked(task, rung, new))


def _opening(task: Task, number: int, sheet: Sheet, sent: Sequence[Sent]) -> str:
    days = days_late(task.state, task.due_on, task.handed_in_on, task.done_on, today=sheet.today)
    values = {
        "unit": named(task.lead),
        "task": _task_words(task, with_source=number != SECOND),
        "due": _due_words(task),
        "today": sheet.today,
        "late": ngettext("%(num)d day overdue", "%(num)d days overdue", days),
        "number": BLANK,
        "sent": _sent_on(sent, sheet.today),
        "handed_in": task.handed_in_on or sheet.today,
    }
    return tell(_sentence(task, number), values)


def _sentence(task: Task, number: int) -> str:
    if number == SECOND:
        return _AGAIN
    if task.is_line:
        return _CO_ORDINATES
    return _HANDED_IN if task.state is State.SUBMITTED else _LEADS


def _sent_on(sent: Sequence[Sent], today: date) -> date:
    """Return the day of the last first letter."""
    days = [day_of(s.asked_at) for s in sent if s.kind is AskKind.URGING and s.rung == FIRST]
    return days[-1] if days else today


def _task_words(task: Task, *, with_source: bool) -> str:
    source = _source(task) if with_source else ""
    values = {"task": named(task, "title"), "document": source}
    return tell(N_("“{task}” under {document}") if source else N_("“{task}”"), values)


def _due_words(task: Task) -> str:
    """Return the deadline as written and as a day."""
    day = day_words(task.due_on) if task.due_on else ""
    if task.due_words and task.due_words != day:
        return f"{task.due_words} ({day})"
    return day


def _source(task: Task) -> str:
    """Return the assigning document with its number, symbol and date, else the plan; empty where none is stated."""
    document, _is_plans = source_of(task)
    if document is None:
        return named(task.plan, "title") if task.plan is not None else ""
    label = label_of(document)
    if document.issued_on is None:
        return label
    return tell(N_("{document} of {day}"), {"document": label, "day": document.issued_on})


def _copy(task: Task, today: date) -> str:
    """Say to which leader the second letter goes as well; nothing where none is named."""
    if task.leader_seat_id is None:
        return ""
    holder = seats_held(today, [task.leader_seat_id])[0]
    name = f"{holder.person.name}, " if holder.person else ""
    return tell(N_("Copied to {leader}."), {"leader": name + named(holder.seat.unit)})
