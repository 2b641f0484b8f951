"""Processes that stand and fall together: children restarted when killed, none left when we go."""

import ctypes
import fcntl
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15
_ENDS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_GRACE = 10.0  # seconds a child has to end what it is at
_STEADY = 5.0  # seconds a child lives before its next death counts as the first
_LONGEST_PAUSE = 30.0
_TICK = 0.1
# Children are forks: what the parent has imported they need not import again.
_fork = multiprocessing.get_context("fork")


def _control(what: int, value: int | bytes) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(what, value)


def follow_parent(parent: int) -> None:
    """End this process when `parent` ends, however it does; where the system can say so (Linux)."""
    _control(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(0)


def _enter(parent: int, name: str, task: Callable[[], None]) -> None:
    """Begin as a child: the leader of a group of its own, with the signals of a new process."""
    os.setpgid(0, 0)
    _control(_PR_SET_NAME, f"tien-do {name}".encode())
    for number in _ENDS:
        signal.signal(number, signal.SIG_DFL)
    follow_parent(parent)
    try:
        task()
    except Exception:  # noqa: BLE001 - said like every other line, not in a form of its own
        sys.excepthook(*sys.exc_info())
        sys.exit(1)


class Child:
    """One supervised process; it leads a group of its own, so that its children can be reached."""

    def __init__(self, name: str, task: Callable[[], None]) -> None:
        self.name, self.task = name, task
        self.process: BaseProcess | None = None
        self.starts = 0
        self.began = 0.0
        self.pause = 0.0

    def start(self) -> None:
        """Start it."""
        sys.stdout.flush()
        self.process = _fork.Process(target=_enter, args=(os.getpid(), self.name, self.task))
        self.process.start()
        self.starts += 1
        self.began = time.monotonic()

    def tend(self, say: Callable[[str], None]) -> None:
        """Start it again if it is dead, at once the first time, later the more often it dies."""
        if self.process is None:
            if time.monotonic() >= self.began:
                self.start()
        elif (status := self.process.exitcode) is not None:
            self.clear()
            self.pause = 0.0 if self.lived() > _STEADY else min(self.pause * 2 + 1, _LONGEST_PAUSE)
            say(f"{self.name} ended ({status}); starting it again")
            self.process, self.began = None, time.monotonic() + self.pause

    def lived(self) -> float:
        """Return the seconds since it was started."""
        return time.monotonic() - self.began

    def clear(self) -> None:
        """Kill whatever is left of it and its children."""
        if self.process is not None and self.process.pid:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def ask_to_end(self) -> None:
        """Ask it to end."""
        if self.process is not None:
            self.process.terminate()

    def end(self, until: float) -> None:
        """Wait for its end, and make sure of it."""
        if self.process is not None:
            self.process.join(max(until - time.monotonic(), 0.0))
            self.clear()
            self.process.join()


def supervise(
    children: Sequence[Child], say: Callable[[str], None], tick: Callable[[], None]
) -> None:
    """Keep `children` running until SIGTERM, SIGINT or SIGHUP; then end them all. Calls `tick`."""
    asked: list[int] = []
    for number in _ENDS:
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


# --- who is at work on one machine --------------------------------------------------------------


@contextmanager
def at_work(lock: Path) -> Iterator[bool]:
    """Be one of those at work until the block ends and our children are gone; False where one is `alone`."""
    yield from _holding(lock, fcntl.LOCK_SH)


@contextmanager
def alone(lock: Path) -> Iterator[bool]:
    """Keep everybody else from work until the block ends; False where somebody is at it."""
    yield from _holding(lock, fcntl.LOCK_EX)


def _holding(lock: Path, kind: int) -> Iterator[bool]:
    # The system lets go of it with the last process that has the file open: nothing is left behind by a kill.
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        held = lock.open("a")
    except OSError:  # where nothing can be written, nothing can be put back either
        yield kind == fcntl.LOCK_SH
        return
    with held:
        try:
            fcntl.flock(held, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
