"""`flask serve`: the site and its worker come up together, stay up, and go together."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.databases import SECRET
from tests.servers import free_port, wait_for
from tracker.settings import ROOT

WEB, WORKER = "tien-do web", "tien-do worker"
PRODUCTION = {
    "TRACKER_ENV": "production",
    "SECRET_KEY": SECRET,
    "PUBLIC_URL": "https://tien-do.example",
}


class Site:
    """A site served by the real command."""

    def __init__(self, instance: Path, *arguments: str, **variables: str) -> None:
        self.port = free_port()
        self.words, self.log = (instance.parent / f"serve.{name}" for name in ("out", "err"))
        environment = {"PATH": os.environ["PATH"], "TRACKER_INSTANCE": str(instance)} | variables
        with self.words.open("wb") as words, self.log.open("wb") as log:
            self.process = subprocess.Popen(
                flask("serve", "--port", str(self.port), *arguments),
                cwd=ROOT,
                env=environment,
                stdout=words,
                stderr=log,
            )

    def output(self) -> str:
        return self.words.read_text(encoding="utf-8") + self.log.read_text(encoding="utf-8")

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as page:
            return str(page.read().decode())

    def answers(self) -> bool:
        try:
            return bool(self.get("/sign-in"))
        except urllib.error.HTTPError:
            return True

    def ready(self) -> "Site":
        wait_for(lambda: self.process.poll() is not None or self.answers())
        assert self.process.poll() is None, self.output()
        wait_for(lambda: "Ready:" in self.output())
        return self

    def family(self) -> dict[int, str]:
        """Return the processes below the command, with their names."""
        found: dict[int, str] = {}
        for _round in range(3):
            for pid, parent, name in processes():
                if parent in {self.process.pid, *found}:
                    found[pid] = name
        return found

    def kill(self, which: str) -> int:
        pid = next(pid for pid, name in self.family().items() if name == which)
        os.kill(pid, signal.SIGKILL)
        return pid

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


def flask(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]


def processes() -> Iterator[tuple[int, int, str]]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            status = (folder / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
            name = (folder / "comm").read_text(encoding="utf-8").strip()
            if status[0] != "Z":
                yield int(folder.name), int(status[1]), name


@pytest.fixture(scope="module")
def instance(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demonstration in it."""
    folder = tmp_path_factory.mktemp("serve") / "instance"
    folder.mkdir()
    shutil.copyfile(demo_file, folder / "tracker.db")
    return folder


@pytest.fixture(scope="module")
def site(instance: Path) -> Iterator[Site]:
    """One site for those that do not end it; the last of them does."""
    site = Site(instance).ready()
    yield site
    site.process.kill()
    site.process.wait()


def alive(pids: set[int]) -> set[int]:
    return pids & {pid for pid, _parent, _name in processes()}


def test_it_tells_the_address_and_the_accounts(site: Site):
    assert f"Ready: http://127.0.0.1:{site.port}" in site.output()
    for account in ("office", "leader", "chair", "member", "admin"):
        assert f"{account}@demo.local" in site.output()


def test_it_runs_two_web_workers_and_the_background_worker(site: Site):
    wait_for(lambda: "housekeeping done" in site.output())
    wait_for(lambda: Counter(site.family().values()) == {WEB: 3, WORKER: 1})


def test_whichever_process_is_asked_the_requests_of_all_are_counted(site: Site):
    counted = re.compile(
        r'tien_do_requests_total{method="GET",route="/privacy",status="200"} (\d+)'
    )

    def count() -> int:
        found = counted.search(site.get("/metrics"))
        return int(found[1]) if found else 0

    assert count() == 0
    for number in range(1, 21):
        site.get("/privacy")
        assert count() == number


@pytest.mark.parametrize("which", [WEB, WORKER])
def test_a_killed_process_is_started_again(site: Site, which: str):
    wait_for(lambda: which in site.family().values())
    killed = site.kill(which)
    wait_for(
        lambda: killed not in site.family() and which in site.family().values() and site.answers()
    )


