"""One task of a digest in words: title, deadline, what was said about it, why it is sent, what can be done."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from tracker.digests.desk import Desk
from tracker.digests.known import Known
from tracker.digests.sayings import Saying, Sayings
from tracker.digests.values import Digest, Item, Late, News, Reason, Section, Why
from tracker.policy import Verb
from tracker.tasks.glance import Named
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import AskKind
from tracker.tasks.words import extended, slug
from tracker.text import N_
from tracker.web import day_words, named, named_html, vietnamese

_NOBODY = Named("", None)

_WHYS: Mapping[Why, str] = {
    Why.LEAD: N_("Your unit leads · {unit}"),
    Why.CO_ORDINATE: N_("Your unit co-ordinates · {unit}"),
    Why.LEADER: N_("You are the leader in charge · {unit}"),
    Why.HOLDER: N_("You are the person in charge · {unit}"),
    Why.VERDICT: N_("Your unit decides on the hand-in · {unit}"),
    Why.DECIDER: N_("Your unit decides on the deadline · {unit}"),
    Why.DESK: N_("A difficulty waits for your unit · {unit}"),
}
# What a button says; each opens a page and changes nothing by itself.
_ACTS: Mapping[Verb, str] = {
    Verb.ACKNOWLEDGE: N_("Acknowledge receipt…"),
    Verb.EXPLAIN: N_("Explain…"),
    Verb.ACCEPT: N_("Accept as done…"),
    Verb.RETURN: N_("Return…"),
    Verb.REWORK: N_("Resume after return…"),
    Verb.HAND_IN: N_("Done…"),
    Verb.FINISH: N_("Done…"),
    Verb.NOTE: N_("Record progress…"),
    Verb.ASK_EXTENSION: N_("Ask for more time…"),
    Verb.ANSWER_EXTENSION: N_("Answer the request for more time…"),
    Verb.ANSWER_DIFFICULTY: N_("Answer or pass up…"),
}
_TAKE_ON = N_("Acknowledge…")  # an assignment; what else came down is only received
_OFFERED: Mapping[Section, tuple[Verb, ...]] = {
    Section.URGED: (Verb.EXPLAIN, Verb.ACKNOWLEDGE, Verb.NOTE),
    Section.WAITING: (Verb.ACCEPT, Verb.RETURN, Verb.ANSWER_EXTENSION, Verb.ANSWER_DIFFICULTY),
    Section.RETURNED: (Verb.REWORK, Verb.HAND_IN, Verb.NOTE),
    Section.LATE: (Verb.HAND_IN, Verb.FINISH, Verb.NOTE),
    Section.DUE_SOON: (Verb.HAND_IN, Verb.FINISH, Verb.ASK_EXTENSION, Verb.NOTE),
    Section.ANSWERED: (Verb.HAND_IN, Verb.FINISH, Verb.NOTE),
    Section.IDLE: (Verb.NOTE,),
}
_PATHS: Mapping[Verb, str] = {
    Verb.ACKNOWLEDGE: "/acknowledgement",
    Verb.EXPLAIN: "/explanation",
    Verb.NOTE: "#s-note",
    Verb.ASK_EXTENSION: "/extension-request",
    Verb.ANSWER_EXTENSION: "/extension",
    Verb.ANSWER_DIFFICULTY: "/difficulty/answer",
}
# What answers a letter is offered only where such a letter waits.
_ANSWERS = {
    Verb.EXPLAIN: {AskKind.EXPLANATION},
    Verb.ACKNOWLEDGE: {AskKind.ASSIGNMENT, AskKind.URGING},
}
_MOST_ACTS = 2

_COUNTS: Mapping[str, Callable[[int], Any]] = {
    "days": lambda n: ngettext("%(num)d day", "%(num)d days", n),
    "late": lambda n: ngettext("%(num)d day overdue", "%(num)d days overdue", n),
    "left": lambda n: ngettext("%(num)d day left", "%(num)d days left", n) if n else _("due today"),
    "rung": lambda n: ngettext(
        "now %(num)d working day overdue", "now %(num)d working days overdue", n
    ),
}


def counted_words(kind: str, number: int) -> str:
    """Return a number of days in words."""
    return str(_COUNTS[kind](number))


@dataclass(frozen=True)
class Entry:
    """A task as a digest shows it; `kind` is how urgent its deadline looks: late, soon or plain."""

    title: Markup
    path: str
    unit: Markup | None
    due_words: Markup | None
    due_day: str | None
    badge: str | None
    kind: str
    extended: str | None
    news: str | None
    said: tuple[Saying, ...]
    why: Markup | None
    acts: tuple[tuple[str, str], ...]
    behalf: str | None = None

    @property
    def in_brief(self) -> str:
        """Return the task in one short line."""
        return f"{self.title.striptags()}: {self.badge}" if self.badge else self.title.striptags()


class Teller:
    """Tells the tasks of one digest; `marks_news` where not everything in it is new."""

    def __init__(
        self,
        desk: Desk,
        names: Mapping[int, Named],
        digest: Digest,
        *,
        marks_news: bool,
        behalf: frozenset[int] = frozenset(),
    ) -> None:
        self.desk, self.names, self.today, self.marks_news = desk, names, digest.day, marks_news
        self.behalf = behalf
        self.soon = digest.rules.soon_until(digest.day)
        self.sayings = Sayings(desk, self.unit, digest.day)

    def unit(self, unit_id: int) -> Markup:
        """Return the name of a unit for a page."""
        return named_html(self.names.get(unit_id, _NOBODY))

    def unit_words(self, unit_id: int) -> str:
        """Return the name of a unit as plain text."""
        return named(self.names.get(unit_id, _NOBODY))

    def title_words(self, task: Known) -> str:
        """Return the title as plain text; of a line, whose part it is."""
        title = named(task, "title")
        return (
            _("Co-ordinator's part: {task}").format(task=title) if task.tie is Tie.LINE else title
        )

    def title(self, task: Known) -> Markup:
        """Return the same for a page."""
        title = named_html(task, "title")
        if task.tie is not Tie.LINE:
            return title
        return escape(_("Co-ordinator's part: {task}")).format(task=title)

    def entry(self, item: Item) -> Entry:
        """Return a task of the reader's own desk."""
        task = self.desk.tasks[item.row.task_id]
        badge, kind = self.badge(task, item.days_late)
        return Entry(
            title=self.title(task),
            path=f"/tasks/{task.id}",
            unit=None,
            **_due(task),
            badge=badge,
            kind=kind,
            extended=extended(task.slips),
            news=self.news(item.news, item.mark.rung),
            said=tuple(self.sayings.about(item, task)),
            why=Markup("; ").join(self.why(reason) for reason in item.reasons),
            acts=tuple(self.acts(item)),
            behalf=self.mark(task),
        )

    def entry_of_branch(self, late: Late, task: Known, news: News | None, passed: int) -> Entry:
        """Return an overdue task of the units the reader answers for."""
        return Entry(
            title=self.title(task),
            path=f"/tasks/{task.id}",
            unit=self.unit(task.lead_id),
            **_due(task),
            badge=counted_words("late", (late.on - late.due_on).days),
            kind="late",
            extended=extended(task.slips),
            news=self.news(news, passed),
            said=(),
            why=None,
            acts=(),
            behalf=self.mark(task),
        )

    def mark(self, task: Known) -> str | None:
        """Return that somebody else wrote down what the lead said last, where it is so."""
        return _("entered on behalf") if task.id in self.behalf else None

    # --- the deadline -----------------------------------------------------------------------------

    def badge(self, task: Known, late: int) -> tuple[str | None, str]:
        """Return how far off the deadline is, and how urgent that looks."""
        if late:
            return counted_words("late", late), "late"
        if task.state is State.SUBMITTED or task.due_on is None:
            return None, "plain"
        is_soon = task.due_on <= self.soon
        left = max((task.due_on - self.today).days, 0)
        return counted_words("left", left), "soon" if is_soon else "plain"

    def news(self, news: News | None, passed: int) -> str | None:
        """Return what is new about a task, where that tells it from others."""
        if news is None or not self.marks_news:
            return None
        if news is News.RUNG:
            return counted_words("rung", passed)
        return str(_("new") if news is News.ENTERED else _("changed"))

    # --- why, and what to do ----------------------------------------------------------------------

    def why(self, reason: Reason) -> Markup:
        """Return one reason for telling the task."""
        words = escape(_(_WHYS[reason.why])).format(unit=self.unit(reason.unit_id))
        if not reason.instead_of:
            return words
        name = vietnamese(reason.instead_of)
        until = day_words(date.fromisoformat(reason.until)) if reason.until else ""
        told = _("you stand in for {name} until {day}") if until else _("you stand in for {name}")
        stands_in = escape(told).format(name=name, day=until)
        return Markup("{}, {}").format(words, stands_in)

    def acts(self, item: Item) -> Iterator[tuple[str, str]]:
        """Yield the one or two steps the reader may take, each the address of a page."""
        row, kinds = item.row, {letter.kind for letter in item.row.letters}
        stuck = {Verb.ANSWER_DIFFICULTY} if row.task_id in self.desk.stuck else set()
        verbs = self.desk.verbs[row.task_id] | stuck
        unasked = {verb for verb, asked in _ANSWERS.items() if not kinds & asked}
        offered = [v for v in _OFFERED[item.section] if v in verbs and v not in unasked]
        takes_on = Verb.ACKNOWLEDGE if AskKind.URGING not in kinds else None
        for verb in offered[:_MOST_ACTS]:
            label = _TAKE_ON if verb is takes_on else _ACTS[verb]
            yield _(label), f"/tasks/{row.task_id}" + _PATHS.get(verb, f"/{slug(verb)}")


def _due(task: Known) -> dict[str, Any]:
    """Return the deadline in its own words, and the day where these do not name it already."""
    words, day = task.due_words, day_words(task.due_on) if task.due_on else None
    if words and task.due_on:
        written = _vietnamese_day(task.due_on)
        if words.strip() == written:
            words = None
        elif written == day and written in words:
            day = None
    return {"due_words": vietnamese(words) if words else None, "due_day": day}


def _vietnamese_day(day: date) -> str:
    return f"{day.day}-{day.month}-{day.year}"
