"""What was said about a task of a digest: letters, hand-ins, wishes for more time and the answers to them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from tracker.digests.desk import Desk, Stuck
from tracker.digests.known import Known
from tracker.digests.values import Item, Letter, Section
from tracker.documents.labels import document_label
from tracker.letters.words import name_of
from tracker.requests.limits import is_after_expiry
from tracker.requests.words import AFTER_EXPIRY, GRANTED, GRANTED_OTHER, REFUSED
from tracker.reviews.asked import Asked
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import AskKind
from tracker.web import day_words, named_html, number_words, vietnamese

_LONGEST_QUOTE = 500  # characters


@dataclass(frozen=True)
class Saying:
    """What somebody said about a task: who and when, the words, by when an answer is asked for."""

    head: Markup
    words: str | None = None
    tail: Markup | None = None


class Sayings:
    """Tells what was said about the tasks of one digest; `unit` gives the name of a unit for a page."""

    def __init__(self, desk: Desk, unit: Callable[[int], Markup], today: date) -> None:
        self.desk, self.unit, self.today = desk, unit, today

    def about(self, item: Item, task: Known) -> Iterator[Saying]:
        """Yield what the reader is to know before they act, the answer to what they asked first."""
        for task_id in item.answered:
            yield self.answer(self.desk.answers[task_id], self.desk.tasks[task_id])
        for row in item.rows:
            for letter in row.letters:
                yield self.letter(letter, self.desk.tasks[row.task_id])
        yield from self._asked_for(item, task)
        if item.section is Section.RETURNED and task.id in self.desk.returns:
            yield self.returned(task)
        if item.section is Section.IDLE:
            yield self.idle(task)

    def _asked_for(self, item: Item, task: Known) -> Iterator[Saying]:
        """Yield what waits for an answer: a wish for more time or a hand-in, and a difficulty."""
        if task.id in self.desk.wishes:
            yield self.wish(self.desk.wishes[task.id], task)
        elif item.section is Section.WAITING and task.state is State.SUBMITTED:
            yield self.hand_in(task)
        if task.id in self.desk.stuck:
            yield self.stuck(self.desk.stuck[task.id])

    # --- letters ----------------------------------------------------------------------------------

    def letter(self, letter: Letter, task: Known) -> Saying:
        """Tell a letter that came down."""
        sender = self.unit(letter.from_unit_id)
        if letter.kind == AskKind.ASSIGNMENT:
            return Saying(Markup(" ").join(self.assigned(sender, task)))
        head = escape(_("{letter}, signed by {unit} on {day}:")).format(
            letter=_(name_of(AskKind(letter.kind), letter.rung)),
            unit=sender,
            day=day_words(letter.asked_on),
        )
        return Saying(head, shortened(letter.words), _answer_by(letter.answer_by_on))

    def assigned(self, sender: Markup, task: Known) -> Iterator[Markup]:
        """Yield the sentences of an assignment, as far as its facts are stated."""
        document = self.desk.documents.get(task.id)
        values: dict[str, Any] = {"assigner": sender, "unit": self.unit(task.lead_id)}
        if task.tie is Tie.LINE:
            words = _("{assigner} asks {unit} to co-ordinate on this task.")
        elif document is None:
            words = _("{assigner} has assigned this task to {unit}.")
        else:
            words = _("{assigner} has assigned this task to {unit} under {document}.")
            values["document"] = document_label(document)
        yield escape(words).format(**values)
        if task.product_vi:
            product = named_html(task, "product")
            yield escape(_("Deliverable: {product}.")).format(product=product)

    # --- hand-ins ---------------------------------------------------------------------------------

    def hand_in(self, task: Known) -> Saying:
        """Tell who handed in, and with which words."""
        answer = self.desk.hand_ins.get(task.id)
        day = answer.on if answer else task.handed_in_on
        words = _("{unit} handed in on {day}.") if day else _("{unit} handed in.")
        values = {"unit": self.unit(task.lead_id), "day": day_words(day) if day else ""}
        return Saying(escape(words).format(**values), shortened(answer and answer.words))

    def returned(self, task: Known) -> Saying:
        """Tell why the hand-in came back."""
        answer = self.desk.returns[task.id]
        head = escape(_("{who} returned the hand-in on {day}.")).format(
            who=self.unit(answer.unit_id), day=day_words(answer.on)
        )
        remains = escape(_("The deadline remains {day}."))
        tail = remains.format(day=day_words(task.due_on)) if task.due_on else None
        return Saying(head, shortened(answer.words), tail)

    def stuck(self, raised: Stuck) -> Saying:
        """Tell which difficulty lies on the desk of the reader's unit."""
        head = escape(_("{unit} reported a difficulty on {day}."))
        told = head.format(unit=self.unit(raised.unit_id), day=day_words(raised.on))
        return Saying(told, shortened(raised.words))

    # --- more time --------------------------------------------------------------------------------

    def wish(self, asked: Asked, task: Known) -> Saying:
        """Tell what is asked of the reader's unit: until when, why, how far it is; of one's own, where it lies."""
        if task.id not in self.desk.to_answer:
            return self.own_wish(asked)
        told = [self.asked(asked, task)]
        if is_after_expiry(task.due_on, asked.asked_on):
            told.append(escape(_(AFTER_EXPIRY)).format(assigner=self.unit(asked.to_unit_id)))
        return Saying(Markup(" ").join(told), shortened(asked.words), _result(asked.result))

    def own_wish(self, asked: Asked) -> Saying:
        """Tell where a wish of one's own lies."""
        words = escape(_("More time asked for, until {until}: on the desk of {unit} since {day}"))
        desk, day = self.unit(asked.to_unit_id), day_words(asked.asked_on)
        return Saying(words.format(unit=desk, until=_day(asked.proposed_on), day=day) + ".")

    def asked(self, asked: Asked, task: Known) -> Markup:
        """Tell who asks for which deadline in place of which."""
        words = escape(_("{unit} asked on {day} to move the deadline from {old} to {until}."))
        unit, day = self.unit(asked.from_unit_id), day_words(asked.asked_on)
        until = _day(asked.proposed_on)
        return words.format(unit=unit, day=day, old=_day(task.due_on), until=until)

    def answer(self, asked: Asked, task: Known) -> Saying:
        """Tell how a wish of one's own was answered, and why."""
        head = escape(_("{who} answered the request for more time on {day}."))
        head = head.format(who=self.unit(asked.to_unit_id), day=_day(asked.answered_on))
        return Saying(Markup(" ").join((head, _granted(asked, task))), shortened(asked.answer))

    def idle(self, task: Known) -> Saying:
        """Tell for how long nothing has been said of a standing duty."""
        days = (self.today - task.moved_on).days
        words = ngettext(
            "No update for %(num)d day; one is due every {cycle} days.",
            "No update for %(num)d days; one is due every {cycle} days.",
            days,
        )
        return Saying(escape(words).format(cycle=number_words(task.review_days or 0)))


def _granted(asked: Asked, task: Known) -> Markup:
    """Say what the deadline is now."""
    now = _day(asked.granted_on)
    if asked.is_as_asked:
        first = _day(task.first_due_on) or _("not stated")
        return escape(_(GRANTED)).format(new=now, n=number_words(task.slips), original=first)
    if asked.granted:
        return escape(_(GRANTED_OTHER)).format(asked=_day(asked.proposed_on), new=now)
    return escape(_(REFUSED)).format(day=_day(task.due_on))


def _day(day: date | None) -> str:
    return day_words(day) if day else ""


def _result(words: str | None) -> Markup | None:
    result = shortened(words)
    if result is None:
        return None
    return escape(_("Result so far: {result}")).format(result=vietnamese(result))


def _answer_by(day: date | None) -> Markup | None:
    return escape(_("Answer by {day}.")).format(day=day_words(day)) if day else None


def shortened(words: str | None) -> str | None:
    """Return words as far as a digest has room for them."""
    if not words or len(words) <= _LONGEST_QUOTE:
        return words or None
    return words[:_LONGEST_QUOTE].rsplit(maxsplit=1)[0] + " …"
