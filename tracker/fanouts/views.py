"""The page of a fan-out: choose units, say what each is given, give it."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.committees import actions as committees
from tracker.committees.actions import UnitFacts
from tracker.committees.door import doer
from tracker.committees.models import Level, UnitKind
from tracker.committees.names import LEVELS
from tracker.committees.queries import Choice
from tracker.fanouts import actions, queries
from tracker.fanouts.actions import CannotGive, Misfit, PartFacts
from tracker.fanouts.rows import Rows
from tracker.fanouts.words import NOBODY, NOT_NOW, SUMS, TOO_MANY, why_not
from tracker.fields import read_id
from tracker.measures.actions import PartsDoNotSum
from tracker.policy import Verb, may
from tracker.tasks.door import hand, me
from tracker.tasks.models import Task
from tracker.text import clean, fold
from tracker.timing.door import on_deadline
from tracker.web import (
    CONFLICT,
    INVALID,
    SAFE_METHODS,
    Answer,
    lang,
    named,
    now,
    number_words,
    page,
    say,
    see_other,
    tell,
    today,
)

pages = Blueprint("fanouts", __name__)


@pages.route("/tasks/<int:task_id>/fan-out", methods=["GET", "POST"])
@on_deadline(Verb.FAN_OUT)
def fan_out(task: Task) -> Answer:
    """Give a task on to many units: first choose them, then say what each is given."""
    if not actions.fits(task):
        return _choose(task, (), CONFLICT if request.method not in SAFE_METHODS else 200)
    units = queries.offered(today(), lang())
    step, chosen = request.form.get("step", ""), _ticked(units)
    if step == "make" and chosen:
        return _make(task, units, chosen)
    ticked = chosen - queries.taken(task.id)
    if step == "rows" and ticked:
        return _rows(task, units, ticked)
    why = "" if ticked or step not in {"rows", "make"} else _(NOBODY)
    return _choose(task, ticked | _picked(), INVALID if why else 200, why)


# --- choosing ------------------------------------------------------------------------------------------


def _ticked(units: Collection[Choice]) -> set[int]:
    able = {unit.id for unit in units}
    sent = request.values.getlist("unit")
    return {number for text in sent if (number := read_id(text)) in able}


def _picked() -> set[int]:
    """Return the units chosen by branch, level or group."""
    found: set[int] = set()
    if branch := read_id(request.form.get("branch", "")):
        found |= queries.below(branch, today())
    if (level := request.form.get("level", "")) in {*Level}:
        found |= queries.on_level(Level(level), today())
    if group := read_id(request.form.get("group", "")):
        found |= queries.listed(group)
    return found


def _choose(task: Task, ticked: Collection[int], status: int = 200, why: str = "") -> Answer:
    units = queries.offered(today(), lang())
    have = queries.taken(task.id)
    words = clean(request.form.get("q", ""))[:100]
    free = [unit for unit in units if unit.id not in have]
    found = [u for u in free if u.id not in ticked and fold(words) in fold(u.label)]
    told: dict[str, Any] = {
        "chosen": [unit for unit in free if unit.id in ticked],
        "others": found,
        "sets": queries.sets(units, today(), lang()),
        "have": len(have),
        "words": words,
        "levels": LEVELS,
        "fits": actions.fits(task),
        "why": why or (_(NOT_NOW) if not actions.fits(task) else ""),
    }
    return page("fanouts/choose.html", status, task=task, **told)


# --- what each is given --------------------------------------------------------------------------------


def _form(task: Task, units: Collection[Choice], ticked: Collection[int]) -> Rows:
    chosen = [unit for unit in units if unit.id in ticked]
    wholes = [whole for whole, _known in queries.wholes_of(task.id)]
    return Rows(task, chosen, wholes, request.form)


def _rows(task: Task, units: Collection[Choice], ticked: Collection[int]) -> Answer:
    if len(ticked) > actions.MOST:
        why = tell(TOO_MANY, {"most": number_words(actions.MOST)})
        return _choose(task, ticked, INVALID, why)
    return _rows_page(task, _form(task, units, ticked))


def _rows_page(task: Task, form: Rows, status: int = 200) -> Answer:
    may_save = may(Verb.ADD_UNIT, me().standings)
    return page("fanouts/rows.html", status, task=task, form=form, may_save=may_save)


def _make(task: Task, units: Collection[Choice], ticked: Collection[int]) -> Answer:
    form = _form(task, units, ticked)
    parts = form.read()
    for unit_id in _twice():
        form.refuse(unit_id, why_not(Misfit.TWICE, None))
    if form.is_wrong or len(parts) > actions.MOST:
        return _rows_page(task, form, INVALID)
    if (status := _given(task, form, parts)) >= CONFLICT:
        return _rows_page(task, form, status)
    _save_set(task, [part.unit_id for part in parts])
    say(_done(len(parts), is_draft=task.state == "draft"))
    return see_other(url_for("tasks.show", task_id=task.id))


def _twice() -> set[int]:
    """Return the units that were sent more than once."""
    sent = [read_id(text) for text in request.form.getlist("unit")]
    return {unit_id for unit_id, times in Counter(sent).items() if unit_id and times > 1}


def _given(task: Task, form: Rows, parts: list[PartFacts]) -> int:
    """Give the parts; say at the rows what does not fit. Return the status: 409 where somebody was faster."""
    try:
        actions.fan_out(task, parts, by=hand(task, Verb.FAN_OUT), at=now())
    except CannotGive as refused:
        for unit_id, misfit in refused.misfits.items():
            form.refuse(unit_id, why_not(misfit, refused.bound))
        return CONFLICT if Misfit.TAKEN in refused.misfits.values() else INVALID
    except PartsDoNotSum as refused:
        form.whole_errors.append(_sums(form, refused))
        return INVALID
    return 200


def _sums(form: Rows, refused: PartsDoNotSum) -> str:
    names = [named(whole) for whole in form.wholes if whole.target == refused.target]
    numbers = {"total": refused.total, "target": refused.target}
    told = {name: number_words(number) for name, number in numbers.items()}
    return tell(SUMS, {"name": ", ".join(names), **told})


def _done(count: int, *, is_draft: bool) -> str:
    if is_draft:
        words: str = ngettext(
            "%(num)d unit is entered; it is sent with the task.",
            "%(num)d units are entered; they are sent with the task.",
            count,
        )
        return words
    return str(ngettext("Given to %(num)d unit.", "Given to %(num)d units.", count))


def _save_set(task: Task, unit_ids: list[int]) -> None:
    """Keep the units under a name, as a group from which the next task can be given."""
    name = " ".join(clean(request.form.get("set_name", "")).split())[:1000]
    if not name or not may(Verb.ADD_UNIT, me().standings):
        return
    facts = UnitFacts(
        name_vi=name,
        kind=UnitKind.COLLECTIVE,
        level=Level.GROUP,
        parent_id=task.assigner_id,
        members_count=len(unit_ids),
        members=frozenset(unit_ids),
    )
    committees.add_unit(facts, by=doer([task.assigner_id]), at=now())
