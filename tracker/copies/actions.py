"""Taking a copy of the database, putting one back, and the copies taken before an upgrade."""

import os
from datetime import datetime
from pathlib import Path
from types import ModuleType

from tracker import schema
from tracker.copies import postgresql, sqlite
from tracker.copies.refusal import Refusal
from tracker.processes import alone
from tracker.settings import Settings

KEPT = 5
_DAY = 24 * 3600  # seconds
SITE_LOCK = "site.lock"
_NEWER = (
    "{} was made by a newer version of the product ({}); this one cannot read it. "
    "Install the newer version first."
)


def is_sqlite(settings: Settings) -> bool:
    """Tell which of the two databases the site uses."""
    return settings.database_url.startswith("sqlite")


# --- taking a copy ------------------------------------------------------------------------------------


def back_up(settings: Settings, target: Path) -> frozenset[str]:
    """Write one consistent copy that was read through; return the migrations at which it stands. Raises Refusal.

    Until it is whole it has another name, so that a copy that is there is a good one.
    """
    if target.exists():
        raise Refusal(f"{target} exists already, and nothing is overwritten; give another name.")
    if not target.parent.is_dir():
        raise Refusal(f"There is no folder {target.parent}.")
    kind = sqlite if is_sqlite(settings) else postgresql
    draft = target.with_name(f".{target.name}.{os.getpid()}.draft")
    try:
        draft.touch(mode=0o600, exist_ok=False)
        kind.copy(settings.database_url, draft)
        heads: frozenset[str] = kind.check(draft)
        sqlite.flush(draft)
        _name(draft, target)
        sqlite.flush(target.parent)
    except OSError as error:
        raise Refusal(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return heads


def _name(draft: Path, target: Path) -> None:
    """Give the draft its name unless somebody has taken it meanwhile."""
    try:
        target.hardlink_to(draft)
    except FileExistsError as error:
        raise Refusal(f"{target} exists already, and nothing is overwritten.") from error
    except OSError:  # a file system without hard links
        draft.rename(target)


def before(what: str, settings: Settings, at: datetime) -> Path:
    """Keep a copy in instance/backups before something that cannot be taken back; the newest five stay."""
    folder = settings.instance_path / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    kind = sqlite if is_sqlite(settings) else postgresql
    name = f"before-{what}-{at:%Y%m%d-%H%M%S-%f}"
    if kind is sqlite and not sqlite.is_readable(settings.database_url):
        return sqlite.put_aside(settings.database_url, folder, name)
    target = folder / f"{name}{kind.SUFFIX}"
    back_up(settings, target)
    for left in folder.glob(".*.draft"):  # by a start that was killed
        if at.timestamp() - left.stat().st_mtime > _DAY:
            left.unlink(missing_ok=True)
    for old in sorted(folder.glob(f"before-{what}-*{kind.SUFFIX}"))[:-KEPT]:
        old.unlink()
    return target


def before_upgrade(settings: Settings, at: datetime) -> Path | None:
    """Keep a copy of a database that has data before it is migrated; None where there is nothing to lose."""
    return before("upgrade", settings, at) if has_data(settings) else None


def has_data(settings: Settings) -> bool:
    """Tell whether there is anything in the database that somebody would miss."""
    return sqlite.has_data(settings.database_url) if is_sqlite(settings) else postgresql.has_data()


# --- putting one back -----------------------------------------------------------------------------------


def restore(settings: Settings, copied: Path, at: datetime, *, force: bool) -> Path | None:
    """Put a copy in the place of the database; return where the old one was kept. Raises Refusal.

    Nobody else may be at work. Killed at any moment, either the old database or the new one is there, and in the new
    one mail is held.
    """
    kind = _kind_of(copied, settings)
    if not schema.is_known(heads := kind.check(copied)):
        raise Refusal(_NEWER.format(copied, ", ".join(sorted(heads))))
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    with alone(settings.instance_path / SITE_LOCK) as is_alone:
        if not is_alone:
            raise Refusal("The site or its worker is running; stop it first (bin/run: Ctrl-C).")
        kept = _make_room(settings, at, force=force)
        instant = at.replace(tzinfo=None).isoformat(timespec="microseconds")
        kind.restore(settings.database_url, copied, instant)
    return kept


def _kind_of(copied: Path, settings: Settings) -> ModuleType:
    """Return the module for the copy, which must be of the kind of database the site uses."""
    try:
        with copied.open("rb") as lines:
            first = lines.read(16)
    except OSError as error:
        raise Refusal(f"{copied} cannot be read: {error.strerror}.") from error
    kinds = {"SQLite": sqlite, "PostgreSQL": postgresql}
    found = next((name for name, kind in kinds.items() if first.startswith(kind.FIRST_BYTES)), None)
    wanted = "SQLite" if is_sqlite(settings) else "PostgreSQL"
    if found != wanted:
        raise Refusal(
            f"{copied} is {f'a copy of {found}' if found else 'no copy'}, and DATABASE_URL names {wanted}."
        )
    return kinds[wanted]


def _make_room(settings: Settings, at: datetime, *, force: bool) -> Path | None:
    """Keep what is there, if somebody would miss it and says so; return where."""
    if not is_sqlite(settings):
        postgresql.refuse_company()
    if not has_data(settings):
        return None
    if not force:
        raise Refusal(
            "The database has data. With --force a copy of it is kept in "
            f"{settings.instance_path / 'backups'} and then the database is replaced."
        )
    return before("restore", settings, at)
