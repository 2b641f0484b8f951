"""The realm of these tests: built once for each process, brought back to its beginning after each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import running, settings_at, sqlite_url
from tests.matrix.grounds import FEW, STATES
from tests.matrix.realm import Realm, asking


@pytest.fixture(scope="session")
def whole_realm(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Realm]:
    """Every kind of task in every state."""
    folder = tmp_path_factory.mktemp("whole-realm")
    path = Path(shutil.copyfile(migrated_file, folder / "realm.db"))
    with running(settings_at(folder, sqlite_url(path))) as app, asking(app, path, STATES) as realm:
        yield realm


@pytest.fixture(scope="session")
def small_realm(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Realm]:
    """Every kind of task as a draft and as one that was sent."""
    folder = tmp_path_factory.mktemp("small-realm")
    path = Path(shutil.copyfile(migrated_file, folder / "realm.db"))
    with running(settings_at(folder, sqlite_url(path))) as app, asking(app, path, FEW) as realm:
        yield realm


@pytest.fixture
def whole(whole_realm: Realm) -> Iterator[Realm]:
    yield whole_realm
    whole_realm.begin_again()


@pytest.fixture
def realm(small_realm: Realm) -> Iterator[Realm]:
    yield small_realm
    small_realm.begin_again()
