"""A digest in words: subject, opening and sections, in the language of its reader."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from tracker.digests.desk import Desk, Known
from tracker.digests.entries import Entry, Teller
from tracker.digests.opening import opening_of
from tracker.digests.subjects import subject_of
from tracker.digests.values import MOST, Branch, Digest, News, Section, rung
from tracker.tasks.glance import Named
from tracker.text import N_
from tracker.web import day_words, number_words, vietnamese

HEADINGS: Mapping[Section, str] = {
    Section.URGED: N_("To answer or acknowledge"),
    Section.WAITING: N_("To approve"),
    Section.RETURNED: N_("Returned"),
    Section.LATE: N_("Overdue"),
    Section.DUE_SOON: N_("Due soon"),
    Section.BRANCH: N_("Overdue in the units you answer for"),
}
# Where the rest of a section is read.
_ELSEWHERE: Mapping[Section, str] = {
    Section.URGED: "/",
    Section.WAITING: "/board?column=submitted",
    Section.RETURNED: "/board?column=returned",
    Section.LATE: "/board?due=overdue",
    Section.DUE_SOON: "/board?due=soon",
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


def write(
    digest: Digest, reader: str, desk: Desk, others: Mapping[int, Known], names: Mapping[int, Named]
) -> Written:
    """Write a digest to somebody; `desk` knows the tasks it names, `others` those of the branch."""
    tell = Teller(desk, names, digest.day, marks_news=not _is_all_new(digest))
    sections = [_part(section, digest, tell) for section in Section]
    parts = [part for part in (*sections, _branch_part(digest.branch, others, tell)) if part]
    first = [entry for part in parts for entry in part.entries][:_GLIMPSED]
    return Written(
        subject=subject_of(digest, tell),
        glimpse="; ".join(entry.in_brief for entry in first),
        title=_("Digest of %(day)s", day=day_words(digest.day)),
        greeting=escape(_("Dear {addressee},")).format(addressee=vietnamese(reader)),
        opening=tuple(opening_of(digest, tell)),
        parts=tuple(parts),
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
        tuple(tell.entry(item) for item in items[:MOST]),
        escape(words) if words else None,
        _ELSEWHERE[section],
    )


def _branch_part(branch: Branch | None, others: Mapping[int, Known], tell: Teller) -> Part | None:
    if branch is None or not branch.named:
        return None
    entries = [
        tell.entry_of_branch(
            late, others[late.task_id], branch.news.get(late.task_id), rung(late.due_on, late.on)
        )
        for late in branch.named
        if late.task_id in others
    ]
    return Part(
        Section.BRANCH,
        _(HEADINGS[Section.BRANCH]),
        number_words(len(branch.named) + sum(number for _unit, number in branch.more)),
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
