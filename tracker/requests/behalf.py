"""The word of a unit without accounts, written down by an office above it: what was said, by whom, by which way."""

import enum
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tracker.history.actions import Doer
from tracker.history.models import Event
from tracker.policy import Verb
from tracker.requests import actions as requests
from tracker.tasks.lifecycle import OPEN, State, fits
from tracker.tasks.models import Task
from tracker.tasks.queries import facts_of

# What a unit may say that it has done, in the order in which it does.
STEPS = (Verb.START, Verb.REWORK, Verb.HAND_IN, Verb.FINISH)
DATED = frozenset({Verb.HAND_IN, Verb.FINISH})  # these name the day on which it was done


class Way(enum.StrEnum):
    """How the word came."""

    TELEPHONE = "telephone"
    LETTER = "letter"
    MEETING = "meeting"
    MESSAGE = "message"
    IN_PERSON = "in_person"


class Silence(enum.StrEnum):
    """Why nothing is written down for a unit."""

    DRAFT = "draft"
    FINISHED = "finished"
    COLLECTIVE = "collective"
    HAS_ACCOUNT = "has-account"


@dataclass(frozen=True)
class Word:
    """What was said: by whom, by which way, and, if so, what the unit has done, on which day."""

    said_by: str
    way: Way
    words: str
    step: Verb | None = None
    day: date | None = None


def why_not(state: State, *, is_collective: bool, has_account: bool) -> Silence | None:
    """Return what keeps others from writing down a unit's word about a task of its own; nothing where they may."""
    if state is State.DRAFT:
        return Silence.DRAFT
    if state not in OPEN:
        return Silence.FINISHED
    if is_collective:
        return Silence.COLLECTIVE
    return Silence.HAS_ACCOUNT if has_account else None


def steps_of(task: Task) -> list[Verb]:
    """Return what the unit can have done as the task stands."""
    facts = facts_of(task)
    return [verb for verb in STEPS if fits(verb, facts)]


def write_down(task: Task, word: Word, *, by: Doer, at: datetime) -> Event:
    """Write down what a unit said, and make the move it speaks of. Raises OutOfTurn."""
    words = f"{word.said_by}: {word.words}"
    data: dict[str, Any] = {"for": task.lead_id, "way": word.way.value}
    if word.step is None:
        return requests.note(task, words, by=by, at=at, data=data)
    day = word.day if word.step in DATED else None
    data |= {"said_on": day.isoformat()} if day else {}
    return requests.move(task, word.step, by=by, at=at, words=words, day=day, data=data)