def test_one_killed_web_worker_is_started_again(site: Site):
    wait_for(lambda: Counter(site.family().values())[WEB] == 3)
    parents = {pid: parent for pid, parent, _name in processes()}
    web = [pid for pid, name in site.family().items() if name == WEB]
    one = next(pid for pid in web if parents[pid] in web)
    os.kill(one, signal.SIGKILL)
    wait_for(lambda: one not in site.family() and site.answers())
    wait_for(lambda: Counter(site.family().values())[WEB] == 3)


@pytest.mark.long
def test_nobody_puts_a_copy_in_the_place_of_a_database_at_work(site: Site, instance: Path):
    restore = flask("restore", "--force", str(instance / "tracker.db"))
    environment = {"PATH": os.environ["PATH"], "TRACKER_INSTANCE": str(instance)}
    run = subprocess.run(
        restore, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (run.returncode, "is running" in run.stderr) == (1, True)


def test_it_stops_and_leaves_nobody(site: Site):
    family = set(site.family())
    assert site.stop(signal.SIGTERM) == 0
    wait_for(lambda: not alive(family))
    assert "Traceback" not in site.output()


def test_a_second_start_is_quick_keeps_the_data_and_ends_by_ctrl_c(instance: Path):
    before = worked()
    second = Site(instance)
    wait_for(lambda: second.process.poll() is not None or second.answers())
    family = set(second.family())
    assert second.stop(signal.SIGINT) == 0
    wait_for(lambda: not alive(family))
    assert "Loading" not in second.output()
    assert "Traceback" not in second.output()
    # The promise is 3 s on a machine that does nothing else; here others run beside it, so it is work that counts.
    assert worked() - before < 10


def worked() -> float:
    """Return the seconds for which processes worked that we began and that are gone."""
    return os.times().children_user + os.times().children_system


def test_a_busy_port_is_said_in_words(instance: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run = subprocess.run(
            flask("serve", "--port", port),
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "TRACKER_INSTANCE": str(instance)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 1
    assert f"Port {port}" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("seconds", [0.3, 0.8, 1.2, 1.6, 2.0])
@pytest.mark.long
def test_a_first_start_killed_at_any_time_is_made_good_by_the_next(tmp_path: Path, seconds: float):
    """Migrations and the demonstration are written whole or not at all."""
    first = Site(tmp_path / "instance")
    time.sleep(seconds)
    first.process.kill()
    first.process.wait()
    second = Site(tmp_path / "instance").ready()
    assert "office@demo.local" in second.output()
    second.stop()


def test_an_empty_site_in_production_says_its_code_logs_json_and_killed_leaves_nobody(
    tmp_path: Path,
):
    site = Site(tmp_path / "instance", **PRODUCTION).ready()
    wait_for(lambda: "housekeeping done" in site.output())
    killed = site.kill(WEB)
    wait_for(lambda: killed not in site.family() and site.answers())
    family = set(site.family())
    site.process.kill()
    site.process.wait()
    wait_for(lambda: not alive(family))
    words = site.words.read_text(encoding="utf-8")
    assert re.search(r"https://tien-do\.example/setup .*code: [A-Z2-7]{4}(-[A-Z2-7]{4}){2}", words)
    assert "demo.local" not in site.output()
    lines = [json.loads(line) for line in site.log.read_text(encoding="utf-8").splitlines()]
    assert all(re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", line["reference"]) for line in lines)
    assert all({"timestamp", "level", "logger", "event"} <= set(line) for line in lines)
    requests = [line for line in lines if line["event"] == "request"]
    assert requests
    assert all({"method", "rule", "status", "ms"} <= set(line) for line in requests)
    assert any("web ended" in line["event"] for line in lines)


def test_a_database_that_cannot_be_used_is_said_in_words(tmp_path: Path):
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance/tracker.db").write_bytes(b"this is no database " * 100)
    site = Site(tmp_path / "instance")
    assert site.process.wait(120) == 1
    assert "database" in site.output()
    assert "Traceback" not in site.output()
