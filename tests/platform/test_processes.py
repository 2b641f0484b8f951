"""Children are restarted when killed; when the parent goes, however it goes, nobody stays."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.servers import wait_for
from tracker.settings import ROOT

# Each child notes its pid, has a child of its own, and waits.
FAMILY = """
import functools, os, pathlib, subprocess, sys, time
from tracker.processes import Child, supervise
def live(name):
    own = subprocess.Popen(["sleep", "600"])
    pathlib.Path(name).write_text(f"{os.getpid()} {own.pid}")
    time.sleep(600)
supervise([Child(n, functools.partial(live, n)) for n in sys.argv[1:]], print, lambda: None)
"""


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"


class Family:
    """A supervisor with two children."""

    def __init__(self, folder: Path) -> None:
        self.notes = [folder / "web", folder / "worker"]
        self.parent = subprocess.Popen(
            [sys.executable, "-c", FAMILY, *map(str, self.notes)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        self.wait()

    def wait(self) -> None:
        wait_for(lambda: all(n.exists() and n.read_text() for n in self.notes))

    def pids(self) -> list[int]:
        return [int(pid) for note in self.notes for pid in note.read_text().split()]


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    family = Family(tmp_path)
    yield family
    for pid in [family.parent.pid, *family.pids()]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    family.parent.wait()


@pytest.mark.parametrize("which", [0, 1])
def test_a_killed_child_is_started_again_and_leaves_nobody(family: Family, which: int):
    child, grandchild = map(int, family.notes[which].read_text().split())
    family.notes[which].unlink()
    os.kill(child, signal.SIGKILL)
    family.wait()
    assert int(family.notes[which].read_text().split()[0]) != child
    wait_for(lambda: not alive(grandchild))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_asked_to_stop_it_takes_everybody_along(family: Family, number: signal.Signals):
    pids = family.pids()
    began = time.monotonic()
    family.parent.send_signal(number)
    assert family.parent.wait(60) == 0
    assert time.monotonic() - began < 9, "nobody had to be waited for and killed"
    wait_for(lambda: not any(map(alive, pids)))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_killed_it_takes_its_children_along(family: Family):
    children = family.pids()[::2]
    family.parent.kill()
    family.parent.wait()
    wait_for(lambda: not any(map(alive, children)))
