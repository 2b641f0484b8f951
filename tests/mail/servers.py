"""Mail servers for tests: real SMTP, that keep what they took in a file before they say so, and misbehave as told.

`sink.url` is an SMTP_URL; `sink.taken()` what it took. How a server treats a recipient stands in front of the address:
`sink.script["grey@test.local"] = ["451 later", ...]`: see `Script`.
"""

import asyncio
import json
import os
import ssl
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers import free_port

HOST = "127.0.0.1"
OK = "250 OK"


@dataclass(frozen=True)
class Taken:
    """One mail as a server took it."""

    sender: str
    address: str
    data: bytes

    @property
    def message(self) -> EmailMessage:
        """The mail, read."""
        return message_from_bytes(self.data, policy=default)

    @property
    def message_id(self) -> str:
        """Its Message-ID."""
        return str(self.message["Message-ID"]).strip()


class Script:
    """How a server treats each recipient: one answer after another, the last one for ever.

    At RCPT, an answer such as "550 unknown"; after the text "data: 451 busy". "stall" never answers, "drop" breaks the
    connection, "drip" answers a character at a time; "data: stall" and "data: drop" do so after the final dot without
    taking the mail, "data: take, drop" and "data: take, stall" after taking it; "data: take, close" says so, too, and
    then ends the connection. "250 OK" takes it.
    """

    def __init__(self) -> None:
        self.answers: dict[str, list[str]] = {}
        self.asked: defaultdict[str, int] = defaultdict(int)

    def __setitem__(self, address: str, answers: list[str]) -> None:
        self.answers[address] = answers

    def next(self, address: str) -> str:
        """Return the answer for this attempt."""
        answers = self.answers.get(address, [OK])
        turn = self.asked[address]
        self.asked[address] += 1
        return answers[min(turn, len(answers) - 1)]


class _Handler:
    """What aiosmtpd asks."""

    def __init__(self, sink: "Sink") -> None:
        self.sink = sink

    async def handle_EHLO(  # noqa: N802
        self,
        server: SMTP,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        replies: list[str],
    ) -> list[str]:
        session.host_name = hostname
        self.sink.lines.append(server)
        self.sink.connections += not session.ssl  # greeted again over an encrypted line
        return replies

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.sink.refused_senders:
            return "550 5.7.1 not yours"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return OK

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.sink.script.next(address)
        if answer == "stall":
            await asyncio.sleep(60)
        elif answer == "drip":
            await _drip(server)
        elif answer == "drop":
            _drop(server)
        elif answer.startswith("data: "):
            envelope.rcpt_options = [answer.removeprefix("data: ")]
        elif answer != OK:
            return answer
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = (envelope.rcpt_options or [OK])[0]
        self.sink.encrypted += session.ssl is not None
        self.sink.hook()
        if answer == OK or answer.startswith("take, "):
            self.sink.take(envelope)
        if answer.endswith("close"):
            asyncio.get_running_loop().call_later(0.05, _drop, server)
            return OK
        if answer.endswith("stall"):
            await asyncio.sleep(60)
        elif answer.endswith("drop"):
            _drop(server)
            return OK  # into the void
        return answer.removeprefix("take, ")


async def _drip(server: SMTP) -> None:
    """Answer one character at a time, and never to the end."""
    for _ in range(100):
        server._writer.write(b"2")
        await server._writer.drain()
        await asyncio.sleep(0.1)


def _drop(server: SMTP) -> None:
    assert server.transport
    server.transport.abort()  # type: ignore[attr-defined]


class Sink:
    """A real SMTP server; what it took stands in `log` before it says 250."""

    def __init__(self, log: Path, port: int = 0, **options: Any) -> None:
        self.log, self.port = log, port or free_port()
        self.script = Script()
        self.hook: Callable[[], object] = lambda: None
        self.log.touch()
        self.connections = self.encrypted = 0
        self.refused_senders: set[str] = set()
        self.lines: list[SMTP] = []
        self.options = options

    @property
    def url(self) -> str:
        """The SMTP_URL."""
        return f"smtp://{HOST}:{self.port}"

    @property
    def variables(self) -> dict[str, str]:
        """The settings of an app that sends here."""
        return {"SMTP_URL": self.url, "MAIL_FROM": "Tiến Độ <tien-do@test.local>"}

    def take(self, envelope: Envelope) -> None:
        """Keep one mail for good."""
        assert isinstance(envelope.content, bytes)
        line = json.dumps(
            [envelope.mail_from, envelope.rcpt_tos[0], envelope.content.decode("ascii")]
        )
        with self.log.open("a", encoding="ascii") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())

    def taken(self) -> list[Taken]:
        """Return what was taken, in order; a line half written by a crash of the machine counts for nothing."""
        lines = self.log.read_text(encoding="ascii").splitlines()
        return [Taken(s, a, data.encode()) for s, a, data in map(json.loads, lines)]

    @contextmanager
    def running(self) -> Iterator["Sink"]:
        """Answer from a thread of this process."""
        controller = Controller(_Handler(self), HOST, self.port, ready_timeout=10, **self.options)
        controller.start()
        try:
            yield self
        finally:
            asyncio.run_coroutine_threadsafe(self._hang_up(), controller.loop).result()
            controller.stop()

    async def _hang_up(self) -> None:
        """End every connection, and let the loop close what it stood on before it stops."""
        for line in self.lines:
            if line.transport:
                _drop(line)
        for _ in range(3):
            await asyncio.sleep(0)


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    """A mail server of this test's own."""
    with Sink(tmp_path / "taken.jsonl").running() as sink:
        yield sink


def tls(certificate: Path, key: Path) -> ssl.SSLContext:
    """Return what a server needs to encrypt."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context
