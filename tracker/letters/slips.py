"""A letter as a page shows it: what it is, who signed it when, how it was answered, what the reader may do with it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

from tracker.clock import day_of
from tracker.letters.queries import Letter
from tracker.letters.rungs import Case, next_rung, why_not
from tracker.letters.words import ICONS, LAPSED, PATHS, RECEIVED, name_of, step_of
from tracker.policy import Verb
from tracker.tasks.glance import Named
from tracker.tasks.models import AskKind, Task
from tracker.web import day_html, named_html, vietnamese

LETTERS = (Verb.URGE, Verb.ASK_EXPLANATION, Verb.REASSIGN)


@dataclass(frozen=True)
class Slip:
    """One letter. `answer`: how it was answered, empty while it waits; `act`: the path of what the reader may do."""

    id: int
    kind: AskKind
    name: str
    icon: str
    task_id: int
    title: Markup
    sender: Markup
    unit: Markup
    asked_at: datetime
    words: str | None
    answer_by_on: date | None
    answer: Markup | None
    act: str | None

    @property
    def asked_on(self) -> date:
        """Return the day it was signed."""
        return day_of(self.asked_at)


def slips(letters: Iterable[Letter], rights: Collection[Verb]) -> list[Slip]:
    """Return letters as the reader sees them, who may do towards their task what `rights` say."""
    return [slip(letter, rights) for letter in letters]


def slip(letter: Letter, rights: Collection[Verb]) -> Slip:
    """Return one letter as the reader sees it."""
    return Slip(
        id=letter.id,
        kind=letter.kind,
        name=_(name_of(letter.kind, letter.rung)),
        icon=_ICONS[letter.kind],
        task_id=letter.task_id,
        title=named_html(Named(letter.title_vi, letter.title_en)),
        sender=_signed(Named(letter.sender_vi, letter.sender_en), letter.asked_by),
        unit=named_html(Named(letter.lead_vi, letter.lead_en)),
        asked_at=letter.asked_at,
        words=letter.words,
        answer_by_on=letter.answer_by_on,
        answer=_answer(letter),
        act=_act(letter, rights),
    )


_ICONS = {
    AskKind.ASSIGNMENT: "tray",
    AskKind.URGING: "urge",
    AskKind.EXPLANATION: "comment",
    AskKind.HAND_IN: "tray",
}


def _signed(unit: Named, person: str | None) -> Markup:
    if person is None:
        return named_html(unit)
    return Markup("{} ({})").format(named_html(unit), vietnamese(person))


def _act(letter: Letter, rights: Collection[Verb]) -> str | None:
    is_owed = letter.kind is AskKind.EXPLANATION
    verb = Verb.EXPLAIN if is_owed else Verb.ACKNOWLEDGE
    if not letter.is_open or verb not in rights:
        return None
    return "explanation" if is_owed else "acknowledgement"


def _answer(letter: Letter) -> Markup | None:
    """Say how a letter was answered, when and by whom."""
    if letter.answered_at is None:
        return None
    if not letter.granted:
        return escape(_("No longer needed since {day}.")).format(day=_day(letter))
    if letter.kind is AskKind.EXPLANATION:
        words = escape(_("{unit} explained the delay on {day}."))
    else:
        words = escape(_("{unit} acknowledged receipt on {day}."))
    unit = _signed(Named(letter.lead_vi, letter.lead_en), letter.answered_by)
    told = words.format(unit=unit, day=_day(letter))
    return told + Markup(" ({})").format(_("entered on behalf")) if letter.is_behalf else told


def _day(letter: Letter) -> Markup:
    return day_html(day_of(letter.answered_at)) if letter.answered_at else Markup()


def answered(ask: Any) -> str:
    """Return what the answer of a letter was, in words."""
    if not ask.granted:
        return str(_(LAPSED))
    return ask.answer or str(_(RECEIVED))


# --- what may be done -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LetterStep:
    """A step the reader may take now: its words, its address, its icon."""

    verb: Verb
    label: str
    url: str
    icon: str


def steps(task_id: int, case: Case, rights: Collection[Verb]) -> list[LetterStep]:
    """Return the letters that the reader may send now, and whether the lead may be changed."""
    fitting = [verb for verb in LETTERS if verb in rights and why_not(verb, case) is None]
    return [
        LetterStep(
            verb,
            _(step_of(verb, next_rung(case.rungs))),
            f"/tasks/{task_id}/{PATHS[verb]}",
            ICONS[verb],
        )
        for verb in fitting
    ]


@dataclass(frozen=True)
class TaskLetters:
    """The letters on the page of a task: those that wait, receipts and answers, what may be sent now."""

    open: list[Slip]
    receipts: list[Slip]
    steps: list[LetterStep]


def about(
    task: Task, letters: Collection[Letter], rights: Collection[Verb], case: Case
) -> TaskLetters:
    """Return what the page of a task shows of its letters to whoever has these rights."""
    found = slips(letters, rights)
    waiting = [one for one in found if one.answer is None and (one.words or one.act)]
    told = [one for one in found if one not in waiting]
    return TaskLetters(waiting, told, steps(task.id, case, rights))
