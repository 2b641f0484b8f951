"""Settings of the organisation, one row each."""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base, Code


class Setting(Base):
    """One setting under a known key, with a value that JSON can hold."""

    __tablename__ = "setting"

    key: Mapped[Code] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
