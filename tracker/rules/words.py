"""The words for the organisation's rules: what each says, what a change would move, who changed what."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import Markup, escape

from tracker.rules.preview import Moved
from tracker.rules.queries import Edit
from tracker.rules.values import Difference, OwnDay, Period
from tracker.rules.year import Group
from tracker.web import day_html, named_html, number_words, vietnamese, weekday

PERIODS = {
    Period.MONTH: _l("Month"),
    Period.QUARTER: _l("Quarter"),
    Period.HALF: _l("Half-year"),
    Period.NINE_MONTHS: _l("Nine months"),
    Period.YEAR: _l("Year"),
}
_MOST_DAYS = 10  # named one by one


def span_html(first: date, last: date) -> Markup:
    """Write one day, or from which to which."""
    if first == last:
        return day_html(first)
    return Markup("{} – {}").format(day_html(first), day_html(last))


def name_html(row: Any) -> Markup:
    """Write how own days are called: a name given in one language alone stands for both."""
    if row.name_vi is None:
        return escape(row.name_en)
    return named_html(row)


def own_days(groups: Iterable[Group], today: date) -> list[tuple[str, Markup, bool]]:
    """Return the organisation's own days to come, as rows of what is stored."""
    sorts = {True: _("Make-up working day"), False: _("Own day off")}
    coming = (one for one in groups if one.last >= today)
    return [(sorts[one.is_working], span_html(one.first, one.last), False) for one in coming]


# --- what a change would move -----------------------------------------------------------------------


def effects(moved: Moved) -> list[Markup]:
    """Return what would be otherwise, a sentence each; nothing where all stays as it is."""
    return [*_of_tasks(moved), *_of_days(moved), *_of_closings(moved)]


# By the name of each number.
_COUNTS: Mapping[str, Callable[[int], Any]] = {
    "soon": lambda n: ngettext(
        "%(num)d open task becomes due soon.", "%(num)d open tasks become due soon.", n
    ),
    "not_soon": lambda n: ngettext(
        "%(num)d open task is no longer due soon.", "%(num)d open tasks are no longer due soon.", n
    ),
    "further": lambda n: ngettext(
        "%(num)d overdue task passes a further reminder mark (1, 3, 7, 15 working days).",
        "%(num)d overdue tasks pass a further reminder mark (1, 3, 7, 15 working days).",
        n,
    ),
    "less_far": lambda n: ngettext(
        "%(num)d overdue task falls back before a reminder mark (1, 3, 7, 15 working days).",
        "%(num)d overdue tasks fall back before a reminder mark (1, 3, 7, 15 working days).",
        n,
    ),
    "rung_sooner": lambda n: ngettext(
        "%(num)d overdue task will pass its next reminder mark on an earlier day.",
        "%(num)d overdue tasks will pass their next reminder mark on an earlier day.",
        n,
    ),
    "rung_later": lambda n: ngettext(
        "%(num)d overdue task will pass its next reminder mark on a later day.",
        "%(num)d overdue tasks will pass their next reminder mark on a later day.",
        n,
    ),
    "drafts": lambda n: ngettext(
        "The deadline of %(num)d draft would be read as another day when it is next saved.",
        "The deadlines of %(num)d drafts would be read as other days when they are next saved.",
        n,
    ),
    "series": lambda n: ngettext(
        "%(num)d recurring duty falls due on another day in its next period.",
        "%(num)d recurring duties fall due on another day in their next period.",
        n,
    ),
}
_DIGESTS: Mapping[str, Callable[[int], Any]] = {
    "digests_more": lambda n: ngettext(
        "Digests are also sent on %(num)d more day: {days}.",
        "Digests are also sent on %(num)d more days: {days}.",
        n,
    ),
    "digests_less": lambda n: ngettext(
        "No digest is sent on %(num)d day: {days}. The next one stands for it.",
        "No digest is sent on %(num)d days: {days}. The next one stands for them.",
        n,
    ),
}


def _of_tasks(moved: Moved) -> Iterator[Markup]:
    for name, told in _COUNTS.items():
        if number := getattr(moved, name):
            yield escape(told(number))


def _of_days(moved: Moved) -> Iterator[Markup]:
    for name, told in _DIGESTS.items():
        if days := getattr(moved, name):
            yield _with_days(told(len(days)), days)


