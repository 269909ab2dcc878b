import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from reassay.hosted.database.database import Database
from reassay_sandbox import Sandbox
from tests.hosted.web import browsing


@pytest.fixture
def lab(box: Sandbox, database: Database, tmp_path: Path) -> browsing.WebLab:
    return browsing.lab(box, database, tmp_path)


@pytest.fixture
def started(lab: browsing.WebLab) -> Iterator[browsing.WebLab]:
    """Not set up yet."""
    with lab.serve():
        yield lab


@pytest.fixture
def ready(lab: browsing.WebLab) -> Iterator[browsing.WebLab]:
    """An App that people can sign in with, installed on one repository."""
    app = lab.made()
    with lab.serve(app=app):
        lab.install(app.id, browsing.LAB)
        yield lab


@pytest.fixture
def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
