"""What is done to plans: entering one, correcting it. Its state is computed and never set."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from tracker.db import db
from tracker.history.actions import Doer, record
from tracker.history.changes import apply, without
from tracker.history.models import Kind
from tracker.plans.models import Plan
from tracker.text import fold, sort_key

# Column -> the key under which `prov` vouches for it.
_PROV_KEYS = {
    "owner_id": "owner",
    "document_id": "source",
    "starts_on": "start",
    "due_on": "due",
    "due_words": "due",
    "title_vi": "title",
    "title_en": "title",
    "year": "period",
}


@dataclass(frozen=True, kw_only=True)
class PlanFacts:
    """What the office states of a plan; `due_on` is the day the due words were read as."""

    title_vi: str
    owner_id: int
    title_en: str | None = None
    document_id: int | None = None
    starts_on: date | None = None
    due_words: str | None = None
    due_on: date | None = None
    year: int | None = None
    note: str | None = None

    def columns(self) -> dict[str, Any]:
        """Return the values by column, with the keys by which the plan is sorted and found."""
        words = f"{self.title_vi} {self.title_en or ''}"
        return asdict(self) | {"sort_key": sort_key(self.title_vi), "search_key": fold(words)}


def add_plan(facts: PlanFacts, *, by: Doer, at: datetime) -> Plan:
    """Enter a plan."""
    plan = Plan(prov={}, **facts.columns())
    db.session.add(plan)
    db.session.flush()
    record(Kind.PLAN_ADDED, by=by, at=at, subject_id=plan.id)
    return plan


def edit_plan(plan: Plan, facts: PlanFacts, *, by: Doer, at: datetime) -> Plan:
    """Correct a plan in place; old and new values stand in the event."""
    made = apply(plan, facts.columns())
    plan.prov = without(plan.prov, made.fields, _PROV_KEYS)
    if made.fields:
        data = made.data
        record(Kind.PLAN_EDITED, by=by, at=at, subject_id=plan.id, words=made.words, data=data)
    return plan
