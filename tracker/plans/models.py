"""Plans as rows."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.committees.models import Unit
from tracker.db import Base, Code, Day, Facts, Id, Key, Title, Versioned, Words
from tracker.documents.models import Document


class Plan(Versioned, Base):
    """A plan of one unit, carried by a document where one is known. `due_on` is a hint; tasks have their own."""

    __tablename__ = "plan"

    id: Mapped[Id]
    code: Mapped[Code | None] = mapped_column(unique=True)
    title_vi: Mapped[Title]
    title_en: Mapped[Title | None]
    owner_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    starts_on: Mapped[Day | None]
    due_words: Mapped[Words | None]
    due_on: Mapped[Day | None]
    year: Mapped[int | None]
    note: Mapped[Words | None]
    prov: Mapped[Facts]
    sort_key: Mapped[Key]
    search_key: Mapped[Key]

    owner: Mapped[Unit] = relationship(lazy="raise")
    document: Mapped[Document | None] = relationship(lazy="raise")
