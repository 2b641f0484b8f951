"""What an edit changed, as an event keeps it: ids, states, days in its data, texts outside."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

# These follow from the other fields: they tell nothing.
_KEYS = frozenset({"sort_key", "search_key", "email_key", "due_kind"})


@dataclass(frozen=True)
class Changes:
    """The fields that changed, with old and new values; texts only in `words`, which may be erased."""

    fields: tuple[str, ...]
    data: dict[str, Any]
    words: str | None


def apply(row: object, values: Mapping[str, Any]) -> Changes:
    """Set the values on `row` and return what changed by it."""
    pairs = {name: (getattr(row, name), new) for name, new in values.items()}
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    for name, (_old, new) in changed.items():
        setattr(row, name, new)
    for key in _KEYS & set(changed):
        del changed[key]
    texts = {n: pair for n, pair in changed.items() if any(map(_is_text, pair))}
    plain = {n: pair for n, pair in changed.items() if n not in texts}
    data = {
        "changed": list(changed),
        "old": {n: _bare(old) for n, (old, _new) in plain.items()},
        "new": {n: _bare(new) for n, (_old, new) in plain.items()},
    }
    words = "\n".join(f"{old or '–'} → {new or '–'}" for old, new in texts.values())
    return Changes(tuple(changed), data, words or None)


def without(
    prov: Mapping[str, Any], fields: tuple[str, ...], keys: Mapping[str, str]
) -> dict[str, Any]:
    """Return the provenance without what a person has just typed: no source vouches for that."""
    typed = {keys.get(name, name) for name in fields}
    return {key: word for key, word in prov.items() if key not in typed}


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not isinstance(value, enum.Enum)


def _bare(value: object) -> Any:
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    return str(value) if isinstance(value, Decimal) else value
