"""Documents, their clauses and their lineage; number, symbol, date and issuer may all be unknown."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.committees.models import Unit
from tracker.db import Base, Code, Day, Facts, Id, Key, Title, Versioned, Words


class Document(Versioned, Base):
    """A directive, resolution, plan, guidance ... as its source names it.

    `issued_on` is what the source prints, `issued_on_outside` what others print where they differ or the source is
    silent. `year` is all that is known of the date, where it is. `receiver` is the unit that entered it.
    """

    __tablename__ = "document"

    id: Mapped[Id]
    code: Mapped[Code | None] = mapped_column(unique=True)
    kind_vi: Mapped[str] = mapped_column(String(100))
    kind_en: Mapped[str | None] = mapped_column(String(100))
    number: Mapped[str | None] = mapped_column(String(40))
    symbol: Mapped[str | None] = mapped_column(String(80))
    issued_on: Mapped[Day | None]
    issued_on_outside: Mapped[Day | None]
    year: Mapped[int | None]
    issuer_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    receiver_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    is_draft: Mapped[bool] = mapped_column(default=False)
    subject_vi: Mapped[Title]
    subject_en: Mapped[Title | None]
    full_title_vi: Mapped[Title | None]
    note: Mapped[Words | None]
    prov: Mapped[Facts]
    sort_key: Mapped[Key]
    search_key: Mapped[Key]

    issuer: Mapped[Unit | None] = relationship(lazy="raise", foreign_keys=[issuer_id])
    approver: Mapped[Unit | None] = relationship(lazy="raise", foreign_keys=[approver_id])
    receiver: Mapped[Unit | None] = relationship(lazy="raise", foreign_keys=[receiver_id])
    successor: Mapped["Document | None"] = relationship(
        lazy="raise", remote_side="Document.id", foreign_keys=[successor_id]
    )


class Clause(Versioned, Base):
    """One clause of a document, in the order of `position`. `mark` is its number as written ("1.", "b)").

    `depth` is 0 for the outermost; `needs_task` is false for headings, grounds and the like.
    """

    __tablename__ = "clause"
    __table_args__ = (Index("ix_clause_document_id_position", "document_id", "position"),)

    id: Mapped[Id]
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    position: Mapped[int]
    depth: Mapped[int] = mapped_column(default=0)
    mark: Mapped[str | None] = mapped_column(String(40))
    words: Mapped[Words]
    needs_task: Mapped[bool] = mapped_column(default=True)


class Lineage(Base):
    """One document follows from another, at a clause of it where that is known."""

    __tablename__ = "lineage"
    __table_args__ = (Index("ix_lineage_child_id", "child_id"),)

    parent_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"), index=True)
    note: Mapped[Words | None]
    prov: Mapped[Facts]
