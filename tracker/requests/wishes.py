"""A wish for more time as a page shows it: what is asked since when, how it was answered, what the reader may do."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from markupsafe import Markup, escape

from tracker.clock import day_of
from tracker.policy import Verb
from tracker.requests import door
from tracker.requests.limits import MAY_ASK, Refusal, is_after_expiry
from tracker.requests.queries import Wish, is_shared, wishes_of
from tracker.requests.words import (
    AFTER_EXPIRY,
    ALREADY,
    ANSWERED_NO,
    ANSWERED_OTHER,
    ANSWERED_OVER,
    ANSWERED_UNTIL,
    GONE,
    GRANTED,
    GRANTED_OTHER,
    REASON,
    REFUSED,
)
from tracker.rules.queries import in_force
from tracker.tasks.glance import Named
from tracker.tasks.models import Ask, Task
from tracker.web import day_html, named, named_html, tell, today, vietnamese

LONGEST_TOLD = 200  # characters of a reason in one sentence
# Why somebody who would ask reads on the task's page that they may not: nothing else there says it.
_TOLD = frozenset({Refusal.NEVER, Refusal.TOO_OFTEN, Refusal.TOO_LATE})


@dataclass(frozen=True)
class Slip:
    """One wish. `late` says that it came after expiry, `answer` how it was answered; both may be missing."""

    id: int
    unit: Markup
    desk: Markup
    asked_by: str | None
    asked_at: datetime
    until_words: str | None
    until: date | None
    words: str | None
    result: str | None
    late: str | None
    answer: Markup | None
    answer_words: str | None

    @property
    def asked_on(self) -> date:
        """Return the day it was asked."""
        return day_of(self.asked_at)


def slip(wish: Wish, task: Task) -> Slip:
    """Return one wish about a task in words."""
    return Slip(
        id=wish.id,
        unit=named_html(Named(wish.lead_vi, wish.lead_en)),
        desk=named_html(Named(wish.desk_vi, wish.desk_en)),
        asked_by=wish.asked_by,
        asked_at=wish.asked_at,
        until_words=wish.proposed_words,
        until=wish.proposed_on,
        words=wish.words,
        result=wish.result,
        late=_late(wish, task),
        answer=_answer(wish),
        answer_words=wish.answer,
    )


def _late(wish: Wish, task: Task) -> str | None:
    """Say that a wish which still waits came after the deadline."""
    if not wish.is_open or not is_after_expiry(task.due_on, day_of(wish.asked_at)):
        return None
    return tell(AFTER_EXPIRY, {"assigner": named(Named(wish.desk_vi, wish.desk_en))})


def late(task: Task) -> str | None:
    """Say that a wish of today comes after the deadline."""
    if not is_after_expiry(task.due_on, today()):
        return None
    return tell(AFTER_EXPIRY, {"assigner": named(door.decider_of(task))})


def _answer(wish: Wish) -> Markup | None:
    """Say how a wish was answered, when and by whom."""
    if wish.answered_at is None:
        return None
    who = Named(wish.desk_vi, wish.desk_en)
    if wish.was_withdrawn:
        words, who = _("{who} withdrew it on {day}."), Named(wish.lead_vi, wish.lead_en)
    elif wish.granted:
        is_other = wish.granted_on != wish.proposed_on
        other = _("{who} granted {until} instead on {day}.")
        words = other if is_other else _("{who} granted it on {day}.")
    else:
        refused = _("{who} refused it on {day}.")
        words = refused if wish.answer else _("No longer needed since {day}.")
    until = day_html(wish.granted_on) if wish.granted_on else ""
    day = day_html(day_of(wish.answered_at))
    return escape(words).format(who=_signed(who, wish.answered_by), day=day, until=until)


def _signed(unit: Named, person: str | None) -> Markup:
    if person is None:
        return named_html(unit)
    return Markup("{} ({})").format(named_html(unit), vietnamese(person))


@dataclass(frozen=True)
class TaskWishes:
    """The wishes about a task on its page: the one that waits, those answered, what the reader may do.

    `note` says why somebody who would ask may not; `is_shared`: parts of the task have the same deadline.
    """

    open: Slip | None
    past: list[Slip]
    may_ask: bool
    may_answer: bool
    may_withdraw: bool
    note: str | None
    times: str
    is_shared: bool


def about(task: Task, rights: Collection[Verb]) -> TaskWishes:
    """Return what the page of a task shows of its extensions to whoever has these rights."""
    found = wishes_of(task.id)
    waiting = next((wish for wish in found if wish.is_open), None)
    refused = door.refusal(door.case_for(task, is_asked=waiting is not None))
    asks, answers = Verb.ASK_EXTENSION in rights, Verb.ANSWER_EXTENSION in rights
    is_told = asks and refused in _TOLD and task.state in MAY_ASK
    return TaskWishes(
        open=slip(waiting, task) if waiting else None,
        past=past(found, task),
        may_ask=asks and refused is None,
        may_answer=answers and waiting is not None,
        may_withdraw=Verb.WITHDRAW_EXTENSION in rights and waiting is not None,
        note=door.why(refused, task) if refused and is_told else None,
        times=times(task),
        is_shared=answers and waiting is not None and is_shared(task),
    )


def past(found: Sequence[Wish], task: Task) -> list[Slip]:
    """Return the wishes that were answered."""
    return [slip(wish, task) for wish in found if not wish.is_open]


def times(task: Task) -> str:
    """Say how often the deadline was extended, and how often it may be."""
    most = in_force().most_extensions
    if most is None:
        return str(_("%(n)s so far", n=task.slips))
    return str(_("%(n)s so far, at most %(most)s", n=task.slips, most=most))


# --- in one sentence -------------------------------------------------------------------------------------


def done(asked: Ask, task: Task) -> str:
    """Say what has just been decided, with the reason that was given."""
    if not asked.granted:
        said = tell(REFUSED, {"day": task.due_on})
    elif asked.granted_on != asked.proposed_on:
        said = tell(GRANTED_OTHER, {"asked": asked.proposed_on, "new": asked.granted_on})
    else:
        first = task.first_due_on or task.first_due_words
        values = {"new": asked.granted_on, "n": task.slips, "original": first}
        return tell(GRANTED, values)
    return f"{said} {tell(REASON, {'reason': _short(asked.answer)})}" if asked.answer else said


def _short(words: str) -> str:
    """Return what fits into a sentence of the next page, which a cookie carries; the task's page has it all."""
    words = " ".join(words.split())
    return words if len(words) <= LONGEST_TOLD else f"{words[: LONGEST_TOLD - 1].rstrip()}…"


def already(wish: Wish) -> str:
    """Say who was faster, and with what answer."""
    name = wish.answered_by or _("The system")
    values = {"name": name, "time": wish.answered_at, "answer": _answered(wish)}
    return tell(GONE if wish.was_withdrawn else ALREADY, values)


def _answered(wish: Wish) -> str:
    values = {"day": wish.granted_on, "asked": wish.proposed_on}
    if wish.granted:
        is_other = wish.granted_on != wish.proposed_on
        return tell(ANSWERED_OTHER if is_other else ANSWERED_UNTIL, values)
    return str(_(ANSWERED_NO) if wish.answer else _(ANSWERED_OVER))
