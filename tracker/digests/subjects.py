"""The subject of a digest: its key fact first, in one line."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.deadlines.calendar import ONE_DAY
from tracker.digests.entries import Teller
from tracker.digests.values import Digest, Item, Section
from tracker.tasks.lifecycle import State
from tracker.tasks.models import AskKind
from tracker.text import N_
from tracker.web import day_words, number_words

Items = tuple[Item, ...]


def subject_of(digest: Digest, tell: Teller) -> str:
    """Return the subject; a name may hold a line end, a subject may not."""
    return " ".join(_subject(digest, tell).split())


def _subject(digest: Digest, tell: Teller) -> str:
    if digest.covers_from:
        return _of_days(digest)
    if digest.branch and digest.branch.overdue > len(digest.late):
        words = _("[Overdue {n}] Tasks of the units you answer for, {day}")
        return _filled(words, digest, number_words(digest.branch.overdue))
    return _overdue(digest, tell) if digest.late else _in_time(digest, tell)


def _overdue(digest: Digest, tell: Teller) -> str:
    one = _("[Overdue {n}] Tasks of {unit}, {day}")
    return _counted(one, _("[Overdue {n}] Tasks of your units, {day}"), digest, digest.late, tell)


def _of_days(digest: Digest) -> str:
    start = digest.covers_from or digest.day
    days = digest.rules.calendar.working_days_between(start - ONE_DAY, digest.day)
    words = ngettext(
        "[%(num)d day in one] Digest from {start} to {end}",
        "[%(num)d days in one] Digest from {start} to {end}",
        days,
    )
    return str(words).format(start=day_words(start), end=day_words(digest.day))


def _in_time(digest: Digest, tell: Teller) -> str:
    """Return the key fact where nothing is overdue."""
    if len(digest.items) == 1:
        return _of_one(digest.items[0], digest, tell)
    return _of_several(digest, tell)


def _of_several(digest: Digest, tell: Teller) -> str:
    if soon := digest.part(Section.DUE_SOON):
        one = _("[Due soon {n}] Tasks of {unit}, {day}")
        return _counted(one, _("[Due soon {n}] Tasks of your units, {day}"), digest, soon, tell)
    if letters := digest.part(Section.URGED):
        one = _("[To answer {n}] Tasks of {unit}, {day}")
        return _counted(one, _("[To answer {n}] Tasks of your units, {day}"), digest, letters, tell)
    if waiting := digest.part(Section.WAITING):
        words = _("[To answer {n}] Hand-ins and requests, {day}")
        return _filled(words, digest, number_words(len(waiting)))
    return _filled(_("[Changes] Tasks you follow, {day}"), digest, "")


def _of_one(item: Item, digest: Digest, tell: Teller) -> str:
    """Return the subject of a digest with a single task: it names it."""
    task = tell.desk.tasks[item.row.task_id]
    values: dict[str, Any] = {"task": tell.title_words(task), "words": task.due_words}
    return _of_section(item, digest, is_due=bool(task.due_words)).format(**values)


def _of_section(item: Item, digest: Digest, *, is_due: bool) -> str:
    if item.section is Section.DUE_SOON and item.row.due_on:
        return _left((item.row.due_on - digest.day).days)
    if item.section is not Section.URGED:
        return str(_(_FACTS[_fact_of(item)]))
    if any(letter.kind == AskKind.ASSIGNMENT for letter in item.row.letters):
        return str(_("[New] {task}, due {words}") if is_due else _("[New] {task}"))
    return str(_("[To answer] {task}"))


# The key fact of a digest with one task, where that is neither a letter nor a deadline.
_FACTS: Mapping[Section | State, str] = {
    State.SUBMITTED: N_("[To approve] {task}"),
    Section.WAITING: N_("[To answer] {task}"),
    Section.RETURNED: N_("[Returned] {task}"),
    Section.ANSWERED: N_("[Answered] {task}"),
    Section.IDLE: N_("[Update due] {task}"),
}


def _fact_of(item: Item) -> Section | State:
    is_handed_in = item.section is Section.WAITING and item.row.state is State.SUBMITTED
    return State.SUBMITTED if is_handed_in else item.section


def _left(days: int) -> str:
    if not days:
        return str(_("[Due today] {task}"))
    return str(ngettext("[%(num)d day left] {task}", "[%(num)d days left] {task}", days))


def _counted(one: str, several: str, digest: Digest, items: Items, tell: Teller) -> str:
    unit_id = unit_of(items)
    words, unit = (several, "") if unit_id is None else (one, tell.unit_words(unit_id))
    return _filled(words, digest, number_words(len(items)), unit)


def _filled(words: str, digest: Digest, number: str, unit: str = "") -> str:
    return str(words).format(n=number, day=day_words(digest.day), unit=unit)


def unit_of(items: Items) -> int | None:
    """Return the unit through which all of these tasks come, None where there are several."""
    units = {reason.unit_id for item in items for reason in item.reasons}
    return units.pop() if len(units) == 1 else None
