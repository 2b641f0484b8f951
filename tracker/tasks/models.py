"""Tasks, what they wait for, and what lies on whose desk."""

import enum
from datetime import date, time

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.committees.models import Seat, Unit
from tracker.db import Base, Code, Day, Facts, Id, Instant, Key, Title, Versioned, Words, choice
from tracker.documents.models import Clause, Document
from tracker.plans.models import Plan
from tracker.tasks.lifecycle import RestRule, State, Tie, deciding_unit


class Task(Versioned, Base):
    """One task, or a co-ordinator's line of one (`tie` line).

    `assigner` decides on the deadline, `verdict_unit` on the hand-in. `due_words` are kept as written, `due_on` is the
    last day they name, `due_kind` how they were read (empty: nothing is stated). `first_due_*` never change.
    `done_by_on` is the last day on which it can have been done, where the day itself is not stated. `search_key` is
    the folded title with the code; `state_stated` is false where the source does not say how the task stands.

    A recurring duty (`repeats_until_on`) has no day of its own: its occurrences have, children that stand for the
    period beginning at `period_on`. `review_days`: after so many days without a word the task asks for one. `weight`
    is how much it counts for in its plan, 1 where nothing is said.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_lead_id_state_due_on", "lead_id", "state", "due_on"),
        Index("ix_task_assigner_id_state", "assigner_id", "state"),
        Index("ix_task_verdict_unit_id_state", "verdict_unit_id", "state"),
        Index("ix_task_parent_id_tie_state_due_on", "parent_id", "tie", "state", "due_on"),
        Index("ix_task_state_due_on_id", "state", "due_on", "id"),
        Index(
            "ix_task_line",
            "lead_id",
            "parent_id",
            sqlite_where=text("tie = 'line'"),
            postgresql_where=text("tie = 'line'"),
        ),
        Index(
            "uq_task_occurrence",
            "parent_id",
            "period_on",
            unique=True,
            sqlite_where=text("tie = 'occurrence'"),
            postgresql_where=text("tie = 'occurrence'"),
        ),
    )

    id: Mapped[Id]
    code: Mapped[Code | None] = mapped_column(unique=True)
    title_vi: Mapped[Title]
    title_en: Mapped[Title | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    tie: Mapped[Tie | None] = mapped_column(choice(Tie, written=True))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"), index=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    assigner_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    verdict_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    holder_seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))
    leader_seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))
    product_vi: Mapped[Title | None]
    product_en: Mapped[Title | None]
    product_document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    state: Mapped[State] = mapped_column(choice(State, written=True))
    state_stated: Mapped[bool] = mapped_column(default=True)
    starts_on: Mapped[Day | None]
    due_kind: Mapped[str | None] = mapped_column(String(12))
    due_words: Mapped[Words | None]
    due_on: Mapped[Day | None]
    due_time: Mapped[time | None]
    first_due_words: Mapped[Words | None]
    first_due_on: Mapped[Day | None]
    slips: Mapped[int] = mapped_column(default=0)
    repeats_until_on: Mapped[Day | None]
    rest_rule: Mapped[RestRule | None] = mapped_column(choice(RestRule))
    period_on: Mapped[Day | None]
    review_days: Mapped[int | None]
    weight: Mapped[int | None]
    handed_in_on: Mapped[Day | None]
    done_on: Mapped[Day | None]
    done_by_on: Mapped[Day | None]
    as_of_on: Mapped[Day | None]
    as_of_words: Mapped[Words | None]
    year: Mapped[int | None]
    note: Mapped[Words | None]
    prov: Mapped[Facts]
    moved_at: Mapped[Instant]
    created_at: Mapped[Instant]
    search_key: Mapped[Key]

    parent: Mapped["Task | None"] = relationship(
        lazy="raise", remote_side="Task.id", foreign_keys=[parent_id]
    )
    plan: Mapped[Plan | None] = relationship(lazy="raise")
    document: Mapped[Document | None] = relationship(lazy="raise", foreign_keys=[document_id])
    clause: Mapped[Clause | None] = relationship(lazy="raise")
    product_document: Mapped[Document | None] = relationship(
        lazy="raise", foreign_keys=[product_document_id]
    )
    lead: Mapped[Unit] = relationship(lazy="raise", foreign_keys=[lead_id])
    assigner: Mapped[Unit] = relationship(lazy="raise", foreign_keys=[assigner_id])
    verdict_unit: Mapped[Unit] = relationship(lazy="raise", foreign_keys=[verdict_unit_id])
    holder_seat: Mapped[Seat | None] = relationship(lazy="raise", foreign_keys=[holder_seat_id])
    leader_seat: Mapped[Seat | None] = relationship(lazy="raise", foreign_keys=[leader_seat_id])

    @property
    def is_line(self) -> bool:
        """Tell whether this is a co-ordinator's own part of another task."""
        return self.tie is Tie.LINE

    @property
    def is_series(self) -> bool:
        """Tell whether this is a recurring duty, whose occurrences carry the deadlines."""
        return self.repeats_until_on is not None

    @property
    def decider_id(self) -> int:
        """Return the unit that decides on the deadline: nobody moves a deadline of their own in silence."""
        return deciding_unit(self.lead_id, self.assigner_id, self.verdict_unit_id)

    def days(self) -> tuple[date | None, date | None, date | None, date | None]:
        """Return due, handed in, done, last possible day of completion: what timeliness is derived from."""
        return self.due_on, self.handed_in_on, self.done_on, self.done_by_on


