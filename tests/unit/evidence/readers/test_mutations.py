"""Damaged files: a reader reads them or refuses them, in bounded memory and time, and does nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reassay.evidence.readers import READERS
from tests.unit.evidence.readers import mutations

NAMES = [reader.name for reader in READERS]
QUICK = 150
MANY = 10_000
MOST_MEMORY = 200
"""MiB of a process that reads nothing but damaged files."""
ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize("reader", NAMES)
def test_a_damaged_file_is_read_or_refused(reader: str) -> None:
    outcomes = {mutations.outcome(raw) for raw in mutations.mutants(reader, QUICK, 1)}
    assert outcomes == {"read", "refused"}


@pytest.mark.parametrize("reader", NAMES)
def test_undamaged_files_are_there(reader: str) -> None:
    assert mutations.originals(reader)


@pytest.mark.long
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("reader", NAMES)
def test_ten_thousand_damaged_files_in_bounded_memory(reader: str) -> None:
    command = [sys.executable, "-m", "tests.unit.evidence.readers.mutations", reader, str(MANY), "2"]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'bot'}{os.pathsep}{ROOT}"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3_000:]
    numbers = json.loads(done.stdout)
    assert numbers["read"] + numbers["refused"] == MANY
    assert numbers["peak"] <= MOST_MEMORY
