"""The documents of the file and their lineage."""

from tracker.db import db
from tracker.demo.source import ASSUMPTION, Entry, Rows, Unfit, provenance
from tracker.documents.models import Document, Lineage
from tracker.text import fold, sort_key

RECEIVER = "tinh_uy"


def load_documents(source: Entry, rows: Rows) -> None:
    """Make every document of the file and every edge between them."""
    for entry in source["documents"]:
        rows.documents[entry["id"]] = _document(entry, rows)
    db.session.flush()
    edges = {(edge["from"], edge["to"]) for edge in source["lineage"]}
    for edge in source["lineage"]:
        db.session.add(_edge(edge, rows))
    for entry in source["documents"]:
        if "parent" in entry and (entry["parent"], entry["id"]) not in edges:
            raise Unfit(f"{entry['id']} names a parent the lineage does not know.")
    db.session.flush()


def _document(entry: Entry, rows: Rows) -> Document:
    receiver = _receiver(entry, rows)
    words = [entry["kind_vi"], entry.get("symbol") or entry["number"], entry["subject_vi"]]
    document = Document(
        code=entry["id"],
        kind_vi=entry["kind_vi"],
        kind_en=entry["kind_en"],
        number=entry["number"],
        symbol=entry.get("symbol"),
        issued_on=entry["date"],
        issued_on_outside=entry.get("date_outside"),
        year=entry.get("year"),
        issuer_id=rows.unit_id(entry["issuer"]),
        approver_id=rows.unit_id(entry.get("approver")),
        receiver_id=rows.unit_id(receiver),
        is_draft=entry.get("draft", False),
        subject_vi=entry["subject_vi"],
        subject_en=entry["subject_en"],
        full_title_vi=entry.get("full_title_vi"),
        note=entry.get("note"),
        prov=provenance(entry, **({"receiver": ASSUMPTION} if receiver else {})),
        sort_key=sort_key(" ".join(filter(None, words))),
        search_key=fold(" ".join(filter(None, words))),
    )
    db.session.add(document)
    return document


def _receiver(entry: Entry, rows: Rows) -> str | None:
    """What comes from outside reaches the province at its committee; not stated, but it must be seen by somebody."""
    issuer = entry["issuer"]
    return RECEIVER if issuer and rows.units[issuer].outside else None


def _edge(edge: Entry, rows: Rows) -> Lineage:
    return Lineage(
        parent_id=rows.documents[edge["from"]].id,
        child_id=rows.documents[edge["to"]].id,
        note=edge.get("note"),
        prov=provenance(edge),
    )
