"""Processes that stand and fall together: children restarted when killed, none left when we go."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

_SUPERVISOR = "TRACKER_SUPERVISOR"
_PR_SET_PDEATHSIG = 1
_GRACE = 10.0  # seconds a child has to end what it is at
_STEADY = 5.0  # seconds a child lives before its next death counts as the first
_LONGEST_PAUSE = 30.0
_TICK = 0.1


def follow_parent(parent: int) -> None:
    """End this process when `parent` ends, however it does; where the system can say so (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(0)


def follow_supervisor() -> None:
    """End this process with the supervisor that started it, if one did."""
    if parent := os.environ.pop(_SUPERVISOR, ""):
        follow_parent(int(parent))


class Child:
    """One supervised process; it leads a group of its own, so that its children can be reached."""

    def __init__(self, name: str, arguments: Sequence[str], folder: Path) -> None:
        self.name, self.arguments, self.folder = name, arguments, folder
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0
        self.began = 0.0
        self.pause = 0.0

    def start(self) -> None:
        """Start it."""
        environment = os.environ | {_SUPERVISOR: str(os.getpid())}
        self.process = subprocess.Popen(  # noqa: S603
            self.arguments, cwd=self.folder, env=environment, process_group=0
        )
        self.starts += 1
        self.began = time.monotonic()

    def tend(self, say: Callable[[str], None]) -> None:
        """Start it again if it is dead, at once the first time, later the more often it dies."""
        if self.process is None:
            if time.monotonic() >= self.began:
                self.start()
        elif (status := self.process.poll()) is not None:
            self.clear()
            self.pause = 0.0 if self.lived() > _STEADY else min(self.pause * 2 + 1, _LONGEST_PAUSE)
            say(f"{self.name} ended ({status}); starting it again")
            self.process, self.began = None, time.monotonic() + self.pause

    def lived(self) -> float:
        """Return the seconds since it was started."""
        return time.monotonic() - self.began

    def clear(self) -> None:
        """Kill whatever it left behind."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def ask_to_end(self) -> None:
        """Ask it to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self, until: float) -> None:
        """Wait for its end, and make sure of it."""
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(max(until - time.monotonic(), 0.0))
            self.clear()
            self.process.wait()


def supervise(
    children: Sequence[Child], say: Callable[[str], None], tick: Callable[[], None]
) -> None:
    """Keep `children` running until SIGTERM, SIGINT or SIGHUP; then end them all. Calls `tick`."""
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: asked.append(received))
    try:
        while not asked:
            for child in children:
                child.tend(say)
            tick()
            time.sleep(_TICK)
    finally:
        end_all(children)


def end_all(children: Sequence[Child]) -> None:
    """End `children`, all at once."""
    for child in children:
        child.ask_to_end()
    until = time.monotonic() + _GRACE
    for child in children:
        child.end(until)
