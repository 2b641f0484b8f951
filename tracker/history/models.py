"""Events: ids and days only, with the after-image of the task; texts stand beside them."""

import enum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base, Day, Id, Instant, Words, choice


class Kind(enum.StrEnum):
    """What an event tells. The moves of a task carry the move's own name."""

    LOADED = "loaded"
    DRAFTED = "drafted"
    EDITED = "edited"
    NOTED = "noted"
    UNDONE = "undone"
    SEND = "send"
    DISCARD = "discard"
    START = "start"
    HAND_IN = "hand_in"
    FINISH = "finish"
    CLOSE = "close"
    HOLD = "hold"
    REWORK = "rework"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    RETURN = "return"
    RESUME = "resume"
    REOPEN = "reopen"
    RESTORE = "restore"
    CANCEL = "cancel"
    UNIT_ADDED = "unit_added"
    UNIT_EDITED = "unit_edited"
    DOCUMENT_ADDED = "document_added"
    DOCUMENT_EDITED = "document_edited"
    PLAN_ADDED = "plan_added"
    PLAN_EDITED = "plan_edited"
    PERSON_ADDED = "person_added"
    PERSON_EDITED = "person_edited"
    PERSON_INVITED = "person_invited"
    PERSON_DISABLED = "person_disabled"
    PERSON_ENABLED = "person_enabled"
    SEAT_TAKEN = "seat_taken"
    SEAT_LEFT = "seat_left"
    SEAT_HANDED_OVER = "seat_handed_over"
    HANDOVER_CALLED_OFF = "handover_called_off"
    SUBSTITUTE_NAMED = "substitute_named"
    SUBSTITUTE_ENDED = "substitute_ended"
    ACKNOWLEDGED = "acknowledged"
    URGED = "urged"
    EXPLANATION_ASKED = "explanation_asked"
    EXPLAINED = "explained"
    REASSIGNED = "reassigned"
    MAIL_HELD = "mail_held"
    MAIL_RELEASED = "mail_released"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_WITHDRAWN = "extension_withdrawn"
    EXTENSION_REFUSED = "extension_refused"
    EXTENDED = "extended"
    DEADLINE_SET = "deadline_set"
    DEADLINE_MOVED = "deadline_moved"
    CLOCK_STARTED = "clock_started"
    RECURRED = "recurred"
    RULE_EDITED = "rule_edited"
    FANNED_OUT = "fanned_out"
    CLAUSES_ADDED = "clauses_added"
    CLAUSE_EDITED = "clause_edited"
    CLAUSE_REMOVED = "clause_removed"
    MEASURE_SET = "measure_set"
    MEASURE_EDITED = "measure_edited"
    MEASURE_DROPPED = "measure_dropped"
    FIGURE_ENTERED = "figure_entered"
    FIGURE_CORRECTED = "figure_corrected"
    FIGURE_CONFIRMED = "figure_confirmed"
    DIFFICULTY_RAISED = "difficulty_raised"
    DIFFICULTY_PASSED_UP = "difficulty_passed_up"
    DIFFICULTY_ANSWERED = "difficulty_answered"
    DIFFICULTY_WITHDRAWN = "difficulty_withdrawn"
    FEED_MADE = "feed_made"
    FEED_ENDED = "feed_ended"


class Event(Base):
    """One thing that happened; the database refuses to change or delete it.

    `unit_id` is the unit in whose name it was done. `data` holds ids, days and states, never names or texts.
    The columns from `state` on are the task as it was afterwards, so that any past day can be counted again.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_task_id_id", "task_id", "id"),
        Index("ix_event_at", "at"),
    )

    id: Mapped[Id]
    at: Mapped[Instant]
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    subject_id: Mapped[int | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str | None]
    lead_id: Mapped[int | None]
    plan_id: Mapped[int | None]
    document_id: Mapped[int | None]
    due_on: Mapped[Day | None]
    first_due_on: Mapped[Day | None]
    handed_in_on: Mapped[Day | None]
    done_on: Mapped[Day | None]
    done_by_on: Mapped[Day | None]
    slips: Mapped[int | None]
    counted: Mapped[bool | None]

    text: Mapped["EventText | None"] = relationship(lazy="raise", uselist=False)


class EventText(Base):
    """The words given with an event: a reason, a line of progress. Outside the event, so that they may be erased."""

    __tablename__ = "event_text"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    words: Mapped[Words]
