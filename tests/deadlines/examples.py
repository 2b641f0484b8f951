"""The rows of the specification by example, and of the further examples beside it."""

import csv
import re
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from tracker.deadlines.phrases import Reading, Refused, read

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Example:
    phrase: str
    lang: str
    start: str
    due: str
    kind: str
    note: str

    @property
    def on(self) -> date | None:
        found = re.search(r"ctx=(\d{4}-\d\d-\d\d)", self.note)
        return date.fromisoformat(found[1]) if found else None

    @property
    def time(self) -> time | None:
        found = re.search(r"\btime[ =:a-z]*(\d\d:\d\d)", self.note)
        return time.fromisoformat(found[1]) if found else None

    @property
    def suggestion(self) -> str | None:
        found = re.search(r"suggest (\S*\d\S*|.*\d\S*)$", self.note)
        return found[1] if found else None

    @property
    def key(self) -> str | None:
        found = re.search(r"key=(\w+)", self.note)
        return found[1] if found else None

    @property
    def answer(self) -> tuple[str, str, str]:
        return self.kind, self.start, self.due

    def read(self, phrase: str | None = None) -> Reading:
        return read(self.phrase if phrase is None else phrase, on=self.on, lang=self.lang)


def examples(name: str) -> list[Example]:
    with (HERE / name).open(encoding="utf-8", newline="") as lines:
        return [Example(**{k: v or "" for k, v in row.items()}) for row in csv.DictReader(lines)]


SPECIFIED = examples("deadlines.csv")
FURTHER = examples("more.csv")
ALL = [*SPECIFIED, *FURTHER]
READABLE = [e for e in ALL if e.kind != "refuse"]
REFUSED = [e for e in ALL if e.kind == "refuse"]


def outcome(example: Example, phrase: str | None = None) -> tuple[str, str, str]:
    """Kind, start and due as the CSV files write them."""
    try:
        reading = example.read(phrase)
    except Refused:
        return "refuse", "", ""
    return reading.kind.value, str(reading.start or ""), str(reading.due or "")


def refusal(example: Example) -> Refused:
    try:
        example.read()
    except Refused as refused:
        return refused
    raise AssertionError(f"{example.phrase!r} was read")