class Dependency(Base):
    """`task` waits for `needs`: a warning at the start, a bar only to acceptance."""

    __tablename__ = "dependency"

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    needs_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True, index=True)
    prov: Mapped[Facts]


class AskKind(enum.StrEnum):
    """What is asked. A hand-in, a wish for more time and a difficulty go up; the others come down."""

    HAND_IN = "hand_in"
    EXTENSION = "extension"
    ASSIGNMENT = "assignment"
    URGING = "urging"
    EXPLANATION = "explanation"
    DIFFICULTY = "difficulty"


UPWARD = frozenset({AskKind.HAND_IN, AskKind.EXTENSION})
DOWNWARD = frozenset({AskKind.ASSIGNMENT, AskKind.URGING, AskKind.EXPLANATION})
# What lies on a desk above; a difficulty is decided on by whichever level it has come to.
LYING = UPWARD | {AskKind.DIFFICULTY}


class Ask(Versioned, Base):
    """What lies on a unit's desk since when, and how it was answered. `task_version` is what the answer binds.

    `rung` is 1 or 2 for a first and second urging, else 0; `answer_by_on` the day by which an answer is asked for.
    Who asks for more time says why (`words`), how far the work is (`result`) and until when, as typed and as a day
    (`proposed_*`); `granted_*` is the deadline that was given, which may be another.
    """

    __tablename__ = "ask"
    __table_args__ = (
        Index(
            "ix_ask_open_to_unit",
            "to_unit_id",
            "task_id",
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
        Index("ix_ask_task_id", "task_id"),
        Index(
            "uq_ask_open",
            "task_id",
            "kind",
            "rung",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    kind: Mapped[AskKind] = mapped_column(choice(AskKind))
    rung: Mapped[int] = mapped_column(default=0)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    from_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    to_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    asked_at: Mapped[Instant]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[Words | None]
    answer_by_on: Mapped[Day | None]
    task_version: Mapped[int]
    answered_at: Mapped[Instant | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted: Mapped[bool | None]
    answer: Mapped[Words | None]
    result: Mapped[Words | None]
    proposed_kind: Mapped[str | None] = mapped_column(String(12))
    proposed_words: Mapped[Words | None]
    proposed_on: Mapped[Day | None]
    granted_words: Mapped[Words | None]
    granted_on: Mapped[Day | None]

    from_unit: Mapped[Unit] = relationship(lazy="raise", foreign_keys=[from_unit_id])
    to_unit: Mapped[Unit] = relationship(lazy="raise", foreign_keys=[to_unit_id])
