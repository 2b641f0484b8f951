"""Cutting off a mail server that takes too long, from beside the talk and from its first byte on."""

import smtplib
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Condition, Thread
from typing import Any


class Watch:
    """Ends from beside it a talk that takes too long: a server that sends a letter a minute outlasts every timeout."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.until = seconds, 0.0
        self.line: smtplib.SMTP | None = None
        self.bell, self.is_over = Condition(), False
        self.thread: Thread | None = None

    @contextmanager
    def during(self, line: smtplib.SMTP | None) -> Iterator[None]:
        """Watch over one talk, and over the line that is opened for it."""
        if self.thread is None:
            self.thread = Thread(target=self._look, name="mail watch", daemon=True)
            self.thread.start()
        self.until, self.line = time.monotonic() + self.seconds, line
        try:
            yield
        finally:
            self.line = None

    def end(self) -> None:
        """Watch no more."""
        with self.bell:
            self.is_over = True
            self.bell.notify()
        if self.thread is not None:
            self.thread.join()

    def _look(self) -> None:
        with self.bell:
            while not self.is_over:
                self.bell.wait(self.seconds / 20)
                line = self.line
                if line is not None and time.monotonic() > self.until:
                    with suppress(OSError, AttributeError):
                        line.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]


class WatchedLine(smtplib.SMTP):
    """A line that can be cut off from its first byte on: a server may take hours over its greeting, too."""

    def __init__(self, watch: Watch | None, *args: Any, **more: Any) -> None:
        self.watch = watch
        super().__init__(*args, **more)

    def connect(self, *args: Any, **more: Any) -> tuple[int, bytes]:
        """Show the line to the watch before the server has a word."""
        if self.watch is not None:
            self.watch.line = self
        return super().connect(*args, **more)


class SealedLine(WatchedLine, smtplib.SMTP_SSL):
    """The same, encrypted from the start."""
