"""The visits of the file."""

from tracker.db import db
from tracker.demo.source import Entry, Rows, provenance
from tracker.visits.models import Visit, Visitor


def load_visits(source: Entry, rows: Rows) -> None:
    """Make every visit; which figure counts it is not stated, so none is said to."""
    for entry in source["field_visits"]:
        visit = Visit(
            code=entry["id"],
            unit_id=rows.unit_id(entry.get("org")),
            visited_on=entry.get("date"),
            count=entry.get("count", 1),
            note=entry.get("note"),
            prov=provenance(entry),
        )
        db.session.add(visit)
        db.session.flush()
        for code in entry.get("by", ()):
            db.session.add(Visitor(visit_id=visit.id, unit_id=rows.units[code].id))
    db.session.flush()
