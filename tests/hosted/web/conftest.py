from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.database.database import Database
from bot.sandbox import Sandbox
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
def ready(started: browsing.WebLab) -> browsing.WebLab:
    """Set up, installed on one repository."""
    started.set_up()
    return started
