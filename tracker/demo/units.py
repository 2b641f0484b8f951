"""The units of the file: the forest, who acts for whom, collectives and whom they list."""

import re

from tracker.committees.models import Level, Unit, UnitKind, UnitMember
from tracker.db import db
from tracker.demo.source import ASSUMPTION, DERIVED, Entry, Rows, Unfit, provenance
from tracker.text import fold, sort_key

# Whose branch a standing body leads; not stated, but nobody could work in the provincial bodies without it.
ACTS_FOR = {"tt_tu": "btv_tu", "btv_tu": "tinh_uy", "tinh_uy": "db_tinh"}
_PURPOSE = re.compile(r"\(((?:thực hiện|triển khai) .+)\)$")


def load_units(source: Entry, rows: Rows) -> None:
    """Make every unit of the file."""
    creators = {code: task for task in source["tasks"] for code in task.get("creates", ())}
    waiting = {entry["id"]: entry for entry in source["organisations"]}
    while waiting:
        ready = [e for e in waiting.values() if e["parent"] is None or e["parent"] in rows.units]
        if not ready:
            raise Unfit(f"These units are each other's parents: {', '.join(waiting)}.")
        for entry in ready:
            rows.units[entry["id"]] = _unit(waiting.pop(entry["id"]), rows, creators)
        _set_paths(ready, rows)
    for code, other in ACTS_FOR.items():
        rows.units[code].acts_for_id = rows.units[other].id
    _load_members(source, rows)
    db.session.flush()


def _unit(entry: Entry, rows: Rows, creators: Entry) -> Unit:
    outside = _is_outside(entry)
    ours = {"name": entry["prov"], "parent": entry["prov"]}
    ours |= {"acts_for": ASSUMPTION} if entry["id"] in ACTS_FOR else {}
    ours |= {"outside": ASSUMPTION} if outside else {}
    unit = Unit(
        code=entry["id"],
        name_vi=entry["vi"],
        name_en=entry["en"],
        kind=UnitKind(entry["kind"]),
        level=Level(entry["level"]),
        parent_id=rows.unit_id(entry["parent"]),
        path="",
        outside=outside,
        territory=entry.get("territory"),
        members_count=entry.get("members_count"),
        as_written=entry.get("as_written", []),
        note=entry.get("note"),
        prov=provenance(entry, **ours),
        sort_key=sort_key(entry["vi"]),
        search_key=fold(f"{entry['vi']} {entry['en']}"),
    )
    _tell_purpose(unit, creators.get(entry["id"]))
    db.session.add(unit)
    return unit


def _is_outside(entry: Entry) -> bool:
    """The Centre, the province itself, communes and enterprises do not work in this system."""
    level, kind = Level(entry["level"]), UnitKind(entry["kind"])
    return level in {Level.CENTRAL, Level.ENTERPRISE, Level.COMMUNE} or kind is UnitKind.TERRITORY


def _tell_purpose(unit: Unit, creator: Entry | None) -> None:
    """A temporary body says what for, and which task set it up."""
    if creator is None:
        return
    found = _PURPOSE.search(unit.name_vi)
    unit.purpose = found[1] if found else creator["vi"]
    unit.note = unit.note or f"{creator['id']}: {creator['vi']}"
    unit.prov = unit.prov | {"purpose": DERIVED}


def _set_paths(entries: list[Entry], rows: Rows) -> None:
    db.session.flush()
    for entry in entries:
        unit = rows.units[entry["id"]]
        parent = rows.units.get(entry["parent"])
        unit.path = f"{parent.path if parent else '/'}{unit.id}/"


def _load_members(source: Entry, rows: Rows) -> None:
    """A collective that leads a task lists the units over which the task is fanned out."""
    for task in source["tasks"]:
        if not (fanout := task.get("fanout")) or not rows.is_collective(task["lead"]):
            continue
        for code in fanout["over"]:
            member = UnitMember(
                collective_id=rows.units[task["lead"]].id,
                unit_id=rows.units[code].id,
                prov=provenance(fanout),
            )
            db.session.add(member)
