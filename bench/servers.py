"""Starting the two servers alike, and reading how much CPU each has used."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
_NANO = 1e9


def cpu_ms(pid: int) -> float:
    """Return the CPU time of a process and all below it, in ms, to the nanosecond where the kernel tells."""
    return sum(_own_cpu(process) for process in tree(pid)) / _NANO * 1000


def tree(pid: int) -> list[int]:
    """Return the ids of a process and of all below it."""
    found, waiting = [], [pid]
    while waiting:
        process = waiting.pop()
        found.append(process)
        for children in Path(f"/proc/{process}/task").glob("*/children"):
            waiting += map(int, children.read_text().split())
    return found


def _own_cpu(pid: int) -> int:
    times = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(time.read_text().split()[0]) for time in times)


@contextmanager
def serving(command: list[str], port: int, environment: Mapping[str, str]) -> Iterator[int]:
    """Run a server until the block ends; gives its process id once it answers."""
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port, process)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        connection = http.client.HTTPConnection(HOST, port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            if process.poll() is not None:
                raise SystemExit(f"the server on port {port} did not start") from None
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise SystemExit(f"the server on port {port} does not answer")


def serve_limit(port: int) -> None:
    """Serve the limit app with granian as the product is served."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "bench.limit:limit_app",
        address=HOST,
        port=port,
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=1,
        websockets=False,
        factory=True,
        log_level=LogLevels.warning,
    ).serve(target_loader=_frozen_limit, wrap_loader=False)


def _frozen_limit() -> Any:
    import gc

    from bench.limit import limit_app

    app = limit_app()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    return app


if __name__ == "__main__":
    serve_limit(int(sys.argv[1]))
