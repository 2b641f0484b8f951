"""What is found by words: what one may see, and nothing else."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, or_, select

from tracker.committees.models import Seat, Tenure, Unit
from tracker.committees.standings import Me, is_held
from tracker.db import db
from tracker.documents.models import Document
from tracker.documents.queries import label
from tracker.fields import read_id
from tracker.people.models import Person
from tracker.plans.models import Plan
from tracker.search.ranking import best
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Task
from tracker.tasks.queries import no_line, seen_by
from tracker.tasks.sources import documents_for, plans_for
from tracker.text import fold

_LOOKED_AT = 200  # rows of a kind that are put in order


class TaskFound(NamedTuple):
    """A task that was found, with the unit that leads it."""

    id: int
    code: str | None
    title_vi: str
    title_en: str | None
    state: State
    name_vi: str
    name_en: str | None


class PersonFound(NamedTuple):
    """Somebody who holds a seat, with the unit on whose page that stands for everybody."""

    person: str
    unit_id: int
    name_vi: str
    name_en: str | None


class Found(NamedTuple):
    """All that was found, each kind in its order."""

    tasks: Sequence[TaskFound]
    documents: Sequence[Document]
    plans: Sequence[Plan]
    units: Sequence[Unit]
    people: Sequence[PersonFound]

    def __bool__(self) -> bool:
        """Tell whether anything was found."""
        return any(self)


def find(me: Me, words: str, most: int, lang: str, today: date) -> Found:
    """Return what fits the words best, at most so many of each kind, in five queries."""
    title, name = partial(_called, "title", lang), partial(_called, "name", lang)
    cited = partial(label, lang=lang)
    return Found(
        _tasks(me, words, most, title),
        _best(_match(documents_for(me), Document, Document.subject_vi, words), cited, words, most),
        _best(_match(plans_for(me), Plan, Plan.title_vi, words), title, words, most),
        _best(_match(select(Unit), Unit, Unit.name_vi, words), name, words, most),
        _people(words, most, today),
    )


def _called(field: str, lang: str, row: Any) -> str:
    """Return what a row is called in the reader's language, else in Vietnamese."""
    english: str | None = getattr(row, f"{field}_en") if lang == "en" else None
    return english or str(getattr(row, f"{field}_vi"))


def _match(query: Select[Any], kind: Any, title: Any, words: str) -> Select[Any]:
    order = (_closest(title, kind.search_key, words), kind.sort_key, kind.id)
    return query.where(_has(kind.search_key, words)).order_by(*order).limit(_LOOKED_AT)


def _has(key: Any, words: str) -> ColumnElement[bool]:
    """Return the condition that every word occurs; there must be one."""
    return and_(*(key.contains(word, autoescape=True) for word in fold(words).split()))


def _closest(title: Any, key: Any, words: str) -> ColumnElement[int]:
    """Return what puts first whatever has the words as they were typed, then all of them in one piece.

    No database folds the case of Vietnamese alike, so the usual ways of writing them are compared.
    """
    written = {words, words[:1].upper() + words[1:], words.title()}
    exact = or_(*(title.contains(way, autoescape=True) for way in sorted(written)))
    return case((exact, 0), (key.contains(fold(words), autoescape=True), 1), else_=2)


def _best(query: Select[Any], called: Any, words: str, most: int) -> list[Any]:
    return best([(called(row), row) for row in db.session.scalars(query)], words, most)


_FOUND = select(
    Task.id, Task.code, Task.title_vi, Task.title_en, Task.state, Unit.name_vi, Unit.name_en
).join(Unit, Unit.id == Task.lead_id)


def _tasks(me: Me, words: str, most: int, title: Callable[[Any], str]) -> list[TaskFound]:
    """Return tasks by their words, the very one whose number or code was typed first, then what moved last."""
    number = read_id(words.removeprefix("#").strip())
    is_it = Task.id == number
    chosen = (
        _has(Task.search_key, words) if number is None else or_(is_it, _has(Task.search_key, words))
    )
    closest = _closest(Task.title_vi, Task.search_key, words)
    order = (case((is_it, 0), else_=1), closest, Task.moved_at.desc(), Task.id)
    query = _FOUND.where(seen_by(me), no_line(), chosen).order_by(*order).limit(_LOOKED_AT)
    found = [TaskFound(*row) for row in db.session.execute(query)]
    ordered = best([(title(task), task) for task in found], words, len(found))
    named = {number, fold(words)}
    return sorted(ordered, key=lambda t: not {t.id, fold(t.code or "-")} & named)[:most]


_HOLDERS = (
    select(Person.name, Unit.id, Unit.name_vi, Unit.name_en)
    .join(Tenure, Tenure.person_id == Person.id)
    .join(Seat, Seat.id == Tenure.seat_id)
    .join(Unit, Unit.id == Seat.unit_id)
    .where(Person.disabled_at.is_(None))
    .order_by(Person.sort_key, Person.id, Unit.sort_key, Unit.id)
)


def _people(words: str, most: int, today: date) -> list[PersonFound]:
    """Return who holds a seat today by name; the key holds the address, too, by which nobody is to be found."""
    held = _HOLDERS.where(is_held(Tenure, today), _has(Person.search_key, words))
    rows = [PersonFound(*row) for row in db.session.execute(held.limit(_LOOKED_AT))]
    wanted = fold(words).split()
    fits = [(row.person, row) for row in rows if all(word in fold(row.person) for word in wanted)]
    return best(fits, words, most)
