"""Migrations of the database schema: numbered SQL files, each applied once, by one process at a time."""

import re
from collections.abc import Iterator
from importlib.resources import files

import psycopg

from reassay.hosted.database.database import unavailable

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
