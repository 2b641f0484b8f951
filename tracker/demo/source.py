"""The file of the demonstration, read, and the provenance of each of its entries brought to one form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from tracker.committees.models import Unit, UnitKind
from tracker.documents.models import Document
from tracker.plans.models import Plan
from tracker.settings import ZONE
from tracker.tasks.models import Task

PATH = Path(__file__).with_name("dak-nong-2018.yaml")
NOTES = PATH.with_name("notes-vi.yaml")
Entry = Mapping[str, Any]

# When the report was written down here. The day is an assumption (the file's own, `meta.demo_clock`) within the window
# in which it must have been published; no deadline and no other day of the file is the same.
REPORTED_AT = datetime(2018, 3, 15, 8, 0, tzinfo=ZONE)

ASSUMPTION, DERIVED, READING, NOT_STATED = "assumption", "derived", "reading", "not_stated"
_NOTED = {"note", "derivation"}
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
ITSELF = "self"  # where a source gives one word for the whole row


class Unfit(Exception):
    """The file contradicts itself, or the database is not one to load it into; says why in a sentence."""


@dataclass
class Rows:
    """What has been made so far, by the file's own ids."""

    units: dict[str, Unit] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)

    def unit_id(self, code: str | None) -> int | None:
        """Return the id of a unit that may not be stated."""
        return self.units[code].id if code else None

    def document_id(self, code: str | None) -> int | None:
        """Return the id of a document that may not be stated."""
        return self.documents[code].id if code else None

    def is_collective(self, code: str) -> bool:
        """Tell whether the unit only lists others, so that nobody sits in it."""
        return self.units[code].kind is UnitKind.COLLECTIVE


def read(path: Path) -> dict[str, Any]:
    """Return the file's content, with its notes in Vietnamese like everything the province itself wrote."""
    return dict(_noted(_content(path), _content(NOTES)))


def _content(path: Path) -> dict[str, Any]:
    with path.open("rb") as lines:
        return dict(yaml.load(lines, Loader=_Loader))  # noqa: S506 - a safe loader, in C where there is one


def _noted(content: Any, notes: Entry) -> Any:
    """Return the same content with each note that `notes` knows in its words."""
    if isinstance(content, list):
        return [_noted(one, notes) for one in content]
    if not isinstance(content, dict):
        return content
    return {
        key: notes.get(value, value) if key in _NOTED else _noted(value, notes)
        for key, value in content.items()
    }


def provenance(entry: Entry, **ours: str) -> dict[str, str]:
    """Return field -> word of provenance: the entry's map, its keys in `_prov`, and what is `ours`."""
    words = entry.get("prov", {})
    found = {ITSELF: words} if isinstance(words, str) else dict(words)
    found |= {key.removesuffix("_prov"): entry[key] for key in entry if key.endswith("_prov")}
    return ours | found


def joined(*notes: str | None) -> str | None:
    """Return the notes there are, a paragraph each."""
    return "\n".join(note for note in notes if note) or None
