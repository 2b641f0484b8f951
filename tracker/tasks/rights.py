"""What somebody may do to each of many tasks, worked out once for all that stand alike towards them."""

from functools import lru_cache
from typing import NamedTuple

from tracker.committees.standings import HeldSeat, Me
from tracker.policy import Verb, may
from tracker.tasks.lifecycle import DRAFTED_BELOW, OPEN, Facts, State, Tie, possible
from tracker.tasks.standings import Place, standings

_KEPT = 20_000
# What may be done to an open task besides moving it.
_IN_WORDS = (
    Verb.NOTE,
    Verb.URGE,
    Verb.ASK_EXPLANATION,
    Verb.REASSIGN,
    Verb.ASK_EXTENSION,
    Verb.ANSWER_EXTENSION,
    Verb.SET_DEADLINE,
    Verb.START_CLOCK,
    Verb.SPEAK_FOR,
)


class Stand(NamedTuple):
    """A task as far as it decides what may be done to it; kinship gives sight of a task, never a move."""

    state: State
    tie: Tie | None
    lead_id: int
    assigner_id: int
    verdict_unit_id: int
    line_lead_ids: frozenset[int]
    asked_unit_ids: frozenset[int]
    is_parted: bool


Rights = dict[Stand, tuple[Verb, ...]]


@lru_cache(maxsize=512)
def rights_of(_seats: tuple[HeldSeat, ...]) -> Rights:
    """Return the memory of what these seats may do; many tasks stand alike towards them."""
    return {}


def verbs_of(me: Me, rights: Rights, stand: Stand) -> tuple[Verb, ...]:
    """Return what `me` may do to a task that stands so; `rights` are those of the same seats."""
    if stand not in rights:
        if len(rights) > _KEPT:
            rights.clear()
        rights[stand] = _allowed(me, stand)
    return rights[stand]


def _allowed(me: Me, stand: Stand) -> tuple[Verb, ...]:
    held = standings(me, Place(*stand[:-1]))
    facts = Facts(
        stand.state,
        stand.tie is Tie.LINE,
        stand.lead_id == stand.assigner_id,
        stand.is_parted,
        goes_along=stand.tie in DRAFTED_BELOW,
    )
    verbs = (*possible(facts), *_IN_WORDS) if stand.state in OPEN else possible(facts)
    return tuple(verb for verb in verbs if may(verb, held))
