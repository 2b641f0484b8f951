"""Settings of the organisation, one row each, and its own days off and days worked."""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base, Code, Day, Title


class SpecialDay(Base):
    """A day off besides the public holidays, or a day worked in place of one (`is_working`)."""

    __tablename__ = "special_day"

    on: Mapped[Day] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    name_vi: Mapped[Title | None]
    name_en: Mapped[Title | None]


class Setting(Base):
    """One setting under a known key, with a value that JSON can hold."""

    __tablename__ = "setting"

    key: Mapped[Code] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
