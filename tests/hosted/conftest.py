"""A PostgreSQL of this test process, and an empty database in it for each test."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from reassay.hosted.database.database import Database, migrate
from reassay.hosted.database.embedded import embedded
from reassay.hosted.jobs.queue import prepare
from reassay_sandbox import Sandbox
from tests.hosted.hosted_lab import HostedLab

NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="reassay-pg-"))
    with embedded(folder) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("create database template_reassay")
        made = url.replace("/postgres?", "/template_reassay?")
        migrate(made)
        with Database.connect(made) as database:
            prepare(database)
        yield url
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


@pytest.fixture
def hosted(box: Sandbox, database: Database, tmp_path: Path) -> Iterator[HostedLab]:
    lab = HostedLab(box, database, tmp_path / "data")
    lab.set_up()
    with lab.process() as lab.jobs:
        yield lab
