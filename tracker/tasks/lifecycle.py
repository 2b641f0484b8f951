"""States and moves as one plain table; who may make a move is the policy's to say."""

import enum
from dataclasses import dataclass

from tracker.policy import Verb


class State(enum.StrEnum):
    """Where a task stands. Lateness is never a state."""

    DRAFT = "draft"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    DONE = "done"
    ON_HOLD = "on_hold"
    CANCELLED = "cancelled"


class Tie(enum.StrEnum):
    """How a task hangs on its parent."""

    PART = "part"
    FANOUT = "fanout"
    LINE = "line"
    OCCURRENCE = "occurrence"


class RestRule(enum.StrEnum):
    """Where an occurrence falls due on a day of rest: it stays there, or moves to the working day before or after."""

    STAY = "stay"
    BEFORE = "before"
    AFTER = "after"


class Reason(enum.StrEnum):
    """Whether a move asks for a reason: never, always, or only where one of the six clarities lacks."""

    NONE = "none"
    REQUIRED = "required"
    IF_INCOMPLETE = "if_incomplete"


WORKING = frozenset({State.ASSIGNED, State.IN_PROGRESS, State.RETURNED})
OPEN = WORKING | {State.SUBMITTED, State.ON_HOLD}
PARTED = frozenset({Tie.FANOUT, Tie.OCCURRENCE})  # ties of children that are counted in its stead
DRAFTED_BELOW = frozenset(
    {Tie.LINE, Tie.FANOUT}
)  # ties of what is drafted, and sent, with the task above it
FINISHED = frozenset({State.DONE, State.CANCELLED})
UNCOUNTED = frozenset({State.DRAFT, State.CANCELLED})


@dataclass(frozen=True)
class Move:
    """One row of the table: from which states, by which verb, to which state."""

    verb: Verb
    sources: frozenset[State]
    target: State
    reason: Reason = Reason.NONE
    needs_day: bool = False


MOVES: dict[Verb, Move] = {
    move.verb: move
    for move in (
        Move(Verb.SEND, frozenset({State.DRAFT}), State.ASSIGNED, Reason.IF_INCOMPLETE),
        Move(Verb.DISCARD, frozenset({State.DRAFT}), State.CANCELLED),
        Move(Verb.START, frozenset({State.ASSIGNED}), State.IN_PROGRESS),
        Move(Verb.HAND_IN, WORKING, State.SUBMITTED),
        Move(Verb.FINISH, WORKING, State.DONE),
        Move(Verb.CLOSE, WORKING, State.DONE, Reason.REQUIRED, needs_day=True),
        Move(Verb.HOLD, WORKING, State.ON_HOLD, Reason.REQUIRED),
        Move(Verb.REWORK, frozenset({State.RETURNED}), State.IN_PROGRESS),
        Move(Verb.WITHDRAW, frozenset({State.SUBMITTED}), State.IN_PROGRESS),
        Move(Verb.ACCEPT, frozenset({State.SUBMITTED}), State.DONE),
        Move(Verb.RETURN, frozenset({State.SUBMITTED}), State.RETURNED, Reason.REQUIRED),
        Move(Verb.RESUME, frozenset({State.ON_HOLD}), State.IN_PROGRESS),
        Move(Verb.REOPEN, frozenset({State.DONE}), State.IN_PROGRESS, Reason.REQUIRED),
        Move(Verb.RESTORE, frozenset({State.CANCELLED}), State.ASSIGNED, Reason.REQUIRED),
        Move(Verb.CANCEL, OPEN, State.CANCELLED, Reason.REQUIRED),
    )
}


def deciding_unit(lead_id: int, assigner_id: int, verdict_unit_id: int) -> int:
    """Return the unit that decides on a deadline: the assigner, or, where it leads itself, who judges its hand-in."""
    return assigner_id if assigner_id != lead_id else verdict_unit_id


@dataclass(frozen=True)
class Facts:
    """What of a task decides which moves are possible at all."""

    state: State
    is_line: bool
    leads_itself: bool
    has_children: bool
    is_series: bool = False
    goes_along: bool = False  # drafted, and sent, with the task above it

    @property
    def is_parted(self) -> bool:
        """Tell whether children do its work, and count in its stead; those of a recurring duty are still to come."""
        return self.has_children or self.is_series


def fits(verb: Verb, task: Facts) -> bool:
    """Tell whether the task can make this move now, whoever asks."""
    if task.state not in MOVES[verb].sources:
        return False
    if verb is Verb.SEND and task.goes_along:
        return False
    if verb in {Verb.HAND_IN, Verb.START, Verb.FINISH} and task.is_parted:
        return False
    if verb is Verb.FINISH:
        return task.is_line or task.leads_itself
    return not (verb is Verb.HAND_IN and task.is_line)


def possible(task: Facts) -> tuple[Verb, ...]:
    """Return the moves the task can make now, in the order of the table."""
    return tuple(verb for verb in MOVES if fits(verb, task))


def is_counted(task: Facts) -> bool:
    """Tell whether the task counts in totals: no draft, not cancelled, no line, no parent counted by its children."""
    return not (task.state in UNCOUNTED or task.is_line or task.is_parted)
