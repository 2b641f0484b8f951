"""The tasks of the file: each with its children over the units and its co-ordinators' lines."""

from datetime import date
from typing import Any

from tracker.db import db
from tracker.deadlines import phrases
from tracker.demo.source import (
    ASSUMPTION,
    DERIVED,
    NOT_STATED,
    REPORTED_AT,
    Entry,
    Rows,
    Unfit,
    joined,
    provenance,
)
from tracker.history.actions import Doer, record
from tracker.history.models import Kind
from tracker.tasks.actions import search_key_of, verdict_unit
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Dependency, Task
from tracker.tasks.moves import image_of

STATES = {
    "done": State.DONE,
    "in_progress": State.IN_PROGRESS,
    "ongoing": State.IN_PROGRESS,
    "planned": State.ASSIGNED,
    "unknown": State.ASSIGNED,
}


def load_tasks(source: Entry, rows: Rows) -> None:
    """Make every task, child and line of the file, and who waits for whom."""
    for entry in source["tasks"]:
        rows.tasks[entry["id"]] = _task(entry, source, rows)
    db.session.flush()
    for entry in source["tasks"]:
        _load_below(entry, rows)
    db.session.flush()
    for entry in source["tasks"]:
        for needed in entry.get("depends_on", ()):
            db.session.add(_dependency(entry, needed, rows))
    db.session.flush()


def record_tasks(rows: Rows) -> None:
    """Write down that each task came from the file, children and lines included."""
    for task in rows.tasks.values():
        record(Kind.LOADED, by=Doer(), at=REPORTED_AT, image=image_of(task))


def _task(entry: Entry, source: Entry, rows: Rows) -> Task:
    plan = next(plan for plan in source["plans"] if plan["id"] == entry["plan"])
    assigner = entry.get("assigned_by", plan["owner"])
    judge, word = _judge(entry, assigner, rows)
    ours = {"assigned_by": ASSUMPTION, "verdict": word}
    return _add(
        code=entry["id"],
        title_vi=entry["vi"],
        title_en=entry["en"],
        plan_id=rows.plans[entry["plan"]].id,
        document_id=rows.document_id(entry["source"]),
        lead_id=rows.units[entry["lead"]].id,
        assigner_id=rows.units[assigner].id,
        verdict_unit_id=judge,
        product_vi=entry.get("product_vi"),
        product_en=entry.get("product_en"),
        product_document_id=rows.document_id(entry.get("product_doc")),
        state=STATES[entry["status"]],
        state_stated=entry["status"] != "unknown",
        starts_on=entry["start"],
        done_on=entry.get("completed"),
        done_by_on=entry.get("completed_latest"),
        as_of_on=entry.get("as_of"),
        as_of_words=entry.get("as_of_phrase"),
        year=entry.get("period"),
        note=_note(entry, rows),
        prov=provenance(entry, **ours) | _submission(entry),
        **_due(entry),
    )


def _add(**fields: Any) -> Task:
    task = Task(
        slips=0,
        moved_at=REPORTED_AT,
        created_at=REPORTED_AT,
        search_key="",
        **fields,
    )
    task.search_key = search_key_of(task)
    db.session.add(task)
    return task


def _judge(entry: Entry, assigner: str, rows: Rows) -> tuple[int, str]:
    """Return who judges the hand-in and how that is known: an approver who works here, else the rule."""
    approver = entry.get("approver")
    if approver and not rows.units[approver].outside:
        return rows.units[approver].id, provenance(entry)["approver"]
    return verdict_unit(rows.units[entry["lead"]].id, rows.units[assigner].id), ASSUMPTION


def _note(entry: Entry, rows: Rows) -> str | None:
    """Return the file's words on a task, and what it says beyond the columns a task has."""
    approver = entry.get("approver")
    created = [rows.units[code].name_vi for code in entry.get("creates", ())]
    return joined(
        entry.get("note"),
        entry.get("derivation"),
        entry.get("fanout", {}).get("note"),
        f"Cấp phê duyệt: {rows.units[approver].name_vi}" if approver else None,
        f"Thành lập: {'; '.join(created)}" if created else None,
    )


def _submission(entry: Entry) -> dict[str, str]:
    words = provenance(entry.get("submission", {}))
    return {f"submission_{name}": word for name, word in words.items()}


def _due(entry: Entry) -> dict[str, Any]:
    """Return the deadline in its words and as a day; the file's day must be the one the words name."""
    words, due_on = entry.get("due_phrase"), entry["due"]
    kind = "ongoing" if entry["status"] == "ongoing" else None
    if words:
        reading = phrases.read(words)
        kind = str(reading.kind)
        if reading.due != due_on:
            raise Unfit(f"{entry['id']}: “{words}” names {reading.due}, the file says {due_on}.")
    return _due_fields(kind or ("date" if due_on else None), words, due_on)


def _due_fields(kind: str | None, words: str | None, due_on: date | None) -> dict[str, Any]:
    return {
        "due_kind": kind,
        "due_words": words,
        "due_on": due_on,
        "first_due_words": words,
        "first_due_on": due_on,
    }


def _load_below(entry: Entry, rows: Rows) -> None:
    for code in entry.get("fanout", {}).get("over", ()):
        rows.tasks[f"{entry['id']}/{code}"] = _child(entry, code, rows)
    for code in entry["coordinate"]:
        rows.tasks[f"{entry['id']}+{code}"] = _line(entry, code, rows)


def _below(entry: Entry, code: str, rows: Rows) -> dict[str, Any]:
    """Return what the child or line of a unit takes over from its task."""
    task, lead_id = rows.tasks[entry["id"]], rows.units[code].id
    giver = task.assigner_id if rows.is_collective(entry["lead"]) else task.lead_id
    return {
        "parent_id": task.id,
        "title_vi": task.title_vi,
        "title_en": task.title_en,
        "plan_id": task.plan_id,
        "document_id": task.document_id,
        "lead_id": lead_id,
        "assigner_id": giver,
        "verdict_unit_id": verdict_unit(lead_id, giver),
        **_due_fields(task.due_kind, task.due_words, task.due_on),
    }


def _child(entry: Entry, code: str, rows: Rows) -> Task:
    """Return one unit's own task; that it is under way like the whole is an assumption."""
    words = provenance(entry["fanout"])["self"]
    return _add(
        code=f"{entry['id']}/{code}",
        tie=Tie.FANOUT,
        state=State.IN_PROGRESS,
        prov={"lead": words, "status": ASSUMPTION, "assigned_by": ASSUMPTION, "due": DERIVED},
        **_below(entry, code, rows),
    )


def _line(entry: Entry, code: str, rows: Rows) -> Task:
    """Return a co-ordinator's part: done with its task, else of unstated state."""
    done = entry["status"] == "done"
    words = provenance(entry).get("coordinate", ASSUMPTION)
    return _add(
        code=f"{entry['id']}+{code}",
        tie=Tie.LINE,
        state=State.DONE if done else State.ASSIGNED,
        state_stated=done,
        prov={"lead": words, "status": DERIVED if done else NOT_STATED, "due": DERIVED},
        **_below(entry, code, rows),
    )


def _dependency(entry: Entry, needed: str, rows: Rows) -> Dependency:
    words = provenance(entry).get("depends_on")
    return Dependency(
        task_id=rows.tasks[entry["id"]].id,
        needs_id=rows.tasks[needed].id,
        prov={"depends_on": words} if words else {},
    )
