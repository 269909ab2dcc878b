"""One repository and one pack of it for all that only read them."""

from pathlib import Path

import pytest

from tests.unit.audit.world import checkout, packed


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkout(tmp_path_factory.mktemp("audit") / "framework")


@pytest.fixture(scope="session")
def pack(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packed(tmp_path_factory.mktemp("packs") / "pack", source, "--sample", 2, "--seed", "2026 audit")
