"""Files of any size are read in little memory: they are streamed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.evidence.readers.large_files import KINDS

ROOT = Path(__file__).parents[4]
MOST_MEMORY = 200
"""MiB of the process that reads."""


def reading(file: Path) -> dict[str, int]:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'bot'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "tests.unit.evidence.readers.large_files", str(file)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3_000:]
    numbers: dict[str, int] = json.loads(done.stdout)
    return numbers


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_counted_whole(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "result"
    number = KINDS[kind](file, 3_000_000)
    assert reading(file)["attempted"] == number


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", KINDS)
def test_three_hundred_megabytes_are_read_in_two_hundred(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "result"
    number = KINDS[kind](file, 300_000_000)
    numbers = reading(file)
    file.unlink()
    assert numbers["attempted"] == number
    assert numbers["peak"] <= MOST_MEMORY
