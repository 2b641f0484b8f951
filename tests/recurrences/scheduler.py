"""A worker as a process: it makes what has begun, and may be killed while it writes the n-th task.

python -m tests.recurrences.scheduler [n]
"""

import os
import signal
import sys
from typing import Any


def _killed_at(number: int) -> None:
    """End this process in the middle of the n-th task: its rows are written, nothing of them is committed."""
    from tracker.letters import actions as letters

    assign, count = letters.assign, [0]

    def dying(*args: Any, **more: Any) -> None:
        count[0] += 1
        if count[0] == number:
            os.kill(os.getpid(), signal.SIGKILL)
        assign(*args, **more)

    letters.assign = dying


def main() -> None:
    """Do once what the worker does each minute."""
    from tracker.app import create_app
    from tracker.settings import Settings
    from tracker.worker import recur

    if sys.argv[1:]:
        _killed_at(int(sys.argv[1]))
    recur(create_app(Settings.from_environment(dict(os.environ))))


if __name__ == "__main__":
    main()
