"""What the file says of each entry, as the page that shows it must print it in a language."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

Entry = Mapping[str, Any]
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
UNKNOWN = {"vi": "chưa nêu", "en": "not stated"}
STATES = {
    "vi": {
        "done": "Đã hoàn thành",
        "in_progress": "Đang thực hiện",
        "ongoing": "Đang thực hiện",
        "planned": "Đã giao",
        "unknown": "chưa nêu tình trạng",
    },
    "en": {
        "done": "Completed",
        "in_progress": "In progress",
        "ongoing": "In progress",
        "planned": "Assigned",
        "unknown": "status not stated",
    },
}
# Under which names a page states what may be unknown.
LABELS = {
    "vi": {
        "number": {"Số"},
        "date": {"Ngày ban hành"},
        "issuer": {"Cơ quan ban hành"},
        "source": {"Văn bản làm căn cứ", "Văn bản giao nhiệm vụ"},
        "due": {"Thời hạn"},
        "completed": {"Ngày hoàn thành"},
        "target": {"Chỉ tiêu"},
        "baseline": {"Số đầu kỳ"},
        "achieved": {"Số đã đạt", "Còn lại"},
    },
    "en": {
        "number": {"Number"},
        "date": {"Date of issue"},
        "issuer": {"Issuing body"},
        "source": {"Source document", "Assigning document"},
        "due": {"Deadline"},
        "completed": {"Completion date"},
        "target": {"Target"},
        "baseline": {"Baseline"},
        "achieved": {"Achieved", "Remaining"},
    },
}
DRAFT = {"vi": "dự thảo", "en": "draft"}


@dataclass(frozen=True)
class Link:
    """A link to the page of another entry."""

    to: str


@dataclass(frozen=True)
class Unknown:
    """The words for what is not stated, in the fact whose value this is."""

    field: str


Fact = str | Link | Unknown


def number(value: float, lang: str) -> str:
    """Write a number as the language does."""
    plain = f"{Decimal(str(value)):,f}"
    return plain.translate(str.maketrans(",.", ".,")) if lang == "vi" else plain


def day(value: date, lang: str) -> str:
    """Write a day as the language does."""
    if lang == "vi":
        return f"{value.day}-{value.month}-{value.year}"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def words(entry: Entry, field: str, lang: str) -> str:
    """Return a text in the language, or in Vietnamese where the file has no other."""
    separator = f"{field}_" if field else ""
    return str(entry.get(f"{separator}{lang}") or entry[f"{separator}vi"])


class Facts:
    """The facts of a file, entry by entry."""

    def __init__(self, file: Entry, lang: str) -> None:
        self.file, self.lang = file, lang
        self.units = {entry["id"]: entry for entry in file["organisations"]}
        self.plans = {entry["id"]: entry for entry in file["plans"]}
        self.scales = {entry["id"]: entry for entry in file["classifications"]}

    def name(self, unit: str) -> str:
        """Return the name of a unit."""
        return words(self.units[unit], "", self.lang)

    def of_unit(self, entry: Entry) -> Iterator[Fact]:
        """Yield what the page of a unit must show."""
        yield words(entry, "", self.lang)
        yield from entry.get("as_written", ())
        if entry["parent"]:
            yield Link(entry["parent"])
        if "territory" in entry:
            yield entry["territory"]
        if "members_count" in entry:
            yield from self.count(entry["members_count"], "members_count")
        if "note" in entry:
            yield entry["note"]
        yield from self.of_visits(entry["id"])

    def of_visits(self, unit: str) -> Iterator[Fact]:
        """Yield the visits a unit made or received."""
        for visit in self.file["field_visits"]:
            by = visit.get("by", [])
            if unit == visit.get("org"):
                yield from map(self.name, by)
                yield visit["note"]
            elif unit in by:
                yield self.name(visit["org"])

    def count(self, value: float | None, field: str) -> Iterator[Fact]:
        """Yield a number, or that it is not stated."""
        yield Unknown(field) if value is None else number(value, self.lang)

    def day(self, value: date | None, field: str) -> Iterator[Fact]:
        """Yield a day, or that it is not stated."""
        yield Unknown(field) if value is None else day(value, self.lang)

    def of_document(self, entry: Entry) -> Iterator[Fact]:
        """Yield what the page of a document must show."""
        yield words(entry, "kind", self.lang)
        yield words(entry, "subject", self.lang)
        for field in ("number", "symbol", "full_title_vi", "note"):
            if entry.get(field):
                yield str(entry[field])
        if entry["number"] is None:
            yield Unknown("number")
        yield from self.of_document_days(entry)
        yield Link(entry["issuer"]) if entry["issuer"] else Unknown("issuer")
        if "approver" in entry:
            yield self.name(entry["approver"])
        if entry.get("draft"):
            yield DRAFT[self.lang]

    def of_document_days(self, entry: Entry) -> Iterator[Fact]:
        """Yield the day the source prints and the one others print."""
        if "year" in entry:
            yield str(entry["year"])
        elif entry["date"] is None:
            yield Unknown("date")
        for field in ("date", "date_outside"):
            if entry.get(field):
                yield day(entry[field], self.lang)

    def of_plan(self, entry: Entry) -> Iterator[Fact]:
        """Yield what the page of a plan must show."""
        yield words(entry, "", self.lang)
        yield Link(entry["owner"])
        yield Link(entry["source"]) if entry["source"] else Unknown("source")
        yield from self.day(entry["due"], "due")
        if entry["start"]:
            yield day(entry["start"], self.lang)
        if "period" in entry:
            yield str(entry["period"])
        yield from map(Link, entry["tasks"])

    def of_task(self, entry: Entry) -> Iterator[Fact]:
        """Yield what the page of a task must show."""
        yield words(entry, "", self.lang)
        yield Link(entry["plan"])
        yield STATES[self.lang][entry["status"]]
        yield from self.of_roles(entry)
        yield from self.of_source(entry)
        yield from self.of_deadline(entry)
        yield from self.of_product(entry)
        yield from map(Link, entry.get("depends_on", ()))
        yield from self.of_figures(entry)
        for field in ("note", "derivation"):
            if field in entry:
                yield entry[field]

    def of_roles(self, entry: Entry) -> Iterator[Fact]:
        """Yield who leads, co-ordinates, assigns, approves, is set up."""
        yield Link(entry["lead"])
        yield self.name(entry.get("assigned_by", self.plans[entry["plan"]]["owner"]))
        for unit in entry["coordinate"]:
            yield self.name(unit)
            yield Link(f"{entry['id']}+{unit}")
        for unit in entry.get("fanout", {}).get("over", ()):
            yield self.name(unit)
            yield Link(f"{entry['id']}/{unit}")
        if "fanout" in entry:
            yield entry["fanout"]["note"]
        if "approver" in entry:
            yield (
                self.units[entry["approver"]]["vi"]
                if self.outside(entry)
                else self.name(entry["approver"])
            )
        for unit in entry.get("creates", ()):
            yield self.units[unit]["vi"]

    def outside(self, entry: Entry) -> bool:
        """Tell whether the approver is a central body, told in the note in its Vietnamese name."""
        return bool(self.units[entry["approver"]]["level"] == "central")

    def of_source(self, entry: Entry) -> Iterator[Fact]:
        """Yield the document a task rests on, its plan's where it has none of its own."""
        source = entry["source"] or self.plans[entry["plan"]]["source"]
        yield Link(source) if source else Unknown("source")

    def of_deadline(self, entry: Entry) -> Iterator[Fact]:
        """Yield the days and words of start, deadline, completion and count."""
        if entry.get("due_phrase"):
            yield entry["due_phrase"]
        elif entry["due"] is None:
            yield Unknown("due")
        for field in ("start", "due", "completed", "completed_latest", "as_of"):
            if entry.get(field):
                yield day(entry[field], self.lang)
        if "as_of_phrase" in entry:
            yield entry["as_of_phrase"]
        if entry["status"] == "done" and not entry["completed"]:
            yield Unknown("completed")
        if "period" in entry:
            yield str(entry["period"])

    def of_product(self, entry: Entry) -> Iterator[Fact]:
        """Yield the product and the document it is."""
        if "product_vi" in entry:
            yield words(entry, "product", self.lang)
        if "product_doc" in entry:
            yield Link(entry["product_doc"])

    def of_figures(self, entry: Entry) -> Iterator[Fact]:
        """Yield every figure of a task."""
        for measure in [entry["measure"]] if "measure" in entry else entry.get("measures", ()):
            yield from self.of_measure(measure)
        for role in ("from", "to"):
            if "transfer" in entry:
                yield self.name(entry["transfer"][role])
        if "classification" in entry:
            yield from self.of_scale(self.scales[entry["classification"]])

    def of_measure(self, entry: Entry) -> Iterator[Fact]:
        """Yield a measure with its figures, its bounds and what of it is unknown."""
        yield words(entry, "name", self.lang)
        yield words(entry, "unit", self.lang)
        yield from self.count(entry["target"], "target")
        yield from self.count(entry["achieved"], "achieved")
        if "baseline" in entry:
            yield from self.count(entry["baseline"], "baseline")
        if "achieved_percent_text" in entry:
            yield entry["achieved_percent_text"]
        if entry["target"] is None and "target_bounds" in entry:
            yield number(entry["target_bounds"]["max_exclusive"], self.lang)
        if "districts" in entry:
            yield number(entry["districts"], self.lang)

    def of_scale(self, entry: Entry) -> Iterator[Fact]:
        """Yield the classes of a year with their counts, and the sum."""
        yield words(entry, "subject", self.lang)
        yield str(entry["period"])
        for one in entry["classes"]:
            yield words(one, "", self.lang)
            yield number(one["count"], self.lang)
        yield number(entry["total"], self.lang)
        yield entry["note"]


_INLINE = frozenset({"a", "abbr", "b", "em", "i", "q", "s", "small", "span", "strong", "time"})


def words_of(element: Element) -> str:
    """Return what an element says, with blocks kept apart and words within a line left together."""
    return plain("".join(_said(element)))


def _said(element: Element) -> Iterator[str]:
    edge = "" if element.tag in _INLINE else " "
    yield edge
    yield element.text or ""
    for child in element:
        yield from _said(child)
        yield child.tail or ""
    yield edge


def told(text: str, fact: str) -> bool:
    """Tell whether `text` has the words of `fact`, not as a part of longer ones."""
    pattern = r"(?<![\w.,-])" + re.escape(plain(fact)) + r"(?![\w]|[.,-]\d)"
    return re.search(pattern, text, re.IGNORECASE) is not None


def plain(text: str) -> str:
    """Return the text with one kind of space."""
    return " ".join(text.split())
