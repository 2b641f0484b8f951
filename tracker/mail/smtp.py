"""The way out to a mail server: one connection for many mails, and what each of its answers means.

Before the final dot leaves, nothing is accepted, whatever breaks. Once it has left, only an answer ends the doubt.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from tracker.mail.messages import Envelope
from tracker.mail.outcomes import Outcome, Result
from tracker.mail.watch import SealedLine, Watch, WatchedLine
from tracker.text import N_

NO_ANSWER = N_("No answer came after the end of the text.")
BROKEN_OFF = N_("The connection broke before the end of the text.")
NO_LETTERS = N_("User and password for the mail server must be plain ASCII.")
NO_SECRECY = N_("The server offers no encryption; the password was not sent.")
_PORTS = {"smtp": 25, "smtps": 465}
_READY, _GO_ON, _TEMPORARY, _CLOSING, _REFUSED = 250, 354, 400, 421, 500
_DOTS = re.compile(rb"(?m)^\.")


@dataclass(frozen=True)
class Patience:
    """How many seconds we wait: for a connection, an answer, the answer to a whole text, and for one mail in all."""

    connection: float = 10
    answer: float = 30
    acceptance: float = 120
    mail: float = 240


PATIENCE = Patience()


class AwayError(Exception):
    """The server cannot be used by anybody just now; the text says why."""


class SmtpPost:
    """A mail server, reached when the first mail is to be sent."""

    def __init__(
        self,
        url: str,
        *,
        greet_as: str,
        patience: Patience = PATIENCE,
        reach: Callable[[str], None] = lambda _point: None,
    ) -> None:
        self.url, self.greet_as = urlsplit(url), greet_as
        self.patience, self.reach = patience, reach
        self.line: smtplib.SMTP | None = None
        self.watch = Watch(patience.mail)

    def send(self, parcel: Envelope) -> Outcome:
        """Hand one mail to the server."""
        with self.watch.during(self.line):
            try:
                line = self._begun(parcel)
            except AwayError as error:
                self._hang_up()
                return Outcome(Result.DEFERRED, str(error), is_away=True)
            outcome = self._handed_over(line, parcel)
            if outcome.result is not Result.ACCEPTED:
                self._tidy(line)
        return outcome

    def close(self) -> None:
        """Take leave."""
        if self.line is not None:
            with self.watch.during(self.line), suppress(OSError, smtplib.SMTPException):
                self.line.quit()
        self._hang_up()
        self.watch.end()

    # --- one mail -----------------------------------------------------------------------------------

    def _begun(self, parcel: Envelope) -> smtplib.SMTP:
        """Say from whom the mail is; a connection that has grown old meanwhile is renewed. Raises AwayError."""
        if self.line is not None:
            with suppress(AwayError):
                return _from(parcel.sender, self.line)
            self._hang_up()
        self.line = connect(self.url, self.greet_as, self.patience, self.watch)
        self.reach("connected")
        return _from(parcel.sender, self.line)

    def _handed_over(self, line: smtplib.SMTP, parcel: Envelope) -> Outcome:
        try:
            _be_patient(line, self.patience.answer)
            code, words = line.rcpt(parcel.address)
            if not _READY <= code < _READY + 2:
                return _refusal(code, words)
            code, words = line.docmd("DATA")
            if code != _GO_ON:
                return _refusal(code, words)
            self.reach("data")
            line.send(_DOTS.sub(b"..", parcel.data))
            self.reach("text")
            return self._ended(line)
        except smtplib.SMTPResponseException as error:
            return Outcome(Result.DEFERRED, _reply(error.smtp_code, error.smtp_error))
        except (OSError, smtplib.SMTPException):
            return Outcome(Result.DEFERRED, BROKEN_OFF)

    def _ended(self, line: smtplib.SMTP) -> Outcome:
        """Send the final dot and wait for the word of the server."""
        _be_patient(line, self.patience.acceptance)
        try:
            line.send(b".\r\n")
            self.reach("dot")
            code, words = line.getreply()
        except (OSError, smtplib.SMTPException):
            return Outcome(Result.UNKNOWN, NO_ANSWER)
        self.reach("accepted")
        return _verdict(code, words)

    def _tidy(self, line: smtplib.SMTP) -> None:
        """Make ready for the next mail, or hang up where the talk cannot go on."""
        try:
            code = line.rset()[0] if line.sock else _CLOSING
        except (OSError, smtplib.SMTPException):
            code = _CLOSING
        if code != _READY:
            self._hang_up()

    def _hang_up(self) -> None:
        line, self.line = self.line, None
        if line is not None:
            line.close()


# --- a connection -----------------------------------------------------------------------------------


def connect(
    url: SplitResult, greet_as: str, patience: Patience, watch: Watch | None = None
) -> smtplib.SMTP:
    """Return an open line to the server, secured and signed in as the address says. Raises AwayError."""
    with ExitStack() as unless_ready:
        try:
            line = _line(url, greet_as, patience.connection, watch)
            unless_ready.callback(line.close)
            _make_ready(line, url, patience)
        except (OSError, ValueError, smtplib.SMTPException) as error:
            raise AwayError(_said(error)) from error
        unless_ready.pop_all()
    return line


def _make_ready(line: smtplib.SMTP, url: SplitResult, patience: Patience) -> None:
    _be_patient(line, patience.answer)
    line.ehlo_or_helo_if_needed()
    _secure(line, url)
    if url.username:
        line.login(unquote(url.username), unquote(url.password or ""))


def _line(url: SplitResult, greet_as: str, timeout: float, watch: Watch | None) -> smtplib.SMTP:
    host, port = url.hostname or "", url.port or _PORTS[url.scheme]
    if url.scheme == "smtps":
        context = ssl.create_default_context()
        return SealedLine(watch, host, port, greet_as, timeout=timeout, context=context)
    return WatchedLine(watch, host, port, greet_as, timeout=timeout)


def _secure(line: smtplib.SMTP, url: SplitResult) -> None:
    """Encrypt where the server offers it; a password leaves only over what is proven to be the server, or at home."""
    if url.scheme == "smtps":
        return
    if line.has_extn("starttls"):
        context = ssl.create_default_context()
        if not url.username:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        line.starttls(context=context)
        line.ehlo()
    elif url.username and not _is_here(url.hostname or ""):
        raise AwayError(NO_SECRECY)


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _from(sender: str, line: smtplib.SMTP) -> smtplib.SMTP:
    """Begin a mail. What is refused here is refused to us, whoever it is for. Raises AwayError."""
    try:
        code, words = line.mail(sender)
    except (OSError, smtplib.SMTPException) as error:
        raise AwayError(_said(error)) from error
    if code != _READY:
        raise AwayError(_reply(code, words))
    return line


def _be_patient(line: smtplib.SMTP, seconds: float) -> None:
    """Wait so long for each answer from now on."""
    if line.sock is None:
        raise smtplib.SMTPServerDisconnected(BROKEN_OFF)
    line.sock.settimeout(seconds)
    # Text and final dot leave at once rather than wait for each other's receipt.
    line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


# --- words ------------------------------------------------------------------------------------------


def _verdict(code: int, words: bytes) -> Outcome:
    """Return what the answer to a whole text means; one that is no answer of SMTP ends no doubt."""
    if code >= _TEMPORARY:
        return _refusal(code, words)
    result = Result.ACCEPTED if _READY <= code < _GO_ON else Result.UNKNOWN
    return Outcome(result, _reply(code, words))


def _refusal(code: int, words: bytes) -> Outcome:
    return Outcome(Result.REFUSED if code >= _REFUSED else Result.DEFERRED, _reply(code, words))


def _reply(code: int, words: bytes | str) -> str:
    told = words if isinstance(words, str) else words.decode(errors="replace")
    return f"{code} {' '.join(told.split())}"


def _said(error: Exception) -> str:
    """Return why it did not work; of words that were to be sent nothing is told, they may be a password."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _reply(error.smtp_code, error.smtp_error)
    if isinstance(error, UnicodeError):
        return NO_LETTERS
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