def _with_days(words: str, days: Sequence[date]) -> Markup:
    named = [Markup("{} {}").format(weekday(day), day_html(day)) for day in days[:_MOST_DAYS]]
    if len(days) > _MOST_DAYS:
        left = len(days) - _MOST_DAYS
        named.append(escape(ngettext("and %(num)d more day", "and %(num)d more days", left)))
    return escape(words).format(days=Markup("; ").join(named))


def _of_closings(moved: Moved) -> Iterator[Markup]:
    for shift in moved.closings:
        words = escape(_("{period}: the next report closes on {new} instead of {old}."))
        named = {"period": PERIODS[shift.period], "old": day_html(shift.old)}
        yield words.format(**named, new=day_html(shift.new))


# --- who changed what -------------------------------------------------------------------------------


class Told(NamedTuple):
    """One change as the history shows it."""

    at: Any
    who: Markup
    sentence: Markup
    words: None = None
    bead: str = ""


def story(edits: Iterable[Edit]) -> list[Told]:
    """Return the changes of the rules in words."""
    return [Told(edit.at, who := _who(edit), _sentence(edit.data, who)) for edit in edits]


def _who(edit: Edit) -> Markup:
    if edit.person is None:
        return escape(_("The system"))
    return Markup("<b>{}</b>").format(vietnamese(edit.person))


_RULES = {
    "soon": _l("“Due soon” in working days: {old} → {new}."),
    "before_is_exclusive": _l("“Before” a day: {old} → {new}."),
    "most_extensions": _l("Extensions allowed per task: {old} → {new}."),
    "asks_after_expiry": _l("Asking for more time after expiry: {old} → {new}."),
    "closing": _l("{period}: closing day {old} → {new}."),
}
_VALUES = {
    ("before_is_exclusive", True): _l("the day itself left out"),
    ("before_is_exclusive", False): _l("the day itself included"),
    ("asks_after_expiry", True): _l("allowed"),
    ("asks_after_expiry", False): _l("not allowed"),
    ("most_extensions", None): _l("no limit"),
    ("closing", None): _l("last day of the month"),
}


def _sentence(data: dict[str, Any], who: Markup) -> Markup:
    if data["rule"] == "days":
        return _of_own_days(data, who)
    told = escape(_("{who} changed the organisation's rules.")).format(who=who)
    period = Period(data["period"]) if "period" in data else None
    made = difference(Difference(data["rule"], data["old"], data["new"], period))
    return Markup("{} {}").format(told, made)


def difference(made: Difference) -> Markup:
    """Say which rule became what."""
    values = {name: _value(made.rule, getattr(made, name)) for name in ("old", "new")}
    period = PERIODS[made.period] if made.period else ""
    return escape(_RULES[made.rule]).format(period=period, **values)


def entered(days: Sequence[OwnDay]) -> Markup:
    """Say which days would be off or worked."""
    worked, off = _("Make-up working day: {days}."), _("Days off: {days}.")
    return _in_runs(worked if days[0].is_working else off, [day.on for day in days])


def removed(days: Sequence[OwnDay]) -> Markup:
    """Say which days would no longer be."""
    worked, off = _("No longer a make-up working day: {days}."), _("No longer days off: {days}.")
    return _in_runs(worked if days[0].is_working else off, [day.on for day in days])


def _value(rule: str, value: Any) -> str:
    known = _VALUES.get((rule, value))
    return str(known) if known is not None else number_words(value)


def _of_own_days(data: dict[str, Any], who: Markup) -> Markup:
    sentences = {
        (None, "off"): _("{who} entered days off: {days}."),
        (None, "worked"): _("{who} entered a make-up working day: {days}."),
        ("off", None): _("{who} removed days off: {days}."),
        ("worked", None): _("{who} removed make-up working days: {days}."),
    }
    days = [date.fromisoformat(day) for day in data["days"]]
    return _in_runs(sentences[data["old"], data["new"]], days, who=who)


def _in_runs(words: str, days: Sequence[date], **values: Markup) -> Markup:
    runs = [span_html(run[0], run[-1]) for run in _runs(days)]
    return escape(words).format(days=Markup("; ").join(runs), **values)


def _runs(days: Sequence[date]) -> list[list[date]]:
    """Return days that follow each other together."""
    numbered = groupby(enumerate(days), key=lambda pair: pair[1].toordinal() - pair[0])
    return [[day for _place, day in run] for _start, run in numbered]
