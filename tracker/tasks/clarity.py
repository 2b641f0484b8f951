"""The six clarities ("6 rõ") that a task should have before it is sent."""

import enum
from dataclasses import dataclass


class Clarity(enum.StrEnum):
    """One of the six."""

    PERSON = "person"
    TASK = "task"
    TIME = "time"
    RESPONSIBILITY = "responsibility"
    PRODUCT = "product"
    AUTHORITY = "authority"


@dataclass(frozen=True)
class Clear:
    """What is known of a task. A time is clear when a day or a standing duty is named; "soon" is not.

    Responsibility is clear when one unit leads: a collective cannot answer for anything.
    """

    has_holder: bool
    has_title: bool
    due_kind: str | None
    lead_is_one_unit: bool
    has_product: bool
    has_source: bool


def lacking(task: Clear) -> tuple[Clarity, ...]:
    """Return which of the six the task lacks, in their usual order."""
    clear = {
        Clarity.PERSON: task.has_holder,
        Clarity.TASK: task.has_title,
        Clarity.TIME: task.due_kind not in {None, "vague"},
        Clarity.RESPONSIBILITY: task.lead_is_one_unit,
        Clarity.PRODUCT: task.has_product,
        Clarity.AUTHORITY: task.has_source,
    }
    return tuple(clarity for clarity, is_clear in clear.items() if not is_clear)
