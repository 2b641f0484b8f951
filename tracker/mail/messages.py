"""What a mail is made of: the letter as it was composed, and the very bytes that go to the server."""

import functools
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, parseaddr, quote
from typing import Any
from urllib.parse import urlsplit

LONGEST_ADDRESS = 254
_LONGEST_LINE = 998  # characters of one line of a message, by RFC 5322
_SHORT = 60  # characters that need no second line
# Control characters, whatever some program takes for a line end, and halves of letters.
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+")
# What a letter may add; everything else in front of a mail is ours.
_THEIRS = frozenset({"list-unsubscribe", "list-unsubscribe-post", "list-id", "content-language"})
_POLICY = compat32.clone(linesep="\r\n")


class MalformedError(ValueError):
    """An address, subject or header that must not leave: it would say more than one thing to a server."""


@dataclass(frozen=True)
class Letter:
    """A mail as it was composed for one person.

    `told` is kept with the mail: what it names and how that stood. `headers` are those a kind of mail adds to ours,
    such as List-Unsubscribe; plain ASCII.
    """

    address: str
    name: str
    subject: str
    text: str
    html: str
    told: dict[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Skipped:
    """Why there is nothing to send, in one word of at most 24 characters."""

    reason: str


@dataclass(frozen=True)
class Envelope:
    """What a server is given: from whom, to whom, and the bytes."""

    message_id: str
    sender: str
    address: str
    data: bytes


@dataclass(frozen=True)
class Frozen:
    """A letter as it will be sent, however often: built from this, the bytes are always the same."""

    message_id: str
    address: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]


def domain_of(public_url: str) -> str:
    """Return the right side of our Message-IDs."""
    host = urlsplit(public_url).hostname or "localhost"
    return f"[IPv6:{host}]" if ":" in host else host


def message_id(kind: str, period: str, person_id: int, domain: str) -> str:
    """Return the id which the mail of this key has for ever, so that a second copy is known as one."""
    key = f"{kind}.{period}.{person_id}"
    tail = hmac.digest(domain.encode(), key.encode(), "sha256").hex()[:8]
    return f"<{key}.{tail}@{domain}>"


def freeze(letter: Letter, message_id: str, sender: str, at: datetime) -> Frozen:
    """Return the letter with all its headers; `at` becomes its date. Raises MalformedError."""
    address = _address(letter.address)
    headers = {
        "From": _mailbox("sender", *parseaddr(sender)),
        "To": _mailbox("name", letter.name, address),
        "Date": format_datetime(at.replace(microsecond=0)),
    }
    headers |= {_name(key): _ascii(key, value) for key, value in letter.headers.items()}
    subject = _line("subject", letter.subject)
    return Frozen(message_id, address, subject, letter.text, letter.html, headers)


def envelope(frozen: Frozen) -> Envelope:
    """Return what the server is given."""
    body = MIMEMultipart("alternative", _boundary(frozen.message_id), policy=_POLICY)
    body.attach(_part("plain", frozen.text))
    body.attach(_part("html", frozen.html))
    # Through the library's newer classes a long subject loses a space, and a long address is broken into lines.
    head = dict(frozen.headers) | {
        "Subject": _encoded("Subject", frozen.subject),
        "Message-ID": frozen.message_id,
        "Auto-Submitted": "auto-generated",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    sender = parseaddr(frozen.headers["From"])[1]
    data = lines.encode("ascii") + body.as_bytes()
    return Envelope(frozen.message_id, sender, frozen.address, data)


def _boundary(message_id: str) -> str:
    return f"=_{message_id.strip('<>').partition('@')[0]}"


def _part(kind: str, words: str) -> MIMEText:
    """Return one form of the text, as base64: no server on the way has to know more, and none changes a byte."""
    lines = "\r\n".join(words.replace("\r\n", "\n").removesuffix("\n").split("\n"))
    return MIMEText(f"{lines}\r\n", kind, "utf-8", policy=_POLICY)


# --- headers ----------------------------------------------------------------------------------------


def _mailbox(what: str, name: str, address: str) -> str:
    """Return a name and an address as a header has them."""
    if not _line(what, name):
        return _address(address)
    plain = name.isascii() and len(name) < _SHORT
    words = f'"{quote(name)}"' if plain else _encoded("From", name)
    return f"{words} <{_address(address)}>"


@functools.lru_cache(maxsize=64)  # the sender's name is always the same
def _encoded(header: str, words: str) -> str:
    """Return words in any letters as ASCII, on as many lines as they take."""
    return Header(words, "utf-8", header_name=header).encode(linesep="\r\n")


def _line(what: str, value: str) -> str:
    """Return a value that is one line and nothing but text."""
    if _NO_TEXT.search(value):
        raise MalformedError(f"The {what} holds a line end or a control character.")
    return value


def _address(address: str) -> str:
    _line("address", address)
    if len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise MalformedError("The address is no mail address.")
    local, _, domain = address.rpartition("@")
    try:
        return f"{local.encode('ascii').decode()}@{domain.encode('idna').decode()}"
    except UnicodeError:
        raise MalformedError("The address holds letters outside ASCII.") from None


def _name(name: str) -> str:
    if name.lower() not in _THEIRS:
        raise MalformedError(f"The header {name!r} is not a letter's to set.")
    return name


def _ascii(name: str, value: str) -> str:
    if not value.isascii() or len(name) + len(value) + 2 > _LONGEST_LINE:
        raise MalformedError(f"The header {name} does not fit on a line of ASCII.")
    return _line(name, value)
