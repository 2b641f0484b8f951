"""How somebody stands towards one task; the same rules as `queries.seen_by`, row by row."""

from collections.abc import Collection
from dataclasses import dataclass

from tracker.committees.standings import Me
from tracker.policy import Standing
from tracker.tasks.lifecycle import DRAFTED_BELOW, State, Tie, deciding_unit


@dataclass(frozen=True)
class Place:
    """A task as the standings see it: its three units, the leads of its lines, its parent, where an ask lies."""

    state: State
    tie: Tie | None
    lead_id: int
    assigner_id: int
    verdict_unit_id: int
    line_lead_ids: frozenset[int] = frozenset()
    asked_unit_ids: frozenset[int] = frozenset()
    parent: "Place | None" = None
    lead_is_collective: bool = False


def standings(me: Me, task: Place) -> frozenset[Standing]:
    """Return every standing of `me` towards the task; empty means: it does not exist for them."""
    if task.state is State.DRAFT and not _may_see_draft(me, task):
        return frozenset()
    return frozenset(_standings(me, task))


def _may_see_draft(me: Me, task: Place) -> bool:
    """A draft is its givers' own; a draft line or child belongs to those who draft the task it is a part of."""
    giver = task.parent if task.tie in DRAFTED_BELOW and task.parent else task
    return not me.working_scope.isdisjoint({giver.assigner_id, giver.verdict_unit_id})


def _standings(me: Me, task: Place) -> set[Standing]:
    found = {
        Standing.MEMBER: task.lead_id in me.own,
        Standing.HEAD: task.lead_id in me.heads,
        Standing.CO_MEMBER: not task.line_lead_ids.isdisjoint(me.own),
        Standing.ASSIGNER: task.assigner_id in me.acts or _drafts(me, task),
        Standing.VERDICT: task.verdict_unit_id in me.acts,
        Standing.DECIDER: decider_of(task) in me.acts,
        Standing.GIVER: _gives_on(me, task),
        Standing.SCRIBE: _writes_for(me, task),
        Standing.ASSIGNER_MEMBER: bool({task.assigner_id, task.verdict_unit_id} & me.own),
        Standing.ABOVE: task.lead_id in me.branch - me.acts - me.own,
        Standing.BRANCH: touches(task, me.branch | me.acts),
        Standing.OBSERVER: touches(task, me.observed),
        Standing.KIN: task.parent is not None and _through_parent(task, task.parent, me.scope),
        Standing.ADDRESSEE: not task.asked_unit_ids.isdisjoint(me.own | me.acts),
    }
    return {standing for standing, holds in found.items() if holds}


def decider_of(task: Place) -> int:
    """Return the unit that decides on the deadline."""
    return deciding_unit(task.lead_id, task.assigner_id, task.verdict_unit_id)


def giver_of(task: Place) -> int:
    """Return the unit in whose name a task is given on: its lead; nobody sits in a group, so then the assigner."""
    return task.assigner_id if task.lead_is_collective else task.lead_id


def _gives_on(me: Me, task: Place) -> bool:
    """Whoever drafts a task says to whom it goes; once it is sent, its lead does."""
    return giver_of(task) in me.acts or (task.state is State.DRAFT and task.assigner_id in me.acts)


def _drafts(me: Me, task: Place) -> bool:
    """What a unit will be given of a draft is in the hands of whoever drafts the whole, until it is sent."""
    is_drafted_below = task.state is State.DRAFT and task.tie is Tie.FANOUT
    return is_drafted_below and task.parent is not None and task.parent.assigner_id in me.acts


def _writes_for(me: Me, task: Place) -> bool:
    return task.lead_id not in me.own and not me.offices.isdisjoint(
        {task.lead_id, task.assigner_id}
    )


def touches(task: Place, units: Collection[int]) -> bool:
    """Tell whether one of `units` leads, assigns, judges or co-ordinates the task."""
    return not task.line_lead_ids.isdisjoint(units) or _is_given_or_led_by(task, units)


def _is_given_or_led_by(task: Place, units: Collection[int]) -> bool:
    return any(unit in units for unit in (task.lead_id, task.assigner_id, task.verdict_unit_id))


def _through_parent(task: Place, parent: Place, units: Collection[int]) -> bool:
    """A line is seen with its task; any other child by those who lead, assign or judge the parent."""
    if task.tie is Tie.LINE:
        return touches(parent, units)
    return _is_given_or_led_by(parent, units)
