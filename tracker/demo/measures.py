"""The figures of the file: measures with a reading where one is stated, and the classes of the yearly scales."""

from decimal import Decimal
from typing import Any

from tracker.db import db
from tracker.demo.source import ASSUMPTION, DERIVED, REPORTED_AT, Entry, Rows, provenance
from tracker.measures.models import Direction, Measure, Reading

DIRECTIONS = {"up": Direction.UP, "down": Direction.DOWN, "exact": Direction.COVER}
_FIELDS = ("target", "achieved", "baseline", "achieved_percent", "as_of", "districts")


def load_measures(source: Entry, rows: Rows) -> None:
    """Make every measure, quota, class and reading of the file."""
    scales = {scale["id"]: scale for scale in source["classifications"]}
    for task in source["tasks"]:
        own = [task["measure"]] if "measure" in task else task.get("measures", ())
        for number, entry in enumerate(own, start=1):
            _load_measure(task, f"{task['id']}#{number}", entry, rows)
        if "classification" in task:
            _load_scale(task, scales[task["classification"]], rows)
    db.session.flush()


def _load_measure(task: Entry, code: str, entry: Entry, rows: Rows) -> None:
    transfer = task.get("transfer", {})
    words = {name: word for name, word in provenance(task).items() if name in _FIELDS}
    measure = _measure(
        code=code,
        task_id=rows.tasks[task["id"]].id,
        name_vi=entry["name_vi"],
        name_en=entry["name_en"],
        unit_vi=entry["unit_vi"],
        unit_en=entry["unit_en"],
        direction=DIRECTIONS[entry["direction"]],
        baseline=_figure(entry.get("baseline")),
        target=_figure(entry["target"]),
        target_under=_figure(entry.get("target_bounds", {}).get("max_exclusive")),
        from_unit_id=rows.unit_id(transfer.get("from")),
        to_unit_id=rows.unit_id(transfer.get("to")),
        note=_districts(entry),
        prov=words | provenance(transfer),
    )
    if entry["achieved"] is not None:
        _reading(measure, entry["achieved"], words, task, **_percentage(entry))
    _load_quotas(task, measure, rows)


def _percentage(entry: Entry) -> dict[str, Any]:
    return {
        "percent_words": entry.get("achieved_percent_text"),
        "percent_over": _figure(entry.get("achieved_percent_min_exclusive")),
    }


def _districts(entry: Entry) -> str | None:
    count = entry.get("districts")
    return f"Trên địa bàn {count} huyện, thị xã" if count else None


def _load_quotas(task: Entry, whole: Measure, rows: Rows) -> None:
    """Give each child its part of the whole, where the file splits it."""
    fanout = task.get("fanout", {})
    if "each" not in fanout:
        return
    for code in fanout["over"]:
        child = rows.tasks[f"{task['id']}/{code}"]
        _measure(
            code=f"{child.code}#1",
            task_id=child.id,
            into_id=whole.id,
            name_vi=whole.name_vi,
            name_en=whole.name_en,
            unit_vi=whole.unit_vi,
            unit_en=whole.unit_en,
            direction=whole.direction,
            target=_figure(fanout["each"]),
            prov={"target": ASSUMPTION},
        )


def _load_scale(task: Entry, scale: Entry, rows: Rows) -> None:
    """Make the classes of a year, ranked, and the total they add up into."""
    words = provenance(scale)
    shared = {
        "task_id": rows.tasks[task["id"]].id,
        "unit_vi": scale["subject_vi"],
        "unit_en": scale["subject_en"],
        "direction": Direction.COVER,
        "year": scale["period"],
    }
    total = _measure(
        code=scale["id"],
        name_vi=f"Tổng số {scale['subject_vi']} được xếp loại",
        name_en=f"Total of {scale['subject_en']} classified",
        note=scale.get("note"),
        prov={"achieved": words["total"], "name": DERIVED},
        **shared,
    )
    _reading(total, scale["total"], {"achieved": words["total"]}, task)
    for entry in scale["classes"]:
        _load_class(entry, total, {"achieved": words["counts"]}, task, shared)


def _load_class(
    entry: Entry, total: Measure, words: dict[str, str], task: Entry, shared: dict[str, Any]
) -> None:
    follow_up = entry.get("follow_up")
    measure = _measure(
        code=f"{total.code}/{entry['key']}",
        into_id=total.id,
        rank=entry["rank"],
        name_vi=entry["vi"],
        name_en=entry["en"],
        note=f"Nhiệm vụ tiếp theo: {follow_up}" if follow_up else None,
        prov=words | provenance(entry),
        **shared,
    )
    _reading(measure, entry["count"], words, task)


def _measure(**fields: Any) -> Measure:
    measure = Measure(**fields)
    db.session.add(measure)
    db.session.flush()
    return measure


def _reading(
    measure: Measure, value: float, words: dict[str, str], task: Entry, **percentage: Any
) -> None:
    reading = Reading(
        measure_id=measure.id,
        value=_figure(value),
        as_of_on=task.get("as_of"),
        entered_at=REPORTED_AT,
        prov=words,
        **percentage,
    )
    db.session.add(reading)


def _figure(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
