"""The words for what becomes of a mail."""

from collections.abc import Mapping

from tracker.mail.models import MailKind, MailState
from tracker.text import N_

KINDS: Mapping[MailKind, str] = {
    MailKind.DIGEST: N_("Digest"),
    MailKind.INVITATION: N_("Invitation"),
}
PLACES: Mapping[str, str] = {
    "open": N_("To be sent"),
    "ambiguous": N_("Outcome not known"),
    "dead": N_("Not delivered"),
    "sent": N_("Sent"),
    "skipped": N_("Nothing sent"),
}
STATES: Mapping[MailState, str] = {
    MailState.DUE: N_("Waiting"),
    MailState.LEASED: N_("Being composed"),
    MailState.ATTEMPTING: N_("Being sent"),
    MailState.RETRY: N_("To be tried again"),
    MailState.AMBIGUOUS: N_("Outcome not known"),
    MailState.DEAD: N_("Not delivered"),
    MailState.SENT: N_("Sent"),
    MailState.SKIPPED: N_("Nothing sent"),
}
REASONS: Mapping[str, str] = {
    "nothing": N_("There was nothing new."),
    "merged": N_("A later digest covers it."),
    "restored": N_("It was held back after a restore."),
    "refused": N_("The server refused it for good."),
    "given_up": N_("It was tried for 24 hours."),
    "doubted": N_("It was sent twice, and no answer came. The recipient may have it."),
    "changed": N_("What the recipient may see has changed since; it was not sent again."),
    "disabled": N_("The account is disabled."),
    "no_seat": N_("The account holds no seat."),
    "no_address": N_("The account has no e-mail address."),
    "off": N_("The recipient has unsubscribed from the digest."),
    "quiet": N_("It was one of the quiet days."),
    "used": N_("The link had been used."),
    "expired": N_("The link had expired."),
    "gone": N_("The link is gone."),
    "other_key": N_("The link was made under another SECRET_KEY."),
}
