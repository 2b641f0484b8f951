"""A copy of a PostgreSQL database by its own programs: pg_dump, pg_restore, psql; put back in one transaction."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import make_url, text

from tracker.copies.refusal import Refusal
from tracker.copies.settling import of_mail, settling
from tracker.db import db

SUFFIX = ".dump"
FIRST_BYTES = b"PGDMP"
_PROGRAMS = ("pg_dump", "pg_restore", "psql")
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
_TABLES = text("SELECT to_regclass('person') IS NOT NULL")
_ANY = text(
    "SELECT EXISTS (SELECT 1 FROM person) OR EXISTS (SELECT 1 FROM unit) OR EXISTS (SELECT 1 FROM task)"
)
# Everything of ours goes, also what a newer version added: what the copy does not know it cannot drop itself.
_EMPTY = """
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE schemaname = current_schema() LOOP EXECUTE 'DROP TABLE ' || name || ' CASCADE'; END LOOP;
  FOR name IN SELECT p.oid::regprocedure::text FROM pg_proc p
    WHERE p.pronamespace = current_schema()::regnamespace AND NOT EXISTS
      (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP EXECUTE 'DROP FUNCTION ' || name || ' CASCADE'; END LOOP;
END $$;
"""


def _run(program: str, *arguments: str, url: str = "") -> str:
    """Run one of the programs; the password goes by the environment, where no list of processes shows it."""
    found = shutil.which(program)
    if found is None:
        raise Refusal(
            f"{program} is not on PATH. Install PostgreSQL's client programs ({', '.join(_PROGRAMS)}) in the version "
            "of the server or a newer one."
        )
    where, secret = _address(url) if url else ([], {})
    run = subprocess.run(  # noqa: S603 - a program found on PATH, no shell
        [found, *where, *arguments],
        env=os.environ | secret,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise Refusal(f"{program}: {run.stderr.strip() or 'it failed without a word'}")
    return run.stdout


def _address(url: str) -> tuple[list[str], dict[str, str]]:
    parts = make_url(url)
    plain = parts.set(drivername="postgresql").difference_update_query(["password"])
    address = plain._replace(password=None).render_as_string(hide_password=False)
    return [f"--dbname={address}"], {"PGPASSWORD": str(parts.password or "")}


def copy(url: str, draft: Path) -> None:
    """Copy the database as one transaction sees it; whoever writes goes on writing. Raises Refusal."""
    _run("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={draft}", url=url)


def check(copied: Path) -> frozenset[str]:
    """Read a copy through and return the migrations at which it stands. Raises Refusal."""
    _run("pg_restore", f"--file={os.devnull}", str(copied))
    rows = _run("pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(copied))
    found = re.search(r"^COPY \S+alembic_version .*?;\n(.*?)^\\\.", rows, re.MULTILINE | re.DOTALL)
    if not found:
        raise Refusal(f"{copied} is no copy of this product.")
    return frozenset(found[1].split())


def restore(url: str, copied: Path, at: str) -> None:
    """Put a copy in the place of all rows, mail held, in one transaction; then bring it up to date. Raises Refusal."""
    db.session.remove()
    with tempfile.TemporaryDirectory(prefix="tien-do-restore-") as folder:
        rows, script = Path(folder) / "rows.sql", Path(folder) / "all.sql"
        _run("pg_restore", "--no-owner", "--no-acl", f"--file={rows}", str(copied))
        script.write_text(f"{_EMPTY}\n\\i '{rows}'\n{_settled(at)}", encoding="utf-8")
        quiet = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null")
        _run("psql", *quiet, "--single-transaction", f"--file={script}", url=url)
    db.engine.dispose()
    upgrade()


def _settled(at: str) -> str:
    """Return the end of the transaction; a copy of an earlier version has no outbox yet."""
    mail = of_mail()
    always = [statement for statement in settling(at) if statement not in mail]
    inner = "; ".join(mail)
    return (
        "RESET search_path; SET TIME ZONE 'UTC';\n"
        + ";\n".join(always)
        + f";\nDO $$ BEGIN IF to_regclass('mail') IS NOT NULL THEN {inner}; END IF; END $$;\n"
    )


def refuse_company() -> None:
    """Raise Refusal where anybody else is connected."""
    if others := db.session.scalar(_OTHERS):
        raise Refusal(
            f"The database is in use ({others} connections); stop the site and its workers first."
        )


def has_data() -> bool:
    """Tell whether there is anything in the database that somebody would miss.

    On a connection of its own: whoever asks migrates next, and would wait for ever for the session's transaction.
    """
    with db.engine.connect() as connection:
        return bool(connection.scalar(_TABLES) and connection.scalar(_ANY))
