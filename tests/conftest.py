"""What every test may use: the one GitHub double, which must have nothing to complain of at the end."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from reassay_sandbox import Sandbox
from tests.browser.playwright_pages import chromium_browser, pages
from tests.contract import description
from tests.examples import examples

__all__ = ["box", "chromium_browser", "pages"]

# No test times anything: a busy machine is no failure.
settings.register_profile("untimed", deadline=None, max_examples=examples())
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "long: takes long, and runs where a change lands (.ci/run), not on each `make test`"
    )
    config.addinivalue_line("markers", "slow: a unit test that takes a third of a second or more; not in `make quick`")
    config.addinivalue_line("markers", "complaints_expected: the sandbox is sent something wrong on purpose")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are cores: a test that waits for a server or a browser leaves its core to another one."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture
def box(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A local GitHub. At the end all requests must be ones that GitHub's own descriptions know."""
    with Sandbox.start() as sandbox:
        yield sandbox
        if request.node.get_closest_marker("complaints_expected") is None:
            assert sandbox.complaints == []
            if description.is_there():
                assert description.violations(sandbox.traffic) == []
