"""The plans of the file."""

from tracker.db import db
from tracker.demo.source import Entry, Rows, Unfit, provenance
from tracker.plans.models import Plan
from tracker.text import fold, sort_key


def load_plans(source: Entry, rows: Rows) -> None:
    """Make every plan of the file; each must list exactly the tasks that name it."""
    for entry in source["plans"]:
        listed = {task["id"] for task in source["tasks"] if task["plan"] == entry["id"]}
        if listed != set(entry["tasks"]):
            raise Unfit(f"{entry['id']} and the tasks disagree on which are its own.")
        rows.plans[entry["id"]] = _plan(entry, rows)
    db.session.flush()


def _plan(entry: Entry, rows: Rows) -> Plan:
    plan = Plan(
        code=entry["id"],
        title_vi=entry["vi"],
        title_en=entry["en"],
        owner_id=rows.units[entry["owner"]].id,
        document_id=rows.document_id(entry["source"]),
        starts_on=entry["start"],
        due_on=entry["due"],
        year=entry.get("period"),
        note=entry.get("note"),
        prov=provenance(entry),
        sort_key=sort_key(entry["vi"]),
        search_key=fold(f"{entry['id']} {entry['vi']}"),
    )
    db.session.add(plan)
    return plan
