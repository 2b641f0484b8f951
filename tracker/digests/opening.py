"""The first sentences of a digest: what is overdue, what waits, what has changed, the gravest first."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from tracker.digests.entries import Teller, counted_words
from tracker.digests.subjects import unit_of
from tracker.digests.values import Branch, Digest, Item, Section
from tracker.web import day_words, number_words


def opening_of(digest: Digest, tell: Teller) -> Iterator[Markup]:
    """Yield the sentences under the greeting."""
    if digest.covers_from:
        words = _(
            "No mail was sent from {start} to {end}. This digest stands for all of those days."
        )
        start, end = day_words(digest.covers_from), day_words(digest.day)
        yield escape(words).format(start=start, end=end)
    waiting = digest.part(Section.WAITING)
    if digest.branch:
        yield _figures(digest, digest.branch, len(waiting))
    if late := digest.late:
        yield _overdue(late, tell)
    elif not digest.branch and (soon := digest.part(Section.DUE_SOON)):
        yield _due_soon(len(soon), digest.rules.soon)
    if urged := digest.part(Section.URGED):
        yield _to_answer(len(urged))
    if waiting and not digest.branch:
        yield _waiting(waiting)
    yield from _told_once(digest)
    if tell.marks_news and digest.news:
        yield _changes(digest.news)


def _figures(digest: Digest, branch: Branch, waiting: int) -> Markup:
    """Say how the units stand that the reader answers for; both numbers, always."""
    if waiting:
        words = ngettext(
            "As of {day}, {n} of the {due} tasks that have fallen due in the units you answer for"
            " are overdue; %(num)d request waits for an answer.",
            "As of {day}, {n} of the {due} tasks that have fallen due in the units you answer for"
            " are overdue; %(num)d requests wait for an answer.",
            waiting,
        )
    else:
        words = _(
            "As of {day}, {n} of the {due} tasks that have fallen due in the units you answer for"
            " are overdue."
        )
    numbers = {"n": number_words(branch.overdue), "due": number_words(branch.fell_due)}
    return escape(words).format(day=day_words(digest.day), **numbers)


def _overdue(late: tuple[Item, ...], tell: Teller) -> Markup:
    days = counted_words("days", max(item.days_late for item in late))
    unit_id = unit_of(late)
    if len(late) == 1 and unit_id is not None:
        words = _("{unit} has one task overdue by {days}.")
    elif unit_id is not None:
        words = _(
            "{unit} has {n} overdue tasks, the longest by {days}. The longest overdue come first."
        )
    else:
        words = _(
            "Your units have {n} overdue tasks, the longest by {days}. The longest overdue come first."
        )
    unit = tell.unit(unit_id) if unit_id is not None else ""
    return escape(words).format(unit=unit, n=number_words(len(late)), days=days)


def _due_soon(number: int, days: int) -> Markup:
    words = ngettext(
        "Nothing is overdue. %(num)d task falls due in the next {k} working days.",
        "Nothing is overdue. %(num)d tasks fall due in the next {k} working days.",
        number,
    )
    return escape(words).format(k=number_words(days))


def _to_answer(number: int) -> Markup:
    words = ngettext(
        "%(num)d task is to be answered or acknowledged.",
        "%(num)d tasks are to be answered or acknowledged.",
        number,
    )
    return escape(words)


def _waiting(waiting: tuple[Item, ...]) -> Markup:
    oldest = min(item.row.waits_since for item in waiting if item.row.waits_since)
    if len(waiting) == 1:
        words = _("One item waits for an answer, since {day}.")
    else:
        words = _("{n} items wait for an answer, the oldest since {day}.")
    return escape(words).format(n=number_words(len(waiting)), day=day_words(oldest))


def _told_once(digest: Digest) -> Iterator[Markup]:
    if answered := [item for item in digest.items if item.answered]:
        yield _answered(len(answered))
    if idle := digest.part(Section.IDLE):
        yield _idle(len(idle))


def _answered(number: int) -> Markup:
    words = ngettext(
        "%(num)d request for more time has been answered.",
        "%(num)d requests for more time have been answered.",
        number,
    )
    return escape(words)


def _idle(number: int) -> Markup:
    words = ngettext(
        "%(num)d task without a deadline is due for a progress update.",
        "%(num)d tasks without a deadline are due for a progress update.",
        number,
    )
    return escape(words)


def _changes(number: int) -> Markup:
    words = ngettext(
        "%(num)d change since the last digest.", "%(num)d changes since the last digest.", number
    )
    return escape(words)
