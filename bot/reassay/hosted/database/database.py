"""A pool of connections for the App's own tables. What goes wrong is one typed error, and never a driver's."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool, PoolTimeout

from reassay.common.errors import UnavailableError

Connection = psycopg.Connection[TupleRow]
WAIT_SECONDS = 10.0


class DatabaseError(UnavailableError):
    """PostgreSQL could not be reached, or did not do what was asked; nothing of the transaction took effect."""


@dataclass(frozen=True, slots=True)
class Database:
    """Threads may share it."""

    url: str = field(repr=False)
    pool: ConnectionPool[Connection] = field(repr=False)

    @staticmethod
    @contextmanager
    def connect(url: str, *, most: int = 8) -> "Iterator[Database]":
        """Opens as many connections as are used at once, `most` at the most; closes them at the end of the block."""
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
    """What a person reads: never the address, which may hold a password."""
    state = getattr(error, "sqlstate", None)
    what = f"{type(error).__name__}{f' {state}' if state else ''}"
    return DatabaseError(
        f"PostgreSQL did not answer as it should ({what}).",
        where="database",
        remedy="See whether it runs and has room.",
    )


def value(row: Sequence[Any] | None) -> Any:  # noqa: ANN401 -- a driver's value; the caller knows its column
    """The first column; None if there is no row."""
    return row[0] if row else None
