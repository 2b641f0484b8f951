"""The forest of units, seats and tenures: work and rights belong to the seat, people come and go."""

import enum

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base, Code, Day, Facts, Id, Key, Title, Versioned, Words, choice
from tracker.people.models import Person


class UnitKind(enum.StrEnum):
    """What sort of body a unit is. A collective lists its members; they are not its children."""

    ORGAN = "organ"
    STANDING_BODY = "standing_body"
    ADVISORY = "advisory"
    TERRITORY = "territory"
    PARTY_ORG = "party_org"
    PARTY_COMMITTEE = "party_committee"
    TEMPORARY = "temporary"
    COLLECTIVE = "collective"
    AGENCY = "agency"


class Level(enum.StrEnum):
    """The level of the administration a unit stands on."""

    CENTRAL = "central"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    CELL = "cell"
    ENTERPRISE = "enterprise"
    GROUP = "group"


class Role(enum.StrEnum):
    """What the holder of a seat does in the unit."""

    MEMBER = "member"
    CHAIR = "chair"
    LEADER = "leader"
    OFFICE = "office"
    OBSERVER = "observer"


class Unit(Versioned, Base):
    """One unit under one name and one parent; a rename or a move makes a successor, so history needs no versions.

    `acts_for` is the body whose branch a standing body leads. `path` is `/1/7/9/`: the ids from the root to the unit.
    `members_count` is what a source states of a collective, empty where it does not say.
    """

    __tablename__ = "unit"

    id: Mapped[Id]
    code: Mapped[Code | None] = mapped_column(unique=True)
    name_vi: Mapped[Title]
    name_en: Mapped[Title | None]
    kind: Mapped[UnitKind] = mapped_column(choice(UnitKind))
    level: Mapped[Level] = mapped_column(choice(Level))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    acts_for_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[Key] = mapped_column(index=True)
    outside: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[Day | None]
    valid_to: Mapped[Day | None]
    purpose: Mapped[Words | None]
    territory: Mapped[Title | None]
    members_count: Mapped[int | None]
    as_written: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[Words | None]
    prov: Mapped[Facts]
    sort_key: Mapped[Key]
    search_key: Mapped[Key]

    parent: Mapped["Unit | None"] = relationship(
        lazy="raise", remote_side="Unit.id", foreign_keys=[parent_id]
    )
    acts_for: Mapped["Unit | None"] = relationship(
        lazy="raise", remote_side="Unit.id", foreign_keys=[acts_for_id]
    )


class UnitMember(Base):
    """A unit listed in a collective."""

    __tablename__ = "unit_member"

    collective_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    prov: Mapped[Facts]


class Seat(Base):
    """A place in a unit; `is_head` marks the seat that answers for it."""

    __tablename__ = "seat"

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    role: Mapped[Role] = mapped_column(choice(Role))
    is_head: Mapped[bool] = mapped_column(default=False)
    title_vi: Mapped[Title | None]
    title_en: Mapped[Title | None]

    unit: Mapped[Unit] = relationship(lazy="raise")


class Tenure(Base):
    """Who holds a seat from a day until a day (both included, open where empty)."""

    __tablename__ = "tenure"
    __table_args__ = (
        UniqueConstraint("seat_id", "person_id", "from_on"),
        Index("ix_tenure_person_id_to_on", "person_id", "to_on"),
    )

    id: Mapped[Id]
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    from_on: Mapped[Day]
    to_on: Mapped[Day | None]
    stands_in_for_id: Mapped[int | None] = mapped_column(ForeignKey("tenure.id"))

    seat: Mapped[Seat] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")
