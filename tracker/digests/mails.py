"""The mails we send, each composed under the rights of the moment in which it leaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import force_locale

from tracker.committees.standings import Me, me_of
from tracker.db import db, within
from tracker.digests import queries
from tracker.digests.compose import compose
from tracker.digests.desk import Desk, desk_of
from tracker.digests.known import Known, known
from tracker.digests.links import Stop, off_url
from tracker.digests.shared import Shared, scope_of, shared, undated_of
from tracker.digests.values import Digest, Section, Wishes
from tracker.digests.wording import Around, Written, write
from tracker.mail.delivery import Kinds, Letter, Skipped
from tracker.mail.models import Mail, MailKind
from tracker.mail.parts import parts_of
from tracker.people import invitations
from tracker.people.models import Person
from tracker.rules.queries import in_force
from tracker.settings import Settings
from tracker.tasks.models import Task
from tracker.tasks.spoken import on_behalf
from tracker.web import LANGUAGES, clock

_ONE_CLICK = "List-Unsubscribe=One-Click"


@dataclass(frozen=True)
class Composed:
    """A digest with all that is needed to write it."""

    digest: Digest
    desk: Desk
    others: Mapping[int, Known]
    whole: Shared
    undated: int

    def written_to(self, person: Person) -> Written:
        """Return the digest in words, in the language of the answer."""
        behalf = self.desk.behalf | on_behalf(self.others.keys())
        around = Around(self.others, self.whole.names, self.undated, behalf)
        return write(self.digest, person.name, self.desk, around)


def composed(
    me: Me,
    day: date,
    last_told: Mapping[str, Any] | None,
    wishes: Wishes,
    covers_from: date | None = None,
) -> Composed | None:
    """Return the digest of `me` for a day, None where it would say nothing new."""
    whole = shared(day)
    desk = desk_of(me, whole, day)
    scope = scope_of(me, whole)
    rules, rows = in_force(), desk.rows
    digest = compose(
        rows, day, last_told, wishes, rules=rules, scope=scope, covers_from=covers_from
    )
    if digest is None:
        return None
    ids = [late.task_id for late in digest.branch.named] if digest.branch else []
    others = known(within(Task.id, ids)) if ids else {}
    return Composed(digest, desk, others, whole, undated_of(me, whole))


def language_of(person: Person) -> str:
    """Return the language in which somebody is written to."""
    return person.lang if person.lang in LANGUAGES else LANGUAGES[0]


@dataclass(frozen=True)
class Preview:
    """The next digest as its reader would get it: subject and plain text, in which language.

    `refusal` is why nothing would be sent: nothing new, no seat, not wanted. The text then shows what stands.
    """

    lang: str
    subject: str
    text: str
    refusal: str | None


def preview(me: Me, today: date) -> Preview:
    """Return what the digest of a day would say, by the same steps as the mail itself."""
    person = me.person
    if person is None or not me.seats:
        return Preview("", "", "", "no_seat")
    wishes, told = queries.wishes_of(person.id), queries.last_told(person.id, today.isoformat())
    found = composed(me, today, told, wishes)
    stands = found or composed(me, today, None, Wishes(off=wishes.off))
    refusal = _refusal(me, wishes, today) or (None if found else "nothing")
    return _preview(person, stands, refusal) if stands else Preview("", "", "", refusal)


def _preview(person: Person, stands: Composed, refusal: str | None) -> Preview:
    letter = _letter(person, stands)
    return Preview(language_of(person), letter.subject, letter.text, refusal)


# --- the digest -------------------------------------------------------------------------------------


def render_digest(mail: Mail) -> Letter | Skipped:
    """Compose a digest as things stand now; say why where there is nothing to send."""
    person, day = db.session.get_one(Person, mail.person_id), date.fromisoformat(mail.period)
    me, wishes = me_of(person, clock().today()), queries.wishes_of(person.id)
    if refusal := _refusal(me, wishes, day):
        return Skipped(refusal)
    if queries.is_overtaken(mail, clock().today()):
        return Skipped("merged")
    told = queries.last_told(person.id, mail.period)
    found = composed(me, day, told, wishes, mail.covers_from)
    return _letter(person, found) if found else Skipped("nothing")


def _refusal(me: Me, wishes: Wishes, day: date) -> str | None:
    """Return why somebody gets no digest on a day at all."""
    person = me.person
    if person is None or person.disabled_at is not None:
        return "disabled"
    if not person.email:
        return "no_address"
    return wishes.refuse(day) if me.seats else "no_seat"


def _letter(person: Person, found: Composed) -> Letter:
    settings: Settings = current_app.extensions["settings"]
    off = off_url(Stop(person.id, None), settings)
    with force_locale(language_of(person)):
        written = found.written_to(person)
        sections = [part.section for part in written.parts]
        stops = {section: off_url(Stop(person.id, section), settings) for section in sections}
        parts = parts_of("digest", written=written, stops=stops, off=off)
    return Letter(
        address=person.email,
        name=" ".join(person.name.split()),
        **parts,
        told=found.digest.told(),
        headers={"List-Unsubscribe": f"<{off}>", "List-Unsubscribe-Post": _ONE_CLICK},
    )


def digest_still_fits(mail: Mail) -> bool:
    """Tell whether its reader may still see every task the digest names, and wants what it holds."""
    person = db.session.get_one(Person, mail.person_id)
    wishes = queries.wishes_of(person.id)
    me = me_of(person, clock().today())
    told = mail.told or {}
    sections = {Section(mark[0]) for mark in told.get("marks", {}).values()}
    sections |= {Section.BRANCH} if told.get("branch") else set()
    if _refusal(me, wishes, date.fromisoformat(mail.period)) or sections & wishes.off:
        return False
    return queries.may_all_be_seen(me, told.get("named", []))


# What the worker and the command line hand to the delivery.
KINDS: Kinds = {
    MailKind.DIGEST: (render_digest, digest_still_fits),
    MailKind.INVITATION: (invitations.render, invitations.still_fits),
}
