"""The database of the App: a connection pool with one typed error, and the migrations of the schema.

Migrations are numbered SQL files, each applied once, by one process at a time.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import psycopg
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool, PoolTimeout

from reassay.common.errors import UnavailableError

Connection = psycopg.Connection[TupleRow]
WAIT_SECONDS = 10.0


class DatabaseError(UnavailableError):
    """PostgreSQL could not be reached or refused a statement; the transaction was rolled back."""


@dataclass(frozen=True, slots=True)
class Database:
    """A connection pool that threads may share."""

    url: str = field(repr=False)
    pool: ConnectionPool[Connection] = field(repr=False)

    @staticmethod
    @contextmanager
    def connect(url: str, *, most: int = 8) -> "Iterator[Database]":
        """Opens a pool of at most `most` connections; closes it at the end of the block."""
        pool: ConnectionPool[Connection] = ConnectionPool(
            url,
            min_size=1,
            max_size=most,
            timeout=WAIT_SECONDS,
            open=False,
            name="reassay",
            check=ConnectionPool.check_connection,
        )
        pool.open()
        try:
            yield Database(url, pool)
        finally:
            pool.close()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Commits at the end of the block, rolls back if it raises. Raises DatabaseError."""
        try:
            with self.pool.connection() as connection:
                yield connection
        except (psycopg.Error, PoolTimeout) as error:
            raise unavailable(error) from error

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[TupleRow]:
        """All rows of one statement in a transaction of its own. Raises DatabaseError."""
        with self.transaction() as connection:
            return connection.execute(query.encode(), parameters).fetchall()

    def run(self, query: str, parameters: Sequence[object] = ()) -> int:
        """One statement in a transaction of its own; how many rows it touched. Raises DatabaseError."""
        with self.transaction() as connection:
            return connection.execute(query.encode(), parameters).rowcount


def unavailable(error: Exception) -> DatabaseError:
    """The error to show. It never contains the address, which may hold a password."""
    state = getattr(error, "sqlstate", None)
    what = f"{type(error).__name__}{f' {state}' if state else ''}"
    is_refusal = isinstance(error, psycopg.Error) and not isinstance(error, psycopg.OperationalError)
    problem = "PostgreSQL refused a statement" if is_refusal else "PostgreSQL did not answer"
    return DatabaseError(
        f"{problem} ({what}).",
        where="database",
        remedy="Check that it runs and that its disk has room.",
    )


def value(row: Sequence[Any] | None) -> Any:  # noqa: ANN401 -- a driver's value; the caller knows its column
    """The first column; None if there is no row."""
    return row[0] if row else None


_LOCK = 7_263_552_009_141_001
"""Key of the advisory lock that processes take while they migrate."""
_NAME = re.compile(r"(\d{4})_[a-z_]+\.sql")


def migrations() -> Iterator[tuple[int, str]]:
    """Number and SQL text of each migration, in order."""
    folder = files("reassay.hosted.database") / "migrations"
    for file in sorted(folder.iterdir(), key=lambda path: path.name):
        if match := _NAME.fullmatch(file.name):
            yield int(match[1]), file.read_text(encoding="utf-8")


def migrate(url: str) -> tuple[int, ...]:
    """Applies missing migrations; returns their numbers. A schema newer than this program is left as it is.

    Each migration and the record of it are one transaction. Raises DatabaseError.
    """
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("select pg_advisory_lock(%s)", (_LOCK,))
            return tuple(_missing(connection))
    except psycopg.Error as error:
        raise unavailable(error) from error


def _missing(connection: psycopg.Connection[tuple[object, ...]]) -> Iterator[int]:
    connection.execute(
        "create table if not exists reassay_migrations (number integer primary key, at timestamptz default now())"
    )
    done = {row[0] for row in connection.execute("select number from reassay_migrations")}
    for number, text in migrations():
        if number not in done:
            with connection.transaction():
                connection.execute(text.encode())
                connection.execute("insert into reassay_migrations (number) values (%s)", (number,))
            yield number
