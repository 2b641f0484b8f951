"""What the reader of a digest may do with each task it tells."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from sqlalchemy import select

from tracker.committees.standings import Me
from tracker.db import among
from tracker.digests.known import Known
from tracker.policy import Standing, Verb, may
from tracker.requests import limits
from tracker.reviews.asked import Asked
from tracker.rules.queries import in_force
from tracker.tasks.glance import rows
from tracker.tasks.lifecycle import PARTED, Facts, Tie, possible
from tracker.tasks.models import Task

_FANNED_OUT = select(Task.parent_id).where(among(Task.parent_id), Task.tie.in_(PARTED)).distinct()


def verbs_of(
    me: Me, tasks: Mapping[int, Known], wishes: Mapping[int, Asked], today: date
) -> dict[int, frozenset[Verb]]:
    """Return for each task the steps the person may take that fit it today."""
    own, heads, acts = me.own, me.heads, me.acts
    parents = {row[0] for row in rows(_FANNED_OUT, {"ids": tasks.keys()})}
    found = {}
    for task_id, task in tasks.items():
        is_parted = task_id in parents or task.repeats_until_on is not None
        is_own = task.lead_id == task.assigner_id
        facts = Facts(task.state, task.tie is Tie.LINE, is_own, is_parted)
        led = (task.lead_id in own, task.lead_id in heads)
        held = (*led, task.verdict_unit_id in acts, task.decider_id in acts)
        found[task_id] = _allowed(facts, held) - _unfit(task, wishes, today)
    return found


def _unfit(task: Known, wishes: Mapping[int, Asked], today: date) -> frozenset[Verb]:
    """Return what is not to be said of more time now: it was asked for, or cannot be; nobody has asked."""
    if task.id in wishes:
        return frozenset({Verb.ASK_EXTENSION})
    unfit = {Verb.ANSWER_EXTENSION}
    return frozenset(unfit | {Verb.ASK_EXTENSION} if limits.why_not(_case(task), today) else unfit)


def _case(task: Known) -> limits.Case:
    rules = in_force()
    return limits.Case(
        state=task.state,
        due_on=task.due_on,
        slips=task.slips,
        decides_itself=task.decider_id == task.lead_id,
        most=rules.most_extensions,
        may_be_late=rules.asks_after_expiry,
    )


@lru_cache(maxsize=4096)
def _allowed(facts: Facts, held: tuple[bool, ...]) -> frozenset[Verb]:
    standings = [s for s, holds in zip(_STANDINGS, held, strict=True) if holds]
    return frozenset(verb for verb in (*possible(facts), *_IN_WORDS) if may(verb, standings))


_STANDINGS = (Standing.MEMBER, Standing.HEAD, Standing.VERDICT, Standing.DECIDER)
_IN_WORDS = (
    Verb.NOTE,
    Verb.ACKNOWLEDGE,
    Verb.EXPLAIN,
    Verb.ASK_EXTENSION,
    Verb.ANSWER_EXTENSION,
)
