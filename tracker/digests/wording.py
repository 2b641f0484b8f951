"""A digest in words: subject, opening and sections, in the language of its reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from tracker.digests.desk import Desk
from tracker.digests.entries import Entry, Teller
from tracker.digests.known import Known
from tracker.digests.opening import opening_of
from tracker.digests.subjects import subject_of
from tracker.digests.values import MOST, Digest, Item, News, Section, rung
from tracker.policy import Verb
from tracker.tasks.glance import Named
from tracker.text import N_
from tracker.web import day_words, number_words, vietnamese

HEADINGS: Mapping[Section, str] = {
    Section.URGED: N_("To answer or acknowledge"),
    Section.WAITING: N_("Awaiting an answer"),
    Section.RETURNED: N_("Returned"),
    Section.LATE: N_("Overdue"),
    Section.DUE_SOON: N_("Due soon"),
    Section.ANSWERED: N_("Your requests answered"),
    Section.IDLE: N_("Progress update due"),
    Section.BRANCH: N_("Overdue in the units you answer for"),
}
# Where the rest of a section is read.
_ELSEWHERE: Mapping[Section, str] = {
    Section.URGED: "/",
    Section.WAITING: "/#waiting",
    Section.RETURNED: "/board?column=returned",
    Section.LATE: "/board?due=overdue",
    Section.DUE_SOON: "/board?due=soon",
    Section.ANSWERED: "/",
    Section.IDLE: "/board?due=none",
    Section.BRANCH: "/overdue",
}
_UNITS_NAMED = 5  # of those in which there is more
_GLIMPSED = 3  # tasks in the line which an inbox shows under the subject


@dataclass(frozen=True)
class Part:
    """One section: its heading, the tasks, what is left out and where it is read."""

    section: Section
    name: str
    count: str
    note: str | None
    entries: tuple[Entry, ...]
    more: Markup | None
    elsewhere: str


@dataclass(frozen=True)
class Written:
    """A digest in words. `glimpse` is the line which an inbox shows under the subject."""

    subject: str
    glimpse: str
    title: str
    greeting: Markup
    opening: tuple[Markup, ...]
    parts: tuple[Part, ...]
    closing: str | None


@dataclass(frozen=True)
class Around:
    """What a digest tells besides the reader's own desk: tasks of the branch, names, tasks without a day yet.

    `behalf`: those of all its tasks whose lead spoke last through somebody else.
    """

    others: Mapping[int, Known]
    names: Mapping[int, Named]
    undated: int = 0
    behalf: frozenset[int] = frozenset()


def write(digest: Digest, reader: str, desk: Desk, around: Around) -> Written:
    """Write a digest to somebody; `desk` knows the tasks of their own it names."""
    marks_news = not _is_all_new(digest)
    tell = Teller(desk, around.names, digest, marks_news=marks_news, behalf=around.behalf)
    sections = [_part(section, digest, tell) for section in Section]
    parts = [part for part in (*sections, _branch_part(digest, around.others, tell)) if part]
    first = [entry for part in parts for entry in part.entries][:_GLIMPSED]
    return Written(
        subject=subject_of(digest, tell),
        glimpse="; ".join(entry.in_brief for entry in first),
        title=_("Digest of %(day)s", day=day_words(digest.day)),
        greeting=escape(_("Dear {addressee},")).format(addressee=vietnamese(reader)),
        opening=tuple(opening_of(digest, tell)),
        parts=tuple(parts),
        closing=_closing(around.undated),
    )


def _closing(undated: int) -> str | None:
    """Say of how many tasks the reader's units have still to name the day; they are listed on a page of their own."""
    if not undated:
        return None
    return str(
        ngettext(
            "%(num)d task has no deadline yet; your unit sets it.",
            "%(num)d tasks have no deadline yet; your unit sets them.",
            undated,
        )
    )


def _is_all_new(digest: Digest) -> bool:
    """Tell whether everything in it is new: then there is no need to say what is."""
    branch = digest.branch
    found = [item.news for item in digest.items]
    found += [branch.news.get(late.task_id) for late in branch.named] if branch else []
    return all(news is News.ENTERED for news in found)


def _part(section: Section, digest: Digest, tell: Teller) -> Part | None:
    items = digest.part(section)
    if not items:
        return None
    left = len(items) - MOST
    words = ngettext("%(num)d more", "%(num)d more", left) if left > 0 else None
    return Part(
        section,
        _(HEADINGS[section]),
        number_words(len(items)),
        _note(section, items, tell),
        tuple(tell.entry(item) for item in items[:MOST]),
        escape(words) if words else None,
        _ELSEWHERE[section],
    )


def _note(section: Section, items: Sequence[Item], tell: Teller) -> str | None:
    """Say what may be done while there is time, to whoever may do it."""
    may_ask = (Verb.ASK_EXTENSION in tell.desk.verbs[item.row.task_id] for item in items)
    if section is not Section.DUE_SOON or not any(may_ask):
        return None
    return str(_("If a deadline cannot be met, ask for more time before it expires."))


def _branch_part(digest: Digest, others: Mapping[int, Known], tell: Teller) -> Part | None:
    branch, calendar = digest.branch, digest.rules.calendar
    if branch is None or not branch.named:
        return None
    entries = [
        tell.entry_of_branch(
            late,
            others[late.task_id],
            branch.news.get(late.task_id),
            rung(late.due_on, late.on, calendar),
        )
        for late in branch.named
        if late.task_id in others
    ]
    return Part(
        Section.BRANCH,
        _(HEADINGS[Section.BRANCH]),
        number_words(len(branch.named) + sum(number for _unit, number in branch.more)),
        None,
        tuple(entries),
        _more(branch.more, tell),
        _ELSEWHERE[Section.BRANCH],
    )


def _more(more: tuple[tuple[int, int], ...], tell: Teller) -> Markup:
    """Say how many more there are, and where; else only where they are all found."""
    if not more:
        return escape(_("All overdue tasks…"))
    named = [Markup("{} ({})").format(tell.unit(u), n) for u, n in more[:_UNITS_NAMED]]
    if others := sum(number for _unit, number in more[_UNITS_NAMED:]):
        named.append(escape(_("other units ({n})")).format(n=number_words(others)))
    left = sum(number for _unit, number in more)
    words = ngettext("%(num)d more: {units}", "%(num)d more: {units}", left)
    return escape(words).format(units=Markup("; ").join(named))
