"""What every test may ask for; the fixtures themselves stand in databases, servers, pages, worlds and browsers."""

import hashlib
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import Engine, event

pytest_plugins = [
    "tests.databases",
    "tests.servers",
    "tests.pages",
    "tests.worlds",
    "tests.browsers",
]

HOME = "TRACKER_TEST_HOME"
hypothesis.settings.register_profile("house", deadline=None, derandomize=True, database=None)
hypothesis.settings.register_profile("long", deadline=None, max_examples=1000, database=None)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--long` adds the tests marked so."""
    parser.addoption("--long", action="store_true", help="kills, races and hostile files in full")


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder which all processes of this run share: databases, sockets, versions."""
    hypothesis.settings.load_profile("long" if config.getoption("--long") else "house")
    # A run asked to stop (a time limit, a cancelled job) still ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("asked to stop", returncode=143))
    if not hasattr(config, "workerinput"):
        os.environ[HOME] = tempfile.mkdtemp(prefix="tien-do-", dir=_memory())
        Path(os.environ[HOME]).chmod(0o755)  # PostgreSQL refuses root and runs as somebody else
        config.option.basetemp = config.option.basetemp or str(Path(os.environ[HOME]) / "tests")


def _memory() -> str | None:
    """Return a folder in memory where there is one: what a test writes need not survive the machine."""
    memory = Path("/dev/shm")
    return str(memory) if os.access(memory, os.W_OK) and os.path.ismount(memory) else None


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if not hasattr(config, "workerinput") and HOME in os.environ:
        home = Path(os.environ.pop(HOME))
        stop_postgresql(home)
        shutil.rmtree(home, ignore_errors=True)


def stop_postgresql(home: Path) -> None:
    """Stop the server if the process that was to stop it is gone."""
    with suppress(FileNotFoundError, ProcessLookupError):
        os.kill(int((home / "postgresql/postmaster.pid").read_text().split()[0]), signal.SIGQUIT)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long tests out (rather than skip them: nothing that was asked for is skipped)."""
    long = [item for item in items if item.get_closest_marker("long")]
    if long and not config.getoption("--long"):
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell what was really used, what was measured, and that what works with JavaScript works without."""
    for note in sorted(Path(os.environ[HOME]).glob("version-*")):
        terminalreporter.write_line(f"{note.name[8:]}: {note.read_text(encoding='utf-8')}")
    for figures in sorted(Path(os.environ[HOME]).glob("figures-*")):
        terminalreporter.write_line(figures.read_text(encoding="utf-8"))
    passed = [report.nodeid for report in terminalreporter.stats.get("passed", [])]
    with_scripts = sum("javascript-on" in name for name in passed)
    without = sum("javascript-off" in name for name in passed)
    if with_scripts or without:
        terminalreporter.write_line(f"journeys: {with_scripts} with JavaScript, {without} without")


@pytest.fixture(scope="session")
def home() -> Path:
    """The folder which all processes of this run share."""
    return Path(os.environ[HOME])


@pytest.fixture
def told(home: Path, request: pytest.FixtureRequest) -> Callable[[str], object]:
    """`told("100 kills: lost 0")`: figures that stand at the end of the run, whichever process found them."""
    name = hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:16]
    return partial((home / f"figures-{name}").write_text, encoding="utf-8")


class Queries(list[str]):
    """The SQL statements sent while `counting`, transactions and settings apart."""

    @contextmanager
    def counting(self) -> Iterator["Queries"]:
        """Start at none and count until the block ends."""
        self.clear()
        event.listen(Engine, "before_cursor_execute", self._note)
        try:
            yield self
        finally:
            event.remove(Engine, "before_cursor_execute", self._note)

    def _note(self, _connection, _cursor, statement, *_more) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            self.append(statement)


@pytest.fixture
def queries() -> Queries:
    """`with queries.counting(): client.get("/board")`, then `len(queries)` and what they say."""
    return Queries()
