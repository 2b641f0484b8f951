"""My work: one screen with everything that waits for somebody, and the next step on each of it."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, g, request
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from tracker.committees.standings import Me
from tracker.history.actions import Doer
from tracker.letters.queries import waiting
from tracker.letters.rungs import Refusal
from tracker.letters.slips import Slip, slip
from tracker.letters.words import REFUSALS
from tracker.measures.summaries import summaries
from tracker.policy import Standing, Verb, may
from tracker.reviews import answers, overdue_page, receipts
from tracker.reviews.queries import PRESSING, Section, desk, next_due
from tracker.rules.queries import soon_until
from tracker.tasks.cards import Due, card, cell_of, due_of
from tracker.tasks.door import hand
from tracker.tasks.glance import Glance
from tracker.tasks.models import AskKind, Task
from tracker.text import N_
from tracker.web import (
    Answer,
    day_html,
    for_verb,
    named_html,
    now,
    page,
    say,
    see_other,
    stands_for,
    today,
)

pages = Blueprint("reviews", __name__)

_NAMED = 5  # refused receipts that are named
_FORBIDDEN = frozenset({Refusal.UNSEEN, Refusal.NOT_ALLOWED})
SHOWN = 100  # rows of a section; the board has the others
LETTERS = N_("Letters to acknowledge")

_ALWAYS = frozenset({Section.LATE, Section.WEEK, Section.WAITING})
_SECTIONS: Mapping[Section, tuple[str, str]] = {
    Section.LATE: (N_("Overdue"), "/board?due=overdue"),
    Section.WEEK: (N_("Due this week"), "/board?due=week"),
    Section.WAITING: (N_("Waiting for me"), "/board?column=submitted"),
    Section.RETURNED: (N_("Returned"), "/board?column=returned"),
    Section.REVIEW: (N_("Progress update due"), "/board?due=none"),
    Section.DRAFTS: (N_("Drafts to send"), "/board?column=draft"),
    Section.REST: (N_("My other tasks"), "/board"),
    Section.HANDED_IN: (N_("Handed in, awaiting an answer"), "/board?column=submitted"),
}


@pages.get("/")
@for_verb(Verb.SEE_OWN)
def my_work() -> Answer:
    """Show what lies on the reader's desk."""
    found, letters = desk(g.me, today(), summaries), letters_for(g.me)
    pressing = len(letters) + sum(len(found[section]) for section in PRESSING)
    return page(
        "reviews/my_work.html",
        sections=[_part(section, glances) for section, glances in found.items() if glances],
        counts=_letters_count(letters) + _counts(found),
        letters=letters,
        assignments=[slip for slip in letters if slip.act and slip.kind is AskKind.ASSIGNMENT],
        answers=answers.lately(g.me, today()),
        dues=_dues(found, letters),
        quiet=None if pressing else _quiet(found[Section.REST] + found[Section.HANDED_IN]),
    )


@pages.post("/acknowledgements")
@stands_for(Verb.ACKNOWLEDGE)
def acknowledge() -> Answer:
    """Confirm receipt of all the assignments that the page had shown."""
    asked = receipts.ticked(request.form.getlist("ask"))
    number, refused = receipts.acknowledge(g.me, asked, by=_hand, at=now())
    if refused and not number and all(why in _FORBIDDEN for _task_id, why in refused):
        abort(404 if all(why is Refusal.UNSEEN for _task_id, why in refused) else 403)
    if number:
        say(
            ngettext(
                "%(num)d receipt is acknowledged.", "%(num)d receipts are acknowledged.", number
            )
        )
    for words in overdue_page.refused(g.me, refused[:_NAMED], REFUSALS):
        say(words, "note")
    return see_other("/")


def _hand(task: Task) -> Doer:
    return hand(task, Verb.ACKNOWLEDGE)


def letters_for(me: Me) -> list[Slip]:
    """Return the letters that the reader's units have to acknowledge or to answer, with what the reader may do."""
    return [slip(letter, _rights(me, letter.to_unit_id)) for letter in waiting(me)]


def _rights(me: Me, unit_id: int) -> list[Verb]:
    held = {Standing.MEMBER: unit_id in me.own, Standing.HEAD: unit_id in me.heads}
    standings = {standing for standing, holds in held.items() if holds}
    return [verb for verb in (Verb.ACKNOWLEDGE, Verb.EXPLAIN) if may(verb, standings)]


def _letters_count(letters: list[Slip]) -> list[tuple[str, str, int]]:
    return [("letters", _(LETTERS), len(letters))] if letters else []


def _dues(found: Mapping[Section, list[Glance]], letters: list[Slip]) -> dict[int, Due | None]:
    """Return the deadlines of the tasks that letters are about."""
    wanted = {letter.task_id for letter in letters}
    tasks = [glance.task for part in found.values() for glance in part]
    about = [task for task in tasks if task.id in wanted]
    day, soon = today(), soon_until(today())
    return {task.id: due_of(task, cell_of(task, day), day, soon) for task in about}


def _counts(found: Mapping[Section, list[Glance]]) -> list[tuple[str, str, int]]:
    """Return the figures of the line under the title: what presses always, the rest where there is any."""
    named = [(section.value, _(_SECTIONS[section][0]), len(found[section])) for section in Section]
    return [figure for figure in named if figure[2] or figure[0] in _ALWAYS]


def _part(section: Section, glances: list[Glance]) -> dict[str, Any]:
    words, elsewhere = _SECTIONS[section]
    day, soon = today(), soon_until(today())
    cards = [card(glance, day, soon) for glance in glances[:SHOWN]]
    return {
        "id": section.value,
        "words": _(words),
        "count": len(glances),
        "cards": cards,
        "left": len(glances) - len(cards),
        "elsewhere": elsewhere,
    }


def _quiet(rest: list[Glance]) -> Markup:
    """Say that nothing presses, and what will be the next to do so."""
    upcoming = next_due(rest)
    day = upcoming and upcoming.task.due_on
    if upcoming is None or day is None:
        return escape(_("Nothing waits for you."))
    task = upcoming.task
    link = Markup('<a href="/tasks/{}">{}</a>').format(task.id, named_html(task, "title"))
    words = escape(_("Nothing waits for you. Next due: {task}, {day}."))
    return words.format(task=link, day=day_html(day))
