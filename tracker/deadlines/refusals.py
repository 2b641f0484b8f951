"""Why a phrase is refused, in the words of the product, with the values each sentence needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tracker.deadlines.calendar import Month
from tracker.text import N_

MESSAGES: Mapping[str, str] = {
    "quarter": N_("A year has quarters I to IV only. Did you mean {suggestion}?"),
    "no_quarter": N_("Which quarter? Give quarter and year, e.g. {suggestion}."),
    "month": N_("There is no month {n}."),
    "day": N_("{month} {year} has only {n} days."),
    "leap": N_("{year} is not a leap year: February has 28 days."),
    "order": N_("Day, month, year in that order: {suggestion}?"),
    "short_year": N_("Write the year with four digits: {suggestion}?"),
    "no_year": N_("The year is missing, e.g. {suggestion}."),
    "no_context": N_("“{phrase}” counts from a day that is not given. Write it out: {suggestion}."),
    "no_day": N_("“{phrase}” names no day. Give a date, or “end of {period}”."),
    "lunar": N_(
        "Deadlines run on the solar calendar. The last working day before Tết {year} is"
        " {suggestion}."
    ),
    "term": N_("A term ends at a congress, not on a fixed day. Give a date."),
    "count_from": N_(
        "The day to count from is missing. Give the day of signing or receipt and the last day is"
        " worked out."
    ),
    "reversed": N_("The end ({end}) is earlier than the start ({start})."),
    "weekday": N_("{day} is a {right}, not a {wrong}. Correct one of them."),
    "marks": N_("“{phrase}” may mean {one} or {other}. Type the marks or a number."),
    "after": N_("“After {day}” gives no last day. Give the day it must be done by."),
    "from": N_("“From {day}” gives no last day. Give the day it must be done by."),
    "as_of": N_(
        "“As of ...” dates a figure; it is no deadline. For a deadline write “end of ...”."
    ),
    "empty": N_("No deadline given. Enter one, or choose “No deadline”."),
    "other": N_(
        "“{phrase}” is not understood. Give a day (31-3-2018), a month (March 2018) or a quarter"
        " (end of Q1 2018)."
    ),
    "fiscal_year": N_("Here the year is the calendar year. Give a date, or a period such as 2018."),
    "week": N_("{year} has weeks 1 to {n} only."),
}
# Refusals which another day of context would lift: the phrase itself is sound.
LIFTED_BY_CONTEXT = frozenset({"no_year", "no_context"})
# Two sentences under one name.
SHORT_KEYS = {"from": "after", "no_context": "no_year"}
SHOWN = 80


class Refused(ValueError):
    """A phrase from which no deadline may be taken.

    `message` is an English template and `values` holds a raw value for each of its placeholders;
    `suggestion` is a phrase that would be accepted, None where there is none.
    """

    def __init__(
        self, key: str, values: Mapping[str, object], *, suggestion: str | None = None
    ) -> None:
        self.key = SHORT_KEYS.get(key, key)
        self.message = MESSAGES[key]
        self.values = dict(values) if suggestion is None else {**values, "suggestion": suggestion}
        self.suggestion = suggestion
        super().__init__(key)

    def __str__(self) -> str:
        return self.message.format(**{name: in_english(v) for name, v in self.values.items()})


def in_english(value: object) -> str:
    """A raw value as an English reader expects it, for logs and the command line."""
    if isinstance(value, date):
        return f"{value.day} {Month(value.month).name.capitalize()} {value.year}"
    return str(value)


class Trouble(Exception):
    """A refusal found while a reading is worked out, before anything is suggested."""

    def __init__(self, key: str, **values: Any) -> None:
        self.key = key
        self.values = values
        super().__init__(key)


def shortened(phrase: str) -> str:
    """A phrase short enough to be quoted in a sentence."""
    return phrase if len(phrase) <= SHOWN else phrase[: SHOWN - 1] + "…"
