"""Whatever is installed is pinned by hash, and no file names a host."""

from pathlib import Path

import pytest

FILES = sorted((Path(__file__).resolve().parents[2] / "requirements").glob("*.txt"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_requirement_files_are_locked_by_hash_and_name_no_host(file: Path) -> None:
    text = file.read_text()
    assert "://" not in text
    assert not any(word in text for word in ("index-url", "find-links", "trusted-host"))
    lines = text.replace("\\\n", " ").splitlines()
    pinned = [line for line in lines if line.strip() and not line.startswith("#")]
    assert pinned
    assert all("==" in line and "--hash=sha256:" in line for line in pinned)
