"""Detection of a database address that leads through a pooler that assigns connections by transaction, as PgBouncer can.

Locks of the App belong to a connection (`pg_try_advisory_lock`), and such a pooler gives the connection to somebody else while
they are held: two workers would run the same repository. https://www.pgbouncer.org/features.html
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

import psycopg

from reassay.common.errors import UsageError
from reassay.hosted.database.database import Connection, unavailable

ATTEMPTS = 3
"""A pooler may have several connections to PostgreSQL and give another one each time."""
Connect = Callable[[], AbstractContextManager[Connection]]


def refuse_transaction_pooling(url: str) -> None:
    """Raises UsageError if two open connections reach the same PostgreSQL process, DatabaseError if there is no answer."""
    try:
        is_shared = shares_backend(lambda: psycopg.connect(url, autocommit=True, prepare_threshold=None))
    except psycopg.Error as error:
        raise unavailable(error) from error
    if is_shared:
        raise UsageError(
            "this address leads through a pooler that assigns connections by transaction, so locks would be lost.",
            where="--database-url",
            remedy="Use PostgreSQL's own address, or set pool_mode=session for this database in PgBouncer.",
        )


def shares_backend(connect: Connect) -> bool:
    """Whether two connections that are open at the same time were ever served by one PostgreSQL process."""
    with connect() as first, connect() as second:
        return any(_backend(first) == _backend(second) for _ in range(ATTEMPTS))


def _backend(connection: Connection) -> int:
    row = connection.execute("select pg_backend_pid()").fetchone()
    return int(row[0]) if row else 0
