"""A measure in one line, as a card shows it: how far, of how much; what nobody stated says so."""

from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlalchemy import select

from tracker.db import among, db
from tracker.measures.lists import Count, counts_of
from tracker.measures.models import Direction, Measure
from tracker.measures.queries import Figure, by_task
from tracker.web import named_html, number_words

_MEASURED = select(Measure.task_id).where(among(Measure.task_id)).distinct()
_UNKNOWN = Markup('<span class="unknown-word">{}</span>')
_EXCEEDED = Markup(', <b class="exceeded">{}</b>')
_VALUE = Markup("<b>{}</b>")


class Summary(NamedTuple):
    """The words, and which part of the target is reached (1 is all, none: not known)."""

    words: Markup
    share: Decimal | None


def summaries(task_ids: Collection[int]) -> dict[int, Summary]:
    """Return the first measure of each task that has one."""
    measured = db.session.connection().execute(_MEASURED, {"ids": task_ids}).scalars().all()
    found = {i: figures[0] for i, figures in by_task(measured).items()} if measured else {}
    counts = counts_of([figure.measure for figure in found.values()])
    return {i: _summary(figure, counts.get(figure.measure.id)) for i, figure in found.items()}


def _summary(figure: Figure, count: Count | None) -> Summary:
    measure = figure.measure
    if count is not None:
        return _ticked(measure, count)
    reached = _number(figure.reached)
    frame = (
        _("{name}: {left} remaining, target {target}")
        if _is_down(measure)
        else "{name}: {reached} / {target} {unit}"
    )
    words = escape(frame).format(
        name=named_html(measure),
        reached=reached,
        left=reached,
        target=_target(figure),
        unit=named_html(measure, "unit"),
    )
    if figure.is_exceeded:
        words += _EXCEEDED.format(_("target exceeded"))
    return Summary(words, figure.share)


def _ticked(measure: Measure, count: Count) -> Summary:
    """Say how far a list of units is; how many there are may be unknown."""
    words = escape("{name}: {count} {unit}").format(
        name=named_html(measure), count=_VALUE.format(count.words), unit=named_html(measure, "unit")
    )
    return Summary(words, count.share)


def _is_down(measure: Measure) -> bool:
    return measure.direction is Direction.DOWN


def _number(value: Decimal | None) -> Markup:
    words = _VALUE.format(number_words(value)) if value is not None else None
    return words or _UNKNOWN.format(_("not stated"))


def _target(figure: Figure) -> Markup:
    if figure.target_total is not None:
        return escape(number_words(figure.target_total))
    return _UNKNOWN.format(_("not stated") if _is_down(figure.measure) else _("target not stated"))
