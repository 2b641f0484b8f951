"""What is found by words: what one may see, and nothing else."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Select, or_, select

from tracker.committees.models import Unit
from tracker.committees.standings import Me
from tracker.db import db
from tracker.documents.models import Document
from tracker.documents.queries import label
from tracker.fields import read_id
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
    title_vi: str
    title_en: str | None
    state: State
    name_vi: str
    name_en: str | None


class Found(NamedTuple):
    """All that was found, each kind in its order."""

    tasks: Sequence[TaskFound]
    documents: Sequence[Document]
    plans: Sequence[Plan]
    units: Sequence[Unit]

    def __bool__(self) -> bool:
        """Tell whether anything was found."""
        return any(self)


def find(me: Me, words: str, most: int, lang: str) -> Found:
    """Return what fits the words best, at most so many of each kind, in four queries."""
    title, name = partial(_called, "title", lang), partial(_called, "name", lang)
    cited = partial(label, lang=lang)
    return Found(
        _tasks(me, words, most, title),
        _best(_match(documents_for(me), Document.search_key, words), cited, words, most),
        _best(_match(plans_for(me), Plan.search_key, words), title, words, most),
        _best(_match(select(Unit), Unit.search_key, words), name, words, most),
    )


def _called(field: str, lang: str, row: Any) -> str:
    """Return what a row is called in the reader's language, else in Vietnamese."""
    english: str | None = getattr(row, f"{field}_en") if lang == "en" else None
    return english or str(getattr(row, f"{field}_vi"))


def _match(query: Select[Any], key: Any, words: str) -> Select[Any]:
    for word in fold(words).split():
        query = query.where(key.contains(word, autoescape=True))
    return query.limit(_LOOKED_AT)


def _best(query: Select[Any], called: Any, words: str, most: int) -> list[Any]:
    return best([(called(row), row) for row in db.session.scalars(query)], words, most)


_FOUND = (
    select(Task.id, Task.title_vi, Task.title_en, Task.state, Unit.name_vi, Unit.name_en)
    .join(Unit, Unit.id == Task.lead_id)
    .order_by(Task.moved_at.desc(), Task.id)
)


def _tasks(me: Me, words: str, most: int, title: Callable[[Any], str]) -> list[TaskFound]:
    """Return tasks by their words, or the very one whose number was typed; what moved last is looked at first."""
    met = [Task.search_key.contains(word, autoescape=True) for word in fold(words).split()]
    number = read_id(words.removeprefix("#").strip())
    chosen = or_(Task.id == number, *([_all(met)] if met else [])) if number else _all(met)
    query = _FOUND.where(seen_by(me), no_line(), chosen).limit(_LOOKED_AT)
    found = [TaskFound(*row) for row in db.session.execute(query)]
    ordered = best([(title(task), task) for task in found], words, len(found))
    return sorted(ordered, key=lambda task: task.id != number)[:most]


def _all(met: Sequence[Any]) -> Any:
    chosen = met[0]
    for condition in met[1:]:
        chosen = chosen & condition
    return chosen
