"""The schema, brought up to date by numbered files, each once, by one process at a time."""

import re
from collections.abc import Iterator
from importlib.resources import files

import psycopg

from reassay.hosted.database.database import unavailable

_LOCK = 7_263_552_009_141_001
"""Of an advisory lock: two processes that start together take turns."""
_NAME = re.compile(r"(\d{4})_[a-z_]+\.sql")


def migrations() -> Iterator[tuple[int, str]]:
    """Number and text of each, in order."""
    folder = files("reassay.hosted.database") / "migrations"
    for each in sorted(folder.iterdir(), key=lambda one: one.name):
        if found := _NAME.fullmatch(each.name):
            yield int(found[1]), each.read_text(encoding="utf-8")


def migrate(url: str) -> tuple[int, ...]:
    """Numbers of the files that were run now. A schema that is newer than this program is left as it is.

    Raises DatabaseError. Each file is one transaction with the note that it was run.
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
