"""What is seen of plans: those one may see, and one of them."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload

from tracker.committees.standings import Me
from tracker.db import db, within
from tracker.plans.models import Plan
from tracker.text import fold


def visible_to(me: Me, through_task: ColumnElement[bool]) -> Select[Plan]:
    """Return the plans `me` may see: through a task, or as chair, leader or office of a branch."""
    return select(Plan).where(or_(through_task, within(Plan.owner_id, me.branch | me.acts)))


def find(seen: Select[Plan], plan_id: int) -> Plan | None:
    """Return one of the plans seen, with its owner and its document."""
    brings = (joinedload(Plan.owner), joinedload(Plan.document))
    return db.session.scalar(seen.where(Plan.id == plan_id).options(*brings))


def matching(seen: Select[Plan], words: str) -> Select[Plan]:
    """Return those of the plans seen in whose title the words occur, accents optional."""
    found = Plan.search_key.contains(fold(words), autoescape=True)
    brings = (joinedload(Plan.owner), joinedload(Plan.document))
    chosen = seen.where(found) if words else seen
    return chosen.options(*brings).order_by(Plan.sort_key, Plan.id)


def of_documents(seen: Select[Plan], document_ids: Collection[int]) -> list[Plan]:
    """Return the plans seen that carry out one of the documents."""
    carrying = seen.where(Plan.document_id.in_(document_ids)).options(joinedload(Plan.owner))
    return list(db.session.scalars(carrying.order_by(Plan.sort_key, Plan.id)))


def choices(seen: Select[Plan]) -> list[Plan]:
    """Return the plans a form may offer, in their order."""
    return list(db.session.scalars(seen.order_by(Plan.sort_key, Plan.id)))
