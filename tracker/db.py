"""The database: the declarative base, the kinds of column, and how SQLite and PostgreSQL are opened."""

import enum
import functools
import importlib
import json
import sqlite3
from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Enum,
    Integer,
    MetaData,
    String,
    Text,
    bindparam,
    event,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

# SQLite before this release may corrupt a WAL database when the log is reset.
SAFE_WAL = (3, 51, 3)
_BUSY_MS = 10_000


class Base(DeclarativeBase):
    """The base of every row of the product."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Versioned:
    """A row that counts its changes: of two who change it at once, the second is told."""

    version: Mapped[int] = mapped_column()

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - a class method to SQLAlchemy
        """Let SQLAlchemy check and count the version at each change."""
        return {"version_id_col": cls.version}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware on both sides, stored in UTC, since SQLite forgets the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a naive instant, turn any other into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"an instant needs a time zone: {value!r}"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class _Written(Enum):
    """A closed set of words that stand in a statement themselves wherever the column is compared with some.

    Where a partial index depends on the column, SQLite prepares a statement with a bound value anew at every run (five
    times the cost of running it), and PostgreSQL cannot use the index in a plan it keeps.
    """

    class Comparator(Enum.Comparator):
        """Compares with the word itself."""

        def operate(self, op: Any, *other: Any, **options: Any) -> Any:
            """Write a member out; leave everything else as it is."""
            return super().operate(op, *map(_written, other), **options)

    comparator_factory = Comparator


def _written(value: Any) -> Any:
    if isinstance(value, enum.StrEnum):
        return literal_column(f"'{value.value}'")
    if isinstance(value, frozenset | set | list | tuple):
        return [_written(member) for member in sorted(value)]
    return value


def choice(kind: type[enum.StrEnum], *, written: bool = False) -> Enum:
    """Return the column type for a closed set of words, stored by value and checked by the form, not the database."""
    return (_Written if written else Enum)(
        kind,
        native_enum=False,
        create_constraint=False,
        length=24,
        values_callable=lambda members: [member.value for member in members],
    )


class _Ids(TypeDecorator[Collection[int]]):
    """Many ids as one value: a JSON text on SQLite, an array on PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Choose the type by the database."""
        return dialect.type_descriptor(ARRAY(Integer()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> Any:
        """Write the ids as the database takes them."""
        ids = frozenset(value or ())
        return list(ids) if dialect.name == "postgresql" else _json(ids)


@functools.lru_cache(maxsize=1024)
def _json(ids: frozenset[int]) -> str:
    """A scope is written many times in one statement, and is the same for every request of a person."""
    return json.dumps(sorted(ids))


_IDS = _Ids()  # one, so that what it does for a dialect is worked out once


class _Within(FunctionElement[bool]):
    name = "within"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002 - the name is SQLAlchemy's
        """Stand as it is: with the "= 1" which SQLite's booleans get, no index would be used."""
        return self


@compiles(_Within)
def _within_json(element: _Within, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - two bound clauses


@compiles(_Within, "postgresql")
def _within_array(element: _Within, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY({ids})"


def within(column: Any, ids: Collection[int]) -> ColumnElement[bool]:
    """Return the condition that `column` is one of `ids`: one value to bind, however many there are.

    IN with a value for each id is compiled anew for every number of ids; a scope appears many times in one query.
    """
    return _Within(column, bindparam(None, ids, type_=_IDS, unique=True))


def among(column: Any) -> ColumnElement[bool]:
    """Return the same for a statement that is made once: its `ids` are given whenever it is executed."""
    return _Within(column, bindparam("ids", type_=_IDS))


Id = Annotated[int, mapped_column(primary_key=True)]
Code = Annotated[str, mapped_column(String(64))]
Title = Annotated[str, mapped_column(String(1000))]
Key = Annotated[str, mapped_column(Text)]
Words = Annotated[str, mapped_column(Text)]
Day = Annotated[date, mapped_column()]
Instant = Annotated[datetime, mapped_column(UtcDateTime)]
Facts = Annotated[dict[str, Any], mapped_column(JSON, default=dict)]

db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    session_options={"expire_on_commit": False, "autoflush": True},
)
migrate = Migrate(
    db=db,
    directory=str(Path(__file__).parent / "migrations"),
    render_as_batch=True,
    compare_type=True,
)


def sqlite_module() -> ModuleType:
    """Return the SQLite library: the packaged one where there is a wheel, else Python's own."""
    try:
        return importlib.import_module("pysqlite3")
    except ImportError:
        return sqlite3


def engine_options(url: str) -> dict[str, Any]:
    """Return what `create_engine` needs for the database at `url`."""
    if url.startswith("sqlite"):
        return {"module": sqlite_module(), "connect_args": {"timeout": _BUSY_MS / 1000}}
    return {"pool_pre_ping": True, "pool_size": 5}


def prepare_engines() -> None:
    """Make every SQLite connection safe and let a transaction say that it is going to write.

    Needs an application context. A deferred transaction that turns into a writing one fails at once with "database
    is locked" where another writes, so whoever will write begins with BEGIN IMMEDIATE and waits its turn.
    """
    for engine in db.engines.values():
        if engine.dialect.name == "sqlite" and not event.contains(engine, "connect", _on_connect):
            event.listen(engine, "connect", _on_connect)
            event.listen(engine, "begin", _on_begin)


def _on_connect(connection: Any, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    safe = sqlite_module().sqlite_version_info >= SAFE_WAL
    for pragma in (
        f"journal_mode={'WAL' if safe else 'DELETE'}",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={_BUSY_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def begin_writing() -> None:
    """Begin the session's transaction as one that writes; nothing may have been read in it before."""
    db.session.connection(execution_options={"writing": True})


def is_writing() -> bool:
    """Tell whether the session's transaction began as one that writes."""
    return bool(db.session.connection().get_execution_options().get("writing", False))


class Turn(enum.IntEnum):
    """What transactions do one after another; on PostgreSQL the numbers of advisory locks."""

    HISTORY = 18  # events are committed in the order of their ids
    FOREST = 19  # units get their place
    ACCOUNTS = 20  # the first accounts are made


def take_turns(what: Turn) -> None:
    """Wait until nobody else is at `what`, and keep it until the end of the transaction.

    SQLite needs nothing: only one writes.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(what.value)))


def lock(kind: type[Any], row_id: int) -> None:
    """Wait until nobody else is changing a row, and keep it until the end of the transaction.

    Rows that point to it may still be added. SQLite knows no locks of rows and needs none: only one writes.
    """
    row = select(kind.id).where(kind.id == row_id)
    db.session.execute(row.with_for_update(key_share=True))
