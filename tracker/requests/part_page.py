"""What a task's page offers besides moves: calling units in, writing down the word of those without accounts."""

from collections.abc import Collection
from datetime import date
from typing import Any

from tracker.committees.models import UnitKind
from tracker.committees.queries import with_accounts
from tracker.policy import Verb
from tracker.requests import co_ordinators
from tracker.tasks.lifecycle import OPEN
from tracker.tasks.lines import Lines
from tracker.tasks.models import Task


def about(task: Task, lines: Lines, rights: Collection[Verb], today: date) -> dict[str, Any]:
    """Return whether the reader may call units in (`calls`), and for which units they may speak (`mute`)."""
    asked = {line.task.lead_id for line in lines.standing if Verb.SPEAK_FOR in line.verbs}
    speaks = Verb.SPEAK_FOR in rights and task.state in OPEN
    if speaks and task.lead.kind is not UnitKind.COLLECTIVE:
        asked.add(task.lead_id)
    calls = Verb.FAN_OUT in rights and co_ordinators.why_not(task) is None
    return {"calls": calls, "mute": asked - with_accounts(asked, today), "speaks": speaks}
