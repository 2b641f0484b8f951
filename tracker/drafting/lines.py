"""One line of a quick entry taken apart: title, @lead, @@co-ordinators, #plan, and the deadline behind them.

"Tổng kết công tác luân chuyển @Ban Tổ chức @@Đắk Mil hết quý II-2018": a name goes as far as it fits one unit; what is
left behind the names is the deadline. Without a name a semicolon stands before it. No word is ever left out: what is
neither a name nor a deadline stays in front of the deadline, which then cannot be read.
"""

import enum
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from tracker.text import fold

LONGEST_NAME = 30  # words of a name
MOST_LINES = 50
_SIGN = re.compile(r"(?:(?<=\s)|^)(@@|@|#)(?=\S)")


class Slip(enum.StrEnum):
    """What is wrong with a line."""

    NO_TITLE = "no-title"
    NO_LEAD = "no-lead"
    TWO_LEADS = "two-leads"
    UNKNOWN_UNIT = "unknown-unit"
    MANY_UNITS = "many-units"
    UNKNOWN_PLAN = "unknown-plan"
    MANY_PLANS = "many-plans"
    TWO_PLANS = "two-plans"
    OWN_CO_ORDINATOR = "own-co-ordinator"


@dataclass
class Line:
    """A line as understood; ids of units and plan, `slips` with the words they are about and what these may mean."""

    text: str
    title: str = ""
    lead_id: int | None = None
    coordinators: list[int] = field(default_factory=list)
    plan_id: int | None = None
    due_words: str = ""
    slips: list[tuple[Slip, str, tuple[str, ...]]] = field(default_factory=list)


class Names:
    """Names by id, found by how somebody types them: whole, or as much as only one of them has."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self.labels = names
        self.names = {row_id: fold(name) for row_id, name in names.items()}

    def match(self, words: Sequence[str]) -> tuple[list[int], int]:
        """Return what fits the first words, and how many words that took: one where it is clear, several where not."""
        unclear: tuple[list[int], int] = ([], 0)
        for count in range(min(len(words), LONGEST_NAME), 0, -1):
            typed = fold(" ".join(words[:count])).strip(" ,.;:")
            whole = [i for i, name in self.names.items() if name == typed]
            if whole:
                return whole, count
            part = [i for i, name in self.names.items() if f" {typed}" in f" {name}"]
            if len(part) == 1:
                return part, count
            if part and not unclear[0]:
                unclear = part, count
        return unclear


def read_lines(text: str, units: Names, plans: Names) -> list[Line]:
    """Return every line that says something, as many as are taken at once."""
    said = filter(None, (" ".join(line.split()) for line in text.splitlines()))
    return [read_line(line, units, plans) for line in islice(said, MOST_LINES)]


def read_line(text: str, units: Names, plans: Names) -> Line:
    """Take one line apart."""
    line = Line(text)
    body, behind = _at_semicolon(text)
    title, *pieces = _SIGN.split(body)
    line.title = title.strip(" ,")
    rests = []
    for sign, words in zip(pieces[::2], pieces[1::2], strict=True):
        rest = _READERS[sign](line, words.split(), plans if sign == "#" else units)
        rests.append(rest.strip(" ,."))
    line.due_words = " ".join(filter(None, [*rests, behind.strip(" ,.")]))
    _check(line)
    return line


def _at_semicolon(text: str) -> tuple[str, str]:
    """Cut off the deadline behind the last semicolon; one with a name behind it belongs to the title."""
    body, semicolon, behind = text.rpartition(";")
    return (body, behind) if semicolon and not _SIGN.search(behind) else (text, "")


def _lead(line: Line, words: list[str], units: Names) -> str:
    found, rest = _named(line, words, units, Slip.UNKNOWN_UNIT, Slip.MANY_UNITS)
    if found is not None and line.lead_id is not None:
        line.slips.append((Slip.TWO_LEADS, "", ()))
    line.lead_id = found if line.lead_id is None else line.lead_id
    return rest


def _coordinator(line: Line, words: list[str], units: Names) -> str:
    found, rest = _named(line, words, units, Slip.UNKNOWN_UNIT, Slip.MANY_UNITS)
    if found is not None and found not in line.coordinators:
        line.coordinators.append(found)
    return rest


def _plan(line: Line, words: list[str], plans: Names) -> str:
    found, rest = _named(line, words, plans, Slip.UNKNOWN_PLAN, Slip.MANY_PLANS)
    if found is not None and line.plan_id not in {None, found}:
        line.slips.append((Slip.TWO_PLANS, "", ()))
    line.plan_id = found if line.plan_id is None else line.plan_id
    return rest


_READERS: Mapping[str, Callable[[Line, list[str], Names], str]] = {
    "@": _lead,
    "@@": _coordinator,
    "#": _plan,
}


def _named(
    line: Line, words: list[str], names: Names, unknown: Slip, many: Slip
) -> tuple[int | None, str]:
    """Return what the words name first, and what is left of them."""
    found, count = names.match(words)
    if len(found) == 1:
        return found[0], " ".join(words[count:])
    fitting = tuple(names.labels[row_id] for row_id in found)
    line.slips.append((many if found else unknown, " ".join(words[: count or 4]), fitting))
    return None, ""


def _check(line: Line) -> None:
    told = {slip for slip, _words, _fitting in line.slips}
    if not line.title:
        line.slips.insert(0, (Slip.NO_TITLE, "", ()))
    if line.lead_id is None and not told & {Slip.UNKNOWN_UNIT, Slip.MANY_UNITS}:
        line.slips.append((Slip.NO_LEAD, "", ()))
    if line.lead_id is not None and line.lead_id in line.coordinators:
        line.slips.append((Slip.OWN_CO_ORDINATOR, "", ()))
